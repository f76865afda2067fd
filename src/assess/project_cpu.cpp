#include <algorithm>
#include <string_view>

#include "scope.hpp"

namespace poolfit::assess {

namespace {

constexpr double minutes_per_hour = 60;  // one credit is one vCPU at 100 % for one minute

/// What was measured, on the class looked at.
Figure<Interval<Fraction>> cpu(const Scope& scope, CpuMove move, Name name, std::string_view given,
                               const Located<Interval<Fraction>>& observed) {
    const Figure<Interval<Fraction>> today{scope.r.drawn(scope.index, Doubt::cpu, *observed),
                                           scope.r.input(scope.today_key(name), measured(*observed), observed.place,
                                                         of_series(scope.database.observed, given, observed.place))};
    return cpu_on(scope.key(name), *scope.today.cls, scope.cls(), move, today, scope.r);
}

void peak_check(const Scope& scope, Projection& projection) {
    const Fraction limit = *scope.fleet.policy.cpu_peak_max;
    const auto& judged = projection.cpu_judged();
    Check check;
    check.dimension = projection.cpu_p95 ? Dimension::cpu_p95 : Dimension::cpu_peak;
    check.measure = Measure::fraction;
    check.limit = limit.value;
    if (!scope.same() && scope.today.cls->coremark_per_vcpu && !scope.cls().coremark_per_vcpu) {
        check.standing = Standing::unknown;
        check.missing = Missing::coremark;
    } else if (!judged) {
        check.standing = scope.cls().unknown ? Standing::unknown
                                             : Scope::unknown(scope.same() || as_fast(*scope.today.cls, scope.cls()));
        check.missing = Missing::cpu_peak;
    } else {
        const auto& peak = judged->value;
        check.value = Interval<double>{peak.low.value, peak.high.value};
        check.figure = judged->id;
        check.share = limit.value > 0 ? peak.high.value / limit.value : 1e9;
        check.standing = over(peak.high.value, limit.value) ? Standing::over : Standing::inside;
        check.at_least = projection.cpu_saturated;
        if (projection.cpu_move == CpuMove::by_count) check.caveat = Caveat::by_vcpu_count;
    }
    projection.checks.push_back(check);
}

Figure<Fraction> baseline(const Scope& scope) {
    const InstanceClass& cls = scope.cls();
    const Fraction share = cls.burst->baseline;
    return {share, scope.r.row(class_key(cls, Name::baseline), measured(share), cls.row, {Note::per_vcpu})};
}

Figure<double> credits_per_vcpu_hour(const Recorder& r) {
    return {minutes_per_hour, r.constant(constant_key(Name::credits_per_vcpu_hour),
                                         measured(Measure::credits, minutes_per_hour), Grounds::cpu_credit)};
}

/// No class is busier.
Term at_most_all(const Term& load, Recorder r) { return load.value.high > 1 ? least(load, r.literal(1)) : load; }

Credits credits(const Scope& scope, const Burst& burst, const Figure<Interval<Fraction>>& load, bool mean_known) {
    const Recorder r = scope.r;
    const InstanceClass& cls = scope.cls();
    Credits result;
    result.mean_known = mean_known;
    result.throttled = scope.database.platform->overrun(cls) == Overrun::throttled;
    result.baseline = baseline(scope);
    result.earned_per_hour = {burst.credits_per_hour,
                              r.row(class_key(cls, Name::credits_per_hour),
                                    measured(Measure::credits_per_hour, burst.credits_per_hour), cls.row)};
    const Drain drained =
        drain(scope, scope.key(Name::credits_burned_per_hour), scope.key(Name::credits_hours_to_empty), r(load),
              {mean_known ? Note::none : Note::mean_at_most_peak});
    result.burned_per_hour = drained.burned_per_hour;
    result.lives_on_credits = over(load.value.high.value, burst.baseline.value);
    if (mean_known) result.balance = credit_balance(scope, load);
    // What was watched replaces the mean: bursts may outlast the credits though the mean is low.
    if (result.balance) result.lives_on_credits = result.balance->runs_short();
    if (!result.lives_on_credits) return result;
    result.hours_to_empty = drained.hours_to_empty;
    const Key key = scope.key(Name::credits_surplus);
    result.surplus = result.balance ? surplus(scope, key, *result.balance) : surplus(scope, key, r(load));
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
    check.throttled = c.throttled;
    const bool billed = c.lives_on_credits && !c.throttled;
    if (mean_known) {
        check.share = load->value.high.value / burst->baseline.value;
        if (c.balance) {
            // The mean no longer decides: a limit is exceeded where credits are short, and only there.
            check.short_hours = c.balance->short_hours.value;
            check.share = c.lives_on_credits ? std::max(check.share, 1.0) : std::min(check.share, 1.0);
        }
        if (c.lives_on_credits && c.throttled) check.standing = Standing::over;
        if (billed) check.caveat = Caveat::surplus;
    } else {
        check.missing = Missing::cpu_mean;
        if (c.lives_on_credits) check.caveat = Caveat::peak_over_baseline;
        // A bill can be ranked; throttling has no price. A database that already runs there does no worse.
        if (c.lives_on_credits && c.throttled && !scope.same()) check.standing = Standing::unknown;
    }
    if (billed && !c.surplus) {
        check.standing = scope.same() ? Standing::no_worse : Standing::unknown;
        check.missing = Missing::credit_price;
    }
    projection.checks.push_back(check);
}

/// What is paid for the class, and what could be paid on top.
void add_cost(const Scope& scope, Projection& projection) {
    const Recorder r = scope.r;
    const auto& credits = projection.credits;
    const bool billed = credits && credits->lives_on_credits && !credits->throttled;
    const bool in_cost = projection.pays_surplus();
    projection.at_peak = MicroUsdPerMonth(0);
    if (billed && !credits->surplus)
        projection.at_peak = std::nullopt;
    else if (billed && !in_cost)
        projection.at_peak = credits->surplus->value;
    if (!projection.list || (in_cost && !credits->surplus)) return;
    Term paid = r(*projection.list);
    if (projection.support) paid = paid + r(*projection.support);
    if (in_cost) paid = paid + r(*credits->surplus);
    projection.cost = r.keep<MicroUsdPerMonth>(scope.key(Name::cost), paid);
}

}  // namespace
}  // namespace poolfit::assess

