// An import into an inventory that is there.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/import/series.hpp>
#include <poolfit/load/load.hpp>

#include "../../support/fleet.hpp"
#include "../../support/text.hpp"
#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string manifest(std::string_view name, int replicas, int size) {
    return fmt::format(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {}}}\nspec:\n  replicas: {}\n"
        "  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n        env:\n"
        "        - {{name: DATABASE_URL, value: \"postgres://u:PLANTED@orders-host/x\"}}\n"
        "        - {{name: DB_POOL_SIZE, value: \"{}\"}}\n---\n",
        name, replicas, size);
}

constexpr std::string_view head =
    "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n\n[[database]]\nname = \"orders\"\n"
    "engine = \"postgresql\"\nclass = \"db.m5.large\"\n";

/// An inventory, and what manifests make of it.
struct Into {
    Sources sources;
    imports::Inventory inventory;
    FromFiles files;
    imports::Merged merged;
    std::string text;

    Into(std::string name, std::string before, const std::string& manifests, bool overwrite = false) {
        Diagnostics diagnostics;
        auto document = load::parse(sources.add(std::move(name), std::move(before)), diagnostics);
        REQUIRE(document);
        imports::bindings_from_key(*document);
        inventory.push_back(std::move(*document));
        imports::ImportOptions options{{"orders-host=orders"}, {}, {}, {}, &inventory, {}, overwrite};
        files = import_texts({{"kubernetes:k8s.yaml", manifests}}, options);
        INFO(files.errors());
        REQUIRE(files.result);
        merged = imports::merge(inventory, *files.result, overwrite);
        imports::bindings_to_key(merged.documents.front());
        text = load::print(merged.documents.front());
    }
};

void has(const std::string& written, std::string_view part) { expect(squeezed(written), part); }

}  // namespace

TEST_CASE("--into adds what is new, with its binding, and twice changes nothing") {
    const Into once("a.toml", std::string(head), manifest("api", 3, 7));
    CHECK(once.text.starts_with(head));
    has(once.text, "name = \"api\" # from k8s.yaml: Deployment = api\n");
    has(once.text, "instances = 3 # from k8s.yaml: spec.replicas = 3\n");
    has(once.text, "max = 7 # from k8s.yaml: DB_POOL_SIZE 7\n");
    CHECK(once.text.find("PLANTED") == std::string::npos);
    REQUIRE(once.merged.taken.size() == 1);
    CHECK(once.merged.taken[0].kind == Drift::Kind::undeclared);
    const Into twice("a.toml", once.text, manifest("api", 3, 7));
    CHECK(twice.text == once.text);
    CHECK(twice.merged.taken.empty());
    CHECK(twice.merged.kept.empty());
}

TEST_CASE("--into: bound values follow their file, your own stay and are named") {
    const std::string before = Into("a.toml", std::string(head), manifest("api", 3, 7)).text;
    std::string mine = before;
    mine.replace(mine.find("max = 7"), 7, "max = 9");  // changed since
    const Into next("a.toml", mine, manifest("api", 5, 8));
    has(next.text, "instances = 5 # from k8s.yaml: spec.replicas = 5\n");
    has(next.text, "max = 9 # from k8s.yaml: DB_POOL_SIZE 7\n");
    REQUIRE(next.merged.kept.size() == 1);
    CHECK(next.merged.kept[0].own);
    CHECK(next.merged.kept[0].target == "api.main");
    CHECK(next.merged.kept[0].declared == "9");
    CHECK(next.merged.kept[0].deployed == "8");
    const Into all("a.toml", mine, manifest("api", 5, 8), true);
    has(all.text, "max = 8 # from k8s.yaml: DB_POOL_SIZE 8\n");
    CHECK(all.merged.kept.empty());
}

