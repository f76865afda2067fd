// RDS for MySQL: limits, classes and prices, against values worked out by hand from the sources.
#include <doctest/doctest.h>

#include <cmath>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/unit/print.hpp>

#include "unit/catalog/csv.hpp"

using namespace poolfit;
using catalog::Supported;

namespace {

const Platform& mysql = *platform::by_id("rds-mysql");
const Platform& postgresql = *platform::by_id("rds-postgresql");

const Catalog& built_in() {
    static const Catalog catalog;
    return catalog;
}

const InstanceClass& named(std::string_view name) { return *built_in().find_class(mysql, name); }

std::optional<Price> price(std::string_view cls, std::string_view region, bool multi_az = false,
                           PriceTerm term = PriceTerm::list) {
    return built_in().price(mysql, named(cls), region, multi_az, term);
}

Interval<Connections> expected(std::string_view cls) {
    return catalog::max_connections_expected(built_in(), mysql, named(cls));
}

Interval<Bytes> pool(std::string_view cls, std::optional<EngineVersion> version) {
    return mysql.buffers(catalog::engine_memory(mysql, named(cls)).range, version).range;
}

}  // namespace

TEST_CASE("RDS for MySQL: max_connections divides the memory by 12582880") {
    CHECK(built_in().max_connections_formula(mysql)->text == "{DBInstanceClassMemory/12582880}");
    const auto nominal = [](std::string_view cls) {
        return catalog::max_connections_nominal(built_in(), mysql, named(cls));
    };
    CHECK(nominal("db.m5.large") == 682);       // 8589934592 / 12582880 = 682.67
    CHECK(nominal("db.t3.micro") == 85);        // 1073741824 / 12582880 = 85.33
    CHECK(nominal("db.r5.24xlarge") == 65536);  // 824633720832 / 12582880 = 65536.17; no cap in the formula
    // 7767 MiB are seen by the OS on m7g.large; RDS keeps 257 MiB + 1.25 % at most: 7412.9 MiB; at least 1.9: 7765.1.
    CHECK(expected("db.m7g.large") == Interval(Connections(617), Connections(647)));
}

TEST_CASE("RDS for MySQL: servers and examples fall into the expected range") {
    int servers = 0, examples = 0;
    for (const auto& row : csv::read("catalog/observed_max_connections.csv")) {
        if (row.at("engine") != "mysql" || built_in().find_class(mysql, row.at("class")) == nullptr) continue;
        const std::int64_t seen = std::llround(csv::number(row, "observed_max_connections"));
        if (seen == 16000) continue;  // db.r5.24xlarge in 2023: a cap that the documentation of 2026 no longer has
        CAPTURE(row.at("class"));
        const auto range = expected(row.at("class"));
        CHECK(range.low.value <= seen);
        CHECK(seen <= range.high.value);
        ++(row.at("kind") == "observed" ? servers : examples);
    }
    CHECK(servers == 8);  // 1 to 30.5 GiB
    CHECK(examples == 2);
}

TEST_CASE("RDS for MySQL: nothing is kept from applications, at any version") {
    for (const auto version : {std::optional<EngineVersion>(), std::optional(EngineVersion{{8, 0}, 40}),
                               std::optional(EngineVersion{{5, 7}, -1})}) {
        std::int64_t slots = 0;
        const auto rows = built_in().reserved_slots(mysql, version);
        for (const ReservedSlots& row : rows) slots += row.slots;
        CHECK(slots == 0);
        CHECK(rows.size() == 1);  // so that the 0 has a source
    }
}

TEST_CASE("RDS for MySQL: which classes run which version") {
    const auto supports = [](std::string_view cls, std::optional<EngineVersion> version) {
        return catalog::supports(mysql, named(cls), version);
    };
    // db.m6gd.large: 8.4 and 8.0, all; db.m7i.large: 8.0.32 and higher, nothing said of 8.4; db.m8gd:
    // from 8.4.3, 8.0.40.
    CHECK(supports("db.c6gd.large", EngineVersion{{8, 4}, 3}) == Supported::yes);
    CHECK(supports("db.c6gd.large", EngineVersion{{8, 0}}) == Supported::yes);
    CHECK(supports("db.c6gd.large", EngineVersion{{5, 7}, 44}) == Supported::no);
    CHECK(supports("db.c6gd.large", std::nullopt) == Supported::yes);
    CHECK(supports("db.m8gd.large", EngineVersion{{8, 0}, 40}) == Supported::yes);
    CHECK(supports("db.m8gd.large", EngineVersion{{8, 0}, 39}) == Supported::no);
    CHECK(supports("db.m8gd.large", EngineVersion{{8, 0}}) == Supported::unknown);
    CHECK(supports("db.t3.large", EngineVersion{{5, 7}, 44}) == Supported::yes);  // all versions
    CHECK(supports("db.m8gd.large", EngineVersion{{9, 1}, 0}) == Supported::newer);
    int yes = 0;
    for (const auto& row : csv::read("platforms/rds-mysql/classes.csv")) {
        const InstanceClass& cls = named(row.at("class"));
        CHECK((cls.support == InstanceClass::Support::yes) == row.at("support").starts_with("yes"));
        yes += cls.support == InstanceClass::Support::yes;
    }
    CHECK(yes == 252);
    CHECK(named("db.m8gd.large").support_text == "8.0.40 and higher 8.0 versions; 8.4.3 and higher 8.4 versions");
}

