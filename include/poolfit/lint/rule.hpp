// A rule: what it is for, its texts, and its check, as one row. One file per rule (src/lint/rules); ids are permanent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/model/baseline.hpp>
#include <poolfit/model/drift.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/plan/plan.hpp>
#include <poolfit/unit/date.hpp>

namespace poolfit {

namespace lint {
struct Facts;
}

/// What rules look at.
struct LintInput {
    const Fleet& fleet;
    const Catalog& catalog;
    const Plan& plan;
    std::optional<Date> today;                   ///< --today or SOURCE_DATE_EPOCH; without it, dates are not judged
    const lint::Facts* facts = nullptr;          ///< what rules share; made by run()
    const std::vector<Drift>* drifts = nullptr;  ///< from what is deployed; null where nothing was compared
    const Baseline* baseline = nullptr;          ///< null: none
};

struct Rule;

/// A text, if needed with words about the plan in it, which only render has.
struct Phrase {
    enum class About : std::uint8_t {
        nothing,  ///< `before` is all
        risk,     ///< the first reason of the risk of the database `of`
        advice,   ///< the reason for the advised size of the pool `of`
    };
    std::string before;
    About about = About::nothing;
    Index of = 0;
    std::string after;

    Phrase() = default;
    Phrase(std::string text) : before(std::move(text)) {}
    Phrase(const char* text) : before(text) {}
    Phrase(std::string text, About what, Index index, std::string rest)
        : before(std::move(text)), about(what), of(index), after(std::move(rest)) {}
    bool operator==(const Phrase&) const = default;
};

/// Something a rule found, on the key that it is about.
struct Finding {
    const Rule* rule = nullptr;
    Severity severity = Severity::warning;
    std::string target;   ///< record it is about: "primary", "api", "math-updater.drizzle", "bouncer"
    std::string message;  ///< one line with the numbers, printed after "target: "
    Place place;          ///< the key or value to change
    Phrase label;         ///< the arithmetic, after the caret
    std::vector<std::pair<std::string, Phrase>>
        notes;                           ///< "limit" → "181 max_connections (observed) − 5 reserved = 176"
    std::string fix;                     ///< "max = 3  →  120 of 176 (68 %)"
    std::string fix_at{};                ///< record whose key it sets, where that is not `target`: "auth-api.main"
    std::vector<Index> databases;        ///< that it is about, the first before all; none: the inventory as a whole
    std::vector<Index> pools;            ///< whose size it is about, where it is
    const Ignore* suppressed = nullptr;  ///< the suppression that covers it, where one does
    bool known = false;                  ///< the baseline has it, so no gate fails for it

    /// Where its line does not stand beside it: "auth-api.main: max = 3  →  120 of 176 (68 %)".
    std::string whole_fix() const { return fix_at.empty() || fix_at == target ? fix : fix_at + ": " + fix; }
};

struct Rule {
    std::string_view id;         ///< "PF001"
    std::string_view name;       ///< "deploy-over-usable"
    Severity severity;           ///< unless the policy says otherwise
    std::string_view since;      ///< version that brought it
    std::string_view summary;    ///< one sentence: what it catches
    std::string_view rationale;  ///< why it matters: a paragraph or two
    std::string_view fix;        ///< how to fix it
    std::vector<Finding> (*check)(const LintInput&);
    bool in_code = false;  ///< only a change to a service's code or to how it connects fixes it; no plan does
};

namespace lint {

/// All rules, by id.
std::span<const Rule* const> rules();
const Rule* find_rule(std::string_view id_or_name);
/// The rules that an id, a name or an id prefix ("PF1") selects; none where there is no such rule.
std::vector<const Rule*> select(std::string_view selector);
/// The id or name nearest to a selector that selects no rule, or "".
std::string_view nearest_rule(std::string_view selector);
/// Errors for suppressions and severities of rules that do not exist.
void check_references(const Fleet& fleet, Diagnostics& diagnostics);

struct Options {
    std::vector<std::string> only_rules;     ///< --rule: ids, names or prefixes ("PF1")
    std::vector<std::string> without_rules;  ///< --no-rule
    std::vector<Index> databases;            ///< findings about these and what connects to them; empty: all
    int threads = 1;                         ///< for the rules over many databases
};

/// Findings in order of severity (errors first), then place, then id. Suppressed ones are kept, marked. The rules
/// about suppressions (expired, unused, unexplained) look at the result of the others.
std::vector<Finding> run(const LintInput& input, const Options& options);
/// The rules whose findings run() keeps, by id: those that the policy does not turn off, and the options select.
std::vector<const Rule*> looking(const LintInput& input, const Options& options);
/// The errors among them that no plan fixes, as `Rule::in_code`; those that are suppressed are left out.
std::vector<Finding> in_code(const LintInput& input, const std::vector<Index>& databases);

/// Number of findings by severity; those that are suppressed or known are counted apart.
struct Count {
    std::size_t errors = 0, warnings = 0, infos = 0, suppressed = 0, known = 0;
};
Count count(const std::vector<Finding>& findings);

/// docs/rules.md, whole.
std::string markdown();

}  // namespace lint
}  // namespace poolfit
