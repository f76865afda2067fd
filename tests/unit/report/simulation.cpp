// What `simulate` reports of small inventories, against the formulas where they are exact.
#include <poolfit/report/simulation.hpp>

#include <cmath>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/model/scale.hpp>
#include <poolfit/render/simulation.hpp>

#include "../../support/fleet.hpp"
#include "../../support/text.hpp"
#include "../simulate/rows.hpp"

using namespace poolfit;
using test::contains;
using test::on_one_line;

namespace {

constexpr std::string_view head = R"(
schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name   = "main"
engine = "postgresql"
class  = "db.m5.xlarge"
)";

std::string pool_text(std::string_view name, std::string_view max, std::string_view workload,
                      std::string_view target = "main") {
    return fmt::format(R"([[service]]
name = "{}"
[[service.pool]]
name     = "rw"
database = "{}"
{}
{}{}
)",
                       name, target, max, workload.empty() ? "" : "[service.pool.workload]\n", workload);
}

test::Planned one_pool(std::string_view workload, std::string_view max = "max = 10") {
    return test::plan_text(fmt::format("{}{}", head, pool_text("api", max, workload)));
}

SimulationRequest request_for(const Fleet& fleet) {
    SimulationRequest request;
    for (Index i = 0; i < fleet.pools.size(); ++i) request.pools.push_back(i);
    if (simulate::sanitized) request.transactions = 1e5;
    return request;
}

Simulation run(const Fleet& fleet, const SimulationRequest& request) {
    const auto answer = report::simulate(fleet, test::catalog(), request);
    if (const auto* none = std::get_if<NotSimulated>(&answer)) FAIL(render::not_simulated_text(fleet, *none));
    return std::get<Simulation>(answer);
}
Simulation run(const Fleet& fleet) { return run(fleet, request_for(fleet)); }

const Compared& figure(const SimulatedPool& pool, PoolFigure which) {
    return pool.figures[static_cast<std::size_t>(which)];
}

/// All figures within their intervals, at most one just outside (eight intervals of 95 %).
void check_agrees(const SimulatedPool& pool) {
    int outside = 0;
    for (const FigureRow& row : report::figure_rows()) {
        const Compared& f = figure(pool, row.figure);
        REQUIRE_MESSAGE(f.formula.has_value(), row.key);
        outside += f.outside ? 1 : 0;
        if (f.difference && f.simulated.value > 1e-4 && !simulate::sanitized)
            CHECK_MESSAGE(std::fabs(*f.difference) < 0.05, row.key);
    }
    if (!simulate::sanitized) CHECK(outside <= 1);
}

}  // namespace

TEST_CASE("one open pool with cv 1: Erlang's C") {
    const auto planned = one_pool("rate = \"400/s\"\nhold = \"20 ms\"");
    const Simulation s = run(planned.fleet);
    REQUIRE(s.databases.size() == 1);
    REQUIRE(s.databases[0].pools.size() == 1);
    const SimulatedPool& pool = s.databases[0].pools[0];
    CHECK(pool.method == "erlang-c");
    CHECK(pool.size == Connections(10));
    CHECK(pool.busy.value == doctest::Approx(8).epsilon(0.02));
    check_agrees(pool);
}

TEST_CASE("one closed pool with cv 1: the finite source") {
    const auto planned = one_pool("users = 28\nthink = \"1 s\"\nhold = \"500 ms\"");
    const Simulation s = run(planned.fleet);
    CHECK(s.databases[0].pools[0].method == "finite-source");
    check_agrees(s.databases[0].pools[0]);
}

TEST_CASE("one closed pool with a CPU of its own: the closed network knows it, too") {
    const auto planned = one_pool("users = 40\nthink = \"5 s\"\nhold = \"2 s\"\ncpu = \"1 s\"\nexternal = \"1 s\"");
    const Simulation s = run(planned.fleet);
    const SimulatedPool& pool = s.databases[0].pools[0];
    CHECK(pool.method == "closed-network");
    if (simulate::sanitized) return;
    CHECK(s.databases[0].report.cpu_utilization.value > 0.9);
    check_agrees(pool);
}

