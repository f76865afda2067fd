#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <poolfit/lint/rule.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/threads/parallel.hpp>

#include "commands.hpp"
#include "composing.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "kept.hpp"
#include "output.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

using report::Target;
using Targets = std::vector<Target>;

constexpr std::size_t most_figures = 8;

std::string name_of(const Report& report, const Target& target) {
    return assess::name(report.figures[target.figure].key, *report.fleet);
}

/// Of a class that was only considered: "database.primary.on.db.m5.large.cpu.peak".
bool is_considered(const Report& report, const Target& target) {
    const Key& key = report.figures[target.figure].key;
    const bool has_class = key.subject.kind == Subject::Kind::database || key.subject.kind == Subject::Kind::pooler;
    return has_class && key.cls != nullptr;
}

/// If figures of today and of the plan match the name, those of considered classes are left out.
void drop_considered(const Report& report, Targets& figures) {
    const auto considered = [&](const Target& target) { return is_considered(report, target); };
    if (std::all_of(figures.begin(), figures.end(), considered)) return;
    figures.erase(std::remove_if(figures.begin(), figures.end(), considered), figures.end());
}

/// The nearest name, or tail of a name.
std::string nearest(const Report& report, const std::string& word) {
    const std::vector<std::string> all = report::names(report);
    std::vector<std::string_view> names;
    for (const std::string_view name : all) {
        names.push_back(name);
        for (std::size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1))
            names.push_back(name.substr(dot + 1));
    }
    return std::string(diag::nearest(word, names));
}

/// The last database among the targets: words after it may name its parts.
Targets::iterator last_database(Targets& targets) {
    const auto at = std::find_if(targets.rbegin(), targets.rend(),
                                 [](const Target& target) { return target.kind == Target::Kind::database; });
    return at == targets.rend() ? targets.end() : at.base() - 1;
}

/// Does the word name a part of the database before it, "storage"? A record of that name comes first. The part takes
/// the place of the whole.
bool takes_section(const Report& report, Targets& targets, const std::string& word) {
    const auto last = last_database(targets);
    const auto section = report::section(word);
    if (last == targets.end() || !section) return false;
    const Targets named = report::find(report, word);
    if (!named.empty() && named.front().kind != Target::Kind::figure) return false;
    Target part = *last;
    part.section = section;
    if (last->section)
        targets.insert(last + 1, part);
    else
        *last = part;
    return true;
}

/// The nearest name of a part, for a word after a database that names nothing.
std::string_view near_section(Targets& so_far, const std::string& word) {
    if (last_database(so_far) == so_far.end()) return {};
    std::vector<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(report::last_section); ++i)
        names.push_back(report::name(static_cast<report::Section>(i)));
    return diag::nearest(word, names);
}

/// Names of figures that begin with all of the word: "totals.now" with "totals".
std::vector<std::string> names_below(const Report& report, const std::string& word) {
    std::vector<std::string> all = report::names(report);
    std::erase_if(all, [&](const std::string& name) { return !name.starts_with(word + '.'); });
    if (all.size() > most_figures) all.resize(most_figures);
    return all;
}

/// What the word names: records, or a few figures.
std::variant<Targets, Failure> find_targets(Context& context, const Report& report, Targets& so_far,
                                            const std::string& word) {
    Targets targets = report::find(report, word);
    if (targets.empty() && report::section(word) && last_database(so_far) == so_far.end()) {
        const auto& databases = report.fleet->databases;
        return fail(context.diagnostics, "usage", fmt::format("no target named '{}'", word),
                    fmt::format("a part goes after a database: {} {}",
                                databases.empty() ? std::string("NAME") : *databases.front().name, word));
    }
    if (targets.empty()) {
        // Only an example so far: what a database without a class would need and cost on it.
        for (const Database& database : report.fleet->databases)
            if (database.type->unknown && database.platform->has_classes && report.catalog != nullptr &&
                report.catalog->find_class(*database.platform, word) != nullptr)
                return fail(context.diagnostics, "usage",
                            fmt::format("{} is not judged here: {} has no class", word, *database.name),
                            model::command(*report.fleet, "explain",
                                           fmt::format("--set database.{}.class={} {}", *database.name, word, word)));
        for (const Platform* each : platform::all())
            if (each->has_classes && report.catalog != nullptr && report.catalog->find_class(*each, word) != nullptr)
                return fail(context.diagnostics, "usage",
                            fmt::format("{} is a class that no database here may have", word),
                            fmt::format("poolfit catalog show {}{}", word,
                                        each->provider == platform::usual_provider
                                            ? std::string()
                                            : fmt::format(" --provider {}", each->provider)));
        if (const std::string_view part = near_section(so_far, word); !part.empty())
            return fail(context.diagnostics, "usage", fmt::format("no target named '{}'", word),
                        fmt::format("did you mean {}?", part));
        const std::vector<std::string> below = names_below(report, word);
        if (!below.empty()) {
            Failure failure{"usage", fmt::format("no target named '{}'", word)};
            context.diagnostics.error({}, failure.message, fmt::format("did you mean {}?", below.front()))
                .notes.emplace_back("figures", fmt::format("{}", fmt::join(below, ", ")));
            return failure;
        }
        const std::string near = nearest(report, word);
        return fail(context.diagnostics, "usage", fmt::format("no target named '{}'", word),
                    near.empty() ? "use the name of a record, a class, a strategy, a rule or a figure"
                                 : fmt::format("did you mean {}?", near));
    }
    if (targets.front().kind != Target::Kind::figure) return targets;
    drop_considered(report, targets);
    if (targets.size() <= most_figures) return targets;
    Failure failure{"usage", fmt::format("{} matches {} figures", word, targets.size())};
    Diagnostic& error = context.diagnostics.error({}, failure.message,
                                                  fmt::format("use one, such as {}", name_of(report, targets.front())));
    for (std::size_t i = 0; i < most_figures; ++i) {
        error.notes.emplace_back(i == 0 ? "figures" : "", name_of(report, targets[i]));
    }
    return failure;
}

