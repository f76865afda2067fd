// What is deployed, as manifests and answers of RDS, against an inventory that parts from it: what `check --against`
// reports is what `import --into` heals, and every byte outside the changed values survives.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

using namespace poolfit;

namespace {

struct Random {
    std::uint64_t state;
    std::uint64_t next(std::uint64_t end) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33) % end;
    }
    int number(int least, int most) {
        return least + static_cast<int>(next(static_cast<std::uint64_t>(most - least + 1)));
    }
    bool coin() { return next(2) == 0; }
};

struct Instance {
    std::string name, cls, version;
    bool multi_az;
    bool replica = false;  ///< of the first
};
struct Deployed {
    std::string name;
    int replicas, workers, size, surge;  ///< 0: the manifest does not say it
    bool recreate;
    std::size_t server;
    std::string space{};
};
struct Files {
    std::vector<Instance> servers;
    std::vector<Deployed> services;
};

constexpr const char* classes[] = {"db.m5.large", "db.m5.xlarge", "db.r5.large", "db.t3.large"};

Deployed any_service(Random& random, std::size_t number, std::size_t servers) {
    return {fmt::format("svc{}", number), random.number(1, 12), random.number(1, 6), random.number(1, 30),
            random.number(1, 3),          random.coin(),        random.next(servers)};
}
Files any_estate(Random& random) {
    Files estate;
    const std::size_t servers = 1 + random.next(3), services = 1 + random.next(5);
    for (std::size_t i = 0; i < servers; ++i) {
        const bool replica = i > 0 && random.coin();
        estate.servers.push_back({fmt::format("db{}", i), classes[random.next(4)],
                                  replica         ? estate.servers[0].version
                                  : random.coin() ? "16.4"
                                                  : "15.7",
                                  random.coin(), replica});
    }
    for (std::size_t i = 0; i < services; ++i) estate.services.push_back(any_service(random, i, servers));
    return estate;
}

std::string instances_of(const Files& estate) {
    std::string out = "{\"DBInstances\": [";
    for (const Instance& server : estate.servers)
        out += fmt::format(
            "{}\n{{\"DBInstanceIdentifier\": \"{}\",\n\"DBInstanceClass\": \"{}\",\n\"Engine\": \"postgres\",\n"
            "\"EngineVersion\": \"{}\",\n\"DBInstanceStatus\": \"available\",\n\"MultiAZ\": {},\n{}"
            "\"Endpoint\": {{\"Address\": \"{}.c9x.eu-west-1.rds.amazonaws.com\"}},\n"
            "\"DBInstanceArn\": \"arn:aws:rds:eu-west-1:1:db:{}\"}}",
            &server == &estate.servers.front() ? "" : ",", server.name, server.cls, server.version, server.multi_az,
            server.replica ? "\"ReadReplicaSourceDBInstanceIdentifier\": \"db0\",\n" : "", server.name, server.name);
    return out + "]}\n";
}
std::string manifest_of(const Files& estate, const Deployed& service) {
    const std::string strategy = service.recreate ? "  strategy: {type: Recreate}\n"
                                 : service.surge > 0
                                     ? fmt::format("  strategy: {{rollingUpdate: {{maxSurge: {}}}}}\n", service.surge)
                                     : std::string();
    return fmt::format(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {}{}}}\nspec:\n{}{}"
        "  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n"
        "        command: [{}app]\n        env:\n"
        "        - {{name: DATABASE_URL, value: "
        "\"postgresql://u:PLANTED@{}.c9x.eu-west-1.rds.amazonaws.com/x\"}}\n"
        "        - {{name: DB_POOL, value: \"{}\"}}\n",
        service.name, service.space.empty() ? std::string() : ", namespace: " + service.space,
        service.replicas > 0 ? fmt::format("  replicas: {}\n", service.replicas) : std::string(), strategy,
        service.workers > 0 ? fmt::format("gunicorn, -w, \"{}\", ", service.workers) : std::string(),
        estate.servers[service.server].name, service.size);
}
/// From the service `first` on, then those before it.
std::string manifests_of(const Files& estate, std::size_t first = 0) {
    std::string out;
    for (std::size_t i = 0; i < estate.services.size(); ++i)
        out += manifest_of(estate, estate.services[(first + i) % estate.services.size()]);
    return out;
}

/// A run of either command on an inventory's text; "" makes one.
struct Run {
    Sources sources;
    imports::Inventory inventory;
    std::optional<imports::ImportedInventory> imported;
    std::string said;

