#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "../../../src/import/csv/numbers.hpp"

using namespace poolfit::imports;

TEST_CASE("numbers in the writing of any language") {
    const auto point = [](const char* text) { return plain_numbers(text, false).value_or("?"); };
    CHECK(point("12.5 %") == "12.5 %");
    CHECK(point("1,234") == "1234");
    CHECK(point("8,380,272,278.5") == "8380272278.5");
    CHECK(point("1.234.567") == "1234567");
    CHECK(point("8\xC2\xA0"
                "380") == "8380");
    CHECK(point("3.76E+09") == "3760000000");
    CHECK(point("4-5%") == "4-5%");
    CHECK(point("12,5") == "?");
    CHECK(point("1,23,456") == "?");
    CHECK(point("0,123") == "?");
    CHECK(point("1.2.3") == "?");
    const auto comma = [](const char* text) { return plain_numbers(text, true).value_or("?"); };
    CHECK(comma("12,5 %") == "12.5 %");
    CHECK(comma("1.234,5") == "1234.5");
    CHECK(comma("1.234") == "1234");
    CHECK(comma("1,234") == "1.234");
    CHECK(comma("12.5") == "?");
}

TEST_CASE("which mark stands before decimals is known only where it is certain") {
    CHECK(decimal_mark("12") == Mark::none);
    CHECK(decimal_mark("1,234") == Mark::none);
    CHECK(decimal_mark("1.234") == Mark::none);
    CHECK(decimal_mark("12,5 %") == Mark::comma);
    CHECK(decimal_mark("0,125") == Mark::comma);
    CHECK(decimal_mark("1.234,5") == Mark::comma);
    CHECK(decimal_mark("12.5 GiB") == Mark::point);
    CHECK(decimal_mark("1,234.5") == Mark::point);
}

TEST_CASE("decimals without exponent and without zeros behind them") {
    CHECK(decimal(0.07 * 100) == "7");
    CHECK(decimal(12.5) == "12.5");
    CHECK(decimal(1e12) == "1000000000000");
    CHECK(decimal(0) == "0");
}
