#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <poolfit/diff/compare.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

std::string report_of(const test::Planned& planned) {
    return render::json(report::compose(planned.fleet, test::catalog(), {}));
}

/// The first error, or "".
std::string refused(const std::string& text) {
    Diagnostics diagnostics;
    const SourceText source("report.json", text);
    const auto snapshot = diff::snapshot(source, diagnostics);
    CHECK(snapshot.has_value() == !diagnostics.has_errors());
    return diagnostics.has_errors() ? diagnostics.all().front().message : std::string();
}

}  // namespace

TEST_CASE("diff: a report and its JSON are one state, of each example") {
    for (const char* name : {"agora", "mixed", "multi-az", "rolling", "undersized"}) {
        CAPTURE(std::string(name));
        const auto planned = test::plan_file(std::string(name) + "/poolfit.toml");
        const Report report = report::compose(planned.fleet, test::catalog(), {});
        const diff::Snapshot direct = diff::snapshot(report);
        Diagnostics diagnostics;
        const SourceText source("report.json", render::json(report));
        const auto read = diff::snapshot(source, diagnostics);
        REQUIRE(read.has_value());
        CHECK(read->databases == direct.databases);
        CHECK(read->pools == direct.pools);
        CHECK(read->term == direct.term);
        CHECK(read->today == direct.today);
        CHECK(read->catalog == direct.catalog);
        CHECK(read->inventory == direct.inventory);
        CHECK(read->catalog_files == direct.catalog_files);
        CHECK(read->primaries == direct.primaries);
        REQUIRE(read->findings.has_value());
        REQUIRE(read->findings->size() == direct.findings->size());
        for (std::size_t i = 0; i < read->findings->size(); ++i)
            CHECK((*read->findings)[i].fix == (*direct.findings)[i].fix);
        REQUIRE(read->left_out.has_value());
        CHECK(read->left_out->rules == direct.left_out->rules);
        CHECK(read->left_out->rules == std::vector<std::string>{"PF401", "PF402", "PF403", "PF404"});
        CHECK(read->left_out->databases.empty());
        CHECK(diff::compare(direct, *read).empty());
    }
}

