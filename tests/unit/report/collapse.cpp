// The story of data/examples/collapse by simulation: each cause agrees with its formula within the run's interval, and
// only the nested checkout hangs. By formula: tests/unit/plan/collapse.cpp.
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/render/simulation.hpp>
#include <poolfit/report/simulation.hpp>

#include "../../support/fleet.hpp"
#include "../simulate/rows.hpp"

using namespace poolfit;

namespace {

Simulation run(const test::Planned& planned) {
    SimulationRequest request;
    request.pools = {0};
    request.threads = 2;
    if (simulate::sanitized) request.transactions = 1e5;
    auto answer = report::simulate(planned.fleet, test::catalog(), request);
    if (const auto* none = std::get_if<NotSimulated>(&answer)) FAIL(render::not_simulated_text(planned.fleet, *none));
    return std::get<Simulation>(std::move(answer));
}

/// Every figure's formula lies in its 95 % interval, but for one in eight by chance; none is off by more than three.
void check_within(const Simulation& simulation) {
    const SimulatedPool& pool = simulation.databases.front().pools.front();
    int outside = 0;
    for (const Compared& figure : pool.figures) {
        if (!figure.formula) continue;
        outside += figure.outside ? 1 : 0;
        CHECK(std::abs(figure.simulated.value - *figure.formula) <= 1.5 * figure.simulated.half_width + 1e-9);
    }
    CHECK(outside <= 1);
    CHECK_FALSE(pool.hangs);
}

}  // namespace

TEST_CASE("collapse by simulation: the call in the transaction queues, and the CPU idles") {
    const auto planned = test::plan_file("collapse/http-call.toml");
    const Simulation simulation = run(planned);
    check_within(simulation);
    CHECK(simulation.databases.front().report.cpu_utilization.value < 0.04);
    CHECK(simulation.databases.front().report.active.value > 9);
}

TEST_CASE("collapse by simulation: the CPU is full") {
    const auto planned = test::plan_file("collapse/cpu.toml");
    const Simulation simulation = run(planned);
    check_within(simulation);
    CHECK(simulation.databases.front().report.cpu_utilization.value > 0.88);
}

TEST_CASE("collapse by simulation: the nested checkout hangs for good, below 20 users hardly, with 9 never") {
    const auto pool_with = [](int users) {
        const auto planned =
            test::plan_file("collapse/nested.toml", {"service.app.pool.main.workload.users=" + std::to_string(users)});
        return run(planned).databases.front().pools.front();
    };
    const SimulatedPool at_28 = pool_with(28), at_9 = pool_with(9);
    CHECK(at_28.hangs);
    CHECK(at_28.deadlocked->value == 1.0);
    CHECK(at_28.deadlock_after->value < 600);
    CHECK_FALSE(at_9.hangs);
    CHECK(at_9.deadlocked->value == 0.0);
}

TEST_CASE("collapse by simulation: fixed, 200 users do not wait") {
    const auto planned = test::plan_file("collapse/fixed.toml");
    const Simulation simulation = run(planned);
    check_within(simulation);
    CHECK(simulation.databases.front().report.cpu_utilization.value < 0.1);
}
