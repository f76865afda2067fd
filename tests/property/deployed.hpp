// What is deployed, as answers of RDS and manifests, and runs of an import of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "../support/random.hpp"

namespace poolfit::test::deployed {

struct Instance {
    std::string name, cls, version;
    bool multi_az;
    bool replica = false;  ///< of the first
    int gib = 0;           ///< of its volume; 0: the answer has none
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

inline constexpr const char* classes[] = {"db.m5.large", "db.m5.xlarge", "db.r5.large", "db.t3.large"};

inline Deployed any_service(Random& random, std::size_t number, std::size_t servers) {
    return {fmt::format("svc{}", number), random.number(1, 12), random.number(1, 6), random.number(1, 30),
            random.number(1, 3),          random.coin(),        random.next(servers)};
}
inline int any_size(Random& random) {
    constexpr int sizes[] = {100, 200, 400, 600};
    return sizes[random.next(4)];
}
inline Files any_estate(Random& random) {
    Files estate;
    const std::size_t servers = 1 + random.next(3), services = 1 + random.next(5);
    for (std::size_t i = 0; i < servers; ++i) {
        const bool replica = i > 0 && random.coin();
        estate.servers.push_back({fmt::format("db{}", i), classes[random.next(4)],
                                  replica         ? estate.servers[0].version
                                  : random.coin() ? "16.4"
                                                  : "15.7",
                                  random.coin(), replica, any_size(random)});
    }
    for (std::size_t i = 0; i < services; ++i) estate.services.push_back(any_service(random, i, servers));
    return estate;
}

/// More than what a volume gives by itself, where it may have more.
inline std::string volume_of(const Instance& server) {
    if (server.gib == 0) return {};
    return fmt::format("\"StorageType\": \"gp3\",\n\"AllocatedStorage\": {},\n{}", server.gib,
                       server.gib >= 400 ? fmt::format("\"Iops\": {},\n", 12000 + server.gib) : std::string());
}
inline std::string instances_of(const Files& estate) {
    std::string out = "{\"DBInstances\": [";
    for (const Instance& server : estate.servers)
        out += fmt::format(
            "{}\n{{\"DBInstanceIdentifier\": \"{}\",\n\"DBInstanceClass\": \"{}\",\n\"Engine\": \"postgres\",\n"
            "\"EngineVersion\": \"{}\",\n\"DBInstanceStatus\": \"available\",\n\"MultiAZ\": {},\n{}"
            "{}\"Endpoint\": {{\"Address\": \"{}.c9x.eu-west-1.rds.amazonaws.com\"}},\n"
            "\"DBInstanceArn\": \"arn:aws:rds:eu-west-1:1:db:{}\"}}",
            &server == &estate.servers.front() ? "" : ",", server.name, server.cls, server.version, server.multi_az,
            server.replica ? "\"ReadReplicaSourceDBInstanceIdentifier\": \"db0\",\n" : "", volume_of(server),
            server.name, server.name);
    return out + "]}\n";
}
inline std::string manifest_of(const Files& estate, const Deployed& service) {
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
inline std::string manifests_of(const Files& estate, std::size_t first = 0) {
    std::string out;
    for (std::size_t i = 0; i < estate.services.size(); ++i)
        out += manifest_of(estate, estate.services[(first + i) % estate.services.size()]);
    return out;
}

using Texts = std::vector<std::string>;

/// A run of either command on an inventory's files, the first of which includes the others; none makes one.
struct Run {
    Sources sources;
    imports::Inventory inventory;
    std::optional<imports::ImportedInventory> imported;
    std::string said;

    Run(const Catalog& catalog, const Texts& texts, const Files& estate, std::size_t first = 0, int times = 1) {
        Diagnostics diagnostics;
        for (const std::string& text : texts) {
            auto document = load::parse(sources.add(name_of(inventory.size(), text), text), diagnostics);
            REQUIRE(document);
            imports::bindings_from_key(*document);
            inventory.push_back(std::move(*document));
        }
        imports::ImportOptions options;
        if (!texts.empty()) options.inventory = &inventory;
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
    Run(const Catalog& catalog, const std::string& text, const Files& estate, std::size_t first = 0, int times = 1)
        : Run(catalog, text.empty() ? Texts() : Texts{text}, estate, first, times) {}

    static std::string name_of(std::size_t number, const std::string& text) {
        return fmt::format("{}.{}", number == 0 ? std::string("poolfit") : fmt::format("teams/{}", number),
                           text.starts_with("{") ? "json" : "toml");
    }
    std::vector<Drift> drifts() const { return imports::compare(inventory, *imported); }
    Texts all_into(bool overwrite) const {
        Texts texts;
        for (load::Document& document : imports::merge(inventory, *imported, overwrite).documents) {
            imports::bindings_to_key(document);
            texts.push_back(load::print(document));
        }
        return texts;
    }
    std::string into(bool overwrite, load::Syntax syntax = load::Syntax::toml) const {
        if (!inventory.empty()) return all_into(overwrite).front();
        load::Document document = imported->document;
        document.syntax = syntax;
        imports::bindings_to_key(document);
        return load::print(document);
    }
};

/// Something of what is deployed changes.
inline void change(Random& random, Files& estate) {
    Deployed& service = estate.services[random.next(estate.services.size())];
    Instance& server = estate.servers[random.next(estate.servers.size())];
    switch (random.next(12)) {
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
        case 10:
            server.gib = any_size(random);
            break;
        default:
            estate.services.push_back(any_service(random, estate.services.size(), estate.servers.size()));
    }
}

}  // namespace poolfit::test::deployed