TEST_CASE("a shared CPU makes the formula a bound") {
    const auto planned = test::plan_text(
        fmt::format("{}{}{}", head, pool_text("api", "max = 10", "rate = \"300/s\"\nhold = \"20 ms\"\ncpu = \"5 ms\""),
                    pool_text("batch", "max = 10", "rate = \"150/s\"\nhold = \"20 ms\"\ncpu = \"10 ms\"")));
    const Simulation s = run(planned.fleet);
    const SimulatedPool& pool = s.databases[0].pools[0];
    CHECK(figure(pool, PoolFigure::utilization).bound == Bound::at_least);
    CHECK_FALSE(figure(pool, PoolFigure::utilization).outside);
    CHECK(figure(pool, PoolFigure::throughput).bound == Bound::exact);
    REQUIRE(pool.deviation.kind == Deviation::Kind::ignored);
    REQUIRE(pool.deviation.ignored.size() == 1);
    CHECK(pool.deviation.ignored[0].kind == Deviation::Ignored::Kind::cpu);
    CHECK(pool.deviation.ignored[0].record == 0);
    CHECK(pool.deviation.ignored[0].stretch == s.databases[0].report.stretch.value);
    CHECK(on_one_line(render::simulation_text(s, {}))
              .find("the formula ignores that the CPU of main is shared: CPU time takes 1.") != std::string::npos);
    CHECK(s.databases[0].report.stretch.value > 1.2);
}

TEST_CASE("what is shown changes no figure") {
    const auto planned = test::plan_text(
        fmt::format("{}{}{}", head, pool_text("api", "max = 10", "rate = \"300/s\"\nhold = \"20 ms\"\ncpu = \"5 ms\""),
                    pool_text("batch", "max = 10", "rate = \"99/s\"\nhold = \"20 ms\"\ncpu = \"9 ms\"")));
    SimulationRequest request = request_for(planned.fleet);
    request.transactions = 1e5;
    const Simulation both = run(planned.fleet, request);
    request.pools = {1};
    const Simulation one = run(planned.fleet, request);
    REQUIRE(both.databases[0].pools.size() == 2);
    REQUIRE(one.databases[0].pools.size() == 1);
    CHECK(one.databases[0].pools[0].pool == 1);
    for (const FigureRow& row : report::figure_rows())
        CHECK(figure(one.databases[0].pools[0], row.figure).simulated.value ==
              figure(both.databases[0].pools[1], row.figure).simulated.value);
}

TEST_CASE("the same bytes for 1, 2 and 3 threads; another seed gives others") {
    const auto planned =
        one_pool("rate = \"300/s\"\nhold = \"20 ms\"\ncv = 2\ncpu = \"5 ms\"\nacquire_timeout = \"1 s\"");
    SimulationRequest request = request_for(planned.fleet);
    request.transactions = 1e5;
    const std::string one = render::simulation_json(run(planned.fleet, request));
    for (const int threads : {2, 3}) {
        request.threads = threads;
        CHECK(render::simulation_json(run(planned.fleet, request)) == one);
    }
    request.seed = 2;
    CHECK(render::simulation_json(run(planned.fleet, request)) != one);
}

TEST_CASE("twice the load") {
    auto planned = one_pool("rate = \"100/s\"\nhold = \"20 ms\"");
    SimulationRequest request = request_for(planned.fleet);
    request.transactions = 1e5;
    const double before =
        figure(run(planned.fleet, request).databases[0].pools[0], PoolFigure::throughput).simulated.value;
    model::scale_load(planned.fleet, 2);
    const Compared after = figure(run(planned.fleet, request).databases[0].pools[0], PoolFigure::throughput);
    CHECK(after.simulated.value == doctest::Approx(2 * before).epsilon(0.03));
    CHECK(after.formula == doctest::Approx(200));
}

