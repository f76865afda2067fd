// Whole systems against theory: processor sharing, queues, deadlocks, deploys, failovers.
#include <cmath>

#include <poolfit/simulate/pool.hpp>
#include <poolfit/simulate/system.hpp>

#include "rows.hpp"

using namespace poolfit::simulate;

namespace {

SystemModel one_service(int connections, double vcpus) {
    SystemModel m;
    m.databases = {{"primary", vcpus}};
    ServiceModel s;
    s.name = "api";
    s.connections = connections;
    m.services = {s};
    return m;
}

SystemOptions options_for(double seconds) {
    SystemOptions o;
    o.threads = 2;
    o.confidence = 0.99;
    o.precision = 0;
    o.seconds = sanitized ? seconds / 20 : seconds;
    return o;
}

// A sanitizer's run is too short for its interval to say much.
bool agrees(const Estimate& e, double exact) {
    return e.covers(exact) || (sanitized && std::fabs(e.value - exact) < 0.15 * exact);
}

}  // namespace

TEST_CASE("one vCPU shared: M/M/1-PS, and the same mean for any law") {
    for (const Law& cpu : {exponential(0.8), constant(0.8), hyperexponential(0.8, 2), lognormal(0.8, 1.5)}) {
        SystemModel m = one_service(10000, 1);
        m.services[0].gap = exponential(1);
        m.services[0].cpu = cpu;
        const SystemRun run = simulate_system(m, options_for(sanitized ? 200000 : 30000));
        REQUIRE(run.reason == "");
        CHECK(agrees(run.databases[0].cpu_utilization, 0.8));
        CHECK(agrees(run.databases[0].active, 4));  // rho / (1 - rho)
        CHECK(agrees(run.services[0].response, 4));
        CHECK(agrees(run.databases[0].stretch, 5));
        CHECK(agrees(run.services[0].throughput, 1));
        CHECK(run.services[0].wait_probability.value == 0);
    }
}

TEST_CASE("four vCPUs shared: the mean of M/M/4, for any law") {
    // a = 3: Erlang C = 0.50943, mean number 3 + C * 0.75 / 0.25
    for (const Law& cpu : {exponential(1), constant(1), lognormal(1, 2)}) {
        SystemModel m = one_service(10000, 4);
        m.services[0].gap = exponential(1.0 / 3);
        m.services[0].cpu = cpu;
        const SystemRun run = simulate_system(m, options_for(20000));
        CHECK(agrees(run.databases[0].active, 3 + 0.509434 * 3));
        CHECK(agrees(run.databases[0].cpu_utilization, 0.75));
    }
}

TEST_CASE("pools with users and a database's CPU agree with the exact answers") {
    Coverage coverage({"throughput", "CPU", "utilisation", "mean wait", "P(wait)", "p99"});
    const auto table = rows("closed_pool");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Row& r = table[i];
        if (skipped(i, 16)) continue;
        SystemModel m = one_service(static_cast<int>(r["pool"]), r["vcpu"]);
        m.services[0].users = static_cast<int>(r["N"]);
        m.services[0].gap = exponential(r["think_s"]);
        m.services[0].cpu = exponential(r["d_cpu_s"]);
        m.services[0].external = exponential(r["d_ext_s"]);
        SystemOptions options = options_for((sanitized ? 20 : 1) * 5000 / r["throughput"]);
        options.seed = i + 1;
        const SystemRun run = simulate_system(m, options);
        REQUIRE(run.reason == "");
        const ServiceReport& s = run.services[0];
        const std::string name = r.text("scenario") + ", " + r.text("N") + " users, think " + r.text("think_s") + " s";
        coverage.add(0, s.throughput, r["throughput"], name);
        coverage.add(1, run.databases[0].cpu_utilization, r["cpu_util"], name);
        coverage.add(2, s.utilization, r["pool_util"], name);
        coverage.add(3, s.wait_mean, r["mean_pool_wait"], name, 1e-8);
        coverage.add(4, s.wait_probability, r["p_wait"], name, 1e-4);
        coverage.add(5, s.wait_p99, r["w_p99"], name, 1e-9);
    }
}

