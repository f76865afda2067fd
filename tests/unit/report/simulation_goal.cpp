// What `simulate` says of sizes: which one meets the policy's goal, what is full where none does, and what a bound that
// says nothing is not printed as.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/queue/mmc.hpp>
#include <poolfit/render/simulation.hpp>
#include <poolfit/report/simulation.hpp>

#include "../../support/fleet.hpp"
#include "../../support/sanitized.hpp"
#include "../../support/text.hpp"

using namespace poolfit;
using NoSize = SimulatedGoal::NoSize;
using Met = SimulatedGoal::Met;

namespace {

/// db.m5.large: two vCPUs.
test::Planned with(std::string_view pools) {
    return test::plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = "
                    "\"main\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n{}",
                    pools));
}
std::string pool(std::string_view name, int max, std::string_view workload, std::string_view target = "main") {
    return fmt::format(
        "[[service]]\nname = \"{}\"\n[[service.pool]]\nname = \"rw\"\ndatabase = \"{}\"\nmax = {}\n"
        "[service.pool.workload]\n{}",
        name, target, max, workload);
}
constexpr std::string_view bouncer =
    "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\ndatabase = \"main\"\nmode = \"transaction\"\n"
    "default_pool_size = 4\n";

Simulation run(const Fleet& fleet, double transactions = 2e5) {
    SimulationRequest request;
    for (Index i = 0; i < fleet.pools.size(); ++i) request.pools.push_back(i);
    request.transactions = test::sanitized ? transactions / 4 : transactions;
    const auto answer = report::simulate(fleet, test::catalog(), request);
    if (const auto* none = std::get_if<NotSimulated>(&answer)) FAIL(render::not_simulated_text(fleet, *none));
    return std::get<Simulation>(answer);
}

std::string words(const Simulation& simulation) { return test::on_one_line(render::simulation_text(simulation, {})); }
bool says(const Simulation& simulation, std::string_view text) { return test::contains(words(simulation), text); }

}  // namespace

TEST_CASE("a size that meets the goal is the formula's, or one more") {
    const auto planned = with(pool("api", 9, "rate = \"400/s\"\nhold = \"20 ms\"\n"));
    const Simulation s = run(planned.fleet, 1e6);
    const SimulatedGoal& goal = *s.databases[0].pools[0].goal;
    CHECK(goal.met == Met::no);
    REQUIRE(goal.size);
    std::int64_t exact = 9;
    for (;; ++exact) {
        const auto answer = queue::solve_mmc(Erlangs(8), Millis(20), Connections(exact));
        if (queue::p_wait_over(std::get<queue::Mmc>(answer), goal.wait) <= goal.share) break;
    }
    CHECK(goal.size->value >= exact - (test::sanitized ? 1 : 0));
    CHECK(goal.size->value <= exact + (test::sanitized ? 5 : 1));
    CHECK(goal.over_at_size.high() <= goal.share);
    CHECK(s.databases[0].pools[0].full == FullPart::none);
}

TEST_CASE("a CPU that timeouts keep from growing without end is what is full, and no size is looked for") {
    const auto planned =
        with(pool("api", 10, "rate = \"300/s\"\nhold = \"20 ms\"\ncpu = \"10 ms\"\nacquire_timeout = \"1 s\"\n") +
             pool("batch", 10, "rate = \"50/s\"\nhold = \"20 ms\"\ncpu = \"2 ms\"\nacquire_timeout = \"1 s\"\n"));
    const Simulation s = run(planned.fleet);
    const SimulatedDatabase& server = s.databases[0];
    CHECK(server.pools[0].full == FullPart::cpu);
    CHECK(server.pools[0].goal->no_size == NoSize::cpu);
    CHECK(server.pools[1].full == FullPart::none);
    CHECK(server.pools[1].goal->met != Met::no);
    CHECK(says(s, "the database's CPU is saturated; the pool in front of it is full too"));
    CHECK(says(s, "no size meets it: the database's CPU is saturated"));
    // Bounds that say nothing are not there.
    CHECK_FALSE(server.cpu.formula.has_value());
    for (const SimulatedPool& one : server.pools)
        for (const Compared& figure : one.figures)
            if (figure.formula && figure.bound == Bound::at_least) CHECK(*figure.formula > 0);
    for (const std::string_view empty : {"≥\u00A00", "≥\u00A0<", "≤\u00A0100\u00A0%"}) CHECK_FALSE(says(s, empty));
}

