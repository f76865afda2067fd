// The recommended plan, typed into the inventory as its phases say it, over fleets with all that an inventory can have.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/shrink.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// A change of a service's code, which the plan has named.
bool is_in_code(const Answer& before, const Finding& finding) {
    return std::ranges::any_of(before.in_code, [&](const Finding& named) {
        return named.rule == finding.rule && named.target == finding.target;
    });
}

/// Does the plan say that this server stays as it is, and why?
bool unsolved(const DatabasePlan& plan) {
    const Recommendation& r = plan.recommendation;
    return r.verdict == Verdict::unknown || r.summary.no_class != Summary::NoClass::found ||
           (r.verdict == Verdict::over && (r.ways.empty() || !r.unended.empty()));
}

/// Has the pool all that its runtime can hold, and the plan says that those are as good as always busy?
bool is_full_at_ceiling(const Answer& before, const Finding& finding) {
    for (Index p = 0; p < before.fleet.pools.size(); ++p) {
        const PoolPlan& pool = before.plan.pools[p];
        const Pool& record = before.fleet.pools[p];
        if (fmt::format("{}.{}", *before.fleet.services[record.service].name, *record.name) != finding.target) continue;
        const auto most = model::most_by_runtime(before.fleet, record);
        return most && pool.recommended() && pool.recommended()->value == *most && pool.load && pool.load->after &&
               pool.load->after->figures.utilization.value >= 0.95;
    }
    return false;
}

/// Does the plan name what the finding is about as something that it does not end?
bool is_named(const Answer& before, const Finding& finding) {
    if (is_in_code(before, finding)) return true;
    // The plan deletes it, and what is typed in keeps it.
    const auto idle = [&](Index i) { return before.plan.databases[i].recommendation.idle.has_value(); };
    if (std::ranges::any_of(finding.databases, idle)) return true;
    if (finding.rule->id == "PF012" &&
        std::ranges::any_of(before.plan.pools, [](const PoolPlan& p) { return !p.advice.size; }))
        return true;
    if (finding.rule->id == "PF011" &&
        std::ranges::any_of(before.plan.pools, [](const PoolPlan& p) { return p.load && p.load->never_safe; }))
        return true;
    if (finding.rule->id == "PF010" && is_full_at_ceiling(before, finding)) return true;
    const auto of_pool = [&](Index p) { return model::database_of(before.fleet, before.fleet.pools[p]); };
    if (std::ranges::any_of(finding.databases, [&](Index i) { return unsolved(before.plan.databases[i]); }))
        return true;
    for (Index p = 0; p < before.fleet.pools.size(); ++p)
        if (fmt::format("{}.{}", *before.fleet.services[before.fleet.pools[p].service].name,
                        *before.fleet.pools[p].name) == finding.target &&
            unsolved(before.plan.databases[of_pool(p)]))
            return true;
    return false;
}

/// Is all known that a verdict needs, and nothing left that the plan does not solve? An outage is ended first, by a
/// limit say, and what else is over is the next plan's. "aggressive" types sizes by rules of thumb, which the next plan
/// measures by use. CPU time of a transaction is another on another class, and so are the sizes that its knee bounds.
bool settled(const Answer& before) {
    if (std::ranges::any_of(before.strategies,
                            [](const Strategy& s) { return s.recommended && s.name == "aggressive"; }))
        return false;
    for (Index i = 0; i < before.fleet.databases.size(); ++i)
        if (unsolved(before.plan.databases[i]) || before.plan.databases[i].chosen.checks.any_over() ||
            (before.plan.databases[i].load &&
             before.plan.databases[i].recommendation.cls != before.fleet.databases[i].type) ||
            !before.plan.databases[i].recommendation.missing.empty())
            return false;
    return true;
}

bool closes(const Answer& before, Index database) {
    const DatabasePlan& mine = before.plan.databases[database];
    return !mine.demand.allocated || mine.after.allocated->value < mine.demand.allocated->value;
}

/// What a plan of the applied plan changes again.
std::string restless(const Answer& before, const Answer& after) {
    if (!settled(before)) return "";
    for (const Action& action : after.phases) {
        if (action.kind == Action::Kind::measure) continue;
        std::string what;
        for (const Step& step : action.steps) {
            if (step.kind == Step::Kind::change_class)
                what += fmt::format(" {} to {}", *after.fleet.databases[step.database].name, step.cls->name);
            if (step.kind == Step::Kind::change && action.strategy) {
                const Point& change = after.strategies[*action.strategy].changes[step.change];
                if (change.pools.empty() || !change.to) continue;
                const Pool& pool = after.fleet.pools[change.pools.front()];
                what +=
                    fmt::format(" {}.{} to {}", *after.fleet.services[pool.service].name, *pool.name, change.to->value);
            }
        }
        // With fewer connections open, more is known of what is in memory: a smaller class may turn out to do.
        if (action.kind == Action::Kind::instance && closes(before, action.databases.front())) continue;
        return fmt::format("again {}:{}", plan::name(action.kind), what);
    }
    return "";
}

/// What is wrong with the applied plan; "" if nothing is.
std::string fault(const std::string& text, const Answer* known = nullptr) {
    const auto made = known != nullptr ? nullptr : answer(text);
    const Answer* before = known != nullptr ? known : made.get();
    if (before == nullptr) return "";
    std::string typed = typed_in(*before);
    const auto after = answer(typed);
    if (!after) return "does not load: " + problems(typed);
    for (const Finding& finding : after->findings) {
        if (finding.severity != Severity::error) continue;
        if (is_named(*before, finding)) continue;
        const bool was = std::ranges::any_of(before->findings, [&](const Finding& old) {
            return old.severity == Severity::error && old.rule == finding.rule && old.target == finding.target;
        });
        return fmt::format("{} {}: {}: {}", was ? "left" : "new", finding.rule->id, finding.target, finding.message);
    }
    return restless(*before, *after);
}

/// "new PF001": of which kind a fault is.
std::string kind(const std::string& fault) { return fault.substr(0, fault.find(':')); }

}  // namespace

TEST_CASE("the recommended plan, typed in, has no error that the plan does not name") {
    int loaded = 0, over = 0, refused = 0;
    std::map<std::string, int> kinds;
    for_seeds(31, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        const auto before = answer(text);
        if (!before) {
            ++refused;
            return;
        }
        ++loaded;
        for (const DatabasePlan& d : before->plan.databases) over += d.recommendation.verdict == Verdict::over ? 1 : 0;
        const std::string what = fault(text, before.get());
        if (what.empty()) return;
        // One of a kind is enough to look at.
        if (++kinds[kind(what)] > 1 || (what.starts_with("again") && std::getenv("POOLFIT_SHOW") == nullptr)) return;
        const std::string least =
            shrunk(text, [&](const std::string& less) { return kind(fault(less)) == kind(what); });
        FAIL_CHECK(shrunk(seed, what, least, fault(least)));
    });
    for (const auto& [kind, count] : kinds) {
        if (kind.starts_with("again")) {
            MESSAGE(kind << ": " << count << " fleets of " << loaded);
            continue;
        }
        FAIL_CHECK(kind << ": " << count << " fleets of " << loaded);
    }
    // Not mended yet: some 70 fleets of 5,000 move a size, a limit or a class once more. Of few fleets it may be more.
    const int again = kinds["again pools"] + kinds["again instance"] + kinds["again limit"] + kinds["again pooler"];
    CHECK(again * 50 <= loaded + 200);
    CHECK(refused * 20 < loaded);
    CHECK(over * 20 > loaded);
}
