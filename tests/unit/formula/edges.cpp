// Both sides of each border: of sizes, of lists, of numbers, of what an error marks.
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "support.hpp"

using namespace formula_test;

namespace {

std::int64_t rds(std::string_view text, const formula::Variables& variables = {}) {
    const auto result = formula::evaluate_rds(parsed(text, Dialect::rds), variables);
    if (const auto* error = std::get_if<FormulaError>(&result)) FAIL(std::string(text) << ": " << error->message);
    return std::get<std::int64_t>(result);
}

double pool(std::string_view text, const formula::Variables& variables = {}) {
    const auto result = formula::evaluate_pool(parsed(text, Dialect::pool), variables);
    if (const auto* error = std::get_if<FormulaError>(&result)) FAIL(std::string(text) << ": " << error->message);
    return std::get<double>(result);
}

/// The texts that the nodes cover, in their order.
std::string spans(std::string_view text, Dialect dialect) {
    const Formula tree = parsed(text, dialect);
    std::string all;
    for (const Formula::Node& node : tree.nodes())
        all += fmt::format("[{}]", text.substr(node.span.begin, node.span.end - node.span.begin));
    return all;
}

std::string repeated(std::string_view part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += part;
    return text;
}

}  // namespace

TEST_CASE("formula: forty bytes are shown, of more the first forty") {
    const std::string forty(40, 'a'), more(41, 'b');
    const formula::Variables none = {{"X", 1}};
    CHECK(error_of(forty, Dialect::pool, none).message == "unknown variable \"" + forty + "\"");
    CHECK(error_of(more, Dialect::pool, none).message == "unknown variable \"" + std::string(40, 'b') + "…\"");
    CHECK(error_of("3 / " + forty, Dialect::pool, {{forty, 0}}).fix == "divide by max(1, " + forty + ")");
    CHECK(error_of("3 / " + more, Dialect::pool, {{more, 0}}).fix == "divide by max(1, …)");
    CHECK(error_of(forty, Dialect::rds).fix == "write {" + forty + "}");
    CHECK(error_of(more, Dialect::rds).fix == "put braces around the whole of it, none inside");
    // Line ends and tabs are shown as blanks: a message is one line.
    CHECK(error_of("1 + B\n*\tB", Dialect::pool, {{"B", 1e300}}).message == "the result of \"B * B\" is too big");
    CHECK(error_of("1 + B\r*B", Dialect::pool, {{"B", 1e300}}).message == "the result of \"B *B\" is too big");
}