TEST_CASE("--into keeps comments, order, names and the end of lines") {
    std::string mine =
        "# ours\r\nschema = \"poolfit-inventory/1\"\r\nregion = \"us-east-1\"\r\n\r\n# the web\r\n[[service]]\r\n"
        "name = \"web\"  # from k8s.yaml: Deployment = api\r\n# counted by hand\r\ninstances = 2 # by agreement\r\n"
        "processes = 2\r\n[[service.pool]]\r\nname = \"main\"\r\ndatabase = \"orders\"\r\nmax = \"BATCH + 2\"\r\n"
        "[service.vars]\r\nBATCH = 3\r\n\r\n[[database]]\r\nname = \"orders\"\r\nengine = \"postgresql\"\r\n"
        "class = \"db.m5.large\"\r\n# the end\r\n";
    const Into kept("a.toml", mine, manifest("api", 3, 7));
    CHECK(kept.text == mine);
    REQUIRE(kept.merged.kept.size() == 1);
    CHECK(kept.merged.kept[0].target == "web");
    const Into taken("a.toml", mine, manifest("api", 3, 7), true);
    std::string wanted = mine;
    wanted.replace(wanted.find("instances = 2 # by agreement"), 28,
                   "# by agreement\r\ninstances = 3  # from k8s.yaml: spec.replicas = 3");
    CHECK(taken.text == wanted);
}

TEST_CASE("--into names what is gone from a file and removes nothing") {
    const std::string before = Into("a.toml", std::string(head), manifest("api", 3, 7) + manifest("jobs", 1, 2)).text;
    const Into next("a.toml", before, manifest("api", 3, 7));
    CHECK(next.text == before);
    REQUIRE(next.merged.kept.size() == 1);
    CHECK(next.merged.kept[0].kind == Drift::Kind::gone);
    CHECK(next.merged.kept[0].target == "jobs");
}

TEST_CASE("a database and a service may be renamed: references follow") {
    std::string mine = Into("a.toml", std::string(head), manifest("api", 3, 7)).text;
    mine.replace(mine.find("name = \"orders\""), 15,
                 "name = \"main-db\"  # from rds.json: DBInstanceIdentifier = orders");
    mine.replace(mine.find("database = \"orders\""), 19, "database = \"main-db\"");
    mine.replace(mine.find("name = \"api\""), 12, "name = \"web\"");
    const Into same("a.toml", mine, manifest("api", 3, 7));
    // The binding follows the new name, once.
    mine.replace(mine.find("DATABASE_URL = orders"), 21, "DATABASE_URL = main-db");
    CHECK(same.text == mine);
    CHECK(same.merged.kept.empty());
    CHECK(Into("a.toml", mine, manifest("api", 3, 7)).text == mine);
    const Into next("a.toml", mine, manifest("api", 3, 8) + manifest("jobs", 1, 2));
    has(next.text, "name = \"web\"");
    has(next.text, "database = \"main-db\" # from k8s.yaml: DATABASE_URL = main-db\n");
    CHECK(next.text.find("\"orders\"") == std::string::npos);
}

TEST_CASE("JSON has its bindings in a key, and every other byte stays") {
    const std::string mine =
        "{\"schema\": \"poolfit-inventory/1\", \"region\": \"us-east-1\",\n"
        " \"database\": [{\"name\": \"orders\", \"engine\": \"postgresql\", \"class\": \"db.m5.large\"}],\n"
        " \"service\": [{\"name\": \"api\", \"instances\": 2,\n"
        "   \"pool\": [{\"name\": \"main\", \"database\": \"orders\", \"max\": 7}]}],\n"
        " \"bindings\": {\"service.api.instances\": \"k8s.yaml: spec.replicas = 2\"}}\n";
    const Into next("a.json", mine, manifest("api", 3, 7));
    std::string wanted = mine;
    wanted.replace(wanted.find("\"instances\": 2"), 14, "\"instances\": 3");
    wanted.replace(wanted.find("replicas = 2"), 12, "replicas = 3");
    CHECK(next.text == wanted);
    // It is an inventory that is read.
    Sources sources;
    Diagnostics diagnostics;
    CHECK(load::inventory(sources.add("a.json", next.text), {}, test::catalog(), sources, diagnostics));
    const Into twice("a.json", next.text, manifest("api", 3, 7));
    CHECK(twice.text == next.text);
}

TEST_CASE("an import for an inventory knows its databases: manifests alone are compared") {
    const Into got("a.toml",
                   std::string(head) +
                       "[[service]]\nname = \"api\"\ninstances = 3\n[[service.pool]]\nname = \"main\"\n"
                       "database = \"orders\"\nmax = 7\n",
                   manifest("api", 3, 7));
    CHECK(got.merged.taken.empty());
    CHECK(got.merged.kept.empty());
}

