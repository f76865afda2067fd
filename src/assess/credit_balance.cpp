// Credits of a burstable class over the CPU series of a database, or of two when one is lost.
#include <algorithm>
#include <array>
#include <vector>

#include <poolfit/series/credits.hpp>

#include "scope.hpp"

namespace poolfit::assess {
namespace {

constexpr double minutes_per_hour = 60;  // a credit is one vCPU at 100 % for a minute

/// What a share of today's vCPUs is on the class looked at, by the one law, at the pessimistic end of its band.
double on_class(const Scope& scope, double busy, const Recorder& r) {
    const auto there = r.drawn(scope.index, Doubt::cpu, Interval<Fraction>(Fraction(busy)));
    return cpu_on(*scope.today.cls, scope.cls(), {there.low.value, there.high.value}, r).high;
}

/// The same for many. The law bends at one share at most on either side, so a table is as good.
class OnClass {
public:
    /// `highest`: of the shares that are asked for.
    OnClass(const Scope& scope, double highest) : most_(std::max(1.0, highest)) {
        const Recorder r = scope.r.silent();
        for (std::size_t i = 0; i < table_.size(); ++i)
            table_[i] = on_class(scope, static_cast<double>(i) / steps * most_, r);
    }
    double operator()(double busy) const {
        const double at = std::clamp(busy / most_, 0.0, 1.0) * steps;
        const auto below = std::min(static_cast<std::size_t>(at), table_.size() - 2);
        return table_[below] + (table_[below + 1] - table_[below]) * (at - static_cast<double>(below));
    }
    /// The share of today's vCPUs that is so much there.
    double before(double there) const {
        const auto above = std::ranges::upper_bound(table_, there);
        if (above == table_.begin()) return 0;
        if (above == table_.end()) return most_;
        const double low = *(above - 1), high = *above;
        return (static_cast<double>(above - table_.begin() - 1) + (there - low) / (high - low)) / steps * most_;
    }

private:
    static constexpr double steps = 256;
    double most_;  // more than 1 of a load that --scale multiplies
    std::array<double, 257> table_{};
};

/// The CPU series, where the mean is the series' own.
const series::Watched::Kept* cpu_series(const Observed& observed) {
    if (!observed.watched || !observed.cpu_mean || !observed.cpu_mean->place ||
        observed.cpu_mean->place.source->name() != observed.watched->file)
        return nullptr;
    const series::Watched::Kept* kept = observed.watched->cpu();
    const bool usable = kept != nullptr && kept->series.period > 0 && kept->series.points.size() > 1;
    return usable ? kept : nullptr;
}

series::CreditRules rules_of(const Scope& scope) {
    const Burst& burst = *scope.cls().burst;
    series::CreditRules rules;
    rules.earned_per_hour = burst.credits_per_hour;
    rules.most = burst.max_credits;
    rules.per_hour = static_cast<double>(scope.cls().vcpus) * minutes_per_hour;
    rules.unlimited = scope.database.platform->overrun(scope.cls()) != Overrun::throttled;
    return rules;
}

/// The keys of its three figures, in order.
using Keys = std::array<Key, 3>;

std::optional<CreditBalance> balance_of(const Scope& scope, const series::CreditRun& run, const Keys& keys,
                                        const Figure<Interval<Fraction>>& mean, const Remark& remark) {
    if (run.hours <= 0) return std::nullopt;
    const Recorder r = scope.r;
    const InstanceClass& cls = scope.cls();
    const Burst& burst = *cls.burst;
    const double months = month_hours(r).value / run.hours;
    std::array<FigureId, 3> inputs{};
    if (r.on())
        inputs = {mean.id,
                  r.row(class_key(cls, Name::credits_per_hour),
                        measured(Measure::credits_per_hour, burst.credits_per_hour), cls.row),
                  r.row(class_key(cls, Name::max_credits), measured(Measure::credits, burst.max_credits), cls.row)};
    const auto figure = [&](const Key& key, Measure measure, double value, Model model) {
        return Figure<double>{
            value, r.on() ? r.by_model(key, measured(measure, value), model, {}, inputs, remark) : FigureId{}};
    };
    CreditBalance result;
    result.lowest = figure(keys[0], Measure::credits, run.lowest, Model::credits_lowest);
    result.short_credits = figure(keys[1], Measure::credits, run.short_credits * months, Model::credits_short);
    result.short_hours = figure(keys[2], Measure::hours, run.short_hours * months, Model::credits_short_hours);
    result.lowest_at = run.lowest_at;
    return result;
}

}  // namespace

Remark of_series(const Observed& observed, std::string_view key, const Place& place) {
    if (!observed.watched || !place || place.source->name() != observed.watched->file) return {};
    const series::Watched::Given* given = observed.watched->find(key);
    return given == nullptr ? Remark{} : Remark{Note::free_text, given->said};
}

std::optional<CreditBalance> credit_balance(const Scope& scope, const Figure<Interval<Fraction>>& mean) {
    const series::Watched::Kept* kept = cpu_series(scope.database.observed);
    if (kept == nullptr) return std::nullopt;
    const series::CreditRules rules = rules_of(scope);
    const Keys keys{scope.key(Name::credits_lowest), scope.key(Name::credits_short),
                    scope.key(Name::credits_short_hours)};
    if (scope.known.thinned != nullptr && !scope.known.thinned->empty()) {
        series::CreditSteps there = *scope.known.thinned;
        const Recorder r = scope.r.silent();
        for (series::CreditStep& each : there) each.busy = on_class(scope, each.busy, r);
        return balance_of(scope, series::run_credits(there, rules), keys, mean, {});
    }
    const OnClass there(scope, kept->summary.highest.value);
    std::vector<double> busy;
    busy.reserve(kept->series.points.size());
    for (const series::Point& point : kept->series.points) busy.push_back(there(point.value));
    if (scope.known.thin != nullptr) {
        // As today's class has it: the class looked at is as busy with it as with the points, at these inputs.
        *scope.known.thin = series::credit_steps(kept->series, busy, rules);
        for (series::CreditStep& each : *scope.known.thin) each.busy = there.before(each.busy);
    }
    return balance_of(scope, series::run_credits(kept->series, busy, rules, scope.known.balances), keys, mean, {});
}

LossBalance credit_balance(const Scope& scope, Index lost, const Figure<Interval<Fraction>>& mean) {
    const Database& other = scope.fleet.databases[lost];
    const series::Watched::Kept *mine = cpu_series(scope.database.observed), *theirs = cpu_series(other.observed);
    if (mine == nullptr && theirs == nullptr) return {};
    const CpuTogether there(scope.cls(), *scope.today.cls, *other.type);
    series::Pair both;
    if (mine != nullptr && theirs != nullptr) {
        both = series::at_once(mine->series, theirs->series);
        if (both.one.points.size() * 2 < mine->series.points.size()) return {std::nullopt, true};
    } else {
        // A mean, at its high end, at all times.
        both.one = (mine != nullptr ? mine : theirs)->series;
        const Observed& steady = mine != nullptr ? other.observed : scope.database.observed;
        both.other.assign(both.one.points.size(), steady.cpu_mean->value.high.value);
    }
    std::vector<double> busy;
    busy.reserve(both.other.size());
    for (std::size_t i = 0; i < both.other.size(); ++i) {
        const double one = both.one.points[i].value, rest = both.other[i];
        busy.push_back(mine != nullptr ? there(one, rest) : there(rest, one));
    }
    const auto key = [&](Name name) {
        Key named = scope.key(name);
        named.detail = *other.name;
        return named;
    };
    const Remark remark{Note::series_together, *other.name,
                        (mine != nullptr ? 1.0 : 0.0) + (theirs != nullptr ? 2.0 : 0.0)};
    return {balance_of(scope, series::run_credits(both.one, busy, rules_of(scope)),
                       {key(Name::credits_failover_lowest), key(Name::credits_failover_short),
                        key(Name::credits_failover_short_hours)},
                       mean, remark),
            false};
}

}  // namespace poolfit::assess
