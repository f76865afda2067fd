// A service's pools, one by one: sizes, use, the mathematics of their load, and what they open.
#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "explain_parts.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

void add_waits(Steps& steps, const std::string& label, const std::optional<RatedPool>& rated) {
    if (!rated) return;
    steps.add(label + " utilization", rated->utilization);
    steps.add(label + " mean wait", rated->wait_mean);
    steps.add(label + " p99 wait", rated->wait_p99);
    steps.add(label + " P(wait)", rated->p_over);
}

void explain_pools(Page& page, const Report& report, const std::vector<Index>& pools) {
    const Fleet& fleet = *report.fleet;
    const Plan& plan = report.plan;
    Steps steps(report);
    const auto section = [&](std::string label, auto visit) {
        steps.section(std::move(label));
        for (const Index i : pools) visit(i, std::string(*fleet.pools[i].name));
    };
    section("max", [&](Index i, std::string name) { steps.add(std::move(name), plan.pools[i].declared); });
    section("by vCPUs", [&](Index i, std::string name) { steps.add(std::move(name), plan.pools[i].by_vcpus); });
    section("in use", [&](Index i, std::string name) { steps.add(std::move(name), plan.pools[i].use.in_use); });
    section("idle", [&](Index i, std::string name) { steps.add(std::move(name), plan.pools[i].use.waste); });
    section("workload", [&](Index i, const std::string& name) {
        if (plan.pools[i].load) add_load(steps, name, *plan.pools[i].load);
    });
    section("wait", [&](Index i, const std::string& name) {
        if (plan.pools[i].load) add_waits(steps, name, plan.pools[i].load->now);
    });
    section("then", [&](Index i, const std::string& name) {
        if (plan.pools[i].load) add_waits(steps, name, plan.pools[i].load->after);
    });
    section("pool", [&](Index i, std::string name) {
        const PoolSize size = plan.pools[i].recommended();
        if (size) steps.add(std::move(name), recommended_text(fleet, plan, i), size->id);
    });
    const auto total = [&](std::string label, PoolDemand PoolPlan::*part) {
        section(label, [&](Index i, std::string name) { steps.add(std::move(name), (plan.pools[i].*part).allocated); });
        section("deploy",
                [&](Index i, std::string name) { steps.add(std::move(name), (plan.pools[i].*part).deploy_peak); });
    };
    total("now", &PoolPlan::now);
    total("after", &PoolPlan::after);

    for (const Index i : pools) {
        const Pool& pool = fleet.pools[i];
        const std::string target =
            pool.database ? *fleet.databases[*pool.database].name : "pooler " + *fleet.poolers[*pool.pooler].name;
        const std::string tenants = *pool.databases > 1 ? fmt::format(", a pool for each of {} databases",
                                                                      unit::print(Connections(*pool.databases)))
                                                        : std::string();
        const std::string driver = tenants + (pool.driver ? ", driver " + **pool.driver : "");
        const std::string limit = plan.pools[i].declared ? "" : ", no limit";
        page.write({fmt::format("  {} → {}{}{}", *pool.name, target, driver, limit)}, 4);
    }
    page.blank();
    steps.print(page);
    page.blank();
    print_sources(page, steps.derivations(), steps.sources());
}

}  // namespace

/// The mathematics of one pool's workload.
void add_load(Steps& steps, const std::string& label, const PoolLoad& load) {
    steps.add(label + " offered", load.offered.id);
    if (load.for_wait) steps.add(label + " for wait", load.for_wait->id);
    if (load.knee) steps.add(label + " knee", load.knee->id);
    if (load.in_flight) steps.add(label + " in flight", load.in_flight->id);
    if (load.deadlock_floor) steps.add(label + " floor", load.deadlock_floor->id);
    if (load.size) steps.add(label + " size", load.size->id);
}

void explain_service(Page& page, const Report& report, Index index) {
    const Service& service = report.fleet->services[index];
    page.write({fmt::format("{}  service, {}", *service.name, counted(service.pools.size(), "pool"))}, 2);
    explain_pools(page, report, service.pools);
}

void explain_pool(Page& page, const Report& report, Index index) {
    page.write({fmt::format("{}  pool", pool_label(*report.fleet, index))}, 2);
    explain_pools(page, report, {index});
}

}  // namespace poolfit::render
