#include <poolfit/unit/parse.hpp>

#include <doctest/doctest.h>

using namespace poolfit;
using namespace poolfit::unit;

namespace {

template <class Q>
double value(std::string_view text) {
    const auto parsed = parse<Q>(text);
    INFO(text);
    REQUIRE(std::holds_alternative<Q>(parsed));
    return static_cast<double>(std::get<Q>(parsed).value);
}

template <class Q>
void check_range(std::string_view text, double low, double high) {
    const auto parsed = parse_range<Q>(text);
    INFO(text);
    REQUIRE(std::holds_alternative<Interval<Q>>(parsed));
    const auto& range = std::get<Interval<Q>>(parsed);
    CHECK(static_cast<double>(range.low.value) == low);
    CHECK(static_cast<double>(range.high.value) == high);
}

template <class T>
ParseError error(const Parsed<T>& parsed) {
    REQUIRE(std::holds_alternative<ParseError>(parsed));
    return std::get<ParseError>(parsed);
}

void check_error(const ParseError& e, std::size_t offset, std::size_t length, const char* message, const char* fix) {
    CHECK(e.offset == offset);
    CHECK(e.length == length);
    CHECK(e.message == message);
    CHECK(e.fix == fix);
}

}  // namespace

TEST_CASE("parse: shares") {
    CHECK(value<Fraction>("4%") == 0.04);
    CHECK(value<Fraction>("4 %") == 0.04);
    CHECK(value<Fraction>("0.04") == 0.04);
    CHECK(value<Fraction>(" \t4.5 % ") == 0.045);
    CHECK(value<Fraction>("4\u00a0%") == 0.04);
    CHECK(value<Fraction>("1e1%") == 0.1);
    CHECK(value<Fraction>("0.1%") == 0.001);
    CHECK(value<Fraction>("5.") == 5);
    CHECK(value<Fraction>(".5") == 0.5);
}

TEST_CASE("parse: bytes are exact for whole numbers") {
    CHECK(std::get<Bytes>(parse<Bytes>("11 GiB")).value == 11811160064);
    CHECK(std::get<Bytes>(parse<Bytes>("11GiB")).value == 11811160064);
    CHECK(std::get<Bytes>(parse<Bytes>("0.5 GiB")).value == 536870912);
    CHECK(std::get<Bytes>(parse<Bytes>("9223372036854775807 B")).value == 9223372036854775807);
    CHECK(std::get<Bytes>(parse<Bytes>("8388607 TiB")).value == 8388607 * (std::int64_t{1} << 40));
    CHECK(std::get<Bytes>(parse<Bytes>("3 kB")).value == 3000);
    CHECK(std::get<Bytes>(parse<Bytes>("3 KiB")).value == 3072);
    CHECK(std::get<Bytes>(parse<Bytes>("1.5 MB")).value == 1500000);
    CHECK(std::get<Bytes>(parse<Bytes>("0 GiB")).value == 0);
    CHECK(std::get<Bytes>(parse<Bytes>("0")).value == 0);
    CHECK(std::get<Bytes>(parse<Bytes>("11811160064")).value == 11811160064);
    CHECK(std::get<Bytes>(parse<Bytes>("1048576")).value == 1048576);
    CHECK(std::holds_alternative<ParseError>(parse<Bytes>("1048575")));
    check_range<Bytes>("2000000-11811160064", 2000000, 11811160064);
    check_range<Bytes>("0-2000000", 0, 2000000);
}

TEST_CASE("parse: times, rates, throughput, days") {
    CHECK(value<Millis>("5 ms") == 5);
    CHECK(value<Millis>("250us") == 0.25);
    CHECK(value<Millis>("250 µs") == 0.25);
    CHECK(value<Millis>("2 s") == 2000);
    CHECK(value<Millis>("2 min") == 120000);
    CHECK(value<Millis>("1h") == 3600000);
    CHECK(value<PerSecond>("120/s") == 120);
    CHECK(value<PerSecond>("120 / s") == 120);
    CHECK(value<PerSecond>("7200/min") == 120);
    CHECK(value<PerSecond>("3600/h") == 1);
    CHECK(value<MegabitsPerSecond>("695 Mbps") == 695);
    CHECK(value<MegabitsPerSecond>("1.5 Gbps") == 1500);
    CHECK(value<MegabitsPerSecond>("10 MB/s") == 80);
    CHECK(value<MegabitsPerSecond>("125 MiB/s") == 1048.576);
    CHECK(value<Days>("14 d") == 14);
    CHECK(value<Days>("36h") == 1.5);
    CHECK(value<Days>("2 w") == 14);
}

