// What pictures show, against the plan's own figures and against formulas.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/report/pictures.hpp>
#include <poolfit/report/report.hpp>
#include <tests/support/fleet.hpp>

using namespace poolfit;

namespace {

struct Made {
    test::Planned planned;
    Report report;
};

Made report_of(test::Planned planned) {
    Made made{std::move(planned), {}};
    report::Composing composing;
    composing.depth = plan::Depth::cheaper;
    made.report = report::compose(made.planned.fleet, test::catalog(), std::move(composing));
    return made;
}

// 60/s for 12 ms each: 0.72 busy on average.
constexpr const char* open_load = R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "orders"
engine = "postgresql"
version = "16.4"
class = "db.t3.large"
[database.observed]
cpu_mean = "10%"
cpu_peak = "20%"
freeable_memory = "4 GiB"
[[service]]
name = "api"
instances = 4
deploy = "rolling"
[[service.pool]]
name = "main"
database = "orders"
max = 9
[service.pool.workload]
rate = "60/s"
hold = "12 ms"
)";

}  // namespace

TEST_CASE("classes: today's and the recommended one are there once, with the limit that the plan calls the nearest") {
    const Made made = report_of(test::plan_file("agora/poolfit.toml"));
    for (const Index i : made.report.shown) {
        const auto points = report::candidate_points(made.report, i, 60);
        CHECK(std::ranges::count_if(points, &CandidatePoint::today) == 1);
        const auto chosen = std::ranges::find_if(points, &CandidatePoint::chosen);
        REQUIRE(chosen != points.end());
        const DatabaseView& view = report::view_of(made.report, i);
        CHECK(chosen->nearest.dimension == view.binding->dimension);
        CHECK(chosen->nearest.share == view.binding->share);
        CHECK(chosen->cost == made.report.plan.databases[i].recommendation.cost->value);
        CHECK(std::ranges::is_sorted(points, {}, &CandidatePoint::cost));
        // What fits is inside its limits.
        for (const CandidatePoint& point : points)
            if (point.state == CandidatePoint::State::fits) CHECK(point.nearest.share <= 1.0 + 1e-9);
    }
    // Of the others only the nearest in price.
    CHECK(report::candidate_points(made.report, 0, 1).size() <= 3);
}

TEST_CASE("classes: those at over three times the cost of today's and the recommended one are left out") {
    const Made made = report_of(test::plan_file("mixed/poolfit.toml"));
    const Index billing = 0;  // $1,331.52 today, and classes up to $40,000
    const auto& costs = made.report.plan.databases[billing].candidates;
    CHECK(std::ranges::any_of(costs, [](const Candidate& each) { return each.cost && each.cost->value > 40e9; }));
    const auto points = report::candidate_points(made.report, billing, 60);
    CHECK(points.size() > 20);
    CHECK(points.back().cost.value <= 3 * made.report.plan.databases[billing].now.cost->value.value);
}

TEST_CASE("waits fall with the size of a pool, and where they meet the goal, larger ones do") {
    const Made made = report_of(test::plan_text(open_load));
    const WaitCurve curve = report::wait_curve(made.report, 0);
    REQUIRE(curve.points.size() > 3);
    CHECK(std::ranges::count_if(curve.points, &WaitPoint::today) == 1);
    CHECK(std::ranges::count_if(curve.points, &WaitPoint::chosen) == 1);
    for (std::size_t k = 1; k < curve.points.size(); ++k) {
        CHECK(curve.points[k].size > curve.points[k - 1].size);
        CHECK(curve.points[k].wait.value <= curve.points[k - 1].wait.value + 1e-9);
        CHECK(curve.points[k].meets >= curve.points[k - 1].meets);
    }
    // Of one connection: M/M/1 with a load of 0.72, W(99 %) = 12 ms / 0.28 × ln(0.72 / 0.01).
    CHECK(!curve.mean);
    CHECK(curve.points.front().size == Connections(1));
    CHECK(curve.points.front().wait.value == doctest::Approx(12 / 0.28 * std::log(72)).epsilon(1e-6));
    const auto chosen = std::ranges::find_if(curve.points, &WaitPoint::chosen);
    const RatedPool& rated = *made.report.plan.pools[0].load->after;
    CHECK(chosen->size == rated.figures.size);
    CHECK(chosen->wait == *rated.figures.wait_p99);
}

TEST_CASE("a size that cannot carry the load is no point of the curve, and is named") {
    std::string heavy = open_load;
    heavy.replace(heavy.find("60/s"), 4, "200/s");  // 2.4 busy: 1 and 2 are overloaded
    const Made made = report_of(test::plan_text(heavy));
    const WaitCurve curve = report::wait_curve(made.report, 0);
    CHECK(curve.overloaded == Connections(2));
    CHECK(curve.points.front().size == Connections(3));
    CHECK(report::wait_curve(report_of(test::plan_file("agora/poolfit.toml")).report, 0).points.empty());
}

TEST_CASE("instances: each number has the figures of the plan's table, and today's those of the plan") {
    for (const char* example : {"agora/poolfit.toml", "rolling/poolfit.toml", "multi-az/poolfit.toml"}) {
        const Made made = report_of(test::plan_file(example));
        for (const Index i : made.report.shown) {
            const auto all = report::each_number(made.report, i);
            const auto& view = report::view_of(made.report, i).instances;
            REQUIRE(all.has_value() == view.has_value());
            if (!all) continue;
            for (const InstancesView::Row& row : view->rows) {
                const auto at = std::ranges::find(all->rows, row.instances, &InstancesView::Row::instances);
                REQUIRE(at != all->rows.end());
                CHECK(at->steady == row.steady);
                CHECK(at->deploy == row.deploy);
            }
            const DatabaseDemand& after = made.report.plan.databases[i].after;
            CHECK(all->rows[all->today].steady == after.allocated->value);
            CHECK(all->rows[all->today].deploy == after.deploy_peak->value);
            // As many as fit, and no more.
            for (const InstancesView::Row& row : all->rows)
                CHECK((row.steady <= view->usable) == (row.instances <= view->fits));
        }
    }
}

TEST_CASE("where a tool changed its period, a line goes on") {
    series::TimeSeries series;
    series.period = 60;
    for (int i = 0; i < 600; ++i) series.points.push_back({i * 60, 0.1, 0});
    for (int i = 0; i < 48; ++i) series.points.push_back({36'000 + i * 3'600, 0.2, 0});
    CHECK(report::thinned(series).size() == 1);
}

TEST_CASE("a series is thinned to its highest values, and a gap ends a line") {
    series::TimeSeries series;
    series.period = 60;
    for (int i = 0; i < 5000; ++i)
        if (i < 2000 || i >= 3000) series.points.push_back({i * 60, i == 1234 ? 0.9 : 0.1, 0});
    const Thinned lines = report::thinned(series);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].size() + lines[1].size() <= 282);
    CHECK(std::ranges::count(lines[0], 0.9, &std::pair<series::Instant, double>::second) == 1);
    CHECK(std::ranges::is_sorted(lines[0]));
}
