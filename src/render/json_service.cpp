// services[] of the JSON report.
#include <poolfit/model/sizes.hpp>

#include "json_report.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

std::string_view name(Deploy deploy) {
    switch (deploy) {
        case Deploy::recreate:
            return "recreate";
        case Deploy::rolling:
            break;
        case Deploy::blue_green:
            return "blue-green";
    }
    return "rolling";
}

void write(JsonWriter& json, std::string_view key, const PoolSize& figure) {
    figure ? json.whole(key, figure->value.value) : json.null(key);
}

void write(JsonWriter& json, std::string_view key, const std::optional<Figure<Interval<Connections>>>& figure) {
    figure ? json.range(key, figure->value) : json.null(key);
}

void write_pool(JsonWriter& json, const Report& report, Index index) {
    const Fleet& fleet = *report.fleet;
    const PoolPlan& plan = report.plan.pools[index];
    const Pool& pool = fleet.pools[index];
    json.open_object();
    json.text("name", *pool.name);
    json.text("database", *fleet.databases[model::database_of(fleet, pool)].name);
    pool.pooler ? json.text("via", *fleet.poolers[*pool.pooler].name) : json.null("via");
    pool.driver ? json.text("driver", **pool.driver) : json.null("driver");
    write(json, "max", plan.declared);
    write(json, "vcpu_max", plan.by_vcpus);
    write(json, "allocated", plan.now.allocated);
    write(json, "deploy_peak", plan.now.deploy_peak);
    write(json, "in_use", plan.use.in_use);
    write(json, "waste", plan.use.waste);
    write(json, "recommended", plan.advice.size);
    json.text("basis", plan::name(plan.advice.basis));
    json.text("reason", advice_text(fleet, report.plan, index));
    write(json, "allocated_after", plan.after.allocated);
    write(json, "deploy_after", plan.after.deploy_peak);
    write_workload(json, "workload", plan.load.get());
    json.close();
}

}  // namespace

void write_service(JsonWriter& json, const Report& report, const Service& service) {
    const Fleet& fleet = *report.fleet;
    json.open_object();
    json.text("name", *service.name);
    service.host ? json.text("host", *fleet.hosts[*service.host].name) : json.null("host");
    json.open_object("instances", JsonWriter::Layout::line);
    json.whole("min", service.instances->low);
    json.whole("max", service.instances->high);
    json.close();
    json.whole("processes", *service.processes);
    service.threads ? json.whole("threads", **service.threads) : json.null("threads");
    json.text("deploy", name(service.deploy));
    json.open_array("pools");
    for (const Index pool : service.pools) {
        if (is_shown(report, model::database_of(fleet, fleet.pools[pool]))) write_pool(json, report, pool);
    }
    json.close();
    json.close();
}

}  // namespace poolfit::render
