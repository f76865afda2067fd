// Disk and network against what the class holds at any time: db.m5.large 650 Mbit/s, 3,600 IOPS and 750 Mbit/s of
// network, db.m5.xlarge 1,150, 6,000 and 1,250, db.t3.medium 347, 2,000 and 256; nothing is known of db.t2.large.
#include <doctest/doctest.h>

#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::Planned;

namespace {

Planned observed(std::string_view today, std::string_view keys) {
    return plan_text(inventory(today, fmt::format("[database.observed]\n{}", keys)));
}

Check on(const Planned& planned, std::string_view name, Dimension dimension) {
    const Projection projection = planned.on(0, name);
    const Check* found = projection.find(dimension);
    REQUIRE(found != nullptr);
    return *found;
}

}  // namespace

TEST_CASE("throughput: the baseline counts; at it is inside") {
    const Planned at = observed("db.m5.large", "iops = 3600\nebs_throughput = \"650 Mbps\"\nnetwork = \"750 Mbps\"");
    for (const Dimension dimension : {Dimension::iops, Dimension::ebs_throughput, Dimension::network}) {
        CHECK(on(at, "db.m5.large", dimension).standing == Standing::inside);
        CHECK(on(at, "db.m5.large", dimension).share == doctest::Approx(1));
        CHECK(on(at, "db.m5.xlarge", dimension).standing == Standing::inside);
        CHECK(on(at, "db.t3.medium", dimension).standing == Standing::over);
        CHECK(on(at, "db.t3.medium", dimension).caveat == Caveat::none);
    }
    CHECK(*on(at, "db.t3.medium", Dimension::iops).limit == 2000);
    CHECK(*on(at, "db.t3.medium", Dimension::ebs_throughput).limit == 347);
    CHECK(*on(at, "db.t3.medium", Dimension::network).limit == 256);
    CHECK(on(at, "db.t3.medium", Dimension::iops).share == doctest::Approx(1.8));
    CHECK(on(at, "db.t3.medium", Dimension::network).measure == Measure::mbps);
}

TEST_CASE("throughput: the high end is judged, and each quantity only where it is given") {
    const Planned range = observed("db.m5.xlarge", "iops = \"1000-3601\"");
    CHECK(on(range, "db.m5.large", Dimension::iops).standing == Standing::over);
    CHECK(on(range, "db.m5.large", Dimension::iops).share == doctest::Approx(3601.0 / 3600));
    const Planned both = observed("db.m5.xlarge", "ebs_throughput = \"100-651 Mbps\"\nnetwork = \"100-751 Mbps\"");
    for (const Dimension dimension : {Dimension::ebs_throughput, Dimension::network}) {
        CHECK(on(both, "db.m5.large", dimension).standing == Standing::over);
        CHECK(on(both, "db.m5.large", dimension).value->low == 100);
    }
    CHECK(range.on(0, "db.m5.large").find(Dimension::ebs_throughput) == nullptr);
    CHECK(range.on(0, "db.m5.large").find(Dimension::network) == nullptr);
}

TEST_CASE("throughput: over the baseline as today: not worse, unless the other class has less") {
    const Planned planned = observed("db.m5.large", "iops = 5000");
    const auto at = [&](std::string_view name) { return on(planned, name, Dimension::iops); };
    CHECK(at("db.m5.large").standing == Standing::no_worse);
    CHECK(at("db.m5.large").caveat == Caveat::bursts_as_today);
    CHECK(at("db.t3.large").standing == Standing::no_worse);  // 4,000
    CHECK(at("db.m5.xlarge").standing == Standing::inside);
    CHECK(at("db.t3.medium").standing == Standing::over);
}

TEST_CASE("throughput: a class without figures is unknown, and today's no worse") {
    const Planned planned = observed("db.m5.large", "iops = 100");
    CHECK(on(planned, "db.t2.large", Dimension::iops).standing == Standing::unknown);
    CHECK(on(planned, "db.t2.large", Dimension::iops).missing == Missing::class_baseline);
    CHECK_FALSE(on(planned, "db.t2.large", Dimension::iops).limit.has_value());
    const Planned today = observed("db.t2.large", "iops = 5000");
    CHECK(on(today, "db.t2.large", Dimension::iops).standing == Standing::no_worse);
    CHECK(on(today, "db.m5.large", Dimension::iops).standing == Standing::over);  // today's is not known
}
