// Bytes of a formula → tokens. One token at a time; the first byte that fits nowhere ends it with an error.
#pragma once

#include <cstdint>
#include <string_view>

#include <poolfit/formula/formula.hpp>

namespace poolfit::formula {

struct Token {
    enum class Kind : std::uint8_t {
        end,
        bad,  ///< Lexer::error() says why
        number,
        name,
        plus,
        minus,
        star,
        slash,
        open,
        close,
        brace_open,
        brace_close,
        comma,
        quote,
        less,
        greater,
        less_equal,
        greater_equal,
    };
    Kind kind = Kind::end;
    Span span;
    std::string_view text;  ///< of a name without its leading $
};

constexpr bool is_comparison(Token::Kind kind) {
    return kind >= Token::Kind::less && kind <= Token::Kind::greater_equal;
}

constexpr bool is_operator(Token::Kind kind) {
    return (kind >= Token::Kind::plus && kind <= Token::Kind::slash) || is_comparison(kind);
}

class Lexer {
public:
    Lexer(std::string_view text, Formula::Dialect dialect) : text_(text), dialect_(dialect) {}
    Token next();
    const FormulaError& error() const { return error_; }

private:
    bool rds() const { return dialect_ == Formula::Dialect::rds; }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    Token take(Token::Kind kind, std::size_t length);
    Token bad(std::size_t length, std::string message, std::string fix);
    Token number();
    Token name();
    Token dotted_name(std::size_t length);
    Token comparison();
    Token stray();

    std::string_view text_;
    Formula::Dialect dialect_;
    std::size_t at_ = 0;
    FormulaError error_;
};

}  // namespace poolfit::formula
