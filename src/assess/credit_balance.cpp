// Credits of a burstable class over the CPU series of a database.
#include <algorithm>
#include <array>
#include <vector>

#include <poolfit/series/credits.hpp>

#include "scope.hpp"

namespace poolfit::assess {
namespace {

constexpr double minutes_per_hour = 60;  // a credit is one vCPU at 100 % for a minute

/// What a share of today's vCPUs is on the class looked at, by the one law, at the pessimistic end of its band. The law
/// bends at one share at most on either side, so a table is as good.
class OnClass {
public:
    /// `highest`: of the shares that are asked for.
    OnClass(const Scope& scope, double highest) : most_(std::max(1.0, highest)) {
        const Recorder r = scope.r.silent();
        for (std::size_t i = 0; i < table_.size(); ++i) {
            const Fraction busy(static_cast<double>(i) / steps * most_);
            const auto there = r.drawn(scope.index, Doubt::cpu, Interval<Fraction>(busy));
            table_[i] = cpu_on(*scope.today.cls, scope.cls(), {there.low.value, there.high.value}, r).high;
        }
    }
    double operator()(double busy) const {
        const double at = std::clamp(busy / most_, 0.0, 1.0) * steps;
        const auto below = std::min(static_cast<std::size_t>(at), table_.size() - 2);
        return table_[below] + (table_[below + 1] - table_[below]) * (at - static_cast<double>(below));
    }

private:
    static constexpr double steps = 256;
    double most_;  // more than 1 of a load that --scale multiplies
    std::array<double, 257> table_{};
};

}  // namespace

Remark of_series(const Observed& observed, std::string_view key, const Place& place) {
    if (!observed.watched || !place || place.source->name() != observed.watched->file) return {};
    const series::Watched::Given* given = observed.watched->find(key);
    return given == nullptr ? Remark{} : Remark{Note::free_text, given->said};
}

std::optional<CreditBalance> credit_balance(const Scope& scope, const Figure<Interval<Fraction>>& mean) {
    const Observed& observed = scope.database.observed;
    if (!observed.watched || !observed.cpu_mean || !observed.cpu_mean->place ||
        observed.cpu_mean->place.source->name() != observed.watched->file)
        return std::nullopt;
    const series::Watched::Kept* kept = observed.watched->cpu();
    if (kept == nullptr || kept->series.period <= 0 || kept->series.points.size() < 2) return std::nullopt;
    const InstanceClass& cls = scope.cls();
    const Burst& burst = *cls.burst;
    series::CreditRules rules;
    rules.earned_per_hour = burst.credits_per_hour;
    rules.most = burst.max_credits;
    rules.per_hour = static_cast<double>(cls.vcpus) * minutes_per_hour;
    rules.unlimited = scope.database.platform->overrun(cls) != Overrun::throttled;
    const OnClass there(scope, kept->summary.highest.value);
    std::vector<double> busy;
    busy.reserve(kept->series.points.size());
    for (const series::Point& point : kept->series.points) busy.push_back(there(point.value));
    const series::CreditRun run = series::run_credits(kept->series, busy, rules);
    if (run.hours <= 0) return std::nullopt;

    const Recorder r = scope.r;
    const double months = month_hours(r).value / run.hours;
    std::array<FigureId, 3> inputs{};
    if (r.on())
        inputs = {mean.id,
                  r.row(class_key(cls, Name::credits_per_hour),
                        measured(Measure::credits_per_hour, burst.credits_per_hour), cls.row),
                  r.row(class_key(cls, Name::max_credits), measured(Measure::credits, burst.max_credits), cls.row)};
    const auto figure = [&](Name name, Measure measure, double value, Model model) {
        return Figure<double>{
            value, r.on() ? r.by_model(scope.key(name), measured(measure, value), model, {}, inputs) : FigureId{}};
    };
    CreditBalance result;
    result.lowest = figure(Name::credits_lowest, Measure::credits, run.lowest, Model::credits_lowest);
    result.short_credits =
        figure(Name::credits_short, Measure::credits, run.short_credits * months, Model::credits_short);
    result.short_hours =
        figure(Name::credits_short_hours, Measure::hours, run.short_hours * months, Model::credits_short_hours);
    result.lowest_at = run.lowest_at;
    return result;
}

}  // namespace poolfit::assess
