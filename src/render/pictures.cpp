#include "pictures.hpp"

#include <utility>

#include <fmt/format.h>

#include <poolfit/report/pictures.hpp>

#include "gauges.hpp"
#include "layout.hpp"

namespace poolfit::render {
namespace {

std::string label_of(const Gauge& gauge) { return gauge.item.empty() ? gauge.group : gauge.group + " " + gauge.item; }

svg::Bar bar_of(const GaugeView& view, const Gauge& gauge) {
    svg::Bar bar;
    bar.label = label_of(gauge);
    bar.values = gauge.now == gauge.after ? gauge.after : fmt::format("{} → {}", gauge.now, gauge.after);
    if (!gauge.limit.empty()) bar.values += " of " + gauge.limit;
    if (gauge.binding) bar.note = "tightest";
    if (!view.limit || *view.limit <= 0) return bar;
    if (view.now) bar.before = view.now->high / *view.limit;
    if (!gauge.limited) return bar;
    bar.after = std::pair(view.after->low / *view.limit, view.after->high / *view.limit);
    bar.tone = tone_of(gauge.share);
    const std::string_view word = tone_word(gauge.share);
    bar.share = percent(gauge.share) + (word.empty() ? "" : " " + std::string(word));
    return bar;
}

}  // namespace

svg::Tone tone_of(double share) {
    return share > 1 ? svg::Tone::over : share > report::near_from ? svg::Tone::near : svg::Tone::fine;
}

std::string_view tone_word(double share) { return share > 1 ? "over" : share > report::near_from ? "near" : ""; }

std::string role_word(bool today, bool chosen) { return today && chosen ? "stays" : chosen ? "plan" : "today"; }

std::string Picture::draw(svg::Use use) const {
    if (const auto* bars = std::get_if<svg::Bars>(&drawing)) return svg::bars(*bars, use);
    return svg::chart(std::get<svg::Chart>(drawing), use);
}

void add_limits(std::vector<Picture>& all, const Report& report, Index database) {
    const std::vector<GaugeView>& views = report::view_of(report, database).gauges;
    const std::vector<Gauge> words = gauges(report, database);
    if (words.empty()) return;
    svg::Bars bars;
    std::vector<std::string> said;
    for (std::size_t i = 0; i < words.size(); ++i) {
        bars.bars.push_back(bar_of(views[i], words[i]));
        const svg::Bar& bar = bars.bars.back();
        said.push_back(fmt::format("{}: {}{}", bar.label, bar.values, bar.share.empty() ? "" : ", " + bar.share));
    }
    bars.before = "today";
    bars.after = "after the plan";
    bars.limit = "limit";
    bars.about = {fmt::format("Limits of {}", *report.fleet->databases[database].name), joined(said, "; ") + "."};
    const auto& advice = report.plan.databases[database].recommendation;
    const std::string_view cls =
        advice.cls != nullptr ? advice.cls->name : std::string_view(*report.fleet->databases[database].cls);
    all.push_back({"limits", *report.fleet->databases[database].name,
                   cls.empty() ? "Use today and after the plan, against the limits"
                               : fmt::format("Use today and after the plan, against the limits on {}", cls),
                   std::move(bars)});
}

std::vector<Picture> pictures_of(const Report& report, Index database) {
    std::vector<Picture> all;
    add_limits(all, report, database);
    add_classes(all, report, database);
    add_waits(all, report, database);
    add_series(all, report, database);
    return all;
}

}  // namespace poolfit::render