TEST_CASE("acquire timeouts") {
    Coverage coverage({"mean wait", "P(timeout)", "utilisation", "throughput"});
    const auto table = rows("mmc_timeout");
    for (std::size_t i = 0; i < table.size(); i += sanitized ? 20 : 3) {
        const Row& r = table[i];
        if (r["c"] > 50 || (r["rho"] == 1 && r["tau_over_S"] > 5)) continue;
        SystemModel m = one_service(static_cast<int>(r["c"]), 1);
        m.services[0].gap = exponential(1 / r["a"]);
        m.services[0].rest = exponential(1);
        m.services[0].acquire_timeout = r["tau_over_S"];
        SystemOptions options = options_for((sanitized ? 20 : 1) * (5000 / r["a"] + 1000));
        options.seed = i + 1;
        options.warm_up = 500;
        const SystemRun run = simulate_system(m, options);
        const ServiceReport& s = run.services[0];
        const std::string name =
            r.text("c") + " connections, rho " + r.text("rho") + ", timeout " + r.text("tau_over_S");
        coverage.add(0, s.wait_mean, r["mean_wait_all"], name, 1e-6);
        coverage.add(1, s.timeouts, r["p_timeout"], name, 1e-5);
        coverage.add(2, s.utilization, r["utilisation"], name);
        coverage.add(3, s.throughput, r["throughput"], name);
    }
}

TEST_CASE("nested checkouts: who asks for a second connection while holding one") {
    const auto table = rows("deadlock");
    int within = 0, all = 0;
    for (std::size_t i = 0; i < table.size(); i += sanitized ? 12 : 2) {
        const Row& r = table[i];
        SystemModel m = one_service(static_cast<int>(r["pool"]), 1000);
        ServiceModel& s = m.services[0];
        s.users = static_cast<int>(r["N"]);
        s.gap = exponential(r["think_s"]);
        s.rest = exponential(r["d1_s"]);
        s.nested = 1;
        s.nested_share = r["f_nested"];
        s.nested_hold = exponential(r["d2_s"]);
        SystemOptions options = options_for(600);
        options.seconds = 600;
        options.transient = true;
        options.replications = sanitized ? 16 : 64;
        options.seed = i + 1;
        const SystemRun run = simulate_system(m, options);
        const Estimate dead = run.services[0].deadlocked;
        const double p = r["p_deadlock_600s"], mine = options.replications, theirs = 400;
        const double sd = std::sqrt(std::max(p * (1 - p), 0.005) * (1 / mine + 1 / theirs));
        ++all;
        within += std::fabs(dead.value - p) <= 3.3 * sd;
        // The floor: with fewer users than connections there is always one left for the second.
        if (s.users < s.connections) CHECK(dead.value == 0);
    }
    CHECK(within >= 0.97 * all);
    MESSAGE("deadlocks: ", within, " of ", all, " rows");
}

TEST_CASE("a deadlock ends all work; an acquire timeout ends the deadlock") {
    SystemModel m = one_service(10, 4);
    ServiceModel& s = m.services[0];
    s.users = 28;
    s.gap = exponential(1);
    s.rest = exponential(0.1);
    s.nested = 1;
    s.nested_hold = exponential(0.005);
    SystemOptions options = options_for(4000);
    options.seconds = 4000;
    options.transient = true;
    const SystemRun hung = simulate_system(m, options);
    CHECK(hung.services[0].deadlocked.value == 1);
    CHECK(hung.services[0].deadlock_time.value < 600);
    CHECK(hung.services[0].throughput.value < 5);
    m.services[0].acquire_timeout = 2;
    const SystemRun freed = simulate_system(m, options);
    CHECK(freed.services[0].deadlocked.value == 1);
    CHECK(freed.services[0].timeouts.value > 0);
    CHECK(freed.services[0].throughput.value > 10);
}

