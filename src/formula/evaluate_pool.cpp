// Pool formulas: plain double arithmetic on a stack.
#include <algorithm>
#include <cmath>
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
    double number = 0;
    Span span;
};

std::variant<double, FormulaError> variable(const Formula& formula, const Formula::Node& node,
                                            const Variables& variables) {
    const std::string_view name = formula.names()[node.name];
    const double* const value = find(name, variables);
    if (value == nullptr) return unknown_variable(formula, node.span, name, variables);
    if (!std::isfinite(*value))
        return FormulaError{node.span, fmt::format("the value of {} is {}", quoted(name), *value),
                            "set it to a finite value"};
    return *value;
}

/// Every operator but division by zero, which is refused before.
double calculate(Op op, std::span<const Value> arguments) {
    const double a = arguments[0].number;
    const double b = arguments.back().number;
    switch (op) {
        case Op::add:
            return a + b;
        case Op::subtract:
            return a - b;
        case Op::multiply:
            return a * b;
        case Op::divide:
            return a / b;
        case Op::negate:
            return -a;
        case Op::ceil:
            return std::ceil(a);
        case Op::floor:
            return std::floor(a);
        case Op::round:
            return std::round(a);
        case Op::least:
            return std::ranges::min(arguments, {}, &Value::number).number;
        default:
            return std::ranges::max(arguments, {}, &Value::number).number;
    }
}

std::variant<double, FormulaError> step(const Formula& formula, const Formula::Node& node,
                                        std::span<const Value> arguments, const Variables& variables) {
    if (node.op == Op::number) return node.number;
    if (node.op == Op::variable) return variable(formula, node, variables);
    if (node.op == Op::divide && arguments[1].number == 0) return division_by_zero(formula, arguments[1].span);
    const double result = calculate(node.op, arguments);
    if (!std::isfinite(result))
        return FormulaError{node.span,
                            fmt::format("the result of {} is too big", quoted(part(formula.text(), node.span))),
                            "write smaller numbers"};
    return result;
}

}  // namespace

std::variant<double, FormulaError> evaluate_pool(const Formula& formula, const Variables& variables) {
    const Span all{0, static_cast<std::uint32_t>(formula.text().size())};
    if (formula.nodes().empty()) return FormulaError{all, "the formula is empty", "write a number or a formula"};
    if (formula.dialect() != Formula::Dialect::pool)
        return FormulaError{all, "an RDS formula where a pool formula is expected", "write a pool formula"};
    if (formula.is_constant()) return formula.nodes().front().number;
    std::vector<Value> stack;
    stack.reserve(formula.nodes().size());
    for (const Formula::Node& node : formula.nodes()) {
        auto result = step(formula, node, std::span<const Value>(stack).last(node.arguments), variables);
        if (auto* error = std::get_if<FormulaError>(&result)) return std::move(*error);
        stack.resize(stack.size() - node.arguments);
        stack.push_back({std::get<double>(result), node.span});
    }
    return stack.back().number + 0.0;  // no negative zero leaves here
}

}  // namespace poolfit::formula
