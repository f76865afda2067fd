// Names of poolers that an inventory has from the other source of the same process: its pgbouncer.ini, or its console.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../into/binding.hpp"
#include "../into/records.hpp"
#include "../pgbouncer/ini.hpp"
#include "resolver.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view in_ini = "[databases] ";

struct Kept {
    std::string identity;
    bool shown = false;  ///< by its console
    std::vector<std::string> aliases{};
};

std::string how_of(const load::Table& table, std::string_view key) {
    const load::Value* const value = load::find(table, key);
    const auto bound = value == nullptr ? std::nullopt : binding_of(*value);
    return bound ? std::string(bound->how) : std::string();
}

std::vector<Kept> kept_processes(const std::vector<load::Document>& inventory) {
    std::vector<Kept> all;
    for (const load::Document& document : inventory) {
        const load::Array* const list = records(document.root, "pooler");
        for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
            const auto* const table = list->items[i].as<load::Table>();
            if (table == nullptr || how_of(*table, "name") != process_of_pgbouncer) continue;
            Kept& kept = all.emplace_back();
            kept.identity = identity_of(*table);
            if (const load::Array* aliases = records(*table, "database")) {
                for (const load::Value& each : aliases->items)
                    if (const auto* const alias = each.as<load::Table>()) {
                        kept.aliases.push_back(identity_of(*alias));
                        kept.shown = kept.shown || how_of(*alias, "name").starts_with("SHOW ");
                    }
                continue;
            }
            const std::string how = how_of(*table, "database");
            kept.shown = how.starts_with("SHOW ");
            if (how.starts_with(in_ini)) kept.aliases.push_back(how.substr(in_ini.size()));
        }
    }
    return all;
}

}  // namespace

void keep_pooler_names(Estate& estate, const std::vector<load::Document>* inventory) {
    if (inventory == nullptr) return;
    const std::vector<Kept> all = kept_processes(*inventory);
    for (PoolerFact& pooler : estate.poolers) {
        if (pooler.from.how != process_of_pgbouncer || pooler.mapped ||
            std::ranges::find(all, pooler.name, &Kept::identity) != all.end())
            continue;
        const auto is_same = [&](const Kept& kept) {
            return kept.shown != pooler.shown && std::ranges::any_of(pooler.aliases, [&](const PoolerAlias& alias) {
                       return std::ranges::find(kept.aliases, alias.name) != kept.aliases.end();
                   });
        };
        const auto found = std::ranges::find_if(all, is_same);
        if (found == all.end() || std::ranges::count_if(all, is_same) > 1) continue;
        estate.told(pooler.name,
                    fmt::format("taken as the pooler {} of the inventory, which has its databases", found->identity),
                    pooler.from.place, "--map FILE=NAME names another");
        pooler.name = found->identity;
    }
}

}  // namespace poolfit::imports
