#include <poolfit/unit/print.hpp>

#include <cstdint>
#include <limits>

#include <doctest/doctest.h>

using namespace poolfit;
using poolfit::unit::print;
using poolfit::unit::print_number;

namespace {
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
}  // namespace

TEST_CASE("print: connections") {
    CHECK(print(Connections(0)) == "0");
    CHECK(print(Connections(999)) == "999");
    CHECK(print(Connections(1802)) == "1,802");
    CHECK(print(Connections(-1000000)) == "−1,000,000");
    CHECK(print(Connections(least)) == "−9,223,372,036,854,775,808");
    CHECK(print(Interval(Connections(2), Connections(3))) == "2–3");
    CHECK(print(Interval(Connections(3))) == "3");
    CHECK(print(Interval(Connections(-3), Connections(1200))) == "−3 – 1,200");
}

TEST_CASE("print: bytes") {
    CHECK(print(Bytes(0)) == "0 B");
    CHECK(print(Bytes(512)) == "512 B");
    CHECK(print(Bytes(1023)) == "1,023 B");
    CHECK(print(Bytes(1536)) == "1.5 KiB");
    CHECK(print(Bytes(629 * bytes_per_mib)) == "629 MiB");
    CHECK(print(Bytes(bytes_per_gib - 1)) == "1 GiB");
    CHECK(print(Bytes(11 * bytes_per_gib)) == "11 GiB");
    CHECK(print(Bytes(9 * bytes_per_gib / 2)) == "4.5 GiB");
    CHECK(print(Bytes(1952 * bytes_per_gib)) == "1,952 GiB");
    CHECK(print(Bytes(-bytes_per_gib)) == "−1 GiB");
    CHECK(print(Bytes(most)) == "8,589,934,592 GiB");
    CHECK(print(Bytes(least)) == "−8,589,934,592 GiB");
    CHECK(print(Interval(Bytes(bytes_per_gib), Bytes(3 * bytes_per_gib / 2))) == "1–1.5 GiB");
    CHECK(print(Interval(Bytes(629 * bytes_per_mib), Bytes(4 * bytes_per_gib))) == "629 MiB – 4 GiB");
}

TEST_CASE("print: money") {
    CHECK(print(MicroUsdPerMonth(123000000)) == "$123.00");
    CHECK(print(MicroUsdPerMonth(2196000000)) == "$2,196.00");
    CHECK(print(MicroUsdPerMonth(-4100000)) == "−$4.10");
    CHECK(print(MicroUsdPerMonth(5000)) == "$0.01");
    CHECK(print(MicroUsdPerMonth(-5000)) == "−$0.01");
    CHECK(print(MicroUsdPerMonth(-4999)) == "$0.00");
    CHECK(print(MicroUsdPerMonth(995000)) == "$1.00");
    CHECK(print(MicroUsdPerMonth(least)) == "−$9,223,372,036,854.78");
}

TEST_CASE("print: shares") {
    CHECK(print(Fraction(0.017)) == "1.7 %");
    CHECK(print(Fraction(0.3)) == "30 %");
    CHECK(print(Fraction(0.04)) == "4 %");
    CHECK(print(Fraction(0.0996)) == "10 %");
    CHECK(print(Fraction(0.125)) == "13 %");
    CHECK(print(Fraction(0)) == "0 %");
    CHECK(print(Fraction(-0.0)) == "0 %");
    CHECK(print(Fraction(-0.0001)) == "0 %");
    CHECK(print(Fraction(-0.59)) == "−59 %");
    CHECK(print(Fraction(20.5)) == "2,050 %");
    CHECK(print(Interval(Fraction(0.04), Fraction(0.05))) == "4–5 %");
    CHECK(print(Interval(Fraction(0.21), Fraction(0.319))) == "21–32 %");
    CHECK(print(Interval(Fraction(0.045), Fraction(0.123))) == "4.5–12 %");
    CHECK(print(Interval(Fraction(0.301), Fraction(0.302))) == "30 %");
}

TEST_CASE("print: times, rates, throughput, days") {
    CHECK(print(Millis(5)) == "5 ms");
    CHECK(print(Millis(0)) == "0 ms");
    CHECK(print(Millis(0.25)) == "0.25 ms");
    CHECK(print(Millis(12.34)) == "12.3 ms");
    CHECK(print(Millis(999.6)) == "1 s");
    CHECK(print(Millis(1200)) == "1.2 s");
    CHECK(print(Millis(90000)) == "90 s");
    CHECK(print(Millis(1800000)) == "30 min");
    CHECK(print(Millis(86400000)) == "24 h");
    CHECK(print(Interval(Millis(30), Millis(80))) == "30–80 ms");
    CHECK(print(Interval(Millis(30), Millis(2000))) == "30 ms – 2 s");
    CHECK(print(PerSecond(120)) == "120/s");
    CHECK(print(Interval(PerSecond(1), PerSecond(2.5))) == "1–2.5/s");
    CHECK(print(MegabitsPerSecond(695)) == "695 Mbps");
    CHECK(print(Interval(MegabitsPerSecond(5), MegabitsPerSecond(695))) == "5–695 Mbps");
    CHECK(print(Days(14)) == "14 d");
}

TEST_CASE("print: numbers") {
    CHECK(poolfit::unit::print_unit_price(122'000) == "$0.122");
    CHECK(poolfit::unit::print_unit_price(100'000) == "$0.10");
    CHECK(poolfit::unit::print_unit_price(2'000'000) == "$2.00");
    CHECK(poolfit::unit::print_unit_price(1) == "$0.000001");
    CHECK(print_number(0.92) == "0.92");
    CHECK(print_number(864) == "864");
    CHECK(print_number(1463) == "1,463");
    CHECK(print_number(863.6) == "864");
    CHECK(print_number(23.46) == "23.5");
    CHECK(print_number(2.345) == "2.35");
    CHECK(print_number(9.996) == "10");
    CHECK(print_number(99.96) == "100");
    CHECK(print_number(0.999) == "1");
    CHECK(print_number(0.00123) == "0.0012");
    CHECK(print_number(0.0999) == "0.1");
    CHECK(print_number(1e-300) == "0");
    CHECK(print_number(-1e-300) == "0");
    CHECK(print_number(-0.5) == "−0.5");
    CHECK(print_number(1e21) == "1,000,000,000,000,000,000,000");
    CHECK(print_number(std::numeric_limits<double>::quiet_NaN()) == "nan");
    CHECK(print_number(-std::numeric_limits<double>::infinity()) == "−inf");
    CHECK(print(Fraction(std::numeric_limits<double>::max())) == "inf %");
}

TEST_CASE("print: five digits to compute with") {
    using poolfit::unit::print_digits;
    CHECK(print_digits(0) == "0");
    CHECK(print_digits(1802) == "1,802");
    CHECK(print_digits(16369319936.0 / 1024 / 1024 / 1024) == "15.245");
    CHECK(print_digits(0.2) == "0.2");
    CHECK(print_digits(0.25) == "0.25");
    CHECK(print_digits(1.0 / 3) == "0.33333");
    CHECK(print_digits(0.0123456) == "0.012346");
    CHECK(print_digits(1667.262) == "1,667.3");
    CHECK(print_digits(123456.7) == "123,457");
    CHECK(print_digits(-2.5) == "−2.5");
}
