#include "known.hpp"

#include "binding.hpp"
#include "records.hpp"

namespace poolfit::imports {

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

}  // namespace poolfit::imports
