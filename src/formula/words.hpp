// Small helpers for the wording of formula errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/formula/formula.hpp>

namespace poolfit::formula {

std::string lower(std::string_view text);

/// The text in quotation marks, cut after some forty bytes. Only for text that the lexer took as tokens.
std::string quoted(std::string_view text);

/// The text without quotation marks, cut the same way.
std::string clipped(std::string_view text);

/// What the span covers, empty where it lies outside the text.
std::string_view part(std::string_view text, Span span);

/// The candidate that differs only in case, else the nearest one, else "".
std::string_view suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

/// The value of a variable, or nullptr.
const double* find(std::string_view name, const Variables& variables);

FormulaError unknown_variable(const Formula& formula, Span span, std::string_view name, const Variables& variables);

/// `divisor` names what turned out to be zero.
FormulaError division_by_zero(const Formula& formula, Span divisor);

}  // namespace poolfit::formula
