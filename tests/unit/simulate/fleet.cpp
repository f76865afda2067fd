// An inventory's pools as services of the simulator.
#include <poolfit/simulate/fleet.hpp>

#include <cmath>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/queue/finite_source.hpp>
#include <poolfit/queue/mmc.hpp>

#include "../../support/fleet.hpp"
#include "rows.hpp"

using namespace poolfit;
using namespace poolfit::simulate;

namespace {

constexpr std::string_view head = R"(
schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name   = "main"
engine = "postgresql"
class  = "db.m5.xlarge"
[[database]]
name   = "other"
engine = "postgresql"
class  = "db.t3.medium"
)";

/// An inventory of one service with one pool of ten connections, and what its workload says.
test::Planned one_pool(std::string_view workload, std::string_view service = "") {
    return test::plan_text(fmt::format(R"({}
[[service]]
name = "api"
{}
[[service.pool]]
name     = "rw"
database = "main"
max      = 10
[service.pool.workload]
{}
)",
                                       head, service, workload));
}

FleetSizes sizes_of(const Fleet& fleet, std::int64_t each = 10, std::int64_t pooler = 20) {
    return {std::vector<std::optional<Connections>>(fleet.pools.size(), Connections(each)),
            std::vector<Connections>(fleet.poolers.size(), Connections(pooler)),
            std::vector<std::optional<Millis>>(fleet.pools.size())};
}

ServiceModel service(std::string_view workload, std::string_view owner = "") {
    const auto planned = one_pool(workload, owner);
    return service_of(planned.fleet, planned.fleet.pools[0], Connections(10));
}

double hold_of(const ServiceModel& s) { return mean_of(s.cpu) + mean_of(s.external) + mean_of(s.rest); }

SystemOptions quick(double seconds) {
    SystemOptions o;
    o.precision = 0;
    o.confidence = 0.99;
    o.seconds = sanitized ? seconds / 20 : seconds;
    return o;
}

}  // namespace

TEST_CASE("a pool is a service at the most instances, with the size that it is given") {
    const auto planned = one_pool("rate = \"120/s\"\nhold = \"20 ms\"\nacquire_timeout = \"2 s\"",
                                  "instances = { min = 2, max = 5 }\nprocesses = 4");
    const auto all = systems(planned.fleet, sizes_of(planned.fleet, 7));
    REQUIRE(all.size() == 1);  // the other database has no load
    const SystemModel& m = all[0].system;
    REQUIRE(m.services.size() == 1);
    CHECK(m.services[0].name == "api.rw");
    CHECK(m.services[0].instances == 5);
    CHECK(m.services[0].processes == 4);
    CHECK(m.services[0].connections == 7);
    CHECK(m.services[0].acquire_timeout == 2);
    CHECK(!m.services[0].through_pooler);
    CHECK(m.databases[m.services[0].target].name == "main");
    CHECK(m.databases[m.services[0].target].vcpus == 4);  // of the class
    CHECK(all[0].pools == std::vector<Index>{0});
    CHECK(all[0].databases == std::vector<Index>{0});
}

TEST_CASE("a pool for each of several databases is as many, with an even part of the load") {
    auto planned = one_pool("rate = \"120/s\"\nhold = \"20 ms\"", "instances = 2\nprocesses = 4");
    planned.fleet.pools[0].databases.value = 30;
    const ServiceModel s = service_of(planned.fleet, planned.fleet.pools[0], Connections(3));
    CHECK(s.instances == 2);
    CHECK(s.processes == 4 * 30);
    CHECK(s.connections == 3);
    CHECK(mean_of(s.gap) == doctest::Approx(30 / 120.0));
}

