// Workloads that share their database's CPU: with two vCPUs and a load of b, CPU time takes 4 / (4 − b²) as long (the
// response of an M/M/2 queue over its service).
#include <cmath>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/simulate/fleet.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string load_of(std::string_view service, std::string_view workload, int max = 9, std::string_view keys = "") {
    return one_pool(service, fmt::format("max = {}\nworkload = {{ {} }}", max, workload), keys);
}

/// No other class may be taken, whatever is asked of this one.
Planned on_two_vcpus(const std::string& services) {
    return plan_text(one_database("db.m5.large", "", services + "[policy]\nallow = [\"db.m5.large\"]\n"));
}

double mean_of(const sizing::Hold& hold) { return std::get<Millis>(sizing::mean_hold(hold)).value; }

}  // namespace

TEST_CASE("shared CPU: open loads of half the vCPUs make CPU time a third longer, and holds by their CPU part") {
    // 2 × 100/s × 5 ms are one vCPU busy.
    const std::string_view one = R"(rate = "100/s", hold = "15 ms", cpu = "5 ms")";
    const Planned planned = on_two_vcpus(load_of("a", one) + load_of("b", one));
    for (const PoolPlan& pool : planned.plan.pools) {
        CHECK(pool.load->cpu_stretch == doctest::Approx(4.0 / 3).epsilon(1e-9));
        CHECK(mean_of(pool.load->base.hold) == doctest::Approx(15));
        CHECK(mean_of(pool.load->held_for) == doctest::Approx(15 + 5.0 / 3));
        CHECK_FALSE(pool.load->cpu_full);
    }
    const Planned copies = on_two_vcpus(load_of("a", one, 9, "instances = 2"));
    CHECK(copies.plan.pools[0].load->cpu_stretch == doctest::Approx(4.0 / 3).epsilon(1e-9));
}

TEST_CASE("shared CPU: a workload that takes none has no full CPU and no longer holds") {
    const PoolLoad load_alone = *on_two_vcpus(load_of("a", R"(rate = "100/s", hold = "15 ms")")).plan.pools[0].load;
    CHECK_FALSE(load_alone.cpu_full);
    CHECK(load_alone.cpu_stretch == 1);
    CHECK(mean_of(load_alone.held_for) == doctest::Approx(15));
}

TEST_CASE("shared CPU: percentiles of a hold are as much longer as its mean") {
    const Planned planned = on_two_vcpus(
        load_of("a", R"(rate = "100/s", hold_p50 = "10 ms", hold_p95 = "30 ms", hold_p99 = "50 ms", cpu = "5 ms")") +
        load_of("b", R"(rate = "100/s", hold = "15 ms", cpu = "5 ms")"));
    const PoolLoad& a = *planned.plan.pools[0].load;
    const auto &alone = std::get<sizing::PercentileHold>(a.base.hold),
               &then = std::get<sizing::PercentileHold>(a.held_for);
    const double factor = 1 + 5 / mean_of(a.base.hold) * (a.cpu_stretch - 1);
    CHECK(factor > 1.05);
    CHECK(then.p50.value == doctest::Approx(alone.p50.value * factor));
    CHECK(then.p95->value == doctest::Approx(alone.p95->value * factor));
    CHECK(then.p99->value == doctest::Approx(alone.p99->value * factor));
}

TEST_CASE("shared CPU: closed loads settle where they ask for as much as the wait that they make lets them") {
    const Planned planned = on_two_vcpus(load_of("a", R"(users = 6, think = "20 ms", hold = "10 ms", cpu = "5 ms")") +
                                         load_of("b", R"(users = 10, think = "80 ms", hold = "30 ms", cpu = "8 ms")") +
                                         load_of("c", R"(rate = "20/s", hold = "10 ms", cpu = "10 ms")"));
    const double stretch = planned.plan.pools[0].load->cpu_stretch;
    REQUIRE(stretch > 1.2);
    const double busy = 2 * std::sqrt(1 - 1 / stretch);
    const double asked = 6 * 5 / (20 + 10 + 5 * (stretch - 1)) + 10 * 8 / (80 + 30 + 8 * (stretch - 1)) + 0.2;
    CHECK(asked == doctest::Approx(busy).epsilon(1e-9));
    for (const PoolPlan& pool : planned.plan.pools) CHECK(pool.load->cpu_stretch == stretch);
}

TEST_CASE("shared CPU: open loads of all vCPUs leave nothing to say of waits; a little less does") {
    const auto full = [](std::string_view rate) {
        const std::string workload = fmt::format(R"(rate = "{}", hold = "20 ms", cpu = "10 ms")", rate);
        const Planned planned = on_two_vcpus(load_of("a", workload) + load_of("b", workload));
        CHECK(planned.plan.pools[0].load->now.has_value() != planned.plan.pools[0].load->cpu_full);
        CHECK(planned.plan.pools[0].load->cpu_stretch >= 1);
        return planned.plan.pools[0].load->cpu_full;
    };
    CHECK(full("100/s"));
    CHECK_FALSE(full("99/s"));
}

TEST_CASE("shared CPU: one process of users alone waits for the CPU in its own queue, not in a longer hold") {
    const std::string_view users = R"(users = 8, think = "20 ms", hold = "10 ms", cpu = "10 ms")";
    const Planned alone = on_two_vcpus(load_of("a", users));
    CHECK(mean_of(alone.plan.pools[0].load->held_for) == doctest::Approx(10));
    CHECK(alone.plan.pools[0].load->load.vcpus == 2);
    const Planned two = on_two_vcpus(load_of("a", users, 9, "processes = 2"));
    CHECK(mean_of(two.plan.pools[0].load->held_for) > 11);
    CHECK(alone.plan.pools[0].load->load.others == 0);
    CHECK(two.plan.pools[0].load->load.others > 0.5);
}

