// The small expression language, in two dialects: RDS parameter formulas and pool-size formulas. Parsed
// once, evaluated with variables; errors carry the bytes they are about. Total: any text gives a value or
// an error, without overflow, without division by zero, with bounded depth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <poolfit/diag/source.hpp>

namespace poolfit {

/// `span` counts bytes of the formula's text.
struct FormulaError {
    Span span;
    std::string message;
    std::string fix;
};

class Formula {
public:
    enum class Dialect : std::uint8_t {
        rds,   ///< `LEAST({DBInstanceClassMemory/9531392},5000)`: integers, truncating division
        pool,  ///< `max(3, ceil(TOTAL_VCPUS * 1.5))`: real numbers, + − * /, parentheses
    };
    enum class Op : std::uint8_t {
        number,
        variable,
        add,
        subtract,
        multiply,
        divide,
        negate,
        least,
        greatest,
        sum,
        log2,
        ceil,
        floor,
        round,
        less,
        greater,
        less_equal,
        greater_equal,
    };
    /// Nodes stand in evaluation order (operands before their operator).
    struct Node {
        Op op = Op::number;
        std::uint32_t arguments = 0;  ///< how many of the values before it the operator takes
        double number = 0;            ///< of a number
        std::int64_t integer = 0;     ///< of a number, rds dialect
        std::uint32_t name = 0;       ///< of a variable: index into names()
        bool real = false;            ///< rds dialect: of * and / inside log(…), which keep the fraction
        Span span;                    ///< of an operator or a call: with its operands
    };

    const std::string& text() const { return text_; }
    Dialect dialect() const { return dialect_; }
    const std::vector<Node>& nodes() const { return nodes_; }
    /// Distinct variables, in order of first use.
    const std::vector<std::string>& names() const { return names_; }
    /// True for a formula that is one number.
    bool is_constant() const { return names_.empty() && nodes_.size() == 1; }

private:
    friend class FormulaParser;
    std::string text_;
    Dialect dialect_ = Dialect::pool;
    std::vector<Node> nodes_;
    std::vector<std::string> names_;
};

namespace formula {

/// A variable's value; RDS variables are integers below 2^53 and pass exactly.
using Variables = std::vector<std::pair<std::string_view, double>>;

/// Longest text accepted, in bytes, and deepest nesting.
inline constexpr std::size_t max_length = 65536;
inline constexpr std::size_t max_depth = 200;

std::variant<Formula, FormulaError> parse(std::string_view text, Formula::Dialect dialect);

/// RDS dialect: a 64-bit integer; a comparison gives 1 or 0. Division truncates towards zero at each step, left
/// to right (AWS "Specifying DB parameters"); a variable's fraction is dropped. A log is taken of the quotient
/// with its fraction and rounded to the nearest whole number before the chain goes on: the one reading that
/// agrees with AWS's table of Aurora MySQL defaults (1000, 2000 … 8000). Errors: unknown variable (with the
/// nearest known one), division by zero, a step past 64 bits, log of a value that is not positive.
std::variant<std::int64_t, FormulaError> evaluate_rds(const Formula& formula, const Variables& variables);

/// Pool dialect: a real number. `round` goes half away from zero. Errors as above, and a result that is not
/// finite.
std::variant<double, FormulaError> evaluate_pool(const Formula& formula, const Variables& variables);

}  // namespace formula
}  // namespace poolfit
