#include "known.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include <fmt/format.h>

#include <poolfit/model/fleet.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

#include "binding.hpp"
#include "differ.hpp"
#include "records.hpp"

namespace poolfit::imports {
namespace {

std::string without_blanks(std::string text) {
    std::erase_if(text, [](char c) { return c == ' '; });
    return text;
}

}  // namespace

Known::Known(const Inventory& inventory) {
    const auto keep = [&](const std::string& record, const load::Table& table) {
        Keys& keys = records_[record];
        for (const load::Member& member : table.members)
            if (records(table, member.key) == nullptr) keys.emplace(member.key, value_text(member.value));
    };
    for (const load::Document& document : inventory)
        for (const std::string_view kind : kinds) {
            const load::Array* list = records(document.root, kind);
            if (list == nullptr) continue;
            for (const load::Value& item : list->items) {
                const auto* table = item.as<load::Table>();
                if (table == nullptr) continue;
                const std::string record = std::string(kind) + '.' + identity_of(*table);
                keep(record, *table);
                const load::Array* inner = inner_key(kind).empty() ? nullptr : records(*table, inner_key(kind));
                if (inner == nullptr) continue;
                for (const load::Value& each : inner->items)
                    if (const auto* part = each.as<load::Table>())
                        keep(record + '.' + std::string(inner_key(kind)) + '.' + identity_of(*part), *part);
            }
        }
}

const std::string* Known::find(std::string_view record, std::string_view key) const {
    const auto at = records_.find(record);
    if (at == records_.end()) return nullptr;
    const auto value = at->second.find(key);
    return value == at->second.end() ? nullptr : &value->second;
}

std::string default_of(std::string_view kind, std::string_view key) {
    static const Pooler pooler;
    static const Service service;
    const auto number = [](std::int64_t value) { return fmt::format("{}", value); };
    const std::tuple<std::string_view, std::string_view, std::string> all[] = {
        {"database", "multi_az", "false"},
        {"pooler", "kind", "pgbouncer"},
        {"pooler", "instances", number(pooler.instances->low)},
        {"pooler", "mode", "session"},
        {"pooler", "default_pool_size", number(*pooler.default_pool_size)},
        {"pooler", "min_pool_size", number(*pooler.min_pool_size)},
        {"pooler", "reserve_pool_size", number(*pooler.reserve_pool_size)},
        {"pooler", "max_client_conn", number(*pooler.max_client_conn)},
        {"pooler", "max_db_connections", "0"},
        {"pooler", "max_connections_percent", "100%"},
        {"pooler", "borrow_timeout", unit::print(*pooler.borrow_timeout)},
        {"service", "kind", "server"},
        {"service", "instances", number(service.instances->low)},
        {"service", "processes", number(*service.processes)},
        {"service", "max_surge", unit::print(std::get<Fraction>(*service.max_surge))},
        {"pool", "max", std::string(drivers_default)},
    };
    for (const auto& [of, name, value] : all)
        if (of == kind && name == key) return value;
    return {};
}

std::string assumed_of(const Inventory& inventory, std::string_view kind, const std::string& key,
                       const load::Table& record) {
    if (kind == "service" && key == "deploy") {
        const load::Value* of = load::find(record, "kind");
        const std::string word = of == nullptr ? std::string() : value_text(*of);
        return word == "job" || word == "ci" ? "recreate" : "rolling";
    }
    if (std::string value = default_of(kind, key); !value.empty()) return value;
    if (kind != "database") return {};
    // A replica has its primary's; the region is that of the inventory.
    if (key == "class" || key == "version" || key == "region" || key == "engine")
        if (const load::Value* of = load::find(record, "replica_of"))
            for (const load::Document& document : inventory)
                if (const load::Array* list = records(document.root, "database"))
                    for (const load::Value& item : list->items)
                        if (const auto* primary = item.as<load::Table>();
                            primary != nullptr && name_of(*primary) == value_text(*of))
                            if (const load::Value* same = load::find(*primary, key)) return value_text(*same);
    if (key == "region")
        if (const load::Value* top = top_value(inventory, key)) return value_text(*top);
    return {};
}

bool is_plain(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789.-%") == text.npos; }

bool may_be_left_out(std::string_view key, const load::Table& record) {
    constexpr std::string_view all[] = {
        "replica_of", "storage.max_size", "storage.throughput", "storage.iops",      "pairs",
        "pool_size",  "pool_mode",        "min_pool_size",      "reserve_pool_size", "max_db_connections"};
    if (key == "max_connections") return load::find(record, "class") != nullptr;
    return std::ranges::find(all, key) != std::end(all);
}

bool is_on_primarys_volume(const load::Table& record, const load::Table& top) {
    const load::Value* const engine = load::find(record, "engine");
    const load::Value* provider = load::find(record, "provider");
    if (provider == nullptr) provider = load::find(top, "provider");
    if (load::find(record, "replica_of") == nullptr || engine == nullptr || provider == nullptr) return false;
    const Platform* const platform = platform::find(value_text(*provider), value_text(*engine));
    return platform != nullptr && platform->volumes != nullptr && platform->volumes->shared;
}

bool agree(std::string_view key, const std::string& declared, const std::string& deployed) {
    if (without_blanks(declared) == without_blanks(deployed)) return true;
    if (key == "version") return deployed.starts_with(declared + '.');
    // A formula of the user's is not compared.
    if (key == "max") return !is_plain(declared);
    return false;
}

ImportedInventory by_our_names(const Inventory& inventory, ImportedInventory imported) {
    std::map<std::string, std::string> names;
    for (const load::Document& document : inventory)
        for (const std::string_view kind : {"database", "pooler"})
            if (const load::Array* list = records(document.root, kind))
                for (const load::Value& item : list->items)
                    if (const auto* table = item.as<load::Table>(); identity_of(*table) != name_of(*table))
                        names.emplace(identity_of(*table), name_of(*table));
    if (names.empty()) return imported;
    each_value(imported.document, [&](const std::string& path, load::Value& value, bool) {
        const std::string_view key = std::string_view(path).substr(path.rfind('.') + 1);
        const auto* text = value.as<std::string>();
        if (text == nullptr || (key != "database" && key != "replica_of")) return;
        const std::size_t slash = std::min(text->find('/'), text->size());
        const auto at = names.find(text->substr(0, slash));
        if (at == names.end()) return;
        const std::string ours = at->second + text->substr(slash);
        std::string behind;
        if (const auto bound = binding_of(value))
            behind = fmt::format("from {}: {} = {}", bound->file, bound->how, ours);
        value.data = ours;
        load::comment(value, {}, behind);
    });
    return imported;
}

const load::Value* top_value(const Inventory& inventory, std::string_view key) {
    for (const load::Document& document : inventory)
        if (const load::Value* value = load::find(document.root, key)) return value;
    return nullptr;
}

}  // namespace poolfit::imports
