// Points of many series as they are read, in little memory: gigabytes of an answer are tens of megabytes here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include <poolfit/diag/source.hpp>
#include <poolfit/series/watched.hpp>

namespace poolfit::imports {

/// The points of a series. Those that come in steady steps, either way, are kept without their times.
class Gathering {
public:
    series::Watch watch{};
    series::Statistic statistic{};
    Place place{};             ///< where it begins in the file
    std::string_view metric;   ///< as its file calls it; of the table of metrics
    bool places = false;       ///< the offsets of points are kept, for a file that stays in memory
    double factor = 0;         ///< from what the file has to what Watch has; 0: not known yet
    double metric_factor = 0;  ///< by the metric alone
    bool unit_said = false;    ///< of CPU: that it is percent, or what else
    double highest = 0;        ///< of what was kept, as the file has it

    /// Points that no server can have.
    struct Left {
        std::size_t below = 0, above = 0;
        std::size_t sums = 0;  ///< of CPU: those that a sum over vCPUs may have
        series::Point first;   ///< as the file has it
        double highest = 0;    ///< of `sums`
        Place place{};         ///< of the first
    };
    Left left{};

    void add(const series::Point& point);
    std::size_t size() const { return count_; }
    series::TimeSeries series(series::Repeats& repeats) const;

private:
    friend class Gathered;
    using Values = std::variant<std::vector<double>, std::vector<float>, std::vector<std::uint16_t>>;
    struct Run {
        series::Instant first = 0;
        std::int64_t step = 0;
        Values values;
    };
    void add_run(std::span<const series::Point> points, std::size_t total);

    std::vector<series::Point> loose_;
    std::vector<Run> runs_;
    std::size_t count_ = 0;
};

class Gathered {
public:
    /// Of no more than these; the first are kept as they are, then as floats, then to 0.1 %.
    static constexpr std::size_t most_points = 32'000'000, exact = 2'000'000, as_floats = 6'000'000;

    /// `whose` is the database as the file names it; empty where it does not say.
    Gathering& of(std::string_view whose, series::Watch watch, series::Statistic statistic);
    /// False where there are too many.
    bool add(Gathering& series, std::span<const series::Point> points);
    bool add(Gathering& series, const series::Point& point);
    bool rounded() const { return total_ > as_floats; }
    std::size_t size() const { return total_; }
    /// Series by whose they are, then by watch and statistic.
    const std::map<std::tuple<std::string, series::Watch, series::Statistic>, Gathering>& all() const { return all_; }
    std::map<std::tuple<std::string, series::Watch, series::Statistic>, Gathering>& all() { return all_; }

private:
    std::map<std::tuple<std::string, series::Watch, series::Statistic>, Gathering> all_;
    std::size_t total_ = 0;
};

}  // namespace poolfit::imports
