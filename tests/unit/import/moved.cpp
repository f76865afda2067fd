// What changed outside since an import: a failover, a pooler asked by its console, a file with another name.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "../../support/fleet.hpp"
#include "../../support/text.hpp"
#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// An inventory as an import made it, and a later import of other files.
struct Later {
    Sources sources;
    imports::Inventory inventory;
    FromFiles files;
    std::vector<Drift> drifts;
    std::string text;  ///< with --into

    Later(std::string before, const Texts& texts, imports::ImportOptions options = {}) {
        Diagnostics diagnostics;
        auto document = load::parse(sources.add("inventory.toml", std::move(before)), diagnostics);
        REQUIRE(document);
        imports::bindings_from_key(*document);
        inventory.push_back(std::move(*document));
        options.inventory = &inventory;
        files = import_texts(texts, options);
        INFO(files.errors());
        REQUIRE(files.result);
        drifts = imports::compare(inventory, *files.result, {});
        imports::Merged merged = imports::merge(inventory, *files.result, false);
        imports::bindings_to_key(merged.documents.front());
        text = squeezed(load::print(merged.documents.front()));
    }

    bool has(Drift::Kind kind, std::string_view target, std::string_view key) const {
        return std::ranges::any_of(
            drifts, [&](const Drift& each) { return each.kind == kind && each.target == target && each.key == key; });
    }
};

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
    return count;
}

std::string instance(std::string_view name, std::string_view engine) {
    return fmt::format(R"({{"DBInstanceIdentifier": "{0}", "DBInstanceClass": "db.r6g.large", "Engine": "{1}",
"EngineVersion": "{2}", "DBInstanceStatus": "available", "StorageType": "aurora-iopt1", "DBClusterIdentifier": "web",
"DBInstanceArn": "arn:aws:rds:us-east-1:1:db:{0}"}})",
                       name, engine, engine == "aurora-mysql" ? "8.0.mysql_aurora.3.08.0" : "16.4");
}
std::string cluster(std::string_view writer, std::string_view reader) {
    return fmt::format(
        R"({{"DBClusters": [{{"DBClusterIdentifier": "web", "DBClusterArn": "arn:aws:rds:us-east-1:1:cluster:web",
"DBClusterMembers": [{{"DBInstanceIdentifier": "{}", "IsClusterWriter": true}},
{{"DBInstanceIdentifier": "{}", "IsClusterWriter": false}}]}}]}})",
        writer, reader);
}

std::string deployment(std::string_view name) {
    return fmt::format(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {}}}\nspec:\n  replicas: 2\n  template:\n    spec:\n"
        "      containers:\n      - name: app\n        image: app\n        env:\n"
        "        - {{name: DATABASE_URL, value: \"postgres://u:PLANTED@orders-host/x?pool_max_conns=5\"}}\n---\n",
        name);
}

imports::ImportOptions orders() {
    return {{"orders-host=orders"}, {"database.orders.engine=postgresql"}, {}, {}, nullptr, {}, false};
}

constexpr std::string_view ini =
    "[databases]\napp = host=orders-host port=5432 dbname=app pool_size=20\n[pgbouncer]\npool_mode = transaction\n"
    "default_pool_size = 20\n";
constexpr std::string_view shown =
    "name,host,port,database,force_user,pool_size,min_pool_size,reserve_pool,pool_mode,max_connections,"
    "current_connections,paused,disabled\napp,orders-host,5432,app,,20,0,0,,0,3,0,0\n"
    "pgbouncer,,6432,pgbouncer,pgbouncer,2,0,0,statement,0,0,0,0\n";

}  // namespace

TEST_CASE("moved: after a failover the volume is the new writer's") {
    for (const std::string_view engine : {"aurora-mysql", "aurora-postgresql"}) {
        CAPTURE(engine);
        const std::string instances =
            fmt::format("{{\"DBInstances\": [{}, {}]}}", instance("web-1", engine), instance("web-2", engine));
        const FromFiles first = import_texts({{"rds:i.json", instances}, {"rds:c.json", cluster("web-1", "web-2")}});
        REQUIRE(first.result);
        CHECK(first.value("database", "web-1", "storage") == "type io-optimized");
        const Texts after{{"rds:i.json", instances}, {"rds:c.json", cluster("web-2", "web-1")}};
        const Later later(first.text(), after);
        CHECK(later.has(Drift::Kind::value, "web-2", "replica_of"));
        CHECK(later.has(Drift::Kind::unstated, "web-1", "replica_of"));
        CHECK(later.has(Drift::Kind::value, "web-1", "storage.type"));
        CHECK(later.has(Drift::Kind::unstated, "web-2", "storage.type"));
        // Healed, and no more is told.
        CHECK(count_of(later.text, "[database.storage]") == 1);
        CHECK(later.text.find("[database.storage]") > later.text.find("name = \"web-2\""));
        CHECK(Later(later.text, after).drifts.empty());
    }
}

