#include "values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/parse.hpp>
#include <poolfit/unit/print.hpp>

#include "numbers.hpp"

namespace poolfit::imports {
namespace {

using Result = std::variant<Reading, Trouble>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

Result text_value(std::string text) { return Reading{{std::move(text), {}, {}, {}}, {}, {}}; }

/// Bytes behind the last digit, where a unit stands: "12 %" has "%".
std::string_view behind_number(std::string_view text) {
    std::size_t end = text.size();
    while (end > 0 && !is_digit(text[end - 1])) --end;
    return trimmed(text.substr(end));
}

/// The text with its unit as poolfit writes it: "3.5 gib" is "3.5 GiB". Empty if the unit is none of `allowed`.
std::string with_known_unit(std::string_view text, const std::vector<std::string_view>& allowed) {
    const std::string_view unit = unit_of(behind_number(text));
    if (std::ranges::find(allowed, unit) == allowed.end()) return {};
    const std::string_view number = trimmed(text.substr(0, text.size() - behind_number(text).size()));
    return unit == "%" ? fmt::format("{}%", number) : fmt::format("{} {}", number, unit == "bytes" ? "B" : unit);
}

std::string percent(double share) { return decimal(share * 100); }

Result read_percent(const std::string& numbers, std::string_view unit) {
    constexpr std::string_view expected = "expected a percentage, such as 12.4%";
    if (!behind_number(numbers).empty()) {
        const std::string text = with_known_unit(numbers, {"%"});
        if (text.empty() || !std::holds_alternative<Interval<Fraction>>(unit::parse_range<Fraction>(text)))
            return Trouble{std::string(expected), {}};
        return text_value(text);
    }
    const auto parsed = unit::parse_number_range(numbers);
    const auto* range = std::get_if<Interval<double>>(&parsed);
    if (range == nullptr) return Trouble{std::string(expected), {}};
    if (unit == "share") {
        if (range->is_point()) return text_value(percent(range->low) + "%");
        return text_value(fmt::format("{}-{}%", percent(range->low), percent(range->high)));
    }
    if (unit.empty() && range->high > 0)
        return Trouble{fmt::format("{} without a percent sign", shown(numbers)), {}, true, range->high};
    return text_value(numbers + "%");
}

/// A plain number of bytes as people write it; two decimals, on the side that is worse.
std::string in_words(double bytes, bool rounds_up) {
    constexpr double mib = 1024.0 * 1024.0, gib = 1024.0 * mib;
    const auto cut = [&](double number) { return rounds_up ? std::ceil(number) : std::floor(number); };
    if (bytes < mib) return fmt::format("{} B", decimal(cut(bytes)));
    if (bytes < gib) return fmt::format("{} MiB", decimal(cut(bytes / mib)));
    return fmt::format("{} GiB", decimal(cut(bytes / gib * 100) / 100));
}

Result read_bytes(const Target& target, const std::string& numbers, std::string_view unit) {
    constexpr std::string_view expected = "expected a size, such as 3.5 GiB";
    constexpr double least = 1024.0 * 1024.0, most = 1e18;
    std::string text = numbers;
    if (!behind_number(text).empty()) {
        if (!std::holds_alternative<Interval<Bytes>>(unit::parse_range<Bytes>(text))) {
            text = with_known_unit(text, units_of(Reads::bytes));
            if (text.empty()) return Trouble{std::string(expected), {}};
        }
    } else if (!unit.empty() && unit != "bytes") {
        text += fmt::format(" {}", unit);
    } else {
        const auto parsed = unit::parse_number_range(numbers);
        const auto* range = std::get_if<Interval<double>>(&parsed);
        if (range == nullptr || range->high > most) return Trouble{std::string(expected), {}};
        if (unit.empty() && range->high > 0 && range->low < least)
            return Trouble{fmt::format("{} without a unit", shown(numbers)), {}, true};
        text = in_words(range->low, target.rounds_up);
        if (!range->is_point()) text += fmt::format(" - {}", in_words(range->high, target.rounds_up));
    }
    if (!std::holds_alternative<Interval<Bytes>>(unit::parse_range<Bytes>(text)))
        return Trouble{std::string(expected), {}};
    return text_value(text);
}

template <class Q>
bool parses(std::string_view text) {
    if constexpr (std::is_same_v<Q, Days>)
        return std::holds_alternative<Days>(unit::parse<Days>(text));
    else
        return std::holds_alternative<Interval<Q>>(unit::parse_range<Q>(text));
}

template <class Q>
Result read_with_unit(const Target& target, const std::string& numbers, std::string_view unit,
                      std::string_view expected) {
    std::string text = numbers;
    if (behind_number(text).empty()) {
        if (unit.empty()) return Trouble{fmt::format("{} without a unit", shown(numbers)), {}, true};
        text += fmt::format(" {}", unit);
    } else if (!parses<Q>(text)) {
        text = with_known_unit(text, units_of(target.reads));
    }
    if (text.empty() || !parses<Q>(text)) return Trouble{std::string(expected), {}};
    return text_value(text);
}

/// "12 connections" is 12.
std::string_view without_word(std::string_view text) {
    const std::string_view word = behind_number(text);
    if (word.empty() || !std::ranges::all_of(word, is_letter)) return text;
    return trimmed(text.substr(0, text.size() - word.size()));
}

Result read_numbers(const std::string& numbers) {
    const auto parsed = unit::parse_number_range(without_word(numbers));
    const auto* range = std::get_if<Interval<double>>(&parsed);
    if (range == nullptr) return Trouble{"expected a number, or a range such as 120-180", {}};
    return Reading{number_value(*range), *range, {}};
}

Result read_whole(const std::string& numbers) {
    const auto parsed = unit::parse_number(without_word(numbers));
    const auto* number = std::get_if<double>(&parsed);
    if (number == nullptr || *number != std::trunc(*number) || *number > 1e15)
        return Trouble{"expected a whole number", {}};
    return Reading{{static_cast<std::int64_t>(*number), {}, {}, {}}, {}, {}};
}

Result read_yes_no(std::string_view text) {
    constexpr std::string_view yes[] = {"true", "yes",     "y",       "1",      "on",
                                        "x",    "multiaz", "enabled", "2zones", "multiazdbinstance"};
    constexpr std::string_view no[] = {
        "false", "no", "n", "0", "off", "singleaz", "disabled", "1zone", "singleazdbinstance"};
    const std::string word = plain(text);
    const bool is_yes = std::ranges::find(yes, word) != std::end(yes);
    if (!is_yes && std::ranges::find(no, word) == std::end(no))
        return Trouble{"expected yes or no", "write true or false"};
    return Reading{{is_yes, {}, {}, {}}, {}, {}};
}

/// The part that is a version: "16.8" of "PostgreSQL 16.8-R2"; the text where there is none.
std::string version_of(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size() && !(is_digit(text[begin]) && (begin == 0 || !is_letter(text[begin - 1])))) ++begin;
    std::string_view version = text.substr(begin);
    version = version.substr(0, version.find(' '));
    if (const std::size_t release = lower(version).find("-r"); release != std::string::npos)
        version = version.substr(0, release);
    return version.empty() ? std::string(text) : std::string(version);
}

Result read_engine(std::string_view text) {
    Reading reading;
    const std::size_t digit = std::min(text.find_first_of("0123456789"), text.size());
    std::string word = plain(trimmed(text.substr(0, digit)));
    for (const std::string_view prefix : {"amazon", "aws", "rds", "for"})
        if (word.starts_with(prefix)) word = word.substr(prefix.size());
    if (constexpr std::string_view edition = "community"; word.ends_with(edition))
        word.resize(word.size() - edition.size());
    if (const std::string_view meant = platform::engine_meant(word); !meant.empty()) word = plain(meant);
    const auto engines = platform::engines();
    // "Aurora MySQL" is "aurora-mysql".
    const auto engine = std::ranges::find(engines, word, [](std::string_view each) { return plain(each); });
    if (engine == engines.end()) return text_value(std::string(text));
    reading.value.data = std::string(*engine);
    if (digit < text.size()) reading.version = version_of(text.substr(digit));
    return reading;
}

Result read_provider(std::string_view text) {
    std::string word = lower(trimmed(text));
    std::ranges::replace(word, ' ', '-');
    for (const std::string_view prefix : {"amazon-", "google-", "microsoft-"})
        if (word.starts_with(prefix) && word.size() > prefix.size()) word = word.substr(0, prefix.size() - 1);
    const auto known = platform::providers();
    if (std::ranges::find(known, word) != known.end()) return text_value(word);
    const std::string_view meant = platform::provider_meant(word);
    return text_value(meant.empty() ? std::string(text) : std::string(meant));
}

Result read_environment(std::string_view text) {
    struct Spelling {
        std::string_view written, meant;
    };
    constexpr Spelling words[] = {{"prod", "production"}, {"prd", "production"},      {"live", "production"},
                                  {"stage", "staging"},   {"stg", "staging"},         {"preprod", "staging"},
                                  {"dev", "development"}, {"develop", "development"}, {"testing", "test"},
                                  {"qa", "test"}};
    const std::string word = lower(trimmed(text));
    const auto* found = std::ranges::find(words, word, &Spelling::written);
    return text_value(found != std::end(words) ? std::string(found->meant) : word);
}

/// "eu-central-1a" is in "eu-central-1".
std::string region_of(std::string_view text) {
    std::string region = lower(text);
    const std::size_t size = region.size();
    if (size > 2 && is_letter(region[size - 1]) && is_digit(region[size - 2]) && region.find('-') != std::string::npos)
        region.pop_back();
    return region;
}

/// A class of the catalog has its name there, whatever its case and with or without "db.".
std::string class_of(std::string_view text, const Catalog& catalog) {
    const std::string name = lower(text);
    for (const Platform* each : platform::all()) {
        if (!each->has_classes) continue;
        if (catalog.find_class(*each, name) != nullptr) return name;
        // Azure's names have capitals.
        if (lower(each->class_prefix) != each->class_prefix)
            for (const InstanceClass* cls : catalog.classes(*each))
                if (const std::string own = lower(cls->name);
                    own == name || own.substr(each->class_prefix.size()) == name)
                    return std::string(cls->name);
        if (const std::string prefixed = std::string(each->class_prefix) + name;
            catalog.find_class(*each, prefixed) != nullptr)
            return prefixed;
    }
    return std::string(text);
}

bool has_numbers(Reads reads) {
    return reads == Reads::whole || reads == Reads::numbers || reads == Reads::percent || reads == Reads::bytes ||
           reads == Reads::rate || reads == Reads::days;
}

}  // namespace

