// The smallest volume that a load fits: throughput and IOPS that are provisioned, worked out by hand from prices of
// Seoul: gp3 $0.131 a GiB, $0.023 an IOPS above 12,000, $0.091 a MiB/s above 500; io1 and io2 $0.135 and $0.108.
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

test::Planned seoul(std::string_view storage, std::string_view observed) {
    return test::plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"ap-northeast-2\"\n"
                    "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.8xlarge\"\n"
                    "[database.observed]\n{}\n[database.storage]\n{}\n",
                    observed, storage));
}

const StorageUse& use(const test::Planned& made) {
    REQUIRE(made.plan.databases[0].storage);
    return *made.plan.databases[0].storage;
}

double dollars(const std::optional<Figure<Interval<MicroUsdPerMonth>>>& amount) {
    REQUIRE(amount);
    return usd(amount->value.high);
}

}  // namespace

TEST_CASE("storage: gp3 with provisioned throughput takes the place of io1 and io2") {
    // 700 MiB/s ÷ 0.8 = 875; db.m5.8xlarge always lets 6,800 Mbps through, 811 MiB/s.
    const auto made = seoul("type = \"io1\"\nsize = \"1000 GiB\"\niops = 20000",
                            "iops = \"2000-18000\"\nebs_throughput = \"100-734 Mbps\"");
    REQUIRE(use(made).advice);
    CHECK(!use(made).advice->provisioned_mibps);  // 87.5 MiB/s: 500 come with the size
    for (const std::string_view type : {"io1", "io2"}) {
        const auto fast = seoul(fmt::format("type = \"{}\"\nsize = \"1000 GiB\"\niops = 20000", type),
                                "iops = \"2000-18000\"\nebs_throughput = \"100-700 MiB/s\"");
        const auto& advice = use(fast).advice;
        REQUIRE(advice);
        CHECK(advice->kind == StorageAdvice::Kind::cheaper);
        CHECK(advice->to->name == "gp3");
        CHECK(advice->provisioned == 20000);
        CHECK(advice->provisioned_mibps == 811);
        CHECK(dollars(advice->cost) == doctest::Approx(131 + 8000 * 0.023 + 311 * 0.091));
        CHECK(dollars(advice->saves) == doctest::Approx(135 + 20000 * 0.108 - 131 - 184 - 311 * 0.091));
    }
    // A quarter more than 560 MiB/s.
    const auto room = seoul("type = \"io1\"\nsize = \"200 GiB\"\niops = 5000", "ebs_throughput = \"100-560 MiB/s\"");
    REQUIRE(use(room).advice);
    CHECK(use(room).advice->gib == 400);
    CHECK(!use(room).advice->provisioned);
    CHECK(use(room).advice->provisioned_mibps == 700);
    CHECK(dollars(use(room).advice->cost) == doctest::Approx(400 * 0.131 + 200 * 0.091));
    // More than gp3 ever has.
    const auto most = seoul("type = \"io1\"\nsize = \"1000 GiB\"\niops = 20000", "ebs_throughput = \"100-4001 MiB/s\"");
    CHECK(!use(most).advice);
    REQUIRE(use(most).rejected.size() == 1);
    CHECK(use(most).rejected[0].why == StorageRejected::Why::throughput);
    CHECK(use(most).rejected[0].has == 4000);
}

TEST_CASE("storage: IOPS that come with a size need no room, and none are bought above them") {
    const auto advice = [](std::string_view storage, int seen) {
        return use(seoul(storage, fmt::format("iops = \"100-{}\"", seen))).advice;
    };
    constexpr std::string_view gp3 = "type = \"gp3\"\nsize = \"399 GiB\"", gp2 = "type = \"gp2\"\nsize = \"200 GiB\"";
    for (const int seen : {3001, 11900, 12000}) {
        const auto grown = advice(gp3, seen);
        REQUIRE(grown);
        CHECK(grown->gib == 400);
        CHECK(!grown->provisioned);
        CHECK(dollars(grown->cost) == doctest::Approx(52.4));
    }
    // 12,001 ÷ 0.8, in whole hundreds.
    CHECK(advice(gp3, 12001)->provisioned == 15100);
    for (const int seen : {601, 2500, 3000}) {
        const auto other = advice(gp2, seen);
        REQUIRE(other);
        CHECK(other->to->name == "gp3");
        CHECK(!other->gib);
        CHECK(!other->provisioned);
    }
    CHECK(advice(gp2, 3001)->gib == 400);
}
