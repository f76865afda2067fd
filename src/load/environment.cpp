// [env.NAME]: what an environment changes.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "joined.hpp"
#include "steps.hpp"

namespace poolfit::load {
namespace {

constexpr std::string_view root_header = "the inventory";

/// Records by their names; of two with one name the first.
class ByName {
public:
    ByName(Table* in, const Step& step) {
        auto* known = in == nullptr ? nullptr : find(*in, step.key);
        auto* all = known == nullptr ? nullptr : known->as<Array>();
        if (all == nullptr) return;
        for (Value& item : all->items)
            if (const auto name = record_name(item, step.name_key); !name.empty()) {
                names.push_back(name);
                records_.emplace(name, &item);
            }
    }
    Value* find_record(std::string_view name) const {
        const auto at = records_.find(name);
        return at == records_.end() ? nullptr : at->second;
    }
    std::vector<std::string_view> names;

private:
    std::unordered_map<std::string_view, Value*> records_;
};

void report_no_table(Context& context, const Member& change) {
    context.out.error(change.value.place,
                      fmt::format("{}: expected a table of keys, found {}", clip(change.key), describe(change.value)),
                      fmt::format("write the keys of {} that change", quote(change.key)));
}

class Overlay {
public:
    Overlay(Context& context, Coverage& coverage) : context_(context), coverage_(coverage) {}

    void into(Table& to, Table& from, std::span<const Step> steps) {
        for (Member& member : from.members) {
            const auto step = std::ranges::find(steps, member.key, &Step::key);
            auto* changes = member.value.as<Table>();
            if (step == steps.end())
                put(to, std::move(member));
            else if (step->kind != Step::Kind::records)
                table(to, *step, std::move(member));
            else if (changes != nullptr)
                records(to, *step, *changes);
            else
                more(to, std::move(member));
        }
    }

private:
    void put(Table& to, Member member) {
        const auto at = std::ranges::find(to.members, member.key, &Member::key);
        if (at == to.members.end())
            to.members.push_back(std::move(member));
        else
            *at = std::move(member);
    }

    void table(Table& to, const Step& step, Member member) {
        auto* known = find(to, step.key);
        auto *inner = known == nullptr ? nullptr : known->as<Table>(), *changes = member.value.as<Table>();
        if (inner == nullptr || changes == nullptr) {
            put(to, std::move(member));
            return;
        }
        coverage_.same(member.value.place, known->place);
        into(*inner, *changes, step.inside);
    }

    /// Records that only the environment has; a pooler's database may be a name.
    void more(Table& to, Member member) {
        auto* known = find(to, member.key);
        auto *all = known == nullptr ? nullptr : known->as<Array>(), *items = member.value.as<Array>();
        if (all == nullptr || items == nullptr)
            put(to, std::move(member));
        else
            std::ranges::move(items->items, std::back_inserter(all->items));
    }

    void records(Table& to, const Step& step, Table& changes) {
        const ByName known(&to, step);
        for (Member& change : changes.members) {
            Value* record = known.find_record(change.key);
            if (record == nullptr) {
                unknown(step, change, known.names);
            } else if (auto* keys = change.value.as<Table>()) {
                coverage_.same(change.value.place, record->place);
                into(*record->as<Table>(), *keys, step.inside);
            } else {
                report_no_table(context_, change);
            }
        }
    }

    void unknown(const Step& step, const Member& change, const std::vector<std::string_view>& names) {
        auto& made =
            context_.out.error(change.key_place, fmt::format("there is no {} {}", step.key, quote(change.key)));
        const auto near = context_.suggester.nearest(change.key, names);
        if (near.empty()) {
            made.fix = fmt::format("declare it in the inventory, as {}", step.header);
        } else {
            made.label = fmt::format("did you mean {}?", near);
            made.fix = fmt::format("write {}", near);
        }
    }

    Context& context_;
    Coverage& coverage_;
};

/// A key of an environment that two files give: either could win. A record goes by its name, however it is given.
class Twice {
public:
    explicit Twice(Context& context) : context_(context) {}

    void look_at(const Member& environment) {
        if (const auto* table = environment.value.as<Table>()) in(*table, environment.key, steps());
    }

private:
    void in(const Table& table, const std::string& path, std::span<const Step> steps) {
        for (const Member& member : table.members) {
            const auto step = std::ranges::find(steps, member.key, &Step::key);
            const std::string at = fmt::format("{}.{}", path, member.key);
            const auto* inner = member.value.as<Table>();
            const auto* all = member.value.as<Array>();
            if (step == steps.end() || step->kind == Step::Kind::open_table || (inner == nullptr && all == nullptr)) {
                key(member, at);
            } else if (inner != nullptr) {
                inside(*inner, at, *step);
            } else {
                for (const Value& item : all->items)
                    if (const auto* record = item.as<Table>())
                        in(*record, fmt::format("{}.{}", at, record_name(item, step->name_key)), step->inside);
            }
        }
    }
    void inside(const Table& table, const std::string& at, const Step& step) {
        if (step.kind != Step::Kind::records) return in(table, at, step.inside);
        for (const Member& record : table.members)
            if (const auto* keys = record.value.as<Table>())
                in(*keys, fmt::format("{}.{}", at, record.key), step.inside);
    }
    void key(const Member& member, const std::string& at) {
        const auto [first, added] = places_.try_emplace(at, member.key_place);
        if (!added && first->second.source != member.key_place.source)
            report_two_files(context_, member, first->second);
    }

