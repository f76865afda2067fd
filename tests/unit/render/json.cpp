#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <poolfit/platform/platform.hpp>
#include <poolfit/render/render.hpp>

#include "fixture.hpp"
#include "support/platforms.hpp"

namespace poolfit::test {
namespace {

using Json = nlohmann::json;

constexpr std::string_view two_databases = R"(
schema = "poolfit-inventory/1"
name   = "two"
region = "eu-central-1"
[[database]]
name   = "primary"
engine = "postgresql"
class  = "db.m5.xlarge"
[database.observed]
cpu_mean        = "4-5%"
cpu_peak        = "5%"
freeable_memory = "11 GiB"
[[database]]
name   = "other"
engine = "postgresql"
class  = "db.m5.large"
[[service]]
name = "api"
[[service.pool]]
name     = "main"
database = "primary"
max      = 10
in_use   = "2-3"
[[service]]
name      = "worker"
instances = 2
processes = 3
[[service.pool]]
name     = "jobs"
database = "other"
max      = 4
[[service]]
name = "idle"
)";

TEST_CASE("a report is one document; ranges have two ends, nothing is null") {
    const Reported made = report_text(two_databases);
    const Json report = Json::parse(render::json(made.report));
    CHECK(report["schema"] == "poolfit-report/1");
    REQUIRE(report["strategies"].size() == 4);
    CHECK(report["strategies"][0]["name"] == "conservative");
    CHECK(report["strategies"][0]["databases"][0]["connections"] == 5);
    CHECK(report["vcpu_table"]["vcpus"] == Json{2, 4, 8, 16});
    CHECK(report["runway"] == Json::array());
    for (const Json& finding : report["findings"]) CHECK(finding["rule"].get<std::string>().starts_with("PF"));
    REQUIRE(report["databases"].size() == 2);
    const Json& primary = report["databases"][0];
    CHECK(primary["role"] == "primary");
    CHECK(primary["replica_of"] == nullptr);
    CHECK(primary["memory_gib"] == 16);
    CHECK(primary["cpu"]["mean"] == Json{{"low", 0.04}, {"high", 0.05}});
    CHECK(primary["connections"]["in_use"] == Json{{"low", 2}, {"high", 3}});
    CHECK(primary["connections"]["max_nominal"] == 1802);
    CHECK(primary["connections"]["max_observed"] == nullptr);
    CHECK(report["databases"][1]["cpu"]["peak"] == nullptr);
    CHECK(report["databases"][1]["recommendation"]["projected"]["cpu"].contains("peak"));
    CHECK(report["services"][1]["instances"] == Json{{"min", 2}, {"max", 2}});
    CHECK(report["services"][1]["pools"][0]["allocated"] == 24);
    CHECK(report["services"][2]["pools"] == Json::array());
}

TEST_CASE("a report of some databases has their services, and their pools of these") {
    const Reported made = report_text(two_databases, {1});
    const Json report = Json::parse(render::json(made.report));
    REQUIRE(report["databases"].size() == 1);
    CHECK(report["databases"][0]["name"] == "other");
    CHECK(report["strategies"] == Json::array());  // services connect to all of them
    REQUIRE(report["services"].size() == 1);
    CHECK(report["services"][0]["name"] == "worker");
    for (const Json& derivation : report["derivations"]) {
        CHECK(derivation["figure"].get<std::string>().find("service.api.") == std::string::npos);
    }
}

TEST_CASE("each figure is derived from figures of the document, down to leaves with a source") {
    const Reported made = report_text(two_databases);
    const Json report = Json::parse(render::json(made.report));
    std::set<std::string> names;
    for (const Json& derivation : report["derivations"]) {
        CHECK(names.insert(derivation["figure"].get<std::string>()).second);
    }
    CHECK(names.contains("database.primary.connections.usable"));
    for (const Json& derivation : report["derivations"]) {
        for (const Json& input : derivation["inputs"]) CHECK(names.contains(input.get<std::string>()));
        // A formula of a catalog or an inventory has inputs and a source of its own.
        CHECK((!derivation["source"].is_null() || !derivation["inputs"].empty()));
        CHECK(derivation["formula"].is_null() == derivation["inputs"].empty());
    }
}

TEST_CASE("candidates are the classes that were judged; those that are not offered are listed once a run") {
    const Reported made = report_text(two_databases);
    const Json report = Json::parse(render::json(made.report));
    std::set<std::string> judged;
    for (const Json& database : report["databases"]) {
        std::set<std::string> own;
        for (const Json& candidate : database["candidates"]) {
            CHECK(own.insert(candidate["class"]).second);
            for (const Json& reason : candidate["reasons"])
                for (const char* key : {"dimension", "blocking", "value", "limit", "unit", "text"})
                    CHECK(reason.contains(key));
        }
        CHECK(own.contains(database["class"]));
        CHECK(own.contains(database["recommendation"]["class"]));
        judged.merge(own);
    }
    REQUIRE(report["not_offered"].size() == 1);  // one engine, version, region and deployment
    const Json& kind = report["not_offered"][0];
    CHECK(kind["engine"] == "postgresql");
    CHECK(kind["version"] == nullptr);
    CHECK(kind["region"] == "eu-central-1");
    std::set<std::string> named;
    for (const Json& reason : kind["reasons"]) {
        CHECK_FALSE(reason["text"].get<std::string>().empty());
        for (const Json& cls : reason["classes"]) {
            CHECK(named.insert(cls).second);
            CHECK_FALSE(judged.contains(cls));
        }
    }
    CHECK(named.size() > 10);
}

/// `count` databases that a smaller class would carry.
std::string many_databases(int count) {
    std::string toml = "schema = \"poolfit-inventory/1\"\nname = \"many\"\nregion = \"us-east-1\"\n";
    for (int i = 0; i < count; ++i)
        toml += "[[database]]\nname = \"d" + std::to_string(i) +
                "\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.m5.2xlarge\"\n[database.observed]\n"
                "cpu_mean = \"4%\"\ncpu_peak = \"20%\"\nfreeable_memory = \"8 GiB\"\nwindow = \"14 d\"\n";
    return toml;
}

TEST_CASE("a report of many databases has a line for each, and of its candidates the nearest") {
    const std::string few = render::json(report_text(many_databases(20)).report);
    const std::string many = render::json(report_text(many_databases(21)).report);
    CHECK(many.size() < few.size() / 2);
    CHECK(few.find("\n    {\n      \"name\": \"d0\",") != std::string::npos);
    CHECK(many.find("\n{\"name\":\"d0\",\"provider\":\"aws\",\"engine\":\"postgresql\",") != std::string::npos);
    Json one = Json::parse(few)["databases"][0], other = Json::parse(many)["databases"][0];
    CHECK(one["candidates"].size() > 5);
    CHECK(other["candidates"].size() <= 5);
    for (Json& check : one["recommendation"]["projected"]["checks"]) {
        CHECK(check["text"].is_string());
        check["text"] = nullptr;  // its values stand beside it
    }
    for (const char* key : {"price", "life_cycle"}) {
        if (one[key].is_null()) continue;
        CHECK(one[key]["source"].is_string());
        one[key]["source"] = nullptr;  // derivations have it
    }
    for (auto at = one.begin(); at != one.end(); ++at)
        if (at.key() != "candidates") CHECK(other[at.key()] == at.value());
}

TEST_CASE("a long document goes to a sink in pieces, and what is left is the rest of it") {
    const Reported made = report_text(many_databases(200));
    std::vector<std::string> pieces;
    const std::string rest =
        render::json(made.report, nullptr, [&](std::string_view piece) { pieces.emplace_back(piece); });
    CHECK(pieces.size() > 1);
    std::string all;
    for (const std::string& piece : pieces) all += piece;
    CHECK(rest.size() < all.size());
    CHECK((all + rest == render::json(made.report)));
}

/// What all of a list's elements have in a list of fewer: nulls where a brief report has no sentence.
Json without_text(Json list) {
    for (Json& element : list) element["text"] = nullptr;
    return list;
}

TEST_CASE("a report of many databases leaves out of its lists what says nothing new") {
    std::string toml = many_databases(21) +
                       "[growth]\nload = \"3% / month\"\nservices_per_year = 2\n"
                       "[[host]]\nname = \"h\"\nvcpus = 2\n";
    for (int i = 0; i < 3; ++i) {
        const std::string n = std::to_string(i);
        toml += "[[service]]\nname = \"s" + n + "\"\nhost = \"h\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"d" + n +
                "\"\nmax = " + (i == 0 ? "\"2 * TOTAL_VCPUS\"" : "9") + (i == 1 ? "\nin_use = \"1-2\"\n" : "\n");
    }
    const Reported brief_one = report_text(toml);
    report::Composing composing;
    composing.derive = true;
    const Report full_one = report::compose(brief_one.planned->fleet, test::catalog(), composing);
    CHECK(brief_one.report.brief);
    CHECK_FALSE(full_one.brief);
    const Json brief = Json::parse(render::json(brief_one.report)), full = Json::parse(render::json(full_one));

    Json reached = Json::array();
    for (const Json& line : full["runway"])
        if (!line["months"].is_null()) reached.push_back(line);
    CHECK(!reached.empty());
    CHECK(reached.size() < full["runway"].size());
    CHECK(brief["runway"] == without_text(reached));

    CHECK(full["vcpu_table"]["pools"].size() == 3);
    REQUIRE(brief["vcpu_table"]["pools"].size() == 1);
    CHECK(brief["vcpu_table"]["pools"][0]["service"] == "s0");

    for (std::size_t i = 0; i < full["strategies"].size(); ++i) {
        const Json &all = full["strategies"][i], &some = brief["strategies"][i];
        CAPTURE(all["name"].get<std::string>());
        for (const char* key : {"connections", "before", "change", "thresholds"}) CHECK(some[key] == all[key]);
        Json moved = Json::array();
        for (std::size_t k = 0; k < all["databases"].size(); ++k) {
            const Json &server = all["databases"][k], &today = full["databases"][k]["connections"];
            const Json deploy = today["deploy_peak"].is_null() ? Json(0) : today["deploy_peak"];  // nothing connects
            if (server["connections"] != server["before"] || server["deploy_after"] != deploy) moved.push_back(server);
        }
        CHECK(some["databases"] == moved);
        CHECK(moved.size() < all["databases"].size());
        for (const char* key : {"pros", "cons"}) {
            Json said = Json::array();
            for (const Json& text : all[key])
                if (text.get<std::string>().find(" server connections, ") == std::string::npos) said.push_back(text);
            CHECK(some[key] == said);
        }
        Json changed = Json::array();
        for (Json pool : all["pools"]) {
            const std::string service = pool["service"];
            const Json& own = full["services"][service.back() - '0']["pools"][0];
            if (pool["max"] == own["max"]) continue;
            if (pool["reason"] == own["reason"]) pool["reason"] = nullptr;
            changed.push_back(std::move(pool));
        }
        CHECK(some["pools"] == changed);
    }
    CHECK(full["strategies"][0]["changes"].size() == 1);  // "s1/p: 9 → 3 per process"
    CHECK(brief["strategies"][0]["changes"].empty());
    CHECK(brief["strategies"][0]["pools"].size() == 1);
}

TEST_CASE("findings in a plan of many databases have no notes; those of a check do") {
    const Reported made = report_text(many_databases(21));
    report::Composing composing;
    composing.findings = true;
    const Report brief = report::compose(made.planned->fleet, test::catalog(), composing);
    composing.derive = true;
    const Report full = report::compose(made.planned->fleet, test::catalog(), composing);
    REQUIRE(brief.brief);
    const Gate gate = report::gate(made.planned->fleet, brief.plan, std::vector<Finding>(brief.findings), {}, {});
    const Json plan = Json::parse(render::json(brief))["findings"],
               check = Json::parse(render::json(brief, &gate))["findings"];
    Json said = Json::parse(render::json(full))["findings"];
    REQUIRE(!said.empty());
    CHECK(check == said);
    std::size_t notes = 0;
    for (Json& finding : said) {
        notes += finding["notes"].size();
        finding["label"] = nullptr;
        finding["notes"] = Json::array();
    }
    CHECK(notes > 0);
    CHECK(plan == said);
}

TEST_CASE("a phase of many that changes a class leaves its hazard to the database") {
    const Reported few = report_text(many_databases(20)), many = report_text(many_databases(21));
    const Json one = Json::parse(render::json(few.report)), other = Json::parse(render::json(many.report));
    std::size_t changes = 0;
    for (const Json& phase : one["phases"]) {
        if (phase["kind"] != "instance") continue;
        std::string joined;
        for (const Json& database : one["databases"])
            if (database["name"] == phase["databases"][0])
                for (const Json& reason : database["recommendation"]["risk_reasons"])
                    joined += (joined.empty() ? "" : "; ") + reason.get<std::string>();
        if (joined.empty())
            CHECK(phase["risk_text"].is_null());
        else
            CHECK(phase["risk_text"] == joined);
        ++changes;
    }
    CHECK(changes > 0);
    for (const Json& phase : other["phases"])
        if (phase["kind"] == "instance") CHECK(phase["risk_text"].is_null());
}

TEST_CASE("text of the user's cannot break a document") {
    const Reported made = report_text(two_databases);
    made.planned->fleet.name.value = "\x1b[31m \"quoted\" \xff";
    const Json report = Json::parse(render::json(made.report));
    CHECK(report["inventory"]["name"] == "\x1b[31m \"quoted\" \xEF\xBF\xBD");
}

TEST_CASE("explanations name the figures and derive them") {
    const Reported made = report_text(two_databases);
    const Report& report = made.report;
    const Json api = Json::parse(render::explain_json(report, report::find(report, "api")));
    REQUIRE(api["targets"].size() == 1);
    CHECK(api["targets"][0]["kind"] == "service");
    CHECK(api["targets"][0]["figures"].size() > 2);
    for (const Json& figure : api["targets"][0]["figures"]) {
        CHECK(figure.get<std::string>().starts_with("service.api."));
    }
    CHECK(api["derivations"].size() > api["targets"][0]["figures"].size());

    const auto usable = report::find(report, "database.primary.connections.usable");
    const Json figure = Json::parse(render::explain_json(report, usable));
    CHECK(figure["derivations"].back()["figure"] == "database.primary.connections.usable");
}

TEST_CASE("an error document has every diagnostic with its place") {
    Sources sources;
    const SourceText& source = sources.add("a.toml", "name = 1\nmax = \"x\"\n");
    Diagnostics diagnostics;
    diagnostics.error({&source, {15, 18}}, "max: no number", "max = 5").notes.emplace_back("allowed", "1 to 10");
    diagnostics.warning({}, "nothing");
    const Json error = Json::parse(render::error_json("inventory", "a.toml has 1 error", 2, diagnostics))["error"];
    CHECK(error["kind"] == "inventory");
    CHECK(error["exit_code"] == 2);
    REQUIRE(error["diagnostics"].size() == 2);
    const Json& first = error["diagnostics"][0];
    CHECK(first["severity"] == "error");
    CHECK(first["file"] == "a.toml");
    CHECK(first["line"] == 2);
    CHECK(first["column"] == 7);
    CHECK(first["end_column"] == 10);
    CHECK(first["fix"] == "max = 5");
    CHECK(first["notes"][0] == Json{{"about", "allowed"}, {"text", "1 to 10"}});
    CHECK(error["diagnostics"][1]["severity"] == "warning");
    CHECK(error["diagnostics"][1]["file"] == nullptr);
}

TEST_CASE("there are three schemas") {
    for (const char* name : {"report", "inventory", "catalog"}) CHECK(Json::parse(render::schema(name)).is_object());
    CHECK(render::schema("findings").empty());
    CHECK(render::schema("").empty());
}

TEST_CASE("a service has its threads, and null where they are not given") {
    const auto made = report_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
        "\"postgresql\"\nclass = \"db.m5.large\"\n[[service]]\nname = \"puma\"\nruntime = \"threads\"\nthreads = "
        "5\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 5\n[[service]]\nname = "
        "\"other\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 5\n");
    const Json services = Json::parse(render::json(made.report))["services"];
    CHECK(services[0]["threads"] == 5);
    CHECK(services[1]["threads"].is_null());
}

TEST_CASE("lists of classes say how many were cut") {
    const Catalog catalog;
    catalog::Query query;
    query.region = "eu-central-1";
    query.families = {"t3"};
    render::CatalogList list{&test::pg, catalog::select(catalog, test::pg, query), query.region,
                             catalog.classes(test::pg).size(), 4};
    const Json json = Json::parse(render::catalog_list_json(list));
    CHECK(json["cut"] == 4);
    CHECK(json["classes"].size() == list.rows.size());
    CHECK(json["classes"][0]["price"]["usd_per_month"].is_number());
}

}  // namespace
}  // namespace poolfit::test