TEST_CASE("defaults count where the inventory leaves a key out; a version is of its series") {
    const Into got("a.toml",
                   std::string(head) +
                       "[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"main\"\n"
                       "database = \"orders\"\nmax = 7\n",
                   manifest("api", 3, 7));
    REQUIRE(got.merged.taken.size() == 1);
    CHECK(got.merged.taken[0].key == "instances");
    CHECK(got.merged.taken[0].assumed == "1");
    has(got.text, "instances = 3 # from k8s.yaml: spec.replicas = 3\n");
}

TEST_CASE("an environment's value counts where it is compared") {
    Sources sources;
    Diagnostics diagnostics;
    imports::Inventory inventory;
    inventory.push_back(*load::parse(
        sources.add("a.toml", std::string(head) + "[[service]]\nname = \"api\"\ninstances = 1\n[[service.pool]]\n"
                                                  "name = \"main\"\ndatabase = \"orders\"\nmax = 7\n"
                                                  "[env.prod.service.api]\ninstances = 3\n"),
        diagnostics));
    imports::ImportOptions options{{"orders-host=orders"}, {}, {}, {}, &inventory, {}, false};
    const FromFiles files = import_texts({{"kubernetes:k8s.yaml", manifest("api", 3, 7)}}, options);
    REQUIRE(files.result);
    CHECK(imports::compare(inventory, *files.result, "prod").empty());
    const auto drifts = imports::compare(inventory, *files.result);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].key == "instances");
}

TEST_CASE("a value that the file no longer says goes back to its default") {
    const std::string before = Into("a.toml", std::string(head), manifest("api", 3, 7)).text;
    std::string lost = manifest("api", 3, 7);
    lost.replace(lost.find("  replicas: 3\n"), 14, "");
    const Into next("a.toml", before, lost);
    const auto drifts = imports::compare(next.inventory, *next.files.result);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].kind == Drift::Kind::value);
    CHECK(drifts[0].key == "instances");
    CHECK(drifts[0].declared == "3");
    CHECK(drifts[0].assumed == "1");
    CHECK(drifts[0].deployed.empty());
    CHECK(drifts[0].source == "k8s.yaml, spec.replicas");
    CHECK(next.text.find("instances") == std::string::npos);
    CHECK(next.merged.taken.size() == 1);
    std::string mine = before;
    mine.replace(mine.find("instances = 3"), 13, "instances = 4");  // changed since
    const Into kept("a.toml", mine, lost);
    CHECK(kept.text == mine);
    REQUIRE(kept.merged.kept.size() == 1);
    CHECK(kept.merged.kept[0].own);
}

TEST_CASE("a record whose file has it, but not what a plan needs, says so") {
    const std::string before = Into("a.toml", std::string(head), manifest("api", 3, 7) + manifest("jobs", 1, 2)).text;
    const Into stopped("a.toml", before, manifest("api", 3, 7) + manifest("jobs", 0, 2));
    REQUIRE(stopped.merged.kept.size() == 1);
    CHECK(stopped.merged.kept[0].kind == Drift::Kind::gone);
    CHECK(stopped.merged.kept[0].deployed == "0 replicas");
    std::string idle = manifest("jobs", 1, 2);
    idle.replace(idle.find("postgres://u:PLANTED@orders-host/x"), 34, "none");
    idle.replace(idle.find("DB_POOL_SIZE"), 12, "SIZE_OF_LOGS");
    const Into silent("a.toml", before, manifest("api", 3, 7) + idle);
    REQUIRE(silent.merged.kept.size() == 1);
    CHECK(silent.merged.kept[0].deployed == "no database address in jobs");
    // Its size is there: then its database alone is a value that the file no longer says.
    std::string sized = manifest("jobs", 1, 3);
    sized.replace(sized.find("postgres://u:PLANTED@orders-host/x"), 34, "none");
    const Into lost("a.toml", before, manifest("api", 3, 7) + sized);
    REQUIRE(lost.merged.taken.size() == 1);
    CHECK(lost.merged.taken[0].key == "max");
    REQUIRE(lost.merged.kept.size() == 1);
    CHECK(lost.merged.kept[0].key == "database");
}