bool is_blank(std::string_view text) {
    constexpr std::string_view blanks[] = {"",     "-",    "--",   "–",       "—",       "n/a",   "na",
                                           "#n/a", "null", "none", "unknown", "not set", "#ref!", "#value!"};
    return text.size() <= 8 && std::ranges::find(blanks, lower(text)) != std::end(blanks);
}

bool has_decimal_commas(const Sheet& sheet, const Mapping& mapping) {
    bool comma = false;
    for (const Origin& origin : mapping.origins) {
        if (!origin.column || !has_numbers(origin.target->reads)) continue;
        for (std::size_t row = 0; row < sheet.rows(); ++row) {
            const Mark mark = decimal_mark(sheet.text(sheet.at(row, *origin.column)));
            if (mark == Mark::point) return false;
            comma = comma || mark == Mark::comma;
        }
    }
    return comma;
}

load::Value number_value(const Interval<double>& range) {
    const auto text = [](double number) { return decimal(number); };
    if (!range.is_point()) return {fmt::format("{}-{}", text(range.low), text(range.high)), {}, {}, {}};
    if (range.low == std::trunc(range.low) && range.low < 1e15)
        return {static_cast<std::int64_t>(range.low), {}, {}, {}};
    return {range.low, {}, {}, {}};
}

