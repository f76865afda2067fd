#include <array>
#include <cmath>

#include "support.hpp"

using namespace formula_test;

namespace {

constexpr double gib = 1073741824.0;

std::int64_t value(std::string_view text, const formula::Variables& variables = {}) {
    const auto result = formula::evaluate_rds(parsed(text, Dialect::rds), variables);
    if (const auto* error = std::get_if<FormulaError>(&result)) FAIL(std::string(text) << ": " << error->message);
    return std::get<std::int64_t>(result);
}

std::int64_t with_memory(std::string_view text, double bytes) {
    return value(text, {{"DBInstanceClassMemory", bytes}});
}

}  // namespace

TEST_CASE("rds: the defaults AWS ships, at 1, 16 and 256 GiB") {
    struct Row {
        std::string_view formula;
        std::int64_t at_1, at_16, at_256;
    };
    constexpr std::array<Row, 13> rows = {{
        {"LEAST({DBInstanceClassMemory/9531392},5000)", 112, 1802, 5000},
        {"GREATEST({DBInstanceClassMemory/63963136*1024},65536)", 65536, 274432, 4400128},
        {"GREATEST({DBInstanceClassMemory/32768},131072)", 131072, 524288, 8388608},
        {"{DBInstanceClassMemory/32768}", 32768, 524288, 8388608},
        {"{DBInstanceClassMemory/16384}", 65536, 1048576, 16777216},
        {"{DBInstanceClassMemory/12582880}", 85, 1365, 21845},
        {"{DBInstanceClassMemory*3/4}", 805306368, 12884901888, 206158430208},
        {"LEAST({DBInstanceClassMemory/25165760},12000)", 42, 682, 10922},
        {"SUM({DBInstanceClassMemory/12038},-50003)", 39193, 1377133, 22784180},
        {"GREATEST({DBInstanceClassMemory/64371566592},3)", 3, 3, 4},
        {"GREATEST({log(DBInstanceClassMemory/21474836480)*600},200)", 200, 200, 2400},
        {"GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})", 0, 1000,
         5000},
        {"LEAST(GREATEST({DBInstanceClassMemory/32185783296}, 16), 32)", 16, 16, 16},
    }};
    for (const Row& row : rows) {
        CAPTURE(std::string(row.formula));
        CHECK(with_memory(row.formula, 1 * gib) == row.at_1);
        CHECK(with_memory(row.formula, 16 * gib) == row.at_16);
        CHECK(with_memory(row.formula, 256 * gib) == row.at_256);
    }
    CHECK(value("GREATEST($DBInstanceVCPU/2,8)", {{"DBInstanceVCPU", 4}}) == 8);
    CHECK(value("GREATEST($DBInstanceVCPU/2,8)", {{"DBInstanceVCPU", 97}}) == 48);
    CHECK(value("GREATEST($DBInstanceVCPU*2,8)", {{"DBInstanceVCPU", 2}}) == 8);
    CHECK(value("GREATEST($DBInstanceVCPU*2,8)", {{"DBInstanceVCPU", 96}}) == 192);
    CHECK(value("{TrueIfReplica}", {{"TrueIfReplica", 1}}) == 1);
}

// The table of Aurora MySQL's defaults decides how a log becomes a whole number. The memory that the database
// process gets is some percent below the printed size, so each row must come out for a range of shares.
TEST_CASE("rds: log gives Aurora MySQL's table, at the printed memory and below it") {
    struct Row {
        double gigabytes;
        std::int64_t connections;
    };
    constexpr std::array<Row, 20> rows = {{{2, 45},     {4, 90},     {8, 135},     {15.25, 1000}, {30.5, 2000},
                                           {61, 3000},  {122, 4000}, {244, 5000},  {488, 6000},   {16, 1000},
                                           {32, 2000},  {64, 3000},  {128, 4000},  {256, 5000},   {384, 6000},
                                           {512, 6000}, {768, 7000}, {1024, 7000}, {1536, 8000},  {32, 2000}}};
    for (const std::string_view formula :
         {"GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})",
          "GREATEST({log(DBInstanceClassMemory/805306368,2)*45},{log({DBInstanceClassMemory/8187281408}, 2)*1000})"})
        for (const Row& row : rows)
            for (const double share : {1.0, 0.97, 0.95, 0.92, 0.9}) {
                CAPTURE(row.gigabytes);
                CAPTURE(share);
                CHECK(with_memory(formula, std::floor(row.gigabytes * gib * share)) == row.connections);
            }
}

