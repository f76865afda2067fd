#include "recommend.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::plan {

namespace {

bool is_over(const Projection& projection) {
    return std::any_of(projection.checks.begin(), projection.checks.end(),
                       [](const Check& check) { return check.standing == Standing::over; });
}

std::string over_text(const Projection& projection) {
    for (const Check& check : projection.checks)
        if (check.standing == Standing::over) return check.text;
    return {};
}

/// Keys of the inventory that the class's checks lack, each once, in order.
std::vector<std::string> missing_inputs(const Fleet& fleet, const Database& database, const DatabasePlan& plan,
                                        const Projection& projection) {
    std::vector<std::string> keys;
    for (const Check& check : projection.checks) {
        if (check.missing.empty() || check.standing == Standing::inside) continue;
        if (check.dimension > Dimension::freeable_memory) continue;  // disk and network only bind where given
        if (check.missing.starts_with("observed."))
            keys.push_back(fmt::format("database.{}.{}", *database.name, check.missing));
    }
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        const std::string label = fmt::format("{}.{}", *fleet.services[pool.service].name, *pool.name);
        const auto& unlimited = plan.budget.unlimited;
        if (!plan.after.allocated && std::find(unlimited.begin(), unlimited.end(), label) != unlimited.end())
            keys.push_back(fmt::format("service.{}.pool.{}.max", *fleet.services[pool.service].name, *pool.name));
    }
    if (!projection.cost) keys.push_back(fmt::format("price of {} in {}", projection.cls->name, *database.region));
    std::vector<std::string> once;
    for (std::string& key : keys)
        if (std::find(once.begin(), once.end(), key) == once.end()) once.push_back(std::move(key));
    return once;
}

/// Cheaper; then today's class; then the architecture of today; then newer; then by name.
bool better(const Candidate& a, const Candidate& b, const InstanceClass& today) {
    if (a.ranked_by != b.ranked_by) {
        if (!a.ranked_by || !b.ranked_by) return a.ranked_by.has_value();
        return *a.ranked_by < *b.ranked_by;
    }
    if ((a.cls == &today) != (b.cls == &today)) return a.cls == &today;
    if ((a.cls->arch == today.arch) != (b.cls->arch == today.arch)) return a.cls->arch == today.arch;
    if (a.cls->generation != b.cls->generation) return a.cls->generation > b.cls->generation;
    return a.cls->name < b.cls->name;
}

struct Savings {
    bool enough = false;
    std::string too_little;
};

Savings worth_it(const Policy& policy, MicroUsdPerMonth now, MicroUsdPerMonth after) {
    const MicroUsdPerMonth saves = now - after;
    if (saves < *policy.min_savings_per_month)
        return {false, fmt::format("saves {}/mo, min_savings_per_month is {}", unit::print(saves),
                                   unit::print(*policy.min_savings_per_month))};
    const double share = now.value > 0 ? static_cast<double>(saves.value) / static_cast<double>(now.value) : 0;
    if (share + 1e-12 < policy.min_savings->value)
        return {false, fmt::format("saves {}, min_savings is {}", unit::print(Fraction(share)),
                                   unit::print(*policy.min_savings))};
    return {saves.value > 0, fmt::format("saves nothing")};
}

/// Why today's class can't stay: the load that it has, or the pools that the plan would give it.
std::string what_fails(const Candidate& current, bool was_over) {
    const auto blocking = std::find_if(current.reasons.begin(), current.reasons.end(),
                                       [](const Reason& reason) { return reason.blocking; });
    return was_over || blocking->dimension > Dimension::connections_failover
               ? fmt::format("today's class does not carry the load: {}", blocking->text)
               : fmt::format("today's pools fit, those that their use asks for do not: {}", blocking->text);
}

std::string no_class_text(const Database& database, const DatabasePlan& plan, const std::string& trouble) {
    const Limits& limits = plan.budget.limits;
    if (limits.set_by_hand && limits.max_observed->value < limits.max_expected.value.low)
        return fmt::format(
            "{}; max_connections is set by hand at {}, where {} gives {}: raise it in the parameter group", trouble,
            unit::print(limits.max_observed->value), database.type->name, unit::print(limits.max_expected.value));
    return fmt::format("{}, and no class of the catalog passes every limit", trouble);
}

/// Cheaper classes that only the catalog's silence on the engine's version stands against: a new major version.
bool version_too_new(const DatabasePlan& plan, const Database& database) {
    if (!database.version || plan.recommendation.verdict == Verdict::resize) return false;
    const auto& all = plan.candidates;
    return catalog::supports(*database.platform, *database.type, database.version->value) ==
               catalog::Supported::unknown &&
           std::none_of(all.begin(), all.end(),
                        [&](const Candidate& c) { return c.cls != database.type && c.projection && c.fits; });
}

