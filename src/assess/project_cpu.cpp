#include "scope.hpp"

namespace poolfit::assess {

namespace {

constexpr double minutes_per_hour = 60;  // one credit is one vCPU at 100 % for one minute

/// Speed of one vCPU against today's class by CoreMark; nothing where either has no figure.
std::optional<Figure<double>> speed(const Scope& scope) {
    const auto& now = scope.today.cls->coremark_per_vcpu;
    const auto& then = scope.cls().coremark_per_vcpu;
    if (!now || !then) return std::nullopt;
    const auto leaf = [&](const InstanceClass& cls) {
        const double value = *cls.coremark_per_vcpu;
        return Figure<double>{value,
                              scope.r.row(class_key(cls, Name::coremark_per_vcpu), measured(Measure::coremark, value),
                                          cls.coremark_row, {Note::free_text, cls.coremark_note})};
    };
    const Term speed = scope.r(leaf(scope.cls())), today = scope.r(leaf(*scope.today.cls));
    return scope.r.keep<double>(scope.key(Name::cpu_speed), Measure::ratio, speed / today);
}

/// Can the class do at least what today's can?
bool at_least_today(const Scope& scope) {
    const InstanceClass &now = *scope.today.cls, &then = scope.cls();
    const bool known = now.coremark_per_vcpu && then.coremark_per_vcpu;
    return known ? then.vcpus * *then.coremark_per_vcpu >= now.vcpus * *now.coremark_per_vcpu : then.vcpus >= now.vcpus;
}

struct Names {
    Name load, by_vcpus;
};

Figure<Interval<Fraction>> cpu(const Scope& scope, const Names& names, const Located<Interval<Fraction>>& observed,
                               const std::optional<Figure<double>>& speed) {
    const Recorder r = scope.r;
    const Figure<Interval<Fraction>> today{*observed,
                                           r.input(scope.today_key(names.load), measured(*observed), observed.place)};
    if (scope.same()) return today;
    const Term busy = r(today) * r(class_vcpus(*scope.today.cls, r)), vcpus = r(class_vcpus(scope.cls(), r));
    const auto counted = r.keep<Interval<Fraction>>(scope.key(names.by_vcpus), busy / vcpus);
    if (!speed) {
        const InstanceClass& lacking = scope.today.cls->coremark_per_vcpu ? scope.cls() : *scope.today.cls;
        return r.keep<Interval<Fraction>>(scope.key(names.load), r(counted), {Note::no_coremark, lacking.name});
    }
    return r.keep<Interval<Fraction>>(scope.key(names.load), r(counted) / r(*speed), {Note::by_coremark});
}

void peak_check(const Scope& scope, const std::optional<Figure<double>>& speed, Projection& projection) {
    const Fraction limit = *scope.fleet.policy.cpu_peak_max;
    Check check;
    check.dimension = Dimension::cpu_peak;
    check.measure = Measure::fraction;
    check.limit = limit.value;
    if (!scope.same() && scope.today.cls->coremark_per_vcpu && !scope.cls().coremark_per_vcpu) {
        check.standing = Standing::unknown;
        check.missing = Missing::coremark;
    } else if (!projection.cpu_peak) {
        check.standing = Scope::unknown(scope.same() || at_least_today(scope));
        check.missing = Missing::cpu_peak;
    } else {
        const auto& peak = projection.cpu_peak->value;
        check.value = Interval<double>{peak.low.value, peak.high.value};
        check.figure = projection.cpu_peak->id;
        check.share = limit.value > 0 ? peak.high.value / limit.value : 1e9;
        check.standing = over(peak.high.value, limit.value) ? Standing::over : Standing::inside;
        if (!scope.same() && !speed) check.caveat = Caveat::by_vcpu_count;
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
    const Term burned = r(load) * r(class_vcpus(cls, r)) * r(per_vcpu);
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
    result.surplus = surplus(scope, result, r(load));
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
        const bool as_now = now && at_least_today(scope) &&
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
    const auto factor = scope.same() ? std::nullopt : speed(scope);
    if (observed.cpu_mean)
        projection.cpu_mean = cpu(scope, {Name::cpu_mean, Name::cpu_mean_by_vcpus}, *observed.cpu_mean, factor);
    if (observed.cpu_peak)
        projection.cpu_peak = cpu(scope, {Name::cpu_peak, Name::cpu_peak_by_vcpus}, *observed.cpu_peak, factor);
    peak_check(scope, factor, projection);
    credits_check(scope, projection);
}

}  // namespace poolfit::assess
