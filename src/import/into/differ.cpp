#include "differ.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "binding.hpp"
#include "known.hpp"
#include "records.hpp"
#include "superseded.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view by_set = "# --set";  // behind a value that an import got by that flag

/// A record of the inventory, and which of its files has it.
struct Declared {
    const load::Table* table = nullptr;
    const load::Table* changed = nullptr;  ///< what the environment changes of it
    std::size_t document = 0;
};

class Differ {
public:
    Differ(const Inventory& inventory, const ImportedInventory& imported, std::string_view environment)
        : inventory_(inventory), imported_(imported), environment_(environment) {
        for (std::size_t i = 0; i < inventory_.size(); ++i)
            for (const std::string_view kind : kinds)
                if (const load::Array* list = records(inventory_[i].root, kind))
                    for (const load::Value& item : list->items)
                        if (const auto* table = item.as<load::Table>())
                            declared_.emplace(std::pair(kind, identity_of(*table)), Declared{table, nullptr, i});
        for (const Note& note : imported_.notes)
            if (!note.left.key.empty()) left_.emplace(std::pair(note.subject, note.left.key), &note);
    }

    std::vector<Difference> run() {
        for (const std::string_view kind : kinds) {
            std::set<std::string> found;
            if (const load::Array* list = records(imported_.document.root, kind))
                for (const load::Value& item : list->items) {
                    found.insert(name_of(*item.as<load::Table>()));
                    record(std::string(kind), item);
                }
            gone(std::string(kind), found);
        }
        return std::move(out_);
    }

private:
    const load::Table* in_environment(std::string_view kind, const std::string& name) const {
        if (environment_.empty()) return nullptr;
        for (const load::Document& document : inventory_) {
            const load::Table* at = &document.root;
            for (const std::string_view key : {std::string_view("env"), environment_, kind, std::string_view(name)}) {
                const load::Value* next = load::find(*at, key);
                at = next == nullptr ? nullptr : next->as<load::Table>();
                if (at == nullptr) break;
            }
            if (at != nullptr) return at;
        }
        return nullptr;
    }

    Declared declared(std::string_view kind, std::string_view identity) const {
        const auto at = declared_.find(std::pair(kind, std::string(identity)));
        if (at == declared_.end()) return {};
        Declared found = at->second;
        found.changed = in_environment(kind, name_of(*found.table));
        return found;
    }

    Place place_of(const Declared& where) const {
        if (where.table != nullptr)
            if (const load::Value* name = load::find(*where.table, "name"); name != nullptr && name->place)
                return name->place;
        const SourceText* source = inventory_[where.document].source;
        return source == nullptr ? Place{} : Place{source, {0, 0}};
    }
    /// Of the record that a difference is in: a table in it has no name.
    Place place_of(const Difference& in, const Declared& there) const {
        return place_of(in.part.empty() ? declared(in.kind, in.record) : there);
    }

    Difference made(Drift::Kind what, const Difference& in, const load::Value* value) const {
        Difference out = in;
        out.drift.kind = what;
        out.value = value;
        return out;
    }

    void record(const std::string& kind, const load::Value& item) {
        const auto& table = *item.as<load::Table>();
        Difference in;
        in.kind = kind;
        in.record = name_of(table);
        const Declared there = declared(kind, in.record);
        in.document = there.document;
        in.drift.record = kind;
        in.drift.top = there.table == nullptr ? in.record : name_of(*there.table);
        in.drift.target = in.drift.top;
        if (there.table == nullptr) return undeclared(in, item, there);
        values(in, table, there, kind, {});
        lost(in, table, there, kind, {});
        const std::string_view inner = inner_key(kind);
        if (inner.empty()) return;
        const load::Array* list = records(table, inner);
        parts_gone(in, list, there, inner);
        if (list == nullptr) return;
        for (const load::Value& each : list->items) {
            const auto& part = *each.as<load::Table>();
            Difference of = in;
            of.inner = inner;
            of.part = name_of(part);
            const load::Table* same = find_record(*there.table, inner, of.part);
            const load::Table* changed = nullptr;
            if (there.changed != nullptr && same != nullptr)
                if (const load::Value* parts = load::find(*there.changed, inner); parts != nullptr)
                    if (const auto* by_name = parts->as<load::Table>())
                        if (const load::Value* one = load::find(*by_name, name_of(*same)))
                            changed = one->as<load::Table>();
            of.drift.record = kind == "service" ? "pool" : "alias";
            const std::string name = same == nullptr ? of.part : name_of(*same);
            of.drift.target = fmt::format("{}{}{}", in.drift.top, kind == "service" ? '.' : '/', name);
            if (same == nullptr)
                undeclared(of, each, there);
            else {
                values(of, part, {same, changed, there.document}, of.drift.record, {});
                lost(of, part, {same, changed, there.document}, of.drift.record, {});
            }
        }
    }

