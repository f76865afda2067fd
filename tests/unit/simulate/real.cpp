// A real PostgreSQL 15 behind a real PgBouncer 1.18, predicted before it ran: the hold's law as nominal plus what a
// transaction costs there, the think time as drawn, and the noise of a window of that length from the simulator itself.
// See tests/known-answers/real and docs/accuracy.md, which has the rows.
#include <cmath>

#include "../../accuracy/real.hpp"
#include "rows.hpp"

using namespace accuracy;

namespace {

Effort effort() {
    Effort e;
    e.precision = poolfit::simulate::sanitized ? 0.05 : 0.005;
    e.transactions = poolfit::simulate::sanitized ? 3e5 : 2e7;
    e.windows = poolfit::simulate::sanitized ? 12 : 50;
    return e;
}

// Fewer rows under sanitizers: each is run for minutes of simulated time.
std::vector<RealRun> some(std::vector<RealRun> runs) {
    if (poolfit::simulate::sanitized) runs.resize(8);
    return runs;
}

void check(const std::vector<RealRun>& runs) {
    Rms rate, wait;
    for (const RealRun& r : runs) {
        CAPTURE(r.name);
        const Prediction p = predict(r.experiment, effort());
        REQUIRE(p.refused == "");
        const Verdict v = judge(p, r.measured);
        if (!r.rate_is_own) {
            CHECK_MESSAGE(v.per_second_inside, p.per_second, "/s for ", r.measured.per_second);
            rate.add(v.per_second_z);
        }
        CHECK_MESSAGE(v.wait_inside, p.wait_ms, " ms for ", r.measured.wait_ms);
        wait.add(v.wait_z);
    }
    MESSAGE("rms z: throughput ", rate.value(), " of ", rate.count(), ", mean wait ", wait.value(), " of ",
            wait.count());
    // 1 would be chance alone. Runs are few, so chance itself moves it by a fifth; by more for eight of them.
    CHECK(rate.value() < (poolfit::simulate::sanitized ? 2 : 1.5));
    CHECK(wait.value() < (poolfit::simulate::sanitized ? 2 : 1.5));
    CHECK(rate.count() > 3);
    CHECK(wait.count() > 3);
}

}  // namespace

TEST_CASE("closed loops on the real thing: throughput and mean wait of every run") { check(some(closed_runs())); }

TEST_CASE("Poisson arrivals on the real thing: throughput and mean wait of every run") { check(some(open_runs())); }

TEST_CASE("the noise of one run is what another simulator's 40 runs of that length say") {
    double logarithms = 0;
    int compared = 0;
    const auto compare = [&](double ours, double theirs) {
        if (theirs < least_sd) return;
        CHECK(ours < 1.8 * theirs);  // theirs alone is known to 11 %
        CHECK(ours > theirs / 1.8);
        logarithms += std::log(ours / theirs);
        ++compared;
    };
    const std::vector<Noise> table = noise_table();
    for (std::size_t i = 0; i < table.size(); i += poolfit::simulate::sanitized ? 9 : 1) {
        CAPTURE(table[i].name);
        const Prediction p = predict(table[i].experiment, effort());
        compare(p.per_second_sd, table[i].per_second_sd);
        if (table[i].wait_ms > least_wait_ms) compare(p.wait_sd, table[i].wait_sd);
    }
    MESSAGE("ours over theirs, geometric mean: ", std::exp(logarithms / compared), " of ", compared);
    if (!poolfit::simulate::sanitized) CHECK(std::fabs(logarithms / compared) < 0.06);
}

TEST_CASE("transactions that need CPU alone: the throughput of the real thing, by pool size") {
    const std::vector<CpuBound> sizes = cpu_bound();
    REQUIRE(sizes.size() == 9);
    for (const CpuBound& c : sizes) {
        CAPTURE(c.connections);
        // With the CPU time that a transaction really took: PgBouncer and the client took 1..5 % of the two vCPUs.
        CHECK(c.own_cpu == doctest::Approx(c.measured).epsilon(0.06));
        // With that of one connection alone: the peak is at the number of vCPUs, and no size does better.
        if (c.connections >= 3) CHECK(c.one_cpu == doctest::Approx(sizes[2].one_cpu).epsilon(0.01));
    }
    CHECK(sizes[0].one_cpu == doctest::Approx(sizes[0].measured).epsilon(0.03));
    CHECK(sizes[1].one_cpu > 1.9 * sizes[0].one_cpu);
    for (const CpuBound& c : sizes) CHECK(c.measured <= sizes[1].measured);
}
