// The inventory's first file with what an import says: values that are bound follow their file, new records are added,
// and nothing else changes.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/series/watched.hpp>

#include "binding.hpp"
#include "differ.hpp"
#include "records.hpp"

namespace poolfit::imports {
namespace {

/// An imported value has places of its own file, which the writer of the inventory must not see.
void forget_places(load::Value& value) {
    value.place = {};
    value.text_begin.reset();
    if (auto* list = value.as<load::Array>())
        for (load::Value& item : list->items) forget_places(item);
    if (auto* table = value.as<load::Table>())
        for (load::Member& member : table->members) {
            member.key_place = {};
            forget_places(member.value);
        }
}

/// An inventory is complete without these, though nothing says what counts then.
bool may_be_left_out(std::string_view key) {
    constexpr std::string_view all[] = {"replica_of",    "storage.max_size",  "storage.throughput",
                                        "pairs",         "pool_size",         "pool_mode",
                                        "min_pool_size", "reserve_pool_size", "max_db_connections"};
    return std::ranges::find(all, key) != std::end(all);
}

class Merger {
public:
    Merger(const Inventory& inventory, const ImportedInventory& imported, bool overwrite)
        : inventory_(inventory), imported_(imported), overwrite_(overwrite) {
        out_.document = inventory.front();
        for (const std::string_view kind : kinds)
            if (const load::Array* list = records(out_.document.root, kind))
                for (std::size_t i = 0; i < list->items.size(); ++i)
                    if (const auto* table = list->items[i].as<load::Table>())
                        at_.emplace(std::pair(kind, identity_of(*table)), i);
    }

    Merged run() {
        const ImportedInventory ours = by_our_names(inventory_, imported_);
        for (Difference& each : differences(inventory_, ours, {})) {
            if (is_of_series(each)) continue;
            if (each.caught_up) each.drift.own = false;
            const bool applied = each.document == 0 && apply(each);
            if (each.caught_up) continue;
            (applied ? out_.taken : out_.kept).push_back(std::move(each.drift));
        }
        series_count(ours);
        return std::move(out_);
    }

private:
    static bool series_gives(std::string_view key) {
        const auto keys = series::given_keys();
        return std::ranges::find(keys, key) != keys.end();
    }
    /// Values beside a series would count in its place: what the files measured is left out, which is said once.
    bool is_of_series(const Difference& each) {
        constexpr std::string_view within = "observed.";
        if (each.document != 0 || each.kind != "database" || !each.drift.key.starts_with(within)) return false;
        if (!series_gives(std::string_view(each.drift.key).substr(within.size()))) return false;
        load::Table* record = record_of(each);
        load::Value* observed = record == nullptr ? nullptr : load::find(*record, "observed");
        const auto* table = observed == nullptr ? nullptr : observed->as<load::Table>();
        const load::Value* named = table == nullptr ? nullptr : load::find(*table, "series");
        if (named == nullptr || load::find(*table, each.drift.key.substr(within.size())) != nullptr) return false;
        if (said_.insert(each.record).second) {
            Drift drift = each.drift;
            drift.kind = Drift::Kind::unstated;
            drift.key = "observed";
            drift.source = "series = " + value_text(*named) + " counts; --series DIR writes it anew";
            drift.place = {};
            out_.kept.push_back(std::move(drift));
        }
        return true;
    }
    /// Where the import writes a series, values that an import wrote before would count in its place.
    void series_count(const ImportedInventory& ours) {
        const load::Array* list = records(ours.document.root, "database");
        for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
            const auto* theirs = list->items[i].as<load::Table>();
            const load::Value* seen = theirs == nullptr ? nullptr : load::find(*theirs, "observed");
            if (seen == nullptr || load::find(*seen->as<load::Table>(), "series") == nullptr) continue;
            Difference of;
            of.kind = "database";
            of.record = identity_of(*theirs);
            load::Table* record = record_of(of);
            load::Value* observed = record == nullptr ? nullptr : load::find(*record, "observed");
            auto* table = observed == nullptr ? nullptr : observed->as<load::Table>();
            if (table == nullptr || load::find(*table, "series") == nullptr) continue;
            std::erase_if(table->members, [](const load::Member& member) {
                return series_gives(member.key) && is_as_bound(member.value);
            });
        }
    }

    bool apply(const Difference& each) {
        switch (each.drift.kind) {
            case Drift::Kind::gone:
                return false;
            case Drift::Kind::undeclared:
                return add(each);
            case Drift::Kind::value:
            case Drift::Kind::unstated:
                break;
        }
        const bool lost = each.value == nullptr;
        if (each.drift.own && (!overwrite_ || (each.drift.written.empty() && !lost))) return false;
        if (lost && each.drift.assumed.empty() && !may_be_left_out(each.drift.key)) return false;
        load::Table* table = table_of(each);
        if (table == nullptr) return false;
        for (const std::string& name : each.tables) {
            load::Value* inner = load::find(*table, name);
            if (lost && (inner == nullptr || inner->as<load::Table>() == nullptr)) return false;
            if (inner == nullptr || inner->as<load::Table>() == nullptr) {
                load::Value made;
                made.data = load::Table{.members = {}, .form = load::Form::header};
                inner = &load::set(*table, name, std::move(made));
            }
            table = inner->as<load::Table>();
        }
        const std::string key = each.drift.key.substr(each.drift.key.rfind('.') + 1);
        if (lost) return load::remove(out_.document, *table, key);
        load::Value value = *each.value;
        forget_places(value);
        if (const load::Value* old = load::find(*table, key)) keep_comments(*old, value);
        load::set(*table, key, std::move(value));
        return true;
    }

