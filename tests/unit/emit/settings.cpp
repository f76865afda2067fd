// What is emitted is what the plan says, for each kind.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <poolfit/emit/emit.hpp>

#include "../../../src/emit/settings.hpp"
#include "../../support/fleet.hpp"

namespace poolfit::emit {
namespace {

struct Emitted {
    explicit Emitted(test::Planned planned, std::string_view strategy = {})
        : fleet(std::move(planned)), report(report::compose(fleet.fleet, test::catalog(), {})) {
        request.report = &report;
        request.databases.assign(fleet.fleet.databases.size(), 1);
        request.services.assign(fleet.fleet.services.size(), 1);
        request.command = "poolfit emit";
        if (!strategy.empty()) request.strategy = &*std::ranges::find(report.strategies, strategy, &Strategy::name);
    }
    test::Planned fleet;
    Report report;
    Request request;
};

// 8 pods x 4 processes; in use 1 to 2: max(ceil(2.5 x 1), 2 + 1) = 3.
TEST_CASE("the size of the plan") {
    const Emitted emitted(test::plan_file("rolling/poolfit.toml"));
    const auto all = settings(emitted.request);
    REQUIRE(all.size() == 1);
    CHECK(all[0].size->value == Connections(3));
    // 3 x 4 x 8 = 96; a deploy has 2 pods more: 3 x 4 x 10 = 120.
    CHECK(demand_of(emitted.request, 0).allocated->value == Connections(96));
    CHECK(demand_of(emitted.request, 0).deploy_peak->value == Connections(120));
    const Emission roles = find_kind("roles")->emit(emitted.request);
    REQUIRE(roles.files.size() == 1);
    CHECK(roles.files[0].text.find("\nALTER ROLE \"auth-api\" CONNECTION LIMIT 120;\n") != std::string::npos);
    const Emission pools = find_kind("pools")->emit(emitted.request);
    REQUIRE(pools.files.size() == 1);
    CHECK(pools.files[0].text.find("\n    pool_size=3,\n    max_overflow=0,\n") != std::string::npos);
    CHECK(pools.gaps.empty());
}

// merged_max of math-updater: 6 + 2 + 5 = 13 in place of drizzle and pg-boss on the primary.
TEST_CASE("a strategy's sizes: merged pools are one") {
    const Emitted emitted(test::plan_file("agora/poolfit.toml"), "aggressive");
    const auto all = settings(emitted.request);
    const auto merged = std::ranges::find(all, Connections(13), [](const Setting& each) { return each.size->value; });
    REQUIRE(merged != all.end());
    CHECK(merged->merged.size() == 1);
    const Emission pools = find_kind("pools")->emit(emitted.request);
    CHECK(pools.files.size() == all.size());
    CHECK(std::ranges::any_of(pools.files, [](const File& file) {
        return file.text.find("One pool in place of several: it takes the work of math-updater.") != std::string::npos;
    }));
}

TEST_CASE("what is asked for alone") {
    Emitted emitted(test::plan_file("agora/poolfit.toml"));
    emitted.request.services = {1, 0};
    CHECK(settings(emitted.request).size() == 2);
    emitted.request.databases = {1, 0};
    CHECK(settings(emitted.request).size() == 1);
}

TEST_CASE("what is not known is a comment and a gap, and no number") {
    const Emitted emitted(test::plan_text(R"(schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 100
[[service]]
name = "api"
[[service.pool]]
name = "main"
database = "main"
driver = "database/sql"
)"));
    for (const std::string_view kind : {"pools", "roles", "guard"}) {
        CAPTURE(kind);
        const Emission emission = find_kind(kind)->emit(emitted.request);
        REQUIRE(emission.gaps.size() == 1);
        CHECK(emission.gaps[0].what.find("the size of api.main is not known") == 0);
        REQUIRE(emission.files.size() == 1);
        CHECK(emission.files[0].text.find("MISSING: the size of api.main is not known") != std::string::npos);
        CHECK(emission.files[0].text.find("SetMaxOpenConns") == std::string::npos);
        CHECK(emission.files[0].text.find("ALTER") == std::string::npos);
    }
}

// One server fails, and its pools come to the other: the API has 5 on each, and 10 on one.
TEST_CASE("a limit leaves room for a failover") {
    const Emitted emitted(test::plan_file("agora/poolfit.toml"));
    const Emission roles = find_kind("roles")->emit(emitted.request);
    REQUIRE(roles.files.size() == 1);
    CHECK(roles.files[0].text.find("ALTER ROLE \"api\" CONNECTION LIMIT 10;") != std::string::npos);
    CHECK(roles.files[0].text.find("ALTER ROLE \"math-updater\" CONNECTION LIMIT 21;") != std::string::npos);
}

}  // namespace
}  // namespace poolfit::emit