std::variant<Reading, Trouble> read_value(const Target& target, std::string_view text, std::string_view unit,
                                          bool decimal_comma, const Catalog& catalog) {
    std::string numbers;
    if (has_numbers(target.reads)) {
        const auto plain = plain_numbers(text, decimal_comma);
        if (!plain)
            return Trouble{decimal_comma ? "not a number, where others have a comma before their decimals"
                                         : "not a number, where others have a point before their decimals",
                           "write it as the others are written"};
        numbers = *plain;
    }
    switch (target.reads) {
        case Reads::name:
        case Reads::reference:
            break;
        case Reads::engine:
            return read_engine(text);
        case Reads::provider:
            return read_provider(text);
        case Reads::environment:
            return read_environment(text);
        case Reads::version:
            return text_value(version_of(text));
        case Reads::cls:
            return text_value(class_of(text, catalog));
        case Reads::region:
            return text_value(region_of(text));
        case Reads::yes_no:
            return read_yes_no(text);
        case Reads::whole:
            return read_whole(numbers);
        case Reads::numbers:
            return read_numbers(numbers);
        case Reads::percent:
            return read_percent(numbers, unit);
        case Reads::bytes:
            return read_bytes(target, numbers, unit);
        case Reads::rate:
            return read_with_unit<MegabitsPerSecond>(target, numbers, unit, "expected a throughput, such as 120 Mbps");
        case Reads::days:
            return read_with_unit<Days>(target, numbers, unit, "expected a time, such as 14 d");
    }
    return text_value(std::string(text));
}

}  // namespace poolfit::imports
