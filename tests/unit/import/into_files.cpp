// An import into an inventory of several files, or whose records stand in braces.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "../../support/fleet.hpp"
#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

using Parts = std::vector<std::string>;

std::string answer(std::string_view cls, bool multi_az, int gib, int iops) {
    return fmt::format(
        "{{\"DBInstances\": [{{\"DBInstanceIdentifier\": \"orders\", \"DBInstanceClass\": \"{}\",\n"
        "\"Engine\": \"postgres\", \"EngineVersion\": \"16.4\", \"DBInstanceStatus\": \"available\",\n"
        "\"MultiAZ\": {}, \"StorageType\": \"gp3\", \"AllocatedStorage\": {}, {}\n"
        "\"Endpoint\": {{\"Address\": \"orders.c9x.eu-west-1.rds.amazonaws.com\"}},\n"
        "\"DBInstanceArn\": \"arn:aws:rds:eu-west-1:1:db:orders\"}}]}}\n",
        cls, multi_az, gib, iops > 0 ? fmt::format("\"Iops\": {},", iops) : std::string());
}
std::string manifest(std::string_view name, int replicas) {
    return fmt::format(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {}}}\nspec:\n  replicas: {}\n"
        "  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n        env:\n"
        "        - {{name: DATABASE_URL, value: \"postgres://u:p@orders.c9x.eu-west-1.rds.amazonaws.com/x\"}}\n"
        "        - {{name: DB_POOL_SIZE, value: \"7\"}}\n---\n",
        name, replicas);
}

struct Into {
    Sources sources;
    imports::Inventory inventory;
    FromFiles files;
    imports::Merged merged;
    Parts texts;

    Into(const Parts& before, const poolfit::test::Texts& read, bool overwrite = false) {
        for (const std::string& text : before) {
            Diagnostics diagnostics;
            const std::string name = fmt::format("{}.{}", inventory.size(), text.starts_with("{") ? "json" : "toml");
            auto document = load::parse(sources.add(name, text), diagnostics);
            REQUIRE(document);
            imports::bindings_from_key(*document);
            inventory.push_back(std::move(*document));
        }
        const imports::ImportOptions options{{}, {}, {}, {}, &inventory, {}, overwrite};
        files = import_texts(read, options);
        INFO(files.errors());
        REQUIRE(files.result);
        merged = imports::merge(inventory, *files.result, overwrite);
        for (load::Document& document : merged.documents) {
            imports::bindings_to_key(document);
            texts.push_back(load::print(document));
        }
    }
    std::vector<Drift> drifts() const { return imports::compare(inventory, *files.result); }
};

constexpr std::string_view top = "schema = \"poolfit-inventory/1\"\nregion = \"eu-west-1\"\ninclude = [\"*.toml\"]\n";
constexpr std::string_view braces =
    "schema = \"poolfit-inventory/1\"\nregion = \"eu-west-1\"\n"
    "database = [{ name = \"orders\", engine = \"postgresql\", class = \"db.m6g.large\" }]  # ours\n";

}  // namespace

TEST_CASE("--into heals each file of an inventory, and a new record goes beside those from its file") {
    const Parts before{
        std::string(top) + "\n[[database]]\nname = \"orders\"\nengine = \"postgresql\"\nclass = \"db.m6g.large\"\n",
        "[[service]]\nname = \"api\"  # from k8s.yaml: Deployment = api\n"
        "instances = 3  # from k8s.yaml: spec.replicas = 3\n"
        "[[service.pool]]\nname = \"main\"\ndatabase = \"orders\"\nmax = 7\n"};
    const Into into(before, {{"kubernetes:k8s.yaml", manifest("api", 5) + manifest("jobs", 2)}});
    CHECK(into.texts[0] == before[0]);
    expect(into.texts[1], "instances = 5  # from k8s.yaml: spec.replicas = 5\n");
    expect(into.texts[1], "\"jobs\"");
    CHECK(into.texts[1].find("[[database]]") == std::string::npos);
    CHECK(Into(into.texts, {{"kubernetes:k8s.yaml", manifest("api", 5) + manifest("jobs", 2)}}).drifts().empty());
}

TEST_CASE("values in braces have their bindings in a key, also in TOML, and follow their file") {
    const Into first({std::string(braces)}, {{"rds:rds.json", answer("db.m6g.large", true, 200, 0)}});
    expect(first.texts[0], "multi_az = true");
    expect(first.texts[0], "}]  # ours\n");
    expect(first.texts[0], "[bindings]\n");
    expect(first.texts[0], "\"database.orders.multi_az\"");
    expect(first.texts[0], "\"database.orders.storage.size\"");
    Sources sources;
    Diagnostics diagnostics;
    const Catalog catalog;
    CHECK(load::inventory(sources.add("a.toml", first.texts[0]), {}, catalog, sources, diagnostics));

    const Into grown(first.texts, {{"rds:rds.json", answer("db.m6g.large", false, 400, 12000)}});
    CHECK(grown.merged.kept.empty());
    expect(grown.texts[0], "multi_az = false");
    expect(grown.texts[0], "size = \"400 GiB\", iops = 12000");
    CHECK(Into(grown.texts, {{"rds:rds.json", answer("db.m6g.large", false, 400, 12000)}}).texts == grown.texts);
    // And what it no longer says goes, with its binding.
    const Into lost(grown.texts, {{"rds:rds.json", answer("db.m6g.large", false, 200, 0)}});
    CHECK(lost.texts[0].find("iops") == std::string::npos);
    expect(lost.texts[0], "size = \"200 GiB\"");
}

