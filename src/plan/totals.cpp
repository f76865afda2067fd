#include "totals.hpp"

#include <algorithm>

#include "recommend.hpp"

namespace poolfit::plan {

namespace {

using Money = const std::optional<Figure<MicroUsdPerMonth>>&;

/// The sum of a part of those with a price; nothing where none has one.
template <class Part>
std::optional<Figure<MicroUsdPerMonth>> sum_of_priced(const std::vector<DatabasePlan>& databases,
                                                      const std::vector<Index>& priced, Name name, Measure measure,
                                                      Recorder r, Part part) {
    std::vector<assess::Term> parts;
    for (const Index i : priced) {
        if (Money figure = part(databases[i])) parts.push_back(r(*figure));
    }
    return r.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, name}, measure, assess::sum(parts, r.figures()));
}

std::optional<Figure<Interval<MicroUsdPerMonth>>> of_capacity(const std::vector<DatabasePlan>& databases,
                                                              const std::vector<Index>& counted, Phase phase,
                                                              Recorder r) {
    Key key{{Subject::Kind::totals, 0}, Name::total_capacity};
    key.phase = phase;
    bool any = false;
    std::vector<assess::Term> parts;
    for (const Index i : counted) {
        const auto& use = databases[i].capacity;
        if (!use || use->instead || !use->cost) continue;
        any = true;
        if (phase == Phase::now || databases[i].recommendation.verdict != Verdict::idle) parts.push_back(r(*use->cost));
    }
    if (!any) return std::nullopt;
    const MicroUsdPerMonth none(0);
    if (parts.empty())
        return Figure<Interval<MicroUsdPerMonth>>{Interval<MicroUsdPerMonth>{none, none},
                                                  r.constant(key, assess::measured(none), Grounds::deleted_capacity)};
    return r.keep<Interval<MicroUsdPerMonth>>(key, Measure::usd_per_month, assess::sum(parts, r.figures()));
}

using MoneyRange = Interval<MicroUsdPerMonth>;

/// What a part of the volumes comes to; nothing where none has it.
template <class Part>
std::optional<Figure<MoneyRange>> of_storage(const std::vector<DatabasePlan>& databases,
                                             const std::vector<Index>& counted, Name name, Recorder r, Part part,
                                             Phase phase = Phase::now) {
    std::vector<assess::Term> parts;
    for (const Index i : counted)
        if (databases[i].storage)
            if (const std::optional<Figure<MoneyRange>> figure = part(*databases[i].storage))
                parts.push_back(r(*figure));
    if (parts.empty()) return std::nullopt;
    Key key{{Subject::Kind::totals, 0}, name};
    key.phase = phase;
    return r.keep<MoneyRange>(key, Measure::usd_per_month, assess::sum(parts, r.figures()));
}

/// Does a volume of its own stand behind it, which the inventory does not have?
bool lacks_storage(const Fleet& fleet, Index index) {
    const Volumes* volumes = fleet.databases[index].platform->volumes;
    if (volumes == nullptr || fleet.databases[index].storage) return false;
    return !volumes->shared || !fleet.databases[index].replica_of;
}

void add_storage(const Fleet& fleet, const std::vector<DatabasePlan>& databases, const std::vector<Index>& counted,
                 Totals& totals, Recorder r) {
    for (const Index i : counted)
        if (lacks_storage(fleet, i)) totals.storage_not_given.push_back(i);
    totals.storage =
        of_storage(databases, counted, Name::total_storage, r, [](const StorageUse& use) { return use.cost.cost; });
    totals.storage_after = of_storage(
        databases, counted, Name::total_storage, r, [](const StorageUse& use) { return use.cost_after; }, Phase::after);
    const auto unknown_after = [&](Index i) {
        return databases[i].storage && databases[i].storage->cost.cost && !databases[i].storage->cost_after;
    };
    if (std::ranges::any_of(counted, unknown_after)) totals.storage_after = {};
    totals.storage_saves = of_storage(databases, counted, Name::total_storage_saves, r, [](const StorageUse& use) {
        const bool less = use.advice && use.advice->saves && use.advice->saves->value.low.value > 0;
        return less ? use.advice->saves : std::nullopt;
    });
    for (const Index i : counted)
        if (const auto& use = databases[i].storage; use && use->volume.kind && (!use->cost.cost || use->cost.at_least))
            totals.without_storage.push_back(i);
}

