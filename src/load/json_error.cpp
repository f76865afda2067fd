#include "json_error.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "words.hpp"

namespace poolfit::load {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view beginning = R"(start with { "schema": "poolfit-inventory/1", … })";

struct Fault {
    std::size_t begin, length;
    std::string message, fix;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The code unit of the \u escape at `at`, or nothing.
std::optional<unsigned> escape_at(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) != "\\u" || text.size() < at + 6) return std::nullopt;
    unsigned value = 0;
    for (const char c : text.substr(at + 2, 4)) {
        const auto digit = std::string_view("0123456789abcdef").find(static_cast<char>(is_digit(c) ? c : c | 0x20));
        if (digit == std::string_view::npos) return std::nullopt;
        value = value * 16 + static_cast<unsigned>(digit);
    }
    return value;
}

/// What is wrong in the string that begins at `begin`, if something is.
std::optional<Fault> string_fault(std::string_view text, std::size_t begin) {
    for (auto i = begin + 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') return std::nullopt;
        if (c == '\n' || c == '\r') break;
        if (static_cast<unsigned char>(c) < 0x20)
            return Fault{i, 1, "a control character inside a string", "write it as an escape such as \\t"};
        if (c != '\\') continue;
        if (text.substr(i + 1, 1) == "u") {
            const auto unit = escape_at(text, i);
            if (!unit) return Fault{i, 2, "a \\u escape needs four hex digits", "write the character itself"};
            const bool high = *unit >= 0xD800 && *unit <= 0xDBFF, low = *unit >= 0xDC00 && *unit <= 0xDFFF;
            const auto next = escape_at(text, i + 6);
            if (low || (high && (!next || *next < 0xDC00 || *next > 0xDFFF)))
                return Fault{i, 6, "half of a pair of \\u escapes", "write the character itself"};
            i += high ? 11 : 5;
        } else if (i + 1 < text.size() && std::string_view("\"\\/bfnrt").find(text[i + 1]) != std::string_view::npos) {
            ++i;
        } else if (i + 1 < text.size() && text[i + 1] != '\n') {
            return Fault{i, 2, "a backslash starts an escape that JSON doesn't have", "write \\\\ for a backslash"};
        }
    }
    const auto end = std::min(text.find('\n', begin), text.size());
    return Fault{begin, end - begin, "a string that doesn't end on its line", "close it with \""};
}

Fault at_end(std::string_view text, char state) {
    const auto last = text.find_last_not_of(blanks);
    if (last == text.npos) return {0, 0, "the file is empty", std::string(beginning)};
    if (state == '[') return {last, 1, "the file ends inside a list", "close it with ]"};
    if (state == 0) return {last, 1, "something follows the end of the object", "remove it"};
    return {last, 1, "the file ends inside an object", "close it with }"};
}

/// A word or a number that stands where a value should, from `at` on.
Fault bad_value(std::string_view text, std::size_t at) {
    const auto word = text.substr(at, std::min(text.find_first_of(" \t\r\n,:]}\"", at + 1), text.size()) - at);
    const auto fault = [&](std::string message, std::string fix) {
        return Fault{at, word.size(), std::move(message), std::move(fix)};
    };
    for (const std::string_view name : {"NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"})
        if (word == name) return fault(fmt::format("{} is not a number of JSON", word), "write a finite number");
    for (const auto& [name, fix] : {std::pair<std::string_view, std::string_view>{"True", "write true"},
                                    {"yes", "write true"},
                                    {"False", "write false"},
                                    {"no", "write false"},
                                    {"None", "write null"}})
        if (word == name) return fault(fmt::format("{} is not a JSON value", word), std::string(fix));
    const bool numeric = (is_digit(word[0]) || word[0] == '-') && is_digit(word.back()) &&
                         word.find_first_not_of("0123456789.eE+-") == word.npos;
    if (numeric && word.find_first_of("eE") != word.npos)
        return fault(fmt::format("{} is too large for a number", clip(word)), "write a smaller number");
    return fault(fmt::format("{} is not a JSON value", clip(word)), fmt::format("write \"{}\"", clip(word)));
}