TEST_CASE("parse: ranges") {
    for (const char* text : {"4-5%", "4–5 %", "4−5 %", "[4%, 5%]", "[4, 5%]", "4% - 5%", " [ 4 % ,5 % ] ", "4 – 5 %"})
        check_range<Fraction>(text, 0.04, 0.05);
    check_range<Fraction>("4%", 0.04, 0.04);
    check_range<Fraction>("0.04-0.05", 0.04, 0.05);
    check_range<Millis>("30-80 ms", 30, 80);
    check_range<Millis>("1 s - 2 s", 1000, 2000);
    check_range<Millis>("500ms-2s", 500, 2000);
    check_range<Bytes>("1-2 KiB", 1024, 2048);
    check_range<PerSecond>("60/min-2/s", 1, 2);
    check_range<MegabitsPerSecond>("1 MB/s - 1 Gbps", 8, 1000);

    CHECK(std::get<Interval<double>>(parse_number_range("2-3")) == Interval<double>(2, 3));
    CHECK(std::get<Interval<double>>(parse_number_range("2")) == Interval<double>(2, 2));
    CHECK(std::get<Interval<double>>(parse_number_range("[1e-3, 1e3]")) == Interval<double>(0.001, 1000));
    CHECK(std::get<Interval<double>>(parse_number_range("1e-3-2")) == Interval<double>(0.001, 2));
    CHECK(std::get<double>(parse_number("1e3")) == 1000);
}

TEST_CASE("parse: a unit is asked for") {
    check_error(error(parse<Bytes>(" 11 ")), 1, 2, "11 without a unit would be bytes",
                "write 11 GiB, or 11 B if it is bytes");
    check_error(error(parse_range<Bytes>("90-1200")), 3, 4, "1200 without a unit would be bytes",
                "write 90-1200 GiB or 90-1200 MiB, or 90-1200 B if it is bytes");
    check_error(error(parse_range<Bytes>("0.5-1")), 4, 1, "1 without a unit would be bytes",
                "write 0.5-1 GiB, or 0.5-1 B if it is bytes");
    check_error(error(parse_range<Bytes>("[1048576, 5]")), 10, 1, "5 without a unit would be bytes",
                "write 5 GiB, or 5 B if it is bytes");
    check_error(error(parse<PerSecond>("120")), 0, 3, "expected a unit after 120", "write 120/s");
    check_error(error(parse_range<Millis>("30 ms-80")), 6, 2, "expected a unit after 80", "write 80 ms");
    check_error(error(parse_range<Millis>("30-80")), 3, 2, "expected a unit after 80", "write 30-80 ms");
    check_error(error(parse_range<Fraction>("4%-5")), 3, 1, "expected a unit after 5", "write 5%");
}

TEST_CASE("parse: a unit at the end of a range is that of both ends, in values and in fixes") {
    CHECK(std::get<Interval<Bytes>>(parse_range<Bytes>("1.2-1.5 GB")) ==
          Interval<Bytes>(Bytes(1'200'000'000), Bytes(1'500'000'000)));
    CHECK(std::get<Interval<Millis>>(parse_range<Millis>("10-20 ms")) == Interval<Millis>(Millis(10), Millis(20)));
    CHECK(std::get<Interval<Fraction>>(parse_range<Fraction>("1–2 %")) ==
          Interval<Fraction>(Fraction(0.01), Fraction(0.02)));
    CHECK(std::get<Interval<PerSecond>>(parse_range<PerSecond>("5 - 7/s")) ==
          Interval<PerSecond>(PerSecond(5), PerSecond(7)));
    // Nothing of what was written is lost, and the unit that was meant is named.
    check_error(error(parse_range<Bytes>("1.2-1.5 gb")), 8, 2, "unknown unit 'gb'",
                "write 1.2-1.5 GB, or one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB");
    check_error(error(parse_range<Bytes>("1.2-1.5 gigs")), 8, 4, "unknown unit 'gigs'",
                "write 1.2-1.5 GiB, or one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB");
    check_error(error(parse_range<Millis>("1 MS - 2 MS")), 2, 2, "unknown unit 'MS'",
                "write 1 ms, or one of us, ms, s, min, h");
}

