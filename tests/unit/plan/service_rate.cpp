// A service's rate: the plan counts it once, however many instances share it.
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/model/scale.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

constexpr std::string_view text = R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
version = "16.8"
class = "db.m5.large"
max_connections = 105
reserved_connections = 5
[[service]]
name = "api"
instances = { min = 2, max = 10 }
processes = 2
rate = "400/s"
[[service.pool]]
name = "main"
database = "main"
max = 6
workload = { hold = "20 ms", cpu = "2 ms" }
)";

}  // namespace

TEST_CASE("a service's rate: a process's share, with the way it came about") {
    const auto planned = test::plan_text(text);
    const auto& rate = planned.node("service.api.pool.main.workload.rate");
    CHECK(rate.value == Interval<double>{20, 20});
    CHECK(planned.node("service.api.rate").value == Interval<double>{400, 400});
    CHECK(planned.node("service.api.pool.main.workload.offered").value == Interval<double>{0.4, 0.4});
    // 400/s × 2 ms are 0.8 of 2 vCPUs, whatever the instances are.
    for (const std::string_view instances : {"4", "10", "{ min = 1, max = 7 }"}) {
        const auto with = test::plan_text(text, {fmt::format("service.api.instances={}", instances)});
        CHECK(with.plan.databases[0].load->cpu_demand.value.value == doctest::Approx(0.4));
    }
}

TEST_CASE("a service's rate: fewer instances would have more of it each, and are no way out") {
    // 10 × 2 × 6 = 120 of 100.
    const auto shared = test::plan_text(text, {"service.api.pool.main.workload.hold=200 ms"});
    REQUIRE(!shared.plan.databases[0].recommendation.ways.empty());
    for (const WayOut& way : shared.plan.databases[0].recommendation.ways) CHECK(way.kind != WayOut::Kind::instances);
    const auto own = test::plan_text(
        text, {"service.api.pool.main.workload.hold=200 ms", "service.api.pool.main.workload.rate=20/s"});
    bool fewer = false;
    for (const WayOut& way : own.plan.databases[0].recommendation.ways) fewer |= way.kind == WayOut::Kind::instances;
    CHECK(fewer);
}

TEST_CASE("a service's rate: --scale multiplies it where it stands") {
    auto planned = test::plan_text(text);
    model::scale_load(planned.fleet, 3);
    CHECK(planned.fleet.services[0].rate->value.high == PerSecond(1200));
    CHECK(planned.fleet.pools[0].workload->rate->value.high == PerSecond(60));
}