TEST_CASE("of ranges the end that asks for more counts") {
    const ServiceModel open =
        service("rate = \"50-100/s\"\nhold = \"10-40 ms\"\ncpu = \"2-8 ms\"\nexternal = \"1-4 ms\"");
    CHECK(mean_of(open.gap) == doctest::Approx(0.01));
    CHECK(mean_of(open.cpu) == doctest::Approx(0.008));
    CHECK(mean_of(open.external) == doctest::Approx(0.004));
    CHECK(hold_of(open) == doctest::Approx(0.040));
    const ServiceModel closed = service("users = 28\nthink = \"1-3 s\"\nhold = \"10-40 ms\"");
    CHECK(closed.users == 28);
    CHECK(mean_of(closed.gap) == doctest::Approx(1));
    CHECK(closed.acquire_timeout == never);
}

TEST_CASE("the law of the hold, and of its parts") {
    const auto kind = [](std::string_view keys) { return service(fmt::format("rate = \"9/s\"\n{}", keys)).rest.kind; };
    CHECK(kind("hold = \"20 ms\"") == Law::Kind::exponential);
    CHECK(kind("hold = \"20 ms\"\ncv = 0") == Law::Kind::constant);
    CHECK(kind("hold = \"20 ms\"\ncv = 0.5") == Law::Kind::lognormal);
    CHECK(kind("hold = \"20 ms\"\ncv = 2") == Law::Kind::lognormal);
    CHECK(kind("hold_p50 = \"20 ms\"\nhold_p95 = \"80 ms\"") == Law::Kind::quantiles);
    CHECK(kind("hold_p50 = \"20 ms\"\nhold_p95 = \"20 ms\"") == Law::Kind::constant);

    const ServiceModel s = service("rate = \"9/s\"\nhold = \"20 ms\"\ncv = 2\ncpu = \"5 ms\"\nexternal = \"5 ms\"");
    CHECK(s.cpu.kind == Law::Kind::lognormal);
    CHECK(s.cpu.cv == 2);
    CHECK(s.external.cv == 2);
    CHECK(service("rate = \"9/s\"\nhold = \"20 ms\"\ncpu = \"5 ms\"").cpu.kind == Law::Kind::exponential);
    CHECK(mean_of(service("rate = \"9/s\"\nhold = \"20 ms\"").cpu) == 0);
}

TEST_CASE("whatever its parts, the whole hold has the stated law: each quantile is that of the hold") {
    for (const std::string_view hold : {"hold = \"20 ms\"", "hold = \"20 ms\"\ncv = 3",
                                        "hold_p50 = \"20 ms\"\nhold_p95 = \"80 ms\"\nhold_p99 = \"150 ms\""}) {
        const auto planned = one_pool(fmt::format("rate = \"9/s\"\n{}\ncpu = \"5 ms\"\nexternal = \"3 ms\"", hold));
        const ServiceModel s = service_of(planned.fleet, planned.fleet.pools[0], Connections(10));
        const Law whole = hold_law(*planned.fleet.pools[0].workload);
        REQUIRE(s.one_draw);
        for (const double upper : {0.9, 0.5, 0.05, 0.01, 1e-4})
            CHECK(upper_quantile(s.cpu, upper) + upper_quantile(s.external, upper) + upper_quantile(s.rest, upper) ==
                  doctest::Approx(upper_quantile(whole, upper)).epsilon(1e-9));
    }
    // The last percentiles are the inventory's own.
    const auto planned = one_pool("rate = \"9/s\"\nhold_p50 = \"20 ms\"\nhold_p95 = \"80 ms\"\nhold_p99 = \"150 ms\"");
    const Law law = hold_law(*planned.fleet.pools[0].workload);
    CHECK(upper_quantile(law, 0.05) == doctest::Approx(0.080));
    CHECK(upper_quantile(law, 0.01) == doctest::Approx(0.150));
}