    /// Values that came from a file which was read, and which says them no longer: `value` of the difference is null.
    void lost(const Difference& in, const load::Table& table, const Declared& there, std::string_view kind,
              const std::vector<std::string>& tables) {
        for (const load::Member& member : there.table->members) {
            if (member.key == "name" || member.key == "region" || records(*there.table, member.key) != nullptr)
                continue;
            const load::Value* now = load::find(table, member.key);
            if (is_table_of_keys(member.value)) {
                const auto* same = now == nullptr ? nullptr : now->as<load::Table>();
                if (is_measured(member.key) || (same == nullptr && is_not_taken(in.record, member.key))) continue;
                std::vector<std::string> path = tables;
                path.push_back(member.key);
                volume_left_ =
                    member.key == "storage" && same == nullptr && is_on_primarys_volume(table, imported_.document.root);
                lost(in, same == nullptr ? nothing_ : *same, {member.value.as<load::Table>(), nullptr, there.document},
                     kind, path);
                volume_left_ = false;
                continue;
            }
            const auto bound = binding_of(member.value);
            const auto note =
                now == nullptr && in.part.empty() && tables.empty() ? left_.find({in.record, member.key}) : left_.end();
            if (note != left_.end()) {
                left_as_it_is(in, member, *note->second);
                continue;
            }
            if (now != nullptr || (!volume_left_ && (!bound || !is_read(bound->file)))) continue;
            if (there.changed != nullptr && load::find(*there.changed, member.key) != nullptr) continue;
            const std::string declared = value_text(member.value);
            std::string assumed =
                tables.empty() ? assumed_of(inventory_, kind, member.key, *there.table) : std::string();
            const bool drivers = assumed == drivers_default;
            // Without a driver that the files say, no default is sure to count.
            if (drivers && (load::find(*there.table, "driver") == nullptr || load::find(table, "driver") == nullptr))
                assumed.clear();
            if (kind == "pool" && member.key == "max" && !is_plain(declared)) continue;  // a formula
            if (!assumed.empty() && !drivers && agree(member.key, declared, assumed)) continue;
            Difference made = this->made(Drift::Kind::value, in, nullptr);
            made.tables = tables;
            for (const std::string& name : tables) made.drift.key += name + '.';
            made.drift.key += member.key;
            made.drift.declared = declared;
            made.drift.stays = !volume_left_ && assumed.empty() && !may_be_left_out(made.drift.key, *there.table);
            made.drift.assumed = std::move(assumed);
            if (bound) made.drift.source = fmt::format("{}, {}", bound->file, bound->how);
            made.drift.place = member.value.place ? member.value.place : place_of(in, there);
            made.drift.own = !is_as_bound(member.value);
            out_.push_back(std::move(made));
        }
    }

    /// Another value in the files, which no inventory can have as things are.
    void left_as_it_is(const Difference& in, const load::Member& member, const Note& note) {
        Difference made = this->made(Drift::Kind::value, in, nullptr);
        made.drift.key = member.key;
        made.drift.declared = value_text(member.value);
        made.drift.deployed = note.left.value;
        if (made.drift.declared == made.drift.deployed) return;
        if (note.place)
            made.drift.source = fmt::format("{}:{}, {}", note.place.source->name(),
                                            note.place.source->position(note.place.span.begin).line, note.left.how);
        made.drift.place = member.value.place;
        made.drift.stays = true;
        made.drift.own = !is_as_bound(member.value);
        out_.push_back(std::move(made));
    }

    /// The files have it, and the inventory's checks refuse it.
    bool is_not_taken(const std::string& record, const std::string& table) const {
        return std::ranges::any_of(imported_.notes, [&](const Note& note) {
            return note.subject == record && note.text.starts_with(fmt::format("its {}:", table));
        });
    }

