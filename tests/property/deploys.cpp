// One deploy at a time is the worst of the deploys of each service alone.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/offers.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::vector<PoolSize> sizes_of(const Fleet& fleet) {
    std::vector<PoolSize> sizes;
    for (Index i = 0; i < fleet.pools.size(); ++i) sizes.push_back(assess::declared_size(fleet, i, {}));
    return sizes;
}

Demand demand_of(const Fleet& fleet, const std::vector<PoolSize>& sizes) {
    const Market market(fleet, test::catalog(), PriceTerm::list);
    return assess::demand(fleet, market, sizes, Phase::now, {});
}

Connections peak(const DatabaseDemand& demand) {
    return demand.deploy_peak ? demand.deploy_peak->value : demand.deploy_at_least->value;
}

}  // namespace

TEST_CASE("one deploy at a time: the peak is that of the worst service, if the others are not deployed") {
    int fewer = 0;
    for_seeds(61, quarter, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        const auto found = answer(text);
        if (!found) return;
        Fleet fleet = found->fleet;
        fleet.policy.deploys_together.value = true;
        const Demand together = demand_of(fleet, sizes_of(fleet));
        std::vector<Connections> worst(fleet.databases.size());
        std::vector<Connections> worst_of_pooler(fleet.poolers.size());
        for (Index s = 0; s < fleet.services.size(); ++s) {
            Fleet alone = fleet;
            for (Index other = 0; other < fleet.services.size(); ++other)
                if (other != s) alone.services[other].deploy = Deploy::recreate;
            const Demand demand = demand_of(alone, sizes_of(alone));
            for (Index i = 0; i < worst.size(); ++i) worst[i] = std::max(worst[i], peak(demand.databases[i]));
            for (Index i = 0; i < worst_of_pooler.size(); ++i)
                worst_of_pooler[i] = std::max(worst_of_pooler[i], demand.poolers[i].server_deploy.value);
        }
        fleet.policy.deploys_together.value = false;
        const Demand one = demand_of(fleet, sizes_of(fleet));
        CAPTURE(seed);
        for (Index i = 0; i < worst.size(); ++i) {
            CHECK(peak(one.databases[i]) == worst[i]);
            if (worst[i] < peak(together.databases[i])) ++fewer;
        }
        for (Index i = 0; i < worst_of_pooler.size(); ++i)
            CHECK(one.poolers[i].server_deploy.value == worst_of_pooler[i]);
    });
    MESSAGE(fewer << " databases with a smaller peak than that of all deploys");
    CHECK(fewer > 0);
}

TEST_CASE("one deploy at a time: on another class an RDS Proxy opens what it would if the server had that class") {
    int moved = 0;
    for_seeds(62, quarter, [&](std::uint64_t seed, Generator& generator) {
        const auto found = answer(any_fleet(generator));
        if (!found) return;
        CAPTURE(seed);
        for (const bool together : {true, false}) {
            Fleet fleet = found->fleet;
            fleet.policy.deploys_together.value = together;
            const Market market(fleet, test::catalog(), PriceTerm::list);
            const Demand now = demand_of(fleet, sizes_of(fleet));
            for (Index i = 0; i < fleet.databases.size(); ++i) {
                const InstanceClass* cls = found->plan.databases[i].recommendation.cls;
                if (now.databases[i].shares.empty() || cls == nullptr || cls == fleet.databases[i].type) continue;
                const Limits there = assess::limits(fleet, market, i, market.offer(i, *cls), {});
                Fleet other = fleet;
                other.databases[i].type = cls;
                const Market others(other, test::catalog(), PriceTerm::list);
                const Limits same = assess::limits(other, others, i, others.offer(i, *cls), {});
                if (same.max_planned.value != there.max_planned.value) continue;
                const DatabaseDemand then = assess::demand_at(fleet, now.databases[i], there, i, cls, Phase::after, {});
                const DatabaseDemand fresh = demand_of(other, sizes_of(fleet)).databases[i];
                CHECK(peak(then) == peak(fresh));
                CHECK(then.deploys.size() == fresh.deploys.size());
                for (std::size_t k = 0; k < then.deploys.size(); ++k)
                    CHECK(then.deploys[k].connections.value == fresh.deploys[k].connections.value);
                ++moved;
            }
        }
    });
    MESSAGE(moved << " moves");
    CHECK(moved > 0);
}