/// The sums of classes with what volumes and capacity cost; of capacity alone where there are no classes.
void add_bill(const std::vector<DatabasePlan>& databases, const std::vector<Index>& counted, bool has_classes,
              Totals& totals, Recorder r) {
    if (has_classes ? !totals.storage || !totals.now : !totals.capacity) return;
    const auto bill = [&](Name name, const std::optional<Figure<MicroUsdPerMonth>>& classes,
                          const std::optional<Figure<MoneyRange>>& storage,
                          const std::optional<Figure<MoneyRange>>& capacity) {
        std::optional<Figure<MoneyRange>> result;
        if ((totals.now && !classes) || (totals.storage && !storage) || (totals.capacity && !capacity)) return result;
        std::vector<assess::Term> parts;
        if (classes) parts.push_back(r(*classes));
        if (storage) parts.push_back(r(*storage));
        if (capacity) parts.push_back(r(*capacity));
        if (totals.elastic_poolers) parts.push_back(r(*totals.elastic_poolers));
        result = r.keep<MoneyRange>({{Subject::Kind::totals, 0}, name}, Measure::usd_per_month,
                                    assess::sum(parts, r.figures()));
        return result;
    };
    totals.bill_now = bill(Name::total_bill_now, totals.now, totals.storage, totals.capacity);
    totals.bill_after = bill(Name::total_bill_after, totals.after, totals.storage_after, totals.capacity_after);
    // What stays is in both: only what goes is saved.
    std::vector<assess::Term> saved;
    if (totals.saves) saved.push_back(r(*totals.saves));
    for (const Index i : counted) {
        const auto& use = databases[i].storage;
        if (use && !use->kept && use->cost.cost) saved.push_back(r(*use->cost.cost));
        if (use && use->kept && use->deleted_io) saved.push_back(r(*use->deleted_io));
        const auto& capacity = databases[i].capacity;
        if (databases[i].recommendation.verdict == Verdict::idle && capacity && !capacity->instead && capacity->cost)
            saved.push_back(r(*capacity->cost));
    }
    if (saved.empty()) saved.push_back(r.literal(0));
    totals.bill_saves = r.keep<MoneyRange>({{Subject::Kind::totals, 0}, Name::total_bill_saves}, Measure::usd_per_month,
                                           assess::sum(saved, r.figures()));
}

std::optional<Figure<MicroUsdPerMonth>> saved_by_stop(const DatabasePlan& plan) {
    return plan.recommendation.stop ? std::optional(plan.recommendation.stop->saves) : std::nullopt;
}

/// Of the servers in the sums; a cost of a class has no range.
struct Poolers {
    std::vector<assess::Term> now, after;
    std::optional<Figure<MicroUsdPerMonth>> now_sum, after_sum;
};
Poolers of_poolers(const Fleet& fleet, const Plan& plan, const std::vector<Index>& counted,
                   const std::vector<Index>& priced, Totals& totals, Recorder r) {
    Poolers result;
    std::vector<assess::Term> elastic;
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        const auto& bill = plan.poolers[i].bill;
        const Index database = fleet.poolers[i].database;
        if (!bill || !std::ranges::binary_search(counted, database)) continue;
        if (fleet.databases[database].platform->elastic != nullptr && bill->now) {
            elastic.push_back(r(*bill->now));
            continue;
        }
        if (!std::ranges::binary_search(priced, database) || !bill->now || !bill->after ||
            !bill->now->value.is_point() || !bill->after->value.is_point()) {
            totals.unpriced_poolers.push_back(i);
            continue;
        }
        result.now.push_back(r(*bill->now));
        result.after.push_back(r(*bill->after));
    }
    if (!elastic.empty())
        totals.elastic_poolers = r.keep<MoneyRange>({{Subject::Kind::totals, 0}, Name::total_elastic_poolers},
                                                    Measure::usd_per_month, assess::sum(elastic, r.figures()));
    if (result.now.empty()) return result;
    const Subject of{Subject::Kind::totals, 0};
    result.now_sum = r.keep<MicroUsdPerMonth>({of, Name::total_poolers_now}, assess::sum(result.now, r.figures()));
    result.after_sum =
        r.keep<MicroUsdPerMonth>({of, Name::total_poolers_after}, assess::sum(result.after, r.figures()));
    return result;
}

std::optional<Figure<MicroUsdPerMonth>> saved_by_upgrade(const DatabasePlan& plan) {
    return plan.recommendation.upgrade ? plan.recommendation.upgrade->saves : std::nullopt;
}

/// Extended Support of capacity that follows the load, which upgrades end.
std::optional<Figure<Interval<MicroUsdPerMonth>>> saved_of_capacity(const std::vector<DatabasePlan>& databases,
                                                                    const std::vector<Index>& counted, Recorder r) {
    std::vector<assess::Term> parts;
    for (const Index i : counted)
        if (const auto saves = upgrade_saves_capacity(databases[i])) parts.push_back(r(*saves));
    if (parts.empty()) return std::nullopt;
    return r.keep<Interval<MicroUsdPerMonth>>(
        {{Subject::Kind::totals, 0}, Name::total_upgrades_save_capacity_per_month}, Measure::usd_per_month,
        assess::sum(parts, r.figures()));
}

