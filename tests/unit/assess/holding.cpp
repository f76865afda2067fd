// What a process can hold and has to hold: a derivation has the value that the model says, and no step for nothing.
#include <cstdint>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/assess/holding.hpp>
#include <poolfit/model/holding.hpp>

#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::service;

namespace {

struct Floor {
    std::int64_t model = 0, derived = 0;
    Op op = Op::same;  ///< of the figure
};

/// With a size of 30 today.
Floor floor_of(std::string_view of_service, std::string_view pool) {
    const auto planned = plan_text(inventory("db.m5.4xlarge", "", service("a", of_service, pool)));
    Figures figures;
    const Recorder r(&figures);
    const PoolSize today = Figure<Connections>{Connections(30), r.literal(30).id};
    const auto derived = assess::has_to_hold(planned.fleet, 0, today, r);
    CHECK(assess::has_to_hold(planned.fleet, 0, today, Recorder()).value == derived.value);
    return {model::holding(planned.fleet, planned.fleet.pools[0], Connections(30)).floor.value, derived.value.value,
            figures[derived.id].op};
}

}  // namespace

TEST_CASE("holding: the derivation of what a process has to hold comes to what the model says") {
    for (const std::string_view of_service :
         {"runtime = \"threads\"\nthreads = 5", "runtime = \"threads\"\nthreads = 12", "runtime = \"processes\"",
          "runtime = \"event-loop\"", ""})
        for (const std::string_view driver : {"", "driver = \"activerecord\"", "driver = \"hikaricp\""})
            for (const std::string_view databases : {"", "databases = 3", "databases = 100"})
                for (const std::string_view load : {"", "workload = { rate = \"20/s\", hold = \"20 ms\" }",
                                                    "workload = { rate = \"20/s\", hold = \"20 ms\", nested = 1 }",
                                                    "workload = { rate = \"20/s\", hold = \"20 ms\", nested = 3 }"}) {
                    CAPTURE(of_service);
                    CAPTURE(driver);
                    CAPTURE(databases);
                    CAPTURE(load);
                    const Floor held =
                        floor_of(of_service, fmt::format("max = 30\n{}\n{}\n{}", driver, databases, load));
                    CHECK(held.model == held.derived);
                }
}

TEST_CASE("holding: threads of many databases have an even part in each; of one there is nothing to divide") {
    const std::string_view five = "runtime = \"threads\"\nthreads = 5";
    const Floor one = floor_of(five, "max = 30\ndriver = \"activerecord\"");
    CHECK(one.derived == 5);
    CHECK(one.op != Op::ceil);
    const Floor three = floor_of(five, "max = 30\ndriver = \"activerecord\"\ndatabases = 3");
    CHECK(three.derived == 2);  // 5 ÷ 3
    CHECK(three.op == Op::ceil);
    const Floor nests = floor_of(five,
                                 "max = 30\ndriver = \"hikaricp\"\nworkload = { rate = \"20/s\", hold = \"20 ms\", "
                                 "nested = 2 }");
    CHECK(nests.derived == 5 * 2 + 1);
}
