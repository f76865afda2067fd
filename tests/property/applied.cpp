// The recommended plan, typed into the inventory: classes, sizes of pools, limits.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <poolfit/model/copies.hpp>

#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int cases = sampled(150);

/// Rules about what servers, pools and poolers can carry.
constexpr std::array<std::string_view, 5> about_carrying{"PF001", "PF002", "PF006", "PF010", "PF017"};

/// Few connections, so that most servers are near a limit or over it; a replica has as many as its primary.
void tighten(RandomFleet& fleet, Generator& generator) {
    const int main = uniform(generator, 25, 250);
    for (RandomDatabase& d : fleet.databases)
        d.max_connections = d.name == "other" ? uniform(generator, 25, 250) : main;
}

void apply(const Planned& planned, RandomFleet& fleet) {
    for (std::size_t i = 0; i < fleet.databases.size(); ++i) {
        const DatabasePlan& plan = planned.plan.databases[i];
        const Projection& then = plan.chosen;
        RandomDatabase& d = fleet.databases[i];
        d.cls = std::string(plan.recommendation.cls->name);
        d.max_connections = static_cast<int>(then.limits.max_planned.value.value);
        if (then.cpu_mean) d.cpu_mean = {then.cpu_mean->value.low.value * 100, then.cpu_mean->value.high.value * 100};
        if (then.cpu_peak) d.cpu_peak = {then.cpu_peak->value.low.value * 100, then.cpu_peak->value.high.value * 100};
        if (then.freeable)
            d.freeable = {std::max(0.0, gib(then.freeable->value.low)), std::max(0.0, gib(then.freeable->value.high))};
    }
    std::size_t pool = 0;
    for (RandomService& s : fleet.services)
        for (RandomPool& p : s.pools) p.max = std::to_string(planned.plan.pools[pool++].advice.size->value.value);
}

/// Does the plan itself say that it ends this?
bool solved(const DatabasePlan& plan) {
    const Recommendation& r = plan.recommendation;
    if (!plan.by_strategy.empty()) return false;  // sizes and classes alone are typed in
    for (const Check& check : plan.chosen.checks)
        if (check.standing == Standing::over && check.dimension <= Dimension::connections_failover) return false;
    if (r.verdict == Verdict::unknown) return false;
    if (r.verdict != Verdict::over) return true;
    return !r.ways.empty() && (r.ways[0].kind == WayOut::Kind::pools || r.ways[0].kind == WayOut::Kind::limit ||
                               r.ways[0].kind == WayOut::Kind::cls);
}

}  // namespace

TEST_CASE("the recommended plan, typed in, has no error that the plan does not name as unsolved") {
    int over = 0, ended = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + 21);
        RandomFleet fleet = random_fleet(generator);
        tighten(fleet, generator);
        for (RandomService& s : fleet.services)
            for (RandomPool& p : s.pools)
                if (p.workload) p.workload->cpu_ms.reset(), p.workload->nested = 0;
        const Planned first = plan_text(toml(fleet));
        RandomFleet applied = fleet;
        apply(first, applied);
        INFO("seed " << seed << "\n" << toml(fleet) << "\napplied\n" << toml(applied));
        const Planned second = plan_text(toml(applied));
        for (const DatabasePlan& d : first.plan.databases) over += d.recommendation.verdict == Verdict::over ? 1 : 0;
        for (const Finding& finding : test::lint(second)) {
            if (finding.severity != Severity::error) continue;
            if (std::ranges::find(about_carrying, finding.rule->id) == about_carrying.end()) continue;
            INFO(finding.rule->id << " " << finding.message << " " << finding.fix);
            CHECK_FALSE(solved(first.plan.databases[finding.databases.front()]));
        }
        for (std::size_t i = 0; i < second.plan.databases.size(); ++i) {
            const Recommendation &before = first.plan.databases[i].recommendation,
                                 &now = second.plan.databases[i].recommendation;
            if (before.verdict != Verdict::over || !solved(first.plan.databases[i])) continue;
            ++ended;
            CHECK(now.verdict != Verdict::over);
        }
    }
    CHECK(over > sampled(20));
    CHECK(ended > sampled(10));
}

TEST_CASE("a size that a limit forces is the largest: one more of any pool that was made smaller is too many") {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + 22);
        RandomFleet fleet = random_fleet(generator);
        tighten(fleet, generator);
        const Planned planned = plan_text(toml(fleet));
        INFO("seed " << seed << "\n" << toml(fleet));
        for (std::size_t i = 0; i < planned.fleet.pools.size(); ++i) {
            const PoolPlan& pool = planned.plan.pools[i];
            if (pool.advice.basis != Basis::limit) continue;
            CHECK(pool.advice.size->value < pool.advice.unforced);
            const Index database = *planned.fleet.pools[i].database;
            const DatabasePlan& mine = planned.plan.databases[database];
            const Limits& limits = mine.chosen.limits;
            if (mine.chosen.cls != planned.fleet.databases[database].type) continue;
            if (mine.recommendation.max_connections) continue;  // today's limit forced it, and is raised for another
            const double usable = static_cast<double>(limits.usable.value.value);
            const Pool& record = planned.fleet.pools[i];
            const std::int64_t steady = model::copies(planned.fleet, record),
                               deploy = model::copies(planned.fleet, record,
                                                      planned.plan.deploy_instances[record.service].value);
            // These sizes, whatever a strategy then does about it.
            const DatabaseDemand& sized = mine.right_sized;
            bool full = static_cast<double>(sized.allocated->value.value + steady) > 0.8 * usable + 1e-9 ||
                        static_cast<double>(sized.deploy_peak->value.value + deploy) > 0.95 * usable + 1e-9;
            // Or a failover somewhere in its system is full.
            const Index primary = planned.fleet.databases[database].replica_of.value_or(database);
            std::vector<Index> servers{primary};
            for (const Index replica : planned.plan.topology.replicas[primary]) servers.push_back(replica);
            for (const Index server : servers) {
                const DatabasePlan& other = planned.plan.databases[server];
                if (other.right_sized.failover)
                    full = full ||
                           other.right_sized.failover->peak.value + steady > other.chosen.limits.usable.value.value;
            }
            CHECK(full);
        }
    }
}
