#include <poolfit/import/importers.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/load/names.hpp>
#include <poolfit/platform/platform.hpp>

#include "mapped.hpp"
#include "readers.hpp"
#include "refused.hpp"
#include "resolve/resolver.hpp"
#include "resolve/settings.hpp"

namespace poolfit::imports {
namespace {

constexpr std::array<Importer, 13> table{{
    {"rds",
     "answers of aws rds describe-db-instances, -clusters, -parameters, -proxies, -proxy-target-groups, -proxy-targets",
     "aws rds describe-db-instances --output json > rds.json", recognise_rds, read_rds},
    {"terraform", "what terraform show -json prints of a plan or a state, and state files",
     "terraform show -json > state.json", recognise_terraform, read_terraform},
    {"cloudsql", "answers of gcloud sql instances list and describe",
     "gcloud sql instances list --format=json > cloudsql.json", recognise_cloudsql, read_cloudsql},
    {"azure", "answers of az postgres flexible-server and az mysql flexible-server, list, show and parameter list",
     "az postgres flexible-server list -o json > azure.json", recognise_azure, read_azure},
    {"kubernetes", "manifests, rendered charts, or what kubectl prints, as YAML or JSON",
     "kubectl get deploy,sts,cronjob,hpa,svc,cm -A -o yaml > k8s.yaml", recognise_kubernetes, read_kubernetes},
    {"compose", "Compose files, with the env_files, .env and pgbouncer.ini that they name",
     "poolfit import compose docker-compose.yml .env", recognise_compose, read_compose},
    {"env", "a file of variables, as docker run --env-file reads it", "poolfit import env .env", recognise_env,
     read_env},
    {"pgbouncer", "pgbouncer.ini with what it includes, or answers of its console as CSV",
     "psql -p 6432 pgbouncer --csv -c 'SHOW DATABASES' > show_databases.csv", recognise_pgbouncer, read_pgbouncer},
    {"app", "Spring's application.yml or .properties, Rails' database.yml, Prisma's schema.prisma",
     "poolfit import app config/database.yml --service NAME", recognise_app, read_app},
    {"csv", "a table of services or databases whose header has the inventory's keys",
     "a header such as name,instances,database,max", recognise_table, read_table},
    {"cloudwatch", "answers of aws cloudwatch get-metric-data and get-metric-statistics, or its metrics as CSV",
     "aws cloudwatch get-metric-data --metric-data-queries file://queries.json --output json ... > cloudwatch.json",
     recognise_cloudwatch, nullptr, read_cloudwatch},
    {"pi", "answers of aws pi get-resource-metrics",
     "aws pi get-resource-metrics --service-type RDS --output json ... > pi.json", recognise_pi, nullptr, read_pi},
    {"prometheus", "saved answers of Prometheus, of /api/v1/query and /api/v1/query_range",
     "curl -s 'http://prometheus:9090/api/v1/query_range?query=...' > prometheus.json", recognise_prometheus, nullptr,
     read_prometheus},
}};

void read_maps(const std::vector<std::string>& given, Mapped& mapped, Diagnostics& diagnostics) {
    for (const std::string& text : given) {
        const std::size_t equals = text.rfind('=');
        if (equals == text.npos || equals == 0 || equals + 1 == text.size()) {
            diagnostics.error({}, fmt::format("--map {}: not THEIRS=OURS", text),
                              "write --map HOST=DATABASE or --map secret:NAME=DATABASE");
            continue;
        }
        if (text.starts_with("cpu:") && !read_busy(std::string_view(text).substr(equals + 1))) {
            diagnostics.error(
                {}, fmt::format("--map {}: not %, share or a number of 1 or more", text),
                fmt::format("write --map {}=N: N is what the files have with all vCPUs busy", text.substr(0, equals)));
            continue;
        }
        mapped.pairs.push_back({text.substr(0, equals), text.substr(equals + 1), text, false});
    }
}

/// Errors of lines that --set gave are errors of the flag. Is there any?
bool blame_settings(const Diagnostics& found, const Settings& settings, Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.error_count();
    Blames blames;
    for (const Diagnostic& each : found.all()) {
        const Blamed blame = blames.find(each);
        if (blame.kind.empty()) continue;
        const std::string_view line = each.place.source->line(each.place.source->position(each.place.span.begin).line);
        if (!line.ends_with("# --set")) continue;
        std::string_view key = line.substr(0, line.find('='));
        while (key.ends_with(' ')) key.remove_suffix(1);
        const std::string* const text = settings.text_of(blame.record(), key);
        if (text == nullptr) continue;
        const std::string& help = each.fix.empty() ? each.label : each.fix;
        diagnostics.error({}, fmt::format("--set {}: {}", *text, each.message), help);
    }
    return diagnostics.error_count() != before;
}

class Import {
public:
    Import(const ImportOptions& options, const Catalog& catalog, Sources& sources, Diagnostics& diagnostics)
        : options_(options),
          catalog_(catalog),
          sources_(sources),
          diagnostics_(diagnostics),
          settings_(options.settings, options.inventory == nullptr ? Known() : Known(*options.inventory), diagnostics) {
        read_maps(options.maps, mapped_, diagnostics);
        mapped_.service = load::as_name(options.service);
    }