    /// The lines above stay; what the user wrote behind the value goes there too.
    static void keep_comments(const load::Value& old, load::Value& value) {
        if (!old.comments) return;
        std::string before = old.comments->before;
        if (!old.comments->behind.empty() && !binding_of(old) && old.comments->behind != "# --set")
            before += old.comments->behind + '\n';
        load::comment(value, before, value.comments ? value.comments->behind : std::string());
    }

    /// Records are only added behind the others, so that these stay where they are.
    load::Table* record_of(const Difference& each) {
        const auto at = at_.find(std::pair(std::string_view(each.kind), each.record));
        load::Array* list = at == at_.end() ? nullptr : records(out_.document.root, each.kind);
        return list == nullptr ? nullptr : list->items[at->second].as<load::Table>();
    }

    load::Table* table_of(const Difference& each) {
        load::Table* table = record_of(each);
        if (table == nullptr || each.inner.empty() || each.part.empty()) return table;
        return find_record(*table, each.inner, each.part);
    }

    bool add(const Difference& each) {
        load::Value value = *each.value;
        forget_places(value);
        load::Table record = std::move(*value.as<load::Table>());
        if (!each.inner.empty()) {
            load::Table* in = record_of(each);
            if (in == nullptr) return false;
            // A pooler with one database of its own has no list of them.
            if (const load::Value* old = load::find(*in, each.inner);
                old != nullptr && old->as<load::Array>() == nullptr)
                return false;
            load::append(*in, each.inner, std::move(record));
            return true;
        }
        // A file without a schema is part of an inventory: another file has what it lacks.
        if (load::find(out_.document.root, "schema") == nullptr) return false;
        if (each.kind == "database")
            for (const std::string_view key : {"provider", "region"}) {
                const load::Value* theirs = load::find(imported_.document.root, key);
                if (theirs == nullptr || load::find(record, key) != nullptr) continue;
                const load::Value* ours = top_value(inventory_, key);
                if (ours != nullptr && value_text(*ours) == value_text(*theirs)) continue;
                if (ours == nullptr && key == "provider" && value_text(*theirs) == "aws") continue;
                load::Value own = *theirs;
                forget_places(own);
                own.comments.reset();
                load::set(record, key, std::move(own));
            }
        load::append(out_.document.root, each.kind, std::move(record));
        return true;
    }

    const Inventory& inventory_;
    const ImportedInventory& imported_;
    bool overwrite_;
    std::map<std::pair<std::string_view, std::string>, std::size_t> at_;
    std::set<std::string> said_;  ///< databases whose series counts
    Merged out_;
};

}  // namespace

Merged merge(const Inventory& inventory, const ImportedInventory& imported, bool overwrite) {
    return Merger(inventory, imported, overwrite).run();
}

void bindings_to_key(load::Document& document) {
    if (document.syntax != load::Syntax::json) return;
    load::Table bindings;
    if (const load::Value* old = load::find(document.root, "bindings"); old != nullptr)
        if (const auto* table = old->as<load::Table>()) bindings = *table;
    std::set<std::string, std::less<>> there;
    each_value(document, [&](const std::string& path, load::Value& value) {
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
    if (bindings.members.empty() && load::find(document.root, "bindings") == nullptr) return;
    if (load::Value* old = load::find(document.root, "bindings"); old != nullptr && old->as<load::Table>() != nullptr) {
        *old->as<load::Table>() = std::move(bindings);
        return;
    }
    load::Value all;
    all.data = std::move(bindings);
    load::set(document.root, "bindings", std::move(all));
}

namespace {

using Bindings = std::map<std::string, std::string>;

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
        const std::string renamed = path + name_of(*best) + '.';
        Bindings moved;
        for (const auto& each : bindings) {
            const std::string& key = each.first;
            // "service.b.api." is not of the service b, if there is a b.api.
            const bool longer = std::ranges::any_of(bound, [&](const std::string& other) {
                return other.size() > old.size() && key.starts_with(path + other + '.');
            });
            const bool of_it = key.starts_with(prefix) && !longer;
            moved.emplace(of_it ? renamed + key.substr(prefix.size()) : key, each.second);
        }
        bindings = std::move(moved);
        bound.insert(name_of(*best));
    }
}

void follow_renames(load::Document& document, Bindings& bindings) {
    for (const std::string_view kind : kinds) {
        const load::Array* list = records(document.root, kind);
        if (list == nullptr) continue;
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
    if (document.syntax != load::Syntax::json) return;
    const load::Value* found = load::find(document.root, "bindings");
    const auto* table = found == nullptr ? nullptr : found->as<load::Table>();
    if (table == nullptr) return;
    Bindings bindings;
    for (const load::Member& member : table->members)
        if (const auto* text = member.value.as<std::string>()) bindings.emplace(member.key, *text);
    follow_renames(document, bindings);
    each_value(document, [&](const std::string& path, load::Value& value) {
        if (const auto at = bindings.find(path); at != bindings.end()) load::comment(value, {}, "from " + at->second);
    });
}

}  // namespace poolfit::imports