void choose(const Fleet& fleet, const Database& database, bool pools_change, DatabasePlan& plan) {
    Recommendation& r = plan.recommendation;
    const auto& all = plan.candidates;
    const auto today = static_cast<std::size_t>(
        std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.cls == database.type; }) - all.begin());
    std::size_t best = all.size();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].fits && (best == all.size() || better(all[i], all[best], *database.type))) best = i;

    const auto settle = [&](Verdict verdict, std::size_t candidate, std::string summary) {
        r.verdict = verdict;
        r.candidate = candidate;
        r.cls = all[candidate].cls;
        r.summary = std::move(summary);
    };
    const Candidate& current = all[today];
    const bool was_over = is_over(plan.now);
    if (!current.fits) {
        const std::string trouble = what_fails(current, was_over);
        if (best == all.size()) {
            r.missing = missing_inputs(fleet, database, plan, *current.projection);
            return settle(Verdict::unknown, today, no_class_text(database, plan, trouble));
        }
        const bool cheaper = current.ranked_by && all[best].ranked_by && *all[best].ranked_by <= *current.ranked_by;
        return settle(cheaper ? Verdict::resize : Verdict::upsize, best, trouble);
    }
    r.missing = missing_inputs(fleet, database, plan, *current.projection);
    if (!r.missing.empty()) {
        if (was_over && pools_change)
            return settle(Verdict::repool, today,
                          fmt::format("over a limit today ({}); the recommended pools fit", over_text(plan.now)));
        return settle(Verdict::unknown, today, "an input is missing; no smaller class can be judged without it");
    }
    if (version_too_new(plan, database) && !pools_change) {
        r.missing.push_back(fmt::format("which classes run {} {}: the catalog's lists end before it",
                                        database.platform->names.engine, database.version_text));
        return settle(Verdict::unknown, today, "the catalog does not know which classes run this version");
    }
    std::string kept = "no cheaper class passes every limit";
    if (best != today && best != all.size()) {
        const Savings savings = worth_it(fleet.policy, *current.ranked_by, *all[best].ranked_by);
        if (savings.enough) return settle(Verdict::resize, best, "the cheapest class that passes every limit");
        kept = fmt::format("{} fits, but {}", all[best].cls->name, savings.too_little);
    }
    if (pools_change) {
        return settle(Verdict::repool, today,
                      was_over ? fmt::format("over a limit today ({}); the recommended pools fit", over_text(plan.now))
                               : "the class stays, the pools change: " + kept);
    }
    settle(Verdict::keep, today, kept);
}

void bind(const Projection& projection, Recommendation& r) {
    const Check *first = nullptr, *second = nullptr;
    for (const Check& check : projection.checks) {
        if (!check.value || !check.limit || check.caveat || check.standing == Standing::no_worse) continue;
        if (!first || check.share > first->share) {
            second = first;
            first = &check;
        } else if (!second || check.share > second->share) {
            second = &check;
        }
    }
    if (first) r.binding = first->dimension;
    if (second) r.next_binding = second->dimension;
}

void save(const Database& database, DatabasePlan& plan, Ledger& ledger) {
    Recommendation& r = plan.recommendation;
    r.cost = plan.candidates[r.candidate].projection->cost;
    const auto& now = plan.now.cost;
    if (!now || !r.cost) return;
    const std::string name = "database." + *database.name + ".recommendation.";
    const MicroUsdPerMonth saves = now->value - r.cost->value;
    r.saves = {saves, ledger.derive(name + "saves_per_month", assess::measured(saves), "price today − price after",
                                    {now->id, r.cost->id})};
    const MicroUsdPerMonth year = saves * 12;
    r.saves_per_year = {year, ledger.derive(name + "saves_per_year", assess::measured(Measure::usd_per_year, usd(year)),
                                            "12 × saves_per_month", {r.saves->id})};
}

}  // namespace

void recommend(const Fleet& fleet, Index index, bool pools_change, DatabasePlan& plan, Ledger& ledger) {
    const Database& database = fleet.databases[index];
    choose(fleet, database, pools_change, plan);
    bind(*plan.candidates[plan.recommendation.candidate].projection, plan.recommendation);
    save(database, plan, ledger);
}

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::resize:
            return "resize";
        case Verdict::repool:
            return "repool";
        case Verdict::upsize:
            return "upsize";
        case Verdict::keep:
            return "keep";
        case Verdict::unknown:
            return "unknown";
    }
    return {};
}

}  // namespace poolfit::plan
