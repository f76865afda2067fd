// What both dialects share: numbers, variables, calls, the bound on depth, and the wording of errors.
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "parser.hpp"
#include "words.hpp"

namespace poolfit {

using formula::quoted;

namespace formula {

namespace {

using Dialect = Formula::Dialect;
using Op = Formula::Op;

constexpr std::array<Function, 9> functions = {{
    {"LEAST", Op::least, Dialect::rds, 0},
    {"GREATEST", Op::greatest, Dialect::rds, 0},
    {"SUM", Op::sum, Dialect::rds, 0},
    {"log", Op::log2, Dialect::rds, 2},
    {"min", Op::least, Dialect::pool, 0},
    {"max", Op::greatest, Dialect::pool, 0},
    {"ceil", Op::ceil, Dialect::pool, 1},
    {"floor", Op::floor, Dialect::pool, 1},
    {"round", Op::round, Dialect::pool, 1},
}};

/// What other languages call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> synonyms = {{
    {"min", "LEAST"},
    {"max", "GREATEST"},
    {"add", "SUM"},
    {"log2", "log"},
    {"least", "min"},
    {"greatest", "max"},
    {"ceiling", "ceil"},
    {"trunc", "floor"},
}};

}  // namespace

const Function* find_function(std::string_view name, Formula::Dialect dialect) {
    const std::string wanted = lower(name);
    const auto at = std::ranges::find_if(
        functions, [&](const Function& f) { return f.dialect == dialect && lower(f.name) == wanted; });
    return at == functions.end() ? nullptr : &*at;
}

std::variant<Formula, FormulaError> parse(std::string_view text, Formula::Dialect dialect) {
    if (text.size() > max_length) {
        constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
        return FormulaError{
            {static_cast<std::uint32_t>(max_length), static_cast<std::uint32_t>(std::min(text.size(), most))},
            fmt::format("the formula is longer than {} bytes", max_length),
            "write a shorter one"};
    }
    return FormulaParser(text, dialect).run();
}

}  // namespace formula

FormulaParser::FormulaParser(std::string_view text, Formula::Dialect dialect)
    : text_(text), dialect_(dialect), lexer_(text, dialect) {
    formula_.text_ = text;
    formula_.dialect_ = dialect;
}

std::variant<Formula, FormulaError> FormulaParser::run() {
    token_ = lexer_.next();
    if (token_.kind == Kind::end) {
        const auto size = static_cast<std::uint32_t>(text_.size());
        return FormulaError{{0, size}, "the formula is empty", "write a number or a formula"};
    }
    Parsed parsed = rds() ? rds_formula() : pool_sum();
    if (parsed && token_.kind != Kind::end) parsed = leftover();
    if (!parsed) return std::move(error_);
    return std::move(formula_);
}

formula::Token FormulaParser::advance() {
    previous_ = token_;
    token_ = lexer_.next();
    return previous_;
}

void FormulaParser::emit(Op op, std::uint32_t arguments, Span span) {
    Formula::Node node;
    node.op = op;
    node.arguments = arguments;
    node.real = in_log_ && (op == Op::multiply || op == Op::divide);
    node.span = span;
    formula_.nodes_.push_back(node);
}

FormulaParser::Parsed FormulaParser::number(bool negative, std::uint32_t begin) {
    const Token token = advance();
    const Span span{begin, token.span.end};
    const char* const first = token.text.data();
    const char* const last = first + token.text.size();
    Formula::Node node;
    node.span = span;
    if (rds()) {
        std::uint64_t magnitude = 0;
        const auto [end, code] = std::from_chars(first, last, magnitude);
        constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
        if (code != std::errc{} || magnitude > largest + (negative ? 1 : 0))
            return fail(span, fmt::format("{} is too big", quoted(text(span))),
                        fmt::format("the largest number is {}", largest));
        node.integer = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
        node.number = static_cast<double>(node.integer);
    } else {
        const auto [end, code] = std::from_chars(first, last, node.number, std::chars_format::fixed);
        if (code != std::errc{}) {
            const bool big =
                token.text.substr(0, token.text.find('.')).find_first_not_of('0') != std::string_view::npos;
            return fail(span, fmt::format("{} is too {}", quoted(text(span)), big ? "big" : "close to 0"),
                        big ? "write a number below 1.8 × 10^308" : "write 0");
        }
        if (negative && node.number != 0) node.number = -node.number;
    }
    formula_.nodes_.push_back(node);
    return span;
}

