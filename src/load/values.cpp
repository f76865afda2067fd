#include "values.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::load {

Diagnostic& expected(Context& context, const Entry& entry, const Value& value, std::string_view what) {
    return context.out.error(value.place, fmt::format("{}: expected {}, found {}", entry.key(), what, describe(value)),
                             context.assign(entry.key(), entry.example));
}

Maybe<std::string> text(Context& context, const Entry& entry) {
    const auto* found = entry.value().as<std::string>();
    if (found == nullptr) {
        // `version = 16.8` reads as a number, and 16.10 would read as 16.1. A setting has no quotes: its text counts.
        const auto place = entry.value().place;
        const auto raw = place.source->text().substr(place.span.begin, place.span.end - place.span.begin);
        const bool numeric = entry.value().as<double>() != nullptr || entry.value().as<std::int64_t>() != nullptr;
        if (numeric && place.source->name().starts_with("--set ")) return Located<std::string>{std::string(raw), place};
        auto& made = expected(context, entry, entry.value(), "text in quotes");
        if (numeric && raw.size() <= 40) made.fix = context.assign(entry.key(), fmt::format("\"{}\"", raw));
        return std::nullopt;
    }
    if (found->empty()) {
        context.out.error(entry.value().place, fmt::format("{} is empty", entry.key()),
                          context.assign(entry.key(), entry.example));
        return std::nullopt;
    }
    return Located<std::string>{*found, entry.value().place};
}

Maybe<std::string> name(Context& context, const Entry& entry) {
    const auto found = text(context, entry);
    if (!found) return std::nullopt;
    const std::string& written = found->value;
    const std::size_t bad = not_of_a_name(written);
    if (bad == written.size() && written.size() <= longest_name) return found;
    std::string fixed = as_name(written);
    if (fixed.empty()) fixed = "a-name";
    if (bad == written.size())
        context.out.error(found->place, fmt::format("{}: a name of {} characters", entry.key(), written.size()),
                          fmt::format("write at most {} characters", longest_name));
    else
        context.out.error(
            entry.value().inside(bad, 1),
            fmt::format("{}: a name is made of letters, digits, '.', '_' and '-', a letter or digit first",
                        entry.key()),
            context.assign(entry.key(), fmt::format("\"{}\"", clip(fixed))));
    return found;  // so that what refers to it isn't wrong as well
}

Maybe<bool> boolean(Context& context, const Entry& entry) {
    if (const auto* found = entry.value().as<bool>()) return Located<bool>{*found, entry.value().place};
    auto& made = expected(context, entry, entry.value(), "true or false");
    if (const auto* written = entry.value().as<std::string>()) {
        const bool yes = *written == "true" || *written == "yes" || *written == "on" || *written == "1";
        made.fix = context.assign(entry.key(), yes ? "true" : "false");
    }
    return std::nullopt;
}

bool within(Context& context, std::string_view key, const Located<std::int64_t>& value, Bounds<std::int64_t> bounds) {
    const bool low = *value < bounds.low;
    if (!low && *value <= bounds.high) return true;
    const auto limit = low ? bounds.low : bounds.high;
    context.out.error(value.place,
                      fmt::format("{}: {} is {} than {}", key, unit::print(Connections(*value)), low ? "less" : "more",
                                  unit::print(Connections(limit))),
                      context.assign(key, fmt::format("{}", limit)));
    return false;
}

Maybe<std::int64_t> whole(Context& context, const Entry& entry, Bounds<std::int64_t> bounds) {
    return whole(context, entry, entry.value(), bounds);
}

Maybe<std::int64_t> whole(Context& context, const Entry& entry, const Value& value, Bounds<std::int64_t> bounds) {
    std::int64_t found = 0;
    if (const auto* integer = value.as<std::int64_t>()) {
        found = *integer;
    } else if (const auto* real = value.as<double>();
               real != nullptr && std::abs(*real) < 9e15 && *real == std::floor(*real)) {
        found = static_cast<std::int64_t>(*real);
    } else {
        auto& made = expected(context, entry, value, "a whole number");
        if (real != nullptr && std::abs(*real) < 9e15)
            made.fix = context.assign(
                entry.key(),
                fmt::format("{}", std::clamp(static_cast<std::int64_t>(std::ceil(*real)), bounds.low, bounds.high)));
        const auto* written = value.as<std::string>();
        if (written != nullptr && !written->empty() && written->size() <= 15 &&
            written->find_first_not_of("0123456789") == written->npos)
            made.fix = context.assign(entry.key(), *written);
        return std::nullopt;
    }
    const Located<std::int64_t> number{found, value.place};
    if (!within(context, entry.key(), number, bounds)) return std::nullopt;
    return number;
}

