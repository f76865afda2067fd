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
};
struct Deployed {
    std::string name;
    int replicas, workers, size, surge;
    bool recreate;
    std::size_t server;
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
    for (std::size_t i = 0; i < servers; ++i)
        estate.servers.push_back(
            {fmt::format("db{}", i), classes[random.next(4)], random.coin() ? "16.4" : "15.7", random.coin()});
    for (std::size_t i = 0; i < services; ++i) estate.services.push_back(any_service(random, i, servers));
    return estate;
}

std::string instances_of(const Files& estate) {
    std::string out = "{\"DBInstances\": [";
    for (const Instance& server : estate.servers)
        out += fmt::format(
            "{}\n{{\"DBInstanceIdentifier\": \"{}\",\n\"DBInstanceClass\": \"{}\",\n\"Engine\": \"postgres\",\n"
            "\"EngineVersion\": \"{}\",\n\"DBInstanceStatus\": \"available\",\n\"MultiAZ\": {},\n"
            "\"Endpoint\": {{\"Address\": \"{}.c9x.eu-west-1.rds.amazonaws.com\"}},\n"
            "\"DBInstanceArn\": \"arn:aws:rds:eu-west-1:1:db:{}\"}}",
            &server == &estate.servers.front() ? "" : ",", server.name, server.cls, server.version, server.multi_az,
            server.name, server.name);
    return out + "]}\n";
}
std::string manifests_of(const Files& estate) {
    std::string out;
    for (const Deployed& service : estate.services)
        out += fmt::format(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {}}}\nspec:\n  replicas: {}\n  strategy: "
            "{}\n"
            "  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n"
            "        command: [gunicorn, -w, \"{}\", app]\n        env:\n"
            "        - {{name: DATABASE_URL, value: "
            "\"postgresql://u:PLANTED@{}.c9x.eu-west-1.rds.amazonaws.com/x\"}}\n"
            "        - {{name: DB_POOL, value: \"{}\"}}\n",
            service.name, service.replicas,
            service.recreate ? std::string("{type: Recreate}")
                             : fmt::format("{{rollingUpdate: {{maxSurge: {}}}}}", service.surge),
            service.workers, estate.servers[service.server].name, service.size);
    return out;
}

/// A run of either command on an inventory's text; "" makes one.
struct Run {
    Sources sources;
    imports::Inventory inventory;
    std::optional<imports::ImportedInventory> imported;
    std::string said;

    Run(const Catalog& catalog, const std::string& text, const Files& estate) {
        Diagnostics diagnostics;
        if (!text.empty()) {
            auto document = load::parse(sources.add("poolfit.toml", text), diagnostics);
            REQUIRE(document);
            inventory.push_back(std::move(*document));
        }
        imports::ImportOptions options;
        if (!text.empty()) options.inventory = &inventory;
        std::vector<imports::FilesOfKind> files{
            {imports::find_importer("rds"), {{"rds.json", instances_of(estate)}}},
            {imports::find_importer("kubernetes"), {{"k8s.yaml", manifests_of(estate)}}}};
        imported = imports::import_files(std::move(files), options, catalog, sources, diagnostics);
        for (const Diagnostic& each : diagnostics.all()) said += diag::print(each, {});
        INFO(said);
        REQUIRE(imported);
    }
    std::vector<Drift> drifts() const { return imports::compare(inventory, *imported); }
    std::string into(bool overwrite) const {
        if (inventory.empty()) return load::print(imported->document);
        return load::print(imports::merge(inventory, *imported, overwrite).document);
    }
};

/// Something of what is deployed changes.
void change(Random& random, Files& estate) {
    Deployed& service = estate.services[random.next(estate.services.size())];
    Instance& server = estate.servers[random.next(estate.servers.size())];
    switch (random.next(7)) {
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
