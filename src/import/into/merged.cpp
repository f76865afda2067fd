// Merged files as the inventory that they would be, and what an inventory and an import differ in.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "differ.hpp"

namespace poolfit::imports {

std::vector<Drift> compare(const Inventory& inventory, const ImportedInventory& imported,
                           std::string_view environment) {
    const ImportedInventory ours = by_our_names(inventory, imported);
    std::vector<Drift> drifts;
    for (Difference& each : differences(inventory, ours, environment)) {
        // What was measured is no declaration.
        if (!each.caught_up && (each.tables.empty() || !is_measured(each.tables.front())))
            drifts.push_back(std::move(each.drift));
    }
    return drifts;
}

bool is_valid(const Inventory& merged, const Catalog& catalog, Sources& sources, Diagnostics& found) {
    load::Files files;
    bool any = false;
    for (const load::Document& document : merged) {
        any = any || load::find(document.root, "database") != nullptr;
        load::Document written = document;
        bindings_to_key(written);
        std::string text = load::print(written);
        const bool same = document.source != nullptr && document.source->text() == text;
        const std::string& name = document.source == nullptr ? document.name : document.source->name();
        const SourceText* source = same ? document.source : &sources.add(name, std::move(text));
        files.first == nullptr ? void(files.first = source) : files.more.push_back(source);
    }
    // What has no database is part of an inventory.
    return !any || load::inventory(files, {}, catalog, sources, found).has_value();
}

void add_as_merged(const Inventory& inventory, const Diagnostics& found, Diagnostics& to) {
    for (Diagnostic each : found.all()) {
        const SourceText* source = each.place.source;
        const bool written = source == nullptr || std::ranges::any_of(inventory, [&](const load::Document& document) {
                                 return document.source == source;
                             });
        if (!written)
            each.notes.emplace_back(
                "where", fmt::format("{} as the import would leave it: nothing was written", source->name()));
        to.add(std::move(each));
    }
}

}  // namespace poolfit::imports