FormulaParser::Parsed FormulaParser::variable(Token name) {
    const auto next = static_cast<std::uint32_t>(formula_.names_.size());
    const auto [at, fresh] = names_.try_emplace(name.text, next);
    if (fresh) formula_.names_.emplace_back(name.text);
    emit(Op::variable, 0, name.span);
    formula_.nodes_.back().name = at->second;
    return name.span;
}

bool FormulaParser::enter(Token token) {
    if (++depth_ <= formula::max_depth) return true;
    fail(token.span, fmt::format("nested more than {} deep", formula::max_depth), "write it flatter");
    return false;
}

FormulaParser::Parsed FormulaParser::call(Token name) {
    const formula::Function* const function = formula::find_function(name.text, dialect_);
    if (function == nullptr) return unknown_function(name);
    if (function->op == Op::log2) return rds_log(name);
    const Token open = advance();
    if (!enter(open)) return {};
    const bool outer_log = std::exchange(in_log_, false);
    std::uint32_t arguments = 0;
    if (token_.kind == Kind::close)
        return fail({name.span.begin, token_.span.end}, fmt::format("{}() has no value", name.text),
                    fmt::format("write {}(…) with at least one value", function->name));
    while (true) {
        if (!member()) return {};
        ++arguments;
        if (token_.kind != Kind::comma) break;
        if (function->most != 0 && arguments == function->most)
            return fail(token_.span, fmt::format("{} takes one value", function->name),
                        fmt::format("write one value, such as {}(max(…))", function->name));
        advance();
    }
    if (!close(Kind::close, open)) return {};
    leave();
    in_log_ = outer_log;
    const Span span{name.span.begin, previous_.span.end};
    emit(function->op, arguments, span);
    return span;
}

FormulaParser::Parsed FormulaParser::unknown_function(Token name) {
    const std::string wanted = formula::lower(name.text);
    if (rds() && wanted == "if")
        return fail(name.span, "IF(…) is for Oracle only", "write a formula of LEAST, GREATEST and SUM");
    std::vector<std::string_view> known;
    std::string list;
    for (const auto& f : formula::functions) {
        if (f.dialect != dialect_) continue;
        known.push_back(f.name);
        list += (list.empty() ? "" : ", ") + std::string(f.name);
    }
    std::string_view near;
    for (const auto& [other, ours] : formula::synonyms)
        if (other == wanted && std::ranges::count(known, ours) != 0) near = ours;
    if (near.empty()) {
        // Compared in one case, because a name may be written in any.
        std::vector<std::string> lowered;
        for (const auto f : known) lowered.push_back(formula::lower(f));
        const std::vector<std::string_view> candidates(lowered.begin(), lowered.end());
        const std::string_view found = formula::suggestion(wanted, candidates);
        for (std::size_t i = 0; i < known.size(); ++i)
            if (!found.empty() && candidates[i] == found) near = known[i];
    }
    return fail(name.span, fmt::format("unknown function {}", quoted(name.text)),
                near.empty() ? "the functions are " + list : fmt::format("write {}(…)", near));
}

bool FormulaParser::close(Kind closer, Token opener) {
    if (token_.kind == closer) {
        advance();
        return true;
    }
    const std::string_view mark = closer == Kind::close ? ")" : "}";
    if (token_.kind == Kind::end)
        fail(opener.span, fmt::format("\"{}\" is never closed", opener.text), fmt::format("add \"{}\"", mark));
    else if (token_.kind == Kind::close || token_.kind == Kind::brace_close || token_.kind == Kind::comma)
        fail(token_.span,
             fmt::format("\"{}\" before the \"{}\" at byte {} is closed", token_.text, opener.text,
                         opener.span.begin + 1),
             fmt::format("write \"{}\" before it", mark));
    else
        leftover();
    return false;
}