TEST_CASE("past saturation") {
    const auto planned = one_pool("rate = \"600/s\"\nhold = \"20 ms\"");
    const Simulation s = run(planned.fleet);
    const SimulatedPool& pool = s.databases[0].pools[0];
    CHECK(pool.overloaded);
    CHECK(figure(pool, PoolFigure::throughput).simulated.value == doctest::Approx(500).epsilon(0.02));
    CHECK(figure(pool, PoolFigure::throughput).formula == doctest::Approx(500));
    CHECK(figure(pool, PoolFigure::utilization).formula == 1);
    CHECK(!figure(pool, PoolFigure::wait_mean).formula);
    const std::string text = render::simulation_text(s, {});
    CHECK(text.find("load exceeds capacity: waits grow without bound") != std::string::npos);
    CHECK(text.find("wait mean") == std::string::npos);

    if (simulate::sanitized) return;  // so few transactions do not make a queue of thousands
    // Nobody waits for ever, but thousands wait: they are cut off, so the formula's waits are no match.
    const auto patient = one_pool("rate = \"600/s\"\nhold = \"20 ms\"\nacquire_timeout = \"100 s\"");
    const Simulation long_queue = run(patient.fleet);
    CHECK(long_queue.databases[0].pools[0].overloaded);
    CHECK(!figure(long_queue.databases[0].pools[0], PoolFigure::wait_mean).formula);
    CHECK(render::simulation_text(long_queue, {}).find("thousands wait") != std::string::npos);
}

TEST_CASE("no limit, no workload, and what cannot be simulated") {
    const auto unlimited = one_pool("rate = \"100/s\"\nhold = \"20 ms\"", "driver = \"database/sql\"");
    SimulationRequest few = request_for(unlimited.fleet);
    few.transactions = 1e5;
    const Simulation without = run(unlimited.fleet, few);
    const SimulatedPool& pool = without.databases[0].pools[0];
    CHECK(!pool.size);
    CHECK(std::holds_alternative<NoLimit>(pool.no_formula));
    const std::string page = on_one_line(render::simulation_text(without, {}));
    CHECK(page.find("formula none for a pool without a limit") != std::string::npos);
    CHECK(page.find("note no size is known: simulated without a limit, so there are no waits") != std::string::npos);
    CHECK(pool.busy.value == doctest::Approx(2).epsilon(0.05));
    CHECK(figure(pool, PoolFigure::p_wait).simulated.value == 0);
    REQUIRE(!pool.notes.empty());
    CHECK(pool.notes[0] == PoolNote::no_size);
    const auto planned =
        test::plan_text(fmt::format("{}{}{}", head, pool_text("api", "max = 10", "rate = \"100/s\"\nhold = \"20 ms\""),
                                    pool_text("idle", "max = 10", "")));
    SimulationRequest request = request_for(planned.fleet);
    request.transactions = 1e5;
    CHECK(run(planned.fleet, request).left_out == std::vector<Index>{1});

    const auto wide = one_pool("rate = \"100/s\"\nhold = \"20 ms\"\ncv = 0.001");
    const auto answer = report::simulate(wide.fleet, test::catalog(), request_for(wide.fleet));
    REQUIRE(std::holds_alternative<NotSimulated>(answer));
    CHECK(render::not_simulated_text(wide.fleet, std::get<NotSimulated>(answer)) ==
          "api.rw: a coefficient of variation must be from 0.01 to 30");
    const auto many = one_pool("users = 200000\nthink = \"1 s\"\nhold = \"20 ms\"");
    const auto refused = report::simulate(many.fleet, test::catalog(), request_for(many.fleet));
    REQUIRE(std::holds_alternative<NotSimulated>(refused));
    CHECK(std::get<NotSimulated>(refused).kind == NotSimulated::Kind::too_large);
    CHECK(render::not_simulated_text(many.fleet, std::get<NotSimulated>(refused)) ==
          "main: at most 20000 processes and users can be simulated, but there are 200000");
}

