#include <algorithm>
#include <cmath>

#include <poolfit/unit/print.hpp>

#include "scope.hpp"

namespace poolfit::assess {

namespace {

constexpr double credits_per_vcpu_hour = 60;  // one credit is one vCPU at 100 % for one minute

Interval<Fraction> scaled(const Interval<Fraction>& f, double k) { return {f.low * k, f.high * k}; }

/// Speed of one vCPU against today's class by CoreMark; nothing where either has no figure.
struct Speed {
    std::optional<Figure<double>> figure;
    std::string note;
};

Speed speed(const Scope& scope) {
    const auto& now = scope.now.coremark_per_vcpu;
    const auto& then = scope.cls.coremark_per_vcpu;
    if (!now || !then) {
        const InstanceClass& lacking = now ? scope.cls : scope.now;
        return {{}, fmt::format("by vCPU count alone: no CoreMark for {}", lacking.name)};
    }
    const auto leaf = [&](const InstanceClass& cls) {
        return scope.ledger.catalog(class_name(cls) + ".coremark_per_vcpu",
                                    measured(Measure::coremark, *cls.coremark_per_vcpu), cls.coremark_row,
                                    std::string(cls.coremark_note));
    };
    const double ratio = *then / *now;
    return {Figure<double>{ratio, scope.ledger.derive(scope.name("cpu.speed"), measured(Measure::ratio, ratio),
                                                      "coremark_per_vcpu / coremark_per_vcpu of today's class",
                                                      {leaf(scope.cls), leaf(scope.now)})},
            {}};
}

/// Can the class do at least what today's can?
bool at_least_today(const Scope& scope) {
    const double now = scope.now.coremark_per_vcpu.value_or(1), then = scope.cls.coremark_per_vcpu.value_or(1);
    const bool known = scope.now.coremark_per_vcpu && scope.cls.coremark_per_vcpu;
    return known ? scope.cls.vcpus * then >= scope.now.vcpus * now : scope.cls.vcpus >= scope.now.vcpus;
}

Figure<Interval<Fraction>> cpu(const Scope& scope, std::string_view which, const Located<Interval<Fraction>>& observed,
                               const Speed& speed) {
    const std::string figure = fmt::format("cpu.{}", which);
    const FigureId leaf = scope.ledger.input(scope.today(figure), measured(*observed), observed.place);
    if (scope.same()) return {*observed, leaf};
    const double by_count = static_cast<double>(scope.now.vcpus) / static_cast<double>(scope.cls.vcpus);
    const auto counted = scaled(*observed, by_count);
    const FigureId counted_id = scope.ledger.derive(
        scope.name(figure + "_by_vcpus"), measured(counted), fmt::format("{} × vcpus of today's class / vcpus", which),
        {leaf, class_vcpus(scope.now, scope.ledger), class_vcpus(scope.cls, scope.ledger)});
    if (!speed.figure)
        return {counted, scope.ledger.derive(scope.name(figure), measured(counted), fmt::format("{}_by_vcpus", which),
                                             {counted_id}, speed.note)};
    const auto value = scaled(counted, 1 / speed.figure->value);
    return {value, scope.ledger.derive(scope.name(figure), measured(value), fmt::format("{}_by_vcpus / speed", which),
                                       {counted_id, speed.figure->id},
                                       "CoreMark per vCPU, all vCPUs loaded, stands for the speed of a vCPU")};
}

void peak_check(const Scope& scope, const Speed& speed, Projection& projection) {
    const Located<Fraction>& limit = scope.fleet.policy.cpu_peak_max;
    Check check{Dimension::cpu_peak, Standing::inside, {}, limit->value, Measure::fraction, 0, false, {}, {}, 0};
    if (!scope.same() && scope.now.coremark_per_vcpu && !scope.cls.coremark_per_vcpu) {
        check.standing = Standing::unknown;
        check.missing = fmt::format("the catalog's CoreMark of {}", scope.cls.name);
        check.text = "the speed of its vCPUs is not known: no CoreMark";
    } else if (!projection.cpu_peak) {
        check.standing = Scope::unknown(scope.same() || at_least_today(scope));
        check.missing = "observed.cpu_peak";
        check.text = "peak CPU is not known: observed.cpu_peak is not given";
    } else {
        const auto& peak = projection.cpu_peak->value;
        check.value = Interval<double>{peak.low.value, peak.high.value};
        check.figure = projection.cpu_peak->id;
        check.share = limit->value > 0 ? peak.high.value / limit->value : 1e9;
        check.standing = over(peak.high.value, limit->value) ? Standing::over : Standing::inside;
        check.text = fmt::format("peak CPU {} of {}", unit::print(peak), unit::print(*limit));
        if (!scope.same() && !speed.note.empty()) {
            check.caveat = true;
            check.text += ", " + speed.note;
        }
    }
    projection.checks.push_back(std::move(check));
}

/// The bill of living over the baseline: RDS T3 and T4g run unlimited, so the load is served and charged.
std::string bill(const Credits& credits) {
    std::string text;
    if (credits.hours_to_empty)
        text = fmt::format("full to empty in {} h", unit::print_number(std::round(credits.hours_to_empty->value)));
    if (credits.surplus) text += fmt::format(", then {}/mo surplus", unit::print(credits.surplus->value));
    return text;
}

Credits credits(const Scope& scope, const Burst& burst, const Figure<Interval<Fraction>>& load, bool mean_known) {
    Ledger& ledger = scope.ledger;
    const InstanceClass& cls = scope.cls;
    Credits result;
    result.mean_known = mean_known;
    result.baseline = {burst.baseline,
                       ledger.catalog(class_name(cls) + ".baseline", measured(burst.baseline), cls.row, "per vCPU")};
    result.earned_per_hour = {burst.credits_per_hour,
                              ledger.catalog(class_name(cls) + ".credits_per_hour",
                                             measured(Measure::credits_per_hour, burst.credits_per_hour), cls.row)};
    const double per_share = cls.vcpus * credits_per_vcpu_hour;
    const Interval<double> burned{load.value.low.value * per_share, load.value.high.value * per_share};
    const FigureId vcpus = class_vcpus(cls, ledger);
    const FigureId rate = ledger.constant("credits_per_vcpu_hour", measured(Measure::credits, credits_per_vcpu_hour),
                                          "AWS: one CPU credit is one vCPU at 100 % for one minute");
    result.burned_per_hour = {
        burned, ledger.derive(scope.name("credits.burned_per_hour"), measured(Measure::credits_per_hour, burned),
                              mean_known ? "mean × vcpus × 60" : "peak × vcpus × 60", {load.id, vcpus, rate},
                              mean_known ? "" : "the mean is not given: it is at most the peak")};
    const double excess = load.value.high.value - burst.baseline.value;
    result.lives_on_credits = over(load.value.high.value, burst.baseline.value);
    if (!result.lives_on_credits) return result;

    const double drain = burned.high - burst.credits_per_hour;
    if (drain > 0 && burst.max_credits > 0) {
        const FigureId full =
            ledger.catalog(class_name(cls) + ".max_credits", measured(Measure::credits, burst.max_credits), cls.row);
        const double hours = burst.max_credits / drain;
        result.hours_to_empty = {hours,
                                 ledger.derive(scope.name("credits.hours_to_empty"), measured(Measure::hours, hours),
                                               "max_credits / (burned_per_hour.high − credits_per_hour)",
                                               {full, result.burned_per_hour.id, result.earned_per_hour.id})};
    }
    if (const auto price = scope.catalog.credit_price(*scope.database.platform, cls, *scope.database.region)) {
        // Multi-AZ: the standby is a second instance, but its vCPUs are idle; only the serving one is charged.
        const double micro = std::max(0.0, excess) * cls.vcpus * static_cast<double>(hours_per_month) *
                             static_cast<double>(price->micro_usd_per_vcpu_hour);
        const MicroUsdPerMonth amount(static_cast<std::int64_t>(std::llround(micro)));
        const FigureId row = ledger.catalog(
            fmt::format("price.credits.{}", cls.family),
            measured(Measure::usd_per_vcpu_hour, static_cast<double>(price->micro_usd_per_vcpu_hour) / 1e6),
            price->row);
        const FigureId hours = ledger.constant("hours_per_month", measured(Measure::hours, hours_per_month),
                                               "the month that poolfit counts with");
        result.surplus = {amount, ledger.derive(scope.name("credits.surplus"), measured(amount),
                                                "(load.high − baseline) × vcpus × hours_per_month × credit price",
                                                {load.id, result.baseline.id, vcpus, hours, row},
                                                "as if the load stayed at its high end all month")};
    }
    return result;
}

void credits_check(const Scope& scope, Projection& projection) {
    const auto& burst = scope.cls.burst;
    if (!burst) return;
    Check check{
        Dimension::credits, Standing::inside, {}, burst->baseline.value, Measure::fraction, 0, false, {}, {}, 0};
    const bool mean_known = projection.cpu_mean.has_value();
    const auto& load = mean_known ? projection.cpu_mean : projection.cpu_peak;
    if (!load) {
        const bool as_now =
            scope.now.burst && at_least_today(scope) &&
            burst->baseline.value * scope.cls.vcpus >= scope.now.burst->baseline.value * scope.now.vcpus;
        check.standing = Scope::unknown(scope.same() || as_now);
        check.missing = "observed.cpu_mean";
        check.text = fmt::format("mean CPU is not known, the baseline is {}", unit::print(burst->baseline));
        projection.checks.push_back(std::move(check));
        return;
    }
    projection.credits = credits(scope, *burst, *load, mean_known);
    const Credits& c = *projection.credits;
    check.value = Interval<double>{load->value.low.value, load->value.high.value};
    check.figure = c.burned_per_hour.id;
    std::string value = unit::print(load->value);
    const std::string baseline = unit::print(burst->baseline);
    // Just over it would print alike.
    if (c.lives_on_credits && unit::print(load->value.high) == baseline)
        value = fmt::format("{:.2f} %", load->value.high.value * 100);
    if (mean_known) {
        check.share = load->value.high.value / burst->baseline.value;
        check.standing = c.lives_on_credits ? Standing::over : Standing::inside;
        check.text = c.lives_on_credits ? fmt::format("mean CPU {} over the {} baseline: {}", value, baseline, bill(c))
                                        : fmt::format("mean CPU {} of the {} baseline", value, baseline);
    } else if (c.lives_on_credits) {
        check.caveat = true;
        check.text = fmt::format(
            "mean CPU is not given; at its peak, {} is on or over the {} baseline and credits decide: if it stayed "
            "there, {}",
            value, baseline, bill(c));
    } else {
        check.text = fmt::format("peak CPU {} stays under the {} baseline", value, baseline);
    }
    projection.checks.push_back(std::move(check));
}

}  // namespace

void project_cpu(const Scope& scope, Projection& projection) {
    const Observed& observed = scope.database.observed;
    const Speed factor = scope.same() ? Speed{} : speed(scope);
    if (observed.cpu_mean) projection.cpu_mean = cpu(scope, "mean", *observed.cpu_mean, factor);
    if (observed.cpu_peak) projection.cpu_peak = cpu(scope, "peak", *observed.cpu_peak, factor);
    peak_check(scope, factor, projection);
    credits_check(scope, projection);
}

}  // namespace poolfit::assess