    bool read(std::vector<FilesOfKind> kinds) {
        give_to_app(kinds, mapped_.service);
        for (FilesOfKind& kind : kinds) {
            if (kind.importer->stream != nullptr) {
                stream(kind);
                continue;
            }
            std::vector<InFile> files;
            for (RawFile& file : kind.files) {
                names_.push_back(file.name);
                files.emplace_back(std::move(file.name), std::move(file.text), sources_);
            }
            kind.importer->read(files, mapped_, estate_, diagnostics_);
        }
        return !diagnostics_.has_errors();
    }

    std::optional<ImportedInventory> inventory() {
        merge_servers(estate_);
        add_hosts(estate_);
        add_mapped();
        add_observations(estate_);
        add_region();
        name_records(estate_, options_.inventory);
        leave_unknown_classes();
        if (estate_.servers.empty() && estate_.services.empty() && estate_.poolers.empty()) {
            nothing();
            return std::nullopt;
        }
        Refused refused;
        // What the inventory's own checks refuse is left out, and what then lacks it too.
        for (int round = 0;; ++round) {
            std::vector<Note> notes = estate_.notes;
            const Resolved resolved = resolve(estate_, options_, refused, mapped_, settings_, catalog_, notes);
            put_in_order(notes);
            load::Document document = write(resolved, notes, names_, options_, settings_);
            Diagnostics found;
            check(document, resolved, notes, options_.overwrite, found);
            if (!found.has_errors()) return finished(resolved, std::move(document), std::move(notes));
            if (blame_settings(found, settings_, diagnostics_)) return std::nullopt;
            const std::size_t before = refused.size();
            std::string_view fix;
            if (options_.inventory != nullptr && !options_.overwrite) {
                Diagnostics with;
                check(document, resolved, notes, true, with);
                if (!with.has_errors()) fix = "--overwrite: with your own values beside them they do not fit";
            }
            bool left = false;
            for (auto& [record, why] : blamed(found, document, fix)) {
                if (why.key == "max_connections" && leave_class(record, why))
                    left = true;
                else
                    refused.emplace(record, std::move(why));
            }
            if ((refused.size() == before && !left) || round > 50) {
                add_as_merged(options_.inventory == nullptr ? Inventory() : *options_.inventory, found, diagnostics_);
                return std::nullopt;
            }
        }
    }

private:
    /// The inventory as it would be, by the checks of inventories.
    void check(const load::Document& document, const Resolved& resolved, const std::vector<Note>& notes, bool overwrite,
               Diagnostics& found) {
        text_ = nullptr;
        if (options_.inventory == nullptr) {
            if (!resolved.servers.empty()) load::check(document, catalog_, sources_, found, &text_);
            return;
        }
        // What the inventory itself has wrong is not the import's.
        Diagnostics own;
        if (!is_valid(*options_.inventory, catalog_, sources_, own)) return;
        is_valid(merge(*options_.inventory, {document, notes, 0, 0, 0, 0, names_, {}}, overwrite).documents, catalog_,
                 sources_, found);
    }

