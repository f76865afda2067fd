// The rules over an inventory: all of them, so that a suppression of one that is not asked for still counts as used;
// findings not asked for are dropped after that, and those that follow from another finding at the end.
#include <algorithm>
#include <utility>

#include <poolfit/threads/parallel.hpp>

#include "cause.hpp"
#include "drift.hpp"
#include "facts.hpp"
#include "known.hpp"
#include "rules.hpp"
#include "suppress.hpp"

namespace poolfit::lint {
namespace {

/// The severity of a rule in the policy: the most specific selector wins, the id or name before the longest prefix; of
/// two equal ones, the later.
struct Setting {
    bool given = false;
    std::optional<Severity> severity;
};

Setting setting(const Policy& policy, const Rule& rule) {
    Setting result;
    std::size_t best = 0;
    for (const RuleSeverity& each : policy.severities) {
        if (!means(*each.rule, rule)) continue;
        const bool exact = *each.rule == rule.id || *each.rule == rule.name;
        const std::size_t weight = exact ? std::size_t{1000} : each.rule->size();
        if (weight < best) continue;
        best = weight;
        result = {true, each.severity};
    }
    return result;
}

bool any_means(const std::vector<std::string>& selectors, const Rule& rule) {
    return std::ranges::any_of(selectors, [&](const std::string& selector) { return means(selector, rule); });
}

/// Which databases were asked for, as Fleet::databases.
std::vector<bool> asked_for(const Fleet& fleet, const std::vector<Index>& databases) {
    std::vector<bool> asked(fleet.databases.size(), databases.empty());
    for (const Index database : databases) asked[database] = true;
    return asked;
}

/// Is the finding about one of these? A finding about no particular database is left out if databases were selected.
bool is_about(const Finding& finding, const std::vector<bool>& asked) {
    return std::ranges::any_of(finding.databases, [&](Index database) { return asked[database]; });
}

/// The rules that the policy does not turn off, of those that `wanted` takes.
template <class Wanted>
std::vector<const Rule*> turned_on(const Policy& policy, Wanted wanted) {
    std::vector<const Rule*> on;
    for (const Rule* rule : rules())
        if (const Setting set = setting(policy, *rule); wanted(*rule) && (!set.given || set.severity))
            on.push_back(rule);
    return on;
}

std::vector<Finding> with_severities(const Policy& policy, std::vector<Finding> findings) {
    for (Finding& finding : findings)
        if (const Setting set = setting(policy, *finding.rule); set.severity) finding.severity = *set.severity;
    return findings;
}

/// A value from a series has its place in the series file, which people do not edit. The finding points at the key that
/// names the file; a note gives the value's place.
void at_the_key(const Fleet& fleet, Finding& finding) {
    if (!finding.place) return;
    for (const Index index : finding.databases) {
        const Observed& observed = fleet.databases[index].observed;
        if (!observed.watched || !observed.series || finding.place.source->name() != observed.watched->file) continue;
        finding.notes.emplace_back("series", diag::print(finding.place));
        finding.place = observed.series->place;
        return;
    }
}

bool before(const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    const bool same_source = a.place.source == b.place.source;
    if (!same_source) {
        if (!a.place || !b.place) return !a.place;
        if (a.place.source->name() != b.place.source->name()) return a.place.source->name() < b.place.source->name();
    }
    if (a.place.span.begin != b.place.span.begin) return a.place.span.begin < b.place.span.begin;
    return a.rule->id < b.rule->id;
}

}  // namespace

std::vector<const Rule*> looking(const LintInput& input, const Options& options) {
    return turned_on(input.fleet.policy, [&](const Rule& rule) {
        if (!options.only_rules.empty() && !any_means(options.only_rules, rule)) return false;
        return !any_means(options.without_rules, rule) && (input.drifts != nullptr || !is_about_files(rule));
    });
}

std::vector<Finding> run(const LintInput& given, const Options& options) {
    const Facts known = collect(given);
    LintInput input = given;
    input.facts = &known;
    const Policy& policy = input.fleet.policy;
    const std::vector<const Rule*> on = turned_on(policy, [](const Rule&) { return true; });

    std::vector<Finding> findings;
    const auto add = [&](std::vector<Finding> more) {
        std::move(more.begin(), more.end(), std::back_inserter(findings));
    };
    std::vector<std::vector<Finding>> found(on.size());
    const int threads = input.fleet.databases.size() > threads::databases_at_once ? options.threads : 1;
    threads::in_parallel(static_cast<int>(on.size()), threads, [&](int i) {
        const auto at = static_cast<std::size_t>(i);
        found[at] = with_severities(policy, on[at]->check(input));
    });
    for (std::vector<Finding>& of_rule : found)
        for (Finding& finding : of_rule) at_the_key(input.fleet, finding);
    std::size_t count = 0;
    for (const std::vector<Finding>& of_rule : found) count += of_rule.size();
    findings.reserve(count);
    for (std::vector<Finding>& of_rule : found) add(std::move(of_rule));
    // Rules that are turned off are evaluated anyway: hiding a finding hides its cause.
    std::vector<Finding> hidden;
    for (const Rule* rule : rules())
        if (is_about_connections(*rule) && std::ranges::find(on, rule) == on.end())
            std::ranges::move(rule->check(input), std::back_inserter(hidden));
    Suppressions suppressions(input.fleet, input.today);
    suppressions.apply(findings);
    if (std::ranges::find(on, &table::unused_suppression) != on.end()) {
        // Those of PF901 itself are applied before they are judged.
        std::vector<const Rule*> judged = on;
        if (input.drifts == nullptr) std::erase_if(judged, [](const Rule* rule) { return is_about_files(*rule); });
        std::vector<Finding> unused = suppressions.unused(judged);
        suppressions.apply(unused);
        std::vector<Finding> still = suppressions.unused(judged);
        suppressions.apply(still);
        add(with_severities(policy, std::move(still)));
    }

    const std::vector<bool> asked = asked_for(input.fleet, options.databases);
    std::erase_if(findings, [&](const Finding& finding) {
        const Rule& rule = *finding.rule;
        if (!options.only_rules.empty() && !any_means(options.only_rules, rule)) return true;
        if (any_means(options.without_rules, rule)) {
            if (is_about_connections(rule)) hidden.push_back(finding);
            return true;
        }
        return !options.databases.empty() && !is_about(finding, asked);
    });
    if (!options.only_rules.empty()) hidden.clear();  // a rule that was asked for is always reported
    one_for_each_cause(findings, hidden, input);
    std::ranges::stable_sort(findings, before);
    if (input.baseline == nullptr) return findings;
    const std::vector<const Rule*> rules = looking(input, options);
    std::vector<Finding> stale = compare(input, rules, findings);
    if (!options.databases.empty() || std::ranges::find(rules, &table::stale_baseline) == rules.end()) return findings;
    add(with_severities(policy, std::move(stale)));
    std::ranges::stable_sort(findings, before);
    return findings;
}

std::vector<Finding> in_code(const LintInput& given, const std::vector<Index>& databases) {
    // Only what is behind a pooler needs them.
    const Facts known = given.fleet.poolers.empty() ? Facts() : collect(given);
    LintInput input = given;
    input.facts = &known;
    const Policy& policy = input.fleet.policy;
    std::vector<Finding> findings;
    for (const Rule* rule : turned_on(policy, [](const Rule& each) { return each.in_code; }))
        std::ranges::move(with_severities(policy, rule->check(input)), std::back_inserter(findings));
    if (findings.empty()) return findings;
    Suppressions(input.fleet, input.today).apply(findings);
    const std::vector<bool> asked = asked_for(input.fleet, databases);
    std::erase_if(findings, [&](const Finding& finding) {
        return finding.suppressed != nullptr || finding.severity != Severity::error || !is_about(finding, asked);
    });
    std::ranges::stable_sort(findings, before);
    return findings;
}

Count count(const std::vector<Finding>& findings) {
    Count result;
    for (const Finding& finding : findings) {
        if (finding.suppressed)
            ++result.suppressed;
        else if (finding.known)
            ++result.known;
        else if (finding.severity == Severity::error)
            ++result.errors;
        else if (finding.severity == Severity::warning)
            ++result.warnings;
        else
            ++result.infos;
    }
    return result;
}

}  // namespace poolfit::lint