    /// Pools and databases of poolers that came from a file which was read, and which no longer has them.
    void parts_gone(const Difference& in, const load::Array* found, const Declared& there, std::string_view inner) {
        const load::Array* list = records(*there.table, inner);
        if (list == nullptr) return;
        for (const load::Value& item : list->items) {
            const auto* part = item.as<load::Table>();
            const std::string identity = identity_of(*part);
            if (found != nullptr && std::ranges::any_of(found->items, [&](const load::Value& each) {
                    return name_of(*each.as<load::Table>()) == identity;
                }))
                continue;
            for (const load::Member& member : part->members) {
                const auto bound = binding_of(member.value);
                if (!bound || !is_read(bound->file)) continue;
                Difference of = in;
                of.inner = inner;
                of.part = identity;
                of.drift.record = in.kind == "service" ? "pool" : "alias";
                const std::string_view between = in.kind == "service" ? "." : "/";
                of.drift.target = fmt::format("{}{}{}", in.drift.top, between, name_of(*part));
                add_gone(std::move(of), fmt::format("{}{}{}", in.record, between, identity), bound->file, member.value);
                break;
            }
        }
    }
    void add_gone(Difference made, const std::string& identity, std::string_view file, const load::Value& at) {
        made.drift.kind = Drift::Kind::gone;
        made.drift.source = std::string(file);
        made.drift.place = at.place;
        for (const Note& note : imported_.notes) {
            if (note.kind != Note::Kind::not_taken && note.names.empty()) continue;
            const bool about = note.subject == identity ||
                               (made.part.empty() && identity.ends_with('.' + note.subject)) ||
                               note.subject.starts_with(identity + '.') || note.subject.starts_with(identity + '/') ||
                               std::ranges::find(note.names, identity) != note.names.end();
            if (!about) continue;
            std::tie(made.drift.deployed, made.drift.written) = std::tie(note.text, note.completes);
            break;
        }
        out_.push_back(std::move(made));
    }

    void undeclared(const Difference& in, const load::Value& item, const Declared& there) {
        Difference made = this->made(Drift::Kind::undeclared, in, &item);
        if (const load::Value* name = load::find(*item.as<load::Table>(), "name")) {
            made.drift.source = source_of(*name);
            if (const load::Value* to = load::find(*item.as<load::Table>(), "database");
                made.drift.source.empty() && to != nullptr)
                made.drift.source = source_of(*to);
        }
        made.drift.place = place_of(there);
        out_.push_back(std::move(made));
    }

    void values(const Difference& in, const load::Table& table, const Declared& there, std::string_view kind,
                const std::vector<std::string>& tables) {
        for (const load::Member& member : table.members) {
            if (member.key == "name" || member.key == "provider") continue;
            if (records(table, member.key) != nullptr) {
                if (tables.empty()) structure(in, there, member);
                continue;
            }
            if (there.table != nullptr && records(*there.table, member.key) != nullptr) continue;  // a list there
            const load::Value* now = nullptr;
            if (there.table != nullptr) now = load::find(*there.table, member.key);
            if (there.changed != nullptr)
                if (const load::Value* changed = load::find(*there.changed, member.key)) now = changed;
            const auto* more = member.value.as<load::Table>();
            if (more != nullptr && more->form != load::Form::in_line) {
                std::vector<std::string> path = tables;
                path.push_back(member.key);
                const auto* same = now == nullptr ? nullptr : now->as<load::Table>();
                values(in, *more, {same == nullptr ? &nothing_ : same, nullptr, there.document}, kind, path);
                continue;
            }
            value(in, member, now, there, kind, tables);
        }
    }

    /// A pooler with one database there, and with a list of them here.
    void structure(const Difference& in, const Declared& there, const load::Member& member) {
        if (in.kind != "pooler" || member.key != "database") return;
        const load::Value* now = load::find(*there.table, "database");
        if (now == nullptr || now->as<std::string>() == nullptr) return;
        Difference made = this->made(Drift::Kind::value, in, &member.value);
        made.drift.key = "database";
        made.drift.declared = value_text(*now);
        for (const load::Value& each : member.value.as<load::Array>()->items)
            made.drift.deployed += fmt::format("{}{}", made.drift.deployed.empty() ? "a list of " : ", ",
                                               name_of(*each.as<load::Table>()));
        made.drift.place = now->place;
        made.drift.own = true;
        out_.push_back(std::move(made));
    }

