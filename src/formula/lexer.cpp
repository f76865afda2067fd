#include "lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "words.hpp"

namespace poolfit::formula {

namespace {

using Kind = Token::Kind;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Length of the UTF-8 character that starts the text; 0 where the bytes are not one.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    std::size_t length = 0;
    unsigned char low = 0x80, high = 0xBF;  // what the second byte may be
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) length = 2;
    if (first >= 0xE0 && first <= 0xEF) length = 3;
    if (first >= 0xF0 && first <= 0xF4) length = 4;
    if (length == 0 || text.size() < length) return 0;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
    if (byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    return length;
}

/// The code point of one whole UTF-8 character.
std::uint32_t code_point(std::string_view character) {
    if (character.size() == 1) return static_cast<unsigned char>(character[0]);
    std::uint32_t point = static_cast<unsigned char>(character[0]) & (0x7FU >> character.size());
    for (const char c : character.substr(1)) point = point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
    return point;
}

/// Characters that a message must name by number: controls, joiners, marks that turn the line around.
constexpr bool is_invisible(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0xAD || (point >= 0x2000 && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202F) || (point >= 0x2060 && point <= 0x206F) || point == 0x3000 ||
           point == 0xFEFF;
}

/// Characters that look like an operator, as word processors and web pages put them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> lookalikes = {{
    {"−", "-"},
    {"–", "-"},
    {"—", "-"},
    {"×", "*"},
    {"·", "*"},
    {"⋅", "*"},
    {"∗", "*"},
    {"÷", "/"},
    {"∕", "/"},
    {"⁄", "/"},
    {"≤", "<="},
    {"≥", ">="},
    {"“", "\""},
    {"”", "\""},
    {"，", ","},
}};

}  // namespace

Token Lexer::take(Kind kind, std::size_t length) {
    const auto begin = static_cast<std::uint32_t>(at_);
    const std::string_view text = text_.substr(at_, length);
    at_ += length;
    return {kind, {begin, static_cast<std::uint32_t>(at_)}, text};
}

Token Lexer::bad(std::size_t length, std::string message, std::string fix) {
    const Token token = take(Kind::bad, length);
    error_ = {token.span, std::move(message), std::move(fix)};
    return token;
}

Token Lexer::next() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ == text_.size()) return take(Kind::end, 0);
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (is_letter(c)) return name();
    switch (c) {
        case '+':
            return take(Kind::plus, 1);
        case '-':
            return take(Kind::minus, 1);
        case '*':
            return take(Kind::star, 1);
        case '/':
            return take(Kind::slash, 1);
        case '(':
            return take(Kind::open, 1);
        case ')':
            return take(Kind::close, 1);
        case ',':
            return take(Kind::comma, 1);
        default:
            break;
    }
    if (rds()) {
        switch (c) {
            case '{':
                return take(Kind::brace_open, 1);
            case '}':
                return take(Kind::brace_close, 1);
            case '"':
                return take(Kind::quote, 1);
            case '<':
            case '>':
            case '=':
                return comparison();
            case '$':
                if (is_letter(peek(1))) return name();
                return bad(1, "no variable name after \"$\"", "write {DBInstanceVCPU}, the braces before the name");
            default:
                break;
        }
    }
    return stray();
}

Token Lexer::number() {
    std::size_t length = 0;
    while (is_digit(peek(length))) ++length;
    const bool point = peek(length) == '.';
    if (point) {
        ++length;
        if (!is_digit(peek(length))) {
            const std::string_view text = text_.substr(at_, length);
            return bad(length, fmt::format("{} ends with a decimal point", quoted(text)),
                       "write digits after the point, or remove it");
        }
        while (is_digit(peek(length))) ++length;
    }
    std::size_t tail = length;
    while (is_letter(peek(tail)) || is_digit(peek(tail)) || peek(tail) == '.') ++tail;
    const std::string_view digits = text_.substr(at_, length);
    if (tail > length) {
        const std::string_view suffix = text_.substr(at_ + length, tail - length);
        const char first = lower(suffix.substr(0, 1))[0];
        const bool notation = (first == 'e' && (suffix.size() == 1 || is_digit(suffix[1]))) ||
                              (first == 'x' && digits == "0") || first == '_' || first == '.';
        return bad(tail, fmt::format("{} is not a number", quoted(text_.substr(at_, tail))),
                   notation ? "write it in decimal digits"
                            : fmt::format("write {}*{} for a product", clipped(digits), clipped(suffix)));
    }
    if (point && rds())
        return bad(length, fmt::format("{} is not a whole number", quoted(digits)),
                   "write a fraction with * and /: {DBInstanceClassMemory*3/4}");
    return take(Kind::number, length);
}

