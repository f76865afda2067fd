// A database's series: a line of signs, its window and how much it says.
#include <cstdint>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"

namespace poolfit::render {
namespace {

std::string signs(const std::vector<std::uint8_t>& levels) {
    constexpr std::string_view all[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::string text;
    for (const std::uint8_t level : levels) text += level == 0 ? std::string_view("·") : all[level];
    return text;
}

}  // namespace

std::string series_words(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const auto& watched = database.observed.watched;
    const series::Watched::Kept* kept = watched ? watched->first() : nullptr;
    if (kept == nullptr) return {};
    const series::Summary& summary = kept->summary;
    std::string text;
    if (kept->watch == series::Watch::cpu)
        text = fmt::format("cpu {}; ", unit::print(Interval<Fraction>{Fraction(summary.lowest.value),
                                                                      Fraction(summary.highest.value)}));
    if (summary.points == 1)
        text += fmt::format("{}: 1 point at {} UTC", watched->file, series::print(summary.first));
    else
        text += fmt::format("{}: {} from {} UTC", watched->file, series::print_days(summary.days()),
                            series::print(summary.first));
    if (summary.period > 0) text += fmt::format(", every {}", series::print_period(summary.period));
    if (summary.longest_period > summary.period)
        text += fmt::format(" to {}", series::print_period(summary.longest_period));
    if (!summary.gaps.empty())
        text += fmt::format(", {} missing in {} gap{}", summary.missing, summary.gaps.size(),
                            summary.gaps.size() == 1 ? "" : "s");
    text += fmt::format(": {}", series::name(summary.quality));
    if (report::view_of(report, index).may_flip) text += ", may flip";
    if (summary.weekly) text += fmt::format("; busiest {}", series::print(*summary.weekly));
    if (summary.daily)
        text += fmt::format("{} {}", summary.weekly ? " and" : "; busiest", series::print(*summary.daily));
    if (watched->scale != 1) text += fmt::format("; × {} (--scale)", unit::print_number(watched->scale));
    return text;
}

std::string series_text(const Report& report, Index index) {
    const auto& watched = report.fleet->databases[index].observed.watched;
    std::string words = series_words(report, index);
    if (words.empty() || watched->line.empty()) return words;
    const bool of_cpu = watched->first()->watch == series::Watch::cpu;
    return fmt::format("{}{}{}", signs(watched->line), of_cpu ? " " : "; ", words);
}

}  // namespace poolfit::render