    Context& context_;
    std::unordered_map<std::string, Place> places_;
};

/// What can be said of an environment that is not asked for.
class Alone {
public:
    explicit Alone(Context& context) : context_(context) {}

    /// `known`: what it changes; null where that is nothing that is here.
    void check(const Table& table, std::string_view header, std::span<const Step> steps, Table* known) {
        const auto kind = std::ranges::find(context_.keys, header, &KeyTable::header);
        for (const Member& member : table.members) {
            if (context_.exhausted()) return;
            const auto step = std::ranges::find(steps, member.key, &Step::key);
            const auto* changes = member.value.as<Table>();
            if (step == steps.end() || changes == nullptr || step->kind == Step::Kind::open_table) {
                if (std::ranges::find(kind->keys, member.key) == kind->keys.end())
                    report_unknown_key(context_, member, header, kind->keys);
                else
                    kind->read(context_, member);
            } else if (step->kind == Step::Kind::table) {
                auto* same = known == nullptr ? nullptr : find(*known, step->key);
                check(*changes, step->header, step->inside, same == nullptr ? nullptr : same->as<Table>());
            } else {
                records(*changes, *step, known);
            }
        }
    }

private:
    void records(const Table& changes, const Step& step, Table* in) {
        const ByName known(in, step);
        for (const Member& change : changes.members) {
            if (context_.exhausted()) return;
            Value* record = known.find_record(change.key);
            if (record == nullptr) unknown(step, change, known.names);
            if (const auto* keys = change.value.as<Table>())
                check(*keys, step.header, step.inside, record == nullptr ? nullptr : record->as<Table>());
            else
                report_no_table(context_, change);
        }
    }

    /// It may stand in a file that only this environment is used with. A name that is nearly another is a typo.
    void unknown(const Step& step, const Member& change, const std::vector<std::string_view>& names) {
        const auto near = context_.suggester.nearest(change.key, names);
        if (near.empty()) return;
        context_.out
            .warning(change.key_place, fmt::format("there is no {} {}", step.key, quote(change.key)),
                     fmt::format("write {}", near))
            .label = fmt::format("did you mean {}?", near);
    }

    Context& context_;
};

/// Keys of the inventory that no environment can change. What stands there is dropped once that is said.
void check_root(Context& context, Member& environment) {
    const std::string header = fmt::format("[env.{}]", clip(environment.key));
    auto* table = environment.value.as<Table>();
    if (table == nullptr) {
        context.out.error(environment.value.place,
                          fmt::format("env: expected a table, found {}", describe(environment.value)),
                          fmt::format("write {}", header));
        return;
    }
    std::vector<std::string_view> keys = std::ranges::find(context.keys, root_header, &KeyTable::header)->keys;
    std::erase_if(keys, [](std::string_view key) { return key == "schema" || key == "include" || key == "env"; });
    std::erase_if(table->members, [&](const Member& member) {
        if (std::ranges::find(keys, member.key) != keys.end()) return false;
        if (member.key == "include")
            context.out.error(member.key_place, fmt::format("include: {} can't include files", header),
                              "write include at the top of the inventory; or name the file: --config FILE");
        else if (member.key == "env")
            context.out.error(member.key_place, fmt::format("env: {} can't hold another environment", header),
                              "write [env.NAME] at the top of the inventory");
        else if (member.key == "schema")
            context.out.error(member.key_place, fmt::format("schema: {} is no inventory of its own", header),
                              "write schema at the top of the inventory");
        else
            report_unknown_key(context, member, header, keys);
        return true;
    });
}

void report_unknown_environment(Context& context, const std::string& name, const std::vector<Member>& environments) {
    std::vector<std::string_view> names;
    for (const Member& each : environments)
        if (std::ranges::find(names, each.key) == names.end()) names.push_back(each.key);
    const auto near = context.suggester.nearest(name, names);
    auto& made = context.out.error({}, fmt::format("--env: there is no environment {}", quote(name)));
    made.fix = near.empty() ? fmt::format("declare it, as [env.{}]", clip(name)) : fmt::format("--env {}", near);
    if (!names.empty()) made.notes.emplace_back("declared", join(names));
}

}  // namespace

void take_environments(Document& from, std::vector<Member>& into) {
    auto* value = find(from.root, "env");
    auto* all = value == nullptr ? nullptr : value->as<Table>();
    if (all == nullptr) return;  // the reader says so
    std::ranges::move(all->members, std::back_inserter(into));
    // The reader knows its key; several files may have one.
    std::erase_if(from.root.members, [](const Member& member) { return member.key == "env"; });
}

Coverage apply(Context& context, const std::string& name, std::vector<Member> environments, Document& to) {
    Coverage coverage;
    for (Member& each : environments) check_root(context, each);
    Twice twice(context);
    for (const Member& each : environments) twice.look_at(each);
    for (const Member& each : environments) {
        if (each.key == name) continue;
        coverage.of_environment(each, false);
        if (const auto* table = each.value.as<Table>()) Alone(context).check(*table, root_header, steps(), &to.root);
    }
    bool any = name.empty();
    if (!any) coverage.ask();
    Overlay overlay(context, coverage);
    for (Member& each : environments) {
        if (each.key != name) continue;
        any = true;
        coverage.of_environment(each, true);
        if (auto* changes = each.value.as<Table>()) overlay.into(to.root, *changes, steps());
    }
    if (!any) report_unknown_environment(context, name, environments);
    return coverage;
}

}  // namespace poolfit::load