FormulaParser::Parsed FormulaParser::fail(Span span, std::string message, std::string fix) {
    error_ = {span, std::move(message), std::move(fix)};
    return {};
}

/// The current token should start a value and does not.
FormulaParser::Parsed FormulaParser::no_value() {
    const Kind kind = token_.kind, before = previous_.kind;
    const bool closes = kind == Kind::close || kind == Kind::brace_close;
    const bool ends = kind == Kind::end || kind == Kind::comma || kind == Kind::quote || closes;
    if (kind == Kind::bad) return fail(lexer_.error().span, lexer_.error().message, lexer_.error().fix);
    if (formula::is_operator(before) && (ends || formula::is_operator(kind)))
        return fail(previous_.span, fmt::format("no value after \"{}\"", previous_.text),
                    fmt::format("write a value after it, or remove the \"{}\"", previous_.text));
    if (before == Kind::comma && ends)
        return fail(previous_.span, closes ? "a comma after the last value" : "an empty place after the comma",
                    "remove the comma, or write a value after it");
    if ((before == Kind::open || before == Kind::brace_open) && ends) {
        if (kind == Kind::comma)
            return fail(token_.span, "an empty place before the comma", "remove the comma, or write a value before it");
        if (kind == Kind::end) {
            close(before == Kind::open ? Kind::close : Kind::brace_close, previous_);
            return {};
        }
        return fail({previous_.span.begin, token_.span.end},
                    fmt::format("nothing inside {}{}", previous_.text, token_.text), "write a value in it");
    }
    if (before == Kind::quote && ends)
        return fail(previous_.span, "nothing inside the quotation marks", "write a formula in them");
    if (formula::is_operator(kind))
        return fail(token_.span, fmt::format("no value before \"{}\"", token_.text),
                    fmt::format("write a value before it, or remove the \"{}\"", token_.text));
    if (closes) return fail(token_.span, fmt::format("\"{}\" closes nothing", token_.text), "remove it");
    if (kind == Kind::end)
        return fail(previous_.span, fmt::format("no value after {}", quoted(previous_.text)), "write a value after it");
    return fail(token_.span, fmt::format("{} where a value is expected", quoted(token_.text)),
                "write a number, a variable or a function");
}

/// A value is complete and the current token cannot go on from it.
FormulaParser::Parsed FormulaParser::leftover() {
    const std::string shown = quoted(token_.text);
    switch (token_.kind) {
        case Kind::bad:
            return fail(lexer_.error().span, lexer_.error().message, lexer_.error().fix);
        case Kind::close:
        case Kind::brace_close:
            return fail(token_.span, shown + " closes nothing", "remove it");
        case Kind::comma:
            return fail(token_.span, "a comma outside a function",
                        rds() ? "write the values inside LEAST(…), GREATEST(…) or SUM(…)"
                              : "write a decimal number with a point, or values inside min(…) or max(…)");
        case Kind::quote:
            return fail(token_.span, "a quotation mark inside the formula",
                        "put the marks around the whole formula, or leave them out");
        case Kind::less:
        case Kind::greater:
        case Kind::less_equal:
        case Kind::greater_equal:
            return fail(token_.span, fmt::format("{} inside a formula", shown),
                        "compare once, on the outside: \"{DBInstanceVCPU} > 2\"");
        default:
            break;
    }
    const bool listed = rds() && depth_ > 0;
    return fail(token_.span, "no operator before " + shown,
                listed  ? "write * or / before it, or a comma"
                : rds() ? "write * or / before it"
                        : "write + - * or / before it");
}

}  // namespace poolfit
