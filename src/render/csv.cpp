// Databases and pools as one CSV table: one record per line; columns of another kind stay empty.
#include <cstdint>

#include <poolfit/model/sizes.hpp>
#include <poolfit/model/topology.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/series/watched.hpp>

#include "csv_line.hpp"
#include "json_report.hpp"
#include "overview.hpp"
#include "platform_words.hpp"
#include "storage_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr double gib = 1024.0 * 1024.0 * 1024.0;

template <class T>
std::string whole(const std::optional<Figure<T>>& figure) {
    return figure ? std::to_string(figure->value.value) : std::string();
}
template <class T>
std::string low(const std::optional<Figure<Interval<T>>>& figure) {
    return figure ? std::to_string(figure->value.low.value) : std::string();
}
template <class T>
std::string high(const std::optional<Figure<Interval<T>>>& figure) {
    return figure ? std::to_string(figure->value.high.value) : std::string();
}
std::string money(const std::optional<MicroUsdPerMonth>& amount) { return amount ? csv_usd(*amount) : std::string(); }

std::string storage_money(const DatabasePlan& plan, bool upper) {
    if (!plan.storage || !plan.storage->cost.cost) return {};
    const auto& cost = plan.storage->cost.cost->value;
    return csv_usd(upper ? cost.high : cost.low);
}

std::string money(const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    return figure ? csv_usd(figure->value) : std::string();
}
/// Of a range the high end.
std::string left(const Paid& paid) { return paid.range ? csv_usd(paid.range->value.high) : money(paid.cost); }
std::string share(const std::optional<Figure<Interval<Fraction>>>& figure, bool upper) {
    if (!figure) return {};
    return csv_number((upper ? figure->value.high : figure->value.low).value);
}
std::string in_gib(double bytes) { return csv_number(bytes / gib); }
std::string in_gib(const std::optional<Figure<Interval<Bytes>>>& figure, bool upper) {
    if (!figure) return {};
    return in_gib(static_cast<double>((upper ? figure->value.high : figure->value.low).value));
}

/// A database's record: what the inventory says, and the plan.
struct OfDatabase {
    const Report& report;
    Index index;
    const Database& given = report.fleet->databases[index];
    const DatabasePlan& plan = report.plan.databases[index];
    const Recommendation& advice = plan.recommendation;
    const DatabaseView& view = report::view_of(report, index);
};
struct OfPool {
    const Report& report;
    Index index;
    const Pool& given = report.fleet->pools[index];
    const Service& service = report.fleet->services[given.service];
    const PoolPlan& plan = report.plan.pools[index];
};

using D = const OfDatabase&;
using P = const OfPool&;

std::string none_of_pool(P) { return {}; }
std::string none_of_database(D) { return {}; }

struct Column {
    std::string_view head;
    std::string (*database)(D);
    std::string (*pool)(P);
};

std::string if_listed(D d, std::string cell) {
    return model::lists_connections(*d.report.fleet, d.report.plan.topology, d.index) ? std::move(cell) : std::string();
}

std::string usable(const Limits& limits) {
    return limits.known ? std::to_string(limits.usable.value.value) : std::string();
}

using S = const series::Watched::Kept&;

/// Of the series whose window stands for all; empty without one.
template <class Cell>
std::string of_series(D d, Cell cell) {
    const auto& watched = d.given.observed.watched;
    const series::Watched::Kept* kept = watched ? watched->first() : nullptr;
    return kept != nullptr ? std::string(cell(*kept)) : std::string();
}

std::string limit_of(D d, Dimension dimension) {
    const Check* check = d.plan.chosen.find(dimension);
    return check != nullptr && check->limit ? csv_number(*check->limit) : std::string();
}

