// Text of a quantity as the parser goes through it: numbers, their units, and what is wrong with them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/parse.hpp>

#include "units.hpp"

namespace poolfit::unit {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Text as a message shows it: short, and cut between characters.
inline std::string shortened(std::string_view text) {
    constexpr std::size_t most = 40;
    if (text.size() <= most) return std::string(text);
    std::size_t end = most;
    while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

inline std::string with_unit(std::string_view number, std::string_view unit) {
    const bool tight = unit.empty() || unit.front() == '/' || unit.front() == '%';
    return shortened(number).append(tight ? "" : " ").append(unit);
}

inline std::string unit_list(const Units& units) {
    std::string list;
    for (const Unit& unit : units.rows)
        if (unit.listed) list.append(list.empty() ? "" : ", ").append(unit.name);
    return list;
}

// The fix that says all that the type accepts.
inline std::string general_fix(const Units& units) {
    if (units.rows.empty()) return "write a plain number such as 2 or 0.5";
    if (units.optional) return "write a share such as 4% or 0.04; the unit is %";
    return fmt::format("write a number and one of the units {}", unit_list(units));
}

// A number and its unit as found in the text, not yet converted.
struct Term {
    std::size_t begin = 0;
    std::size_t number_end = 0;
    std::size_t end = 0;
    bool whole = false;  // digits only
    double value = 0;
    const Unit* unit = nullptr;
};

class Scanner {
public:
    Scanner(std::string_view text, const Units& units) : text_(text), units_(units) {}

    void blanks() {
        for (;;) {
            if (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
                ++at_;
            } else if (!take("\u00a0") && !take("\u202f") && !take("\u2009")) {
                return;
            }
        }
    }

    bool take(std::string_view token) {
        if (text_.substr(at_, token.size()) != token) return false;
        at_ += token.size();
        return true;
    }

    bool take_dash() { return take("-") || take("–") || take("−"); }
    bool done() const { return at_ == text_.size(); }
    std::size_t at() const { return at_; }
    std::string_view slice(std::size_t begin, std::size_t end) const { return text_.substr(begin, end - begin); }
    const Units& units() const { return units_; }

    ParseError error(std::size_t begin, std::size_t end, std::string message, std::string fix = {}) const {
        if (fix.empty()) fix = general_fix(units_);
        return {begin, end - begin, std::move(message), std::move(fix)};
    }

    // Number, blanks, unit. Leaves the blanks after it.
    std::optional<ParseError> term(Term& out) {
        blanks();
        out.begin = at_;
        if (take_dash()) return negative(out.begin);
        if (auto wrong = number(out)) return wrong;
        blanks();
        if (done() || ends_term()) {
            out.end = out.number_end;
            return std::nullopt;
        }
        return unit(out);
    }

    // A unit after the next term is that of a range from here too.
    void share_unit_from(const Term& low) { shared_ = low.begin; }

    // What stands at the cursor can't be read: says so about the rest of the text.
    ParseError unexpected() const {
        std::size_t end = text_.size();
        while (end > at_ && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
        return error(at_, end, fmt::format("unexpected '{}'", shortened(slice(at_, end))));
    }

private:
    bool starts(std::string_view token) const { return text_.substr(at_, token.size()) == token; }
    bool ends_term() const { return starts("-") || starts("–") || starts("−") || starts(",") || starts("]"); }
    bool at_blank() const {
        return starts(" ") || starts("\t") || starts("\u00a0") || starts("\u202f") || starts("\u2009");
    }
    void digits() {
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    }
    std::size_t word_end() {
        const std::size_t from = at_;
        while (!done() && !at_blank() && !ends_term()) ++at_;
        return std::exchange(at_, from);
    }

    std::optional<ParseError> negative(std::size_t begin) {
        blanks();
        const std::size_t from = at_;
        const std::size_t end = word_end();
        if (from == end || !is_digit(text_[from]))
            return error(begin, end, fmt::format("expected a number, found '{}'", shortened(slice(begin, end))));
        return error(begin, end, fmt::format("{} can't be negative", shortened(slice(begin, end))),
                     fmt::format("write {} or more", with_unit("0", units_.optional ? "" : units_.usual)));
    }

    std::optional<ParseError> number(Term& out) {
        const std::size_t begin = at_;
        digits();
        std::size_t count = at_ - begin;
        out.whole = true;
        if (starts(".")) {
            out.whole = false;
            ++at_;
            const std::size_t fraction = at_;
            digits();
            count += at_ - fraction;
        }
        if (count == 0) {
            at_ = begin;
            if (done()) return error(begin, begin, "expected a number");
            const std::size_t end = std::max(word_end(), begin + (ends_term() ? 1 : 0));
            return error(begin, end, fmt::format("expected a number, found '{}'", shortened(slice(begin, end))));
        }
        exponent(out);
        out.number_end = at_;
        const char* last = text_.data() + at_;
        const auto [end, code] = std::from_chars(text_.data() + begin, last, out.value);
        if (code != std::errc{} || end != last || !std::isfinite(out.value))
            return error(begin, at_, fmt::format("the number {} is out of range", shortened(slice(begin, at_))),
                         "write a number of ordinary size");
        return std::nullopt;
    }

    void exponent(Term& out) {
        if (!starts("e") && !starts("E")) return;
        std::size_t next = at_ + 1;
        if (next < text_.size() && (text_[next] == '+' || text_[next] == '-')) ++next;
        if (next >= text_.size() || !is_digit(text_[next])) return;
        out.whole = false;
        at_ = next;
        digits();
    }

    // Where the name ends if it stands at the cursor; blanks may stand around its slash.
    std::optional<std::size_t> match(std::string_view name) {
        const std::size_t from = at_;
        bool same = true;
        for (std::size_t i = 0; same && i < name.size(); ++i) {
            if (name[i] == '/') blanks();
            same = take(name.substr(i, 1));
            if (name[i] == '/') blanks();
        }
        const bool ended = done() || at_blank() || ends_term();
        const std::size_t end = std::exchange(at_, from);
        return same && ended ? std::optional(end) : std::nullopt;
    }

    std::optional<ParseError> unit(Term& out) {
        std::optional<std::size_t> end;
        for (const Unit& row : units_.rows) {
            const std::optional<std::size_t> found = match(row.name);
            if (!found || (end && *found <= *end)) continue;
            end = found;
            out.unit = &row;
        }
        if (!end) return unknown_unit(out);
        at_ = out.end = *end;
        return std::nullopt;
    }

    ParseError unknown_unit(const Term& term) {
        const std::size_t end = word_end();
        const std::string word = shortened(slice(at_, end));
        if (units_.rows.empty())
            return error(at_, end, fmt::format("expected a plain number, found '{}' after it", word));
        const std::string_view numbers = slice(shared_.value_or(term.begin), term.number_end);
        return error(at_, end, fmt::format("unknown unit '{}'", word),
                     units_.optional ? general_fix(units_)
                                     : fmt::format("write {}, or one of {}", with_unit(numbers, meant(slice(at_, end))),
                                                   unit_list(units_)));
    }

    // The unit that only differs in upper and lower case, else the usual one.
    std::string_view meant(std::string_view word) const {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        for (const Unit& row : units_.rows)
            if (std::ranges::equal(row.name, word, {}, lower, lower)) return row.name;
        return units_.usual;
    }

    std::string_view text_;
    const Units& units_;
    std::size_t at_ = 0;
    std::optional<std::size_t> shared_;  // where a range begins whose low end has no unit of its own
};

}  // namespace poolfit::unit
