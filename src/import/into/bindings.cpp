// JSON has no comments, and TOML none in braces: the key `bindings` has what would stand behind a value there.
#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>

#include "binding.hpp"
#include "records.hpp"

namespace poolfit::imports {

bool bindings_to_key(load::Document& document) {
    const bool json = document.syntax == load::Syntax::json;
    load::Table bindings;
    bindings.form = load::Form::header;
    if (const load::Value* old = load::find(document.root, "bindings"); old != nullptr)
        if (const auto* table = old->as<load::Table>()) bindings = *table;
    std::set<std::string, std::less<>> there;
    each_value(document, [&](const std::string& path, load::Value& value, bool in_braces) {
        if (!json && !in_braces) return;  // its comment stands behind it
        there.insert(path);
        if (binding_of(value)) {
            load::Value text;
            text.data = value.comments->behind.substr(std::string_view("# from ").size());
            load::Value* old = load::find(bindings, path);
            const auto* same = old == nullptr ? nullptr : old->as<std::string>();
            if (same == nullptr || *same != *text.as<std::string>()) load::set(bindings, path, std::move(text));
        }
        value.comments.reset();
    });
    // Those of records and keys that are gone, or have another name now.
    std::erase_if(bindings.members, [&](const load::Member& member) { return !there.contains(member.key); });
    load::Value* old = load::find(document.root, "bindings");
    if (there.empty() && old == nullptr) return false;
    if (bindings.members.empty() && (old == nullptr || !json)) {
        if (old != nullptr) load::remove(document, document.root, "bindings");
        return true;
    }
    if (old != nullptr && old->as<load::Table>() != nullptr) {
        *old->as<load::Table>() = std::move(bindings);
        return true;
    }
    load::Value all;
    all.data = std::move(bindings);
    load::set(document.root, "bindings", std::move(all));
    return true;
}

namespace {

using Bindings = std::map<std::string, std::string>;

/// `others`: what begins with one of these is of another record.
void rename(const std::string& from, const std::string& to, const std::set<std::string>& others, Bindings& bindings) {
    Bindings moved;
    for (const auto& [key, text] : bindings) {
        bool of_it = key.starts_with(from);
        for (const std::string& other : others) of_it = of_it && !key.starts_with(other);
        moved.emplace(of_it ? to + key.substr(from.size()) : key, text);
    }
    bindings = std::move(moved);
}

/// Records below headers that the user renamed: the comment behind a name has the one that the bindings of what stands
/// in braces within the record have.
void follow_bound_names(const load::Array& list, const std::string& path, Bindings& bindings) {
    std::set<std::string> names;
    for (const load::Value& item : list.items)
        if (const auto* record = item.as<load::Table>()) names.insert(name_of(*record));
    for (const load::Value& item : list.items) {
        const auto* record = item.as<load::Table>();
        if (record == nullptr) continue;
        const std::string old = identity_of(*record), now = name_of(*record);
        if (old == now || names.contains(old)) continue;
        std::set<std::string> longer;
        for (const std::string& name : names)
            if (name.starts_with(old + '.')) longer.insert(path + name + '.');
        rename(path + old + '.', path + now + '.', longer, bindings);
    }
}

/// Records of a list whose bindings have another name: the user renamed them. The one with most of the bound values is
/// it. `path`: "service." or "pooler.bouncer.database.".
void follow_renames(const load::Array& list, const std::string& path, Bindings& bindings) {
    std::set<std::string> names, bound;
    for (const load::Value& item : list.items)
        if (const auto* record = item.as<load::Table>()) names.insert(name_of(*record));
    constexpr std::string_view end = ".name";
    for (const auto& [key, text] : bindings) {
        if (!key.starts_with(path) || !key.ends_with(end) || key.size() <= path.size() + end.size()) continue;
        std::string name = key.substr(path.size(), key.size() - path.size() - end.size());
        if (name.find(".database.") == name.npos && name.find(".pool.") == name.npos) bound.insert(std::move(name));
    }
    for (const std::string& old : bound) {
        if (names.contains(old)) continue;
        const std::string prefix = path + old + '.';
        const load::Table* best = nullptr;
        std::size_t most = 0;
        for (const load::Value& item : list.items) {
            const auto* record = item.as<load::Table>();
            if (record == nullptr || bound.contains(name_of(*record))) continue;
            std::size_t same = 0, all = 0;
            for (const load::Member& member : record->members) {
                const auto at = bindings.find(prefix + member.key);
                if (member.key == "name" || at == bindings.end()) continue;
                ++all;
                load::Value value = member.value;
                load::comment(value, {}, "from " + at->second);
                same += is_as_bound(value) ? 1 : 0;
            }
            if (all > 0 && 2 * same >= all && same + 1 > most) {
                most = same + 1;
                best = record;
            }
        }
        if (best == nullptr) continue;
        // "service.b.api." is not of the service b, if there is a b.api.
        std::set<std::string> longer;
        for (const std::string& other : bound)
            if (other.size() > old.size()) longer.insert(path + other + '.');
        rename(prefix, path + name_of(*best) + '.', longer, bindings);
        bound.insert(name_of(*best));
    }
}

void follow_renames(load::Document& document, Bindings& bindings) {
    for (const std::string_view kind : kinds) {
        const load::Array* list = records(document.root, kind);
        if (list == nullptr) continue;
        follow_bound_names(*list, std::string(kind) + '.', bindings);
        follow_renames(*list, std::string(kind) + '.', bindings);
        if (inner_key(kind).empty()) continue;
        for (const load::Value& item : list->items)
            if (const auto* record = item.as<load::Table>())
                if (const load::Array* inner = records(*record, inner_key(kind)))
                    follow_renames(*inner, fmt::format("{}.{}.{}.", kind, name_of(*record), inner_key(kind)), bindings);
    }
}

}  // namespace

void bindings_from_key(load::Document& document) {
    const load::Value* found = load::find(document.root, "bindings");
    const auto* table = found == nullptr ? nullptr : found->as<load::Table>();
    if (table == nullptr) return;
    Bindings bindings;
    for (const load::Member& member : table->members)
        if (const auto* text = member.value.as<std::string>()) bindings.emplace(member.key, *text);
    follow_renames(document, bindings);
    each_value(document, [&](const std::string& path, load::Value& value, bool) {
        const auto at = bindings.find(path);
        // The user took it out of its braces: what he wrote behind it since is his.
        if (at == bindings.end() || (value.comments && !value.comments->behind.empty())) return;
        load::comment(value, value.comments ? value.comments->before : std::string(), "from " + at->second);
    });
}

}  // namespace poolfit::imports
