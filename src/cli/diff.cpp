#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <poolfit/diff/compare.hpp>
#include <poolfit/lint/rule.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/render/diff.hpp>
#include <poolfit/threads/parallel.hpp>

#include "commands.hpp"
#include "diff_sides.hpp"
#include "held_tree.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

using Taken = std::variant<diff::Snapshot, Failure>;

/// The inventory of a side, planned.
Taken planned(Context& context, std::optional<Date> today) {
    Inputs inputs;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    lint::check_references(inputs.fleet, context.diagnostics);
    if (context.diagnostics.has_errors()) return has_errors(context, "inventory", inputs.fleet.path);
    report::Composing how;
    how.term = context.options.price;
    how.today = today;
    how.ways = how.vcpus = how.views = false;
    how.threads = threads::usable(8);
    return diff::snapshot(report::compose(inputs.fleet, inputs.catalog, std::move(how)));
}

/// What the side's files hold: a report, or an inventory.
Taken taken(Context& context, const Side& side, std::string path, std::optional<Date> today) {
    HeldTree tree(side.from());
    auto read = tree.read(path, load::max_file_size);
    if (auto* text = std::get_if<std::string>(&read)) {
        const SourceText head("", text->substr(0, 4096));
        if (diff::is_report(head)) {
            const SourceText& source = context.sources.add(path == "-" ? "<stdin>" : path, std::move(*text));
            auto snapshot = diff::snapshot(source, context.diagnostics);
            if (!snapshot) return has_errors(context, "report", source.name());
            return std::move(*snapshot);
        }
        tree.hold(path, std::move(*text));
    }
    Options options = context.options;
    options.arguments.clear();
    options.configs = side.files;
    if (side.files.empty()) options.configs.push_back(std::move(path));
    Context own{options,
                std::exchange(context.diagnostics, {}),
                std::exchange(context.sources, {}),
                std::exchange(context.log, {}),
                exit_code::ok,
                {},
                &tree};
    Taken result = planned(own, today);
    context.diagnostics = std::move(own.diagnostics);
    context.sources = std::move(own.sources);
    context.log = std::move(own.log);
    return result;
}

Failure no_inventory(Context& context, const Side& base, const Side& head) {
    std::string what = base.files.empty() ? std::string(usual_name) : base.files.front();
    if (const std::string own = base.label + ":"; what.starts_with(own)) what.erase(0, own.size());
    std::string near = near_inventory(base, what);
    if (near.empty()) near = near_inventory(head, what);
    return fail(context.diagnostics, "config",
                fmt::format("no inventory: neither {} nor {} has {}", base.label, head.label, what),
                near.empty()         ? std::string("name it: poolfit diff BASE HEAD FILE")
                : base.files.empty() ? fmt::format("name it, as {}: poolfit diff BASE HEAD FILE", near)
                                     : fmt::format("did you mean {}?", near));
}

}  // namespace

Answer diff(Context& context) {
    const auto day = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&day)) return *failure;
    const auto today = std::get<std::optional<Date>>(day);
    auto sides = sides_of(context);
    if (auto* failure = std::get_if<Failure>(&sides)) return std::move(*failure);
    const auto& [base, head] = std::get<std::pair<Side, Side>>(sides);
    const std::string base_file = inventory_of(base), head_file = inventory_of(head);
    if (base_file.empty() && head_file.empty()) return no_inventory(context, base, head);

    diff::Snapshot snapshots[2];
    const Side* const each[] = {&base, &head};
    const std::string* const files[] = {&base_file, &head_file};
    for (std::size_t i = 0; i < 2; ++i) {
        if (files[i]->empty() && !each[i]->may_miss) return no_inventory(context, base, head);
        if (files[i]->empty()) {
            snapshots[i].missing = true;
        } else {
            Taken result = taken(context, *each[i], *files[i], today);
            if (auto* failure = std::get_if<Failure>(&result)) return std::move(*failure);
            snapshots[i] = std::get<diff::Snapshot>(std::move(result));
        }
        snapshots[i].label = each[i]->label;
        snapshots[i].is_revision = each[i]->tree != nullptr;
        // A side without an inventory lacks that of the other.
        const std::size_t of = files[i]->empty() ? 1 - i : i;
        snapshots[i].path = path_of(*each[of], *each[1 - of], *files[of]);
        if (files[i]->empty()) snapshots[i].elsewhere = moved_to(*each[i], *each[1 - i], snapshots[i].path);
    }
    if (const auto names = diff::left_out_of_one(snapshots[0], snapshots[1]); !names.empty())
        return fail(context.diagnostics, "usage",
                    fmt::format("a report leaves out {}, which the other side has", names.front()),
                    "write it anew of all databases, without --only, --exclude and names");
    const diff::Comparison comparison = diff::compare(snapshots[0], snapshots[1]);
    const Options& options = context.options;
    const diff::Judgement judgement = diff::judge(comparison, options.max_increase, options.fail_on);
    if (judgement.failed()) context.exit_code = exit_code::findings;
    // Text that is made while it is written would outlive what it is made of.
    return rendered(context, render::Differing{&comparison, &judgement, options.verbose});
}

}  // namespace poolfit::cli
