// Properties of every strategy, over seeded random inventories: of whichever the table has, not of those remembered.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/report/report.hpp>

#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"

using namespace poolfit;
using namespace poolfit::test;

TEST_CASE("strategies: one is recommended, sums match, measuring changes nothing, all of it is explained") {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Generator generator(seed * 1'000'003 + 77);
        const std::string text = toml(random_fleet(generator));
        INFO("seed " << seed << "\n" << text);
        const Planned planned = plan_text(text);
        const Report report = report::compose(planned.fleet, test::catalog(), PriceTerm::list, {});
        if (planned.fleet.pools.empty()) {
            CHECK(report.strategies.empty());
            continue;
        }
        CHECK(std::ranges::count_if(report.strategies, &Strategy::recommended) == 1);
        for (const Strategy& strategy : report.strategies) {
            INFO(strategy.name);
            CHECK((strategy.applicable || !strategy.recommended));
            CHECK_FALSE(strategy.why.empty());
            CHECK_FALSE(strategy.risk_text.empty());
            REQUIRE(strategy.databases.size() == planned.fleet.databases.size());
            std::int64_t after = 0;
            bool known = true;
            for (const StrategyDatabase& server : strategy.databases) {
                known = known && server.after.has_value();
                if (server.after) after += server.after->value.value;
                if (server.after && server.deploy_after) CHECK(server.deploy_after->value >= server.after->value);
                if (strategy.name == "monitor" && server.before) CHECK(server.after->value == server.before->value);
            }
            CHECK(strategy.after.has_value() == known);
            if (known) CHECK(strategy.after->value.value == after);
            for (const StrategyPool& pool : strategy.pools) {
                const auto& use = planned.fleet.pools[pool.pool].in_use;
                if (strategy.name != "monitor" && use && pool.size)
                    CHECK(static_cast<double>(pool.size->value.value) >= (*use)->high);
            }
        }
        for (const Derivation& figure : report.plan.ledger.all())
            if (figure.origin.kind == Origin::Kind::computed) CHECK_MESSAGE(!figure.inputs.empty(), figure.name);
    }
}

TEST_CASE("phases: each class that changes has one, and a replica is never below its primary in between") {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Generator generator(seed * 1'000'003 + 78);
        const std::string text = toml(random_fleet(generator));
        INFO("seed " << seed << "\n" << text);
        const Planned planned = plan_text(text);
        const Report report = report::compose(planned.fleet, test::catalog(), PriceTerm::list, {});
        std::vector<Connections> now;
        for (const DatabasePlan& plan : report.plan.databases) now.push_back(plan.now.limits.max_nominal.value);
        const auto below = [&](Index i) {
            const auto primary = planned.fleet.databases[i].replica_of;
            return primary && now[i] < now[*primary];
        };
        std::vector<bool> before;
        for (Index i = 0; i < now.size(); ++i) before.push_back(below(i));
        std::size_t moved = 0;
        for (const Phase& phase : report.phases) {
            CHECK_FALSE(phase.steps.empty());
            CHECK_FALSE(phase.rollback.empty());
            if (phase.kind != Phase::Kind::instance) continue;
            ++moved;
            const Index i = phase.databases.front();
            const DatabasePlan& plan = report.plan.databases[i];
            now[i] = plan.candidates[plan.recommendation.candidate].projection->limits.max_nominal.value;
            for (Index j = 0; j < now.size(); ++j)
                if (!before[j]) CHECK_FALSE_MESSAGE(below(j), phase.title);
        }
        CHECK(moved ==
              static_cast<std::size_t>(std::ranges::count_if(report.plan.databases, [](const DatabasePlan& plan) {
                  return plan.recommendation.cls != plan.now.cls;
              })));
    }
}