Maybe<PriceTerm> price_term(Context& context, const Entry& entry) {
    std::vector<std::string_view> words;
    for (const auto& row : platform::terms()) words.push_back(row.word);
    const auto found = one_of(context, entry, words);
    if (!found) return std::nullopt;
    return Located<PriceTerm>{platform::terms()[found->value].term, found->place};
}

Maybe<MicroUsdPerMonth> dollars(Context& context, const Entry& entry, std::int64_t times) {
    constexpr double most = 1e7;  // a month or an hour; sums over all records stay far inside 64 bits
    const auto found = number(context, entry, {0, most});
    if (!found) return std::nullopt;
    const auto micro = std::llround(found->value * 1e6);
    return Located<MicroUsdPerMonth>{MicroUsdPerMonth(micro * times), found->place};
}

Maybe<Date> date(Context& context, const Entry& entry) {
    std::string_view written;
    if (const auto* toml = entry.value().as<DateText>())
        written = toml->text;
    else if (const auto* string = entry.value().as<std::string>())
        written = *string;
    else {
        expected(context, entry, entry.value(), "a date");
        return std::nullopt;
    }
    if (const auto parsed = unit::parse_date(written)) return Located<Date>{*parsed, entry.value().place};
    context.out.error(entry.value().place, fmt::format("{}: {} is not a date", entry.key(), quote(written)),
                      fmt::format("write year, month and day, as {}", context.assign(entry.key(), entry.example)));
    return std::nullopt;
}

std::vector<Located<std::string>> texts(Context& context, const Entry& entry) {
    std::vector<Located<std::string>> out;
    const auto* array = entry.value().as<Array>();
    if (array == nullptr) {
        auto& made = expected(context, entry, entry.value(), "a list of texts");
        if (const auto* one = entry.value().as<std::string>())
            made.fix = context.assign(entry.key(), fmt::format("[\"{}\"]", clip(*one)));
        return out;
    }
    for (const auto& item : array->items) {
        if (context.exhausted()) break;
        const auto* string = item.as<std::string>();
        if (string == nullptr)
            expected(context, entry, item, "text in quotes");
        else if (string->empty())
            context.out.error(item.place, fmt::format("{}: an empty text", entry.key()), "remove it");
        else
            out.push_back({*string, item.place});
    }
    return out;
}

Maybe<std::size_t> one_of(Context& context, const Entry& entry, const std::vector<std::string_view>& words,
                          std::span<const Synonym> others) {
    return one_of(context, entry, entry.value(), words, others);
}

Maybe<std::size_t> one_of(Context& context, const Entry& entry, const Value& value,
                          const std::vector<std::string_view>& words, std::span<const Synonym> others) {
    const auto* written = value.as<std::string>();
    if (written == nullptr) {
        expected(context, entry, value, "text in quotes").notes.emplace_back("allowed", join(words));
        return std::nullopt;
    }
    const auto at = std::ranges::find(words, *written);
    if (at != words.end()) return Located<std::size_t>{static_cast<std::size_t>(at - words.begin()), value.place};
    std::string lower(*written);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto other = std::ranges::find(others, lower, &Synonym::word);
    const auto near = other != others.end() ? other->meant : context.suggester.nearest(*written, words);
    auto& made =
        context.out.error(value.place, fmt::format("{}: {} is not one of its values", entry.key(), quote(*written)));
    if (!near.empty()) {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = fmt::format("write \"{}\"", near);
        if (other != others.end() && !other->also.empty()) made.fix += fmt::format(", and {}", other->also);
    } else {
        made.fix = context.assign(entry.key(), entry.example);
    }
    made.notes.emplace_back("allowed", join(words));
    return std::nullopt;
}

}  // namespace poolfit::load
