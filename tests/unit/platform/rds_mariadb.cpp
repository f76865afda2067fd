// RDS for MariaDB: limits, classes and prices, against values worked out by hand from the sources.
#include <doctest/doctest.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/unit/print.hpp>

#include "unit/catalog/csv.hpp"

using namespace poolfit;
using catalog::Supported;

namespace {

const Platform& mariadb = *platform::by_id("rds-mariadb");

const Catalog& built_in() {
    static const Catalog catalog;
    return catalog;
}

const InstanceClass& named(std::string_view name) { return *built_in().find_class(mariadb, name); }

std::optional<Price> price(std::string_view cls, std::string_view region, bool multi_az = false,
                           PriceTerm term = PriceTerm::list) {
    return built_in().price(mariadb, named(cls), region, multi_az, term);
}

}  // namespace

TEST_CASE("RDS for MariaDB: max_connections is half of MySQL's, and capped at 12,000") {
    CHECK(built_in().max_connections_formula(mariadb)->text == "LEAST({DBInstanceClassMemory/25165760},12000)");
    const auto nominal = [](std::string_view cls) {
        return catalog::max_connections_nominal(built_in(), mariadb, named(cls));
    };
    CHECK(nominal("db.m5.large") == 341);       // 8589934592 / 25165760 = 341.33
    CHECK(nominal("db.t3.micro") == 42);        // 1073741824 / 25165760 = 42.67
    CHECK(nominal("db.r5.24xlarge") == 12000);  // 824633720832 / 25165760 = 32768.08
    // 7412.9 to 7765.1 MiB on m7g.large, as for MySQL: 308.87 and 323.55.
    CHECK(catalog::max_connections_expected(built_in(), mariadb, named("db.m7g.large")) ==
          Interval(Connections(308), Connections(323)));
}

TEST_CASE("RDS for MariaDB: nothing is kept from applications") {
    for (const ReservedSlots& row : built_in().reserved_slots(mariadb, std::nullopt)) CHECK(row.slots == 0);
    CHECK(built_in().reserved_slots(mariadb, EngineVersion{{10, 11}, 8}).size() == 1);
}

TEST_CASE("RDS for MariaDB: which classes run which version") {
    const auto supports = [](std::string_view cls, std::optional<EngineVersion> version) {
        return catalog::supports(mariadb, named(cls), version);
    };
    // db.m5.large runs all; db.m8gd.large 10.5 from 10.5.27, 10.6 from 10.6.19 and so on; db.c6gd none.
    CHECK(supports("db.m5.large", EngineVersion{{10, 11}, 8}) == Supported::yes);
    CHECK(supports("db.m5.large", std::nullopt) == Supported::yes);
    CHECK(supports("db.c6gd.large", std::nullopt) == Supported::no);
    CHECK(supports("db.m8gd.large", EngineVersion{{10, 6}, 19}) == Supported::yes);
    CHECK(supports("db.m8gd.large", EngineVersion{{10, 6}, 18}) == Supported::no);
    CHECK(supports("db.m8gd.large", EngineVersion{{11, 4}}) == Supported::unknown);
    CHECK(supports("db.m8gd.large", EngineVersion{{10, 5}, 27}) == Supported::yes);
    CHECK(supports("db.m8gd.large", EngineVersion{{12, 3}, 0}) == Supported::newer);
    int yes = 0;
    for (const auto& row : csv::read("platforms/rds-mariadb/classes.csv")) {
        const InstanceClass& cls = named(row.at("class"));
        CHECK((cls.support == InstanceClass::Support::yes) == row.at("support").starts_with("yes"));
        yes += cls.support == InstanceClass::Support::yes;
    }
    CHECK(yes == 240);
}

TEST_CASE("RDS for MariaDB: its prices") {
    CHECK(price("db.t3.large", "us-east-1")->amount == MicroUsdPerMonth(136'000 * 730));
    CHECK(unit::print(price("db.t3.large", "us-east-1")->amount) == "$99.28");
    CHECK(price("db.t3.large", "us-east-1")->row.as_of == "2026-05-03");
    CHECK(price("db.m5.12xlarge", "af-south-1")->amount == MicroUsdPerMonth(5'398'000LL * 730));
    CHECK(price("db.m5.12xlarge", "af-south-1")->row.as_of == "2021-08-03");
    CHECK(!price("db.m5.12xlarge", "af-south-1", false, PriceTerm::one_year));  // on demand only in 2021
    CHECK(price("db.m5.12xlarge", "af-south-1", true)->doubled);
    CHECK(!price("db.m5.large", "eu-central-2"));
    CHECK(!price("db.m5.large", "ap-northeast-2", true)->doubled);
}

TEST_CASE("RDS for MariaDB: the buffer pool, whatever the version") {
    const auto pool = mariadb.buffers(catalog::engine_memory(mariadb, named("db.m7g.large")).range, std::nullopt);
    CHECK(pool.range.low == Bytes(5 * bytes_per_gib));
    CHECK(mib(pool.range.high) == doctest::Approx(5823.8).epsilon(0.0001));
    CHECK(pool.divisor == 0);
    CHECK(!mariadb.standby_needs_limit);
}
