// Readers of single values: type, format and limits, each error at the exact bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/model/fleet.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/date.hpp>

#include "reader.hpp"

namespace poolfit::load {

/// `low` itself is out when `above` is set.
template <class T>
struct Bounds {
    T low, high;
    bool above = false;
};

inline constexpr Bounds<Fraction> shares{Fraction(0), Fraction(1)};
inline constexpr Bounds<Fraction> positive_shares{Fraction(0), Fraction(1), true};
inline constexpr Bounds<Millis> durations{Millis(0), Millis(24 * 3'600'000.0)};
inline constexpr Bounds<Millis> positive_durations{Millis(0), Millis(24 * 3'600'000.0), true};
inline constexpr Bounds<PerSecond> rates{PerSecond(0), PerSecond(1e9), true};
inline constexpr Bounds<Bytes> sizes{Bytes(0), Bytes(1024 * 1024 * bytes_per_gib)};

/// Text that is not empty.
Maybe<std::string> text(Context& context, const Entry& entry);
/// A record's name: 1–64 of [A-Za-z0-9._-], a letter or digit first.
Maybe<std::string> name(Context& context, const Entry& entry);
Maybe<bool> boolean(Context& context, const Entry& entry);
Maybe<std::int64_t> whole(Context& context, const Entry& entry, Bounds<std::int64_t> bounds);
Maybe<std::int64_t> whole(Context& context, const Entry& entry, const Value& value, Bounds<std::int64_t> bounds);
/// Is it inside? If not, says so.
bool within(Context& context, std::string_view key, const Located<std::int64_t>& value, Bounds<std::int64_t> bounds);
Maybe<double> number(Context& context, const Entry& entry, Bounds<double> bounds);
Maybe<Interval<double>> number_range(Context& context, const Entry& entry, Bounds<double> bounds);
/// Shares of observed CPU, which have to say that they are percent: 0.2 may be 20 % or 0.2 %.
Maybe<Interval<Fraction>> percent_range(Context& context, const Entry& entry);
/// Dollars to millionths of a dollar per month, rounded to the nearest; `times` months per unit given.
Maybe<MicroUsdPerMonth> dollars(Context& context, const Entry& entry, std::int64_t times);
Maybe<Date> date(Context& context, const Entry& entry);
std::vector<Located<std::string>> texts(Context& context, const Entry& entry);
Maybe<PriceTerm> price_term(Context& context, const Entry& entry);
/// One of `words`: its index. `others` are suggested before a word that is only near.
Maybe<std::size_t> one_of(Context& context, const Entry& entry, const std::vector<std::string_view>& words,
                          std::span<const Synonym> others = {});
/// The same for a value that is not the key's own, as an item of a list.
Maybe<std::size_t> one_of(Context& context, const Entry& entry, const Value& value,
                          const std::vector<std::string_view>& words, std::span<const Synonym> others = {});

/// Q is Fraction, Bytes, Millis, PerSecond, MegabitsPerSecond or Days; ranges are of all but Days.
template <class Q>
Maybe<Q> quantity(Context& context, const Entry& entry, Bounds<Q> bounds);
template <class Q>
Maybe<Interval<Q>> range(Context& context, const Entry& entry, Bounds<Q> bounds);

/// A time for which 0 needs no unit.
Maybe<Millis> time_or_zero(Context& context, const Entry& entry, Bounds<Millis> bounds);
Maybe<Interval<Millis>> time_range_or_zero(Context& context, const Entry& entry, Bounds<Millis> bounds);

/// `key: expected what, found …` with a fix; `what` is "a whole number".
Diagnostic& expected(Context& context, const Entry& entry, const Value& value, std::string_view what);

/// Takes a value that was read, keeps the default after an error.
template <class T>
void set(Located<T>& to, Maybe<T> from) {
    if (from) to = std::move(*from);
}

}  // namespace poolfit::load