    void value(const Difference& in, const load::Member& member, const load::Value* now, const Declared& there,
               std::string_view kind, const std::vector<std::string>& tables) {
        // What has no place is no fact: a driver that is guessed by the name of a variable. --set is an order.
        const bool given = member.value.comments && member.value.comments->behind == by_set;
        if (!member.value.place && !given) return;
        const std::string deployed = value_text(member.value);
        Drift::Kind what = Drift::Kind::value;
        std::string assumed;
        if (now == nullptr) {
            assumed = tables.empty() ? assumed_of(inventory_, kind, member.key, *there.table) : std::string();
            if (assumed.empty()) what = Drift::Kind::unstated;
        }
        const std::string declared = now == nullptr ? assumed : value_text(*now);
        const bool same =
            what == Drift::Kind::value && declared != drivers_default && agree(member.key, declared, deployed);
        // The user was before the file: from now on the value follows it again.
        const bool caught_up = same && now != nullptr && declared == deployed && binding_of(*now) && !is_as_bound(*now);
        if (same && !caught_up) return;
        Difference made = this->made(what, in, &member.value);
        made.caught_up = caught_up;
        made.tables = tables;
        for (const std::string& table : tables) made.drift.key += table + '.';
        made.drift.key += member.key;
        if (now != nullptr) made.drift.declared = declared;
        made.drift.assumed = std::move(assumed);
        made.drift.deployed = deployed;
        made.drift.written = as_toml(member.value);
        made.drift.source = source_of(member.value);
        made.drift.place = now != nullptr && now->place ? now->place : place_of(in, there);
        // What an environment changes is not what an import writes, with --overwrite or without.
        const bool changed = there.changed != nullptr && now == load::find(*there.changed, member.key);
        made.drift.own = now != nullptr && !changed && !given && !is_as_bound(*now);
        made.drift.by_set = made.drift.own && now->comments && now->comments->behind == by_set;
        out_.push_back(std::move(made));
    }

    /// What is bound to one of the files, which no longer has it.
    void gone(const std::string& kind, const std::set<std::string>& found) {
        const std::map<std::string, std::string> replaced = superseded(inventory_, imported_, kind);
        for (std::size_t i = 0; i < inventory_.size(); ++i) {
            const load::Array* list = records(inventory_[i].root, kind);
            if (list == nullptr) continue;
            for (const load::Value& item : list->items) {
                const auto* table = item.as<load::Table>();
                const load::Value* name = table == nullptr ? nullptr : load::find(*table, "name");
                const auto bound = name == nullptr ? std::nullopt : binding_of(*name);
                if (!bound) continue;
                const auto other = replaced.find(std::string(bound->file));
                if (other == replaced.end() && !is_read(bound->file)) continue;
                const std::string identity = identity_of(*table);
                if (found.contains(identity)) continue;
                Difference made;
                made.kind = kind;
                made.record = identity;
                made.document = i;
                made.drift.record = kind;
                made.drift.top = made.drift.target = name_of(*table);
                add_gone(std::move(made), identity, other == replaced.end() ? bound->file : other->second, *name);
            }
        }
    }
    bool is_read(std::string_view file) const {
        return std::ranges::any_of(imported_.files, [&](const std::string& each) { return is_same_path(each, file); });
    }

    const Inventory& inventory_;
    const ImportedInventory& imported_;
    std::string_view environment_;
    std::map<std::pair<std::string_view, std::string>, Declared> declared_;
    /// What the files say of keys that the import left out, by the database and the key.
    std::map<std::pair<std::string, std::string>, const Note*> left_;
    load::Table nothing_;
    bool volume_left_ = false;  ///< what is looked at is the volume of a record that is on its primary's now
    std::vector<Difference> out_;
};

}  // namespace

bool is_measured(std::string_view table) { return table == "observed"; }

std::vector<Difference> differences(const Inventory& inventory, const ImportedInventory& imported,
                                    std::string_view environment) {
    return Differ(inventory, imported, environment).run();
}

}  // namespace poolfit::imports
