#include "gauges.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <poolfit/assess/figure.hpp>
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

std::string value_text(const std::optional<Interval<double>>& value, Measure measure) {
    return value ? compact(assess::print(Measured{*value, measure})) : "?";
}

template <class T>
std::optional<Interval<double>> plain(const std::optional<Figure<Interval<T>>>& figure) {
    if (!figure) return std::nullopt;
    return Interval<double>(static_cast<double>(figure->value.low.value),
                            static_cast<double>(figure->value.high.value));
}

std::optional<Interval<double>> plain(const std::optional<Figure<Connections>>& figure) {
    if (!figure) return std::nullopt;
    return Interval<double>(static_cast<double>(figure->value.value));
}

struct Row {
    std::string_view group, item, alone;
    Dimension dimension;
    Measure measure;
};

Gauge gauge(const Row& row, const std::optional<Interval<double>>& now, const std::optional<Interval<double>>& after,
            std::optional<double> limit) {
    Gauge result{std::string(row.group),
                 std::string(row.item),
                 std::string(row.alone),
                 value_text(now, row.measure),
                 value_text(after, row.measure),
                 {},
                 0,
                 false,
                 false};
    if (!limit) return result;
    result.limit = compact(assess::print(Measured{Interval<double>(*limit), row.measure}));
    if (!after) return result;
    result.limited = true;
    result.share = *limit > 0 ? after->high / *limit : after->high > 0 ? 1e9 : 0;
    return result;
}

std::optional<double> limit_of(const Projection& projection, Dimension dimension) {
    const Check* check = projection.find(dimension);
    return check ? check->limit : std::nullopt;
}

/// The most memory that passes both the share and the floor of what has to stay free.
std::optional<double> memory_limit(const Projection& projection) {
    std::optional<double> limit = limit_of(projection, Dimension::memory);
    const std::optional<double> floor = limit_of(projection, Dimension::freeable_memory);
    if (!floor || !projection.cls) return limit;
    const double room = std::max(0.0, static_cast<double>(projection.cls->memory.value) - *floor);
    return limit ? std::min(*limit, room) : room;
}

int number_width(const Page& page, const std::vector<std::vector<Gauge>>& all, std::string Gauge::*text, int least) {
    int width = least;
    for (const auto& gauges : all)
        for (const Gauge& g : gauges) width = std::max(width, page.columns(g.*text));
    return width;
}

}  // namespace

const Projection& chosen(const DatabasePlan& plan) {
    const auto& candidates = plan.candidates;
    const auto is_it = [&](const Candidate& c) { return c.cls && c.cls == plan.recommendation.cls && c.projection; };
    const std::size_t at = plan.recommendation.candidate;
    if (at < candidates.size() && is_it(candidates[at])) return *candidates[at].projection;
    const auto found = std::ranges::find_if(candidates, is_it);
    return found == candidates.end() ? plan.now : *found->projection;
}

std::vector<Gauge> gauges(const Report& report, Index database) {
    const DatabasePlan& plan = report.plan.databases[database];
    const Observed& observed = report.fleet->databases[database].observed;
    const Projection& then = chosen(plan);
    std::vector<Gauge> result;
    std::vector<Dimension> dimensions;
    const auto add = [&](const Row& row, const auto& now, const auto& after, std::optional<double> limit) {
        result.push_back(gauge(row, now, after, limit));
        dimensions.push_back(row.dimension);
    };
    const auto connections = [&](std::string_view item, Dimension dimension,
                                 const std::optional<Figure<Connections>>& now,
                                 const std::optional<Figure<Connections>>& after) {
        add({"connections", item, item, dimension, Measure::connections}, plain(now), plain(after),
            limit_of(then, dimension));
    };
    connections("steady", Dimension::connections_steady, plan.budget.demand.allocated, plan.after.allocated);
    connections("deploy", Dimension::connections_deploy, plan.budget.demand.deploy_peak, plan.after.deploy_peak);
    if (plan.budget.demand.failover_peak || plan.after.failover_peak)
        connections("failover", Dimension::connections_failover, plan.budget.demand.failover_peak,
                    plan.after.failover_peak);

    if (plan.now.cpu_peak || then.cpu_peak)
        add({"cpu", "peak", "cpu peak", Dimension::cpu_peak, Measure::fraction}, plain(plan.now.cpu_peak),
            plain(then.cpu_peak), limit_of(then, Dimension::cpu_peak));
    if (plan.now.cpu_mean || then.cpu_mean) {
        std::optional<double> baseline;
        if (then.cls && then.cls->burst) baseline = then.cls->burst->baseline.value;
        add({"cpu", "mean", "cpu mean", Dimension::credits, Measure::fraction}, plain(plan.now.cpu_mean),
            plain(then.cpu_mean), baseline);
    }
    if (plan.now.memory_used || then.memory_used)
        add({"memory", "used", "memory", Dimension::memory, Measure::bytes}, plain(plan.now.memory_used),
            plain(then.memory_used), memory_limit(then));

    const auto path = [&](const Row& row, bool given) {
        if (!given) return;
        const Check* now = plan.now.find(row.dimension);
        const Check* after = then.find(row.dimension);
        add(row, now ? now->value : std::nullopt, after ? after->value : std::nullopt, limit_of(then, row.dimension));
    };
    path({"ebs", "Mb/s", "ebs Mb/s", Dimension::ebs_throughput, Measure::mbps}, observed.ebs_throughput.has_value());
    path({"ebs", "IOPS", "ebs IOPS", Dimension::iops, Measure::iops}, observed.iops.has_value());
    path({"network", "Mb/s", "net Mb/s", Dimension::network, Measure::mbps}, observed.network.has_value());

    std::optional<Dimension> binding = plan.recommendation.binding;
    if (binding == Dimension::freeable_memory) binding = Dimension::memory;
    if (binding == Dimension::cpu_mean) binding = Dimension::credits;
    for (std::size_t i = 0; i < result.size(); ++i) result[i].binding = binding == dimensions[i];
    return result;
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
    const auto try_out = [&](bool grouped, int gap, int cells) {
        grouped_ = grouped;
        group_ = number_width(page, all, grouped ? &Gauge::group : &Gauge::alone, 0);
        item_ = grouped ? number_width(page, all, &Gauge::item, 0) : 0;
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

void GaugeTable::print_row(Page& page, const Gauge& gauge, bool with_group) const {
    const std::string gap(static_cast<std::size_t>(gap_), ' ');
    std::string line = "  ";
    line += page.left(grouped_ ? (with_group ? gauge.group : "") : gauge.alone, group_);
    if (grouped_) line += "  " + page.left(gauge.item, item_);
    line += gap + page.right(gauge.now, now_) + gap + page.right(gauge.after, after_) + gap +
            page.right(gauge.limit, limit_);
    Pieces pieces{line};
    if (gauge.limited) {
        if (cells_ > 0) {
            pieces.emplace_back(gap);
            for (Piece& piece : page.bar(gauge.share, cells_)) pieces.push_back(std::move(piece));
        }
        pieces.emplace_back("  " + page.right(percent(gauge.share), share_));
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

void GaugeTable::print(Page& page, const std::vector<Gauge>& gauges) const {
    if (gauges.empty()) return;
    if (!fits_) {
        for (const Gauge& g : gauges) print_loose(page, g);
        return;
    }
    Gauge heads;
    heads.now = "now";
    heads.after = "after";
    heads.limit = "limit";
    print_row(page, heads, true);
    for (std::size_t i = 0; i < gauges.size(); ++i)
        print_row(page, gauges[i], i == 0 || gauges[i].group != gauges[i - 1].group);
}

}  // namespace poolfit::render
