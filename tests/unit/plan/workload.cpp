// Pools sized by their workloads: what wins, what caps, what raises, and what is said of it.
#include <doctest/doctest.h>

#include <string>

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/driver.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

test::Planned plan_pool(std::string_view pool, std::string_view service = "", std::string_view top = "") {
    return test::plan_text(fmt::format(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
{}
[[database]]
name = "main"
engine = "postgresql"
class = "db.m5.large"
[[service]]
name = "api"
deploy = "recreate"
{}
[[service.pool]]
name = "main"
database = "main"
{}
)",
                                       top, service, pool));
}

const PoolAdvice& advice(const test::Planned& planned) { return planned.plan.pools.front().advice; }

}  // namespace

TEST_CASE("a workload sizes a pool: smallest n by Erlang's C, with its basis and reason") {
    const auto planned = plan_pool("max = 4\nworkload = { rate = \"300/s\", hold = \"8 ms\" }");
    CHECK(advice(planned).size->value == Connections(7));  // 0.42 % with 6, 0.071 % with 7
    CHECK(advice(planned).basis == Basis::workload);
    CHECK(planned.plan.pools.front().load->now->figures.p_over.value() == doctest::Approx(0.105597));
    CHECK(planned.plan.pools.front().load->after->figures.p_over.value() == doctest::Approx(0.00070805));
}

TEST_CASE("the policy's wait and probability are what it is sized for") {
    const auto planned = plan_pool("max = 4\nworkload = { rate = \"300/s\", hold = \"8 ms\" }", "",
                                   "[policy]\nwait = \"20 ms\"\nwait_probability = \"1%\"");
    CHECK(advice(planned).size->value == Connections(4));  // 0.287 e^(-1.6 × 2.5) = 0.53 %
}

TEST_CASE("processes and instances multiply a size, they do not share it") {
    const auto planned = plan_pool("max = 4\nworkload = { rate = \"300/s\", hold = \"8 ms\" }",
                                   "processes = 2\ninstances = { min = 1, max = 3 }");
    CHECK(advice(planned).size->value == Connections(7));
    CHECK(planned.plan.pools.front().after.allocated->value == Connections(42));
}

TEST_CASE("with a connection for each thread of its process, what waits waits for a thread") {
    const auto with = [](int threads, std::string_view more = "") {
        return plan_pool(fmt::format("max = 10\nworkload = {{ rate = \"200/s\", hold = \"40 ms\"{} }}", more),
                         fmt::format("runtime = \"threads\"\nthreads = {}", threads));
    };
    const auto rated = [](const test::Planned& planned) { return *planned.plan.pools.front().load->now; };
    CHECK(rated(with(10)).one_for_each == Connections(10));
    CHECK(rated(with(10)).figures.p_over.value() == doctest::Approx(0.319).epsilon(0.01));  // 8 erlangs
    CHECK_FALSE(rated(with(11)).one_for_each);
    // Who nests holds two; and 8 erlangs on 8 threads say that the threads are not what limits them.
    CHECK_FALSE(rated(with(10, ", nested = 1")).one_for_each);
    CHECK_FALSE(rated(with(8)).one_for_each);
}

TEST_CASE("of ranges the pessimistic end counts, and the other is said") {
    const auto planned = plan_pool("max = 4\nworkload = { rate = \"100-300/s\", hold = \"4-8 ms\" }");
    CHECK(advice(planned).size->value == Connections(7));
    CHECK(planned.plan.pools.front().load->at_best.value() == Connections(3));
    CHECK(planned.plan.pools.front().load->offered.value.value == doctest::Approx(2.4));  // 300/s × 8 ms
    const Node& rate = planned.node("service.api.pool.main.workload.rate");
    CHECK(rate.value == Interval<double>{100, 300});
}

TEST_CASE("a workload wins over a formula and over observed use, but not over a peak that was seen") {
    const std::string load = "workload = { rate = \"300/s\", hold = \"8 ms\" }\n";
    CHECK(advice(plan_pool(load + "max = \"2 * DB_VCPUS + 1\"")).basis == Basis::workload);
    CHECK(advice(plan_pool(load + "max = 20\nin_use = \"2-5\"")).size->value == Connections(7));
    const auto raised = plan_pool(load + "max = 20\nin_use = \"5-9\"");
    CHECK(advice(raised).size->value == Connections(10));
    CHECK(advice(raised).basis == Basis::observed);
    CHECK(advice(raised).raised_from == Basis::workload);
    CHECK(advice(raised).unraised == Connections(7));
}

TEST_CASE("a pool gets no more connections than keep its database's vCPUs busy") {
    constexpr std::string_view busy = "[policy]\ncpu_peak_max = \"95%\"";
    const auto planned = plan_pool("max = 4\nworkload = { rate = \"90/s\", hold = \"20 ms\", cpu = \"20 ms\" }", "",
                                   busy);  // 90 % of 2 vCPUs
    const PoolLoad& load = *planned.plan.pools.front().load;
    CHECK(load.knee->value == Connections(2));
    CHECK(load.cap == PoolLoad::Cap::knee);
    CHECK(advice(planned).size->value == Connections(4));  // today's: not made smaller than its wait asks for
    const auto small =
        plan_pool("max = 1\nworkload = { rate = \"90/s\", hold = \"20 ms\", cpu = \"20 ms\" }", "", busy);
    CHECK(advice(small).size->value == Connections(2));
    CHECK(planned.plan.databases.front().load->cpu_demand.value.value == doctest::Approx(0.9));
}