TEST_CASE("a process that begins no more than its threads at a time can not lock up one connection more than those") {
    SystemModel m = one_service(6, 4);
    ServiceModel& s = m.services[0];
    s.gap = exponential(0.01);
    s.rest = exponential(0.02);
    s.nested = 1;
    s.nested_hold = exponential(0.02);
    SystemOptions options = options_for(600);
    options.seconds = 600;
    options.transient = true;
    CHECK(simulate_system(m, options).services[0].deadlocked.value == 1);
    m.services[0].at_a_time = 5;
    CHECK(simulate_system(m, options).services[0].deadlocked.value == 0);
    m.services[0].connections = 5;
    CHECK(simulate_system(m, options).services[0].deadlocked.value > 0);
    // With a connection for each the threads are the servers: M/G/5 has 4 erlangs, and all is served.
    m.services[0].connections = 10;
    const SystemRun enough = simulate_system(m, options);
    CHECK(enough.services[0].throughput.value == doctest::Approx(100).epsilon(0.02));
    CHECK(enough.services[0].wait_probability.value == 0);
}

TEST_CASE("the pooler's connections can be held by those that wait for the pooler") {
    SystemModel m = one_service(50, 4);
    m.poolers = {{"bouncer", 0, 5}};
    ServiceModel& s = m.services[0];
    s.through_pooler = true;
    s.users = 40;
    s.gap = exponential(1);
    s.rest = exponential(0.2);
    s.nested = 1;
    s.nested_hold = exponential(0.01);
    SystemOptions options = options_for(600);
    options.seconds = 600;
    options.transient = true;
    CHECK(simulate_system(m, options).services[0].deadlocked.value == 1);
    m.poolers[0].connections = 41;
    m.services[0].users = 20;
    CHECK(simulate_system(m, options).services[0].deadlocked.value == 0);
}

TEST_CASE("a pooler in front: its few connections are the queue") {
    // Pools of 50 for two processes of 14 users each: the pooler's 5 connections are M/M/5//28.
    SystemModel m = one_service(50, 1);
    m.poolers = {{"bouncer", 0, 5}};
    ServiceModel& s = m.services[0];
    s.through_pooler = true;
    s.processes = 2;
    s.users = 14;
    s.gap = exponential(0.2);
    s.rest = exponential(0.05);
    const SystemRun run = simulate_system(m, options_for(400));
    PoolModel alone;
    alone.connections = 5;
    alone.users = 28;
    alone.gap = exponential(0.2);
    alone.hold = exponential(0.05);
    Options options;
    options.precision = 0.002;
    const PoolRun exact = simulate_pool(alone, options);
    CHECK(run.services[0].throughput.value == doctest::Approx(exact.throughput.value).epsilon(0.01));
    CHECK(run.poolers[0].wait_mean.value == doctest::Approx(exact.wait_mean.value).epsilon(sanitized ? 0.1 : 0.03));
    CHECK(run.poolers[0].wait_p99.value == doctest::Approx(exact.wait_p99.value).epsilon(sanitized ? 0.1 : 0.03));
    CHECK(run.services[0].wait_mean.value == 0);
    CHECK(run.databases[0].most_active.value == 5);
}

TEST_CASE("a deploy's surge: more open connections on the database, the same load") {
    SystemModel m = one_service(5, 1000);
    m.services[0].instances = 4;
    m.services[0].gap = exponential(1.0 / 40);
    m.services[0].rest = exponential(0.1);
    SystemOptions options = options_for(100);
    options.seconds = 100;
    options.warm_up = 10;
    options.transient = true;
    const SystemRun calm = simulate_system(m, options);
    m.surges = {{0, 30, 110, 4}};
    const SystemRun surge = simulate_system(m, options);
    CHECK(calm.services[0].throughput.value == doctest::Approx(160).epsilon(0.02));
    CHECK(surge.services[0].throughput.value == doctest::Approx(160).epsilon(0.03));
    CHECK(surge.services[0].wait_mean.value < calm.services[0].wait_mean.value / 2);
    CHECK(surge.services[0].utilization.value < calm.services[0].utilization.value);
}

