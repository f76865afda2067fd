#include <poolfit/unit/print.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace poolfit::unit {
namespace {

// The sign that formulas are printed with.
constexpr std::string_view minus = "−";

// A printed quantity before its unit is joined on: a range prints a shared unit once.
struct Printed {
    std::string number;
    std::string unit;  // with the blank before it, if any
};

std::string text(const Printed& p) { return p.number + p.unit; }

std::string range(const Printed& low, const Printed& high) {
    if (low.number == high.number && low.unit == high.unit) return text(low);
    const bool tight = low.unit == high.unit && !low.number.starts_with(minus) && !high.number.starts_with(minus);
    if (tight) return low.number + "–" + text(high);
    return text(low) + " – " + text(high);
}

// Puts a comma between groups of three digits of the whole part.
std::string grouped(const std::string& digits) {
    std::size_t whole = digits.find('.');
    if (whole == std::string::npos) whole = digits.size();
    std::string out = digits;
    for (std::size_t at = whole; at > 3; at -= 3) out.insert(at - 3, 1, ',');
    return out;
}

std::string grouped(std::uint64_t magnitude) { return grouped(fmt::format_int(magnitude).str()); }

std::string with_sign(bool negative, std::string number) {
    if (negative) number.insert(0, minus);
    return number;
}

std::uint64_t magnitude(std::int64_t v) {
    return v < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(v) : static_cast<std::uint64_t>(v);
}

double power_of_ten(int exponent) {
    double power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

double rounded(double v, int decimals) {
    return decimals == 0 ? std::round(v) : std::round(v * power_of_ten(decimals)) / power_of_ten(decimals);
}

// Digits with a point before the last `decimals`, and no zeros at its end.
std::string pointed(std::uint64_t digits, int decimals) {
    for (; decimals > 0 && digits % 10 == 0; --decimals) digits /= 10;
    std::string text = fmt::format_int(digits).str();
    if (decimals == 0) return text;
    const auto after = static_cast<std::size_t>(decimals);
    if (text.size() <= after) text.insert(0, after + 1 - text.size(), '0');
    return text.insert(text.size() - after, 1, '.');
}

// At most `decimals` decimals, rounded half away from zero, no trailing zeros, never "-0".
std::string decimal(double v, int decimals) {
    if (std::isnan(v)) return "nan";
    if (std::isinf(v)) return with_sign(v < 0, "inf");
    const double scaled = std::round(std::abs(v) * power_of_ten(decimals));
    constexpr double exact = 1e15;  // whole numbers up to here are exact, and so is their last digit
    const std::string digits = scaled < exact ? pointed(static_cast<std::uint64_t>(scaled), decimals)
                                              : fmt::format("{:.0f}", rounded(std::abs(v), decimals));
    if (digits == "0") return digits;
    return with_sign(v < 0, grouped(digits));
}

Printed parts(Connections c) { return {with_sign(c.value < 0, grouped(magnitude(c.value))), ""}; }

Printed parts(Bytes b) {
    constexpr std::array units{" B", " KiB", " MiB", " GiB"};
    double v = static_cast<double>(magnitude(b.value));
    std::size_t unit = 0;
    // What would round to 1,024 of a unit is 1 of the next.
    while (unit + 1 < units.size() && rounded(v, v < 100 ? 1 : 0) >= 1024) {
        v /= 1024;
        ++unit;
    }
    return {decimal(b.value < 0 ? -v : v, v < 100 ? 1 : 0), units[unit]};
}

Printed parts(Fraction f) {
    const double percent = f.value * 100;
    return {decimal(percent, rounded(std::abs(percent), 1) < 10 ? 1 : 0), " %"};
}

Printed parts(Millis t) {
    struct Step {
        double from, size;  // in milliseconds
        const char* unit;
    };
    constexpr std::array steps{Step{36e6, 36e5, " h"}, Step{6e5, 6e4, " min"}, Step{999.5, 1000, " s"}};
    for (const Step& step : steps)
        if (std::abs(t.value) >= step.from) return {print_number(t.value / step.size), step.unit};
    return {print_number(t.value), " ms"};
}

Printed parts(PerSecond r) { return {print_number(r.value), "/s"}; }
Printed parts(MegabitsPerSecond r) { return {print_number(r.value), " Mbps"}; }

}  // namespace

std::string print_unit_price(std::int64_t micro_usd) {
    std::string text = fmt::format("${}.{:06}", micro_usd / 1'000'000, micro_usd % 1'000'000);
    const std::size_t cents = text.find('.') + 3;
    text.erase(std::max(cents, text.find_last_not_of('0') + 1));
    return text;
}

std::string print_number(double v) {
    const double size = std::abs(v);
    int decimals = 0;
    if (size < 1) {
        // Two digits that count, down to a billionth.
        decimals = 2;
        for (double edge = 0.0995; decimals < 9 && size < edge; edge /= 10) ++decimals;
    } else if (rounded(size, 2) < 10) {
        decimals = 2;
    } else if (rounded(size, 1) < 100) {
        decimals = 1;
    }
    return decimal(v, decimals);
}

std::string print_digits(double v) {
    constexpr int digits = 5;
    int decimals = digits;
    for (double edge = 1; decimals > 0 && std::abs(v) >= edge; edge *= 10) --decimals;
    for (double edge = 0.1; decimals < 12 && v != 0 && std::abs(v) < edge; edge /= 10) ++decimals;
    return decimal(v, decimals);
}

std::string print_probability(double p) {
    constexpr double least = 1e-9;
    if (p > 0 && p < least) return fmt::format("under {} %", print_number(least * 100));
    return print_number(p * 100) + " %";
}

std::string print(MicroUsdPerMonth m) {
    const std::uint64_t cents = magnitude(m.value) / 10000 + (magnitude(m.value) % 10000 >= 5000 ? 1 : 0);
    return with_sign(m.value < 0 && cents != 0, fmt::format("${}.{:02}", grouped(cents / 100), cents % 100));
}

std::string print(Connections c) { return text(parts(c)); }
std::string print(Bytes b) { return text(parts(b)); }
std::string print(Fraction f) { return text(parts(f)); }
std::string print(Millis t) { return text(parts(t)); }
std::string print(PerSecond r) { return text(parts(r)); }
std::string print(MegabitsPerSecond r) { return text(parts(r)); }
std::string print(Days d) { return print_number(d.value) + " d"; }

std::string print(const Interval<Connections>& r) { return range(parts(r.low), parts(r.high)); }
std::string print(const Interval<Bytes>& r) { return range(parts(r.low), parts(r.high)); }
std::string print(const Interval<Fraction>& r) { return range(parts(r.low), parts(r.high)); }
std::string print(const Interval<MegabitsPerSecond>& r) { return range(parts(r.low), parts(r.high)); }
std::string print(const Interval<Millis>& r) { return range(parts(r.low), parts(r.high)); }
std::string print(const Interval<PerSecond>& r) { return range(parts(r.low), parts(r.high)); }

}  // namespace poolfit::unit
