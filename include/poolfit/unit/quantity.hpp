// Quantities as types: a number of connections is not a number of bytes. Arithmetic is what the unit
// allows, nothing converts silently, and `.value` is the way out.
#pragma once

#include <compare>
#include <cstdint>

namespace poolfit {

template <class Tag, class Rep>
struct Quantity {
    using rep = Rep;
    Rep value{};

    constexpr Quantity() = default;
    constexpr explicit Quantity(Rep v) : value(v) {}
    constexpr auto operator<=>(const Quantity&) const = default;

    constexpr Quantity& operator+=(Quantity b) {
        value += b.value;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity b) {
        value -= b.value;
        return *this;
    }
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value + b.value); }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value - b.value); }
    friend constexpr Quantity operator*(Quantity a, Rep k) { return Quantity(a.value * k); }
    friend constexpr Quantity operator*(Rep k, Quantity a) { return Quantity(a.value * k); }
};

/// Connections, or connection slots of a server. Whole, never negative in a checked model.
using Connections = Quantity<struct ConnectionsTag, std::int64_t>;
/// Memory, in bytes. 1 GiB = 2^30 bytes.
using Bytes = Quantity<struct BytesTag, std::int64_t>;
/// Money per month of 730 hours, in millionths of a US dollar: exact for every catalog price (at most
/// six decimals per hour) and for a price given per month.
using MicroUsdPerMonth = Quantity<struct MicroUsdPerMonthTag, std::int64_t>;
/// A share: 0.25 is 25 %. CPU is a share of all vCPUs of the instance.
using Fraction = Quantity<struct FractionTag, double>;
/// Time, in milliseconds.
using Millis = Quantity<struct MillisTag, double>;
/// Events per second.
using PerSecond = Quantity<struct PerSecondTag, double>;
/// Offered load: mean number of busy connections.
using Erlangs = Quantity<struct ErlangsTag, double>;
/// Throughput of a network or a disk path, in megabits (10^6) per second.
using MegabitsPerSecond = Quantity<struct MegabitsPerSecondTag, double>;
/// Whole days: an observation window.
using Days = Quantity<struct DaysTag, double>;

/// Little's law as an operator: arrivals per second times seconds held is the mean number held.
constexpr Erlangs operator*(PerSecond rate, Millis hold) { return Erlangs(rate.value * hold.value / 1000.0); }
constexpr Erlangs operator*(Millis hold, PerSecond rate) { return rate * hold; }

inline constexpr std::int64_t hours_per_month = 730;
inline constexpr std::int64_t bytes_per_mib = std::int64_t{1} << 20;
inline constexpr std::int64_t bytes_per_gib = std::int64_t{1} << 30;

constexpr double gib(Bytes b) { return static_cast<double>(b.value) / static_cast<double>(bytes_per_gib); }
constexpr double mib(Bytes b) { return static_cast<double>(b.value) / static_cast<double>(bytes_per_mib); }
constexpr double usd(MicroUsdPerMonth m) { return static_cast<double>(m.value) / 1e6; }

}  // namespace poolfit