TEST_CASE("a pooler's server side is that of the plan, and session mode says what it hides") {
    const auto text = [](std::string_view mode) {
        return fmt::format(
            "{}[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\ndatabase = \"main\"\nmode = \"{}\"\n"
            "default_pool_size = 4\n{}",
            head, mode, pool_text("api", "max = 10", "rate = \"100/s\"\nhold = \"20 ms\"", "bouncer"));
    };
    for (const std::string_view mode : {"transaction", "session"}) {
        const auto planned = test::plan_text(text(mode));
        SimulationRequest request = request_for(planned.fleet);
        request.transactions = 1e5;
        const Simulation s = run(planned.fleet, request);
        REQUIRE(s.databases[0].poolers.size() == 1);
        const SimulatedPooler& pooler = s.databases[0].poolers[0];
        CHECK(pooler.connections == Connections(4));
        CHECK(pooler.report.utilization.value == doctest::Approx(0.5).epsilon(0.05));
        const std::string page = on_one_line(render::simulation_text(s, {}));
        const auto says = [&](std::string_view words) { return page.find(words) != std::string::npos; };
        CHECK((pooler.note.kind == PoolerNote::Kind::session) == (mode == "session"));
        CHECK(says("session mode: 10 pool connections share 4 server connections") == (mode == "session"));
        CHECK(says("transactions wait for server connections of bouncer"));
    }
}

TEST_CASE("nested checkouts: the floor, and what hangs below it") {
    for (const std::string_view max : {"max = 10", "max = 29"}) {
        const auto planned = one_pool("users = 28\nthink = \"2.5 s\"\nhold = \"1.5 s\"\nnested = 1", max);
        SimulationRequest request = request_for(planned.fleet);
        request.transactions = 5e4;
        const SimulatedPool pool = run(planned.fleet, request).databases[0].pools[0];
        CHECK(pool.deadlock_floor == Connections(29));
        REQUIRE(pool.deadlocked);
        CHECK(pool.hangs == (max == "max = 10"));
        CHECK(pool.deadlocked->value == (pool.hangs ? 1 : 0));
    }
}

TEST_CASE("a deadlock is watched for some of its timeouts, and no wait that nobody ended counts as 0") {
    for (const std::string_view max : {"max = 5", "max = 8"}) {
        const auto planned = one_pool("rate = \"120/s\"\nhold = \"8 ms\"\nnested = 1\nacquire_timeout = \"30 s\"", max);
        SimulationRequest request = request_for(planned.fleet);
        request.seconds = 600;
        const Simulation s = run(planned.fleet, request);
        const SimulatedDatabase& server = s.databases[0];
        CHECK(server.seconds >= 150);
        CHECK(server.transactions > 1000);
        CHECK(!server.precise);
        CHECK(server.pools[0].deadlocked->value > 0);
        CHECK(figure(server.pools[0], PoolFigure::wait_mean).simulated.value > 1000);
        CHECK(figure(server.pools[0], PoolFigure::p_wait).simulated.value > 0.5);
        const std::string text = on_one_line(render::simulation_text(s, {}));
        CHECK(text.find("known to 0 %") == std::string::npos);
        CHECK(text.find("about --seconds ") != std::string::npos);
    }
    // Too short a run for one timeout says so.
    const auto planned =
        one_pool("rate = \"120/s\"\nhold = \"8 ms\"\nnested = 1\nacquire_timeout = \"30 s\"", "max = 5");
    SimulationRequest request = request_for(planned.fleet);
    request.seconds = 12;
    const Simulation s = run(planned.fleet, request);
    CHECK(!s.databases[0].precise);
    CHECK(!s.databases[0].warmed_up);
    CHECK(render::simulation_text(s, {}).find("The run does not reach steady state") != std::string::npos);
}

TEST_CASE("a pool that hangs for good is never precise, and its waits are not known") {
    const auto planned = one_pool("rate = \"120/s\"\nhold = \"8 ms\"\nnested = 1", "max = 3");
    SimulationRequest request = request_for(planned.fleet);
    request.seconds = 600;
    const Simulation s = run(planned.fleet, request);
    const SimulatedPool& pool = s.databases[0].pools[0];
    CHECK(pool.hangs);
    CHECK(!s.databases[0].precise);
    for (const PoolFigure which : {PoolFigure::p_wait, PoolFigure::wait_mean, PoolFigure::wait_p99}) {
        CHECK(!std::isfinite(figure(pool, which).simulated.value));
        CHECK(!figure(pool, which).outside);
        CHECK(!figure(pool, which).difference);
    }
    CHECK(render::simulation_json(s).find("\"wait_mean_ms\": {\"value\": null, \"half_width\": null") !=
          std::string::npos);
}

