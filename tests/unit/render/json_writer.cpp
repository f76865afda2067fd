#include "../../../src/render/json_writer.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include <doctest/doctest.h>

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;

std::string quoted(std::string_view text) {
    JsonWriter json;
    json.text(text);
    return json.take();
}

std::string number(double value) {
    JsonWriter json;
    json.number(value);
    return json.take();
}

std::string usd(std::int64_t micro) {
    JsonWriter json;
    json.usd(MicroUsdPerMonth(micro));
    return json.take();
}

TEST_CASE("records nest, block by block or on one line") {
    JsonWriter json;
    json.open_object();
    json.text("name", "primary");
    json.null("version");
    json.open_array("empty");
    json.close();
    json.open_object("range", Layout::line);
    json.whole("low", 1);
    json.open_array("list");
    json.truth(true);
    json.null();
    json.close();
    json.close();
    json.open_array("block");
    json.whole(1);
    json.whole(2);
    json.close();
    json.close();
    CHECK(json.take() == R"({
  "name": "primary",
  "version": null,
  "empty": [],
  "range": {"low": 1, "list": [true, null]},
  "block": [
    1,
    2
  ]
}
)");
}

TEST_CASE("any bytes are a valid string") {
    CHECK(quoted("plain") == "\"plain\"\n");
    CHECK(quoted(R"(a "b" \c)") == "\"a \\\"b\\\" \\\\c\"\n");
    CHECK(quoted("\n\t\r\x1b[31m\x7f") == "\"\\n\\t\\u000d\\u001b[31m\\u007f\"\n");
    CHECK(quoted(std::string_view("\0x", 2)) == "\"\\u0000x\"\n");
    CHECK(quoted("4–5 % → ■") == "\"4–5 % → ■\"\n");
    CHECK(quoted("\xff-\xc3") == "\"\xEF\xBF\xBD-\xEF\xBF\xBD\"\n");
    CHECK(quoted("\xed\xa0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"\n");  // a surrogate
}

TEST_CASE("numbers are as short as they are exact") {
    CHECK(number(0) == "0\n");
    CHECK(number(-0.0) == "0\n");
    CHECK(number(17179869184.0) == "17179869184\n");
    CHECK(number(4398046511104.0) == "4398046511104\n");
    CHECK(number(0.1 + 0.2) == "0.3\n");
    CHECK(number(31.0 / 1658) == "0.018697225573\n");
    CHECK(number(-1.5e-9) == "-1.5e-09\n");
    CHECK(number(std::numeric_limits<double>::infinity()) == "null\n");
    CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "null\n");
}

TEST_CASE("dollars are exact decimals") {
    CHECK(usd(306'000'000) == "306\n");
    CHECK(usd(123'500'000) == "123.5\n");
    CHECK(usd(1) == "0.000001\n");
    CHECK(usd(-200'020'000) == "-200.02\n");
    CHECK(usd(std::numeric_limits<std::int64_t>::min()) == "-9223372036854.775808\n");
}

}  // namespace
}  // namespace poolfit::render