TEST_CASE("formula: twelve names are listed, and how many there are more") {
    formula::Variables known;
    const std::string_view names[] = {"q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "q11", "q12", "q13"};
    for (const auto name : names) known.emplace_back(name, 1);
    CHECK(error_of("unlike", Dialect::pool, known).fix ==
          "known here: q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12 and 1 more");
    known.pop_back();
    CHECK(error_of("unlike", Dialect::pool, known).fix ==
          "known here: q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12");
}

TEST_CASE("formula: a long name is compared with the known ones up to 64 bytes") {
    const std::string known(64, 'n');
    const std::string typed = std::string(63, 'n') + "m", longer = typed + "n";
    CHECK(error_of(typed, Dialect::pool, {{known, 1}}).fix.starts_with("write nnn"));
    CHECK(error_of(longer, Dialect::pool, {{known, 1}}).fix.starts_with("known here: nnn"));
    const std::string upper(64, 'N'), longest = known + "n", longest_upper = upper + "N";
    CHECK(error_of(known, Dialect::pool, {{upper, 1}}).fix.starts_with("write NNN"));
    CHECK(error_of(longest, Dialect::pool, {{longest_upper, 1}}).fix.starts_with("known here: NNN"));
}

TEST_CASE("formula: depth counts what is open, not what was") {
    CHECK(pool("1" + repeated(" + (1)", 300)) == 301);
    CHECK(pool("1" + repeated(" - -X", 300), {{"X", 1}}) == 301);
    CHECK(pool("1" + repeated(" + max(1)", 300)) == 301);
    CHECK(rds("SUM(1" + repeated(",{1}", 300) + ")") == 301);
    CHECK(rds("SUM(1" + repeated(",LEAST(1)", 300) + ")") == 301);
    CHECK(rds("SUM(1" + repeated(",log(2)", 300) + ")") == 301);
    // Two hundred of each kind, and one more.
    CHECK(pool(repeated("-", 200) + "X", {{"X", 5}}) == 5);
    CHECK(error_of(repeated("-", 201) + "X", Dialect::pool).span == Span{200, 201});
    CHECK(pool(repeated("max(", 200) + "7" + repeated(")", 200)) == 7);
    CHECK(error_of(repeated("max(", 201), Dialect::pool).message == "nested more than 200 deep");
    CHECK(error_of(repeated("max(", 201), Dialect::pool).fix == "write it flatter");
    CHECK(std::holds_alternative<Formula>(
        formula::parse(repeated("log(", 200) + "1" + repeated(")", 200), Dialect::rds)));
    CHECK(error_of(repeated("log(", 201), Dialect::rds).span == Span{803, 804});
}

TEST_CASE("formula: numbers at the ends of 64 bits") {
    constexpr double two_to_63 = 9223372036854775808.0;
    CHECK(rds("{X}", {{"X", -two_to_63}}) == std::numeric_limits<std::int64_t>::min());
    CHECK(rds("{X}", {{"X", std::nextafter(two_to_63, 0)}}) == 9223372036854774784);
    CHECK(error_of("{X}", Dialect::rds, {{"X", two_to_63}}).fix == "set it to a smaller value");
    CHECK(error_of("{X}", Dialect::rds, {{"X", std::nextafter(-two_to_63, -1e30)}}).fix == "set it to a smaller value");
    CHECK(error_of("{X}", Dialect::rds, {{"X", NAN}}).fix == "set it to a smaller value");
    CHECK(error_of("9223372036854775808", Dialect::rds).message == "\"9223372036854775808\" is too big");
    CHECK(rds("{9223372036854775807/-1}") == -9223372036854775807);
    CHECK(rds("{-9223372036854775808/1}") == std::numeric_limits<std::int64_t>::min());
    CHECK(rds("{-9223372036854775808/-2}") == 4611686018427387904);
    CHECK(rds("SUM(9223372036854775806,1)") == 9223372036854775807);
    CHECK(error_of("SUM(-9223372036854775808,-1)", Dialect::rds).message ==
          "the result of \"SUM(-9223372036854775808,-1)\" does not fit 64 bits");
    CHECK(error_of("{3037000500*3037000500}", Dialect::rds).span == Span{1, 22});
    CHECK(rds("{3037000499*3037000499}") == 9223372030926249001);
    // Of real numbers: 1.797…e308 is the largest.
    const std::string largest = "17976931348623157" + std::string(292, '0'), larger = "2" + std::string(308, '0');
    CHECK(pool(largest) == std::numeric_limits<double>::max());
    CHECK(error_of(larger, Dialect::pool).fix == "write a number below 1.8 × 10^308");
    CHECK(error_of("0." + std::string(400, '0') + "1", Dialect::pool).fix == "write 0");
    CHECK(error_of("00" + larger + ".5", Dialect::pool).message.ends_with("is too big"));
    CHECK(pool("-1.5") == -1.5);
}

TEST_CASE("formula: a view is read to its end, whatever follows it") {
    const std::string_view digits = "123456.789", name = "abcdef";
    CHECK(pool(digits.substr(0, 3)) == 123);
    CHECK(pool(digits.substr(0, 8)) == 123456.7);
    CHECK(rds(digits.substr(1, 2)) == 23);
    CHECK(parsed(name.substr(0, 2), Dialect::pool).names() == std::vector<std::string>{"ab"});
    CHECK(error_of(std::string_view("5+6").substr(0, 2), Dialect::pool).span == Span{1, 2});
}

TEST_CASE("rds: a comparison of less, equal and more") {
    struct Row {
        std::string_view sign;
        std::array<int, 3> holds;  // for 3, 4 and 5 against 4
    };
    constexpr std::array<Row, 6> rows = {{{"<", {1, 0, 0}},
                                          {"<=", {1, 1, 0}},
                                          {"=<", {1, 1, 0}},
                                          {">", {0, 0, 1}},
                                          {">=", {0, 1, 1}},
                                          {"=>", {0, 1, 1}}}};
    for (const Row& row : rows)
        for (std::size_t i = 0; i < 3; ++i) {
            CAPTURE(std::string(row.sign));
            const formula::Variables x = {{"X", 3.0 + static_cast<double>(i)}};
            CHECK(rds(fmt::format("{{X}} {} 4", row.sign), x) == row.holds[i]);
            CHECK(rds(fmt::format("{{X}}{}4", row.sign), x) == row.holds[i]);
        }
    for (const std::string_view sign : {"=", "==", "<>"}) {
        const FormulaError error = error_of(fmt::format("{{X}} {} 4", sign), Dialect::rds);
        CHECK(error.message == fmt::format("\"{}\" is not a comparison in RDS formulas", sign));
        CHECK(error.span == Span{4, static_cast<std::uint32_t>(4 + sign.size())});
    }
}

TEST_CASE("rds: a log keeps fractions, what stands in it as a call and what follows it does not") {
    CHECK(rds("{log(LEAST(7/2,9)/2)*10}") == 10);  // LEAST gives 3; log 1.5 = 0.58
    CHECK(rds("{log(log(8)/2)*10}") == 10);        // log 1.5 again
    CHECK(rds("{log(8)*7/2}") == 10);              // 21/2
    CHECK(rds("{7/2*log(8)/2}") == 4);             // 9/2
    CHECK(rds("{LEAST(log(3/2*2),9)*7/2}") == 7);  // log 3 = 1.58
    CHECK(rds("SUM(log(7/2),{7/2})") == 5);
    CHECK(rds("{log(3/4)*10}") == 0);  // log 0.75 = -0.415
    CHECK(rds("LEAST(5,3,4,9)") == 3);
    CHECK(rds("GREATEST(5,3,9,4)") == 9);
    // A product in a log may be past 64 bits, a call's argument may not.
    CHECK(rds("{log({9000000000000000000*9000000000000000000})}") == 126);
    CHECK(error_of("{log(SUM(9000000000000000000*9))}", Dialect::rds).fix ==
          "write smaller numbers, or divide before you multiply");
}

TEST_CASE("formula: each node covers its text") {
    CHECK(spans("1 + -X * (2 - Y)", Dialect::pool) == "[1][X][-X][2][Y][2 - Y][-X * (2 - Y)][1 + -X * (2 - Y)]");
    CHECK(spans("- 4 / max( 1 ,2)", Dialect::pool) == "[- 4][1][2][max( 1 ,2)][- 4 / max( 1 ,2)]");
    CHECK(spans("\"{A/2} > LEAST( 5,$B)\"", Dialect::rds) == "[A][2][A/2][5][$B][LEAST( 5,$B)][{A/2} > LEAST( 5,$B)]");
    CHECK(spans("{log(A*-3,2)/7}", Dialect::rds) == "[A][-3][A*-3][log(A*-3,2)][7][log(A*-3,2)/7]");
}

TEST_CASE("pool: more mistakes of writing") {
    constexpr std::array<Mistake, 22> mistakes = {{
        {"2e", "2e", 0, "\"2e\" is not a number", "write it in decimal digits"},
        {"2em", "2em", 0, "\"2em\" is not a number", "write 2*em for a product"},
        {"1x8", "1x8", 0, "\"1x8\" is not a number", "write 1*x8 for a product"},
        {"1_000", "1_000", 0, "\"1_000\" is not a number", "write it in decimal digits"},
        {"1.5e2", "1.5e2", 0, "\"1.5e2\" is not a number", "write it in decimal digits"},
        {"math.MIN(1)", "math.MIN", 0, "\"math.MIN\" has a dot in its name", "write min(…), not math.MIN(…)"},
        {"Math.ceil(1)", "Math.ceil", 0, "\"Math.ceil\" has a dot in its name", "write ceil(…), not Math.ceil(…)"},
        {"Math.floor(1)", "Math.floor", 0, "\"Math.floor\" has a dot in its name", "write floor(…), not Math.floor(…)"},
        {"Math.round(1)", "Math.round", 0, "\"Math.round\" has a dot in its name", "write round(…), not Math.round(…)"},
        {"a.b1.c_", "a.b1.c_", 0, "\"a.b1.c_\" has a dot in its name", "write letters, digits and _ only"},
        {"A}", "}", 1, "\"}\" is not allowed in a pool formula", "write the name alone, without $ and braces"},
        {"$A", "$", 0, "\"$\" is not allowed in a pool formula", "write the name alone, without $ and braces"},
        {"A]", "]", 1, "\"]\" is not allowed in a pool formula", "write ( and )"},
        {"A < 2", "<", 2, "\"<\" is not allowed in a pool formula", "write min(…) or max(…)"},
        {"A ? 2", "?", 2, "\"?\" is not allowed in a pool formula", "write min(…) or max(…)"},
        {"A = 2", "=", 2, "\"=\" is not allowed in a pool formula", "remove it"},
        {"LEAST(A)", "LEAST", 0, "unknown function \"LEAST\"", "write min(…)"},
        {"ceiling(A)", "ceiling", 0, "unknown function \"ceiling\"", "write ceil(…)"},
        {"trunc(A)", "trunc", 0, "unknown function \"trunc\"", "write floor(…)"},
        {"log2(A)", "log2", 0, "unknown function \"log2\"", "the functions are min, max, ceil, floor, round"},
        {"round(1, 2)", ",", 7, "round takes one value", "write one value, such as round(max(…))"},
        {"(1 2)", "2", 3, "no operator before \"2\"", "write + - * or / before it"},
    }};
    for (const Mistake& mistake : mistakes) check(mistake, Dialect::pool, {{"A", 1}});
}

TEST_CASE("rds: more mistakes of writing") {
    constexpr std::array<Mistake, 24> mistakes = {{
        {"\"{A} > B\"", "B", 7, "a variable outside braces", "write {B}"},
        {"{5*99999999999999999999*2}", "99999999999999999999", 3, "\"99999999999999999999\" is too big",
         "the largest number is 9223372036854775807"},
        {"min(5,6)", "min", 0, "unknown function \"min\"", "write LEAST(…)"},
        {"add(5,6)", "add", 0, "unknown function \"add\"", "write SUM(…)"},
        {"log2(5)", "log2", 0, "unknown function \"log2\"", "write log(…)"},
        {"ceiling(5)", "ceiling", 0, "unknown function \"ceiling\"", "the functions are LEAST, GREATEST, SUM, log"},
        {"\"\"", "\"", 0, "nothing inside the quotation marks", "write a formula in them"},
        {"\"", "\"", 0, "nothing inside the quotation marks", "write a formula in them"},
        {"\"{A} 5\"", "5", 5, "no operator before \"5\"", "write * or / before it"},
        {"5\"", "\"", 1, "a quotation mark inside the formula",
         "put the marks around the whole formula, or leave them out"},
        {"5,6", ",", 1, "a comma outside a function", "write the values inside LEAST(…), GREATEST(…) or SUM(…)"},
        {"-A", "-", 0, "\"-\" is allowed only before a number", "multiply by -1: {DBInstanceVCPU*-1}"},
        {"LEAST(-,2)", "-", 6, "no value after \"-\"", "write a value after it, or remove the \"-\""},
        {"{log(A,B)}", "B", 7, "the base of a log is not 2", "write log(x) or log(x,2)"},
        {"{log(A,-2)}", "-", 7, "the base of a log is not 2", "write log(x) or log(x,2)"},
        {"{log(A,{2})}", "{", 7, "the base of a log is not 2", "write log(x) or log(x,2)"},
        {"{log(A,)}", ",", 6, "a comma after the last value", "remove the comma, or write a value after it"},
        {"{log()}", "()", 4, "nothing inside ()", "write a value in it"},
        {"{log(", "(", 4, "\"(\" is never closed", "add \")\""},
        {"LEAST({A},5}", "}", 11, "\"}\" before the \"(\" at byte 6 is closed", "write \")\" before it"},
        {"{A}/{B}", "{A}/{B}", 0, "a calculation outside braces", "put braces around the whole of it, none inside"},
        {"{$1}", "$", 1, "no variable name after \"$\"", "write {DBInstanceVCPU}, the braces before the name"},
        {"{a.b}", "a.b", 1, "\"a.b\" has a dot in its name", "write letters, digits and _ only"},
        {"{math.max}", "math.max", 1, "\"math.max\" has a dot in its name", "write letters, digits and _ only"},
    }};
    for (const Mistake& mistake : mistakes) check(mistake, Dialect::rds, {{"A", 1}});
}