TEST_CASE("a deploy adds its surge for the middle third; recreate adds none") {
    const auto text = [](std::string_view deploy) {
        return fmt::format(
            "{}[[service]]\nname = \"api\"\ninstances = 3\ndeploy = \"{}\"\n[[service.pool]]\nname = "
            "\"rw\"\ndatabase = \"main\"\nmax = 10\n[service.pool.workload]\nrate = \"50/s\"\nhold = \"20 ms\"\n",
            head, deploy);
    };
    const auto rolling = test::plan_text(text("rolling"));
    SimulationRequest request = request_for(rolling.fleet);
    request.deploys = {0};
    request.seconds = 30;
    const Simulation s = run(rolling.fleet, request);
    REQUIRE(s.deploys.size() == 1);
    CHECK(s.deploys[0].extra_instances == 1);  // 25 % of 3, rounded up
    CHECK(s.deploys[0].start == doctest::Approx(10));
    CHECK(s.deploys[0].end == doctest::Approx(20));
    const SimulatedDatabase& server = s.databases[0];
    CHECK(server.story);
    CHECK(!server.precise);
    CHECK(server.seconds == 30);  // all of it, nothing left out
    // The load is the same, and a third of the time there are 40 connections and not 30.
    CHECK(figure(server.pools[0], PoolFigure::throughput).simulated.value == doctest::Approx(150).epsilon(0.05));
    CHECK(figure(server.pools[0], PoolFigure::utilization).simulated.value ==
          doctest::Approx(3 / (100.0 / 3)).epsilon(0.06));

    const auto recreate = test::plan_text(text("recreate"));
    const auto answer = report::simulate(recreate.fleet, test::catalog(), request);
    REQUIRE(std::holds_alternative<NotSimulated>(answer));
    CHECK(std::get<NotSimulated>(answer).kind == NotSimulated::Kind::no_surge);
    CHECK(render::not_simulated_text(recreate.fleet, std::get<NotSimulated>(answer)) ==
          "a deploy of api: it adds no instances (deploy = recreate, or no surge)");
}

TEST_CASE("a deploy's connections: of the services that are deployed alone, beside what the database allows") {
    const auto fleet_with = [](int max) {
        return test::plan_text(fmt::format(
            "{}[[service]]\nname = \"api\"\ninstances = 3\n[[service.pool]]\nname = \"rw\"\ndatabase = \"main\"\nmax = "
            "{}\n[service.pool.workload]\nrate = \"50/s\"\nhold = \"20 ms\"\n[[service]]\nname = \"batch\"\ninstances "
            "= "
            "2\n[[service.pool]]\nname = \"rw\"\ndatabase = \"main\"\nmax = 7\n",
            head, max));
    };
    const auto planned = fleet_with(10);
    SimulationRequest request = request_for(planned.fleet);
    request.deploys = {0};
    request.seconds = 3;
    const Simulation s = run(planned.fleet, request);
    REQUIRE(s.databases[0].in_deploy);
    CHECK(s.databases[0].in_deploy->allocated == Connections(4 * 10 + 2 * 7));
    CHECK(!s.databases[0].in_deploy->at_least);
    const std::string text = on_one_line(render::simulation_text(s, {}));
    CHECK(text.find("its pools can open 54 connections in the deploy; ") != std::string::npos);
    CHECK(text.find("refused") == std::string::npos);

    const auto many = fleet_with(1000);
    const Simulation over = run(many.fleet, request);
    REQUIRE(over.databases[0].in_deploy);
    CHECK(over.databases[0].in_deploy->allocated > over.databases[0].in_deploy->usable);
    CHECK(on_one_line(render::simulation_text(over, {})).find("the rest are refused") != std::string::npos);

    request.deploys = {};
    CHECK(!run(planned.fleet, request).databases[0].in_deploy);
}

