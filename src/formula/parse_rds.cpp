// The RDS dialect: chains of * and / in braces, calls of LEAST, GREATEST, SUM and log, one comparison.
#include <utility>

#include <fmt/format.h>

#include "parser.hpp"
#include "words.hpp"

namespace poolfit {

using formula::quoted;

FormulaParser::Parsed FormulaParser::rds_formula() {
    const Token mark = token_;
    const bool marked = mark.kind == Kind::quote;
    if (marked) advance();
    Parsed left = rds_operand();
    if (left && formula::is_comparison(token_.kind)) {
        const Kind kind = advance().kind;
        const Parsed right = rds_operand();
        if (!right) return {};
        left->end = right->end;
        if (formula::is_comparison(token_.kind))
            return fail(token_.span, "a second comparison", "compare once: \"{DBInstanceVCPU} > 2\"");
        emit(kind == Kind::less         ? Op::less
             : kind == Kind::greater    ? Op::greater
             : kind == Kind::less_equal ? Op::less_equal
                                        : Op::greater_equal,
             2, *left);
    }
    if (!left || !marked) return left;
    if (token_.kind == Kind::end)
        return fail(mark.span, "the quotation mark is never closed", "add a quotation mark at the end");
    if (token_.kind != Kind::quote) return leftover();
    advance();
    return left;
}

/// One side of a comparison, or the whole formula. Outside braces AWS takes only a number or a call.
FormulaParser::Parsed FormulaParser::rds_operand() {
    const bool variable = token_.kind == Kind::name;
    Parsed whole = rds_factor();
    if (!whole) return {};
    const bool bare_variable = variable && previous_.kind == Kind::name;
    const bool bare_chain = token_.kind == Kind::star || token_.kind == Kind::slash;
    if (!bare_variable && !bare_chain) {
        if (!no_addition()) return {};
        return whole;
    }
    whole = rds_more_of_chain(*whole);
    if (!whole) return {};
    const std::string_view outside = text(*whole);
    std::string fix = "put braces around the whole of it, none inside";
    if (outside.find('{') == std::string_view::npos && outside.size() <= 40)
        fix = fmt::format("write {{{}}}", formula::clipped(outside));
    return fail(*whole, bare_chain ? "a calculation outside braces" : "a variable outside braces", std::move(fix));
}

FormulaParser::Parsed FormulaParser::rds_chain() {
    const Parsed first = rds_factor();
    return first ? rds_more_of_chain(*first) : first;
}

FormulaParser::Parsed FormulaParser::rds_more_of_chain(Span left) {
    while (token_.kind == Kind::star || token_.kind == Kind::slash) {
        const Op op = advance().kind == Kind::star ? Op::multiply : Op::divide;
        const Parsed right = rds_factor();
        if (!right) return {};
        left.end = right->end;
        emit(op, 2, left);
    }
    if (!no_addition()) return {};
    return left;
}

bool FormulaParser::no_addition() {
    if (token_.kind != Kind::plus && token_.kind != Kind::minus) return true;
    fail(token_.span, fmt::format("RDS formulas have no \"{}\"", token_.text),
         token_.kind == Kind::plus ? "write SUM(a,b)" : "write SUM(a,-5), with a negative number");
    return false;
}

FormulaParser::Parsed FormulaParser::rds_factor() {
    switch (token_.kind) {
        case Kind::number:
            return number(false, token_.span.begin);
        case Kind::minus: {
            const Token minus = advance();
            if (token_.kind == Kind::number) return number(true, minus.span.begin);
            if (token_.kind != Kind::name && token_.kind != Kind::brace_open) return no_value();
            return fail(minus.span, "\"-\" is allowed only before a number", "multiply by -1: {DBInstanceVCPU*-1}");
        }
        case Kind::name: {
            const Token name = advance();
            return token_.kind == Kind::open ? call(name) : variable(name);
        }
        case Kind::brace_open: {
            const Token open = token_;
            if (!enter(open)) return {};
            advance();
            if (!rds_chain() || !close(Kind::brace_close, open)) return {};
            leave();
            return Span{open.span.begin, previous_.span.end};
        }
        case Kind::open:
            return fail(token_.span, "\"(\" without a function before it",
                        "write braces: {DBInstanceClassMemory/9531392}");
        default:
            return no_value();
    }
}

/// log(x) and log(x,2). The chain inside keeps its fraction; a call inside it does not.
FormulaParser::Parsed FormulaParser::rds_log(Token name) {
    const Token open = advance();
    if (!enter(open)) return {};
    const bool outer_log = std::exchange(in_log_, true);
    if (!rds_chain()) return {};
    in_log_ = outer_log;
    if (token_.kind == Kind::comma) {
        advance();
        if (token_.kind != Kind::number) {
            if (token_.kind == Kind::name || token_.kind == Kind::brace_open || token_.kind == Kind::minus)
                return fail(token_.span, "the base of a log is not 2", "write log(x) or log(x,2)");
            return no_value();
        }
        if (token_.text != "2")
            return fail(token_.span, fmt::format("the base of a log is {}, not 2", quoted(token_.text)),
                        "write log(x) or log(x,2)");
        advance();
    }
    if (!close(Kind::close, open)) return {};
    leave();
    const Span span{name.span.begin, previous_.span.end};
    emit(Op::log2, 1, span);
    return span;
}

}  // namespace poolfit
