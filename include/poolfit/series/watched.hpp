// What was watched on a database: its series, and the figures of [database.observed] that they give.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/series/series.hpp>

namespace poolfit::series {

/// What a series is of. Values are shares of all vCPUs, connections, bytes, a second, milliseconds.
enum class Watch : std::uint8_t {
    cpu,
    connections,
    freeable_memory,
    swap,
    read_iops,
    write_iops,
    iops,
    read_throughput,
    write_throughput,
    network_in,
    network_out,
    replica_lag,
};
inline constexpr std::size_t all_watches = static_cast<std::size_t>(Watch::replica_lag) + 1;
/// Of CPU: a little more than all vCPUs, as metrics have it. More is another unit.
inline constexpr double most_cpu = 1.05;
/// Of the samples inside a period.
enum class Statistic : std::uint8_t { average, maximum, minimum };

struct Watched {
    struct Kept {
        Watch watch{};
        Statistic statistic{};
        TimeSeries series;
        Summary summary;
    };
    /// A value of [database.observed], in the unit that the model has there.
    struct Given {
        std::string_view key;  ///< "cpu_mean"
        double low = 0, high = 0;
        std::uint32_t offset = 0;  ///< in the file: the point, or the first of the series
        std::string said{};        ///< "mean of 1,440 points, 2026-05-04 00:00 to 2026-05-05 00:00 UTC"
    };
    std::string file;
    double scale = 1;                  ///< by --scale
    std::vector<Kept> all;             ///< by watch, then statistic
    std::vector<Given> given;          ///< in the order of the inventory's keys
    std::vector<std::uint8_t> line{};  ///< levels of CPU, or of the first series, for a line of signs

    const Kept* find(Watch watch, Statistic statistic) const;
    const Given* find(std::string_view key) const;
    /// What CPU is shown by: the series of averages, else of maxima; null without CPU.
    const Kept* cpu() const;
    /// The highest CPU that is more than there can be; null where none is.
    const Point* impossible_cpu() const;
    /// The one whose window and quality stand for all: CPU's, else the first.
    const Kept* first() const { return cpu() != nullptr ? cpu() : all.empty() ? nullptr : &all.front(); }
};

/// Keys of [database.observed] that a series may give.
std::span<const std::string_view> given_keys();
/// Fills in `given` and `line`.
void add_given(Watched& watched);
/// The same with all that grows with the load multiplied: CPU, and what goes through disk and network.
Watched scaled(const Watched& watched, double factor);
/// "cpu", "freeable_memory": as columns of a series file are called; "maximum".
std::string_view name(Watch watch);
std::string_view name(Statistic statistic);
/// No server has more: a value above it is no measurement. A little over all vCPUs is rounding.
double most(Watch watch);

}  // namespace poolfit::series
