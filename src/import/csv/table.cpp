// The kind `csv` of `import`: a plain table of databases or services, whose header has the inventory's own keys. A
// sheet with headings of its own is for `import csv` (mapping.hpp), which knows databases alone.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../facts/url.hpp"
#include "../readers.hpp"
#include "../tree/sealed.hpp"
#include "cells.hpp"

namespace poolfit::imports {
namespace {

constexpr std::array<std::string_view, 12> database_keys{
    "name",     "provider",   "engine",          "version",      "class",        "region",
    "multi_az", "replica_of", "max_connections", "storage.type", "storage.size", "host"};
constexpr std::array<std::string_view, 12> service_keys{"name",          "service",   "instances", "instances.min",
                                                        "instances.max", "processes", "deploy",    "max_surge",
                                                        "pool",          "database",  "driver",    "max"};

std::string fix_of(std::string_view key) {
    if (key == "multi_az") return "true or false";
    if (key == "deploy") return "rolling, recreate, blue-green or cut-over";
    if (key == "max_surge") return "a share such as 25%, or a whole number";
    if (key == "instances") return "a number, or a range such as 2-10";
    if (key == "storage.size") return "whole GiB: 200 GiB";
    return "a whole number";
}

class Table {
public:
    Table(const InFile& file, Estate& estate, Diagnostics& diagnostics)
        : file_(file), estate_(estate), diagnostics_(diagnostics) {}

    void read() {
        // Its messages would show the text: they are said at the same place of the masked one.
        Sources unmasked;
        Diagnostics said;
        const SourceText& text = unmasked.add(file_.name(), std::string(file_.text()));
        const auto sheet = read_sheet(text, said);
        for (const Diagnostic& each : said.all())
            if (each.severity == Severity::error)
                diagnostics_.error(file_.place(each.place ? each.place.span.begin : 0), each.message,
                                   each.fix.empty() ? "save the sheet as CSV (UTF-8)" : each.fix);
        if (!sheet || said.has_errors()) return;
        sheet_ = &*sheet;
        if (!header()) return;
        for (row_ = 0; row_ < sheet_->rows(); ++row_) {
            if (services_)
                service();
            else
                database();
        }
    }

private:
    bool header() {
        for (std::size_t i = 0; i < sheet_->width(); ++i) columns_.emplace(lower(sheet_->text(sheet_->header[i])), i);
        services_ = !columns_.contains("class") && !columns_.contains("engine") &&
                    std::ranges::any_of(std::array{"service", "instances", "instances.max", "max", "database"},
                                        [&](std::string_view key) { return columns_.contains(std::string(key)); });
        const auto known = [&](std::string_view key) {
            return services_ ? std::ranges::find(service_keys, key) != service_keys.end()
                             : std::ranges::find(database_keys, key) != database_keys.end();
        };
        name_ = services_ && columns_.contains("service") ? "service" : "name";
        const bool named = columns_.contains(name_);
        const auto of_use = std::ranges::count_if(columns_, [&](const auto& each) { return known(each.first); });
        if (!named || of_use < 2) {
            diagnostics_.error(
                place_of(sheet_->header.front()),
                named ? "no column has a key of a database or a service beside the name" : "no column name",
                fmt::format("keys of a database: {}; of a service: {}", fmt::join(database_keys, ", "),
                            fmt::join(service_keys, ", ")));
            return false;
        }
        for (const auto& [key, index] : columns_)
            if (!known(key)) {
                const std::string shown = Sealed(key).name();
                estate_.not_taken(
                    file_.name(),
                    fmt::format("column {}: no key of a {}", shown.empty() ? fmt::format("{}", index + 1) : shown,
                                services_ ? "service" : "database"),
                    place_of(sheet_->header[index]));
            }
        return true;
    }