Token Lexer::name() {
    const bool dollar = peek() == '$';
    std::size_t length = dollar ? 1 : 0;
    while (is_letter(peek(length)) || is_digit(peek(length))) ++length;
    if (peek(length) == '.') return dotted_name(length);
    Token token = take(Kind::name, length);
    if (dollar) token.text.remove_prefix(1);
    return token;
}

Token Lexer::dotted_name(std::size_t length) {
    while (is_letter(peek(length)) || is_digit(peek(length)) || peek(length) == '.') ++length;
    const std::string_view text = text_.substr(at_, length);
    const std::string member = lower(text.substr(text.rfind('.') + 1));
    std::string fix = "write letters, digits and _ only";
    if (!rds() && lower(text).starts_with("math.")) {
        constexpr std::array<std::string_view, 5> functions = {"min", "max", "ceil", "floor", "round"};
        fix = std::ranges::count(functions, member) != 0 ? fmt::format("write {}(…), not {}(…)", member, clipped(text))
                                                         : "the functions are min, max, ceil, floor and round";
    }
    return bad(length, fmt::format("{} has a dot in its name", quoted(text)), std::move(fix));
}

Token Lexer::comparison() {
    const char first = peek(), second = peek(1);
    if (first == '>' && second == '=') return take(Kind::greater_equal, 2);
    if (first == '<' && second == '=') return take(Kind::less_equal, 2);
    if (first == '=' && second == '>') return take(Kind::greater_equal, 2);
    if (first == '=' && second == '<') return take(Kind::less_equal, 2);
    const std::size_t length = second == '=' || (first == '<' && second == '>') ? 2 : 1;
    if (first == '=' || length == 2)
        return bad(length, fmt::format("{} is not a comparison in RDS formulas", quoted(text_.substr(at_, length))),
                   "write >, <, >= or <=");
    return take(first == '>' ? Kind::greater : Kind::less, 1);
}

Token Lexer::stray() {
    const std::string_view rest = text_.substr(at_);
    const std::string_view where = rds() ? "an RDS formula" : "a pool formula";
    for (const auto& [character, plain] : lookalikes)
        if (rest.starts_with(character))
            return bad(character.size(), fmt::format("\"{}\" is not an operator", character),
                       fmt::format("write {}", plain));
    const std::size_t length = character_length(rest);
    const char c = rest[0];
    if (length == 0)
        return bad(1, fmt::format("byte 0x{:02X} is not UTF-8 text", static_cast<unsigned char>(c)), "remove it");
    const std::uint32_t point = code_point(rest.substr(0, length));
    if (point == 0xA0) return bad(length, "U+00A0 is a no-break space", "write an ordinary space");
    if (is_invisible(point))
        return bad(length, fmt::format("character U+{:04X} is not allowed in {}", point, where), "remove it");
    if (c == '"') return bad(1, fmt::format("a quotation mark is not allowed in {}", where), "remove it");
    std::string fix = c == '[' || c == ']' ? "write ( and )" : "remove it";
    if (!rds()) {
        if (c == '{' || c == '}' || c == '$') fix = "write the name alone, without $ and braces";
        if (c == '%') fix = "write a fraction, 0.8 for 80 %";
        if (c == '<' || c == '>' || c == '?') fix = "write min(…) or max(…)";
    }
    return bad(length, fmt::format("\"{}\" is not allowed in {}", rest.substr(0, length), where), std::move(fix));
}

}  // namespace poolfit::formula