TEST_CASE("what would make an inventory invalid is left out and named, in braces as below headers") {
    const std::string own =
        std::string(braces).replace(braces.find(" }]"), 3, ", storage = { type = \"gp3\", size = \"200 GiB\" } }]");
    const Into kept({own}, {{"rds:rds.json", answer("db.m6g.large", false, 400, 12000)}});
    CHECK(kept.texts[0].find("iops") == std::string::npos);
    REQUIRE(!kept.files.result->notes.empty());
    expect(kept.files.result->notes.front().text, "gp3 under 400 GiB");
    const Into taken({own}, {{"rds:rds.json", answer("db.m6g.large", false, 400, 12000)}}, true);
    expect(taken.texts[0], "size = \"400 GiB\", iops = 12000");
}

TEST_CASE("a record in braces is opened by its user: its bindings stand behind its values again") {
    const Into into({"schema = \"poolfit-inventory/1\"\nregion = \"eu-west-1\"\n\n[[database]]\nname = \"orders\"\n"
                     "engine = \"postgresql\"\nclass = \"db.m6g.large\"\nmulti_az = true\n\n[bindings]\n"
                     "\"database.orders.multi_az\" = \"rds.json: MultiAZ = true\"\n"},
                    {{"rds:rds.json", answer("db.m6g.large", false, 100, 0)}});
    expect(into.texts[0], "multi_az = false  # from rds.json: MultiAZ = false");
    CHECK(into.texts[0].find("[bindings]") == std::string::npos);
}

TEST_CASE("a value that was only formatted anew still follows its file") {
    const auto text = [](std::string_view surge) {
        return std::string(top) +
               fmt::format("\n[[service]]\nname = \"api\"\nmax_surge = \"{}\"  # from k8s.yaml: maxSurge = 25%\n",
                           surge);
    };
    std::string next = manifest("api", 1);
    next.replace(next.find("  replicas: 1\n"), 14, "  strategy: {rollingUpdate: {maxSurge: 50%}}\n");
    const Into same({text("25 %")}, {{"kubernetes:k8s.yaml", next}});
    expect(same.texts[0], "max_surge = \"50%\"");
    const Into own({text("26 %")}, {{"kubernetes:k8s.yaml", next}});
    expect(own.texts[0], "max_surge = \"26 %\"");
}

TEST_CASE("what was not taken is said anew at the end, but for files that were not read") {
    const std::string before = std::string(top) +
                               "\n[[service]]\nname = \"api\"  # from k8s.yaml: Deployment = api\n\n"
                               "# Not taken:\n#   tracker: 4 pods, k8s.yaml:9\n"
                               "#   legacy: its class, rds.json:3\n\n# Ours.\n";
    const Into into({before}, {{"kubernetes:k8s.yaml", manifest("api", 1)}});
    CHECK(into.texts[0].find("4 pods") == std::string::npos);
    expect(into.texts[0], "# Not taken:\n#   legacy: its class, rds.json:3\n");
    expect(into.texts[0], "\n# Ours.\n");
    expect(into.texts[0], "k8s.yaml:");
    CHECK(Into(into.texts, {{"kubernetes:k8s.yaml", manifest("api", 1)}}).texts == into.texts);
}

TEST_CASE("a value that is lost goes where a plan does without it, and else says that it stays") {
    const auto text = [](std::string_view line) {
        return std::string(top) +
               fmt::format("\n[[database]]\nname = \"orders\"\nengine = \"postgresql\"\nclass = \"db.m6g.large\"\n{}\n",
                           line);
    };
    const Into gone({text("max_connections = 300  # from rds.json: max_connections = 300")},
                    {{"rds:rds.json", answer("db.m6g.large", false, 100, 0)}});
    CHECK(gone.texts[0].find("max_connections") == std::string::npos);
    const Into stays({text("acu_max = 8  # from rds.json: MaxCapacity = 8")},
                     {{"rds:rds.json", answer("db.m6g.large", false, 100, 0)}});
    const auto drifts = stays.drifts();
    const auto lost = std::ranges::find(drifts, std::string("acu_max"), &Drift::key);
    REQUIRE(lost != drifts.end());
    CHECK(lost->stays);
    expect(stays.texts[0], "acu_max = 8");
}

TEST_CASE("what an import was given by --set is not called typed in") {
    const std::string before = std::string(top) +
                               "\n[[service]]\nname = \"api\"  # from k8s.yaml: Deployment = api\n"
                               "instances = 4  # --set\n";
    const auto drifts = Into({before}, {{"kubernetes:k8s.yaml", manifest("api", 2)}}).drifts();
    const auto at = std::ranges::find(drifts, std::string("instances"), &Drift::key);
    REQUIRE(at != drifts.end());
    CHECK(at->own);
    CHECK(at->by_set);
}