    void stream(FilesOfKind& kind) {
        StreamInput input;
        input.series = !options_.series.empty();
        for (RawFile& file : kind.files) {
            names_.push_back(file.name);
            if (file.feed) {
                input.files.push_back(std::move(*file.feed));
                continue;
            }
            input.files.push_back(
                {file.name, [&text = file.text, at = std::size_t{0}](char* to, std::size_t room) mutable {
                     const std::size_t count = std::min(room, text.size() - at);
                     std::copy_n(text.data() + at, count, to);
                     at += count;
                     return count;
                 }});
        }
        kind.importer->stream(input, mapped_, estate_, sources_, diagnostics_);
    }

    /// The engine of what connects to a host, or to what "secret:NAME" holds; empty where nothing says it.
    std::string engine_at(const std::string& host) const {
        constexpr std::string_view secret = "secret:";
        const std::string holder = host.starts_with(secret) ? host.substr(secret.size()) : std::string();
        const auto at = [&](const Address& address) {
            const bool held = !holder.empty() && (address.secret == holder ||
                                                  std::ranges::find(address.also, holder) != address.also.end());
            return !address.engine.empty() && (held || std::ranges::find(address.hosts, host) != address.hosts.end());
        };
        for (const PoolerFact& pooler : estate_.poolers)
            for (const PoolerAlias& alias : pooler.aliases)
                if (at(alias.address)) return alias.address.engine;
        for (const ServiceFact& service : estate_.services)
            for (const PoolFact& pool : service.pools)
                if (at(pool.address)) return pool.address.engine;
        return {};
    }

    /// A database that only --map and --set describe; --map alone where no file has any.
    void add_mapped() {
        const bool none = estate_.servers.empty() && options_.inventory == nullptr;
        for (const Mapped::Pair& pair : mapped_.pairs) {
            const std::string record = "database." + pair.ours;
            const std::string engine = none ? engine_at(pair.theirs) : std::string();
            if ((engine.empty() && !settings_.mention(record)) || load::as_name(pair.ours) != pair.ours ||
                std::ranges::find(estate_.servers, pair.ours, &Server::name) != estate_.servers.end())
                continue;
            Server server;
            server.name = pair.ours;
            server.provider = settings_.has(record, "class") ? "aws" : "self-managed";
            server.from.how = "--map";
            if (!engine.empty()) server.engine = Fact<std::string>{engine, {{}, "--map", Truth::declared}};
            estate_.servers.push_back(std::move(server));
        }
    }

    /// Keeps a server whose class has no documented limit, but drops the class: its limit is unknown, as without a
    /// class.
    bool leave_class(const std::string& record, const Refusal& why) {
        for (Server& server : estate_.servers) {
            if ("database." + server.name != record || !server.cls || settings_.has(record, "class")) continue;
            leave(server, fmt::format("its class {}: {}", server.cls->value, why.why),
                  fmt::format("--set {}.{}={}", record, why.key, why.value));
            return true;
        }
        return false;
    }

    /// Is its class, if it has one, none of the catalog's?
    bool is_of_unknown_class(const Server& server) {
        const Platform* const platform = platform::find(server.provider, engine_of(server, settings_));
        const bool elastic = server.acu_min && server.acu_max;
        return server.cls && !elastic && platform != nullptr && platform->has_classes &&
               catalog_.find_class(*platform, server.cls->value) == nullptr;
    }
    /// Does it replicate one of a class that counts for it too, where it has none of its own?
    bool would_inherit(const Server& server) {
        if (!server.primary || settings_.has("database." + server.name, "class")) return false;
        for (const Server& other : estate_.servers)
            if (std::ranges::find(other.ids, server.primary->value) != other.ids.end())
                return !class_of(other, settings_).empty() && !is_of_unknown_class(other);
        return false;
    }
    /// A class that the catalog does not have is left out, and the database stays: its services connect to it.
    void leave_unknown_classes() {
        std::vector<Server*> unknown;
        for (Server& server : estate_.servers)
            if (settings_.text_of("database." + server.name, "class") == nullptr && is_of_unknown_class(server) &&
                objection(server, options_, settings_).first.empty())
                unknown.push_back(&server);
        std::vector<bool> inherits;
        for (const Server* server : unknown) inherits.push_back(would_inherit(*server));
        for (std::size_t i = 0; i < unknown.size(); ++i) {
            std::string why = fmt::format("its class {} is not in the catalog", unknown[i]->cls->value);
            std::string completes = fmt::format(
                "--set database.{}.class=CLASS, or --catalog FILE with a catalog that "
                "has it",
                unknown[i]->name);
            if (!inherits[i]) {
                leave(*unknown[i], std::move(why), std::move(completes));
                continue;
            }
            unknown[i]->refused = why + ", and without one a replica has its primary's";
            unknown[i]->completes = std::move(completes);
        }
    }
    void leave(Server& server, std::string why, std::string completes) {
        Note& note = estate_.notes.emplace_back();
        note.kind = Note::Kind::not_taken;
        note.subject = server.name;
        note.text = std::move(why);
        note.completes = std::move(completes);
        note.place = server.cls->from.place;
        note.left = {"class", server.cls->value, server.cls->from.how};
        server.cls.reset();
        server.class_left = true;
    }

