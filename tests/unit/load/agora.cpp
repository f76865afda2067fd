// An inventory with every key: what becomes of it, and the same from JSON.
#include <doctest/doctest.h>

#include <chrono>

#include "../../../src/load/reader.hpp"
#include "agora.hpp"
#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

TEST_CASE("load: an inventory with every key") {
    const auto loaded = load_text(std::string(agora_toml));
    CHECK(loaded.list() == "127:1 hold and cv are ignored: the percentiles define the hold\n");
    REQUIRE(loaded.fleet);
    const auto& fleet = *loaded.fleet;
    CHECK(fleet.path == "poolfit.toml");
    CHECK(*fleet.name == "agora");

    const auto& policy = fleet.policy;
    CHECK(*policy.connections_deploy_max == Fraction(0.95));
    CHECK(*policy.freeable_memory_min == Bytes(4 * bytes_per_gib));
    CHECK(*policy.wait == Millis(5));
    CHECK(policy.allow.size() == 2);
    CHECK(policy.min_savings_per_month->value == 12'340'000);
    CHECK(policy.cost_of_trouble->value.value == 150'000'000);
    CHECK(diag::print(policy.wait.place) == "poolfit.toml:14:26");

    REQUIRE(fleet.hosts.size() == 2);
    CHECK(fleet.hosts[0].type->vcpus == 2);
    CHECK(fleet.hosts[1].vcpus->value == 48);

    REQUIRE(fleet.databases.size() == 6);
    const auto& primary = fleet.databases[0];
    CHECK(primary.type->name == "db.m5.xlarge");
    CHECK(primary.version->value == EngineVersion{{16}, 8});
    CHECK(*primary.multi_az);
    CHECK(primary.max_connections->value == Connections(1700));
    CHECK(*primary.region == "eu-central-1");
    CHECK(primary.observed.cpu_peak->value == Interval<Fraction>(Fraction(0.05), Fraction(0.2)));
    CHECK(primary.observed.ebs_throughput->value ==
          Interval<MegabitsPerSecond>(MegabitsPerSecond(240), MegabitsPerSecond(320)));
    CHECK(primary.observed.window->value == Days(14));
    CHECK(diag::print(primary.place) == "poolfit.toml:37:1");
    CHECK(diag::print(primary.observed.place) == "poolfit.toml:47:1");
    const auto& replica = fleet.databases[1];
    CHECK(replica.replica_of == Index{0});
    CHECK(replica.version_text == "16.8");
    CHECK(*replica.region == "eu-west-1");
    CHECK(!*replica.multi_az);
    CHECK(!replica.max_connections);
    CHECK(fleet.databases[2].type->vcpus == 4);
    CHECK(!fleet.databases[2].platform->has_classes);
    CHECK(fleet.databases[3].platform->elastic);
    CHECK(*fleet.databases[3].machine->capacity->min == 0.5);
    CHECK(fleet.databases[3].type->name == "db.serverless, 0.5 to 8 ACU");
    CHECK(fleet.databases[3].type->memory == Bytes(16 * bytes_per_gib));
    CHECK(fleet.databases[3].type->vcpus == 2);
    CHECK(fleet.databases[4].platform->id == "cloud-sql-mysql");
    CHECK(fleet.databases[5].type->limit->range.low == Connections(419));
    CHECK(fleet.services[2].connector->value == "cloud-sql");
    CHECK(fleet.poolers.back().built_in);

    REQUIRE(fleet.services.size() == 3);
    REQUIRE(fleet.pools.size() == 4);
    CHECK(fleet.services[0].pools == std::vector<Index>{0, 1});
    CHECK(fleet.services[1].pools == std::vector<Index>{2});
    CHECK(fleet.services[0].deploy == Deploy::recreate);
    CHECK(fleet.services[0].merged_max->is_formula);
    CHECK(fleet.services[1].instances.value == Interval<std::int64_t>(2, 10));
    CHECK(std::get<Fraction>(*fleet.services[1].max_surge) == Fraction(0.5));
    const auto& drizzle = fleet.pools[0];
    CHECK(drizzle.database == Index{0});
    CHECK(!drizzle.max->is_formula);
    CHECK(drizzle.max->formula.text() == "10");
    CHECK(drizzle.vcpu_max->is_formula);
    CHECK(drizzle.workload->rate->value.low == PerSecond(120));
    CHECK(drizzle.workload->hold->value == Interval<Millis>(Millis(30), Millis(80)));
    CHECK(drizzle.features.size() == 2);
    const auto& boss = fleet.pools[1];
    CHECK(!boss.database);
    CHECK(boss.pooler == Index{0});
    CHECK(boss.workload->users->value == 28);
    CHECK(boss.max->is_formula);
    const auto text = agora_toml.substr(boss.max->text_place.span.begin, 14);
    CHECK(text == "BATCH_SIZE + 5");
    const auto& main = fleet.pools[2];
    CHECK(!main.max);
    CHECK(main.driver_default->number == 10);
    CHECK(*main.databases == 3);

    CHECK(fleet.poolers[1].kind == Pooler::Kind::proxy);
    CHECK(fleet.poolers[1].max_connections_percent->value == Fraction(0.9));
    CHECK(fleet.prices[0].term == PriceTerm::one_year);
    CHECK(fleet.prices[1].amount->value == 168'000 * hours_per_month);
    CHECK(fleet.growth->load_per_month->value == Fraction(0.1));
    CHECK(fleet.ignores[0].until->value == Date{2026, 12, 31});
}

TEST_CASE("load: every key stands in the inventory with every key") {
    // So that the comparison with JSON leaves none out.
    for (const auto& table : load::inventory_keys())
        for (const auto key : table.keys) {
            CAPTURE(key);
            const auto at = agora_json.find('"' + std::string(key) + "\":");
            CHECK(at != std::string_view::npos);
        }
}

TEST_CASE("load: TOML and JSON give the same fleet") {
    const auto toml = load_text(std::string(agora_toml));
    const auto json = load_text(std::string(agora_json), {}, "agora.json");
    CHECK(json.list() == "44:30 hold and cv are ignored: the percentiles define the hold\n");
    REQUIRE(toml.fleet);
    REQUIRE(json.fleet);
    CHECK(dump(*toml.fleet) == dump(*json.fleet));
    CHECK(dump(*toml.fleet).size() > 3000);
}

TEST_CASE("load: nothing but a schema and a database is needed") {
    const auto loaded = load_text(
        "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"p\"\nengine = \"postgresql\"\n"
        "class = \"db.m5.large\"\nregion = \"us-east-1\"\n");
    REQUIRE(loaded.fleet);
    const Policy standard;
    CHECK(*loaded.fleet->policy.wait == *standard.wait);
    CHECK(!loaded.fleet->policy.wait.place);
    CHECK(*loaded.fleet->name == "");
    CHECK(loaded.fleet->services.empty());
}

TEST_CASE("load: an inventory is read in a few milliseconds") {
    const std::string text(agora_toml);
    (void)load_text(text);
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 20; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto loaded = load_text(text);
        best = std::min(best, std::chrono::nanoseconds(std::chrono::steady_clock::now() - start));
        CHECK(loaded.fleet.has_value());
    }
    // Under 2 ms where it matters; room for sanitizers and busy machines.
    CHECK(best < std::chrono::milliseconds(20));
}
