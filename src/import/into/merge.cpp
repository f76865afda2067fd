// The inventory's files with what an import says: values that are bound follow their file, new records are added, and
// nothing else changes.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/series/watched.hpp>

#include "binding.hpp"
#include "comments.hpp"
#include "differ.hpp"
#include "left_out.hpp"
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

class Merger {
public:
    Merger(const Inventory& inventory, const ImportedInventory& imported, bool overwrite)
        : inventory_(inventory), imported_(imported), overwrite_(overwrite) {
        out_.documents = inventory;
        for (std::size_t d = 0; d < inventory.size(); ++d)
            for (const std::string_view kind : kinds)
                if (const load::Array* list = records(inventory[d].root, kind))
                    for (std::size_t i = 0; i < list->items.size(); ++i)
                        if (const auto* table = list->items[i].as<load::Table>())
                            at_.emplace(std::pair(kind, identity_of(*table)), At{d, i});
    }

    Merged run() {
        const ImportedInventory ours = by_our_names(inventory_, imported_);
        for (Difference& each : differences(inventory_, ours, {})) {
            if (is_of_series(each)) continue;
            if (each.caught_up) each.drift.own = false;
            const bool applied = apply(each);
            if (each.caught_up) continue;
            (applied ? out_.taken : out_.kept).push_back(std::move(each.drift));
        }
        series_count(ours);
        follow_left_out(out_.documents, imported_);
        return std::move(out_);
    }

private:
    /// Where a record stands: its file, and which of the list it is.
    struct At {
        std::size_t document = 0, index = 0;
    };

    static bool series_gives(std::string_view key) {
        const auto keys = series::given_keys();
        return std::ranges::find(keys, key) != keys.end();
    }
    /// Values beside a series would count in its place: what the files measured is left out, which is said once.
    bool is_of_series(const Difference& each) {
        constexpr std::string_view within = "observed.";
        if (each.kind != "database" || !each.drift.key.starts_with(within)) return false;
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
            std::vector<std::string> measured;
            for (const load::Member& member : table->members)
                if (series_gives(member.key) && is_as_bound(member.value)) measured.push_back(member.key);
            load::Document& document = out_.documents[at_.at(std::pair(std::string_view(of.kind), of.record)).document];
            for (const std::string& key : measured) remove_value(document, *table, key);
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
        if (each.drift.stays) return false;
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
        if (lost) {
            load::Document& document = out_.documents[each.document];
            load::Table& record = *table_of(each);
            if (!remove_value(document, *table, key)) return false;
            // No header stays above nothing.
            if (each.tables.size() == 1 && table->members.empty()) remove_value(document, record, each.tables.front());
            return true;
        }
        load::Value value = *each.value;
        forget_places(value);
        if (const load::Value* old = load::find(*table, key)) keep_comments(*old, value);
        load::set(*table, key, std::move(value));
        return true;
    }

    /// Records are only added behind the others, so that these stay where they are.
    load::Table* record_of(const Difference& each) {
        const auto at = at_.find(std::pair(std::string_view(each.kind), each.record));
        if (at == at_.end()) return nullptr;
        load::Array* list = records(out_.documents[at->second.document].root, each.kind);
        return list == nullptr ? nullptr : list->items[at->second.index].as<load::Table>();
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
        const std::size_t home = home_of(each, record);
        const std::string below = take_below_last(out_.documents[home], each.kind);
        // A file without a schema is part of an inventory: another file has what it lacks.
        if (home == 0 && load::find(out_.documents.front().root, "schema") == nullptr) return false;
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
        load::append(out_.documents[home].root, each.kind, std::move(record));
        if (!below.empty()) load::comment(records(out_.documents[home].root, each.kind)->items.back(), below, {});
        return true;
    }
    /// The file for a new record: the only one that has records of its kind from the same file, else the inventory's
    /// own.
    std::size_t home_of(const Difference& each, const load::Table& record) const {
        const load::Value* name = load::find(record, "name");
        const auto from = name == nullptr ? std::nullopt : binding_of(*name);
        if (!from) return 0;
        const auto has = [&](const load::Document& document) {
            const load::Array* list = records(document.root, each.kind);
            return list != nullptr && std::ranges::any_of(list->items, [&](const load::Value& item) {
                       const auto* table = item.as<load::Table>();
                       const load::Value* own = table == nullptr ? nullptr : load::find(*table, "name");
                       const auto bound = own == nullptr ? std::nullopt : binding_of(*own);
                       return bound && is_same_path(bound->file, from->file);
                   });
        };
        const auto at = std::ranges::find_if(inventory_, has);
        if (at == inventory_.end() || std::any_of(std::next(at), inventory_.end(), has)) return 0;
        return static_cast<std::size_t>(at - inventory_.begin());
    }

    const Inventory& inventory_;
    const ImportedInventory& imported_;
    bool overwrite_;
    std::map<std::pair<std::string_view, std::string>, At> at_;
    std::set<std::string> said_;  ///< databases whose series counts
    Merged out_;
};

}  // namespace

Merged merge(const Inventory& inventory, const ImportedInventory& imported, bool overwrite) {
    return Merger(inventory, imported, overwrite).run();
}

}  // namespace poolfit::imports