    Place place_of(const Cell& cell) const {
        return file_.place(cell.begin, std::max<std::size_t>(cell.end - cell.begin, 1));
    }
    const Cell* cell(std::string_view key) const {
        const auto found = columns_.find(std::string(key));
        if (found == columns_.end()) return nullptr;
        const Cell& cell = sheet_->at(row_, found->second);
        return sheet_->text(cell).empty() ? nullptr : &cell;
    }
    Sealed sealed(std::string_view key) const {
        const Cell* found = cell(key);
        return Sealed(found == nullptr ? std::string() : sheet_->text(*found));
    }
    template <class T>
    Fact<T> fact(T value, std::string_view key) const {
        return {std::move(value), {place_of(*cell(key)), std::string(key), Truth::declared}};
    }
    void wrong(std::string_view key, std::string_view what) {
        diagnostics_.error(place_of(*cell(key)), fmt::format("{}: {}", key, what), fix_of(key));
    }
    MaybeFact<std::string> word(std::string_view key) {
        if (cell(key) == nullptr) return std::nullopt;
        std::string name = sealed(key).name();
        if (!name.empty()) return fact(std::move(name), key);
        diagnostics_.error(place_of(*cell(key)), fmt::format("{}: not a name", key),
                           "letters, digits, '.', '_' and '-'");
        return std::nullopt;
    }
    MaybeFact<std::int64_t> count(std::string_view key) {
        if (cell(key) == nullptr) return std::nullopt;
        if (const auto number = sealed(key).number(); number && *number > 0 && *number <= 1'000'000)
            return fact(*number, key);
        wrong(key, "not a whole number from 1 to 1000000");
        return std::nullopt;
    }
    std::string name() {
        if (cell(name_) == nullptr) {
            diagnostics_.error(place_of(sheet_->at(row_, columns_.at(name_))), fmt::format("{}: empty", name_),
                               "each row needs a name");
            return {};
        }
        const std::string given = load::as_name(sealed(name_).name());
        if (given.empty()) word(name_);
        return given;
    }

    void database() {
        Server server;
        server.name = name();
        if (server.name.empty()) return;
        server.from = {place_of(*cell(name_)), "name", Truth::declared};
        const auto provider = word("provider");
        server.provider = provider ? provider->value : "aws";
        server.engine = word("engine");
        if (server.engine && server.engine->value == "postgres") server.engine->value = "postgresql";
        server.version = word("version");
        server.cls = word("class");
        server.region = word("region");
        if (auto primary = word("replica_of")) {
            primary->value = "name:" + lower(primary->value);
            server.primary = std::move(primary);
        }
        server.ids.push_back("name:" + lower(server.name));
        if (server.provider == "aws" && server.region)
            server.ids.push_back(fmt::format("rds:{}/{}", server.region->value, lower(server.name)));
        if (const auto host = word("host")) server.ids.push_back(host_id(host->value));
        if (cell("multi_az") != nullptr) {
            if (const auto yes = sealed("multi_az").boolean())
                server.multi_az = fact(*yes, "multi_az");
            else
                wrong("multi_az", "neither true nor false");
        }
        server.max_connections = count("max_connections");
        server.volume.type = word("storage.type");
        if (cell("storage.size") != nullptr) {
            std::string text(sealed("storage.size").opened());
            if (text.ends_with("GiB")) text.resize(text.size() - 3);
            if (const auto gib = Sealed(std::move(text)).number(); gib && *gib > 0)
                server.volume.size_gib = fact(*gib, "storage.size");
            else
                wrong("storage.size", "not a size in GiB");
        }
        estate_.servers.push_back(std::move(server));
    }

