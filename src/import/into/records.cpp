#include "records.hpp"

#include <algorithm>

#include "binding.hpp"

namespace poolfit::imports {
namespace {

void each(load::Table& table, const std::string& path, std::string_view inner, bool in_braces,
          const std::function<void(const std::string&, load::Value&, bool)>& visit) {
    for (load::Member& member : table.members) {
        const std::string own = path + '.' + member.key;
        if (load::Array* list = member.key == inner ? records(table, inner) : nullptr) {
            for (load::Value& item : list->items)
                if (auto* record = item.as<load::Table>())
                    each(*record, own + '.' + name_of(*record), {}, in_braces || !list->of_headers, visit);
        } else if (is_table_of_keys(member.value)) {
            auto& more = *member.value.as<load::Table>();
            each(more, own, {}, in_braces || more.form == load::Form::in_line, visit);
        } else {
            visit(own, member.value, in_braces);
        }
    }
}

}  // namespace

bool is_table_of_keys(const load::Value& value) {
    const auto* table = value.as<load::Table>();
    return table != nullptr && load::find(*table, "min") == nullptr && !binding_of(value);
}

const load::Array* records(const load::Table& table, std::string_view key) {
    const load::Value* value = load::find(table, key);
    const auto* list = value == nullptr ? nullptr : value->as<load::Array>();
    if (list == nullptr || list->items.empty() || list->items.front().as<load::Table>() == nullptr) return nullptr;
    return list;
}
load::Array* records(load::Table& table, std::string_view key) {
    return records(static_cast<const load::Table&>(table), key) == nullptr ? nullptr
                                                                           : load::find(table, key)->as<load::Array>();
}

std::string_view inner_key(std::string_view kind) {
    return kind == "service" ? "pool" : kind == "pooler" ? "database" : std::string_view();
}

std::string name_of(const load::Table& record) {
    const load::Value* name = load::find(record, "name");
    const auto* text = name == nullptr ? nullptr : name->as<std::string>();
    return text == nullptr ? std::string() : *text;
}

std::string identity_of(const load::Table& record) {
    const load::Value* name = load::find(record, "name");
    if (name != nullptr)
        if (const auto bound = binding_of(*name); bound && !bound->value.empty())
            return std::string(bound->value.substr(0, bound->value.find_first_of(" ,;")));
    return name_of(record);
}

const load::Table* find_record(const load::Table& table, std::string_view key, std::string_view identity) {
    const load::Array* list = records(table, key);
    if (list == nullptr) return nullptr;
    for (const load::Value& item : list->items) {
        const auto* record = item.as<load::Table>();
        if (record != nullptr && identity_of(*record) == identity) return record;
    }
    return nullptr;
}
load::Table* find_record(load::Table& table, std::string_view key, std::string_view identity) {
    return const_cast<load::Table*>(find_record(static_cast<const load::Table&>(table), key, identity));
}

void each_value(load::Document& document, const std::function<void(const std::string&, load::Value&, bool)>& visit) {
    for (const std::string_view kind : kinds)
        if (load::Array* list = records(document.root, kind))
            for (load::Value& item : list->items)
                if (auto* record = item.as<load::Table>())
                    each(*record, std::string(kind) + '.' + name_of(*record), inner_key(kind), !list->of_headers,
                         visit);
}

}  // namespace poolfit::imports
