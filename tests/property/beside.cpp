// What stands beside a class, over fleets with all that an inventory can have: savings are counted once.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/assess/usage.hpp>
#include <poolfit/platform/platform.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

TEST_CASE("beside a class: what is deleted has no other advice, and totals have each saving once") {
    int idle = 0, stopped = 0, billed = 0;
    for_seeds(35, half, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        const auto all = answer(text);
        if (!all) return;
        INFO("seed " << seed << "\n" << text);
        const Plan& plan = all->plan;
        MicroUsdPerMonth now{}, after{}, stops{};
        for (Index i = 0; i < plan.databases.size(); ++i) {
            const Recommendation& advice = plan.databases[i].recommendation;
            const InstanceClass* today = all->fleet.databases[i].type;
            CHECK(advice.idle.has_value() == (advice.verdict == Verdict::idle));
            CHECK(advice.serverless.has_value() == (advice.verdict == Verdict::serverless));
            // A reader of a cluster has its primary's.
            const Database& database = all->fleet.databases[i];
            const bool reads = database.platform->cluster && database.replica_of;
            const auto& cluster_stop = plan.databases[database.replica_of.value_or(i)].recommendation.stop;
            CHECK((advice.verdict != Verdict::stop || (reads ? cluster_stop : advice.stop).has_value()));
            CHECK((!reads || !cluster_stop || advice.verdict != Verdict::keep));
            if (advice.idle) {
                ++idle;
                CHECK(assess::usage(all->fleet, plan.topology, i) == Usage::idle);
                CHECK(plan.topology.pools[i].empty());
                CHECK(advice.cls == today);
                CHECK((!advice.cost || advice.cost->value.value == 0));
                CHECK((!advice.stop && !advice.upgrade && !advice.serverless));
            }
            if (advice.serverless) {
                CHECK(advice.cls == today);
                CHECK(advice.serverless->min <= advice.serverless->max);
                CHECK(advice.serverless->saves.value.low.value > 0);
                // A cluster has one range, and the reader that takes over follows no writer on a class.
                const Index primary = database.replica_of.value_or(i);
                const auto& writer = plan.databases[primary].recommendation.serverless;
                const Platform& of_writer = *all->fleet.databases[primary].platform;
                CHECK((!advice.serverless->takes_over || writer || of_writer.elastic != nullptr));
                for (const Index other : plan.topology.replicas[primary])
                    if (const auto& same = plan.databases[other].recommendation.serverless)
                        CHECK((same->min == advice.serverless->min && same->max == advice.serverless->max));
            }
            if (advice.stop) {
                ++stopped;
                CHECK(model::outside_production(all->fleet.databases[i].environment));
                // A cluster's is of all its instances, and no reader has one.
                CHECK(!(all->fleet.databases[i].platform->cluster && all->fleet.databases[i].replica_of));
                // Of capacity that follows the load no more than all that it takes.
                MicroUsdPerMonth list(1);
                const auto add = [&](Index of) {
                    const DatabasePlan& own = plan.databases[of];
                    if (own.recommendation.serverless)
                        list += own.recommendation.serverless->cost.value.high;
                    else if (all->fleet.databases[of].platform->elastic == nullptr)
                        list += own.chosen.list ? own.chosen.list->value : MicroUsdPerMonth(0);
                    else if (own.capacity && own.capacity->cost)
                        list += own.capacity->cost->value.high;
                };
                add(i);
                if (all->fleet.databases[i].platform->cluster)
                    for (const Index reader : plan.topology.replicas[i]) add(reader);
                CHECK(advice.stop->saves.value <= list);
                if (advice.saves || !all->fleet.databases[i].platform->has_classes) stops += advice.stop->saves.value;
            }
            if (!advice.saves || !all->fleet.databases[i].platform->has_classes) continue;
            now += plan.databases[i].now.cost->value;
            after += advice.cost->value;
        }
        for (const PoolerPlan& pooler : plan.poolers) billed += pooler.bill && pooler.bill->now ? 1 : 0;
        if (!plan.totals.now) return;
        const auto more = [](const std::optional<Figure<MicroUsdPerMonth>>& sum) {
            return sum ? sum->value : MicroUsdPerMonth(0);
        };
        CHECK(plan.totals.now->value == now + more(plan.totals.poolers_now));
        CHECK(plan.totals.after->value == after + more(plan.totals.poolers_after));
        CHECK(plan.totals.saves->value == plan.totals.now->value - plan.totals.after->value);
        CHECK(more(plan.totals.stops_save) == stops);
    });
    MESSAGE(idle << " idle, " << stopped << " stopped, " << billed << " proxies with a price");
    CHECK(stopped > 0);
}