/// Between two values, without a comma.
Fault after_value(std::string_view text, std::size_t cursor, std::size_t at, char state) {
    const char c = text[at];
    if (at == cursor && cursor > 0 && text[cursor - 1] == '0' && is_digit(c)) {
        const auto end = std::min(text.find_first_not_of("0123456789.", at), text.size());
        const auto digits = text.substr(cursor - 1, end - cursor + 1);
        return {cursor - 1, digits.size(), fmt::format("{} has a leading zero", clip(digits)), "write it without"};
    }
    if (c == '}' || c == ']')
        return {at, 1, state == '{' ? "expected a comma or }" : "expected a comma or ]",
                state == '{' ? "close the object with }" : "close the list with ]"};
    if (c == '"' || c == '{' || c == '[' || c == '-' || is_digit(c))
        return {at, 1, "expected a comma", "put a comma between the two"};
    // `5 ms`, `80%`: text without its quotes.
    auto begin = cursor;
    while (begin > 0 && std::string_view("0123456789.eE+-").find(text[begin - 1]) != std::string_view::npos) --begin;
    if (begin == cursor) return {at, 1, "expected a comma", "put a comma between the two"};
    auto phrase = text.substr(begin, std::min(text.find_first_of(",}]\r\n", at), text.size()) - begin);
    phrase = phrase.substr(0, phrase.find_last_not_of(blanks) + 1);
    return {begin, phrase.size(), fmt::format("{} is not a JSON value", clip(phrase)),
            fmt::format("write \"{}\"", clip(phrase))};
}

Fault find_fault(std::string_view text, std::size_t cursor, char state) {
    auto at = std::min(text.find_first_not_of(blanks, cursor), text.size());
    const char separator = at < text.size() && (text[at] == ',' || text[at] == ':') ? text[at] : '\0';
    const auto separator_at = at;
    if (separator != 0) at = std::min(text.find_first_not_of(blanks, at + 1), text.size());
    if (at >= text.size()) return at_end(text, state);
    const char c = text[at];
    const auto rest = text.substr(at);
    if (c == '#' || rest.starts_with("//") || rest.starts_with("/*"))
        return {at, c == '#' ? 1u : 2u, "JSON has no comments", "remove it, or write the inventory in TOML"};
    if (c == '\'') return {at, 1, "JSON strings use double quotes", "write \" instead of '"};
    if (c == '"')
        if (auto fault = string_fault(text, at)) return *std::move(fault);
    if (state == 0) {
        const bool nothing_yet = text.find_first_not_of(blanks, text.starts_with("\xEF\xBB\xBF") ? 3 : 0) == at;
        if (!nothing_yet) return {at, 1, "something follows the end of the object", "remove it"};
        auto fault = bad_value(text, at);
        return {fault.begin, fault.length, fmt::format("{} is not JSON", clip(text.substr(at, fault.length))),
                std::string(beginning)};
    }
    if (separator == ',' && (c == '}' || c == ']'))
        return {separator_at, 1, fmt::format("a comma before {}", c), "remove the comma"};
    if (separator != 0 && (c == ',' || c == ':'))
        return {at, 1, fmt::format("a \"{}\" with nothing before it", c), "remove it"};
    if (state == ':') {
        if (separator != ':') return {at, 1, "expected : after the key", "write \"key\": value"};
        if (c == '}' || c == ']')
            return {at, 1, "expected a value after the key", "write the value, or remove the key"};
        return bad_value(text, at);
    }
    const char before = cursor > 0 ? text[cursor - 1] : '\0';
    const bool opened = before == '{' || before == '[';
    if (separator == 0 && !opened) return after_value(text, cursor, at, state);
    if (state == '[') return c == '}' || c == ']' ? after_value(text, cursor, at, state) : bad_value(text, at);
    const auto word = bad_value(text, at);
    return {at, word.length, fmt::format("{} is not a key in double quotes", clip(text.substr(at, word.length))),
            "write one \"key\": value after another, with commas between"};
}

}  // namespace

void report_json_error(const SourceText& source, std::uint32_t cursor, char state, Diagnostics& diagnostics) {
    const auto text = source.text();
    auto fault = find_fault(text, cursor, state);
    const auto begin = std::min(fault.begin, text.size());
    const auto end = std::min(begin + fault.length, text.size());
    diagnostics.error({&source, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}},
                      std::move(fault.message), std::move(fault.fix));
}

}  // namespace poolfit::load
