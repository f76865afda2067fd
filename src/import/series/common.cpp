#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "../tree/in_file.hpp"
#include "readers.hpp"

namespace poolfit::imports {

void say_masked(const Diagnostics& said, Sources& sources, Diagnostics& diagnostics) {
    for (const Diagnostic& each : said.all()) {
        Diagnostic again = each;
        if (each.place) {
            const Position first = each.place.source->position(0);
            again.place.source = &sources.add(each.place.source->name(), masked(each.place.source->text()), first);
        }
        diagnostics.add(std::move(again));
    }
}

OutOfRange out_of_range(const MetricRow& metric, double value) {
    const double most = std::floor(series::most(metric.watch) / metric.factor);
    return {fmt::format("{}: {:g} is out of range", series::name(metric.watch), value),
            fmt::format("write 0 to {:g}, or leave it out",
                        metric.watch == series::Watch::cpu ? std::floor(most / 10) * 10 : most)};
}

Gathering& series_at(Gathered& gathered, Heard& heard, std::string_view whose, const MetricRow& metric,
                     series::Statistic statistic, std::uint64_t offset) {
    if (whose.empty()) whose = heard.fallback;
    Gathering& series = gathered.of(whose, metric.watch, statistic);
    if (!series.place) series.place = heard.place(offset);
    if (series.metric.empty()) series.metric = metric.name;
    series.places = heard.places;
    // A series may go on under another name, with another factor.
    if (series.metric_factor == metric.factor) return series;
    series.factor = series.metric_factor = metric.factor;
    if (metric.watch != series::Watch::cpu || !heard.busy) return series;
    if (const auto busy = heard.busy(whose)) {
        series.factor = 1 / *busy;
        series.unit_said = true;
    }
    return series;
}

}  // namespace poolfit::imports
