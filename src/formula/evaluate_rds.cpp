// RDS formulas: 64-bit integers on a stack, real numbers only between the parentheses of a log.
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "words.hpp"

namespace poolfit::formula {

namespace {

using Op = Formula::Op;

struct Value {
    std::int64_t integer = 0;
    double real = 0;  ///< the same, but inside a log, where only this counts
    Span span;
};

Value whole(std::int64_t integer, Span span) { return {integer, static_cast<double>(integer), span}; }

FormulaError too_big(const Formula& formula, Span span) {
    return {span, fmt::format("the result of {} does not fit 64 bits", quoted(part(formula.text(), span))),
            "write smaller numbers, or divide before you multiply"};
}

std::variant<Value, FormulaError> variable(const Formula& formula, const Formula::Node& node,
                                           const Variables& variables) {
    const std::string_view name = formula.names()[node.name];
    const double* const value = find(name, variables);
    if (value == nullptr) return unknown_variable(formula, node.span, name, variables);
    // 2^63 itself is the first double that does not fit.
    constexpr double limit = 9223372036854775808.0;
    if (!(*value >= -limit && *value < limit))
        return FormulaError{node.span, fmt::format("the value of {}, {}, does not fit 64 bits", name, *value),
                            "set it to a smaller value"};
    return whole(static_cast<std::int64_t>(*value), node.span);
}

/// A product or quotient. Truncates towards zero, as C++ does; inside a log it keeps the fraction.
std::variant<Value, FormulaError> calculate(const Formula& formula, const Formula::Node& node, const Value& a,
                                            const Value& b) {
    const bool divides = node.op == Op::divide;
    if (divides && b.real == 0) return division_by_zero(formula, b.span);
    if (node.real) {
        const double real = divides ? a.real / b.real : a.real * b.real;
        if (!std::isfinite(real)) return too_big(formula, node.span);
        return Value{0, real, node.span};
    }
    std::int64_t result = 0;
    if (divides) {
        if (a.integer == std::numeric_limits<std::int64_t>::min() && b.integer == -1)
            return too_big(formula, node.span);
        result = a.integer / b.integer;
    } else if (__builtin_mul_overflow(a.integer, b.integer, &result)) {
        return too_big(formula, node.span);
    }
    return whole(result, node.span);
}

/// Rounded to the nearest whole number. AWS writes that decimals are truncated, but its table of Aurora MySQL
/// defaults says otherwise: 384 GiB compute log(50.36) = 5.65 and get 6 × 1000, 4 GiB compute log(5.33) = 2.41
/// and get 2 × 45. Rounding gives every row of that table, truncation and the unrounded log do not.
std::variant<Value, FormulaError> logarithm(const Formula& formula, const Formula::Node& node, const Value& of) {
    if (!(of.real > 0))
        return FormulaError{
            of.span,
            fmt::format("log of {}, which is {} and not above 0", quoted(part(formula.text(), of.span)), of.real),
            "take the log of a positive value"};
    return whole(std::llround(std::log2(of.real)), node.span);
}

std::variant<Value, FormulaError> combine(const Formula& formula, const Formula::Node& node,
                                          std::span<const Value> arguments) {
    std::int64_t result = arguments[0].integer;
    for (const Value& argument : arguments.subspan(1)) {
        if (node.op == Op::least) result = std::min(result, argument.integer);
        if (node.op == Op::greatest) result = std::max(result, argument.integer);
        if (node.op == Op::sum && __builtin_add_overflow(result, argument.integer, &result))
            return too_big(formula, node.span);
    }
    return whole(result, node.span);
}

bool compare(Op op, std::int64_t a, std::int64_t b) {
    if (op == Op::less) return a < b;
    if (op == Op::greater) return a > b;
    return op == Op::less_equal ? a <= b : a >= b;
}

std::variant<Value, FormulaError> step(const Formula& formula, const Formula::Node& node,
                                       std::span<const Value> arguments, const Variables& variables) {
    switch (node.op) {
        case Op::number:
            return whole(node.integer, node.span);
        case Op::variable:
            return variable(formula, node, variables);
        case Op::multiply:
        case Op::divide:
            return calculate(formula, node, arguments[0], arguments[1]);
        case Op::log2:
            return logarithm(formula, node, arguments[0]);
        case Op::least:
        case Op::greatest:
        case Op::sum:
            return combine(formula, node, arguments);
        case Op::less:
        case Op::greater:
        case Op::less_equal:
        case Op::greater_equal:
            return whole(compare(node.op, arguments[0].integer, arguments[1].integer) ? 1 : 0, node.span);
        case Op::add:
        case Op::subtract:
        case Op::negate:
        case Op::ceil:
        case Op::floor:
        case Op::round:
            break;
    }
    return FormulaError{node.span, "not an operation in RDS formulas", "use it in a pool formula"};
}

}  // namespace

std::variant<std::int64_t, FormulaError> evaluate_rds(const Formula& formula, const Variables& variables) {
    const Span all{0, static_cast<std::uint32_t>(formula.text().size())};
    if (formula.nodes().empty()) return FormulaError{all, "the formula is empty", "write a number or a formula"};
    if (formula.dialect() != Formula::Dialect::rds)
        return FormulaError{all, "a pool formula where an RDS formula is expected", "write an RDS formula"};
    std::vector<Value> stack;
    for (const Formula::Node& node : formula.nodes()) {
        const std::span<const Value> arguments = std::span<const Value>(stack).last(node.arguments);
        auto result = step(formula, node, arguments, variables);
        if (auto* error = std::get_if<FormulaError>(&result)) return std::move(*error);
        stack.resize(stack.size() - node.arguments);
        stack.push_back(std::get<Value>(result));
    }
    return stack.back().integer;
}

}  // namespace poolfit::formula