TEST_CASE("parts longer than the hold are cut to it") {
    // Within the p95, and longer than the mean.
    const ServiceModel s =
        service("rate = \"9/s\"\nhold_p50 = \"5 ms\"\nhold_p95 = \"40 ms\"\ncpu = \"5-30 ms\"\nexternal = \"1-9 ms\"");
    const auto planned = one_pool("rate = \"9/s\"\nhold_p50 = \"5 ms\"\nhold_p95 = \"40 ms\"");
    const double mean = mean_of(hold_law(*planned.fleet.pools[0].workload));
    CHECK(mean_of(s.cpu) == doctest::Approx(mean));
    CHECK(mean_of(s.external) == 0);
    CHECK(hold_of(s) == doctest::Approx(mean));
}

TEST_CASE("a closed pool's CPU time is exponential and apart; the rest has the hold's law") {
    const ServiceModel s =
        service("users = 9\nthink = \"1 s\"\nhold = \"20 ms\"\ncv = 2\ncpu = \"5 ms\"\nexternal = \"9 ms\"");
    CHECK(s.cpu_apart);
    CHECK(s.cpu.kind == Law::Kind::exponential);
    CHECK(s.external.kind == Law::Kind::lognormal);
    CHECK(mean_of(s.cpu) == doctest::Approx(0.005));
    CHECK(mean_of(s.external) == doctest::Approx(0.009));
    CHECK(hold_of(s) == doctest::Approx(0.020));
    CHECK(!service("rate = \"9/s\"\nhold = \"20 ms\"\ncpu = \"5 ms\"").cpu_apart);
}

TEST_CASE("each nested checkout takes another hold") {
    const ServiceModel s = service("rate = \"9/s\"\nhold = \"20 ms\"\ncpu = \"5 ms\"\nnested = 2");
    CHECK(s.nested == 2);
    CHECK(hold_of(s) == doctest::Approx(0.020));
    CHECK(mean_of(s.nested_hold) == doctest::Approx(0.020));
}

TEST_CASE("the timeout of the workload, else the one that is given beside it") {
    const auto planned = one_pool("rate = \"9/s\"\nhold = \"20 ms\"\nacquire_timeout = \"2 s\"");
    CHECK(service_of(planned.fleet, planned.fleet.pools[0], Connections(10), Millis(30000)).acquire_timeout == 2);
    const auto without = one_pool("rate = \"9/s\"\nhold = \"20 ms\"");
    CHECK(service_of(without.fleet, without.fleet.pools[0], Connections(10), Millis(30000)).acquire_timeout == 30);
    CHECK(service_of(without.fleet, without.fleet.pools[0], Connections(10)).acquire_timeout == never);
}

TEST_CASE("percentiles win over hold and cv") {
    const ServiceModel s =
        service("rate = \"9/s\"\nhold = \"5 ms\"\ncv = 0\nhold_p50 = \"20 ms\"\nhold_p95 = \"80 ms\"");
    CHECK(s.rest.kind == Law::Kind::quantiles);
    CHECK(upper_quantile(s.rest, 0.05) == doctest::Approx(0.080));
}

TEST_CASE("a pool without a limit never waits") {
    const auto planned = one_pool("rate = \"100/s\"\nhold = \"50 ms\"");
    FleetSizes sizes = sizes_of(planned.fleet);
    sizes.pools[0] = std::nullopt;
    const auto all = systems(planned.fleet, sizes);
    CHECK(all[0].system.services[0].connections == no_limit);
    const SystemRun run = simulate_system(all[0].system, quick(20));
    REQUIRE(run.reason == "");
    CHECK(run.services[0].wait_probability.value == 0);
    CHECK(run.databases[0].active.value == doctest::Approx(5).epsilon(0.1));
}