TEST_CASE("a failover: what the server that takes over has no room for is refused") {
    const auto planned = test::plan_text(fmt::format(
        "{}[[database]]\nname = \"copy\"\nreplica_of = \"main\"\nmax_connections = 25\nreserved_connections = 5\n"
        "other_connections = 3\n{}{}",
        head, pool_text("api", "max = 10", "rate = \"100/s\"\nhold = \"50 ms\"\nacquire_timeout = \"1 s\""),
        pool_text("read", "max = 12", "rate = \"10/s\"\nhold = \"20 ms\"", "copy")));
    SimulationRequest request = request_for(planned.fleet);
    request.failover = 0;
    request.seconds = 240;
    const Simulation s = run(planned.fleet, request);
    REQUIRE(s.failover);
    CHECK(s.failover->connections->allocated == Connections(25));  // 12 + 3, and 10 more
    CHECK(s.failover->connections->usable == Connections(20));
    CHECK(s.failover->room == Connections(5));
    // 5 erlangs on 5 that none waits for: Erlang's loss is 28.5 %, for 100 of 240 s.
    CHECK(s.databases[0].pools[0].refused.value == doctest::Approx(0.285 * 100 / 240).epsilon(0.08));
    CHECK(s.databases[1].pools[0].refused.value == 0);
}

TEST_CASE("a failover: the load of a primary runs on its replica, and back") {
    const auto planned = test::plan_text(fmt::format(
        "{}[[database]]\nname = \"copy\"\nreplica_of = \"main\"\n{}{}", head,
        pool_text("api", "max = 10", "rate = \"100/s\"\nhold = \"20 ms\"\ncpu = \"10 ms\"\nacquire_timeout = \"1 s\""),
        pool_text("read", "max = 10", "rate = \"10/s\"\nhold = \"20 ms\"\ncpu = \"10 ms\"", "copy")));
    SimulationRequest request = request_for(planned.fleet);
    request.pools = {0};
    request.failover = 0;
    request.seconds = 240;
    const Simulation s = run(planned.fleet, request);
    REQUIRE(s.failover);
    CHECK(s.failover->to == 1);
    CHECK(s.failover->at == doctest::Approx(80));
    REQUIRE(s.databases.size() == 2);  // the one that takes over is shown, too, without its own pools
    CHECK(s.databases[1].pools.empty());
    // The primary works for a third of the run, the replica for the rest but the outage; 4 vCPUs each.
    CHECK(s.databases[0].report.cpu_utilization.value == doctest::Approx(0.25 * 80 / 240).epsilon(0.05));
    CHECK(s.databases[1].report.cpu_utilization.value ==
          doctest::Approx((0.25 * (240 - 140) + 0.025 * 240) / 240).epsilon(0.06));
    // Nobody but the first ten gets through for a minute: a quarter of all gives up.
    const SimulatedPool& pool = s.databases[0].pools[0];
    CHECK(figure(pool, PoolFigure::timeouts).simulated.value == doctest::Approx(0.25).epsilon(0.05));
    CHECK(pool.failures.value > 0);
    CHECK(pool.failures.value < 0.001);
    REQUIRE(s.failover->connections);  // 10 of each, and the replica has room
    CHECK(s.failover->connections->allocated == Connections(20));
    CHECK(s.failover->connections->usable >= Connections(20));
    CHECK_FALSE(s.failover->room.has_value());
    CHECK(pool.refused.value == 0);

    request.failover = 1;
    CHECK(run(planned.fleet, request).failover->to == 0);
    request.seconds = 100;
    const auto answer = report::simulate(planned.fleet, test::catalog(), request);
    REQUIRE(std::holds_alternative<NotSimulated>(answer));
    CHECK(std::get<NotSimulated>(answer).kind == NotSimulated::Kind::short_run);
    CHECK(render::not_simulated_text(planned.fleet, std::get<NotSimulated>(answer)) ==
          "a failover of copy in 100 s: it needs at least 180 s");
}

