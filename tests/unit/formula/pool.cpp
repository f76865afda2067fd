#include <cmath>

#include "support.hpp"

using namespace formula_test;

namespace {

double value(std::string_view text, const formula::Variables& variables = {}) {
    const auto result = formula::evaluate_pool(parsed(text, Dialect::pool), variables);
    if (const auto* error = std::get_if<FormulaError>(&result)) FAIL(std::string(text) << ": " << error->message);
    return std::get<double>(result);
}

}  // namespace

TEST_CASE("pool: formulas of real inventories") {
    const formula::Variables two = {{"TOTAL_VCPUS", 2}, {"BATCH_SIZE", 6}, {"INSTANCES", 3}};
    CHECK(value("max(3, ceil(TOTAL_VCPUS * 1.5))", two) == 3);
    CHECK(value("max(5, 2 * TOTAL_VCPUS)", two) == 5);
    CHECK(value("BATCH_SIZE + 5", two) == 11);
    CHECK(value("BATCH_SIZE + TOTAL_VCPUS + 5", two) == 13);
    CHECK(value("floor(100 / INSTANCES)", two) == 33);
    CHECK(value("10") == 10);
}

TEST_CASE("pool: precedence, association, signs") {
    CHECK(value("2 + 3 * 4") == 14);
    CHECK(value("(2 + 3) * 4") == 20);
    CHECK(value("10 - 3 - 2") == 5);
    CHECK(value("16 / 4 / 2") == 2);
    CHECK(value("16 / 4 * 2") == 8);
    CHECK(value("-2 * -3") == 6);
    CHECK(value("--2") == 2);
    CHECK(value("4 - -2") == 6);
    CHECK(value("-(1 + 2)") == -3);
    CHECK(value("-x * 2", {{"x", 4}}) == -8);
    CHECK(value("7 / 2") == 3.5);
}

TEST_CASE("pool: functions and numbers") {
    CHECK(value("min(3)") == 3);
    CHECK(value("MIN(3, 1, 2)") == 1);
    CHECK(value("Max(3, 1, 2)") == 3);
    CHECK(value("ceil(1.2)") == 2);
    CHECK(value("floor(-1.2)") == -2);
    CHECK(value("round(2.5)") == 3);
    CHECK(value("round(-2.5)") == -3);
    CHECK(value(".5 + 0.25") == 0.75);
    CHECK(value("max + min", {{"max", 2}, {"min", 1}}) == 3);  // without parentheses they are ordinary names
    CHECK(value("_a1", {{"_a1", 7}}) == 7);
    for (const std::string_view text : {"-0", "-x", "0 * -1", "ceil(-0.5)", "round(-0.2)"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(std::signbit(value(text, {{"x", 0}})));
    }
}

TEST_CASE("pool: what a parsed formula tells") {
    const Formula tree = parsed(" max(A, B + A) ", Dialect::pool);
    CHECK(tree.text() == " max(A, B + A) ");
    CHECK(tree.names() == std::vector<std::string>{"A", "B"});
    CHECK(tree.nodes().size() == 5);
    CHECK(tree.nodes().back().span == Span{1, 14});
    CHECK(tree.nodes()[3].span == Span{8, 13});
    CHECK(parsed("-10", Dialect::pool).is_constant());
    CHECK_FALSE(parsed("10 + 0", Dialect::pool).is_constant());
    CHECK_FALSE(parsed("A", Dialect::pool).is_constant());
}
