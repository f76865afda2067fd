#include <array>
#include <string>

#include "support.hpp"

using namespace formula_test;

TEST_CASE("rds: mistakes of writing, with place, message and fix") {
    constexpr std::array<Mistake, 42> mistakes = {{
        {"", "", 0, "the formula is empty", "write a number or a formula"},
        {" \t\n", " \t\n", 0, "the formula is empty", "write a number or a formula"},
        {"LEAST({A/2},5", "(", 5, "\"(\" is never closed", "add \")\""},
        {"LEAST({A/2", "{", 6, "\"{\" is never closed", "add \"}\""},
        {"LEAST({A/2,5)", ",", 10, "\",\" before the \"{\" at byte 7 is closed", "write \"}\" before it"},
        {"{A/2)", ")", 4, "\")\" before the \"{\" at byte 1 is closed", "write \"}\" before it"},
        {"{A}}", "}", 3, "\"}\" closes nothing", "remove it"},
        {"LEAST(5,)", ",", 7, "a comma after the last value", "remove the comma, or write a value after it"},
        {"LEAST(5,,6)", ",", 7, "an empty place after the comma", "remove the comma, or write a value after it"},
        {"LEAST( ,6)", ",", 7, "an empty place before the comma", "remove the comma, or write a value before it"},
        {"SUM()", "SUM()", 0, "SUM() has no value", "write SUM(…) with at least one value"},
        {"{ }", "{ }", 0, "nothing inside {}", "write a value in it"},
        {"{A/}", "/", 2, "no value after \"/\"", "write a value after it, or remove the \"/\""},
        {"{*A}", "*", 1, "no value before \"*\"", "write a value before it, or remove the \"*\""},
        {"{A} >", ">", 4, "no value after \">\"", "write a value after it, or remove the \">\""},
        {"A/2", "A/2", 0, "a calculation outside braces", "write {A/2}"},
        {"A", "A", 0, "a variable outside braces", "write {A}"},
        {"{A}*2", "{A}*2", 0, "a calculation outside braces", "put braces around the whole of it, none inside"},
        {"{A} > B", "B", 6, "a variable outside braces", "write {B}"},
        {"5 6", "6", 2, "no operator before \"6\"", "write * or / before it"},
        {"LEAST(5 6)", "6", 8, "no operator before \"6\"", "write * or / before it, or a comma"},
        {"{A+2}", "+", 2, "RDS formulas have no \"+\"", "write SUM(a,b)"},
        {"5-2", "-", 1, "RDS formulas have no \"-\"", "write SUM(a,-5), with a negative number"},
        {"SUM(5,-{A})", "-", 6, "\"-\" is allowed only before a number", "multiply by -1: {DBInstanceVCPU*-1}"},
        {"{A*0.75}", "0.75", 3, "\"0.75\" is not a whole number",
         "write a fraction with * and /: {DBInstanceClassMemory*3/4}"},
        {"{A/1e6}", "1e6", 3, "\"1e6\" is not a number", "write it in decimal digits"},
        {"{A/9MB}", "9MB", 3, "\"9MB\" is not a number", "write 9*MB for a product"},
        {"{(A)}", "(", 1, "\"(\" without a function before it", "write braces: {DBInstanceClassMemory/9531392}"},
        {"MAX(5,6)", "MAX", 0, "unknown function \"MAX\"", "write GREATEST(…)"},
        {"GREATETS(5,6)", "GREATETS", 0, "unknown function \"GREATETS\"", "write GREATEST(…)"},
        {"nonsense(5)", "nonsense", 0, "unknown function \"nonsense\"", "the functions are LEAST, GREATEST, SUM, log"},
        {"IF({DBInstanceClassHugePagesDefault},1,2)", "IF", 0, "IF(…) is for Oracle only",
         "write a formula of LEAST, GREATEST and SUM"},
        {"99999999999999999999", "99999999999999999999", 0, "\"99999999999999999999\" is too big",
         "the largest number is 9223372036854775807"},
        {"-9223372036854775809", "-9223372036854775809", 0, "\"-9223372036854775809\" is too big",
         "the largest number is 9223372036854775807"},
        {"{log(A,10)}", "10", 7, "the base of a log is \"10\", not 2", "write log(x) or log(x,2)"},
        {"{A} > 2 > 1", ">", 8, "a second comparison", "compare once: \"{DBInstanceVCPU} > 2\""},
        {"{A} == 2", "==", 4, "\"==\" is not a comparison in RDS formulas", "write >, <, >= or <="},
        {"LEAST({A} > 2,3)", ">", 10, "\">\" inside a formula",
         "compare once, on the outside: \"{DBInstanceVCPU} > 2\""},
        {"\"{A} > 2", "\"", 0, "the quotation mark is never closed", "add a quotation mark at the end"},
        {"{A × 2}", "×", 3, "\"×\" is not an operator", "write *"},
        {"{A;2}", ";", 2, "\";\" is not allowed in an RDS formula", "remove it"},
        {"${A}", "$", 0, "no variable name after \"$\"", "write {DBInstanceVCPU}, the braces before the name"},
    }};
    for (const Mistake& mistake : mistakes) check(mistake, Dialect::rds);
}

