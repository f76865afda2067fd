#include <poolfit/unit/parse.hpp>

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "scanner.hpp"
#include "units.hpp"

namespace poolfit::unit {
namespace {

ParseError missing_unit(const Scanner& scan, const Term& term) {
    const std::string_view number = scan.slice(term.begin, term.number_end);
    return scan.error(term.begin, term.number_end, fmt::format("expected a unit after {}", shortened(number)),
                      fmt::format("write {}", with_unit(number, scan.units().usual)));
}

// Metrics give plain bytes; a number this small is more likely meant as GiB.
constexpr double least_plain_bytes = 1024 * 1024;

bool is_plain(const Term& term) { return term.value == 0 || term.value >= least_plain_bytes; }

ParseError few_bytes(const Scanner& scan, std::string_view numbers, const Term& term) {
    constexpr double many_gib = 64;
    const std::string also = term.value >= many_gib ? fmt::format(" or {}", with_unit(numbers, "MiB")) : "";
    return scan.error(
        term.begin, term.number_end,
        fmt::format("{} without a unit would be bytes", shortened(scan.slice(term.begin, term.number_end))),
        fmt::format("write {}{}, or {} if it is bytes", with_unit(numbers, scan.units().usual), also,
                    with_unit(numbers, "B")));
}

ParseError too_large(const Scanner& scan, const Term& term) {
    return scan.error(term.begin, term.end, fmt::format("{} is too large", shortened(scan.slice(term.begin, term.end))),
                      "write a smaller number");
}

// Converts a term; `unit` is the term's own or the one it shares.
template <class Q>
Parsed<Q> convert(const Scanner& scan, const Term& term, const Unit* unit) {
    if (unit == nullptr && !scan.units().optional) return missing_unit(scan, term);
    const double value = unit == nullptr ? term.value : term.value * unit->times / unit->over;
    if (!std::isfinite(value)) return too_large(scan, term);
    return Q(value);
}

// Whole numbers of bytes are exact.
template <>
Parsed<Bytes> convert(const Scanner& scan, const Term& term, const Unit* unit) {
    constexpr Unit plain{"B"};
    if (unit == nullptr && !is_plain(term)) return few_bytes(scan, scan.slice(term.begin, term.number_end), term);
    if (unit == nullptr) unit = &plain;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    if (term.whole) {
        std::int64_t count = 0;
        const std::string_view digits = scan.slice(term.begin, term.number_end);
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        const auto times = static_cast<std::int64_t>(unit->times);
        if (code != std::errc{} || count > most / times) return too_large(scan, term);
        return Bytes(count * times);
    }
    const double value = std::round(term.value * unit->times);
    if (!(value < 0x1p63)) return too_large(scan, term);
    return Bytes(static_cast<std::int64_t>(value));
}

template <class Q>
Parsed<Q> parse_one(std::string_view text) {
    Scanner scan(text, units_of<Q>);
    Term term;
    if (auto wrong = scan.term(term)) return *std::move(wrong);
    scan.blanks();
    if (!scan.done()) {
        const std::size_t from = scan.at();
        if (scan.take_dash()) {
            const std::size_t to = scan.at();
            std::string low = shortened(scan.slice(term.begin, term.end));
            // The unit may stand behind the high end alone.
            Term high;
            if (const auto wrong = scan.term(high); !wrong && term.unit == nullptr && high.unit != nullptr)
                low += scan.slice(high.number_end, high.end);
            return scan.error(from, to, "expected one value, not a range", fmt::format("write {}", low));
        }
        return scan.unexpected();
    }
    return convert<Q>(scan, term, term.unit);
}

// The same range with its ends the other way round; a unit that both share stays where it is.
std::string swapped(const Scanner& scan, std::string_view text, const Term& low, const Term& high) {
    const std::size_t low_end = low.unit == nullptr ? low.number_end : low.end;
    const std::size_t high_end = low.unit == nullptr ? high.number_end : high.end;
    const std::string_view between = scan.slice(low_end, high.begin);
    std::string_view after = text.substr(high_end);
    while (!after.empty() && (after.back() == ' ' || after.back() == '\t')) after.remove_suffix(1);
    std::string_view before = text.substr(0, low.begin);
    while (!before.empty() && (before.front() == ' ' || before.front() == '\t')) before.remove_prefix(1);
    if (text.size() > 80) return "put the low end first";
    return fmt::format("write {}{}{}{}{}", before, scan.slice(high.begin, high_end), between,
                       scan.slice(low.begin, low_end), after);
}

template <class Q>
Parsed<Interval<Q>> parse_two(std::string_view text) {
    Scanner scan(text, units_of<Q>);
    Term low, high;
    scan.blanks();
    const std::size_t bracket = scan.at();
    const bool bracketed = scan.take("[");
    if (auto wrong = scan.term(low)) return *std::move(wrong);
    scan.blanks();
    bool two = false;
    if (bracketed) {
        if (!scan.take(","))
            return scan.error(bracket, scan.at(), "expected two values between brackets",
                              fmt::format("write [{0}, {0}]", shortened(scan.slice(low.begin, low.end))));
        two = true;
    } else {
        two = scan.take_dash();
    }
    if (two) {
        if (low.unit == nullptr && !bracketed) scan.share_unit_from(low);
        if (auto wrong = scan.term(high)) return *std::move(wrong);
        scan.blanks();
    }
    if (bracketed && !scan.take("]")) {
        if (!scan.done()) return scan.unexpected();
        return scan.error(scan.at(), scan.at(), "expected ']'", "close the bracket: [low, high]");
    }
    scan.blanks();
    if (!scan.done()) return scan.unexpected();

    // A unit after the high end only is the low end's too; the other way round it would be a guess.
    if (two && low.unit != nullptr && high.unit == nullptr)
        return scan.error(high.begin, high.number_end,
                          fmt::format("expected a unit after {}", shortened(scan.slice(high.begin, high.number_end))),
                          fmt::format("write {}", with_unit(scan.slice(high.begin, high.number_end), low.unit->name)));
    if constexpr (std::is_same_v<Q, Bytes>) {
        const bool none = low.unit == nullptr && high.unit == nullptr;
        if (two && none && !bracketed && (!is_plain(low) || !is_plain(high)))
            return few_bytes(scan, scan.slice(low.begin, high.number_end), is_plain(high) ? low : high);
    }
    if (two && low.unit == nullptr && high.unit == nullptr && !bracketed && !scan.units().optional &&
        !std::is_same_v<Q, Bytes>)
        return scan.error(
            high.begin, high.number_end,
            fmt::format("expected a unit after {}", shortened(scan.slice(high.begin, high.number_end))),
            fmt::format("write {}", with_unit(scan.slice(low.begin, high.number_end), scan.units().usual)));
    auto first = convert<Q>(scan, low, two && low.unit == nullptr ? high.unit : low.unit);
    if (auto* wrong = std::get_if<ParseError>(&first)) return std::move(*wrong);
    if (!two) return Interval<Q>(std::get<Q>(first));
    auto second = convert<Q>(scan, high, high.unit);
    if (auto* wrong = std::get_if<ParseError>(&second)) return std::move(*wrong);
    if (std::get<Q>(second) < std::get<Q>(first))
        return scan.error(low.begin, high.end, "the low end of the range is above its high end",
                          swapped(scan, text, low, high));
    return Interval<Q>(std::get<Q>(first), std::get<Q>(second));
}

}  // namespace

Parsed<double> parse_number(std::string_view text) { return parse_one<double>(text); }
Parsed<Interval<double>> parse_number_range(std::string_view text) { return parse_two<double>(text); }

template <>
Parsed<Fraction> parse(std::string_view text) {
    return parse_one<Fraction>(text);
}
template <>
Parsed<Bytes> parse(std::string_view text) {
    return parse_one<Bytes>(text);
}
template <>
Parsed<Millis> parse(std::string_view text) {
    return parse_one<Millis>(text);
}
template <>
Parsed<PerSecond> parse(std::string_view text) {
    return parse_one<PerSecond>(text);
}
template <>
Parsed<MegabitsPerSecond> parse(std::string_view text) {
    return parse_one<MegabitsPerSecond>(text);
}
template <>
Parsed<Days> parse(std::string_view text) {
    return parse_one<Days>(text);
}
template <>
Parsed<Interval<Fraction>> parse_range(std::string_view text) {
    return parse_two<Fraction>(text);
}
template <>
Parsed<Interval<Bytes>> parse_range(std::string_view text) {
    return parse_two<Bytes>(text);
}
template <>
Parsed<Interval<Millis>> parse_range(std::string_view text) {
    return parse_two<Millis>(text);
}
template <>
Parsed<Interval<PerSecond>> parse_range(std::string_view text) {
    return parse_two<PerSecond>(text);
}
template <>
Parsed<Interval<MegabitsPerSecond>> parse_range(std::string_view text) {
    return parse_two<MegabitsPerSecond>(text);
}

}  // namespace poolfit::unit
