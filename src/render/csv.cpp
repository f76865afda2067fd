// Databases and pools as one CSV table: one record per line; columns of another kind stay empty.
#include <poolfit/model/sizes.hpp>
#include <poolfit/render/render.hpp>

#include "csv_line.hpp"
#include "json_report.hpp"

namespace poolfit::render {
namespace {

std::string whole(const std::optional<Figure<Connections>>& figure) {
    return figure ? std::to_string(figure->value.value) : std::string();
}
std::string low(const std::optional<Figure<Interval<Connections>>>& figure) {
    return figure ? std::to_string(figure->value.low.value) : std::string();
}
std::string high(const std::optional<Figure<Interval<Connections>>>& figure) {
    return figure ? std::to_string(figure->value.high.value) : std::string();
}
std::string money(const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    return figure ? csv_usd(figure->value) : std::string();
}

std::string database_line(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const DatabasePlan& plan = report.plan.databases[index];
    const Budget& budget = plan.budget;
    const Recommendation& advice = plan.recommendation;
    return csv_line({"database",
                     *database.name,
                     *database.name,
                     "",
                     "",
                     "",
                     "",
                     whole(plan.demand.allocated),
                     whole(plan.demand.deploy_peak),
                     low(budget.in_use),
                     high(budget.in_use),
                     low(budget.waste),
                     high(budget.waste),
                     "",
                     "",
                     whole(plan.after.allocated),
                     whole(plan.after.deploy_peak),
                     *database.cls,
                     std::to_string(budget.limits.usable.value.value),
                     budget.utilization ? csv_number(budget.utilization->value.value) : "",
                     std::string(plan::name(advice.verdict)),
                     std::string(advice.cls->name),
                     money(plan.now.cost),
                     money(advice.cost),
                     std::string(plan::name(advice.risk)),
                     ""});
}

std::string pool_line(const Report& report, Index index) {
    const Fleet& fleet = *report.fleet;
    const PoolPlan& plan = report.plan.pools[index];
    const Pool& pool = fleet.pools[index];
    const Service& service = fleet.services[pool.service];
    return csv_line({"pool",
                     *service.name + "/" + *pool.name,
                     *fleet.databases[model::database_of(fleet, pool)].name,
                     pool.driver ? **pool.driver : "",
                     whole(plan.declared),
                     std::to_string(service.instances->high),
                     std::to_string(*service.processes),
                     whole(plan.now.allocated),
                     whole(plan.now.deploy_peak),
                     low(plan.use.in_use),
                     high(plan.use.in_use),
                     low(plan.use.waste),
                     high(plan.use.waste),
                     whole(plan.recommended()),
                     std::string(plan::name(plan.basis())),
                     whole(plan.after.allocated),
                     whole(plan.after.deploy_peak),
                     "",
                     "",
                     "",
                     "",
                     "",
                     "",
                     "",
                     "",
                     std::to_string(*pool.databases)});
}

}  // namespace

std::string csv(const Report& report) {
    std::string out = csv_line({"record",
                                "name",
                                "database",
                                "driver",
                                "max",
                                "instances",
                                "processes",
                                "allocated",
                                "deploy_peak",
                                "in_use_low",
                                "in_use_high",
                                "idle_low",
                                "idle_high",
                                "recommended",
                                "basis",
                                "allocated_after",
                                "deploy_peak_after",
                                "class",
                                "usable",
                                "utilization",
                                "verdict",
                                "class_after",
                                "usd_per_month",
                                "usd_per_month_after",
                                "risk",
                                "databases"});
    for (const Index index : report.shown) out += database_line(report, index);
    for (Index i = 0; i < report.fleet->pools.size(); ++i)
        if (is_shown(report, model::database_of(*report.fleet, report.fleet->pools[i]))) out += pool_line(report, i);
    return out;
}

}  // namespace poolfit::render
