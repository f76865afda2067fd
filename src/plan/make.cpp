#include <algorithm>

#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/plan.hpp>

#include "candidates.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

namespace {

/// Does a pool that ends on the database get another size?
bool pools_change(const Fleet& fleet, const Plan& plan, Index database) {
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const PoolSize &now = plan.sizes[i], &after = plan.pools[i].size;
        if (model::database_of(fleet, fleet.pools[i]) != database || !after) continue;
        if (!now || now->value != after->value) return true;
    }
    return false;
}

void plan_database(const Fleet& fleet, const Catalog& catalog, Index index, Plan& plan) {
    DatabasePlan& result = plan.databases[index];
    const Database& database = fleet.databases[index];
    const DatabaseDemand& now = plan.now.databases[index];
    result.budget = assess::budget(fleet, catalog, index, plan.now, plan.use, plan.ledger);
    result.after = plan.after.databases[index];
    result.now = assess::project(fleet, catalog, index, *database.type, plan.term, now, now, plan.ledger);
    const DatabasePlan* primary = database.replica_of ? &plan.databases[*database.replica_of] : nullptr;
    const auto& load = plan.database_loads[index];
    const Question question{fleet, catalog, index, plan.term, now, result.after, load ? &*load : nullptr, primary};
    result.candidates = candidates(question, plan.ledger);
    recommend(fleet, index, pools_change(fleet, plan, index), result, plan.ledger);
    assess_risk(fleet, index, result);
}

/// Sum over the databases counted; nothing where one is not known.
template <class Part>
std::optional<Figure<MicroUsdPerMonth>> sum(const Plan& plan, const std::vector<Index>& counted, std::string name,
                                            Measure measure, Ledger& ledger, Part part) {
    MicroUsdPerMonth total;
    std::vector<FigureId> parts;
    for (const Index i : counted) {
        const std::optional<Figure<MicroUsdPerMonth>>& figure = part(plan.databases[i]);
        if (!figure) return std::nullopt;
        total += figure->value;
        parts.push_back(figure->id);
    }
    return Figure<MicroUsdPerMonth>{
        total, ledger.derive(std::move(name), assess::measured(measure, usd(total)), "Σ databases", std::move(parts))};
}

}  // namespace

namespace {

Plan make_on(const Fleet& fleet, const Catalog& catalog, PriceTerm term, const std::vector<Index>& counted,
             const Classes& classes) {
    Plan plan;
    plan.term = term;
    Ledger& ledger = plan.ledger;
    for (const Pool& pool : fleet.pools) {
        plan.sizes.push_back(assess::declared_size(fleet, pool, ledger));
        plan.sizes_by_vcpus.push_back(assess::size_by_vcpus(fleet, pool, ledger));
    }
    plan.loads = load_pools(fleet, classes, plan.sizes, ledger);
    plan.pools = size_pools(fleet, plan.sizes, plan.loads, ledger);
    std::vector<PoolSize> recommended;
    for (const PoolAdvice& advice : plan.pools) recommended.push_back(advice.size);
    rate_pools(fleet, classes, plan.sizes, recommended, plan.loads, ledger);
    plan.now = assess::demand(fleet, catalog, plan.sizes, "", ledger);
    plan.after = assess::demand(fleet, catalog, recommended, "after", ledger);
    plan.database_loads = load_databases(fleet, plan.loads, plan.now, ledger);
    for (std::size_t i = 0; i < fleet.pools.size(); ++i)
        plan.use.push_back(assess::pool_use(fleet, fleet.pools[i], plan.now.pools[i], ledger));

    // Primaries first: a replica may not be smaller than what its primary becomes.
    plan.databases.resize(fleet.databases.size());
    for (const bool replicas : {false, true})
        for (Index i = 0; i < fleet.databases.size(); ++i)
            if (fleet.databases[i].replica_of.has_value() == replicas) plan_database(fleet, catalog, i, plan);

    const auto total = [&](std::string name, Measure measure, auto part) {
        return sum(plan, counted, std::move(name), measure, ledger, part);
    };
    using Money = const std::optional<Figure<MicroUsdPerMonth>>&;
    plan.totals.now =
        total("totals.now", Measure::usd_per_month, [](const DatabasePlan& d) -> Money { return d.now.cost; });
    plan.totals.after = total("totals.after", Measure::usd_per_month,
                              [](const DatabasePlan& d) -> Money { return d.recommendation.cost; });
    plan.totals.saves = total("totals.saves_per_month", Measure::usd_per_month,
                              [](const DatabasePlan& d) -> Money { return d.recommendation.saves; });
    plan.totals.saves_per_year = total("totals.saves_per_year", Measure::usd_per_year,
                                       [](const DatabasePlan& d) -> Money { return d.recommendation.saves_per_year; });
    return plan;
}

/// Classes to be on next: the recommended ones, where a size depends on the vCPUs.
Classes next_classes(const Plan& plan, const Fleet& fleet, const Classes& classes) {
    Classes next = classes;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Index database = model::database_of(fleet, fleet.pools[i]);
        if (plan.loads[i] && plan.loads[i]->knee) next[database] = plan.databases[database].recommendation.cls;
    }
    return next;
}

bool same_vcpus(const Classes& a, const Classes& b) {
    return std::ranges::equal(a, b, {}, &InstanceClass::vcpus, &InstanceClass::vcpus);
}

// A size within the knee of a class may change which class is the cheapest, and that its knee: it settles at once or
// after a round, since classes differ in vCPUs by factors. Where it does not, the last answer stands, and holds for
// the class before.
constexpr int most_rounds = 4;

}  // namespace

Plan make(const Fleet& fleet, const Catalog& catalog, PriceTerm term, const std::vector<Index>& counted) {
    Classes classes;
    for (const Database& database : fleet.databases) classes.push_back(database.type);
    for (int round = 1;; ++round) {
        Plan plan = make_on(fleet, catalog, term, counted, classes);
        Classes next = next_classes(plan, fleet, classes);
        if (round == most_rounds || same_vcpus(next, classes)) return plan;
        classes = std::move(next);
    }
}

}  // namespace poolfit::plan
