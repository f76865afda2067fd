// The rate of a service: a process's share of it is the load of pools whose workload has none.
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../support/inventories.hpp"
#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string inventory(std::string_view service, std::string_view workload) {
    return fmt::format(R"({}class = "db.m5.large"
[[service]]
name = "api"
{}
[[service.pool]]
name = "main"
database = "main"
max = 5
workload = {{ {} }}
)",
                       test::main_database, service, workload);
}

const Workload& workload(const Loaded& loaded) {
    CAPTURE(loaded.list());
    REQUIRE(loaded.fleet.has_value());
    return *loaded.fleet->pools[0].workload;
}

}  // namespace

TEST_CASE("load: a pool without a rate takes a process's share of the service's, at the most instances") {
    constexpr std::string_view service = "rate = \"300-600/s\"\ninstances = { min = 2, max = 10 }\nprocesses = 3";
    const auto loaded = load_text(inventory(service, "hold = \"20 ms\""));
    const Workload& load = workload(loaded);
    CHECK(load.rate->value == Interval<PerSecond>(PerSecond(10), PerSecond(20)));
    CHECK(load.rate_of_service);
    CHECK(diag::print(load.rate->place) == "poolfit.toml:10:8");
    CHECK(loaded.list().empty());
    const auto fewer = load_text(inventory(service, "hold = \"20 ms\""), {"service.api.instances=5"});
    CHECK(workload(fewer).rate->value.high == PerSecond(40));
    // The keys' order decides nothing.
    const auto later = load_text(inventory("instances = 4\nrate = \"600/s\"", "hold = \"20 ms\""));
    CHECK(workload(later).rate->value == Interval<PerSecond>(PerSecond(150)));
}

TEST_CASE("load: a pool's own load wins over the service's") {
    const auto open = load_text(inventory("rate = \"600/s\"", "rate = \"7/s\", hold = \"20 ms\""));
    CHECK(workload(open).rate->value == Interval<PerSecond>(PerSecond(7)));
    CHECK(!workload(open).rate_of_service);
    CHECK(open.list() == "10:8 rate: no pool of this service takes it\n");
    const auto closed = load_text(inventory("rate = \"600/s\"", "users = 5, think = \"1 s\", hold = \"20 ms\""));
    CHECK(!workload(closed).rate);
}

TEST_CASE("load: without either, a workload lacks a load") {
    const auto loaded = load_text(inventory("", "hold = \"20 ms\""));
    CHECK(loaded.list() == "15:12 a workload needs rate, or users and think\n");
    // A rate that is wrong is said once.
    CHECK(load_text(inventory("rate = 600", "hold = \"20 ms\"")).list() == "10:8 rate: expected a unit after 600\n");
}