TEST_CASE("text has a floor for what is next to nothing; CSV has the digits, and no difference where text has none") {
    auto planned = one_pool("rate = \"100/s\"\nhold = \"20 ms\"");
    SimulationRequest request = request_for(planned.fleet);
    request.transactions = 1e5;
    Simulation s = run(planned.fleet, request);
    SimulatedDatabase& server = s.databases[0];
    auto& figures = server.pools[0].figures;
    const auto at = [&](PoolFigure which) -> Compared& { return figures[static_cast<std::size_t>(which)]; };
    server.report.cpu_utilization = {0.5, 0.1};
    server.report.stretch = {1, 1.4e-6};
    at(PoolFigure::throughput) = {{100, 0.2}, 100.3, -0.003, true};
    at(PoolFigure::utilization) = {{0.2, 1e-9}, 0.2, 5e-11, false};
    at(PoolFigure::p_wait) = {{1.2e-10, 0.2}, 0.3, -1, true};
    at(PoolFigure::wait_mean) = {{8.9e-6, 1.9e-5}, 1e-5, -0.11, false};
    at(PoolFigure::wait_p95) = {{0, 0.01}, 1e-5, -1, false};
    at(PoolFigure::wait_p99) = {{1, 0.01}, 0, {}, true};
    server.pools[0].deviation = {Deviation::Kind::chance, {}};
    const std::string text = render::simulation_text(s, {}), flowing = on_one_line(text);
    const auto line = [&](std::string_view label) {
        const std::size_t from = text.find(label);
        return from == std::string::npos ? std::string() : text.substr(from, text.find('\n', from) - from);
    };
    CHECK(flowing.find("takes 1 ± < 0.001 ×") != std::string::npos);
    CHECK(line("throughput").find("−0.3") != std::string::npos);
    CHECK(line("throughput").find("◀") == std::string::npos);  // outside, but by too little
    CHECK(line("utilization").find("< 0.001 %") != std::string::npos);
    CHECK(line("utilization").find("< 0.01 %") != std::string::npos);
    CHECK(line("P(wait)").find("< 0.001 %") != std::string::npos);
    CHECK(line("P(wait)").find("◀") != std::string::npos);
    CHECK(line("wait mean").find("< 0.001 ms") != std::string::npos);
    CHECK(line("wait p95").find("–") != std::string::npos);
    CHECK(line("wait p99").find("◀") != std::string::npos);
    CHECK(line("◀ outside").find("probably chance: one in twenty") != std::string::npos);
    const std::string csv = render::simulation_csv(s);
    CHECK(csv.find("utilization,0.2,1e-09,0.2,5e-11,false") != std::string::npos);
    CHECK(csv.find("wait_p95_ms,0,0.01,1e-05,,false") != std::string::npos);
    CHECK(render::simulation_json(s).find("\"throughput_per_s\": {\"value\": 100, \"half_width\": 0.2, \"formula\": "
                                          "100.3, \"bound\": \"exact\", \"difference\": -0.003, \"outside\": true}") !=
          std::string::npos);

    // Without a mark there is nothing to explain.
    at(PoolFigure::p_wait) = at(PoolFigure::wait_p99) = at(PoolFigure::throughput);
    CHECK(render::simulation_text(s, {}).find("◀") == std::string::npos);
}

TEST_CASE("the run says that short waits are known to a share of a tenth of the hold, and what its highest count is") {
    const auto planned = one_pool("rate = \"100/s\"\nhold = \"20 ms\"");
    SimulationRequest request = request_for(planned.fleet);
    request.precision = 0.05;
    const Simulation s = run(planned.fleet, request);
    REQUIRE(s.databases[0].precise);
    CHECK(s.databases[0].short_waits);
    const std::string text = on_one_line(render::simulation_text(s, {}));
    CHECK(text.find("waits are known to 5 %, those below a tenth of the hold to 5 % of it") != std::string::npos);
    CHECK(text.find("(mean of 16 runs)") != std::string::npos);
}
