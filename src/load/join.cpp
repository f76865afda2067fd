// Several files, one tree.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "joined.hpp"
#include "steps.hpp"

namespace poolfit::load {
namespace {

bool is_list_of_records(std::string_view key) {
    return std::ranges::any_of(steps(),
                               [&](const Step& step) { return step.key == key && step.kind == Step::Kind::records; });
}

}  // namespace

void report_two_files(Context& context, const Member& again, const Place& first) {
    auto& made = context.out.error(
        again.key_place, fmt::format("{} is given in two files", clip(again.key)),
        again.key == "provider" || again.key == "region"
            ? fmt::format("keep it in one of them, and write {} in the databases of others", again.key)
            : std::string("keep it in one of them"));
    context.note(made, "first", first);
}

void join(Context& context, Document& into, Document more) {
    for (Member& member : more.root.members) {
        Value* known = find(into.root, member.key);
        if (known == nullptr) {
            into.root.members.push_back(std::move(member));
            continue;
        }
        auto* items = member.value.as<Array>();
        auto* all = known->as<Array>();
        if (is_list_of_records(member.key) && items != nullptr && all != nullptr) {
            std::ranges::move(items->items, std::back_inserter(all->items));
            continue;
        }
        // Each file has those of its own records.
        if (auto* bindings = member.value.as<Table>(); member.key == "bindings" && bindings != nullptr) {
            if (auto* ours = known->as<Table>())
                std::ranges::move(bindings->members, std::back_inserter(ours->members));
            continue;
        }
        // Each file says what it is.
        const auto* schema = member.key == "schema" ? member.value.as<std::string>() : nullptr;
        if (schema != nullptr && known->as<std::string>() != nullptr && *schema == *known->as<std::string>()) continue;
        report_two_files(context, member, known->place);
    }
}

}  // namespace poolfit::load