TEST_CASE("a failover: what runs fails, what comes waits, and then runs elsewhere") {
    SystemModel m = one_service(10, 2);
    m.databases.push_back({"standby", 2});
    m.services[0].gap = exponential(0.02);
    m.services[0].cpu = exponential(0.01);
    m.services[0].rest = exponential(0.05);
    m.services[0].acquire_timeout = 1;
    m.failovers = {{0, 1, 50, 5}};
    SystemOptions options = options_for(100);
    options.seconds = 100;
    const SystemRun run = simulate_system(m, options);
    CHECK(run.services[0].failures.value > 0);
    CHECK(run.services[0].failures.value < 0.002);
    CHECK(run.services[0].timeouts.value == doctest::Approx(0.04).epsilon(0.15));  // four of the five seconds
    CHECK(run.databases[0].cpu_utilization.value == doctest::Approx(0.125).epsilon(0.05));
    CHECK(run.databases[1].cpu_utilization.value == doctest::Approx(0.25 * 0.45).epsilon(0.07));
}

TEST_CASE("a failover: beyond the room that is left the server refuses") {
    SystemModel m = one_service(10, 2);
    m.databases.push_back({"standby", 2});
    m.services[0].gap = exponential(0.02);
    m.services[0].rest = exponential(0.06);  // 3 erlangs
    m.services[0].acquire_timeout = 1;
    SystemOptions options = options_for(100);
    options.seconds = 100;
    const auto with = [&](int room) {
        m.failovers = {{0, 1, 50, 5, room}};
        return simulate_system(m, options);
    };
    // 3 connections of which none waits: Erlang's loss, (27/6) ÷ (1 + 3 + 9/2 + 27/6) = 34.6 %, for 45 of 100 s.
    CHECK(with(3).services[0].refused.value == doctest::Approx(0.45 * 4.5 / 13).epsilon(0.04));
    CHECK(with(3).services[0].failures.value >= with(3).services[0].refused.value);
    CHECK(with(0).services[0].refused.value == doctest::Approx(0.45).epsilon(0.03));
    // Room for all is no limit, to the bit.
    const SystemRun all = with(10), any = with(Failover::no_end);
    CHECK(all.services[0].refused.value == 0);
    CHECK(all.services[0].throughput.value == any.services[0].throughput.value);
    CHECK(all.services[0].wait_mean.value == any.services[0].wait_mean.value);
}

TEST_CASE("what cannot be run is refused, with the reason") {
    SystemModel m = one_service(5, 1);
    CHECK(simulate_system(m, {}).reason == "api: the gap between arrivals must be more than 0");
    m.services[0].gap = exponential(1);
    m.services[0].target = 1;
    CHECK(simulate_system(m, {}).reason == "api: its database or pooler is missing");
    m.services[0].target = 0;
    m.services[0].rest = exponential(-1);
    CHECK(simulate_system(m, {}).reason == "api: a mean must be 0 or more, and finite");
    m.services[0].rest = exponential(1);
    m.databases[0].vcpus = 0;
    CHECK(simulate_system(m, {}).reason == "primary: vCPUs must be more than 0");
}

TEST_CASE("more load than connections or CPU can carry is said") {
    SystemModel m = one_service(2, 1);
    m.services[0].gap = exponential(0.1);
    m.services[0].rest = exponential(0.3);
    m.services[0].cpu = exponential(0.11);
    SystemOptions options = options_for(20);
    const SystemRun run = simulate_system(m, options);
    CHECK(run.services[0].overloaded);
    CHECK(run.databases[0].overloaded);
}