TEST_CASE("rds: bytes that are no text") {
    using namespace std::string_view_literals;
    constexpr std::array<Mistake, 6> mistakes = {{
        {"{A\0/2}"sv, "\0"sv, 2, "character U+0000 is not allowed in an RDS formula", "remove it"},
        {"5\xFF", "\xFF", 1, "byte 0xFF is not UTF-8 text", "remove it"},
        {"5\xC3", "\xC3", 1, "byte 0xC3 is not UTF-8 text", "remove it"},
        {"5\xED\xA0\x80", "\xED", 1, "byte 0xED is not UTF-8 text", "remove it"},
        {"5\xE2\x80\xAE", "\xE2\x80\xAE", 1, "character U+202E is not allowed in an RDS formula", "remove it"},
        {"5\xC2\xA0", "\xC2\xA0", 1, "U+00A0 is a no-break space", "write an ordinary space"},
    }};
    for (const Mistake& mistake : mistakes) check(mistake, Dialect::rds);
}

TEST_CASE("rds: mistakes of values") {
    const formula::Variables variables = {
        {"DBInstanceClassMemory", 8e9}, {"DBInstanceVCPU", 2}, {"AllocatedStorage", 0}, {"Huge", 1e30}};
    constexpr std::array<Mistake, 13> mistakes = {{
        {"{DBInstanceClasMemory/2}", "DBInstanceClasMemory", 1, "unknown variable \"DBInstanceClasMemory\"",
         "write DBInstanceClassMemory (known here: DBInstanceClassMemory, DBInstanceVCPU, AllocatedStorage, Huge)"},
        {"{dbinstancevcpu}", "dbinstancevcpu", 1, "unknown variable \"dbinstancevcpu\"",
         "write DBInstanceVCPU (known here: DBInstanceClassMemory, DBInstanceVCPU, AllocatedStorage, Huge)"},
        {"LEAST($zzz,2)", "$zzz", 6, "unknown variable \"zzz\"",
         "known here: DBInstanceClassMemory, DBInstanceVCPU, AllocatedStorage, Huge"},
        {"{TrueIfReplica}", "TrueIfReplica", 1, "no value is known for TrueIfReplica",
         "known here: DBInstanceClassMemory, DBInstanceVCPU, AllocatedStorage, Huge"},
        {"{Huge/2}", "Huge", 1, "the value of Huge, 1e+30, does not fit 64 bits", "set it to a smaller value"},
        {"{5/AllocatedStorage}", "AllocatedStorage", 3, "division by zero: AllocatedStorage is 0",
         "divide by GREATEST(AllocatedStorage,1)"},
        {"{5/{1/2}}", "1/2", 4, "division by zero: 1/2 is 0", "divide by GREATEST(1/2,1)"},
        {"{5/0}", "0", 3, "division by zero", "divide by a number other than 0"},
        {"{9223372036854775807*2}", "9223372036854775807*2", 1,
         "the result of \"9223372036854775807*2\" does not fit 64 bits",
         "write smaller numbers, or divide before you multiply"},
        {"{-9223372036854775808/-1}", "-9223372036854775808/-1", 1,
         "the result of \"-9223372036854775808/-1\" does not fit 64 bits",
         "write smaller numbers, or divide before you multiply"},
        {"SUM(9223372036854775807,1)", "SUM(9223372036854775807,1)", 0,
         "the result of \"SUM(9223372036854775807,1)\" does not fit 64 bits",
         "write smaller numbers, or divide before you multiply"},
        {"{log(AllocatedStorage/4)}", "AllocatedStorage/4", 5,
         "log of \"AllocatedStorage/4\", which is 0 and not above 0", "take the log of a positive value"},
        {"{log(-3)}", "-3", 5, "log of \"-3\", which is -3 and not above 0", "take the log of a positive value"},
    }};
    for (const Mistake& mistake : mistakes) check(mistake, Dialect::rds, variables);
    CHECK(error_of("{A}", Dialect::rds).fix == "no variables here: write a number");
}

TEST_CASE("rds: length and depth are bounded") {
    const std::string braces(200, '{'), closed(200, '}');
    CHECK(std::get<std::int64_t>(formula::evaluate_rds(parsed(braces + "7" + closed, Dialect::rds), {})) == 7);
    const FormulaError deep = error_of(braces + "{7}" + closed, Dialect::rds);
    CHECK(deep.span == Span{200, 201});
    CHECK(deep.message == "nested more than 200 deep");

    std::string calls;
    for (int i = 0; i < 13000; ++i) calls += "SUM(";
    CHECK(error_of(calls, Dialect::rds).span == Span{803, 804});

    const std::string full(formula::max_length, '7');
    CHECK(error_of(full, Dialect::rds).span == Span{0, 65536});
    const FormulaError too_long = error_of(full + "77", Dialect::rds);
    CHECK(too_long.span == Span{65536, 65538});
    CHECK(too_long.message == "the formula is longer than 65536 bytes");
}
