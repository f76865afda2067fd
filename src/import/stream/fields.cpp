#include "fields.hpp"

#include <charconv>

#include <poolfit/unit/date.hpp>

namespace poolfit::imports {

std::optional<std::int64_t> nano_of(std::string_view text) {
    constexpr std::int64_t most = 1'000'000'000;  // dollars: a fee for three years of the largest class is a thousandth
    std::int64_t whole = 0, rest = 0, unit = 1'000'000'000;
    std::size_t at = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        if ((whole = whole * 10 + (text[at] - '0')) > most) return std::nullopt;
    const std::size_t digits = at;
    if (at < text.size() && text[at] == '.')
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
            if (unit > 1) rest += (text[at] - '0') * (unit /= 10);
    if (at == text.size() && digits > 0) return whole * 1'000'000'000 + rest;
    double value = 0;  // 1.5E-4
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > static_cast<double>(most))
        return std::nullopt;
    return static_cast<std::int64_t>(value * 1e9 + 0.5);
}

std::optional<std::string> day_of(std::string_view time) {
    std::string day(time.substr(0, 10));
    if (time.size() == 14 && time.find_first_not_of("0123456789") == time.npos)
        day = std::string(time.substr(0, 4)) + '-' + std::string(time.substr(4, 2)) + '-' +
              std::string(time.substr(6, 2));
    if (!unit::parse_date(day)) return std::nullopt;
    return day;
}

std::uint32_t day_number(std::string_view day) {
    std::uint32_t number = 0;
    for (const char c : day.substr(0, 10))
        if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::uint32_t>(c - '0');
    return number;
}

}  // namespace poolfit::imports
