// Text to quantity. Every parser reads the whole text or says where and why it can't; nothing throws,
// nothing reads the locale. Negative numbers, NaN, infinities and hexadecimal are refused, and so is a number
// too large for its type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit::unit {

/// `offset` and `length` are bytes of the text given to the parser.
struct ParseError {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string message;  ///< "expected a unit after 11"
    std::string fix;      ///< "write 11 GiB"
};

template <class T>
using Parsed = std::variant<T, ParseError>;

/// A quantity with its unit: "11 GiB", "5 ms", "120/s", "80%", "0.75". One unit per type:
///   Fraction           "4%" or a plain number 0.04
///   Bytes              B, kB/MB/GB/TB (powers of 1000), KiB/MiB/GiB/TiB (powers of 1024), or a plain number of
///                      bytes, 0 or at least 1 MiB
///   Millis             us, ms, s, min, h
///   PerSecond          /s, /min, /h
///   MegabitsPerSecond  Mbps, Gbps, MB/s, MiB/s
///   Days               d, h, w ("14 d")
template <class Q>
Parsed<Q> parse(std::string_view text);

/// A quantity or a range of it: "4-5%", "4 – 5 %", "[4%, 5%]", "30-80 ms". The low end comes first; a range
/// whose unit stands only after the high end gives it to both.
template <class Q>
Parsed<Interval<Q>> parse_range(std::string_view text);

/// A plain number, or a range of plain numbers ("2-3").
Parsed<double> parse_number(std::string_view text);
Parsed<Interval<double>> parse_number_range(std::string_view text);

template <>
Parsed<Fraction> parse(std::string_view);
template <>
Parsed<Bytes> parse(std::string_view);
template <>
Parsed<Millis> parse(std::string_view);
template <>
Parsed<PerSecond> parse(std::string_view);
template <>
Parsed<MegabitsPerSecond> parse(std::string_view);
template <>
Parsed<Days> parse(std::string_view);
template <>
Parsed<Interval<Fraction>> parse_range(std::string_view);
template <>
Parsed<Interval<Bytes>> parse_range(std::string_view);
template <>
Parsed<Interval<Millis>> parse_range(std::string_view);
template <>
Parsed<Interval<PerSecond>> parse_range(std::string_view);
template <>
Parsed<Interval<MegabitsPerSecond>> parse_range(std::string_view);

}  // namespace poolfit::unit