TEST_CASE("intervals of mean waits cover the truth for laws with rare long holds, too") {
    // M/G/1, by Pollaczek and Khinchine. Without what the law says of the holds, 95 % intervals of runs like these
    // cover 60 to 85 % of the time.
    const auto covered = [](const Law& hold, double square, double used) {
        const double rate = used / mean_of(hold), exact = rate * square / (2 * (1 - used));
        SystemModel m = one_service(1, 1);
        m.services[0].gap = exponential(1 / rate);
        m.services[0].rest = hold;
        int covers = 0;
        const int runs = sanitized ? 10 : 60;
        for (int i = 0; i < runs; ++i) {
            SystemOptions options;
            options.threads = 2;
            options.seed = static_cast<std::uint64_t>(i) + 1;
            options.precision = 0;
            options.seconds = seconds_for(m, sanitized ? 1e4 : 5e4, options.replications);
            covers += simulate_system(m, options).services[0].wait_mean.covers(exact);
        }
        return static_cast<double>(covers) / runs;
    };
    const double least = sanitized ? 0.7 : 0.9;
    CHECK(covered(lognormal(1, 3), 10, 0.6) > least);
    CHECK(covered(lognormal(1, 5), 26, 0.6) > least);
    CHECK(covered(hyperexponential(1, 10), 101, 0.5) > least);
    CHECK(covered(exponential(1), 2, 0.7) > least);
    // One in 100,000 is 5,000 times as long: most runs see none of them.
    CHECK(covered(discrete({{1, 99'999}, {5000, 1}}), 250.99999, 0.3) > least);
}

TEST_CASE("so many long holds at once as fill a pool, hardly ever seen: the interval has no end") {
    // Two connections, and a third of a percent of the load is two holds of a minute at once.
    SystemModel m = one_service(2, 1);
    m.services[0].rest = discrete({{0.001, 99'999}, {5, 1}});
    m.services[0].gap = exponential(mean_of(m.services[0].rest) / 0.8);
    SystemOptions options;
    options.threads = 2;
    options.precision = 0;
    options.seconds = seconds_for(m, sanitized ? 1e5 : 1e6, options.replications);
    const SystemRun run = simulate_system(m, options);
    const ServiceReport& s = run.services[0];
    CHECK(run.waits_unseen);
    CHECK_FALSE(std::isfinite(s.wait_mean.half_width));
    CHECK(s.wait_probability.high() <= 1 + s.wait_probability.value);
    // A pool that can spare one more loses next to nothing by it.
    m.services[0].connections = 50;
    const SystemRun spare = simulate_system(m, options);
    CHECK(spare.services[0].wait_mean.high() < 1e-6);
}

TEST_CASE("holds that a run hardly sees are never called precise, however small their share of the load is") {
    // One hold in 100,000 is 5,000 times as long: 4.8 % of the load, and 99.6 % of the mean squared hold.
    const auto run_of = [](const Law& hold) {
        SystemModel m = one_service(2, 1);
        m.services[0].gap = exponential(1);
        m.services[0].rest = hold;
        SystemOptions options = options_for(4000);
        options.precision = 0.2;
        return simulate_system(m, options);
    };
    const SystemRun rare = run_of(discrete({{1, 99'999}, {5000, 1}}));
    REQUIRE(rare.reason == "");
    CHECK(rare.unseen < 0.1);  // whatever a short run, under sanitizers, saw
    CHECK(rare.waits_unseen);
    CHECK_FALSE(rare.precise);
    // As long a mean in two values that it sees; and exponential holds.
    CHECK_FALSE(run_of(discrete({{1, 99}, {6, 1}})).waits_unseen);
    const SystemRun usual = run_of(exponential(1.05));
    CHECK_FALSE(usual.waits_unseen);
    if (!sanitized) CHECK(usual.precise);
}