TEST_CASE("diff: the sum of what databases cost is the report's") {
    // $5,532.52 for classes, and $112.13 to $700.80 for capacity that follows the load.
    const auto planned = test::plan_file("mixed/poolfit.toml");
    const diff::Snapshot state = diff::snapshot(report::compose(planned.fleet, test::catalog(), {}));
    MicroUsdPerMonth low{}, high{};
    for (const diff::Database& each : state.databases) {
        // The volume of billing has no known price.
        if (each.name == "billing") CHECK(each.storage.now.presence == diff::Presence::unknown);
        low += each.instance.now.value.low;
        high += each.instance.now.value.high;
    }
    CHECK(low.value == 5'532'524'000 + 112'128'000);
    CHECK(high.value == 5'532'524'000 + 700'800'000);
}

TEST_CASE("diff: an RDS Proxy without a price is charged for the vCPUs behind it, in a report as in its JSON") {
    // No price is known in eu-north-1.
    const auto state = [](const std::string& cls, bool as_json) {
        const auto planned = test::plan_text(
            "schema = \"poolfit-inventory/1\"\nprovider = \"aws\"\nregion = \"eu-north-1\"\n"
            "[[database]]\nname = \"a\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"" +
            cls +
            "\"\n[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\ndatabase = \"a\"\n"
            "[[service]]\nname = \"s\"\ninstances = 2\ndeploy = \"recreate\"\n"
            "[[service.pool]]\nname = \"p\"\ndatabase = \"px\"\ndriver = \"hikaricp\"\nmax = 10\n");
        const Report report = report::compose(planned.fleet, test::catalog(), {});
        if (!as_json) return diff::snapshot(report);
        Diagnostics diagnostics;
        const SourceText source("report.json", render::json(report));
        return diff::snapshot(source, diagnostics).value();
    };
    for (const bool base_json : {false, true})
        for (const bool head_json : {false, true}) {
            const diff::Snapshot base = state("db.m5.large", base_json);
            REQUIRE(base.databases[0].poolers.now.presence == diff::Presence::unknown);
            const auto cost = [&](const std::string& cls) {
                return diff::compare(base, state(cls, head_json)).databases.at(0).cost;
            };
            CHECK(diff::compare(base, state("db.m5.large", head_json)).empty());
            CHECK_FALSE(cost("db.m5.24xlarge"));  // 96 vCPUs, not 2
            CHECK(cost("db.r5.large"));           // 2
        }
}

TEST_CASE("diff: an RDS Proxy of a cluster is charged for its replicas, too") {
    const auto what = [](const std::string& engine, const std::string& replica, bool as_json) {
        const std::string one = "\"\nengine = \"" + engine + "\"\nversion = \"16.8\"\nclass = \"db.r5.";
        const auto planned = test::plan_text(
            "schema = \"poolfit-inventory/1\"\nprovider = \"aws\"\nregion = \"eu-north-1\"\n"
            "[[database]]\nname = \"a" +
            one + "large\"\n[[database]]\nname = \"b" + one + replica +
            "\"\nreplica_of = \"a\"\n"
            "[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\ndatabase = \"a\"\n"
            "[[service]]\nname = \"s\"\ninstances = 2\ndeploy = \"recreate\"\n"
            "[[service.pool]]\nname = \"p\"\ndatabase = \"px\"\ndriver = \"hikaricp\"\nmax = 10\n");
        const Report report = report::compose(planned.fleet, test::catalog(), {});
        if (!as_json) return diff::snapshot(report).databases.at(0).poolers.what;
        Diagnostics diagnostics;
        const SourceText source("report.json", render::json(report));
        return diff::snapshot(source, diagnostics).value().databases.at(0).poolers.what;
    };
    for (const bool as_json : {false, true}) {
        CHECK(what("aurora-postgresql", "large", as_json) != what("aurora-postgresql", "4xlarge", as_json));
        CHECK(what("postgresql", "large", as_json) == what("postgresql", "4xlarge", as_json));
    }
    CHECK(what("aurora-postgresql", "large", true) == what("aurora-postgresql", "large", false));
}

TEST_CASE("diff: a report without fingerprints is compared without its findings") {
    auto json = nlohmann::json::parse(report_of(test::plan_file("rolling/poolfit.toml")));
    for (auto& each : json["findings"]) each.erase("fingerprint");
    Diagnostics diagnostics;
    const SourceText source("old.json", json.dump());
    const auto old = diff::snapshot(source, diagnostics);
    REQUIRE(old.has_value());
    CHECK_FALSE(old->findings);
    CHECK(old->databases.size() == 1);
}

TEST_CASE("diff: a report says which databases it leaves out; an earlier one does not") {
    const auto planned = test::plan_file("multi-az/poolfit.toml");
    report::Composing how;
    how.only = {1};
    const Report some = report::compose(planned.fleet, test::catalog(), std::move(how));
    auto json = nlohmann::json::parse(render::json(some));
    CHECK(json["left_out"]["databases"].size() == planned.fleet.databases.size() - 1);
    CHECK(json["left_out"]["databases"][0] == *planned.fleet.databases[0].name);
    CHECK(diff::snapshot(some).left_out->databases.front() == *planned.fleet.databases[0].name);
    json.erase("left_out");
    Diagnostics diagnostics;
    const SourceText source("old.json", json.dump());
    const auto old = diff::snapshot(source, diagnostics);
    REQUIRE(old.has_value());
    CHECK_FALSE(old->left_out);
}

TEST_CASE("diff: what a report lacks, or has as something else, is an error at its place") {
    const auto whole = nlohmann::json::parse(report_of(test::plan_file("rolling/poolfit.toml")));
    CHECK(refused(whole.dump()).empty());
    const auto without = [&](const std::string& pointer) {
        auto json = whole;
        json[nlohmann::json::json_pointer(pointer).parent_pointer()].erase(
            nlohmann::json::json_pointer(pointer).back());
        return refused(json.dump());
    };
    const auto with = [&](const std::string& pointer, const nlohmann::json& value) {
        auto json = whole;
        json[nlohmann::json::json_pointer(pointer)] = value;
        return refused(json.dump());
    };
    CHECK(without("/databases") == "the report has no databases");
    CHECK(without("/databases/0/connections") == "the report has no connections");
    CHECK(without("/services/0/pools/0/allocated") == "the report has no allocated");
    CHECK(with("/databases", 7) == "databases: not a list");
    CHECK(with("/databases/0", 7) == "databases: not a list of objects");
    CHECK(with("/databases/0/connections/allocated", "x") == "allocated: not a number");
    CHECK(with("/databases/0/connections/allocated", 1.5) == "allocated: not a whole number");
    CHECK(with("/databases/0/price/usd_per_month", 1e300) == "usd_per_month: not a number");
    CHECK(with("/price_term", nullptr) == "price_term: not a text");
    CHECK(with("/services/0/instances", nullptr) == "instances: not an object");
    CHECK_FALSE(refused("{").empty());
}

TEST_CASE("diff: a report says that it is one, an inventory does not") {
    const auto is = [](const char* text) { return diff::is_report(SourceText("x", text)); };
    CHECK(is(R"({"schema": "poolfit-report/1", "tool": {}})"));
    CHECK(is("\n{\n  \"schema\" :\"poolfit-report/1\"}"));
    CHECK_FALSE(is(R"({"schema": "poolfit-inventory/1", "name": "poolfit-report/1"})"));
    CHECK_FALSE(is(R"({"name": "poolfit-report/1"})"));
    CHECK_FALSE(is("schema = \"poolfit-report/1\""));
    CHECK_FALSE(is(""));
}
