#include <array>
#include <cmath>
#include <string>

#include "support.hpp"

using namespace formula_test;

TEST_CASE("pool: mistakes of writing, with place, message and fix") {
    using namespace std::string_view_literals;
    constexpr std::array<Mistake, 47> mistakes = {{
        {"", "", 0, "the formula is empty", "write a number or a formula"},
        {"  ", "  ", 0, "the formula is empty", "write a number or a formula"},
        {"max(3, ceil(A * 2)", "(", 3, "\"(\" is never closed", "add \")\""},
        {"2 * (A + 1", "(", 4, "\"(\" is never closed", "add \")\""},
        {"(A + 1))", ")", 7, "\")\" closes nothing", "remove it"},
        {"(A, 1)", ",", 2, "\",\" before the \"(\" at byte 1 is closed", "write \")\" before it"},
        {"max(3, )", ",", 5, "a comma after the last value", "remove the comma, or write a value after it"},
        {"max(3,, 4)", ",", 5, "an empty place after the comma", "remove the comma, or write a value after it"},
        {"max(, 4)", ",", 4, "an empty place before the comma", "remove the comma, or write a value before it"},
        {"max()", "max()", 0, "max() has no value", "write max(…) with at least one value"},
        {"2 * ()", "()", 4, "nothing inside ()", "write a value in it"},
        {"ceil(1, 2)", ",", 6, "ceil takes one value", "write one value, such as ceil(max(…))"},
        {"A B", "B", 2, "no operator before \"B\"", "write + - * or / before it"},
        {"3 4", "4", 2, "no operator before \"4\"", "write + - * or / before it"},
        {"(A)(B)", "(", 3, "no operator before \"(\"", "write + - * or / before it"},
        {"A +", "+", 2, "no value after \"+\"", "write a value after it, or remove the \"+\""},
        {"A -", "-", 2, "no value after \"-\"", "write a value after it, or remove the \"-\""},
        {"A * / 2", "*", 2, "no value after \"*\"", "write a value after it, or remove the \"*\""},
        {"+4", "+", 0, "no value before \"+\"", "write a value before it, or remove the \"+\""},
        {"/ 4", "/", 0, "no value before \"/\"", "write a value before it, or remove the \"/\""},
        {",", ",", 0, "\",\" where a value is expected", "write a number, a variable or a function"},
        {"1,5", ",", 1, "a comma outside a function",
         "write a decimal number with a point, or values inside min(…) or max(…)"},
        {"2 * Math.max(3, A)", "Math.max", 4, "\"Math.max\" has a dot in its name", "write max(…), not Math.max(…)"},
        {"Math.sqrt(3)", "Math.sqrt", 0, "\"Math.sqrt\" has a dot in its name",
         "the functions are min, max, ceil, floor and round"},
        {"env.MAX", "env.MAX", 0, "\"env.MAX\" has a dot in its name", "write letters, digits and _ only"},
        {"A − 3", "−", 2, "\"−\" is not an operator", "write -"},
        {"A × 3", "×", 2, "\"×\" is not an operator", "write *"},
        {"A ÷ 3", "÷", 2, "\"÷\" is not an operator", "write /"},
        {"flor(A)", "flor", 0, "unknown function \"flor\"", "write floor(…)"},
        {"CIEL(A)", "CIEL", 0, "unknown function \"CIEL\"", "write ceil(…)"},
        {"GREATEST(A, 2)", "GREATEST", 0, "unknown function \"GREATEST\"", "write max(…)"},
        {"sqrt(A)", "sqrt", 0, "unknown function \"sqrt\"", "the functions are min, max, ceil, floor, round"},
        {"0x10", "0x10", 0, "\"0x10\" is not a number", "write it in decimal digits"},
        {"1e3", "1e3", 0, "\"1e3\" is not a number", "write it in decimal digits"},
        {"1.2.3", "1.2.3", 0, "\"1.2.3\" is not a number", "write it in decimal digits"},
        {"2A", "2A", 0, "\"2A\" is not a number", "write 2*A for a product"},
        {"5.", "5.", 0, "\"5.\" ends with a decimal point", "write digits after the point, or remove it"},
        {"80%", "%", 2, "\"%\" is not allowed in a pool formula", "write a fraction, 0.8 for 80 %"},
        {"{A} + 1", "{", 0, "\"{\" is not allowed in a pool formula", "write the name alone, without $ and braces"},
        {"[A]", "[", 0, "\"[\" is not allowed in a pool formula", "write ( and )"},
        {"A > 2", ">", 2, "\">\" is not allowed in a pool formula", "write min(…) or max(…)"},
        {"\"5\"", "\"", 0, "a quotation mark is not allowed in a pool formula", "remove it"},
        {"é", "é", 0, "\"é\" is not allowed in a pool formula", "remove it"},
        {"5\0"sv, "\0"sv, 1, "character U+0000 is not allowed in a pool formula", "remove it"},
        {"5 \x80", "\x80", 2, "byte 0x80 is not UTF-8 text", "remove it"},
        {"max(\xF4\x90\x80\x80)", "\xF4", 4, "byte 0xF4 is not UTF-8 text", "remove it"},
        {"-", "-", 0, "no value after \"-\"", "write a value after it, or remove the \"-\""},
    }};
    for (const Mistake& mistake : mistakes) check(mistake, Dialect::pool);
}

