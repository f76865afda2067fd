// services[] of the JSON report.
#include <poolfit/model/sizes.hpp>

#include "json_report.hpp"

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
    const Plan& plan = report.plan;
    const Pool& pool = fleet.pools[index];
    json.open_object();
    json.text("name", *pool.name);
    json.text("database", *fleet.databases[model::database_of(fleet, pool)].name);
    pool.pooler ? json.text("via", *fleet.poolers[*pool.pooler].name) : json.null("via");
    pool.driver ? json.text("driver", **pool.driver) : json.null("driver");
    write(json, "max", plan.sizes[index]);
    write(json, "vcpu_max", plan.sizes_by_vcpus[index]);
    write(json, "allocated", plan.now.pools[index].allocated);
    write(json, "deploy_peak", plan.now.pools[index].deploy_peak);
    write(json, "in_use", plan.use[index].in_use);
    write(json, "waste", plan.use[index].waste);
    write(json, "recommended", plan.pools[index].size);
    json.text("basis", plan::name(plan.pools[index].basis));
    json.text_or_null("reason", plan.pools[index].reason);
    write(json, "allocated_after", plan.after.pools[index].allocated);
    write(json, "deploy_after", plan.after.pools[index].deploy_peak);
    write_workload(json, "workload", plan.loads[index]);
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
    json.text("deploy", name(service.deploy));
    json.open_array("pools");
    for (const Index pool : service.pools) {
        if (is_shown(report, model::database_of(fleet, fleet.pools[pool]))) write_pool(json, report, pool);
    }
    json.close();
    json.close();
}

}  // namespace poolfit::render