/// The sums with what the poolers in front of the servers cost.
void with_poolers(const std::vector<DatabasePlan>& databases, const std::vector<Index>& priced, Totals& totals,
                  Recorder r) {
    std::vector<assess::Term> now{r(*totals.poolers_now)}, after{r(*totals.poolers_after)};
    for (const Index i : priced) {
        now.push_back(r(*databases[i].now.cost));
        after.push_back(r(*databases[i].recommendation.cost));
    }
    const auto key = [](Name name) { return Key{{Subject::Kind::totals, 0}, name}; };
    totals.now = r.keep<MicroUsdPerMonth>(key(Name::total_now), assess::sum(now, r.figures()));
    totals.after = r.keep<MicroUsdPerMonth>(key(Name::total_after), assess::sum(after, r.figures()));
    totals.saves = r.keep<MicroUsdPerMonth>(key(Name::total_saves_per_month), r(*totals.now) - r(*totals.after));
    totals.saves_per_year = r.keep<MicroUsdPerMonth>(key(Name::total_saves_per_year), Measure::usd_per_year,
                                                     r.literal(12) * r(*totals.saves));
}

}  // namespace

std::optional<Figure<Interval<MicroUsdPerMonth>>> saved_by_serverless(const std::vector<DatabasePlan>& databases,
                                                                      const std::vector<Index>& counted, Recorder r) {
    std::vector<assess::Term> parts;
    for (const Index i : counted)
        if (const auto& advice = databases[i].recommendation.serverless) parts.push_back(r(advice->saves));
    if (parts.empty()) return std::nullopt;
    return r.keep<Interval<MicroUsdPerMonth>>({{Subject::Kind::totals, 0}, Name::total_serverless_saves_per_month},
                                              assess::sum(parts, r.figures()));
}

Totals total(const Fleet& fleet, const Plan& plan, const std::vector<Index>& counted, Recorder r) {
    const std::vector<DatabasePlan>& databases = plan.databases;
    Totals totals;
    for (const Index i : counted)
        if (databases[i].now.support_unknown && databases[i].now.cost) totals.without_support.push_back(i);
    totals.capacity = of_capacity(databases, counted, Phase::now, r);
    totals.capacity_after = of_capacity(databases, counted, Phase::after, r);
    totals.upgrades_save_capacity = saved_of_capacity(databases, counted, r);
    add_storage(fleet, databases, counted, totals, r);
    totals.serverless_saves = saved_by_serverless(databases, counted, plan.steers ? Recorder() : r);
    std::vector<Index> priced;
    for (const Index i : counted) {
        if (!fleet.databases[i].platform->has_classes) {
            const auto& use = databases[i].capacity;
            if (use && !use->cost) totals.unpriced.push_back(i);
            continue;
        }
        (databases[i].recommendation.saves ? priced : totals.unpriced).push_back(i);
    }
    // With commitments, they are settled first.
    std::vector<Index> stopped;
    for (const Index i : counted)
        if (saved_by_stop(databases[i]) &&
            (databases[i].recommendation.saves || !fleet.databases[i].platform->has_classes))
            stopped.push_back(i);
    if (!plan.steers && !stopped.empty())
        totals.stops_save = sum_of_priced(databases, stopped, Name::total_stops_save_per_month, Measure::usd_per_month,
                                          r, saved_by_stop);
    const Poolers poolers = of_poolers(fleet, plan, counted, priced, totals, r);
    const bool has_classes =
        std::ranges::any_of(counted, [&](Index i) { return fleet.databases[i].platform->has_classes; });
    if (!has_classes) add_bill(databases, counted, false, totals, r);
    if (priced.empty() && !counted.empty()) return totals;
    const auto of = [&](Name name, Measure measure, auto part) {
        return sum_of_priced(databases, priced, name, measure, r, part);
    };
    totals.poolers_now = poolers.now_sum;
    totals.poolers_after = poolers.after_sum;
    if (poolers.now_sum) {
        with_poolers(databases, priced, totals, r);
    } else {
        totals.now =
            of(Name::total_now, Measure::usd_per_month, [](const DatabasePlan& d) -> Money { return d.now.cost; });
        totals.after = of(Name::total_after, Measure::usd_per_month,
                          [](const DatabasePlan& d) -> Money { return d.recommendation.cost; });
        totals.saves = of(Name::total_saves_per_month, Measure::usd_per_month,
                          [](const DatabasePlan& d) -> Money { return d.recommendation.saves; });
        totals.saves_per_year = of(Name::total_saves_per_year, Measure::usd_per_year,
                                   [](const DatabasePlan& d) -> Money { return d.recommendation.saves_per_year; });
    }
    if (std::ranges::any_of(priced, [&](Index i) { return databases[i].recommendation.peak_per_year.has_value(); }))
        totals.peak_per_year = of(Name::total_peak_per_year, Measure::usd_per_year,
                                  [](const DatabasePlan& d) -> Money { return d.recommendation.peak_per_year; });
    if (std::ranges::any_of(priced, [&](Index i) { return saved_by_upgrade(databases[i]).has_value(); })) {
        totals.upgrades_save = of(Name::total_upgrades_save_per_month, Measure::usd_per_month, saved_by_upgrade);
    }
    if (has_classes) add_bill(databases, counted, true, totals, r);
    return totals;
}

}  // namespace poolfit::plan