TEST_CASE("pool: mistakes of values") {
    const formula::Variables variables = {{"TOTAL_VCPUS", 2}, {"IDLE", 0}, {"BROKEN", HUGE_VAL}, {"BIG", 1e300}};
    constexpr std::array<Mistake, 8> mistakes = {{
        {"2 * TOTAL_VCPU", "TOTAL_VCPU", 4, "unknown variable \"TOTAL_VCPU\"",
         "write TOTAL_VCPUS (known here: TOTAL_VCPUS, IDLE, BROKEN, BIG)"},
        {"total_vcpus", "total_vcpus", 0, "unknown variable \"total_vcpus\"",
         "write TOTAL_VCPUS (known here: TOTAL_VCPUS, IDLE, BROKEN, BIG)"},
        {"nan", "nan", 0, "unknown variable \"nan\"", "known here: TOTAL_VCPUS, IDLE, BROKEN, BIG"},
        {"3 / IDLE", "IDLE", 4, "division by zero: IDLE is 0", "divide by max(1, IDLE)"},
        {"3 / (2 - TOTAL_VCPUS)", "2 - TOTAL_VCPUS", 5, "division by zero: 2 - TOTAL_VCPUS is 0",
         "divide by max(1, 2 - TOTAL_VCPUS)"},
        {"3 / 0.0", "0.0", 4, "division by zero", "divide by a number other than 0"},
        {"1 + BROKEN", "BROKEN", 4, "the value of \"BROKEN\" is inf", "set it to a finite value"},
        {"1 + BIG * BIG", "BIG * BIG", 4, "the result of \"BIG * BIG\" is too big", "write smaller numbers"},
    }};
    for (const Mistake& mistake : mistakes) check(mistake, Dialect::pool, variables);

    formula::Variables many;
    const std::string_view names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"};
    for (const auto name : names) many.emplace_back(name, 1);
    CHECK(error_of("unlike", Dialect::pool, many).fix == "known here: a, b, c, d, e, f, g, h, i, j, k, l and 2 more");
}

TEST_CASE("pool: numbers out of range") {
    const std::string big(400, '9');
    CHECK(error_of(big, Dialect::pool).message == "\"" + std::string(40, '9') + "…\" is too big");
    CHECK(error_of(big, Dialect::pool).span == Span{0, 400});
    const std::string tiny = "0." + std::string(400, '0') + "1";
    CHECK(error_of(tiny, Dialect::pool).message == "\"0." + std::string(38, '0') + "…\" is too close to 0");
}

TEST_CASE("pool: length and depth are bounded") {
    const std::string open(200, '('), closed(200, ')');
    CHECK(std::get<double>(formula::evaluate_pool(parsed(open + "7" + closed, Dialect::pool), {})) == 7);
    CHECK(error_of(open + "(7)" + closed, Dialect::pool).span == Span{200, 201});
    CHECK(error_of(std::string(20000, '('), Dialect::pool).span == Span{200, 201});
    CHECK(error_of(std::string(20000, '-') + "x", Dialect::pool).span == Span{200, 201});
    CHECK(error_of(std::string(20000, '('), Dialect::pool).message == "nested more than 200 deep");
    CHECK(error_of(std::string(70000, '1'), Dialect::pool).span == Span{65536, 70000});

    // The longest formulas there are: read and evaluated, not refused.
    std::string sum = "1";
    while (sum.size() + 2 <= formula::max_length) sum += "+1";
    CHECK(std::get<double>(formula::evaluate_pool(parsed(sum, Dialect::pool), {})) == 32768);
    std::string names = "max(a0";
    for (int i = 1; names.size() < 60000; ++i) names += ",a" + std::to_string(i);
    CHECK(parsed(names + ")", Dialect::pool).names().size() > 8000);
}