TEST_CASE("RDS for MySQL: its own prices, not PostgreSQL's") {
    CHECK(price("db.m5.large", "us-east-1")->amount == MicroUsdPerMonth(171'000 * 730));
    CHECK(unit::print(price("db.m5.large", "us-east-1")->amount) == "$124.83");
    CHECK(price("db.m5.large", "us-east-1")->row.as_of == "2026-05-03");
    CHECK(price("db.m5.xlarge", "eu-central-1")->amount == MicroUsdPerMonth(406'000 * 730));
    CHECK(built_in().price(postgresql, named("db.m5.xlarge"), "eu-central-1", false, PriceTerm::list)->amount ==
          MicroUsdPerMonth(424'000 * 730));
    CHECK(price("db.m5.xlarge", "eu-central-1", false, PriceTerm::one_year)->amount == MicroUsdPerMonth(289'900 * 730));
    CHECK(price("db.m5.large", "ap-northeast-2", true)->amount == MicroUsdPerMonth(472'000 * 730));
    CHECK(!price("db.m5.large", "ap-northeast-2", true)->doubled);
    CHECK(price("db.m5.large", "ap-northeast-2", true, PriceTerm::three_years)->amount ==
          MicroUsdPerMonth(245'417 * 730));
    CHECK(price("db.m5.xlarge", "eu-central-1", true)->doubled);
    CHECK(!price("db.m5.large", "mars-north-1"));
    CHECK(!price("db.m8i.large", "us-east-1"));
}

TEST_CASE("RDS for MySQL: surplus credits have a price for T3 everywhere, for T4g nowhere") {
    CHECK(built_in().credit_price(mysql, named("db.t3.large"), "eu-central-1")->micro_usd_per_vcpu_hour == 75000);
    CHECK(!built_in().credit_price(mysql, named("db.t4g.large"), "us-east-1"));
    CHECK(mysql.overrun(named("db.t3.large")) == Overrun::charged);
    CHECK(mysql.overrun(named("db.t2.large")) == Overrun::throttled);
}

TEST_CASE("RDS for MySQL: the buffer pool by version and memory") {
    const Interval<Bytes> micro{Bytes(128 * bytes_per_mib), Bytes(256 * bytes_per_mib)};
    CHECK(pool("db.t3.micro", EngineVersion{{8, 0}, 40}) == micro);
    CHECK(pool("db.t3.micro", EngineVersion{{8, 4}, 3}) == Interval<Bytes>(Bytes(128 * bytes_per_mib)));
    // m7g.large: three quarters of 7412.9 to 7765.1 MiB are 5559.7 to 5823.8; whole chunks of 1 GiB are 5 GiB.
    const auto large = pool("db.m7g.large", EngineVersion{{8, 0}, 40});
    CHECK(large.low == Bytes(5 * bytes_per_gib));
    CHECK(mib(large.high) == doctest::Approx(5823.8).epsilon(0.0001));
    CHECK(pool("db.m7g.large", EngineVersion{{8, 4}, 3}) == large);
    // t3.medium, 3827 MiB seen, 3522.2 to 3775.8 for the engine: under 4 GB half of it is taken from 8.4 on.
    const auto before = pool("db.t3.medium", EngineVersion{{8, 0}, 40});
    const auto after = pool("db.t3.medium", EngineVersion{{8, 4}, 3});
    CHECK(before.low == Bytes(2 * bytes_per_gib));
    CHECK(mib(before.high) == doctest::Approx(2831.9).epsilon(0.0001));
    CHECK(after.low == Bytes(bytes_per_gib));
    CHECK(mib(after.high) == doctest::Approx(1887.9).epsilon(0.0001));
    const auto either = pool("db.t3.medium", std::nullopt);
    CHECK(either == Interval<Bytes>(after.low, before.high));
}

TEST_CASE("RDS for MySQL: what stands in front of it, and what a replica may be") {
    CHECK(platform::takes(mysql, Pooler::Kind::proxy));
    CHECK(!platform::takes(mysql, Pooler::Kind::pgbouncer));
    CHECK(!mysql.standby_needs_limit);
    CHECK(postgresql.standby_needs_limit);
}

TEST_CASE("RDS MySQL: large classes are expected to have no fewer than the 16,000 that one was seen with") {
    // app-sre/aws-resource-exporter#86: 16,000 on db.r5.24xlarge, where the formula gives 65,536 by the label.
    CHECK(expected("db.r5.24xlarge").low.value == 16'000);
    CHECK(expected("db.r5.24xlarge").high.value > 60'000);
    CHECK(expected("db.r5.4xlarge").low.value < 16'000);
}