TEST_CASE("a pooler that is full is named, with a timeout or without") {
    for (const std::string_view timeout : {"", "acquire_timeout = \"500 ms\"\n"}) {
        const auto planned =
            with(std::string(bouncer) +
                 pool("api", 10, fmt::format("rate = \"250/s\"\nhold = \"20 ms\"\n{}", timeout), "bouncer"));
        const Simulation s = run(planned.fleet);
        const SimulatedPool& one = s.databases[0].pools[0];
        CHECK(one.full == FullPart::pooler);
        CHECK(one.goal->no_size == NoSize::pooler);
        CHECK_FALSE(one.goal->size.has_value());
        CHECK(says(s, "no size meets it: all server connections of bouncer are in use"));
        CHECK_FALSE(says(s, "no size up to"));
    }
    // Half of it: the pooler is not what the pool lacks.
    const auto planned = with(std::string(bouncer) + pool("api", 2, "rate = \"80/s\"\nhold = \"20 ms\"\n", "bouncer"));
    const Simulation s = run(planned.fleet);
    CHECK(s.databases[0].pools[0].full == FullPart::none);
    CHECK(s.databases[0].pools[0].goal->no_size == NoSize::none);
}

TEST_CASE("a search that would take too long is not begun, and the text says so") {
    const auto planned = with(pool("api", 5, "users = 15000\nthink = \"60 s\"\nhold = \"20 ms\"\n"));
    const Simulation s = run(planned.fleet, 5e4);
    const SimulatedGoal& goal = *s.databases[0].pools[0].goal;
    REQUIRE(goal.met != Met::yes);
    if (goal.no_size == NoSize::too_short) return;  // under sanitizers
    CHECK(goal.no_size == NoSize::not_searched);
    CHECK(goal.tried == Connections(5));
    CHECK(says(s, "larger ones were not tried"));
    CHECK(render::simulation_json(s).find("\"no_size\": \"not-searched\"") != std::string::npos);
}

TEST_CASE("nested checkouts: what the simulation locks up is what PF011 reports, and no size is safe for both") {
    const auto is_reported = [](const test::Planned& planned) {
        const auto findings = test::lint(planned);
        return std::ranges::any_of(findings, [](const Finding& f) { return f.rule->id == "PF011"; });
    };
    for (const int nested : {1, 2}) {
        const int floor = 12 * nested + 1;
        for (const int size : {nested + 2, floor - 1, floor, floor + 3}) {
            CAPTURE(nested);
            CAPTURE(size);
            const auto planned = with(pool(
                "api", size, fmt::format("users = 12\nthink = \"10 ms\"\nhold = \"40 ms\"\nnested = {}\n", nested)));
            const SimulatedPool one = run(planned.fleet, 5e4).databases[0].pools[0];
            REQUIRE(one.deadlock_floor);
            CHECK(one.deadlock_floor->value == floor);
            CHECK(is_reported(planned) == (size < floor));
            if (size >= floor) CHECK(one.deadlocked->value == 0);
            if (size == nested + 2) CHECK(one.hangs);
            if (one.goal && one.goal->size) CHECK(one.goal->size->value >= floor);
        }
    }
    const auto open = with(pool("api", 40, "rate = \"100/s\"\nhold = \"20 ms\"\nnested = 1\n"));
    const SimulatedPool one = run(open.fleet, 5e4).databases[0].pools[0];
    CHECK(is_reported(open));
    CHECK_FALSE(one.deadlock_floor.has_value());
    CHECK(one.goal->no_size == NoSize::never_safe);
    CHECK(one.goal->met != Met::yes);
}