TEST_CASE("shared CPU: one process of random arrivals has no queue for the CPU of its own: its holds are longer") {
    // One vCPU of two is busy.
    const Planned alone = on_two_vcpus(load_of("a", R"(rate = "100/s", hold = "10 ms", cpu = "10 ms")"));
    CHECK(mean_of(alone.plan.pools[0].load->held_for) == doctest::Approx(10 * 4.0 / 3));
}

TEST_CASE("shared CPU: with no more connections than vCPUs, none waits for a CPU") {
    // All on the CPU while held: two vCPUs give one connection of a pool its own, whatever the other pool has, or
    // share.
    const auto served = [](int a, int b) {
        const std::string_view busy = R"(users = 50, think = "1 ms", hold = "10 ms", cpu = "10 ms")";
        const Planned planned = on_two_vcpus(load_of("a", busy, a) + load_of("b", busy, b));
        return planned.plan.pools[0].load->now->figures.throughput.value;
    };
    CHECK(served(1, 1) == doctest::Approx(100));
    CHECK(served(1, 2) > 100 * 2.0 / 3);  // as if the other pool were on the CPU at random, which it always is
    CHECK(served(1, 2) < 100 * 2.0 / 3 * 1.15);
    CHECK(served(2, 2) == doctest::Approx(100).epsilon(0.02));
}

// Three connections, which a longer mean hold gives, miss this goal: p99 34 ms of 20 ms in the simulation.
TEST_CASE("shared CPU: a size that is recommended keeps its goal in the simulation, and one less does not") {
    const Planned planned = plan_text(
        one_database("db.m5.large", "",
                     load_of("a", R"(rate = "32/s", hold = "17 ms", cpu = "10 ms")", 3, "processes = 4") +
                         "[policy]\nallow = [\"db.m5.large\"]\nwait = \"20 ms\"\nwait_probability = \"1%\"\n"));
    const std::int64_t size = planned.plan.pools[0].load->size->value.value;
    CHECK(size == 4);
    const auto p99 = [&](std::int64_t connections) {
        const simulate::FleetSizes sizes{{Connections(connections)}, {}, {std::nullopt}};
        simulate::SystemOptions options;
        options.precision = 0.05;
        options.replications = 8;
        return simulate::simulate_system(simulate::systems(planned.fleet, sizes).front().system, options)
            .services.front()
            .wait_p99;
    };
    CHECK(p99(size).high() < 0.020);
    CHECK(p99(size - 1).low() > 0.020);
    const RatedPool& now = *planned.plan.pools[0].load->now;
    CHECK(now.figures.method == sizing::Method::shared_cpu);
    CHECK_FALSE(sizing::meets(now.figures, planned.plan.pools[0].load->question));
    CHECK(now.figures.wait_p99->value == doctest::Approx(34).epsilon(0.25));
}

TEST_CASE("the node of a utilization says what the pool's utilization is said to be") {
    for (const std::string_view workload :
         {R"(rate = "300/s", hold = "8 ms")", R"(rate = "300/s", hold = "8 ms", cv = 2.5)",
          R"(users = 30, think = "80 ms", hold = "20 ms")"}) {
        CAPTURE(workload);
        const Planned planned = on_two_vcpus(load_of("a", workload));
        const PoolLoad& of_pool = *planned.plan.pools[0].load;
        for (const auto& rated : {of_pool.now, of_pool.after}) {
            REQUIRE(rated.has_value());
            CHECK((*planned.figures)[rated->utilization].value.high ==
                  doctest::Approx(rated->figures.utilization.value).epsilon(1e-12));
        }
    }
}

TEST_CASE("a size says that the runtime holds it down where it does, and only there") {
    const auto note = [](std::string_view runtime) {
        const Planned planned = on_two_vcpus(load_of("a", R"(rate = "100/s", hold = "8 ms")", 9, runtime));
        return (*planned.figures)[planned.plan.pools[0].load->size->id].remark.note;
    };
    CHECK(note("runtime = \"processes\"") == Note::capped_by_runtime);
    CHECK(note("") == Note::none);
}

TEST_CASE("the mean of a law that percentiles give is a figure of its own, of those percentiles") {
    const Planned planned =
        on_two_vcpus(load_of("a", R"(rate = "100/s", hold_p50 = "10 ms", hold_p95 = "30 ms", hold_p99 = "50 ms")"));
    const Node& hold = planned.node("service.a.pool.p.workload.hold");
    CHECK(hold.inputs == 3);
    CHECK(hold.value.high == doctest::Approx(mean_of(planned.plan.pools[0].load->base.hold)));
}

TEST_CASE("the size for a wait stands on the CPU time and on the vCPUs, one or more, where it has its own queue") {
    const std::string users = load_of("a", R"(users = 8, think = "200 ms", hold = "10 ms", cpu = "5 ms")");
    for (const char* cls : {"db.t2.small", "db.m5.large"}) {
        const Planned planned =
            plan_text(one_database(cls, "", users + fmt::format("[policy]\nallow = [\"{}\"]\n", cls)));
        const FigureId size = planned.plan.pools[0].load->for_wait->id;
        bool by_vcpus = false;
        for (const FigureId input : planned.figures->inputs(size))
            by_vcpus = by_vcpus || (*planned.figures)[input].key.name == Name::vcpus;
        CHECK(by_vcpus);
    }
}