namespace poolfit {

Fraction Projection::mean_as_planned() const {
    const Fraction baseline = cls->burst->baseline;
    return pays_surplus() && cpu_mean && cpu_mean->value.high > baseline ? cpu_mean->value.high : baseline;
}

}  // namespace poolfit

namespace poolfit::assess {

/// Multi-AZ: the standby is a second instance, but its vCPUs are idle; only the serving one is charged.
std::optional<Figure<MicroUsdPerMonth>> surplus(const Scope& scope, const Key& name, const Term& load) {
    if (!scope.offer.credit_price || scope.database.platform->overrun(scope.cls()) == Overrun::throttled)
        return std::nullopt;
    const Recorder r = scope.r;
    const Figure<MicroUsdPerMonth> per_hour = surplus_price(scope);
    const Term busy = high(at_most_all(load, r));
    const Term base = r(baseline(scope));
    const Term vcpus = r(class_vcpus(scope.cls(), r));
    return r.keep<MicroUsdPerMonth>(name, (busy - base) * vcpus * r(month_hours(r)) * r(per_hour),
                                    {Note::load_all_month});
}

std::optional<Figure<MicroUsdPerMonth>> surplus(const Scope& scope, const Key& key, const CreditBalance& balance) {
    if (!scope.offer.credit_price || scope.database.platform->overrun(scope.cls()) == Overrun::throttled)
        return std::nullopt;
    const Recorder r = scope.r;
    const Figure<double> per_vcpu = credits_per_vcpu_hour(r);
    const Term short_credits = r(balance.short_credits);
    const Term vcpu_hours = short_credits / r(per_vcpu);
    return r.keep<MicroUsdPerMonth>(key, vcpu_hours * r(surplus_price(scope)));
}

Figure<MicroUsdPerMonth> surplus_price(const Scope& scope) {
    const auto& price = scope.offer.credit_price;
    const Recorder r = scope.r;
    // One figure for all databases that share the price: the first that has it names it.
    Index first = 0;
    const auto alike = [&](const Database& other) {
        return other.platform == scope.database.platform && *other.region == *scope.database.region;
    };
    while (!alike(scope.fleet.databases[first])) ++first;
    const Key key{{Subject::Kind::credit_price, first}, Name::price, Phase::now, nullptr, scope.offer.cls->family};
    return {MicroUsdPerMonth(price->micro_usd_per_vcpu_hour),
            r.row(key, measured(Measure::usd_per_vcpu_hour, static_cast<double>(price->micro_usd_per_vcpu_hour)),
                  price->row)};
}

Drain drain(const Scope& scope, const Key& burned_key, const Key& hours_key, const Term& load, const Remark& remark) {
    const Recorder r = scope.r;
    const InstanceClass& cls = scope.cls();
    const Burst& burst = *cls.burst;
    const Figure<double> per_vcpu = credits_per_vcpu_hour(r);
    const Term busy = at_most_all(load, r);
    const Term vcpus = r(class_vcpus(cls, r));
    Drain result;
    result.burned_per_hour =
        r.keep<Interval<double>>(burned_key, Measure::credits_per_hour, busy * vcpus * r(per_vcpu), remark);
    const Figure<double> earned{burst.credits_per_hour,
                                r.row(class_key(cls, Name::credits_per_hour),
                                      measured(Measure::credits_per_hour, burst.credits_per_hour), cls.row)};
    const Term left = high(r(result.burned_per_hour)) - r(earned);
    if (left.value.low <= 0 || burst.max_credits <= 0 || !over(load.value.high, burst.baseline.value)) return result;
    const Figure<double> full{burst.max_credits, r.row(class_key(cls, Name::max_credits),
                                                       measured(Measure::credits, burst.max_credits), cls.row)};
    result.hours_to_empty = r.keep<double>(hours_key, Measure::hours, r(full) / left);
    return result;
}

void project_cpu(const Scope& scope, Projection& projection) {
    const Observed& observed = scope.database.observed;
    const CpuMove move = projection.cpu_move = cpu_move(*scope.today.cls, scope.cls());
    projection.cpu_band = cpu_band(move);
    projection.cpu_saturated = is_saturated(observed.cpu_judged()) || is_saturated(observed.cpu_mean);
    projection.peak_saturated = is_saturated(observed);
    if (observed.cpu_mean) projection.cpu_mean = cpu(scope, move, Name::cpu_mean, "cpu_mean", *observed.cpu_mean);
    if (observed.cpu_p95) projection.cpu_p95 = cpu(scope, move, Name::cpu_p95, "cpu_p95", *observed.cpu_p95);
    if (observed.cpu_p99) projection.cpu_p99 = cpu(scope, move, Name::cpu_p99, "cpu_p99", *observed.cpu_p99);
    if (observed.cpu_peak) projection.cpu_peak = cpu(scope, move, Name::cpu_peak, "cpu_peak", *observed.cpu_peak);
    peak_check(scope, projection);
    credits_check(scope, projection);
    add_cost(scope, projection);
}

}  // namespace poolfit::assess