TEST_CASE("nested checkouts of an open load: more than are ever in flight can not lock the pool up") {
    const auto planned = plan_pool("max = 10\nworkload = { rate = \"50/s\", hold = \"20 ms\", nested = 1 }");
    const PoolLoad& load = *planned.plan.pools.front().load;
    CHECK(load.offered.value.value == doctest::Approx(2.0));  // each transaction asks twice
    // Poisson(2): P(more than 11) = 1.4e-6, P(more than 12) = 2.2e-7.
    CHECK(load.in_flight->value == 12);
    CHECK(load.deadlock_floor->value == Connections(13));
    CHECK(advice(planned).size->value == Connections(13));
}

TEST_CASE("percentiles, constant holds and spreads are sized by what is exact or simulated, and say which") {
    const auto method = [](std::string_view workload) {
        return plan_pool(fmt::format("max = 9\nworkload = {{ rate = \"300/s\", {} }}", workload))
            .plan.pools.front()
            .load->now->figures.method;
    };
    CHECK(method(R"(hold = "8 ms")") == sizing::Method::erlang_c);
    CHECK(method(R"(hold = "8 ms", cv = 0)") == sizing::Method::constant);
    CHECK(method(R"(hold = "8 ms", cv = 2.5)") == sizing::Method::simulation);
    CHECK(method(R"(hold_p50 = "5 ms", hold_p95 = "20 ms")") == sizing::Method::simulation);
    CHECK(method(R"(hold_p50 = "8 ms", hold_p99 = "8 ms")") == sizing::Method::constant);
}

TEST_CASE("what cannot be sized keeps its size and says why") {
    const auto planned = plan_pool("max = 9\nworkload = { rate = \"900000000/s\", hold = \"8 s\" }");
    CHECK(advice(planned).basis == Basis::declared);
    CHECK(planned.plan.pools.front().load->refused == PoolLoad::Refused::by_method);
    CHECK(planned.plan.pools.front().load->method_says.starts_with("load is"));
}

TEST_CASE("CPU that workloads ask for adds up over pools; those that do not say are named") {
    const auto planned = plan_pool(R"(max = 4
workload = { rate = "100/s", hold = "10 ms", cpu = "5 ms" }
[[service.pool]]
name = "jobs"
database = "main"
max = 2
workload = { users = 4, think = "90 ms", hold = "10 ms", cpu = "1 ms" }
[[service.pool]]
name = "other"
database = "main"
max = 2)",
                                   "processes = 2");
    const DatabaseLoad& load = *planned.plan.databases.front().load;
    // 2 × (100/s × 5 ms + 4/(100 ms) × 1 ms) of 2 vCPUs
    CHECK(load.cpu_demand.value.value == doctest::Approx((0.5 + 0.04) * 2 / 2));
    CHECK(load.active_mean.value.value == doctest::Approx(2 * (1.0 + 0.4)));
    CHECK(load.knee.value == Connections(6));  // ⌈2.8 / 0.54⌉
    CHECK(load.sizes.value == Connections(12));
    CHECK(load.silent == std::vector<Index>{2});
}

TEST_CASE("of a range of holds the shortest asks users for the most CPU") {
    const auto load = [](const char* hold) {
        return *plan_pool(
                    fmt::format(
                        "max = 20\nworkload = {{ users = 20, think = \"10 ms\", hold = \"{}\", cpu = \"10 ms\" }}",
                        hold))
                    .plan.databases.front()
                    .load;
    };
    // 20/(10 ms + 20 ms) × 10 ms of 2 vCPUs, at either length of the other end.
    CHECK(load("20 ms").cpu_demand.value.value == doctest::Approx(20 / 30.0 * 10 / 2));
    CHECK(load("20-200 ms").cpu_demand.value.value == doctest::Approx(20 / 30.0 * 10 / 2));
    CHECK(load("200 ms").cpu_demand.value.value == doctest::Approx(20 / 210.0 * 10 / 2));
    CHECK(load("20-200 ms").knee.value == Connections(4));  // 2 × 20/10, of the short holds
    CHECK(load("20-200 ms").active_mean.value.value == doctest::Approx(20 * 200 / 210.0));  // of the long ones
    // A hold is never shorter than its CPU part.
    CHECK(load("5-200 ms").cpu_demand.value.value == doctest::Approx(20 / 20.0 * 10 / 2));
}

TEST_CASE("every figure of a workload leads to lines of the inventory, catalog rows or constants") {
    const auto planned =
        plan_pool("max = 10\nworkload = { rate = \"50/s\", hold = \"20 ms\", cpu = \"5 ms\", nested = 1 }");
    for (const char* name : {"recommended", "workload.size", "workload.knee", "workload.deadlock_floor",
                             "workload.now.wait_p99", "workload.after.p_wait_over"})
        CHECK(planned.node(fmt::format("service.api.pool.main.{}", name)).inputs > 0);
}