    void service() {
        const std::string own = name();
        if (own.empty()) return;
        // A row for each further pool.
        const auto before = std::ranges::find_if(estate_.services, [&](const ServiceFact& each) {
            return each.name == own && each.from.place.source == file_.place(0).source;
        });
        if (before != estate_.services.end()) return pool(*before);
        ServiceFact made;
        made.name = own;
        made.from = {place_of(*cell(name_)), name_, Truth::declared};
        instances(made);
        made.processes = count("processes");
        if (cell("deploy") != nullptr) {
            for (const std::string_view word : {"rolling", "recreate", "blue-green", "cut-over"})
                if (sealed("deploy").is(word)) made.deploy = fact(std::string(word), "deploy");
            if (!made.deploy) wrong("deploy", "not a way to deploy");
        }
        if (cell("max_surge") != nullptr) {
            if (const auto share = sealed("max_surge").percent(); share && *share <= 100)
                made.surge_share = fact(fmt::format("{}%", *share), "max_surge");
            else if (const auto number = sealed("max_surge").number(); number && *number <= 1'000'000)
                made.surge_number = fact(*number, "max_surge");
            else
                wrong("max_surge", "neither a share nor a number");
        }
        pool(made);
        estate_.services.push_back(std::move(made));
    }

    void instances(ServiceFact& made) {
        made.min_instances = count("instances.min");
        made.max_instances = count("instances.max");
        if (cell("instances") == nullptr) return;
        const std::string text(sealed("instances").opened());
        const std::size_t dash = text.find('-');
        const auto least = Sealed(text.substr(0, dash)).number();
        const auto most = dash == text.npos ? least : Sealed(text.substr(dash + 1)).number();
        if (!least || !most || *least < 1 || *most < *least || *most > 1'000'000)
            return wrong("instances", "neither a number nor a range");
        made.min_instances = fact(*least, "instances");
        made.max_instances = fact(*most, "instances");
    }

    void pool(ServiceFact& service) {
        const auto database = word("database");
        if (!database) return;
        PoolFact& made = service.pools.emplace_back();
        if (const auto given = word("pool"))
            made.name = load::as_name(given->value);
        else if (service.pools.size() > 1)
            made.name = fmt::format("pool-{}", service.pools.size());
        made.address.id = "name:" + load::as_name(database->value);
        made.address.from = database->from;
        made.max = count("max");
        if (const auto driver = word("driver")) made.driver = driver->value;
    }

    const InFile& file_;
    Estate& estate_;
    Diagnostics& diagnostics_;
    const Sheet* sheet_ = nullptr;
    std::map<std::string, std::size_t> columns_;
    bool services_ = false;
    std::string name_;
    std::size_t row_ = 0;
};

}  // namespace

namespace {

struct Header {
    std::size_t columns = 0, known = 0;
    bool named = false, of_services = false;
};

Header read_header(std::string_view text) {
    Header out;
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() > 2'000) return out;
    const char separator = line.find(';') != line.npos ? ';' : line.find('\t') != line.npos ? '\t' : ',';
    bool of_databases = false;
    for (std::string_view rest = line; !rest.empty(); ++out.columns) {
        const std::size_t end = std::min(rest.find(separator), rest.size());
        const std::string key = lower(trimmed_blanks(rest.substr(0, end)));
        const bool of_database = std::ranges::find(database_keys, key) != database_keys.end();
        const bool of_service = std::ranges::find(service_keys, key) != service_keys.end();
        out.known += of_database || of_service ? 1 : 0;
        out.named = out.named || key == "name" || key == "service";
        out.of_services = out.of_services || (of_service && !of_database);
        of_databases = of_databases || (of_database && !of_service);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    out.of_services = out.of_services && !of_databases;
    return out;
}

}  // namespace

/// More than half of the columns of a header with a name are keys of the inventory.
bool recognise_table(std::string_view text) {
    const Header header = read_header(text);
    return header.named && header.columns > 1 && header.known * 2 > header.columns;
}

bool is_table_of_services(std::string_view text) { return recognise_table(text) && read_header(text).of_services; }

void read_table(std::span<const InFile> files, Mapped&, Estate& estate, Diagnostics& diagnostics) {
    for (const InFile& file : files)
        if (!refuse_wrong_file(file, "csv", diagnostics)) Table(file, estate, diagnostics).read();
}

}  // namespace poolfit::imports
