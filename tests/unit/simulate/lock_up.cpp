// How long nested checkouts take to lock a pool up: against the simulator of the same system, and against what is
// known.
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/simulate/lock_up.hpp>
#include <poolfit/simulate/system.hpp>

using namespace poolfit;
using simulate::LockUp;
using simulate::NestedPool;

namespace {

/// The mean time to the lock-up by waiting for it: exposure over lock-ups of so many runs.
double waited_for(double rate, double hold, int connections, double seconds) {
    simulate::SystemModel system;
    system.databases.push_back({"db", 64});
    simulate::ServiceModel service;
    service.name = "s";
    service.connections = connections;
    service.gap = simulate::exponential(1 / rate);
    service.rest = simulate::exponential(hold);
    service.nested = 1;
    service.nested_hold = simulate::exponential(hold);
    service.target = 0;
    system.services.push_back(service);
    simulate::SystemOptions options;
    options.seconds = seconds;
    options.transient = true;
    options.replications = 64;
    options.most_waiting = 4000;
    const auto run = simulate::simulate_system(system, options);
    REQUIRE(run.reason.empty());
    // A replication without one counts as the time it ran.
    return run.services.front().deadlock_time.value / run.services.front().deadlocked.value;
}

}  // namespace

TEST_CASE("lock-up: one connection, and a pool that is full at once") {
    // One connection: the first transaction that ends its first hold waits for ever. 1/rate + hold.
    const LockUp one = simulate::time_to_lock_up({10, 0.1, 1, 1});
    CHECK_FALSE(one.at_least);
    CHECK(std::abs(one.seconds / 0.2 - 1) < 0.25);
}

TEST_CASE("lock-up: the same as the simulator that waits for it") {
    for (const int size : {30, 34}) {
        CAPTURE(size);
        const LockUp found = simulate::time_to_lock_up({400, 0.02, 1, size});
        const double waited = waited_for(400, 0.02, size, size == 30 ? 5 : 40);
        CAPTURE(found.seconds);
        CAPTURE(waited);
        CHECK_FALSE(found.at_least);
        CHECK(found.seconds > waited / 1.6);
        CHECK(found.seconds < waited * 1.6);
    }
}

TEST_CASE("lock-up: minutes at 39 and 40, which were called safe, and longer with each connection") {
    // 48 runs of 3,000 s by the simulator: 21 minutes at 39; an independent program, 300 and 150 runs: 25 and 74.
    const LockUp at_39 = simulate::time_to_lock_up({400, 0.02, 1, 39});
    const LockUp at_40 = simulate::time_to_lock_up({400, 0.02, 1, 40});
    CHECK(at_39.seconds > 12 * 60);
    CHECK(at_39.seconds < 40 * 60);
    CHECK(at_40.seconds > 35 * 60);
    CHECK(at_40.seconds < 120 * 60);
    CHECK(simulate::time_to_lock_up({400, 0.02, 1, 45}).seconds > 5 * at_40.seconds);
    // Chernoff's bound alone is more than anybody asks for.
    const LockUp huge = simulate::time_to_lock_up({2000, 0.1, 1, 1000});
    CHECK(huge.at_least);
    CHECK(huge.seconds > 1e12);
}

TEST_CASE("lock-up: a seed gives one answer, and others near it") {
    const NestedPool pool{10, 0.1, 1, 10, 1};
    CHECK(simulate::time_to_lock_up(pool).seconds == simulate::time_to_lock_up(pool).seconds);
    // 2,000 runs of an independent program: 22,880 s, within 4 %.
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const LockUp found = simulate::time_to_lock_up({10, 0.1, 1, 10, seed});
        CHECK(found.seconds > 22'880 * 0.5);
        CHECK(found.seconds < 22'880 * 2.0);
    }
}
