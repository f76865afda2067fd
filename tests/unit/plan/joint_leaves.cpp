// Weighing a strategy leaves no trace, and what a new pooler's size stands on is derived.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/report/report.hpp>

#include "../../../src/plan/joint.hpp"
#include "../../support/any_fleet.hpp"
#include "../../support/fleet.hpp"
#include "../../support/sanitized.hpp"
#include "../../support/typed_in.hpp"

using namespace poolfit;

namespace {

/// Numbers that stand in the figure's own formula as they are.
void literals(const Figures& figures, FigureId id, std::vector<double>& found) {
    for (const FigureId input : figures.inputs(id)) {
        const Node& node = figures[input];
        if (!node.inner) continue;
        if (node.kind == Node::Kind::constant) found.push_back(node.value.high);
        literals(figures, input, found);
    }
}

}  // namespace

TEST_CASE("joint: weighing a strategy leaves the plan as it was, poolers too") {
    std::size_t weighed = 0;
    for (std::uint64_t seed = 0; seed < test::sampled(300) || (weighed == 0 && seed < 300); ++seed) {
        test::Generator generator(seed * 104'729 + 11);
        const auto planned = test::answer(test::any_fleet(generator));
        if (!planned) continue;
        const Fleet& fleet = planned->fleet;
        Plan plan = planned->plan;
        plan.joint.reset();
        for (DatabasePlan& database : plan.databases) database.by_strategy = {};
        std::vector<std::int64_t> before;
        for (const PoolerPlan& pooler : plan.poolers) before.push_back(pooler.size ? pooler.size->value : 0);
        // As what ends an outage does.
        const auto rejudge = [&](Index primary, const std::vector<DatabaseDemand>&, bool to_weigh) {
            if (!to_weigh) return;
            for (const Index p : plan.topology.poolers[primary]) {
                plan.poolers[p].size = Figure<std::int64_t>{before[p] + 1, {}};
                ++weighed;
            }
        };
        const std::vector<char> kept(fleet.databases.size(), 0);
        plan::Weighings weighings{{}, kept};
        plan::join(
            fleet, plan, rejudge, [](const Strategy&) {}, weighings, 1);
        for (Index p = 0; p < plan.poolers.size(); ++p)
            CHECK((plan.poolers[p].size ? plan.poolers[p].size->value : 0) == before[p]);
    }
    CHECK(weighed > 0);
}

TEST_CASE("joint: what the policy leaves a new pooler is derived from the class, not written down") {
    std::size_t by_limit = 0;
    for (std::uint64_t seed = 0; seed < test::sampled(300); ++seed) {
        test::Generator generator(seed * 15'485'863 + 3);
        const std::string text = test::any_fleet(generator);
        const auto planned = test::answer(text);
        if (!planned) continue;
        report::Composing composing;
        composing.derive = true;
        const Report report = report::compose(planned->fleet, test::catalog(), std::move(composing));
        if (report.plan.joint && report.plan.joint->raised) continue;
        for (Index i = 0; i < planned->fleet.databases.size(); ++i) {
            const Key key{{Subject::Kind::database, i}, Name::strategy_server_side, Phase::pooler};
            const auto id = report.figures.find(key);
            if (!id) continue;
            std::vector<double> found;
            literals(report.figures, *id, found);
            for (const double number : found)
                if (number > 1) FAIL_CHECK("seed " << seed << ": " << number << "\n" << text);
            by_limit += std::ranges::any_of(report.strategies, [&](const Strategy& strategy) {
                return std::ranges::any_of(
                    strategy.cons, [](const Point& point) { return point.kind == Point::Kind::server_side_by_limit; });
            });
        }
    }
    if (!test::sanitized) CHECK(by_limit > 0);
}

TEST_CASE("strategies: whichever is taken, each other one that leaves a server over the policy is said not to fit") {
    std::size_t judged = 0;
    for (std::uint64_t seed = 0; seed < test::sampled(600); ++seed) {
        test::Generator generator(seed * 32'452'843 + 7);
        const auto planned = test::answer(test::any_fleet(generator));
        if (!planned) continue;
        const double most = planned->fleet.policy.connections_steady_max->value;
        for (const Strategy& strategy : planned->strategies) {
            const bool over = std::ranges::any_of(strategy.databases, [&](const StrategyDatabase& server) {
                return server.after && static_cast<double>(server.after->value.value) >
                                           most * static_cast<double>(server.usable.value) + 1e-6;
            });
            if (!over || !strategy.applicable) continue;
            CHECK_FALSE(strategy.recommended);
            CHECK(strategy.why.kind == Why::Kind::does_not_fit);
            judged += strategy.role == Strategy::Role::measures;
        }
    }
    CHECK(judged > 0);
}
