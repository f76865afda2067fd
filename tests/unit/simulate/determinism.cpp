// The same seed, the same bits: for any number of threads, any instruction set, any compiler.
#include <cmath>
#include <cstring>

#include <poolfit/simulate/pool.hpp>
#include <poolfit/simulate/system.hpp>

#include "../../../src/simulate/replications.hpp"
#include "rows.hpp"

using namespace poolfit::simulate;

namespace {

bool same(const Estimate& a, const Estimate& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

bool same(const PoolRun& a, const PoolRun& b) {
    return same(a.throughput, b.throughput) && same(a.utilization, b.utilization) && same(a.wait_mean, b.wait_mean) &&
           same(a.wait_probability, b.wait_probability) && same(a.wait_p99, b.wait_p99) &&
           same(a.wait_p999, b.wait_p999) && same(a.timeout_probability, b.timeout_probability) && a.waits == b.waits &&
           a.transactions == b.transactions;
}

std::vector<PoolModel> models() {
    std::vector<PoolModel> all(5);
    all[0].connections = 10;
    all[0].gap = exponential(0.125);
    all[0].hold = exponential(1);
    all[1] = all[0];
    all[1].hold = lognormal(1, 2);
    all[1].acquire_timeout = 0.7;
    all[2].connections = 7;
    all[2].users = 28;
    all[2].gap = gamma(2.5, 0.5);
    all[2].hold = discrete({{0.5, 1}, {3, 1}});
    all[3].connections = 10;
    all[3].users = 28;
    all[3].gap = exponential(2.5);
    all[3].hold = exponential(1.5);
    all[3].vcpus = 4;
    all[3].cpu_mean = 0.4;
    all[4].connections = 500;  // above what is kept sorted: a heap
    all[4].gap = hyperexponential(1.0 / 450, 1.5);
    all[4].hold = uniform(0.5, 1.5);
    return all;
}

Options short_run() {
    Options o;
    o.seed = 7;
    o.precision = 0;
    o.transactions = 3e5;
    return o;
}

}  // namespace

TEST_CASE("a pool's run is the same for 1, 2 and 3 threads") {
    for (const PoolModel& m : models()) {
        Options o = short_run();
        const PoolRun one = simulate_pool(m, o);
        REQUIRE(one.outcome == PoolRun::Outcome::done);
        for (int threads : {2, 3}) {
            o.threads = threads;
            CHECK(same(one, simulate_pool(m, o)));
        }
    }
}

TEST_CASE("a pool's run that stops when precise is the same for 1 and 3 threads") {
    PoolModel m = models()[0];
    Options o = short_run();
    o.precision = 0.1;
    o.transactions = 1e7;
    const PoolRun one = simulate_pool(m, o);
    CHECK(one.precise);
    CHECK(one.transactions < 5e6);
    o.threads = 3;
    CHECK(same(one, simulate_pool(m, o)));
}

TEST_CASE("a pool's run is the same on every instruction set") {
    std::size_t count = 0;
    const Kernel* const* kernels = runnable_kernels(count);
    for (const PoolModel& m : models()) {
        const PoolRun first = simulate_pool(m, short_run(), *kernels[0]);
        for (std::size_t i = 1; i < count; ++i) {
            CAPTURE(kernels[i]->name);
            CHECK(same(first, simulate_pool(m, short_run(), *kernels[i])));
        }
    }
    MESSAGE("instruction sets: ", count);
}

TEST_CASE("the same figures on any machine and with any compiler") {
    // Taken from one run; another value here means that somebody's seed gives other numbers than before.
    const PoolRun run = simulate_pool(models()[1], short_run());
    CHECK(run.wait_mean.value == 0x1.c4ae379101bfcp-4);
    CHECK(run.wait_p99.value == 0x1.6666666666666p-1);
    const PoolRun closed = simulate_pool(models()[2], short_run());
    CHECK(closed.wait_mean.value == 0x1.600f3a7bd0334p+1);
    CHECK(closed.throughput.value == 0x1.fff74d82a963bp+1);
}

TEST_CASE("a system's run is the same for 1, 2 and 3 threads") {
    SystemModel m;
    m.databases = {{"a", 2}, {"b", 1}};
    m.poolers = {{"bouncer", 0, 6, 3}};
    ServiceModel s;
    s.name = "api";
    s.instances = 2;
    s.connections = 4;
    s.gap = exponential(0.3);
    s.cpu = lognormal(0.2, 1);
    s.external = exponential(0.5);
    s.acquire_timeout = 2;
    s.through_pooler = true;
    m.services.push_back(s);
    s.name = "worker";
    s.through_pooler = false;
    s.users = 9;
    s.nested = 1;
    s.nested_share = 0.2;
    s.nested_hold = exponential(0.1);
    m.services.push_back(s);
    m.failovers = {{0, 1, 40, 3}};
    m.surges = {{0, 10, 30, 2}};
    SystemOptions o;
    o.seconds = 100;
    const SystemRun one = simulate_system(m, o);
    REQUIRE(one.reason == "");
    for (int threads : {2, 3}) {
        o.threads = threads;
        const SystemRun other = simulate_system(m, o);
        REQUIRE(other.services.size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(same(one.services[i].throughput, other.services[i].throughput));
            CHECK(same(one.services[i].wait_p99, other.services[i].wait_p99));
            CHECK(same(one.services[i].deadlock_time, other.services[i].deadlock_time));
            CHECK(same(one.databases[i].stretch, other.databases[i].stretch));
            CHECK(one.services[i].waits == other.services[i].waits);
        }
        CHECK(same(one.poolers[0].wait_mean, other.poolers[0].wait_mean));
    }
}

TEST_CASE("common random numbers: the difference between two pools is known better than each") {
    PoolModel ten = models()[0], eleven = ten;
    eleven.connections = 11;
    std::vector<double> together, apart;
    for (std::uint64_t i = 0; i < 60; ++i) {
        Options o = short_run(), other = o;
        o.seed = i;
        other.seed = 1000 + i;
        const double ten_wait = simulate_pool(ten, o).wait_mean.value;
        together.push_back(ten_wait - simulate_pool(eleven, o).wait_mean.value);
        apart.push_back(ten_wait - simulate_pool(eleven, other).wait_mean.value);
    }
    const double ratio = std::pow(estimate(apart, 0.95).half_width / estimate(together, 0.95).half_width, 2);
    MESSAGE("variance of the difference: ", ratio, " times smaller");
    CHECK(ratio > 1.5);
}
