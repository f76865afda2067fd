// [env.NAME]: what an environment changes.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "joined.hpp"
#include "steps.hpp"

namespace poolfit::load {
namespace {

class Overlay {
public:
    explicit Overlay(Context& context) : context_(context) {}

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
    static void put(Table& to, Member member) {
        const auto at = std::ranges::find(to.members, member.key, &Member::key);
        if (at != to.members.end())
            *at = std::move(member);
        else
            to.members.push_back(std::move(member));
    }

    void table(Table& to, const Step& step, Member member) {
        auto* known = find(to, step.key);
        auto *inner = known == nullptr ? nullptr : known->as<Table>(), *changes = member.value.as<Table>();
        if (inner == nullptr || changes == nullptr)
            put(to, std::move(member));
        else
            into(*inner, *changes, step.inside);
    }

    /// Records that only the environment has; a pooler's database may be a name.
    static void more(Table& to, Member member) {
        auto* known = find(to, member.key);
        auto *all = known == nullptr ? nullptr : known->as<Array>(), *items = member.value.as<Array>();
        if (all == nullptr || items == nullptr)
            put(to, std::move(member));
        else
            std::ranges::move(items->items, std::back_inserter(all->items));
    }

    void records(Table& to, const Step& step, Table& changes) {
        auto* known = find(to, step.key);
        auto* all = known == nullptr ? nullptr : known->as<Array>();
        for (Member& change : changes.members) {
            Table* record = nullptr;
            std::vector<std::string_view> names;
            if (all != nullptr)
                for (Value& item : all->items) {
                    const auto name = record_name(item, step.name_key);
                    if (!name.empty()) names.push_back(name);
                    if (record == nullptr && name == change.key) record = item.as<Table>();
                }
            if (record == nullptr) {
                unknown(step, change, names);
            } else if (auto* keys = change.value.as<Table>()) {
                into(*record, *keys, step.inside);
            } else {
                context_.out.error(
                    change.value.place,
                    fmt::format("{}: expected a table of keys, found {}", clip(change.key), describe(change.value)),
                    fmt::format("write the keys of {} that change", quote(change.key)));
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
};

}  // namespace

void take_environment(Document& from, const std::string& name, Environment& into) {
    auto* value = find(from.root, "env");
    auto* all = value == nullptr ? nullptr : value->as<Table>();
    if (all == nullptr) return;
    for (Member& member : all->members) {
        if (std::ranges::find(into.names, member.key) == into.names.end()) into.names.push_back(member.key);
        if (member.key == name) into.tables.push_back(std::move(member.value));
    }
    // The reader knows its key; several files may have one.
    std::erase_if(from.root.members, [](const Member& member) { return member.key == "env"; });
}

void apply(Context& context, const std::string& name, const Environment& environment, Document& to) {
    if (name.empty()) return;
    if (environment.tables.empty()) {
        const std::vector<std::string_view> names(environment.names.begin(), environment.names.end());
        const auto near = context.suggester.nearest(name, names);
        auto& made = context.out.error({}, fmt::format("--env: there is no environment {}", quote(name)));
        made.fix = near.empty() ? fmt::format("declare it, as [env.{}]", clip(name)) : fmt::format("--env {}", near);
        if (!names.empty()) made.notes.emplace_back("declared", join(names));
        return;
    }
    for (Value table : environment.tables) {
        if (auto* changes = table.as<Table>())
            Overlay(context).into(to.root, *changes, steps());
        else
            context.out.error(table.place, fmt::format("env: expected a table, found {}", describe(table)),
                              fmt::format("write [env.{}]", clip(name)));
    }
}

}  // namespace poolfit::load