    /// Of databases whose region no file says, that which --set region gives.
    void add_region() {
        if (settings_.region().empty()) return;
        for (Server& server : estate_.servers) {
            const Platform* const platform =
                platform::find(server.provider, server.engine ? server.engine->value : std::string("postgresql"));
            if (server.region || platform == nullptr || !platform::has_regions(*platform)) continue;
            server.region = Fact<std::string>{settings_.take_region(), {{}, "--set", Truth::declared}};
        }
    }

    void nothing() {
        put_in_order(estate_.notes);
        Diagnostic& error =
            diagnostics_.error({}, fmt::format("nothing to take from {}", fmt::join(names_, ", ")),
                               "name files that have a database, a pooler or a service with a database's address");
        for (const Note& note : estate_.notes) {
            if (error.notes.size() == 20) break;
            std::string text = note.text;
            if (note.place) text += fmt::format("  ({})", file_and_line(note.place));
            if (!note.completes.empty()) text += fmt::format(": {}", note.completes);
            error.notes.emplace_back(note.subject, std::move(text));
        }
    }

    std::optional<ImportedInventory> finished(const Resolved& resolved, load::Document document,
                                              std::vector<Note> notes) {
        settings_.report_unused(resolved.records, diagnostics_);
        for (const Mapped::Pair& pair : mapped_.pairs)
            if (!pair.used)
                diagnostics_.error({},
                                   fmt::format("--map {}: nothing in the files is called {}", pair.text, pair.theirs),
                                   "the notes of the import say what can be mapped");
        if (diagnostics_.has_errors()) return std::nullopt;
        ImportedInventory out{std::move(document),
                              std::move(notes),
                              resolved.servers.size(),
                              resolved.poolers.size(),
                              resolved.services.size(),
                              0,
                              names_,
                              {}};
        out.text = text_;
        for (const TakenService& service : resolved.services) out.pools += service.pools.size();
        for (const TakenServer& taken : resolved.servers)
            if (!taken.server->series.empty())
                out.series.push_back({series_path(options_, *taken.server), taken.server->series});
        return out;
    }

    const ImportOptions& options_;
    const Catalog& catalog_;
    Sources& sources_;
    Diagnostics& diagnostics_;
    Settings settings_;
    Mapped mapped_;
    Estate estate_;
    std::vector<std::string> names_;
    const SourceText* text_ = nullptr;  ///< of the last document that was checked alone
};

}  // namespace

std::span<const Importer> importers() { return table; }

const Importer* find_importer(std::string_view kind) {
    const auto found = std::ranges::find(table, kind, &Importer::kind);
    return found == table.end() ? nullptr : &*found;
}

std::optional<ImportedInventory> import_files(std::vector<FilesOfKind> files, const ImportOptions& options,
                                              const Catalog& catalog, Sources& sources, Diagnostics& diagnostics) {
    const auto import = std::make_shared<Import>(options, catalog, sources, diagnostics);
    if (!import->read(std::move(files)) || diagnostics.has_errors()) {
        diagnostics.sort();
        return std::nullopt;
    }
    auto inventory = import->inventory();
    if (inventory) inventory->origin = import;
    return inventory;
}

}  // namespace poolfit::imports
