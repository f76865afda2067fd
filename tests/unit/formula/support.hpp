// What the formula tests share: one-line parse-and-evaluate, and a row for an expected error.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <poolfit/formula/formula.hpp>

namespace formula_test {

using namespace poolfit;
using Dialect = Formula::Dialect;

inline Formula parsed(std::string_view text, Dialect dialect) {
    auto result = formula::parse(text, dialect);
    if (auto* error = std::get_if<FormulaError>(&result)) FAIL(std::string(text) << ": " << error->message);
    return std::get<Formula>(result);
}

/// The error of parsing or, where that succeeds, of evaluating.
inline FormulaError error_of(std::string_view text, Dialect dialect, const formula::Variables& variables = {}) {
    auto result = formula::parse(text, dialect);
    if (auto* error = std::get_if<FormulaError>(&result)) return *error;
    const Formula& tree = std::get<Formula>(result);
    if (dialect == Dialect::rds) {
        const auto value = formula::evaluate_rds(tree, variables);
        if (const auto* error = std::get_if<FormulaError>(&value)) return *error;
        FAIL(std::string(text) << " gives " << std::get<std::int64_t>(value));
    }
    const auto value = formula::evaluate_pool(tree, variables);
    if (const auto* error = std::get_if<FormulaError>(&value)) return *error;
    FAIL(std::string(text) << " gives " << std::get<double>(value));
    return {};
}

struct Mistake {
    std::string_view text;
    std::string_view marked;  ///< the bytes the span covers
    std::uint32_t begin;
    std::string_view message;
    std::string_view fix;
};

inline void check(const Mistake& mistake, Dialect dialect, const formula::Variables& variables = {}) {
    CAPTURE(std::string(mistake.text));
    const FormulaError error = error_of(mistake.text, dialect, variables);
    CHECK(error.span.begin == mistake.begin);
    CHECK(error.span.end == mistake.begin + mistake.marked.size());
    REQUIRE(error.span.end <= mistake.text.size());
    CHECK(mistake.text.substr(error.span.begin, error.span.end - error.span.begin) == mistake.marked);
    CHECK(error.message == mistake.message);
    CHECK(error.fix == mistake.fix);
}

/// Small seeded generator (splitmix64), the same on every platform.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

private:
    std::uint64_t state_;
};

}  // namespace formula_test