TEST_CASE("a pool that is gone is named") {
    std::string two = manifest("api", 3, 7);
    two.replace(
        two.find("---"), 3,
        "        - {name: REPLICA_DATABASE_URL, value: \"postgres://u:PLANTED@orders-host/y?pool_max_conns=5\"}\n---");
    const std::string before = Into("a.toml", std::string(head), two).text;
    const Into next("a.toml", before, manifest("api", 3, 7));
    CHECK(next.text == before);
    REQUIRE(next.merged.kept.size() == 1);
    CHECK(next.merged.kept[0].kind == Drift::Kind::gone);
    CHECK(next.merged.kept[0].record == "pool");
}

TEST_CASE("two namespaces with a service of one name: each keeps its record") {
    const auto in = [](std::string_view space, int replicas) {
        std::string text = manifest("api", replicas, 7);
        text.replace(text.find("{name: api}"), 11, fmt::format("{{name: api, namespace: {}}}", space));
        return text;
    };
    const std::string one = Into("a.toml", std::string(head), in("b", 6)).text;
    has(one, "name = \"api\" # from k8s.yaml: Deployment in b = api\n");
    const Into both("a.toml", one, in("a", 2) + in("b", 6));
    has(both.text, "name = \"a.api\" # from k8s.yaml: Deployment in a = a.api\ninstances = 2");
    has(both.text, "name = \"api\" # from k8s.yaml: Deployment in b = api\ninstances = 6");
    const Into other("a.toml", both.text, in("b", 6) + in("a", 2));
    CHECK(other.text == both.text);
    CHECK(Into("a.toml", std::string(head), in("a", 2) + in("a", 2)).files.result->services == 1);
    CHECK(Into("a.toml", std::string(head), manifest("api", 2, 7) + manifest("api", 2, 7)).files.result->services == 1);
    CHECK(Into("a.toml", std::string(head), manifest("api", 2, 7) + manifest("api", 3, 7)).files.result->services == 2);
}

TEST_CASE("a service that was renamed in JSON keeps its bindings") {
    const std::string mine =
        "{\"schema\": \"poolfit-inventory/1\", \"region\": \"us-east-1\",\n"
        " \"database\": [{\"name\": \"orders\", \"engine\": \"postgresql\", \"class\": \"db.m5.large\"}]}\n";
    std::string text = Into("a.json", mine, manifest("api", 3, 7) + manifest("jobs", 3, 7)).text;
    text.replace(text.find("\"api\""), 5, "\"web\"");
    const Into next("a.json", text, manifest("api", 5, 7) + manifest("jobs", 3, 7));
    CHECK(next.text.find("\"api\"") == std::string::npos);
    CHECK(next.text.find("service.api.") == std::string::npos);
    has(next.text, "\"service.web.name\": \"k8s.yaml: Deployment = api\"");
    has(next.text, "\"service.web.instances\": \"k8s.yaml: spec.replicas = 5\"");
}

TEST_CASE("series are joined by time: the new value counts, and nothing is lost") {
    const auto joined =
        imports::join_series("time,cpu,connections\n2026-10-01T00:00:00Z,5,10\n2026-10-01T01:00:00Z,6,11\n",
                             "time,cpu,swap\n2026-10-01T01:00:00Z,7,1\n2026-10-01T02:00:00Z,8,\n");
    REQUIRE(joined);
    CHECK(joined->text ==
          "time,cpu,connections,swap\n2026-10-01T00:00:00Z,5,10,\n2026-10-01T01:00:00Z,7,11,1\n"
          "2026-10-01T02:00:00Z,8,,\n");
    CHECK(joined->added == 1);
    CHECK(joined->replaced == 1);
    CHECK(joined->kept == 1);
    const auto same = imports::join_series(joined->text, joined->text);
    REQUIRE(same);
    CHECK(same->text == joined->text);
    CHECK(same->kept == 0);
    CHECK_FALSE(imports::join_series("my notes\n", "time,cpu\n"));
    CHECK_FALSE(imports::join_series("time,database,cpu\nyesterday,a,1\n", "time,cpu\n"));
}
