#include "left_out.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "../mapped.hpp"

namespace poolfit::imports {
namespace {

constexpr double most_vcpus = 1024;  // no server has more: beyond it is no sum over vCPUs either

/// What is left out of a few points is an outlier; of more than so many of 100 it is another unit.
constexpr std::size_t outliers_percent = 5;

/// The CPU of one database, by all its statistics.
struct Cpu {
    std::size_t kept = 0, sums = 0;  ///< points that were kept; that would do as a sum over vCPUs
    bool unit_said = false;
    double highest = 0;  ///< of what was kept, as the file has it
    const Gathering* first = nullptr;
    const Gathering* over = nullptr;  ///< with the highest of what was left out

    bool is_sum() const { return sums > 1 && sums * 100 > outliers_percent * (kept + sums); }
    bool may_be_share() const { return !unit_said && kept > 0 && highest > 0 && highest <= 1; }
};

std::string limit(const Gathering& series) {
    const double most = 1 / series.factor;
    return series.metric_factor == 0.01 && series.factor == 0.01 ? "100 %" : fmt::format("{:g}", most);
}

std::string point_text(const series::Point& point) {
    return fmt::format("{:g} at {} UTC", point.value, series::print(point.at));
}

/// Why the first point that was left out is none.
std::string why(const Gathering& series) {
    if (series.left.first.value < 0) return "is below 0";
    if (series.watch != series::Watch::cpu) return "is more than any server has";
    const bool sum = series.left.first.value * series.factor <= most_vcpus;
    return fmt::format("is more than {}{}", limit(series), sum ? "; it may be a sum over vCPUs" : "");
}

void tell_points(const Gathering& series, const Whose& whose, Estate& estate) {
    const Gathering::Left& left = series.left;
    const std::size_t count = left.below + left.above;
    const bool scale = series.watch == series::Watch::cpu && left.sums > 0;
    const std::size_t all = count + series.size();
    const std::string point = count == 1 ? fmt::format("{} {}", point_text(left.first), why(series))
                                         : fmt::format("the first, {}, {}", point_text(left.first), why(series));
    estate.not_taken(
        whose.subject,
        fmt::format("{} ({}): {} of {} point{}: {}", series.metric, series::name(series.statistic), count, all,
                    all == 1 ? "" : "s", point),
        left.place,
        scale ? fmt::format("export percent of all vCPUs, or --map cpu:{}=N: N is what the files have with all vCPUs "
                            "busy, 400 for a sum over 4",
                            whose.mapped)
              : std::string());
}

void ask(const Cpu& cpu, const Whose& whose, Estate& estate) {
    if (cpu.is_sum()) {
        const Gathering& over = *cpu.over;
        estate.not_taken(
            whose.subject,
            fmt::format("its CPU: {} of {} points are more than {}, the highest {:g}: a sum over its vCPUs?", cpu.sums,
                        cpu.kept + cpu.sums, limit(over), over.left.highest),
            over.left.place,
            fmt::format("--map cpu:{}=N: N is what the files have with all vCPUs busy, 400 for a sum over 4",
                        whose.mapped));
        return;
    }
    estate.not_taken(whose.subject,
                     fmt::format("its CPU: no value is more than {:g}: percent, or shares of 1?", cpu.highest),
                     cpu.first->place, fmt::format("--map cpu:{0}=%, or --map cpu:{0}=share", whose.mapped));
}

}  // namespace

bool is_possible(double value, series::Instant at, std::uint64_t offset, Gathering& series, const Heard& heard) {
    const double scaled = value * series.factor;
    if (value >= 0 && scaled <= series::most(series.watch)) return true;
    Gathering::Left& left = series.left;
    if (left.below + left.above == 0) {
        left.first = {at, value, 0};
        left.place = heard.place(offset);
    }
    ++(value < 0 ? left.below : left.above);
    if (value > 0 && scaled <= most_vcpus) {
        ++left.sums;
        left.highest = std::max(left.highest, value);
    }
    return false;
}

std::optional<double> read_busy(std::string_view text) {
    if (text == "%" || text == "percent") return 100;
    if (text == "share") return 1;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good = error == std::errc() && end == text.data() + text.size() && value >= 1 && value <= 1e6;
    return good ? std::optional(value) : std::nullopt;
}

void tell_left_out(Gathered& gathered, const std::function<Whose(const std::string&)>& whose_of, Estate& estate) {
    std::map<std::string, Cpu> cpus;
    for (const auto& [key, series] : gathered.all()) {
        if (series.watch != series::Watch::cpu) continue;
        Cpu& cpu = cpus[std::get<0>(key)];
        cpu.kept += series.size();
        cpu.sums += series.left.sums;
        cpu.unit_said = cpu.unit_said || series.unit_said;
        cpu.highest = std::max(cpu.highest, series.highest);
        if (cpu.first == nullptr) cpu.first = &series;
        if (series.left.sums > 0 && (cpu.over == nullptr || series.left.highest > cpu.over->left.highest))
            cpu.over = &series;
    }
    std::erase_if(cpus, [](const auto& each) { return !each.second.is_sum() && !each.second.may_be_share(); });
    for (const auto& [key, series] : gathered.all()) {
        const bool asked = series.watch == series::Watch::cpu && cpus.contains(std::get<0>(key));
        if (!asked && series.left.below + series.left.above > 0)
            tell_points(series, whose_of(std::get<0>(key)), estate);
    }
    for (const auto& [whose, cpu] : cpus) ask(cpu, whose_of(whose), estate);
    std::erase_if(gathered.all(), [&](const auto& each) {
        return std::get<1>(each.first) == series::Watch::cpu && cpus.contains(std::get<0>(each.first));
    });
}

}  // namespace poolfit::imports