std::variant<Targets, Failure> all_targets(Context& context, const Report& report,
                                           const std::vector<std::string>& words) {
    Targets targets;
    for (const std::string& word : words) {
        if (takes_section(report, targets, word)) continue;
        auto found = find_targets(context, report, targets, word);
        if (std::holds_alternative<Failure>(found)) return found;
        const auto& more = std::get<Targets>(found);
        targets.insert(targets.end(), more.begin(), more.end());
    }
    return targets;
}

/// "PF999", in either case.
bool is_rule_id(std::string_view word) {
    return word.size() > 2 && (word[0] == 'P' || word[0] == 'p') && (word[1] == 'F' || word[1] == 'f') &&
           word.find_first_not_of("0123456789", 2) == word.npos;
}

/// `explain PF001` needs no inventory.
std::optional<Answer> explain_rule(Context& context) {
    const auto& words = context.options.arguments;
    const Rule* rule = words.size() == 1 ? lint::find_rule(words.front()) : nullptr;
    if (rule == nullptr && words.size() == 1 && is_rule_id(words.front())) {
        const std::string_view near = lint::nearest_rule(words.front());
        return fail(context.diagnostics, "usage", fmt::format("no such rule: {}", words.front()),
                    near.empty() ? "use an id that poolfit check prints, such as PF001"
                                 : fmt::format("did you mean {}?", near));
    }
    if (rule == nullptr) return {};
    return rendered(context, render::ExplainedRule{rule});
}

}  // namespace

Answer explain(Context& context) {
    if (auto failure = seed_alone(context)) return std::move(*failure);
    if (auto answer = explain_rule(context)) return std::move(*answer);
    const auto today = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&today)) return *failure;
    auto held = std::make_unique<Inputs>();
    Inputs& inputs = *held;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    if (inputs.names.empty()) {
        return fail(context.diagnostics, "usage", "explain what?",
                    "use the name of a record, a class, a strategy, a rule or a figure");
    }
    if (context.options.verbose) log_inputs(context, inputs);

    report::Composing composing;
    composing.term = context.options.price;
    composing.today = std::get<std::optional<Date>>(today);
    composing.derive = true;
    composing.words = inputs.names;
    // Only a rule's page shows what it finds.
    composing.findings =
        std::ranges::any_of(inputs.names, [](const std::string& word) { return lint::find_rule(word) != nullptr; });
    composing.worlds = worlds_of(context.options);
    composing.threads = threads::usable(8);
    report::Composing in_full = composing;
    auto made = std::make_unique<const Report>(report::compose(inputs.fleet, inputs.catalog, std::move(composing)));
    auto found = all_targets(context, *made, inputs.names);
    if (const auto* targets = std::get_if<Targets>(&found);
        made->partial && targets != nullptr &&
        std::ranges::any_of(*targets, [](const Target& each) { return each.kind != Target::Kind::database; })) {
        // A word names something else too.
        in_full.whole = true;
        made = std::make_unique<const Report>(report::compose(inputs.fleet, inputs.catalog, std::move(in_full)));
        found = all_targets(context, *made, inputs.names);
    }
    if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
    const Report& report = *made;
    const Targets& targets = std::get<Targets>(found);
    Answer answer = rendered(context, render::Explained{&report, &targets});
    keep_to_exit(std::move(made));
    keep_to_exit(std::move(held));
    return answer;
}

}  // namespace poolfit::cli
