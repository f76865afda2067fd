#include "observe.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/import/series.hpp>

namespace poolfit::imports {
namespace {

/// Four digits, but all of a whole number.
std::string digits(double value) {
    return std::abs(value) >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

std::string range(double low, double high, std::string_view unit) {
    const std::string from = digits(low), to = digits(high);
    return from == to ? to + std::string(unit) : fmt::format("{}-{}{}", from, to, unit);
}

std::string in_bytes(double low, double high) {
    constexpr double mib = 1024.0 * 1024.0, gib = 1024.0 * mib;
    const bool small = low < 0.1 * gib;
    const double unit = small ? mib : gib;
    const auto rounded = [&](double value) { return fmt::format("{:.2f}", value / unit); };
    const std::string from = rounded(low), to = rounded(high), name = small ? " MiB" : " GiB";
    return from == to ? to + name : from + "-" + to + name;
}

std::string date_time(series::Instant at) {
    std::string text = series::print(at);
    text[10] = 'T';
    return fmt::format("{}:{:02}Z", text, at % 60);
}

}  // namespace

std::vector<std::pair<std::string, WatchedSeries>> watched_of(Gathered& gathered, bool points) {
    std::vector<std::pair<std::string, WatchedSeries>> out;
    for (const auto& [key, gathering] : gathered.all()) {
        const std::string& whose = std::get<0>(key);
        if (gathering.size() == 0) continue;
        if (out.empty() || out.back().first != whose) out.emplace_back(whose, WatchedSeries{});
        WatchedSeries& into = out.back().second;
        series::Repeats repeats;
        series::TimeSeries series = gathering.series(repeats);
        series::Watched::Kept kept{gathering.watch, gathering.statistic, {}, series::summarize(series)};
        if (!points)
            series.points = std::vector<series::Point>(1, series.points.front());  // without the old one's room
        kept.series = std::move(series);
        into.notes.push_back({into.watched.all.size(), repeats, gathering.place, std::string(gathering.metric)});
        into.watched.all.push_back(std::move(kept));
    }
    for (auto& each : out) series::add_given(each.second.watched);
    return out;
}

std::string written(const series::Watched::Given& given) {
    if (given.key.starts_with("cpu_")) return range(given.low * 100, given.high * 100, "%");
    if (given.key == "freeable_memory" || given.key == "swap") return in_bytes(given.low, given.high);
    if (given.key == "ebs_throughput" || given.key == "network") return range(given.low, given.high, " Mbps");
    if (given.key == "replica_lag") return range(given.low, given.high, " ms");
    if (given.key == "window")
        return given.high < 1 ? fmt::format("{:.4g} h", given.high * 24) : fmt::format("{:.4g} d", given.high);
    return range(given.low, given.high, "");
}

std::string print_series(const series::Watched& watched) {
    std::string out = "time";
    std::map<series::Instant, std::vector<std::optional<double>>> rows;
    std::vector<bool> percent;  // of so little CPU that it could be shares of 1
    for (std::size_t i = 0; i < watched.all.size(); ++i) {
        const series::Watched::Kept& kept = watched.all[i];
        out += fmt::format(",{}", series::name(kept.watch));
        if (kept.statistic != series::Statistic::average) out += fmt::format("_{}", series::name(kept.statistic));
        const double factor = kept.watch == series::Watch::cpu           ? 100
                              : kept.watch == series::Watch::replica_lag ? 0.001
                                                                         : 1;
        percent.push_back(kept.watch == series::Watch::cpu && kept.summary.highest.value <= 0.01);
        for (const series::Point& point : kept.series.points) {
            auto& row = rows[point.at];
            row.resize(watched.all.size());
            row[i] = point.value * factor;
        }
    }
    out += '\n';
    for (const auto& [at, row] : rows) {
        out += date_time(at);
        for (std::size_t i = 0; i < row.size(); ++i)
            out += row[i] ? fmt::format(",{:.10g}{}", *row[i], percent[i] ? "%" : "") : std::string(",");
        out += '\n';
    }
    return out;
}

std::string print_gaps(const series::Summary& summary) {
    if (summary.gaps.empty()) return {};
    const auto longest = std::ranges::max_element(summary.gaps, {}, &series::Gap::points);
    const std::string to = series::print(longest->to);
    const bool same_day = to.substr(0, 10) == series::print(longest->from).substr(0, 10);
    const std::string one =
        fmt::format("from {} to {} ({} point{})", series::print(longest->from), same_day ? to.substr(11) : to,
                    longest->points, longest->points == 1 ? "" : "s");
    if (summary.gaps.size() == 1) return "a gap " + one;
    return fmt::format("{} gaps, {} points; the longest {}", summary.gaps.size(), summary.missing, one);
}

}  // namespace poolfit::imports
