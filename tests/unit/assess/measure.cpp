// Numbers with their measure: as text, in JSON, and their units.
#include <doctest/doctest.h>

#include <poolfit/assess/figure.hpp>

using namespace poolfit;

namespace {

std::string print(Measure measure, double low, double high) {
    return assess::print(assess::measured(measure, Interval<double>{low, high}));
}
std::string print(Measure measure, double value) { return assess::print(assess::measured(measure, value)); }

}  // namespace

TEST_CASE("measures: one value") {
    CHECK(print(Measure::connections, 1802) == "1,802");
    CHECK(print(Measure::bytes, 4294967296.0) == "4 GiB");
    CHECK(print(Measure::fraction, 0.05) == "5 %");
    CHECK(print(Measure::usd_per_month, 306e6) == "$306.00/mo");
    CHECK(print(Measure::usd_per_year, 2196e6) == "$2,196.00/yr");
    CHECK(print(Measure::usd_per_vcpu_hour, 75000) == "$0.075/vCPU-hour");
    CHECK(print(Measure::usd_per_unit, 125000) == "$0.125");
    CHECK(print(Measure::vcpus, 2) == "2 vCPU");
    CHECK(print(Measure::count, 3) == "3");
    CHECK(print(Measure::ratio, 1.5) == "1.5");
    CHECK(print(Measure::coremark, 14235) == "14,235 CoreMark/s per vCPU");
    CHECK(print(Measure::credits, 864) == "864 credits");
    CHECK(print(Measure::credits_per_hour, 36) == "36 credits/h");
    CHECK(print(Measure::hours, 730) == "730 h");
    CHECK(print(Measure::iops, 3600) == "3,600 IOPS");
    CHECK(print(Measure::erlangs, 2.5) == "2.5 erlangs");
}

TEST_CASE("measures: a range") {
    CHECK(print(Measure::connections, 820, 859) == "820–859");
    CHECK(print(Measure::fraction, 0.04, 0.05) == "4–5 %");
    CHECK(print(Measure::vcpus, 2, 4) == "2–4 vCPU");
    CHECK(print(Measure::count, 1, 2) == "1–2");
    CHECK(print(Measure::bytes, 1073741824.0, 2147483648.0) == "1–2 GiB");
    CHECK(print(Measure::mbps, 100, 200) == "100–200 Mbps");
    CHECK(print(Measure::per_second, 1, 2) == "1–2/s");
    CHECK(print(Measure::milliseconds, 1, 2) == "1–2 ms");
    CHECK(print(Measure::usd_per_month, 1e6, 2e6) == "$1.00–$2.00/mo");  // money has no ranges
}

TEST_CASE("measures: JSON has dollars, not millionths") {
    CHECK(assess::raw(Measure::usd_per_month, 306e6) == 306);
    CHECK(assess::raw(Measure::usd_per_year, 306e6) == 306);
    CHECK(assess::raw(Measure::usd_per_vcpu_hour, 75000) == 0.075);
    CHECK(assess::raw(Measure::usd_per_unit, 125000) == 0.125);
    CHECK(assess::raw(Measure::connections, 306) == 306);
    CHECK(assess::raw(Measure::bytes, 306) == 306);
}

TEST_CASE("measures: units") {
    CHECK(assess::unit_name(Measure::connections) == "connections");
    CHECK(assess::unit_name(Measure::usd_per_vcpu_hour) == "usd_per_vcpu_hour");
    CHECK(assess::unit_name(Measure::usd_per_unit) == "usd_per_unit_month");
    CHECK(assess::unit_name(Measure::coremark) == "coremark_per_vcpu");
    CHECK(assess::unit_name(Measure::probability) == "probability");
    CHECK(assess::unit_name(Measure::erlangs) == "erlangs");
    CHECK(assess::unit_name(Measure::mbps) == "mbps");
    CHECK(assess::unit_name(Measure::milliseconds) == "milliseconds");
}

TEST_CASE("measures: in full, as an input of a formula") {
    const auto full = [](Measure measure, double low, double high) {
        return assess::print_in_full(Measured{Interval<double>{low, high}, measure});
    };
    CHECK(full(Measure::connections, 0.2, 1) == "0.2–1");
    CHECK(assess::print(Measured{Interval<double>{0.2, 1}, Measure::connections}) == "0.2–1");
    CHECK(full(Measure::fraction, 0.2185, 0.2769) == "21.85–27.69 %");
    CHECK(full(Measure::bytes, 15895219405, 16369319936) == "14.804–15.245 GiB");
    CHECK(full(Measure::bytes, 0, 322961408) == "0–308 MiB");
    CHECK(full(Measure::iops, 10000, 10000) == "10,000 IOPS");
    CHECK(full(Measure::usd_per_month, 1e6, 2e6) == "$1.00–$2.00/mo");
}
