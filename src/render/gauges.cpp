#include "gauges.hpp"

#include <algorithm>
#include <optional>

#include <poolfit/unit/print.hpp>

namespace poolfit::render {
namespace {

/// "2.5–2.9 GiB" as a table has it: "2.5–2.9G". The labels say Mb/s and IOPS.
std::string compact(std::string text) {
    for (const auto& [unit, letter] : {std::pair<std::string_view, std::string_view>{" GiB", "G"},
                                       {" MiB", "M"},
                                       {" TiB", "T"},
                                       {" IOPS", ""},
                                       {" Mbps", ""}})
        for (std::size_t at = text.find(unit); at != std::string::npos; at = text.find(unit))
            text.replace(at, unit.size(), letter);
    return text;
}

constexpr std::string_view legend = "◀ tightest limit";

std::string value_text(const std::optional<Interval<double>>& value, Measure measure, bool at_least = false) {
    return value ? (at_least ? "≥ " : "") + compact(assess::print(Measured{*value, measure})) : "?";
}

struct Labels {
    Dimension dimension;
    std::string_view group, item, alone, brief;
};
constexpr Labels labels[] = {
    {Dimension::connections_steady, "connections", "steady", "steady", "steady"},
    {Dimension::connections_deploy, "connections", "deploy", "deploy", "deploy"},
    {Dimension::connections_failover, "connections", "failover", "failover", "failover"},
    {Dimension::cpu_peak, "cpu", "peak", "cpu peak", "cpu"},
    {Dimension::cpu_p95, "cpu", "p95", "cpu p95", "cpu"},
    {Dimension::cpu_demand, "cpu", "workloads", "cpu workloads", "cpu"},
    {Dimension::credits, "cpu", "mean", "cpu mean", "cpu"},
    {Dimension::memory, "memory", "used", "memory", "mem"},
    {Dimension::ebs_throughput, "disk", "Mb/s", "disk Mb/s", "disk"},
    {Dimension::iops, "disk", "IOPS", "disk IOPS", "disk"},
    {Dimension::network, "network", "Mb/s", "net Mb/s", "net"},
};

Gauge in_words(const GaugeView& view) {
    const auto* row = std::ranges::find(labels, view.dimension, &Labels::dimension);
    Gauge gauge;
    gauge.group = row->group;
    gauge.item = row->item;
    gauge.alone = row->alone;
    gauge.now = value_text(view.now, view.measure, view.at_least);
    gauge.after = value_text(view.after, view.measure, view.at_least);
    const bool limited = view.limit || view.dimension <= Dimension::connections_failover;
    if (limited)
        gauge.limit =
            value_text(view.limit ? std::optional(Interval<double>(*view.limit)) : std::nullopt, view.measure);
    gauge.limited = view.share.has_value();
    gauge.share = view.share.value_or(0);
    gauge.binding = view.binding;
    return gauge;
}

int number_width(const Page& page, const std::vector<std::vector<Gauge>>& all, std::string Gauge::*text, int least) {
    int width = least;
    for (const auto& gauges : all)
        for (const Gauge& g : gauges) width = std::max(width, page.columns(g.*text));
    return width;
}

}  // namespace

std::vector<Gauge> gauges(const Report& report, Index database) {
    std::vector<Gauge> result;
    // Nothing is left of what is deleted.
    const bool deleted = report.plan.databases[database].recommendation.verdict == Verdict::idle;
    for (const GaugeView& view : report::view_of(report, database).gauges) {
        result.push_back(in_words(view));
        if (deleted) result.back().after = "–";
    }
    return result;
}

std::string_view gauge_label(Dimension dimension, bool brief) {
    const auto* row = std::ranges::find(labels, dimension, &Labels::dimension);
    if (row == std::end(labels)) return {};
    return brief ? row->brief : row->alone;
}

std::string percent(double share) {
    if (!(share < 10)) return "> 999 %";
    return unit::print(Fraction(std::max(0.0, share)));
}

GaugeTable::GaugeTable(const Page& page, const std::vector<std::vector<Gauge>>& all) {
    now_ = number_width(page, all, &Gauge::now, 3);
    after_ = number_width(page, all, &Gauge::after, 5);
    limit_ = number_width(page, all, &Gauge::limit, 5);
    for (const auto& gauges : all)
        for (const Gauge& g : gauges)
            if (g.limited) share_ = std::max(share_, page.columns(percent(g.share)));
    const int group = number_width(page, all, &Gauge::group, 0), alone = number_width(page, all, &Gauge::alone, 0);
    const int item = number_width(page, all, &Gauge::item, 0);
    const auto try_out = [&](bool grouped, int gap, int cells) {
        grouped_ = grouped;
        group_ = grouped ? group : alone;
        item_ = grouped ? item : 0;
        gap_ = gap;
        cells_ = cells;
        return fits_ = total() <= page.width();
    };
    const int most = page.width() < 72 ? 10 : 20;
    for (const int cells : {most, (most + 10) / 2, 10, 8})
        for (const bool grouped : {true, false}) {
            if (!grouped && cells != 10) continue;
            for (const int gap : {3, 2, 1})
                if (try_out(grouped, gap, cells)) return;
        }
    for (const int gap : {2, 1})
        if (try_out(false, gap, 0)) return;
}

int GaugeTable::total() const {
    const int labels = 2 + group_ + (grouped_ ? 2 + item_ : 0);
    const int bar = cells_ > 0 ? gap_ + cells_ : 0;
    return labels + gap_ + now_ + gap_ + after_ + gap_ + limit_ + bar + 2 + share_ + 2;
}

std::string GaugeTable::columns(const Page& page, const Gauge& gauge, bool with_group) const {
    const auto gap = static_cast<std::size_t>(gap_);
    std::string line;
    line.reserve(static_cast<std::size_t>(2 * total()));  // signs of three bytes, and the bar is not in it
    line.append(2, ' ');
    page.append_left(line, grouped_ ? (with_group ? std::string_view(gauge.group) : "") : gauge.alone, group_);
    if (grouped_) {
        line.append(2, ' ');
        page.append_left(line, gauge.item, item_);
    }
    for (const auto& [text, width] :
         {std::pair(&Gauge::now, now_), std::pair(&Gauge::after, after_), std::pair(&Gauge::limit, limit_)}) {
        line.append(gap, ' ');
        page.append_right(line, gauge.*text, width);
    }
    return line;
}

void GaugeTable::print_row(Page& page, const Gauge& gauge, bool with_group) const {
    Pieces pieces;
    pieces.reserve(5);
    pieces.emplace_back(columns(page, gauge, with_group));
    if (gauge.limited) {
        if (cells_ > 0) {
            pieces.back().text.append(static_cast<std::size_t>(gap_), ' ');
            Page::bar(pieces, gauge.share, cells_);
        }
        std::string share = "  ";
        page.append_right(share, percent(gauge.share), share_);
        pieces.emplace_back(std::move(share));
    }
    if (gauge.binding) pieces.emplace_back(" ◀");
    page.write(pieces, 4);
}

void GaugeTable::print_loose(Page& page, const Gauge& gauge) const {
    std::string text = "now " + gauge.now + ", after " + gauge.after;
    if (!gauge.limit.empty()) text += ", limit " + gauge.limit;
    if (gauge.limited) text += ": " + percent(gauge.share);
    if (gauge.binding) text += " ◀";
    page.labelled(gauge.alone, {text}, 12);
}

bool GaugeTable::print(Page& page, const std::vector<Gauge>& gauges) const {
    if (gauges.empty()) return false;
    if (!fits_) {
        for (const Gauge& g : gauges) print_loose(page, g);
        return false;
    }
    Gauge heads;
    heads.now = "now";
    heads.after = "after";
    heads.limit = "limit";
    const std::string line = columns(page, heads, true), gap(static_cast<std::size_t>(gap_), ' ');
    const bool marked =
        std::ranges::any_of(gauges, &Gauge::binding) && page.columns(line + gap) + page.columns(legend) <= page.width();
    page.write({marked ? line + gap + std::string(legend) : line}, 4);
    for (std::size_t i = 0; i < gauges.size(); ++i)
        print_row(page, gauges[i], i == 0 || gauges[i].group != gauges[i - 1].group);
    return marked;
}

}  // namespace poolfit::render
