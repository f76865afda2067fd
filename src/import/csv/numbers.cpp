#include "numbers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace poolfit::imports {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_number(char c) { return is_digit(c) || c == '.' || c == ','; }

/// "1,234,567": up to three digits, then groups of three.
bool is_grouped(std::string_view digits, char mark) {
    std::size_t group = digits.find(mark);
    if (group == 0 || group > 3 || digits.front() == '0') return false;
    while (true) {
        digits.remove_prefix(std::min(group + 1, digits.size()));
        if (digits.empty()) return false;
        group = digits.find(mark);
        if (std::min(group, digits.size()) != 3) return false;
        if (group == std::string_view::npos) return true;
    }
}

Mark mark_of(std::string_view number) {
    const std::size_t comma = number.rfind(','), point = number.rfind('.');
    if (comma == std::string_view::npos && point == std::string_view::npos) return Mark::none;
    if (comma != std::string_view::npos && point != std::string_view::npos)
        return comma > point ? Mark::comma : Mark::point;
    const char mark = comma != std::string_view::npos ? ',' : '.';
    if (is_grouped(number, mark) || std::ranges::count(number, mark) > 1) return Mark::none;
    return mark == ',' ? Mark::comma : Mark::point;
}

/// The number with a point before its decimals and nothing between its groups.
std::optional<std::string> plain_number(std::string_view number, char decimal, char group) {
    if (std::ranges::count(number, decimal) > 1) std::swap(decimal, group);  // no number has two decimal marks
    const std::size_t end = std::min(number.find(decimal), number.size());
    const std::string_view whole = number.substr(0, end);
    if (whole.find(group) != std::string_view::npos && !is_grouped(whole, group)) return std::nullopt;
    std::string out;
    std::ranges::copy_if(whole, std::back_inserter(out), is_digit);
    const std::string_view rest = number.substr(end);
    if (rest.size() > 1) {
        if (!std::ranges::all_of(rest.substr(1), is_digit)) return std::nullopt;
        out += '.';
        out += rest.substr(1);
    }
    return out;
}

/// Calls with each number of the text and whether something is between it and the one before.
template <class Text, class Number>
void for_numbers(std::string_view text, const Text& between, const Number& number) {
    for (std::size_t i = 0; i < text.size();) {
        if (!is_digit(text[i])) {
            between(text[i++]);
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && in_number(text[end])) ++end;
        while (!is_digit(text[end - 1])) --end;  // "12." of a sentence, "12,": what follows is no part of it
        number(text.substr(i, end - i));
        i = end;
    }
}

/// Without no-break spaces, which some languages put between groups.
std::string without_gaps(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t gap = text.substr(i).starts_with("\xC2\xA0")       ? 2
                                : text.substr(i).starts_with("\xE2\x80\xAF") ? 3
                                                                             : 0;
        if (gap == 0)
            out += text[i++];
        else
            i += gap;
    }
    return out;
}

}  // namespace

Mark decimal_mark(std::string_view text) {
    bool comma = false, point = false;
    for_numbers(
        text, [](char) {},
        [&](std::string_view number) {
            const Mark mark = mark_of(number);
            comma = comma || mark == Mark::comma;
            point = point || mark == Mark::point;
        });
    return comma == point ? Mark::none : comma ? Mark::comma : Mark::point;
}

std::optional<std::string> plain_numbers(std::string_view text, bool decimal_comma) {
    std::string out;
    bool good = true;
    for_numbers(
        without_gaps(text), [&](char c) { out += c; },
        [&](std::string_view number) {
            const auto plain = decimal_comma ? plain_number(number, ',', '.') : plain_number(number, '.', ',');
            good = good && plain;
            if (plain) out += *plain;
        });
    if (!good) return std::nullopt;
    if (out.find_first_of("eE") == std::string::npos) return out;
    double value = 0;
    const auto read = std::from_chars(out.data(), out.data() + out.size(), value);
    if (read.ec == std::errc() && read.ptr == out.data() + out.size() && std::abs(value) < 1e18) return decimal(value);
    return out;
}

std::string decimal(double number) {
    std::string text = fmt::format("{:.6f}", number);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

}  // namespace poolfit::imports