TEST_CASE("rds: a chain truncates at each step, left to right, towards zero") {
    CHECK(value("{7/2*2}") == 6);
    CHECK(value("{7*2/2}") == 7);
    CHECK(value("{1/3*3}") == 0);
    CHECK(value("{-7/2}") == -3);
    CHECK(value("{-7/2*2}") == -6);
    CHECK(value("{100/7/2*3}") == 21);
    CHECK(value("{2*{7/2}}") == 6);
    CHECK(value("{log(7/2)*2}") == 4);             // 1.81 → 2
    CHECK(value("{log(2*{7/2})*10}") == 30);       // 7, not 6: 2.81 → 3
    CHECK(value("{log(LEAST(7/2,9))*10}") == 20);  // a call's argument does truncate: log 3 = 1.58 → 2
    CHECK(value("{log(1/8)*10}") == -30);
}

TEST_CASE("rds: numbers, calls, blanks, case") {
    CHECK(value("5000") == 5000);
    CHECK(value("-1") == -1);
    CHECK(value("{-9223372036854775808}") == INT64_MIN);
    CHECK(value("9223372036854775807") == INT64_MAX);
    CHECK(value(" least( 3 ,\t{ 8 / 2 } )\n") == 3);
    CHECK(value("Greatest(3)") == 3);
    CHECK(value("sum(1,-2,3,{4})") == 6);
    CHECK(value("{GREATEST(DBInstanceVCPU*2,8)}", {{"DBInstanceVCPU", 5}}) == 10);
    CHECK(value("{SUM(1,2)*LEAST(4,5)}") == 12);
    CHECK(value("log(1024)") == 10);
    CHECK(value("0000") == 0);
    CHECK(value("{X}", {{"X", 9007199254740991.0}}) == 9007199254740991);
    CHECK(value("{X}", {{"X", 2.9}}) == 2);
}

TEST_CASE("rds: comparisons give 1 or 0, with and without quotation marks") {
    const formula::Variables four = {{"DBInstanceVCPU", 4}};
    CHECK(value("\"{DBInstanceVCPU} > 2\"", four) == 1);
    CHECK(value("{DBInstanceVCPU} > 4", four) == 0);
    CHECK(value("{DBInstanceVCPU} >= 4", four) == 1);
    CHECK(value("{DBInstanceVCPU} => 5", four) == 0);
    CHECK(value("{DBInstanceVCPU} < 5", four) == 1);
    CHECK(value("{DBInstanceVCPU} <= 3", four) == 0);
    CHECK(value("{DBInstanceVCPU} =< 4", four) == 1);
    CHECK(value("\"LEAST({DBInstanceVCPU},2)<{DBInstanceVCPU/2}\"", four) == 0);
}

TEST_CASE("rds: what a parsed formula tells") {
    const Formula tree =
        parsed("LEAST({DBInstanceClassMemory/$DBInstanceVCPU},{DBInstanceClassMemory*2})", Dialect::rds);
    CHECK(tree.names() == std::vector<std::string>{"DBInstanceClassMemory", "DBInstanceVCPU"});
    CHECK(tree.dialect() == Dialect::rds);
    CHECK(tree.nodes().back().op == Formula::Op::least);
    CHECK(tree.nodes().back().span == Span{0, 72});
    CHECK_FALSE(tree.is_constant());
    CHECK(parsed("{-5}", Dialect::rds).is_constant());
    CHECK_FALSE(parsed("{5*2}", Dialect::rds).is_constant());
}

TEST_CASE("rds: evaluators refuse the other dialect and an empty formula") {
    CHECK(std::holds_alternative<FormulaError>(formula::evaluate_rds(parsed("3 - 2", Dialect::pool), {})));
    CHECK(std::holds_alternative<FormulaError>(formula::evaluate_pool(parsed("{3/2}", Dialect::rds), {})));
    CHECK(std::holds_alternative<FormulaError>(formula::evaluate_rds(Formula{}, {})));
    CHECK(std::holds_alternative<FormulaError>(formula::evaluate_pool(Formula{}, {})));
}
