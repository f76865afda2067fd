#include <poolfit/assess/figure.hpp>

#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::assess {

Measured measured(Measure measure, double value) { return {Interval<double>(value), measure}; }
Measured measured(Measure measure, const Interval<double>& value) { return {value, measure}; }

double raw(Measure measure, double value) {
    const bool money = measure == Measure::usd || measure == Measure::usd_per_month ||
                       measure == Measure::usd_per_year || measure == Measure::usd_per_vcpu_hour ||
                       measure == Measure::usd_per_unit;
    return money ? value / 1e6 : value;
}

namespace {

template <class Q>
Interval<Q> whole(const Interval<double>& v) {
    return {Q(static_cast<typename Q::rep>(std::llround(v.low))),
            Q(static_cast<typename Q::rep>(std::llround(v.high)))};
}

std::string range(const Interval<double>& v, std::string_view unit) {
    const std::string low = unit::print_number(v.low), high = unit::print_number(v.high);
    const std::string numbers = low == high ? high : fmt::format("{}–{}", low, high);
    return unit.empty() ? numbers : fmt::format("{} {}", numbers, unit);
}

bool is_whole(const Interval<double>& v) { return v.low == std::round(v.low) && v.high == std::round(v.high); }

/// With five digits, in a unit of so many.
std::string in_full(const Interval<double>& v, std::string_view unit, double size = 1) {
    const std::string low = unit::print_digits(v.low / size), high = unit::print_digits(v.high / size);
    const std::string numbers = low == high ? high : fmt::format("{}–{}", low, high);
    return unit.empty() ? numbers : fmt::format("{}{}", numbers, unit);
}

std::string bytes_in_full(const Interval<double>& v) {
    constexpr double step = 1024;
    double size = 1;
    std::string_view unit = " B";
    for (const std::string_view next : {" KiB", " MiB", " GiB"}) {
        if (v.high < size * step) break;
        size *= step;
        unit = next;
    }
    return in_full(v, unit, size);
}

MicroUsdPerMonth money(double micro) { return MicroUsdPerMonth(std::llround(micro)); }

}  // namespace

std::string print(const Measured& m) {
    const auto& v = m.value;
    switch (m.measure) {
        case Measure::connections:
            return is_whole(v) ? unit::print(whole<Connections>(v)) : range(v, "");
        case Measure::bytes:
            return unit::print(whole<Bytes>(v));
        case Measure::fraction:
            return unit::print(Interval<Fraction>{Fraction(v.low), Fraction(v.high)});
        case Measure::usd:
            return unit::print(money(v.high));
        case Measure::usd_per_month:
            return (v.low < v.high ? unit::print(money(v.low)) + "–" : std::string()) + unit::print(money(v.high)) +
                   "/mo";
        case Measure::usd_per_year:
            return unit::print(money(v.high)) + "/yr";
        case Measure::usd_per_vcpu_hour:
            return unit::print_unit_price(std::llround(v.high)) + "/vCPU-hour";
        case Measure::usd_per_unit:
            return unit::print_unit_price(std::llround(v.high));
        case Measure::vcpus:
            return range(v, "vCPU");
        case Measure::count:
            return range(v, "");
        case Measure::ratio:
            return range(v, "");
        case Measure::coremark:
            return range(v, "CoreMark/s per vCPU");
        case Measure::credits:
            return range(v, "credits");
        case Measure::credits_per_hour:
            return range(v, "credits/h");
        case Measure::hours:
            return range(v, "h");
        case Measure::mbps:
            return unit::print(Interval<MegabitsPerSecond>{MegabitsPerSecond(v.low), MegabitsPerSecond(v.high)});
        case Measure::iops:
            return range(v, "IOPS");
        case Measure::per_second:
            return unit::print(Interval<PerSecond>{PerSecond(v.low), PerSecond(v.high)});
        case Measure::milliseconds:
            return unit::print(Interval<Millis>{Millis(v.low), Millis(v.high)});
        case Measure::erlangs:
            return range(v, "erlangs");
        case Measure::probability:
            return unit::print_probability(v.high);
    }
    return {};
}

std::string print_in_full(const Measured& m) {
    const auto& v = m.value;
    switch (m.measure) {
        case Measure::bytes:
            return bytes_in_full(v);
        case Measure::fraction:
            return in_full(v, " %", 0.01);
        case Measure::connections:
        case Measure::count:
        case Measure::ratio:
            return in_full(v, "");
        case Measure::vcpus:
            return in_full(v, " vCPU");
        case Measure::credits:
            return in_full(v, " credits");
        case Measure::credits_per_hour:
            return in_full(v, " credits/h");
        case Measure::iops:
            return in_full(v, " IOPS");
        case Measure::erlangs:
            return in_full(v, " erlangs");
        case Measure::per_second:
            return in_full(v, "/s");
        case Measure::milliseconds:
            return in_full(v, " ms");
        default:
            return print(m);
    }
}

std::string_view unit_name(Measure measure) {
    switch (measure) {
        case Measure::connections:
            return "connections";
        case Measure::bytes:
            return "bytes";
        case Measure::fraction:
            return "fraction";
        case Measure::usd:
            return "usd";
        case Measure::usd_per_month:
            return "usd_per_month";
        case Measure::usd_per_year:
            return "usd_per_year";
        case Measure::usd_per_vcpu_hour:
            return "usd_per_vcpu_hour";
        case Measure::usd_per_unit:
            return "usd_per_unit_month";
        case Measure::vcpus:
            return "vcpus";
        case Measure::count:
            return "count";
        case Measure::ratio:
            return "ratio";
        case Measure::coremark:
            return "coremark_per_vcpu";
        case Measure::credits:
            return "credits";
        case Measure::credits_per_hour:
            return "credits_per_hour";
        case Measure::hours:
            return "hours";
        case Measure::mbps:
            return "mbps";
        case Measure::iops:
            return "iops";
        case Measure::per_second:
            return "per_second";
        case Measure::milliseconds:
            return "milliseconds";
        case Measure::erlangs:
            return "erlangs";
        case Measure::probability:
            return "probability";
    }
    return {};
}

}  // namespace poolfit::assess