TEST_CASE("parse: unknown units and trailing text list what is allowed") {
    const char* shares = "write a share such as 4% or 0.04; the unit is %";
    const char* bytes = "write a number and one of the units B, kB, MB, GB, TB, KiB, MiB, GiB, TiB";
    check_error(error(parse<Fraction>("5 parsecs")), 2, 7, "unknown unit 'parsecs'", shares);
    check_error(error(parse<Fraction>("5 %%")), 2, 2, "unknown unit '%%'", shares);
    check_error(error(parse<Bytes>("5 GB per s")), 5, 5, "unexpected 'per s'", bytes);
    check_error(error(parse<Bytes>("0x10")), 1, 3, "unknown unit 'x10'",
                "write 0 GiB, or one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB");
    check_error(error(parse<Millis>("5 sec")), 2, 3, "unknown unit 'sec'", "write 5 ms, or one of us, ms, s, min, h");
    check_error(error(parse<Fraction>("%")), 0, 1, "expected a number, found '%'", shares);
    check_error(error(parse<Bytes>("")), 0, 0, "expected a number", bytes);
    check_error(error(parse<Bytes>("  ")), 2, 0, "expected a number", bytes);
    check_error(error(parse<Fraction>("nan")), 0, 3, "expected a number, found 'nan'", shares);
    check_error(error(parse<Fraction>("inf%")), 0, 4, "expected a number, found 'inf%'", shares);
    check_error(error(parse_number("2 ms")), 2, 2, "expected a plain number, found 'ms' after it",
                "write a plain number such as 2 or 0.5");
    check_error(error(parse_range<Fraction>("4-5-6%")), 3, 3, "unexpected '-6%'", shares);
}

TEST_CASE("parse: ranges that make no sense") {
    const char* crossed = "the low end of the range is above its high end";
    check_error(error(parse_range<Fraction>("5-4%")), 0, 4, crossed, "write 4-5%");
    check_error(error(parse_range<Fraction>(" 5% – 4%")), 1, 9, crossed, "write 4% – 5%");
    check_error(error(parse_range<Fraction>("[5%, 4%]")), 1, 6, crossed, "write [4%, 5%]");
    check_error(error(parse_range<Millis>("2 s - 30 ms")), 0, 11, crossed, "write 30 ms - 2 s");
    check_error(error(parse_range<Fraction>("[4%]")), 0, 3, "expected two values between brackets", "write [4%, 4%]");
    check_error(error(parse_range<Fraction>("[4%, 5%")), 7, 0, "expected ']'", "close the bracket: [low, high]");
    check_error(error(parse_range<Fraction>("4-")), 2, 0, "expected a number",
                "write a share such as 4% or 0.04; the unit is %");
    check_error(error(parse<Fraction>("4-5%")), 1, 1, "expected one value, not a range", "write 4%");
    check_error(error(parse<Bytes>("100-200 GiB")), 3, 1, "expected one value, not a range", "write 100 GiB");
}

TEST_CASE("parse: negative and huge numbers are refused") {
    check_error(error(parse<Fraction>("-3%")), 0, 3, "-3% can't be negative", "write 0 or more");
    check_error(error(parse<Bytes>("- 3 GiB")), 0, 3, "- 3 can't be negative", "write 0 GiB or more");
    check_error(error(parse_number_range("2--3")), 2, 2, "-3 can't be negative", "write 0 or more");
    check_error(error(parse<Fraction>("-")), 0, 1, "expected a number, found '-'",
                "write a share such as 4% or 0.04; the unit is %");
    check_error(error(parse<Fraction>("1e400")), 0, 5, "the number 1e400 is out of range",
                "write a number of ordinary size");
    check_error(error(parse<Bytes>("99999999999999999999 TiB")), 0, 24, "99999999999999999999 TiB is too large",
                "write a smaller number");
    check_error(error(parse<Bytes>("8388608 TiB")), 0, 11, "8388608 TiB is too large", "write a smaller number");
    check_error(error(parse<Bytes>("8388608.0 TiB")), 0, 13, "8388608.0 TiB is too large", "write a smaller number");
    check_error(error(parse<Millis>("1e308 h")), 0, 7, "1e308 h is too large", "write a smaller number");
}

TEST_CASE("parse: long text stays cheap and its messages short") {
    const std::string digits(1 << 20, '9');
    for (const std::string& text : {digits, digits + " GiB", "0." + digits, "1e" + digits, std::string(1 << 20, ' '),
                                    std::string(1 << 20, 'x'), "5 " + digits + "x", "5" + std::string(1 << 20, '%')}) {
        const auto bytes = parse_range<Bytes>(text);
        REQUIRE(std::holds_alternative<ParseError>(bytes));
        const auto& e = std::get<ParseError>(bytes);
        CHECK(e.message.size() < 120);
        CHECK(e.fix.size() < 160);
        CHECK(e.offset + e.length <= text.size());
    }
}
