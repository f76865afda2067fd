#include "sealed.hpp"

#include <algorithm>

namespace poolfit::imports {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::optional<std::int64_t> whole(std::string_view text) {
    text = trimmed_blanks(text);
    if (text.empty() || text.size() > 10) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    if (value > 1'000'000'000) return std::nullopt;
    return value;
}

}  // namespace

std::string_view trimmed_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lowered);
    return out;
}

bool Sealed::is_like(std::string_view word) const { return std::ranges::equal(text_, word, {}, lowered, lowered); }

std::optional<std::int64_t> Sealed::number() const { return whole(text_); }

std::optional<double> Sealed::decimal() const {
    const std::string_view digits = text_;
    if (digits.empty() || digits.size() > 8) return std::nullopt;
    const std::size_t dot = digits.find('.');
    const auto first = whole(digits.substr(0, dot));
    if (!first) return std::nullopt;
    double value = static_cast<double>(*first), unit = 0.1;
    if (dot != digits.npos)
        for (const char c : digits.substr(dot + 1)) {
            if (c < '0' || c > '9') return std::nullopt;
            value += unit * (c - '0');
            unit /= 10;
        }
    return value;
}

std::optional<std::int64_t> Sealed::percent() const {
    const std::string_view text = trimmed_blanks(text_);
    if (!text.ends_with('%')) return std::nullopt;
    return whole(text.substr(0, text.size() - 1));
}

std::optional<bool> Sealed::boolean() const {
    for (const std::string_view word : {"true", "yes", "on", "1"})
        if (is_like(word)) return true;
    for (const std::string_view word : {"false", "no", "off", "0"})
        if (is_like(word)) return false;
    return std::nullopt;
}

std::string Sealed::name() const {
    if (text_.empty() || text_.size() > 253 || !is_letter_or_digit(text_[0])) return {};
    for (const char c : text_)
        if (!is_letter_or_digit(c) && c != '.' && c != '_' && c != '-' && c != '/' && c != ':') return {};
    return text_;
}

std::string Sealed::host() const {
    if (text_.size() > 2 && text_.front() == '[' && text_.back() == ']' &&
        text_.find_first_not_of("0123456789abcdefABCDEF:.", 1) == text_.size() - 1)
        return text_;
    // The folder of a socket of Cloud SQL: its instance's connection name, "project:region:name".
    if (constexpr std::string_view sockets = "/cloudsql/"; std::string_view(text_).starts_with(sockets)) {
        const std::string connection = Sealed(text_.substr(sockets.size())).name();
        return connection.substr(0, connection.find('/'));
    }
    std::string found = name();
    return found.find_first_of("/:") == found.npos ? found : std::string();
}

bool is_plain_key(std::string_view key) {
    if (key.empty() || key.size() > 128 || !(is_letter_or_digit(key[0]) || key[0] == '_')) return false;
    return std::ranges::all_of(
        key, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-' || c == '/'; });
}

}  // namespace poolfit::imports