TEST_CASE("poolers, and what shares a database") {
    const auto planned = test::plan_text(fmt::format(R"({}
[[pooler]]
name     = "bouncer"
kind     = "pgbouncer"
database = "main"
mode     = "transaction"
[[service]]
name = "a"
[[service.pool]]
name   = "far"
database = "bouncer"
max    = 3
[service.pool.workload]
rate = "5/s"
hold = "10 ms"
[[service]]
name = "b"
[[service.pool]]
name     = "near"
database = "main"
max      = 4
[service.pool.workload]
rate = "5/s"
hold = "10 ms"
[[service.pool]]
name     = "idle"
database = "main"
max      = 4
[[service.pool]]
name     = "apart"
database = "other"
max      = 4
[service.pool.workload]
rate = "5/s"
hold = "10 ms"
)",
                                                     head));
    const auto all = systems(planned.fleet, sizes_of(planned.fleet, 4, 20));
    REQUIRE(all.size() == 2);
    CHECK(all[0].pools == std::vector<Index>{0, 1});  // the pool without a workload is left out
    CHECK(all[1].pools == std::vector<Index>{3});
    CHECK(all[1].system.databases[0].name == "other");
    const SystemModel& m = all[0].system;
    REQUIRE(m.poolers.size() == 1);
    CHECK(m.poolers[0].connections == 20);
    CHECK(m.poolers[0].wait_timeout == pooler_timeout);
    CHECK(m.services[0].through_pooler);
    CHECK(m.services[0].target == 0);
    CHECK(!m.services[1].through_pooler);
}

TEST_CASE("an inventory's open pool with cv 1 is Erlang's, also where its hold has parts and the CPU is ample") {
    for (const std::string_view parts : {"", "\ncpu = \"1 ms\"\nexternal = \"9 ms\""}) {
        const auto planned = one_pool(fmt::format("rate = \"400/s\"\nhold = \"20 ms\"{}", parts));
        auto all = systems(planned.fleet, sizes_of(planned.fleet));
        all[0].system.databases[0].vcpus = 1000;
        const SystemRun run = simulate_system(all[0].system, quick(400));
        REQUIRE(run.reason == "");
        const auto exact = std::get<queue::Mmc>(queue::solve_mmc(Erlangs(8), Millis(20), Connections(10)));
        CHECK(run.services[0].utilization.covers(0.8));
        if (sanitized) continue;
        CHECK(run.services[0].wait_probability.covers(queue::p_wait(exact)));
        CHECK(run.services[0].wait_mean.covers(queue::mean_wait(exact).value / 1000));
    }
}

TEST_CASE("an inventory's closed pool with cv 1 is the finite source's") {
    const auto planned = one_pool("users = 28\nthink = \"1 s\"\nhold = \"500 ms\"");
    const auto all = systems(planned.fleet, sizes_of(planned.fleet));
    const SystemRun run = simulate_system(all[0].system, quick(4000));
    REQUIRE(run.reason == "");
    const auto exact =
        std::get<queue::FiniteSource>(queue::solve_finite_source(28, Millis(1000), Millis(500), Connections(10)));
    CHECK(run.services[0].throughput.covers(exact.throughput.value));
    CHECK(run.services[0].wait_mean.covers(exact.mean_wait.value / 1000));
}

TEST_CASE("what is offered, and how long a run may be") {
    SystemModel m;
    m.services = {service("rate = \"400/s\"\nhold = \"20 ms\"", "instances = 2"),
                  service("users = 30\nthink = \"2 s\"\nhold = \"1 s\"")};
    CHECK(offered_rate(m.services[0]) == doctest::Approx(800));
    CHECK(offered_rate(m.services[1]) == doctest::Approx(10));
    m.services[1].connections = 4;
    CHECK(offered_rate(m.services[1]) == doctest::Approx(4));  // its connections carry no more
    CHECK(seconds_for(m, 16 * 804.0 * 50, 16) == doctest::Approx(50));
    CHECK(too_large(m) == "");
    m.services[0].instances = 100'000;
    CHECK(too_large(m) == "at most 20000 processes and users can be simulated, but there are 100030");
}

