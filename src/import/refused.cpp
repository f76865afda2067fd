#include "refused.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>

#include "into/records.hpp"

namespace poolfit::imports {

Blamed Blames::find(const Diagnostic& each) {
    if (each.severity != Severity::error || !each.place) return {};
    return texts_.try_emplace(each.place.source, *each.place.source).first->second.find(each.place);
}

namespace {

/// What an error of the checked text says to those who have other files: "… has no max_connections", "class: …".
Refusal refusal(const Diagnostic& each) {
    constexpr std::string_view lacks = " has no ";
    const std::string_view fix = each.fix;
    const std::string key(fix.substr(0, std::min(fix.find(" = "), fix.size())));
    const bool whole = fix.size() > key.size() && fix.find_first_not_of("0123456789", key.size() + 3) == fix.npos;
    const std::string value = whole ? "N" : "VALUE";
    if (!key.empty() && key != fix && each.message.ends_with(std::string(lacks) + key)) {
        std::string why = fmt::format("its {} is not in the files", key);
        for (const auto& note : each.notes)
            if (note.first == "run") why += fmt::format("; {}: {}", note.first, note.second);
        return {std::move(why), key, value};
    }
    std::string why = fix.empty() ? each.message : fmt::format("{} (fix: {})", each.message, fix);
    std::string named = each.message.substr(0, each.message.find(": "));
    if (named.size() == each.message.size() ||
        named.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") != named.npos)
        return {std::move(why), {}, {}};
    return {std::move(why), std::move(named), "VALUE"};
}

/// Of an error within the pools of a service: the size of the one that has none settles it, which is a flag that works.
/// A driver's default may ask for a host, which no import has.
void name_pool(Refusal& why, const Diagnostic& each, const load::Table& service) {
    why.key.clear();
    const load::Array* const pools = records(service, "pool");
    for (std::size_t i = 0; pools != nullptr && i < pools->items.size(); ++i) {
        const auto& pool = *pools->items[i].as<load::Table>();
        if (load::find(pool, "max") != nullptr) continue;
        why = {each.message, fmt::format("pool.{}.max", name_of(pool)), "N"};
        return;
    }
}

}  // namespace

Refused blamed(const Diagnostics& found, const load::Document& imported, std::string_view fix) {
    Refused refused;
    Blames blames;
    for (const Diagnostic& each : found.all()) {
        const Blamed blame = blames.find(each);
        const load::Table* const record =
            blame.kind.empty() ? nullptr : find_record(imported.root, blame.kind, blame.identity);
        if (record == nullptr) continue;
        Refusal why = fix.empty() ? refusal(each) : Refusal{fmt::format("{} (fix: {})", each.message, fix), {}, {}};
        if (fix.empty() && blame.key == "pool") name_pool(why, each, *record);
        refused.emplace(blame.key == "storage" ? blame.record() + ".storage" : blame.record(), std::move(why));
    }
    return refused;
}

std::vector<std::string> unfit(const Inventory& inventory, const ImportedInventory& imported, const Catalog& catalog,
                               Sources& sources) {
    std::vector<std::string> records;
    Diagnostics found;
    if (is_valid(merge(inventory, imported, false).documents, catalog, sources, found)) return records;
    for (const auto& each : blamed(found, imported.document, {})) {
        const std::string_view record = each.first;
        const std::string_view kind = record.substr(0, record.find('.'));
        std::string_view identity = record.substr(kind.size() + 1), rest;
        constexpr std::string_view storage = ".storage";
        if (kind == "database" && identity.ends_with(storage)) {
            rest = storage;
            identity.remove_suffix(storage.size());
        }
        for (const load::Document& document : inventory)
            if (const load::Table* ours = find_record(document.root, kind, identity))
                records.push_back(fmt::format("{}.{}{}", kind, name_of(*ours), rest));
    }
    return records;
}

}  // namespace poolfit::imports
