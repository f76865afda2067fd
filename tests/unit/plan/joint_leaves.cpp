// Weighing a strategy leaves no trace, and what a new pooler's size stands on is derived.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/report/report.hpp>

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

TEST_CASE("joint: poolers that a weighed strategy's way out would resize keep the plan's size") {
    std::size_t resized = 0;
    for (std::uint64_t seed = 0; seed < test::sampled(600); ++seed) {
        test::Generator generator(seed * 104'729 + 11);
        const std::string text = test::any_fleet(generator);
        const auto planned = test::answer(text);
        if (!planned) continue;
        for (Index i = 0; i < planned->fleet.poolers.size(); ++i) {
            const PoolerPlan& pooler = planned->plan.poolers[i];
            if (!pooler.right_sized || pooler.basis != PoolerPlan::Basis::limit) continue;
            ++resized;
            // What ends the outage of its server did that, and no other way.
            const DatabasePlan& server = planned->plan.databases[planned->fleet.poolers[i].database];
            if (server.recommendation.summary.kind != Summary::Kind::smaller_pooler)
                FAIL_CHECK("seed " << seed << ", " << *planned->fleet.poolers[i].name << "\n" << text);
        }
    }
    CHECK(resized > 0);
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
                return std::ranges::any_of(strategy.cons, [](const Point& point) {
                    return point.kind == Point::Kind::server_side_by_limit;
                });
            });
        }
    }
    CHECK(by_limit > 0);
}
