// Tokens → Formula. One class for both dialects, because they share more than they differ.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include <poolfit/formula/formula.hpp>

#include "lexer.hpp"

namespace poolfit {

/// Recursive descent; enter() bounds the depth. Every rule returns the span it read, or nothing after fail().
class FormulaParser {
public:
    FormulaParser(std::string_view text, Formula::Dialect dialect);
    std::variant<Formula, FormulaError> run();

private:
    using Token = formula::Token;
    using Kind = formula::Token::Kind;
    using Parsed = std::optional<Span>;
    using Op = Formula::Op;

    // parse_rds.cpp
    Parsed rds_formula();
    Parsed rds_operand();
    Parsed rds_chain();
    Parsed rds_more_of_chain(Span left);
    Parsed rds_factor();
    Parsed rds_log(Token name);
    bool no_addition();

    // parse_pool.cpp
    Parsed pool_sum();
    Parsed pool_product();
    Parsed pool_unary();
    Parsed pool_primary();

    // parse.cpp
    Parsed number(bool negative, std::uint32_t begin);
    Parsed variable(Token name);
    Parsed call(Token name);
    Parsed unknown_function(Token name);
    Parsed member() { return rds() ? rds_chain() : pool_sum(); }
    bool enter(Token token);
    void leave() { --depth_; }
    bool close(Kind closer, Token opener);

    // Errors: each says what is wrong at the current token.
    Parsed fail(Span span, std::string message, std::string fix);
    Parsed no_value();
    Parsed leftover();

    bool rds() const { return dialect_ == Formula::Dialect::rds; }
    std::string_view text(Span span) const { return text_.substr(span.begin, span.end - span.begin); }
    Token advance();
    void emit(Op op, std::uint32_t arguments, Span span);

    std::string_view text_;
    Formula::Dialect dialect_;
    formula::Lexer lexer_;
    Token token_;     ///< the current one
    Token previous_;  ///< the one before it; kind `end` at the start
    Formula formula_;
    FormulaError error_;
    std::unordered_map<std::string_view, std::uint32_t> names_;
    std::size_t depth_ = 0;
    bool in_log_ = false;
};

namespace formula {

struct Function {
    std::string_view name;
    Formula::Op op;
    Formula::Dialect dialect;
    std::uint32_t most;  ///< arguments; 0: any number
};

/// The function of that name, in any case, or nullptr.
const Function* find_function(std::string_view name, Formula::Dialect dialect);

}  // namespace formula
}  // namespace poolfit
