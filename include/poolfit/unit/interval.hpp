// A quantity that is known only as a range. A single known value is a range with equal ends.
#pragma once

namespace poolfit {

template <class T>
struct Interval {
    T low{};
    T high{};

    constexpr Interval() = default;
    constexpr explicit Interval(T both) : low(both), high(both) {}
    constexpr Interval(T l, T h) : low(l), high(h) {}
    constexpr bool operator==(const Interval&) const = default;
    constexpr bool is_point() const { return low == high; }

    friend constexpr Interval operator+(Interval a, Interval b) { return {a.low + b.low, a.high + b.high}; }
    friend constexpr Interval operator-(Interval a, Interval b) { return {a.low - b.high, a.high - b.low}; }
};

}  // namespace poolfit
