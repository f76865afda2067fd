// What can be read in two ways is asked for, with both readings; what is not supported is answered with what to do.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

void check_fix(std::string_view section, std::string_view lines, std::string_view message, std::string_view fix) {
    CAPTURE(lines);
    check_one(inventory_with(section, lines), message, fix);
}

Interval<Fraction> peak(std::string_view value) {
    const auto loaded = load_text(inventory_with("observed", fmt::format("-cpu_mean\ncpu_peak = {}", value)));
    CAPTURE(loaded.list());
    REQUIRE(loaded.fleet.has_value());
    return **loaded.fleet->databases[0].observed.cpu_peak;
}

}  // namespace

TEST_CASE("load: an observed CPU without a percent sign is an error with both readings") {
    constexpr std::string_view message = "cpu_peak: CPU without a percent sign";
    check_fix("observed", "-cpu_mean\ncpu_peak = «0.2»", message, R"(cpu_peak = "20%", or "0.2%")");
    check_fix("observed", "-cpu_mean\ncpu_peak = «\"0.05-0.2\"»", message, R"(cpu_peak = "5-20%", or "0.05-0.2%")");
    check_fix("observed", "-cpu_mean\ncpu_peak = «[0.05, \"0.2\"]»", message, R"(cpu_peak = "5-20%", or "0.05-0.2%")");
    check_fix("observed", "-cpu_mean\ncpu_peak = «[\"4%\", 0.2]»", message, R"(cpu_peak = "4-20%", or "0.04-0.2%")");
    check_fix("observed", "-cpu_mean\ncpu_peak = «1»", message, R"(cpu_peak = "100%", or "1%")");
    check_fix("observed", "-cpu_mean\ncpu_peak = «20»", message, R"(cpu_peak = "20%")");
    check_fix("observed", "-cpu_mean\ncpu_peak = «\"18-20\"»", message, R"(cpu_peak = "18-20%")");
    check_fix("observed", "-cpu_mean\ncpu_peak = «\"5-120%\"»", "cpu_peak: 120 % is more than 100 %",
              R"(cpu_peak = "20%")");
}

TEST_CASE("load: what has one reading stays") {
    CHECK(peak("\"20%\"") == Interval<Fraction>(Fraction(0.2)));
    CHECK(peak("[\"10%\", \"20%\"]") == Interval<Fraction>(Fraction(0.1), Fraction(0.2)));
    CHECK(peak("0") == Interval<Fraction>(Fraction(0)));  // is nothing in either
    CHECK(*load_text(inventory_with("policy", "connections_steady_max = 0.85")).fleet->policy.connections_steady_max ==
          Fraction(0.85));
    const auto bytes = load_text(inventory_with("observed", "freeable_memory = 11811160064\nswap = 0"));
    CHECK(bytes.fleet->databases[0].observed.freeable_memory->value == Interval<Bytes>(Bytes(11811160064)));
    CHECK(bytes.fleet->databases[0].observed.swap->value == Interval<Bytes>(Bytes(0)));
}

TEST_CASE("load: few bytes without a unit are an error with both readings") {
    check_fix("observed", "freeable_memory = «11»", "freeable_memory: 11 without a unit would be bytes",
              "write 11 GiB, or 11 B if it is bytes");
    check_fix("observed", "swap = «90»", "swap: 90 without a unit would be bytes",
              "write 90 GiB or 90 MiB, or 90 B if it is bytes");
}

TEST_CASE("load: an engine that is not supported never gets another's name") {
    const auto check = [](std::string_view engine, std::string_view fix) {
        check_fix("database", fmt::format("engine = «\"{}\"»", engine),
                  fmt::format("engine: '{}' is not supported", engine), fix);
    };
    constexpr std::string_view leave_out = "leave this database and the pools on it out";
    for (const std::string_view other : {"mssql", "MSSQL", "sqlserver-se", "oracle-ee", "mongodb", "cockroachdb", "x"})
        check(other, leave_out);
    check("alloydb",
          "plan its connections as a self-managed server: engine = \"postgresql\", with vcpus, memory "
          "and max_connections instead of class");
    check("percona",
          "plan its connections as a self-managed server: engine = \"mysql\", with vcpus, memory and "
          "max_connections instead of class");
    check("aurora", R"(engine = "aurora-postgresql" or "aurora-mysql")");
    check("Aurora PostgreSQL", R"(engine = "aurora-postgresql")");
    for (const std::string_view spelling : {"postgres", "pg", "postgresqll", "PostgreSQL"})
        check(spelling, R"(engine = "postgresql")");
    check("mysqll", R"(engine = "mysql")");
}

TEST_CASE("load: a class that the catalog lacks says how to do without") {
    const auto check = [](std::string_view cls, std::string_view fix) {
        check_fix("database", fmt::format("class = «\"{}\"»", cls),
                  fmt::format("class: '{}' is not in the catalog", cls), fix);
    };
    constexpr std::string_view instead =
        "write vcpus, memory and max_connections instead: what is of no class is planned without prices";
    check("db.serverless", instead);
    check("s-4vcpu-8gb", instead);
    check("db.m5.lage", R"(class = "db.m5.large")");
    check("db.m55.large", R"(class = "db.m5.large", or add yours with --catalog)");
    check("db.zz9plural.large", "use a class from the catalog, or add yours with --catalog");
}

TEST_CASE("load: a class of another provider says whose it is") {
    const auto check = [](std::string_view cls, std::string_view fix) {
        check_fix("database", fmt::format("class = «\"{}\"»", cls),
                  fmt::format("class: '{}' is not a class of aws", cls), fix);
    };
    check("Standard_D4s_v3", R"(provider = "azure")");
    check("db-custom-4-15360", R"(provider = "gcp")");
}

TEST_CASE("load: a version after the newest that is known is a warning, one far beyond it an error") {
    const auto with = [](std::string_view version) {
        return load_text(inventory_with("database", fmt::format("version = \"{}\"", version)));
    };
    CHECK(with("18.1").list() == "");
    for (const std::string_view next : {"19.1", "20"}) {
        CAPTURE(next);
        const auto loaded = with(next);
        REQUIRE(loaded.fleet.has_value());
        CHECK(loaded.list().find(fmt::format("version: '{}' is newer than PostgreSQL 18, the newest that the catalog "
                                             "knows",
                                             next)) != std::string::npos);
    }
    for (const std::string_view never : {"21", "99.9"}) {
        CAPTURE(never);
        const auto loaded = with(never);
        CHECK_FALSE(loaded.fleet.has_value());
        CHECK(loaded.list().find("is no version of PostgreSQL: the newest that the catalog knows is 18") !=
              std::string::npos);
    }
}

TEST_CASE("load: a region without prices is a warning, a slip is an error") {
    for (const std::string_view region : {"mx-central-1", "il-central-1", "cn-northwest-1", "ap-southeast-7"}) {
        CAPTURE(region);
        const auto loaded = load_text(inventory_with("", fmt::format("region = \"{}\"", region)));
        REQUIRE(loaded.fleet.has_value());
        CHECK(loaded.list().find(fmt::format("region: the catalog has no prices in '{}'", region)) !=
              std::string::npos);
    }
    for (const std::string_view slip :
         {"eu-centrl-1", "us-east", "us-east-0", "us-east-12", "use-east-1", "-1", "us--1"}) {
        CAPTURE(slip);
        CHECK_FALSE(load_text(inventory_with("", fmt::format("region = \"{}\"", slip))).fleet.has_value());
    }
}
