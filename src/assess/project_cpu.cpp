#include "scope.hpp"

namespace poolfit::assess {

namespace {

constexpr double minutes_per_hour = 60;  // one credit is one vCPU at 100 % for one minute

/// What was measured, on the class looked at.
Figure<Interval<Fraction>> cpu(const Scope& scope, Name name, const Located<Interval<Fraction>>& observed) {
    const Figure<Interval<Fraction>> today{*observed,
                                           scope.r.input(scope.today_key(name), measured(*observed), observed.place)};
    return cpu_on(scope.key(name), *scope.today.cls, scope.cls(), today, scope.r);
}

void peak_check(const Scope& scope, Projection& projection) {
    const Fraction limit = *scope.fleet.policy.cpu_peak_max;
    Check check;
    check.dimension = Dimension::cpu_peak;
    check.measure = Measure::fraction;
    check.limit = limit.value;
    if (!scope.same() && scope.today.cls->coremark_per_vcpu && !scope.cls().coremark_per_vcpu) {
        check.standing = Standing::unknown;
        check.missing = Missing::coremark;
    } else if (!projection.cpu_peak) {
        check.standing = Scope::unknown(scope.same() || as_fast(*scope.today.cls, scope.cls()));
        check.missing = Missing::cpu_peak;
    } else {
        const auto& peak = projection.cpu_peak->value;
        check.value = Interval<double>{peak.low.value, peak.high.value};
        check.figure = projection.cpu_peak->id;
        check.share = limit.value > 0 ? peak.high.value / limit.value : 1e9;
        check.standing = over(peak.high.value, limit.value) ? Standing::over : Standing::inside;
        check.at_least = projection.cpu_saturated;
        if (projection.cpu_move == CpuMove::by_count) check.caveat = Caveat::by_vcpu_count;
    }
    projection.checks.push_back(check);
}

/// A month of what is over the baseline, as if the load stayed at its high end. Multi-AZ: the standby is a second
/// instance, but its vCPUs are idle; only the serving one is charged.
std::optional<Figure<MicroUsdPerMonth>> surplus(const Scope& scope, const Credits& credits, const Term& load) {
    const auto& price = scope.offer.credit_price;
    if (!price) return std::nullopt;
    const Recorder r = scope.r;
    const Key key{{Subject::Kind::credit_price, 0}, Name::price, Phase::now, scope.offer.cls};
    const Figure<MicroUsdPerMonth> per_hour{
        MicroUsdPerMonth(price->micro_usd_per_vcpu_hour),
        r.row(key, measured(Measure::usd_per_vcpu_hour, static_cast<double>(price->micro_usd_per_vcpu_hour)),
              price->row)};
    const Figure<std::int64_t> hours{
        hours_per_month,
        r.constant(constant_key(Name::hours_per_month), measured(Measure::hours, static_cast<double>(hours_per_month)),
                   "the month that poolfit counts with")};
    return r.keep<MicroUsdPerMonth>(
        scope.key(Name::credits_surplus),
        (high(load) - r(credits.baseline)) * r(class_vcpus(scope.cls(), r)) * r(hours) * r(per_hour),
        {Note::load_all_month});
}

Credits credits(const Scope& scope, const Burst& burst, const Figure<Interval<Fraction>>& load, bool mean_known) {
    const Recorder r = scope.r;
    const InstanceClass& cls = scope.cls();
    Credits result;
    result.mean_known = mean_known;
    result.baseline = {burst.baseline,
                       r.row(class_key(cls, Name::baseline), measured(burst.baseline), cls.row, {Note::per_vcpu})};
    result.earned_per_hour = {burst.credits_per_hour,
                              r.row(class_key(cls, Name::credits_per_hour),
                                    measured(Measure::credits_per_hour, burst.credits_per_hour), cls.row)};
    const Figure<double> per_vcpu{
        minutes_per_hour,
        r.constant(constant_key(Name::credits_per_vcpu_hour), measured(Measure::credits, minutes_per_hour),
                   "AWS: one CPU credit is one vCPU at 100 % for one minute")};
    const Term busy = load.value.high.value > 1 ? least(r(load), r.literal(1)) : r(load);  // no class is busier
    const Term burned = busy * r(class_vcpus(cls, r)) * r(per_vcpu);
    result.burned_per_hour =
        r.keep<Interval<double>>(scope.key(Name::credits_burned_per_hour), Measure::credits_per_hour, burned,
                                 {mean_known ? Note::none : Note::mean_at_most_peak});
    result.lives_on_credits = over(load.value.high.value, burst.baseline.value);
    if (!result.lives_on_credits) return result;
    const Term drain = high(r(result.burned_per_hour)) - r(result.earned_per_hour);
    if (drain.value.low > 0 && burst.max_credits > 0) {
        const Figure<double> full{burst.max_credits, r.row(class_key(cls, Name::max_credits),
                                                           measured(Measure::credits, burst.max_credits), cls.row)};
        result.hours_to_empty =
            r.keep<double>(scope.key(Name::credits_hours_to_empty), Measure::hours, r(full) / drain);
    }
    result.surplus = surplus(scope, result, busy);
    return result;
}

void credits_check(const Scope& scope, Projection& projection) {
    const auto& burst = scope.cls().burst;
    if (!burst) return;
    Check check;
    check.dimension = Dimension::credits;
    check.measure = Measure::fraction;
    check.limit = burst->baseline.value;
    const bool mean_known = projection.cpu_mean.has_value();
    const auto& load = mean_known ? projection.cpu_mean : projection.cpu_peak;
    if (!load) {
        const auto& now = scope.today.cls->burst;
        const bool as_now = now && as_fast(*scope.today.cls, scope.cls()) &&
                            burst->baseline.value * scope.cls().vcpus >= now->baseline.value * scope.today.cls->vcpus;
        check.standing = Scope::unknown(scope.same() || as_now);
        check.missing = Missing::cpu_mean;
        projection.checks.push_back(check);
        return;
    }
    projection.credits = credits(scope, *burst, *load, mean_known);
    const Credits& c = *projection.credits;
    check.value = Interval<double>{load->value.low.value, load->value.high.value};
    check.figure = c.burned_per_hour.id;
    if (c.hours_to_empty) check.hours_to_empty = c.hours_to_empty->value;
    if (c.surplus) check.surplus = c.surplus->value;
    if (mean_known) {
        check.share = load->value.high.value / burst->baseline.value;
        check.standing = c.lives_on_credits ? Standing::over : Standing::inside;
    } else {
        check.missing = Missing::cpu_mean;
        if (c.lives_on_credits) check.caveat = Caveat::peak_over_baseline;
    }
    projection.checks.push_back(check);
}

}  // namespace

void project_cpu(const Scope& scope, Projection& projection) {
    const Observed& observed = scope.database.observed;
    projection.cpu_move = cpu_move(*scope.today.cls, scope.cls());
    projection.cpu_band = cpu_band(projection.cpu_move);
    projection.cpu_saturated = observed.cpu_peak && (*observed.cpu_peak)->high >= saturated;
    if (observed.cpu_mean) projection.cpu_mean = cpu(scope, Name::cpu_mean, *observed.cpu_mean);
    if (observed.cpu_peak) projection.cpu_peak = cpu(scope, Name::cpu_peak, *observed.cpu_peak);
    peak_check(scope, projection);
    credits_check(scope, projection);
}

}  // namespace poolfit::assess