TEST_CASE("moved: what the console does not say of a pooler is left as it is") {
    const FromFiles first = import_texts({{"pgbouncer:small.ini", std::string(ini)}}, orders());
    REQUIRE(first.result);
    CHECK(first.value("pooler", "small", "mode") == "transaction");
    const Texts asked{{"pgbouncer:show.csv", std::string(shown)}};
    const Later later(first.text(), asked, {{"orders-host=orders"}, {}, {}, {}, nullptr, {}, false});
    // The same process, whatever its file is called.
    CHECK(later.files.result->poolers == 1);
    CHECK(later.files.says("taken as the pooler small of the inventory"));
    CHECK(count_of(later.text, "[[pooler]]") == 1);
    CHECK_FALSE(later.has(Drift::Kind::value, "small", "mode"));
    CHECK(later.text.find("mode = \"transaction\"") != std::string::npos);
    CHECK_FALSE(later.files.says("pool_mode: a database without one"));
    // By itself it says what is missing.
    const FromFiles alone = import_texts(asked, orders());
    REQUIRE(alone.result);
    CHECK(alone.value("pooler", "pgbouncer", "mode") == "-");
    CHECK(alone.says("pool_mode: a database without one has that of the process, which SHOW CONFIG says"));
    CHECK(alone.says("--set pooler.pgbouncer.mode=transaction"));
    const FromFiles with =
        import_texts({{"pgbouncer:show.csv", std::string(shown)},
                      {"pgbouncer:config.csv", "key,value,default,changeable\npool_mode,transaction,session,yes\n"}},
                     orders());
    REQUIRE(with.result);
    CHECK(with.value("pooler", "pgbouncer", "mode") == "transaction");
}

TEST_CASE("moved: services that a file with another name no longer has are told") {
    const FromFiles first =
        import_texts({{"kubernetes:shop.yaml", deployment("web") + deployment("api") + deployment("roll")}}, orders());
    REQUIRE(first.result);
    const imports::ImportOptions mapped{{"orders-host=orders"}, {}, {}, {}, nullptr, {}, false};
    const Later later(first.text(),
                      {{"kubernetes:shop3.yaml", deployment("web") + deployment("api2") + deployment("roll")}}, mapped);
    CHECK(later.has(Drift::Kind::gone, "api", ""));
    CHECK(later.has(Drift::Kind::undeclared, "api2", ""));
    // One of three is no other version of the whole.
    const Later part(first.text(), {{"kubernetes:web.yaml", deployment("web")}}, mapped);
    CHECK(part.drifts.empty());
}

TEST_CASE("moved: a size that the file no longer says is told, and stays where nothing else gives one") {
    const auto manifest = [](std::string_view url) {
        std::string text = deployment("api");
        const std::string_view whole = "x?pool_max_conns=5";
        return text.replace(text.find(whole), whole.size(), url);
    };
    const FromFiles first = import_texts({{"kubernetes:shop.yaml", manifest("x?connection_limit=8")}}, orders());
    REQUIRE(first.result);
    CHECK(first.pool("api", "main", "max") == "8");
    const Later later(first.text(), {{"kubernetes:shop.yaml", manifest("x")}},
                      {{"orders-host=orders"}, {}, {}, {}, nullptr, {}, true});
    CHECK(later.has(Drift::Kind::value, "api.main", "max"));
    CHECK_FALSE(later.has(Drift::Kind::gone, "api", ""));
    CHECK(later.text.find("max = 8") != std::string::npos);
    // A size that cannot be read is none of the driver's.
    imports::ImportOptions options = orders();
    const FromFiles hosted =
        import_texts({{"kubernetes:shop.yaml", manifest("x?connection_limit=x")}}, std::move(options));
    CHECK(hosted.says("not taken  api.main: connection_limit is not a number of connections"));
    CHECK(hosted.says("--set service.api.pool.main.max=N"));
}