constexpr Column columns[] = {
    {"record", [](D) { return std::string("database"); }, [](P) { return std::string("pool"); }},
    {"name", [](D d) { return *d.given.name; }, [](P p) { return *p.service.name + "/" + *p.given.name; }},
    {"database", [](D d) { return *d.given.name; },
     [](P p) { return *p.report.fleet->databases[model::database_of(*p.report.fleet, p.given)].name; }},
    {"driver", none_of_database, [](P p) { return p.given.driver ? **p.given.driver : std::string(); }},
    {"max", none_of_database, [](P p) { return whole(p.plan.declared); }},
    {"instances", none_of_database, [](P p) { return std::to_string(p.service.instances->high); }},
    {"processes", none_of_database, [](P p) { return std::to_string(*p.service.processes); }},
    {"allocated", [](D d) { return if_listed(d, whole(d.plan.demand.allocated)); },
     [](P p) { return whole(p.plan.now.allocated); }},
    {"deploy_peak", [](D d) { return if_listed(d, whole(d.plan.demand.deploy_peak)); },
     [](P p) { return whole(p.plan.now.deploy_peak); }},
    {"in_use_low", [](D d) { return if_listed(d, low(d.plan.budget.in_use)); },
     [](P p) { return low(p.plan.use.in_use); }},
    {"in_use_high", [](D d) { return if_listed(d, high(d.plan.budget.in_use)); },
     [](P p) { return high(p.plan.use.in_use); }},
    {"idle_low", [](D d) { return if_listed(d, low(d.plan.budget.waste)); }, [](P p) { return low(p.plan.use.waste); }},
    {"idle_high", [](D d) { return if_listed(d, high(d.plan.budget.waste)); },
     [](P p) { return high(p.plan.use.waste); }},
    {"recommended", none_of_database, [](P p) { return whole(p.plan.recommended()); }},
    {"basis", none_of_database, [](P p) { return std::string(plan::name(p.plan.basis())); }},
    {"allocated_after", [](D d) { return if_listed(d, whole(d.plan.after.allocated)); },
     [](P p) { return whole(p.plan.after.allocated); }},
    {"deploy_peak_after", [](D d) { return if_listed(d, whole(d.plan.after.deploy_peak)); },
     [](P p) { return whole(p.plan.after.deploy_peak); }},
    {"class", [](D d) { return d.given.type->unknown ? std::string() : *d.given.cls; }, none_of_pool},
    {"usable", [](D d) { return usable(d.plan.budget.limits); }, none_of_pool},
    {"utilization",
     [](D d) {
         return if_listed(d, d.plan.budget.utilization ? csv_number(d.plan.budget.utilization->value.value) : "");
     },
     none_of_pool},
    {"verdict", [](D d) { return std::string(plan::name(d.advice.verdict)); }, none_of_pool},
    {"class_after",
     [](D d) {
         const bool none = d.advice.verdict == Verdict::idle || d.advice.cls->unknown;
         return none ? std::string() : std::string(d.advice.cls->name);
     },
     none_of_pool},
    {"usd_per_month", [](D d) { return money(d.plan.now.cost); }, none_of_pool},
    {"usd_per_month_after", [](D d) { return money(d.advice.cost); }, none_of_pool},
    {"risk", [](D d) { return std::string(plan::name(d.advice.risk)); }, none_of_pool},
    {"databases", none_of_database, [](P p) { return std::to_string(*p.given.databases); }},
    {"engine", [](D d) { return std::string(engine_id(d.given)); }, none_of_pool},
    {"version", [](D d) { return d.given.version_text; }, none_of_pool},
    {"region", [](D d) { return *d.given.region; }, none_of_pool},
    {"vcpus", [](D d) { return d.given.type->unknown ? std::string() : std::to_string(d.given.type->vcpus); },
     none_of_pool},
    {"memory_gib",
     [](D d) {
         return d.given.type->unknown ? std::string() : in_gib(static_cast<double>(d.given.type->memory.value));
     },
     none_of_pool},
    {"cpu_mean", [](D d) { return share(d.plan.now.cpu_mean, true); }, none_of_pool},
    {"cpu_p95", [](D d) { return share(d.plan.now.cpu_p95, true); }, none_of_pool},
    {"cpu_peak", [](D d) { return share(d.plan.now.cpu_peak, true); }, none_of_pool},
    {"connections_observed_low", [](D d) { return low(d.plan.budget.observed); }, none_of_pool},
    {"connections_observed_high", [](D d) { return high(d.plan.budget.observed); }, none_of_pool},
    {"memory_used_gib", [](D d) { return in_gib(d.plan.now.memory_seen, true); }, none_of_pool},
    {"usable_after", [](D d) { return usable(d.plan.chosen.limits); }, none_of_pool},
    {"cpu_p95_after_low", [](D d) { return share(d.plan.chosen.cpu_p95, false); }, none_of_pool},
    {"cpu_p95_after_high", [](D d) { return share(d.plan.chosen.cpu_p95, true); }, none_of_pool},
    {"cpu_peak_after_low", [](D d) { return share(d.plan.chosen.cpu_peak, false); }, none_of_pool},
    {"cpu_peak_after_high", [](D d) { return share(d.plan.chosen.cpu_peak, true); }, none_of_pool},
    {"cpu_limit",  // of p95 where that is given, else of the peak
     [](D d) { return limit_of(d, d.plan.chosen.cpu_p95 ? Dimension::cpu_p95 : Dimension::cpu_peak); }, none_of_pool},
    {"memory_used_after_gib", [](D d) { return in_gib(d.plan.chosen.memory_used, true); }, none_of_pool},
    {"memory_limit_gib",
     [](D d) {
         const Check* check = d.plan.chosen.find(Dimension::memory);
         return check != nullptr && check->limit ? in_gib(*check->limit) : std::string();
     },
     none_of_pool},
    {"saves_usd_per_month", [](D d) { return money(d.advice.saves); }, none_of_pool},
    {"saves_usd_per_year", [](D d) { return money(d.advice.saves_per_year); }, none_of_pool},
    {"extended_support_usd_per_month",
     [](D d) { return money(d.report.plan.market->offer(d.index, *d.plan.now.cls).support); }, none_of_pool},
    {"upgrade_saves_usd_per_month",
     [](D d) { return d.advice.upgrade ? money(d.advice.upgrade->saves) : std::string(); }, none_of_pool},
    {"stop_saves_usd_per_month",
     [](D d) { return d.advice.stop ? csv_usd(d.advice.stop->saves.value) : std::string(); }, none_of_pool},
    {"serverless_saves_usd_per_month",  // at least
     [](D d) { return d.advice.serverless ? csv_usd(d.advice.serverless->saves.value.low) : std::string(); },
     none_of_pool},
    {"environment", [](D d) { return std::string(model::name(d.given.environment)); }, none_of_pool},
    {"tightest_limit",
     [](D d) { return d.view.binding ? in_words(d.given, d.view.binding->dimension) : std::string(); }, none_of_pool},
    {"tightest_share",
     [](D d) {
         return d.view.binding && d.view.binding->share > 0 ? csv_number(d.view.binding->share) : std::string();
     },
     none_of_pool},
    {"reason", [](D d) { return summary_text(*d.report.fleet, d.report.plan, d.index); }, none_of_pool},
    {"storage_type",
     [](D d) {
         const auto& use = d.plan.storage;
         return use && use->volume.kind ? std::string(use->volume.kind->name) : std::string();
     },
     none_of_pool},
    {"storage_gib",
     [](D d) {
         const auto& use = d.plan.storage;
         return use && use->volume.gib ? csv_number(use->volume.gib->value) : std::string();
     },
     none_of_pool},
    {"storage_iops",
     [](D d) {
         const auto& use = d.plan.storage;
         return use && use->iops ? csv_number(use->iops->value) : std::string();
     },
     none_of_pool},
    {"storage_usd_per_month_low", [](D d) { return storage_money(d.plan, false); }, none_of_pool},
    {"storage_usd_per_month_high", [](D d) { return storage_money(d.plan, true); }, none_of_pool},
    {"storage_advice",
     [](D d) {
         const auto& use = d.plan.storage;
         return use && use->advice ? volume_text(*use) : std::string();
     },
     none_of_pool},
    {"storage_saves_usd_per_month",  // at least
     [](D d) {
         const auto& use = d.plan.storage;
         return use && use->advice && use->advice->saves ? csv_usd(use->advice->saves->value.low) : std::string();
     },
     none_of_pool},
};