    Run(const Catalog& catalog, const std::string& text, const Files& estate, std::size_t first = 0, int times = 1) {
        Diagnostics diagnostics;
        if (!text.empty()) {
            auto document =
                load::parse(sources.add(text.starts_with("{") ? "poolfit.json" : "poolfit.toml", text), diagnostics);
            REQUIRE(document);
            imports::bindings_from_key(*document);
            inventory.push_back(std::move(*document));
        }
        imports::ImportOptions options;
        if (!text.empty()) options.inventory = &inventory;
        std::vector<imports::FilesOfKind> files{{imports::find_importer("rds"), {}},
                                                {imports::find_importer("kubernetes"), {}}};
        for (int i = 0; i < times; ++i) {
            files[0].files.push_back({"rds.json", instances_of(estate)});
            files[1].files.push_back({"k8s.yaml", manifests_of(estate, first)});
        }
        imported = imports::import_files(std::move(files), options, catalog, sources, diagnostics);
        for (const Diagnostic& each : diagnostics.all()) said += diag::print(each, {});
        INFO(said);
        REQUIRE(imported);
    }
    std::vector<Drift> drifts() const { return imports::compare(inventory, *imported); }
    std::string into(bool overwrite, load::Syntax syntax = load::Syntax::toml) const {
        load::Document document =
            inventory.empty() ? imported->document : imports::merge(inventory, *imported, overwrite).document;
        if (inventory.empty()) document.syntax = syntax;
        imports::bindings_to_key(document);
        return load::print(document);
    }
};

/// Something of what is deployed changes.
void change(Random& random, Files& estate) {
    Deployed& service = estate.services[random.next(estate.services.size())];
    Instance& server = estate.servers[random.next(estate.servers.size())];
    switch (random.next(11)) {
        case 0:
            service.replicas = random.number(1, 40);
            break;
        case 1:
            service.workers = random.number(1, 9);
            break;
        case 2:
            service.size = random.number(1, 60);
            break;
        case 3:
            server.cls = classes[random.next(4)];
            break;
        case 4:
            server.multi_az = !server.multi_az;
            break;
        case 5:
            service.surge = random.number(1, 5);
            break;
        // What a file says no longer.
        case 6:
            service.replicas = 0;
            break;
        case 7:
            service.workers = 0;
            break;
        case 8:
            service.surge = 0;
            break;
        case 9:
            server.replica = false;
            break;
        default:
            estate.services.push_back(any_service(random, estate.services.size(), estate.servers.size()));
    }
}

/// The lines of the text without values and what stands behind them: what no import may touch.
std::vector<std::string> kept_lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        if (line.find("# from ") == std::string::npos) lines.push_back(line);
        at = end + 1;
    }
    return lines;
}
/// Without the blanks by which comments stand below each other.
std::string squeezed(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' || !out.ends_with(' ')) out += c;
    return out;
}
bool is_inside(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
    std::size_t i = 0;
    for (const std::string& line : whole)
        if (i < part.size() && part[i] == line) ++i;
    return i == part.size();
}

}  // namespace

TEST_CASE("what check --against reports is what import --into heals") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        Files estate = any_estate(random);
        std::string text = Run(catalog, "", estate).into(false);
        CHECK(Run(catalog, text, estate).drifts().empty());
        CHECK(Run(catalog, text, estate).into(false) == text);
        // The user's own lines.
        text.insert(text.find("\n[["), "\n[policy]\nallow_arm = true  # ours\n");
        for (std::size_t round = 0; round < 3; ++round) {
            const Files before = estate;
            for (std::size_t i = 0; i <= random.next(4); ++i) change(random, estate);
            const Run run(catalog, text, estate);
            const std::vector<Drift> drifts = run.drifts();
            const std::string after = run.into(false);
            CAPTURE(text);
            CAPTURE(after);
            CHECK((after == text) == drifts.empty());
            CHECK(is_inside(kept_lines(text), kept_lines(after)));
            CHECK(after.find("PLANTED") == std::string::npos);
            CHECK(Run(catalog, after, estate).drifts().empty());
            CHECK(Run(catalog, after, estate).into(false) == after);
            Sources sources;
            Diagnostics diagnostics;
            CHECK(load::inventory(sources.add("poolfit.toml", after), {}, catalog, sources, diagnostics));
            text = after;
        }
    }
}

