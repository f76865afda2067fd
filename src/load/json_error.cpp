#include "json_error.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "words.hpp"

namespace poolfit::load {
namespace {

std::size_t skip_space(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

/// What is wrong in a string that begins at `begin`, if something is.
struct StringFault {
    std::size_t offset, length;
    std::string message, fix;
};
std::optional<StringFault> string_fault(std::string_view text, std::size_t begin) {
    for (auto i = begin + 1; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '"') return std::nullopt;
        if (byte == '\n' || byte == '\r') break;
        if (byte < 0x20) return StringFault{i, 1, "a control character inside a string", "write it as an escape, \\t"};
        if (byte != '\\') continue;
        ++i;
        if (i >= text.size()) break;
        if (text[i] == 'u') {
            const auto digits = text.substr(i + 1, 4);
            if (digits.size() < 4 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
                return StringFault{i - 1, 2, "a \\u escape needs four hex digits", "write the character itself"};
        } else if (std::string_view("\"\\/bfnrt").find(text[i]) == std::string_view::npos) {
            return StringFault{i - 1, 2, "a backslash starts an escape that JSON doesn't have",
                               "write \\\\ for a backslash"};
        }
    }
    const auto end = std::min(text.find('\n', begin), text.size());
    return StringFault{begin, end - begin, "a string that doesn't end on its line", "close it with \""};
}

}  // namespace

void report_json_error(const SourceText& source, std::uint32_t cursor, char innermost, Diagnostics& diagnostics) {
    const auto text = source.text();
    const auto error = [&](std::size_t begin, std::size_t length, std::string message, std::string fix) {
        const auto from = std::min(begin, text.size());
        const auto to = std::min(begin + length, text.size());
        diagnostics.error({&source, {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)}},
                          std::move(message), std::move(fix));
    };
    const auto last = text.find_last_not_of(" \t\r\n");
    auto at = skip_space(text, cursor);
    const auto separator = at < text.size() && (text[at] == ',' || text[at] == ':') ? text[at] : '\0';
    const auto separator_at = at;
    if (separator != 0) at = skip_space(text, at + 1);
    if (at >= text.size()) {
        const auto where = last == text.npos ? 0 : last;
        if (innermost == 0 && last == text.npos)
            error(0, 0, "the file is empty", R"(start with { "schema": "poolfit-inventory/1", … })");
        else if (innermost == 0)
            error(where, 1, "something follows the end of the object", "remove it");
        else
            error(where, 1, innermost == '{' ? "the file ends inside an object" : "the file ends inside a list",
                  innermost == '{' ? "close it with }" : "close it with ]");
        return;
    }
    const char c = text[at];
    if (c == '"') {
        if (const auto fault = string_fault(text, at))
            return error(fault->offset, fault->length, fault->message, fault->fix);
    }
    const auto word_end = std::min(text.find_first_of(" \t\r\n,:]}\"", at + 1), text.size());
    const auto word = text.substr(at, word_end - at);
    if (separator == ',' && (c == '}' || c == ']'))
        error(separator_at, 1, fmt::format("a comma before {}", c), "remove the comma");
    else if (c == ',' || c == ':')
        error(at, 1, fmt::format("a \"{}\" with nothing before it", c), "remove it");
    else if (word.starts_with("//") || word.starts_with("/*") || c == '#')
        error(at, word.size(), "JSON has no comments", "remove it, or write the inventory in TOML");
    else if (c == '\'')
        error(at, 1, "JSON strings stand in double quotes", "write \" instead of '");
    else if (word == "NaN" || word == "nan" || word == "Infinity" || word == "-Infinity" || word == "inf" ||
             word == "-inf")
        error(at, word.size(), fmt::format("{} is not a number of JSON", word), "write a finite number");
    else if (word == "True" || word == "False" || word == "None" || word == "yes" || word == "no")
        error(at, word.size(), fmt::format("{} is not a JSON value", word),
              word == "True" || word == "yes" ? "write true"
              : word == "None"                ? "write null"
                                              : "write false");
    else if (c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9')) {
        const bool plain = word.find_first_not_of("0123456789.eE+-") == word.npos;
        const bool zero = word.size() > 1 && c == '0' && word[1] >= '0' && word[1] <= '9';
        if (separator == 0 && cursor != at && innermost != 0)
            error(at, word.size(), "expected a comma", "put a comma between the two");
        else if (plain && !zero && c != '+' && c != '.' && word.back() != '.' && word.find_first_of("eE") != word.npos)
            error(at, word.size(), fmt::format("{} is too large for a number", clip(word)), "write a smaller number");
        else if (zero)
            error(at, word.size(), fmt::format("{} has a leading zero", clip(word)), "write it without");
        else
            error(at, word.size(), fmt::format("{} is not a JSON value", clip(word)),
                  fmt::format("write \"{}\"", clip(word)));
    } else if (innermost == 0) {
        if (c == '{' || cursor != 0)
            error(at, 1, "something follows the end of the object", "remove it");
        else
            error(at, word.size(), fmt::format("{} is not JSON", clip(word)),
                  R"(start with { "schema": "poolfit-inventory/1", … })");
    } else if (c == '"' || c == '{' || c == '[') {
        if (innermost == '{' && c == '"' && separator == 0)
            error(at, 1, "expected a comma", "put a comma between the two");
        else if (innermost == '{' && c != '"')
            error(at, 1, "expected a key in double quotes", "one \"key\": value after another, with commas between");
        else
            error(at, 1, separator == 0 ? "expected a comma" : "a value can't stand here",
                  "one \"key\": value after another, with commas between");
    } else if (c == '}' || c == ']') {
        error(at, 1, innermost == '{' ? "expected a key or }" : "expected a value or ]",
              innermost == '{' ? "close the object with }" : "close the list with ]");
    } else if (innermost == '{' && separator != ':') {
        error(at, word.size(), fmt::format("{} is not a key in double quotes", clip(word)),
              fmt::format("write \"{}\"", clip(word)));
    } else {
        error(at, word.size(), fmt::format("{} is not a JSON value", clip(word)),
              fmt::format("write \"{}\"", clip(word)));
    }
}

}  // namespace poolfit::load