/// Where commitments count.
constexpr Column commitment_columns[] = {
    {"effective_usd_per_month", [](D d) { return left(d.report.plan.committed->now[d.index]); }, none_of_pool},
    {"effective_usd_per_month_after", [](D d) { return left(d.report.plan.committed->after[d.index]); }, none_of_pool},
    {"saves_after_commitments_usd_per_month", [](D d) { return money(d.report.plan.committed->saves[d.index]); },
     none_of_pool},
};

/// Columns that were added since: last, so that none of the others moves.
constexpr Column later_columns[] = {
    {"series_from", [](D d) { return of_series(d, [](S s) { return series::print(s.summary.first); }); }, none_of_pool},
    {"series_to", [](D d) { return of_series(d, [](S s) { return series::print(s.summary.end); }); }, none_of_pool},
    {"series_period_seconds",
     [](D d) { return of_series(d, [](S s) { return s.summary.period > 0 ? std::to_string(s.summary.period) : ""; }); },
     none_of_pool},
    {"series_points", [](D d) { return of_series(d, [](S s) { return std::to_string(s.summary.points); }); },
     none_of_pool},
    {"series_missing", [](D d) { return of_series(d, [](S s) { return std::to_string(s.summary.missing); }); },
     none_of_pool},
    {"series_quality",
     [](D d) { return of_series(d, [](S s) { return std::string(series::name(s.summary.quality)); }); }, none_of_pool},
    {"series_may_flip",
     [](D d) { return of_series(d, [&d](S) { return std::string(d.view.may_flip ? "true" : "false"); }); },
     none_of_pool},
};

}  // namespace

std::string csv(const Report& report, bool summary) {
    const auto line = [&](auto cell) {
        std::vector<std::string> fields;
        for (const Column& column : columns) fields.push_back(cell(column));
        if (report.plan.committed)
            for (const Column& column : commitment_columns) fields.push_back(cell(column));
        for (const Column& column : later_columns) fields.push_back(cell(column));
        return csv_line(fields);
    };
    std::string out = line([](const Column& column) { return std::string(column.head); });
    for (const Index index : report.overview.databases) {
        const OfDatabase record{report, index};
        out += line([&](const Column& column) { return column.database(record); });
    }
    if (summary) return out;
    std::vector<bool> listed(report.fleet->databases.size(), false);
    for (const Index index : report.overview.databases) listed[index] = true;
    for (Index i = 0; i < report.fleet->pools.size(); ++i) {
        if (!listed[model::database_of(*report.fleet, report.fleet->pools[i])]) continue;
        const OfPool record{report, i};
        out += line([&](const Column& column) { return column.pool(record); });
    }
    return out;
}

}  // namespace poolfit::render