TEST_CASE("a value that a file no longer says is reported, or its default is what was there") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        Random random{seed * 31};
        Files estate = any_estate(random);
        const std::string text = Run(catalog, "", estate).into(false);
        Deployed& service = estate.services[random.next(estate.services.size())];
        const bool processes = random.coin();
        const int before = processes ? service.workers : service.replicas;
        (processes ? service.workers : service.replicas) = 0;
        const std::vector<Drift> drifts = Run(catalog, text, estate).drifts();
        REQUIRE(drifts.size() == (before == 1 ? 0 : 1));
        if (before == 1) continue;
        CHECK(drifts[0].target == service.name);
        CHECK(drifts[0].key == (processes ? "processes" : "instances"));
        CHECK(drifts[0].declared == fmt::format("{}", before));
        // A service that is gone is reported, and stays.
        estate.services.erase(estate.services.begin() + (&service - estate.services.data()));
        if (estate.services.empty()) continue;
        const Run gone(catalog, text, estate);
        REQUIRE(gone.drifts().size() == 1);
        CHECK(gone.drifts()[0].kind == Drift::Kind::gone);
        CHECK(gone.into(true) == text);
    }
}

TEST_CASE("documents in any order and files given twice say the same, also of two namespaces") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        Random random{seed * 101};
        Files estate = any_estate(random);
        const bool spaces = random.coin();
        for (std::size_t i = 0; spaces && i < estate.services.size(); ++i) {
            estate.services[i].name = fmt::format("svc{}", i / 2);
            estate.services[i].space = i % 2 == 0 ? "b" : "a";
        }
        // First one namespace alone; the other joins, in front or behind.
        Files one = estate;
        std::erase_if(one.services, [](const Deployed& each) { return each.space == "a"; });
        std::string text = Run(catalog, "", one).into(false);
        const std::size_t joined = random.next(estate.services.size());
        CAPTURE(text);
        const Run joining(catalog, text, estate, joined);
        CHECK(joining.drifts().size() == estate.services.size() - one.services.size());
        for (const Drift& each : joining.drifts()) CHECK(each.kind == Drift::Kind::undeclared);
        text = joining.into(false);
        for (std::size_t first = 0; first < estate.services.size(); ++first) {
            const Run run(catalog, text, estate, first, 1 + static_cast<int>(first % 2));
            CHECK(run.drifts().empty());
            CHECK(run.into(true) == text);
        }
        // A new inventory has each once, whatever the order.
        const std::string fresh = Run(catalog, "", estate).into(false);
        CHECK(Run(catalog, fresh, estate, joined, 2).drifts().empty());
        CHECK(Run(catalog, "", estate, 0, 2).imported->services == estate.services.size());
    }
}

TEST_CASE("a record that the user renamed is the same, in TOML and in JSON") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        Random random{seed * 577};
        Files estate = any_estate(random);
        const bool json = random.coin();
        std::string text = Run(catalog, "", estate).into(false, json ? load::Syntax::json : load::Syntax::toml);
        const std::string name = estate.services[random.next(estate.services.size())].name;
        const std::size_t at = text.find(fmt::format("\"{}\"", name));
        REQUIRE(at != std::string::npos);
        text.replace(at, name.size() + 2, "\"mine\"");
        CAPTURE(text);
        const Run same(catalog, text, estate);
        CHECK(same.drifts().empty());
        if (!json) CHECK(same.into(false) == text);
        for (std::size_t i = 0; i <= random.next(4); ++i) change(random, estate);
        const std::string after = Run(catalog, text, estate).into(false);
        CAPTURE(after);
        CHECK(after.find(fmt::format("\"{}\"", name)) == std::string::npos);
        CHECK(after.find(fmt::format("service.{}.", name)) == std::string::npos);
        CHECK(Run(catalog, after, estate).drifts().empty());
        CHECK(Run(catalog, after, estate).into(false) == after);
    }
}

TEST_CASE("a declared value that was changed is reported, stays, and --overwrite heals it") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        Random random{seed * 7919};
        const Files estate = any_estate(random);
        const std::string text = Run(catalog, "", estate).into(false);
        const Deployed& service = estate.services[random.next(estate.services.size())];
        const std::size_t record = text.find(fmt::format("\"{}\"", service.name));
        const std::string key = random.coin() ? "instances" : "max ";
        std::size_t at = text.find('\n' + key, record);
        REQUIRE(at != std::string::npos);
        at = text.find("= ", at) + 2;
        const std::size_t end = text.find(' ', at);
        std::string mine = text;
        mine.replace(at, end - at, "77");
        const Run run(catalog, mine, estate);
        const std::vector<Drift> drifts = run.drifts();
        CAPTURE(mine);
        REQUIRE(drifts.size() == 1);
        CHECK(drifts[0].kind == Drift::Kind::value);
        CHECK(drifts[0].own);
        CHECK(drifts[0].declared == "77");
        CHECK(drifts[0].place.span.begin == at);
        CHECK(run.into(false) == mine);
        CHECK(squeezed(run.into(true)) == squeezed(text));
        CHECK(Run(catalog, run.into(true), estate).drifts().empty());
    }
}
