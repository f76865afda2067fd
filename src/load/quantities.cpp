// Quantities and ranges of them, from strings, plain numbers and lists of two.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/unit/parse.hpp>
#include <poolfit/unit/print.hpp>

#include "values.hpp"

namespace poolfit::load {
namespace {

/// What a type is called, how it is read from text, and how its limits are said.
template <class Q>
struct Kind;
template <>
struct Kind<double> {
    static constexpr std::string_view one = "a number", several = "a number or a range of numbers";
    static auto parse(std::string_view text) { return unit::parse_number(text); }
    static auto parse_range(std::string_view text) { return unit::parse_number_range(text); }
    static std::string print(double v) { return unit::print_number(v); }
    static double raw(double v) { return v; }
};
template <class Q>
struct Measured {
    static auto parse(std::string_view text) { return unit::parse<Q>(text); }
    static auto parse_range(std::string_view text) { return unit::parse_range<Q>(text); }
    static std::string print(Q v) { return unit::print(v); }
    static auto raw(Q v) { return v.value; }
};
template <>
struct Kind<Fraction> : Measured<Fraction> {
    static constexpr std::string_view one = "a share", several = "a share or a range of shares";
};
template <>
struct Kind<Bytes> : Measured<Bytes> {
    static constexpr std::string_view one = "a size", several = "a size or a range of sizes";
};
template <>
struct Kind<Millis> : Measured<Millis> {
    static constexpr std::string_view one = "a time", several = "a time or a range of times";
};
template <>
struct Kind<PerSecond> : Measured<PerSecond> {
    static constexpr std::string_view one = "a rate", several = "a rate or a range of rates";
};
template <>
struct Kind<MegabitsPerSecond> : Measured<MegabitsPerSecond> {
    static constexpr std::string_view one = "a throughput", several = "a throughput or a range of throughputs";
};
template <>
struct Kind<Days> : Measured<Days> {
    static constexpr std::string_view one = "a number of days";
};

std::optional<double> plain_number(const Value& value) {
    if (const auto* i = value.as<std::int64_t>()) return static_cast<double>(*i);
    if (const auto* d = value.as<double>()) return *d;
    return std::nullopt;
}

/// The error of a parser at its bytes. For a plain number, which has no text of its own, the fix is a string.
void report(Context& context, const Entry& entry, const Value& value, const unit::ParseError& error) {
    const bool is_text = value.as<std::string>() != nullptr;
    const auto place = is_text && error.length != 0 ? value.inside(error.offset, error.length) : value.place;
    std::string fix = error.fix;
    // A number alone gets the unit that the key is written in.
    constexpr std::string_view usual = " Mbps", other = " MiB/s";
    if (fix.ends_with(usual) && entry.example.find(other) != entry.example.npos)
        fix.replace(fix.size() - usual.size(), usual.size(), other);
    // What is to be typed in is one value: the least of those that may be.
    constexpr std::string_view above = " or more";
    if (!is_text && fix.ends_with(above)) {
        fix.resize(fix.size() - above.size());
        if (fix == "write 0") fix = context.assign(entry.key(), "0");
    }
    if (!is_text && fix.starts_with("write ") && fix.find(',') == fix.npos)
        fix = context.assign(entry.key(), '"' + fix.substr(6) + '"');
    if (fix.empty()) fix = context.assign(entry.key(), entry.example);
    context.out.error(place, fmt::format("{}: {}", entry.key(), diag::visible(error.message, true)), std::move(fix));
}

template <class Q>
bool within(Context& context, const Entry& entry, const Value& value, Q found, Bounds<Q> bounds) {
    const bool low = bounds.above ? found <= bounds.low : found < bounds.low;
    if (!low && found <= bounds.high) return true;
    const auto shown = Kind<Q>::print(found);
    std::string message, fix = context.assign(entry.key(), entry.example);
    if (!low)
        message = fmt::format("{}: {} is more than {}", entry.key(), shown, Kind<Q>::print(bounds.high));
    else if (bounds.above)
        message = fmt::format("{}: must be more than {}", entry.key(), Kind<Q>::print(bounds.low));
    else
        message = fmt::format("{}: {} is less than {}", entry.key(), shown, Kind<Q>::print(bounds.low));
    if constexpr (std::is_same_v<Q, Fraction>) {
        // A plain 85 is a slip for 85 %, and "4-5" for "4-5%".
        const auto* text = value.template as<std::string>();
        if (!low && found.value <= 100 && (text == nullptr || text->find('%') == text->npos))
            fix = context.assign(
                entry.key(), fmt::format("\"{}%\"", text == nullptr ? unit::print_number(found.value) : clip(*text)));
    }
    context.out.error(value.place, std::move(message), std::move(fix));
    return false;
}

/// Parses `value` with `parse`, a reader of text, whether it is text or a plain number.
template <class Result, class Parse>
std::optional<Result> parsed(Context& context, const Entry& entry, const Value& value, std::string_view what,
                             Parse parse) {
    std::string number;
    std::string_view text;
    if (const auto plain = plain_number(value)) {
        if (!std::isfinite(*plain)) {
            context.out.error(value.place,
                              fmt::format("{}: {} is not a finite number", entry.key(),
                                          describe(value).substr(std::string_view("the number ").size())),
                              context.assign(entry.key(), entry.example));
            return std::nullopt;
        }
        number = fmt::format("{}", *plain);
        text = number;
    } else if (const auto* string = value.as<std::string>()) {
        text = *string;
    } else {
        expected(context, entry, value, what);
        return std::nullopt;
    }
    auto result = parse(text);
    if (const auto* error = std::get_if<unit::ParseError>(&result)) {
        report(context, entry, value, *error);
        return std::nullopt;
    }
    return std::get<Result>(result);
}

template <class Q>
std::optional<Q> single(Context& context, const Entry& entry, const Value& value, Bounds<Q> bounds) {
    const auto found = parsed<Q>(context, entry, value, Kind<Q>::one, &Kind<Q>::parse);
    if (!found || !within(context, entry, value, *found, bounds)) return std::nullopt;
    return found;
}

template <class Q>
Maybe<Interval<Q>> interval(Context& context, const Entry& entry, Bounds<Q> bounds) {
    const auto& value = entry.value();
    if (const auto* list = value.as<Array>()) {
        if (list->items.size() != 2) {
            context.out.error(value.place, fmt::format("{}: a range is a list of two, low and high", entry.key()),
                              context.assign(entry.key(), entry.example));
            return std::nullopt;
        }
        const auto low = single(context, entry, list->items[0], bounds);
        const auto high = single(context, entry, list->items[1], bounds);
        if (!low || !high) return std::nullopt;
        if (*high < *low) {
            context.out.error(value.place,
                              fmt::format("{}: the low end of the range is above its high end", entry.key()),
                              "put the low end first");
            return std::nullopt;
        }
        return Located<Interval<Q>>{{*low, *high}, value.place};
    }
    const auto found = parsed<Interval<Q>>(context, entry, value, Kind<Q>::several, &Kind<Q>::parse_range);
    if (!found) return std::nullopt;
    if (!within(context, entry, value, found->low, bounds)) return std::nullopt;
    if (found->high != found->low && !within(context, entry, value, found->high, bounds)) return std::nullopt;
    return Located<Interval<Q>>{*found, value.place};
}

}  // namespace

template <class Q>
Maybe<Q> quantity(Context& context, const Entry& entry, Bounds<Q> bounds) {
    const auto found = single(context, entry, entry.value(), bounds);
    if (!found) return std::nullopt;
    return Located<Q>{*found, entry.value().place};
}
template <class Q>
Maybe<Interval<Q>> range(Context& context, const Entry& entry, Bounds<Q> bounds) {
    return interval(context, entry, bounds);
}

template Maybe<Fraction> quantity(Context&, const Entry&, Bounds<Fraction>);
template Maybe<Bytes> quantity(Context&, const Entry&, Bounds<Bytes>);
template Maybe<Millis> quantity(Context&, const Entry&, Bounds<Millis>);
template Maybe<MegabitsPerSecond> quantity(Context&, const Entry&, Bounds<MegabitsPerSecond>);
template Maybe<Days> quantity(Context&, const Entry&, Bounds<Days>);
template Maybe<Interval<Fraction>> range(Context&, const Entry&, Bounds<Fraction>);
template Maybe<Interval<Bytes>> range(Context&, const Entry&, Bounds<Bytes>);
template Maybe<Interval<Millis>> range(Context&, const Entry&, Bounds<Millis>);
template Maybe<Interval<PerSecond>> range(Context&, const Entry&, Bounds<PerSecond>);
template Maybe<Interval<MegabitsPerSecond>> range(Context&, const Entry&, Bounds<MegabitsPerSecond>);

namespace {

bool is_zero(const Value& value) {
    const auto* whole = value.as<std::int64_t>();
    const auto* real = value.as<double>();
    const auto* text = value.as<std::string>();
    return (whole != nullptr && *whole == 0) || (real != nullptr && *real == 0) || (text != nullptr && *text == "0");
}

}  // namespace

Maybe<Millis> time_or_zero(Context& context, const Entry& entry, Bounds<Millis> bounds) {
    if (is_zero(entry.value())) return Located<Millis>{Millis(0), entry.value().place};
    return quantity(context, entry, bounds);
}
Maybe<Interval<Millis>> time_range_or_zero(Context& context, const Entry& entry, Bounds<Millis> bounds) {
    if (is_zero(entry.value())) return Located<Interval<Millis>>{Interval<Millis>(Millis(0)), entry.value().place};
    return range(context, entry, bounds);
}

namespace {

bool has_percent(const Value& value) {
    if (const auto* list = value.as<Array>()) return std::ranges::all_of(list->items, has_percent);
    const auto* text = value.as<std::string>();
    return text != nullptr && text->find('%') != text->npos;
}

}  // namespace

Maybe<Interval<Fraction>> percent_range(Context& context, const Entry& entry) {
    constexpr Bounds<Fraction> any{Fraction(0), Fraction(1e9)};
    const auto found = interval(context, entry, any);
    if (!found) return std::nullopt;
    const Interval<Fraction>& seen = **found;
    if (seen.high.value > 0 && !has_percent(entry.value())) {
        const auto reading = [&](double times) {
            // Not rounded: a fix keeps the value.
            const auto number = [&](Fraction end) { return fmt::format("{:.12g}", end.value * times); };
            return seen.is_point() ? fmt::format("\"{}%\"", number(seen.low))
                                   : fmt::format("\"{}-{}%\"", number(seen.low), number(seen.high));
        };
        // Monitoring shows percent and inventories may have shares: what is a share and a percentage is not guessed.
        const bool is_share = seen.high.value <= 1;
        context.out.error(entry.value().place, fmt::format("{}: CPU without a percent sign", entry.key()),
                          is_share ? fmt::format("{}, or {}", context.assign(entry.key(), reading(100)), reading(1))
                                   : context.assign(entry.key(), reading(1)));
        return std::nullopt;
    }
    for (const Fraction end : {seen.low, seen.high})
        if (!within(context, entry, entry.value(), end, shares)) return std::nullopt;
    return found;
}

Maybe<double> number(Context& context, const Entry& entry, Bounds<double> bounds) {
    const auto& value = entry.value();
    if (!plain_number(value)) {
        auto& made = expected(context, entry, value, "a number");
        if (const auto* text = value.as<std::string>())
            if (const auto found = unit::parse_number(*text); std::holds_alternative<double>(found))
                made.fix = context.assign(entry.key(), clip(*text));
        return std::nullopt;
    }
    const auto plain = *plain_number(value);
    if (!std::isfinite(plain)) {
        context.out.error(value.place, fmt::format("{}: not a finite number", entry.key()),
                          context.assign(entry.key(), entry.example));
        return std::nullopt;
    }
    if (!within(context, entry, value, plain, bounds)) return std::nullopt;
    return Located<double>{plain, value.place};
}

Maybe<Interval<double>> number_range(Context& context, const Entry& entry, Bounds<double> bounds) {
    return interval(context, entry, bounds);
}

}  // namespace poolfit::load
