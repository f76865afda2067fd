#include "superseded.hpp"

#include <algorithm>
#include <cstddef>

#include "binding.hpp"
#include "records.hpp"

namespace poolfit::imports {

std::map<std::string, std::string> superseded(const Inventory& inventory, const ImportedInventory& imported,
                                              std::string_view kind) {
    std::map<std::string, const load::Value*> now;
    if (const load::Array* list = records(imported.document.root, kind))
        for (const load::Value& item : list->items) {
            const auto& table = *item.as<load::Table>();
            now.emplace(name_of(table), load::find(table, "name"));
        }
    struct Count {
        std::size_t found = 0, missing = 0;
        std::string file;
    };
    std::map<std::string, Count> files;
    for (const load::Document& document : inventory) {
        const load::Array* const list = records(document.root, kind);
        for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
            const auto* const table = list->items[i].as<load::Table>();
            const load::Value* const name = table == nullptr ? nullptr : load::find(*table, "name");
            const auto bound = name == nullptr ? std::nullopt : binding_of(*name);
            if (!bound || std::ranges::any_of(imported.files,
                                              [&](const std::string& each) { return is_same_path(each, bound->file); }))
                continue;
            Count& count = files[std::string(bound->file)];
            const auto same = now.find(identity_of(*table));
            if (same == now.end()) {
                ++count.missing;
                continue;
            }
            const auto there = same->second == nullptr ? std::nullopt : binding_of(*same->second);
            if (!there || there->how != bound->how) continue;
            ++count.found;
            count.file = there->file;
        }
    }
    std::map<std::string, std::string> out;
    for (const auto& [file, count] : files)
        if (count.found > 0 && count.found >= count.missing) out.emplace(file, count.file);
    return out;
}

}  // namespace poolfit::imports
