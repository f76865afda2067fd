// A figure: a value that can be traced, with the node that explains it where a run records nodes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit {

/// A node of Figures; none where the run does not record.
struct FigureId {
    static constexpr std::uint32_t no_node = UINT32_MAX;
    std::uint32_t index = no_node;
    constexpr bool operator==(const FigureId&) const = default;
    constexpr auto operator<=>(const FigureId&) const = default;
    explicit constexpr operator bool() const { return index != no_node; }
};

/// A value and the node that explains it.
template <class T>
struct Figure {
    T value{};
    FigureId id;
};

/// What a figure is measured in; decides how it is printed and its `unit` in JSON.
enum class Measure : std::uint8_t {
    connections,
    bytes,
    fraction,
    usd,                ///< micro-USD, as those that follow
    usd_per_month,      ///< kept as micro-USD, so that sums are exact
    usd_per_year,       ///< the same
    usd_per_vcpu_hour,  ///< the same
    usd_per_unit,       ///< the same, a month: of a GiB, an IOPS, a million requests
    vcpus,
    count,
    ratio,
    coremark,
    credits,
    credits_per_hour,
    hours,
    mbps,
    iops,
    per_second,
    milliseconds,
    erlangs,
    probability,
};

/// A number with its measure.
struct Measured {
    Interval<double> value;
    Measure measure = Measure::count;
};

namespace assess {

Measured measured(Measure measure, double value);
Measured measured(Measure measure, const Interval<double>& value);

/// "1,802", "4–5 %", "$306.00/mo", "2 vCPU": the value as text, with its unit.
std::string print(const Measured& value);
/// The same with the digits that it takes to compute with it: "14.804–15.245 GiB".
std::string print_in_full(const Measured& measured);
/// The unit's name in JSON: "connections", "bytes", "fraction", "usd_per_month" …
std::string_view unit_name(Measure measure);
/// The value as JSON has it: dollars, not millionths.
double raw(Measure measure, double value);

}  // namespace assess
}  // namespace poolfit
