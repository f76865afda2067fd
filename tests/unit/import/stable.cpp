// print ∘ import is stable: what was imported, imported into what it became, changes nothing.
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "../../support/fleet.hpp"
#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// The text of the inventory, after the same files were imported into it.
std::string again(const Texts& files, const std::string& name, const std::string& text,
                  imports::ImportOptions options) {
    Sources sources;
    Diagnostics diagnostics;
    imports::Inventory inventory;
    auto parsed = load::parse(sources.add(name, text), diagnostics);
    REQUIRE(parsed);
    inventory.push_back(std::move(*parsed));
    options.inventory = &inventory;
    const FromFiles twice = import_texts(files, std::move(options));
    INFO(twice.errors());
    REQUIRE(twice.result);
    const imports::Merged merged = imports::merge(inventory, *twice.result, false);
    CHECK(merged.taken.empty());
    load::Document document = merged.documents.front();
    imports::bindings_to_key(document);
    return load::print(document);
}

void stable(const Texts& files, const imports::ImportOptions& options = {}) {
    const FromFiles once = import_texts(files, options);
    INFO(once.errors());
    REQUIRE(once.result);
    const std::string toml = once.text();
    CHECK(again(files, "a.toml", toml, options) == toml);
    load::Document json = once.result->document;
    json.syntax = load::Syntax::json;
    imports::bindings_to_key(json);
    const std::string text = load::print(json);
    CHECK(again(files, "a.json", text, options) == text);
    if (once.result->databases == 0) return;
    Sources sources;
    Diagnostics diagnostics;
    const auto fleet = load::inventory(sources.add("a.toml", toml), {}, poolfit::test::catalog(), sources, diagnostics);
    CHECK(fleet);
    CHECK_FALSE(diagnostics.has_errors());
}

Texts texts(std::initializer_list<std::pair<const char*, const char*>> names) {
    Texts out;
    for (const auto& each : names) {
        static std::vector<std::string> kept;  // Texts holds views
        kept.reserve(1000);
        kept.push_back(std::string(each.first) + ':' + each.second);
        out.emplace_back(kept.back(), import_file(each.second));
    }
    return out;
}

}  // namespace

TEST_CASE("each file, imported twice") {
    for (const auto& file : {std::pair("rds", "instances.json"),
                             {"rds", "samples/aws_rds_describe_db_instances.json"},
                             {"terraform", "plan_nested.json"},
                             {"terraform", "plan_small.json"},
                             {"terraform", "state_small.json"},
                             {"terraform", "state_wrapped.txt"},
                             {"cloudsql", "cloudsql.json"},
                             {"azure", "azure.json"},
                             {"kubernetes", "k8s_rendered.yaml"},
                             {"kubernetes", "k8s_operators.yaml"},
                             {"kubernetes", "samples/k8s_api.yaml"},
                             {"compose", "compose_stack.yml"},
                             {"compose", "samples/docker-compose.yml"},
                             {"env", "app.env"},
                             {"pgbouncer", "pgbouncer_main.ini"},
                             {"app", "application.yml"},
                             {"app", "application.properties"},
                             {"app", "database.yml"},
                             {"app", "schema.prisma"}}) {
        CAPTURE(file.second);
        const Texts one = texts({file});
        if (import_texts(one).result) stable(one);
    }
}

TEST_CASE("estates of several files, imported twice") {
    stable(texts({{"rds", "instances.json"}, {"rds", "parameters.json"}, {"rds", "clusters.json"}}),
           {{"parameters.json=berth-pg16"}, {}, {}});
    stable(texts({{"rds", "instances.json"}, {"rds", "proxies.json"}, {"env", "app.env"}}));
    stable(texts({{"compose", "compose_stack.yml"}, {"compose", "compose_prod.env"}}),
           {{}, {"database.db.vcpus=4", "database.db.memory=8 GiB"}, {}});
    stable(texts({{"pgbouncer", "pgbouncer_main.ini"}, {"pgbouncer", "pgbouncer_databases.ini"}}));
    stable(texts({{"azure", "azure_parameters.json"}, {"azure", "azure.json"}}));
    stable(texts({{"terraform", "plan_nested.json"},
                  {"rds", "instances.json"},
                  {"rds", "parameters.json"},
                  {"kubernetes", "k8s_rendered.yaml"},
                  {"pgbouncer", "pgbouncer_main.ini"},
                  {"pgbouncer", "pgbouncer_databases.ini"},
                  {"cloudwatch", "cloudwatch_long.csv"}}),
           {{"parameters.json=berth-pg16"}, {}, {}});
}
