#include "totals.hpp"

#include <algorithm>

namespace poolfit::plan {

namespace {

using Money = const std::optional<Figure<MicroUsdPerMonth>>&;

/// The sum of a part of those with a price; nothing where none has one.
template <class Part>
std::optional<Figure<MicroUsdPerMonth>> sum(const std::vector<DatabasePlan>& databases,
                                            const std::vector<Index>& priced, Name name, Measure measure, Recorder r,
                                            Part part) {
    std::vector<assess::Term> parts;
    for (const Index i : priced) {
        if (Money figure = part(databases[i])) parts.push_back(r(*figure));
    }
    return r.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, name}, measure, assess::sum(parts, r.figures()));
}

std::optional<Figure<Interval<MicroUsdPerMonth>>> of_capacity(const std::vector<DatabasePlan>& databases,
                                                              const std::vector<Index>& counted, Recorder r) {
    std::vector<assess::Term> parts;
    for (const Index i : counted)
        if (const auto& use = databases[i].capacity; use && !use->instead && use->cost) parts.push_back(r(*use->cost));
    if (parts.empty()) return std::nullopt;
    return r.keep<Interval<MicroUsdPerMonth>>({{Subject::Kind::totals, 0}, Name::total_capacity},
                                              Measure::usd_per_month, assess::sum(parts, r.figures()));
}

using MoneyRange = Interval<MicroUsdPerMonth>;

/// What a part of the volumes comes to; nothing where none has it.
template <class Part>
std::optional<Figure<MoneyRange>> of_storage(const std::vector<DatabasePlan>& databases,
                                             const std::vector<Index>& counted, Name name, Recorder r, Part part) {
    std::vector<assess::Term> parts;
    for (const Index i : counted)
        if (databases[i].storage)
            if (const std::optional<Figure<MoneyRange>> figure = part(*databases[i].storage))
                parts.push_back(r(*figure));
    if (parts.empty()) return std::nullopt;
    return r.keep<MoneyRange>({{Subject::Kind::totals, 0}, name}, Measure::usd_per_month,
                              assess::sum(parts, r.figures()));
}

void add_storage(const std::vector<DatabasePlan>& databases, const std::vector<Index>& counted, Totals& totals,
                 Recorder r) {
    totals.storage =
        of_storage(databases, counted, Name::total_storage, r, [](const StorageUse& use) { return use.cost.cost; });
    totals.storage_saves = of_storage(databases, counted, Name::total_storage_saves, r, [](const StorageUse& use) {
        const bool less = use.advice && use.advice->saves && use.advice->saves->value.low.value > 0;
        return less ? use.advice->saves : std::nullopt;
    });
    for (const Index i : counted)
        if (const auto& use = databases[i].storage; use && use->volume.kind && (!use->cost.cost || use->cost.at_least))
            totals.without_storage.push_back(i);
}

/// The sums of classes with what volumes and capacity cost.
void add_bill(Totals& totals, Recorder r) {
    if (!totals.storage) return;
    const auto bill = [&](Name name, const std::optional<Figure<MicroUsdPerMonth>>& classes) {
        std::optional<Figure<MoneyRange>> result;
        if (!classes) return result;
        assess::Term sum = r(*classes) + r(*totals.storage);
        if (totals.capacity) sum = sum + r(*totals.capacity);
        result = r.keep<MoneyRange>({{Subject::Kind::totals, 0}, name}, Measure::usd_per_month, sum);
        return result;
    };
    totals.bill_now = bill(Name::total_bill_now, totals.now);
    totals.bill_after = bill(Name::total_bill_after, totals.after);
}

std::optional<Figure<MicroUsdPerMonth>> saved_by_upgrade(const DatabasePlan& plan) {
    return plan.recommendation.upgrade ? plan.recommendation.upgrade->saves : std::nullopt;
}

}  // namespace

Totals total(const Fleet& fleet, const std::vector<DatabasePlan>& databases, const std::vector<Index>& counted,
             Recorder r) {
    Totals totals;
    for (const Index i : counted)
        if (databases[i].now.support_unknown && databases[i].now.cost) totals.without_support.push_back(i);
    totals.capacity = of_capacity(databases, counted, r);
    add_storage(databases, counted, totals, r);
    std::vector<Index> priced;
    for (const Index i : counted) {
        if (!fleet.databases[i].platform->has_classes) continue;
        (databases[i].recommendation.saves ? priced : totals.unpriced).push_back(i);
    }
    if (priced.empty() && !counted.empty()) return totals;
    const auto of = [&](Name name, Measure measure, auto part) {
        return sum(databases, priced, name, measure, r, part);
    };
    totals.now = of(Name::total_now, Measure::usd_per_month, [](const DatabasePlan& d) -> Money { return d.now.cost; });
    totals.after = of(Name::total_after, Measure::usd_per_month,
                      [](const DatabasePlan& d) -> Money { return d.recommendation.cost; });
    totals.saves = of(Name::total_saves_per_month, Measure::usd_per_month,
                      [](const DatabasePlan& d) -> Money { return d.recommendation.saves; });
    totals.saves_per_year = of(Name::total_saves_per_year, Measure::usd_per_year,
                               [](const DatabasePlan& d) -> Money { return d.recommendation.saves_per_year; });
    if (std::ranges::any_of(priced, [&](Index i) { return databases[i].recommendation.peak_per_year.has_value(); }))
        totals.peak_per_year = of(Name::total_peak_per_year, Measure::usd_per_year,
                                  [](const DatabasePlan& d) -> Money { return d.recommendation.peak_per_year; });
    if (std::ranges::any_of(priced, [&](Index i) { return saved_by_upgrade(databases[i]).has_value(); })) {
        totals.upgrades_save = of(Name::total_upgrades_save_per_month, Measure::usd_per_month, saved_by_upgrade);
    }
    add_bill(totals, r);
    return totals;
}

}  // namespace poolfit::plan