TEST_CASE("a saturated pool keeps a bounded number waiting, and says that it is overloaded") {
    SystemModel m;
    m.databases = {{"main", 1}};
    ServiceModel s = service("rate = \"200/s\"\nhold = \"20 ms\"\ncpu = \"20 ms\"");  // the CPU carries 50/s
    s.connections = no_limit;
    m.services = {s};
    SystemOptions o = quick(sanitized ? 2000 : 100);
    o.most_waiting = 100;
    const SystemRun run = simulate_system(m, o);
    REQUIRE(run.reason == "");
    CHECK(run.services[0].overloaded);
    CHECK(run.databases[0].most_active.value == 4120);  // 100, 20 for the process, and 4000 of its connections
    CHECK(run.databases[0].cpu_utilization.value == doctest::Approx(1));
    o.most_waiting = 1'000'000;
    CHECK(simulate_system(m, o).databases[0].most_active.value > 4120);
}

TEST_CASE("progress is reported on the way and ends at 1") {
    SystemModel m;
    m.databases = {{"main", 4}};
    m.services = {service("rate = \"400/s\"\nhold = \"20 ms\"")};
    for (const int threads : {1, 2}) {
        SystemOptions o = quick(sanitized ? 200 : 10);
        o.threads = threads;
        double last = 0;
        int told = 0;
        o.progress = [&](double share) {
            CHECK(share >= last);
            last = share;
            ++told;
        };
        simulate_system(m, o);
        CHECK(told >= 1);
        CHECK(last <= 1);
        if (threads == 1) CHECK(last == 1);
    }
}

TEST_CASE("a process with fewer threads than connections has no more in flight than threads") {
    const std::string_view users = R"(users = 30
think = "10 ms"
hold = "20 ms")",
                           open = R"(rate = "200/s"
hold = "20 ms")";
    const std::string_view threads = "runtime = \"threads\"\nthreads = 5";
    CHECK(service(users, threads).at_a_time == 5);
    CHECK(service(open, threads).at_a_time == 5);
    CHECK(service(users, "runtime = \"processes\"").at_a_time == 1);
    // With as many connections as threads, the pool is what is waited for.
    CHECK(service(users, "runtime = \"threads\"\nthreads = 10").at_a_time == 0);
    CHECK(service(users).at_a_time == 0);
    CHECK(service(users, "runtime = \"event-loop\"").at_a_time == 0);
    // Nested: of users all may be in flight, of open arrivals as many as there are threads.
    CHECK(service(std::string(users) + "\nnested = 1", threads).at_a_time == 0);
    CHECK(service(std::string(open) + "\nnested = 1", threads).at_a_time == 5);

    // 30 users who hold for 20 ms on five threads: 250/s, and nobody waits for one of ten connections.
    const auto planned = one_pool(users, threads);
    SystemOptions options;
    options.precision = 0.02;
    const auto run = simulate_system(systems(planned.fleet, sizes_of(planned.fleet)).front().system, options);
    CHECK(run.services[0].throughput.value == doctest::Approx(250).epsilon(0.02));
    CHECK(run.services[0].utilization.value == doctest::Approx(0.5).epsilon(0.02));
    CHECK(run.services[0].wait_probability.value == 0);
}

TEST_CASE("the pools of a process, one for each tenant, share its threads") {
    const ServiceModel s = service("rate = \"100/s\"\nhold = \"20 ms\"", "runtime = \"threads\"\nthreads = 15");
    CHECK(s.at_a_time == 0);  // one pool of ten: never more than the threads
    ServiceModel many = s;
    many.processes = many.pools_of_process = 4;  // 4 × 1.5 busy connections ask for six of two threads
    many.at_a_time = 2;
    many.gap = exponential(0.0133);
    many.acquire_timeout = never;
    SystemModel m;
    m.databases = {{"main", 4}};
    m.services = {many};
    SystemOptions options;
    options.seconds = 50;
    options.most_waiting = 100;
    options.precision = 0;
    CHECK(simulate_system(m, options).services[0].throughput.value == doctest::Approx(100).epsilon(0.02));
}
