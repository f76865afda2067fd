// The units that each quantity is read in. Only the parser includes this.
#pragma once

#include <span>
#include <string_view>

#include <poolfit/unit/quantity.hpp>

namespace poolfit::unit {

// One unit: a number of it, times `times`, over `over`, is a number of the type's own unit.
struct Unit {
    std::string_view name;
    double times = 1;
    double over = 1;
    bool listed = true;  // false: another spelling of the row before
};

// What one type accepts. `usual` is the unit that a fix proposes.
struct Units {
    std::span<const Unit> rows;
    std::string_view usual;
    bool optional = false;
};

inline constexpr double kilo = 1e3, mega = 1e6, giga = 1e9, tera = 1e12;
constexpr double kibi = 1024, mebi = kibi * kibi, gibi = kibi * mebi, tebi = kibi * gibi;

inline constexpr Unit share_rows[] = {{"%", 1, 100}};
inline constexpr Unit byte_rows[] = {{"B"},         {"kB", kilo},  {"MB", mega},  {"GB", giga}, {"TB", tera},
                                     {"KiB", kibi}, {"MiB", mebi}, {"GiB", gibi}, {"TiB", tebi}};
inline constexpr Unit time_rows[] = {{"us", 1, kilo}, {"µs", 1, kilo, false}, {"μs", 1, kilo, false}, {"ms"},
                                     {"s", kilo},     {"min", 60 * kilo},     {"h", 3600 * kilo}};
inline constexpr Unit rate_rows[] = {{"/s"}, {"/min", 1, 60}, {"/h", 1, 3600}};
inline constexpr Unit throughput_rows[] = {{"Mbps"}, {"Gbps", kilo}, {"MB/s", 8}, {"MiB/s", 8 * mebi, mega}};
inline constexpr Unit day_rows[] = {{"d"}, {"h", 1, 24}, {"w", 7}};

template <class Q>
inline constexpr Units units_of;
template <>
inline constexpr Units units_of<double>{{}, "", true};
template <>
inline constexpr Units units_of<Fraction>{share_rows, "%", true};
template <>
inline constexpr Units units_of<Bytes>{byte_rows, "GiB"};
template <>
inline constexpr Units units_of<Millis>{time_rows, "ms"};
template <>
inline constexpr Units units_of<PerSecond>{rate_rows, "/s"};
template <>
inline constexpr Units units_of<MegabitsPerSecond>{throughput_rows, "Mbps"};
template <>
inline constexpr Units units_of<Days>{day_rows, "d"};

}  // namespace poolfit::unit
