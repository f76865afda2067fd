// Properties of every strategy, over seeded random inventories: of whichever the table has, not of those remembered.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/report/report.hpp>

#include "../../src/render/phase_words.hpp"
#include "../../src/render/strategy_words.hpp"
#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

Report compose(const Planned& planned) {
    report::Composing composing;
    composing.derive = true;
    return report::compose(planned.fleet, test::catalog(), composing);
}

/// Every value has its words.
void check_words(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) CHECK_FALSE(text.empty());
}

}  // namespace

TEST_CASE("strategies: one is recommended, sums match, measuring changes nothing, all of it is explained") {
    for (std::uint64_t seed = 0; seed < sampled(100); ++seed) {
        Generator generator(seed * 1'000'003 + 77);
        const std::string text = toml(rich_fleet(generator));
        INFO("seed " << seed << "\n" << text);
        const Planned planned = plan_text(text);
        const Report report = compose(planned);
        if (planned.fleet.pools.empty()) {
            CHECK(report.strategies.empty());
            continue;
        }
        const auto chosen = std::ranges::count_if(report.strategies, &Strategy::recommended);
        CHECK(chosen <= 1);
        for (const Strategy& strategy : report.strategies) {
            if (chosen == 0 && strategy.applicable)
                CHECK((strategy.why.kind == Why::Kind::does_not_fit || strategy.role == Strategy::Role::measures));
            if (!strategy.recommended) continue;
            for (const StrategyDatabase& server : strategy.databases)
                if (server.after)
                    CHECK(server.after->value <= planned.plan.databases[server.database].chosen.limits.usable.value);
        }
        for (const Strategy& strategy : report.strategies) {
            INFO(strategy.name);
            CHECK((strategy.applicable || !strategy.recommended));
            check_words({render::why_text(report, strategy), render::work_text(strategy.work),
                         render::hazard_text(planned.fleet, strategy.hazard), render::title(planned.fleet, strategy)});
            for (const auto* points : {&strategy.pros, &strategy.cons, &strategy.changes, &strategy.decides})
                check_words(render::point_texts(report, strategy, *points));
            for (const Threshold& threshold : strategy.thresholds)
                check_words({render::quantity_text(planned.fleet, threshold),
                             render::threshold_text(planned.fleet, threshold), render::threshold_brief(threshold)});
            REQUIRE(strategy.databases.size() == planned.fleet.databases.size());
            std::int64_t after = 0;
            bool known = true;
            for (const StrategyDatabase& server : strategy.databases) {
                known = known && server.after.has_value();
                if (server.after) after += server.after->value.value;
                if (server.after && server.deploy_after) CHECK(server.deploy_after->value >= server.after->value);
                // A share of a larger class is a share in whole percent: it can't be as large as today to the
                // connection. Of a limit that is raised, or of a larger class where the plan sets another, it is more.
                const DatabasePlan& its = report.plan.databases[server.database];
                const bool higher = its.chosen.limits.max_planned.value > its.budget.limits.max_planned.value;
                const auto& poolers = report.plan.topology.poolers[server.database];
                const bool kept = std::ranges::any_of(poolers, [&](Index i) {
                    return planned.fleet.poolers[i].kind == Pooler::Kind::proxy &&
                           (higher || report.plan.poolers[i].basis == PoolerPlan::Basis::kept);
                });
                if (strategy.role == Strategy::Role::measures && server.before && !kept)
                    CHECK(server.after->value == server.before->value);
            }
            CHECK(strategy.after.has_value() == known);
            if (known) CHECK(strategy.after->value.value == after);
            for (const StrategyPool& pool : strategy.pools) {
                const Pool& record = planned.fleet.pools[pool.pool];
                // Seen over all databases of the pool.
                if (strategy.role != Strategy::Role::measures && record.in_use && pool.size)
                    CHECK(static_cast<double>(pool.size->value.value * *record.databases) >= (*record.in_use)->high);
            }
        }
        for (const Key& key : report.figures.conflicts()) FAIL_CHECK(assess::name(key, planned.fleet));
        for (const Node& node : report.figures.all())
            if (node.kind == Node::Kind::computed)
                CHECK_MESSAGE(node.inputs > 0, assess::name(node.key, planned.fleet));
    }
}

TEST_CASE("phases: each class that changes has one, and a replica is never below its primary in between") {
    for (std::uint64_t seed = 0; seed < sampled(100); ++seed) {
        Generator generator(seed * 1'000'003 + 78);
        const std::string text = toml(random_fleet(generator));
        INFO("seed " << seed << "\n" << text);
        const Planned planned = plan_text(text);
        const Report report = compose(planned);
        std::vector<Connections> now;
        for (const DatabasePlan& plan : report.plan.databases) now.push_back(plan.now.limits.max_nominal->value);
        const auto below = [&](Index i) {
            const auto primary = planned.fleet.databases[i].replica_of;
            return primary && now[i] < now[*primary];
        };
        std::vector<bool> before;
        for (Index i = 0; i < now.size(); ++i) before.push_back(below(i));
        std::size_t moved = 0;
        for (const Action& action : report.phases) {
            CHECK_FALSE(action.steps.empty());
            const std::string title = render::title(report, action);
            check_words({title, render::work_text(report, action), render::downtime_text(report, action),
                         render::rollback_text(report, action)});
            check_words(render::step_texts(report, action));
            check_words(render::watch_texts(report, action));
            check_words(render::success_texts(report, action));
            if (action.kind != Action::Kind::instance) continue;
            ++moved;
            const Index i = action.databases.front();
            now[i] = report.plan.databases[i].chosen.limits.max_nominal->value;
            for (Index j = 0; j < now.size(); ++j)
                if (!before[j]) CHECK_FALSE_MESSAGE(below(j), title);
        }
        CHECK(moved ==
              static_cast<std::size_t>(std::ranges::count_if(report.plan.databases, [](const DatabasePlan& plan) {
                  return plan.recommendation.cls != plan.now.cls;
              })));
    }
}
