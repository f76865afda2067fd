// The pool dialect: sums of products of numbers, variables, calls and parentheses.
#include "parser.hpp"

namespace poolfit {

FormulaParser::Parsed FormulaParser::pool_sum() {
    Parsed left = pool_product();
    while (left && (token_.kind == Kind::plus || token_.kind == Kind::minus)) {
        const Op op = advance().kind == Kind::plus ? Op::add : Op::subtract;
        const Parsed right = pool_product();
        if (!right) return {};
        left->end = right->end;
        emit(op, 2, *left);
    }
    return left;
}

FormulaParser::Parsed FormulaParser::pool_product() {
    Parsed left = pool_unary();
    while (left && (token_.kind == Kind::star || token_.kind == Kind::slash)) {
        const Op op = advance().kind == Kind::star ? Op::multiply : Op::divide;
        const Parsed right = pool_unary();
        if (!right) return {};
        left->end = right->end;
        emit(op, 2, *left);
    }
    return left;
}

FormulaParser::Parsed FormulaParser::pool_unary() {
    if (token_.kind != Kind::minus) return pool_primary();
    const Token minus = token_;
    if (!enter(minus)) return {};
    advance();
    Parsed value;
    if (token_.kind == Kind::number) {
        value = number(true, minus.span.begin);
    } else {
        value = pool_unary();
        if (value) {
            value->begin = minus.span.begin;
            emit(Op::negate, 1, *value);
        }
    }
    leave();
    return value;
}

FormulaParser::Parsed FormulaParser::pool_primary() {
    if (token_.kind == Kind::number) return number(false, token_.span.begin);
    if (token_.kind == Kind::name) {
        const Token name = advance();
        return token_.kind == Kind::open ? call(name) : variable(name);
    }
    if (token_.kind != Kind::open) return no_value();
    const Token open = token_;
    if (!enter(open)) return {};
    advance();
    if (!pool_sum() || !close(Kind::close, open)) return {};
    leave();
    return Span{open.span.begin, previous_.span.end};
}

}  // namespace poolfit
