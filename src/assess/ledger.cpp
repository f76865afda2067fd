#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/figure.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit {

FigureId Ledger::add(Derivation derivation) {
    const auto [at, fresh] = by_name_.try_emplace(derivation.name, static_cast<FigureId>(nodes_.size()));
    if (fresh) nodes_.push_back(std::move(derivation));
    return at->second;
}

FigureId Ledger::input(std::string name, Measured value, const Place& place, std::string note) {
    Origin origin{Origin::Kind::input, place, {}, {}, {}};
    // A default of the inventory's format has no line: it is a constant of ours.
    if (!place) origin = {Origin::Kind::constant, {}, "default of the inventory format", {}, {}};
    return add({std::move(name), value, {}, {}, origin, std::move(note)});
}

FigureId Ledger::catalog(std::string name, Measured value, const Provenance& row, std::string note) {
    const Origin origin{Origin::Kind::catalog, row.place, row.source, row.id, row.as_of};
    return add({std::move(name), value, {}, {}, origin, std::move(note)});
}

FigureId Ledger::constant(std::string name, Measured value, std::string_view source, std::string note) {
    const Origin origin{Origin::Kind::constant, {}, source, {}, {}};
    return add({std::move(name), value, {}, {}, origin, std::move(note)});
}

FigureId Ledger::derive(std::string name, Measured value, std::string formula, std::vector<FigureId> inputs,
                        std::string note) {
    return add({std::move(name), value, std::move(formula), std::move(inputs), {}, std::move(note)});
}

std::optional<FigureId> Ledger::find(std::string_view name) const {
    const auto at = by_name_.find(std::string(name));
    if (at == by_name_.end()) return std::nullopt;
    return at->second;
}

namespace assess {

Measured measured(Connections c) { return measured(Interval<Connections>(c)); }
Measured measured(const Interval<Connections>& c) {
    return {{static_cast<double>(c.low.value), static_cast<double>(c.high.value)}, Measure::connections};
}
Measured measured(Bytes b) { return measured(Interval<Bytes>(b)); }
Measured measured(const Interval<Bytes>& b) {
    return {{static_cast<double>(b.low.value), static_cast<double>(b.high.value)}, Measure::bytes};
}
Measured measured(Fraction f) { return measured(Interval<Fraction>(f)); }
Measured measured(const Interval<Fraction>& f) { return {{f.low.value, f.high.value}, Measure::fraction}; }
Measured measured(MicroUsdPerMonth m) { return {Interval<double>(usd(m)), Measure::usd_per_month}; }
Measured measured(Measure measure, double value) { return {Interval<double>(value), measure}; }
Measured measured(Measure measure, const Interval<double>& value) { return {value, measure}; }

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

MicroUsdPerMonth money(double dollars) { return MicroUsdPerMonth(std::llround(dollars * 1e6)); }

}  // namespace

std::string print(const Measured& m) {
    const auto& v = m.value;
    switch (m.measure) {
        case Measure::connections:
            return unit::print(whole<Connections>(v));
        case Measure::bytes:
            return unit::print(whole<Bytes>(v));
        case Measure::fraction:
            return unit::print(Interval<Fraction>{Fraction(v.low), Fraction(v.high)});
        case Measure::usd_per_month:
            return unit::print(money(v.high)) + "/mo";
        case Measure::usd_per_year:
            return unit::print(money(v.high)) + "/yr";
        case Measure::usd_per_vcpu_hour:
            return fmt::format("${}/vCPU-hour", unit::print_number(v.high));
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

std::string_view unit_name(Measure measure) {
    switch (measure) {
        case Measure::connections:
            return "connections";
        case Measure::bytes:
            return "bytes";
        case Measure::fraction:
            return "fraction";
        case Measure::usd_per_month:
            return "usd_per_month";
        case Measure::usd_per_year:
            return "usd_per_year";
        case Measure::usd_per_vcpu_hour:
            return "usd_per_vcpu_hour";
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

}  // namespace assess
}  // namespace poolfit
