#include <doctest/doctest.h>

#include <cmath>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/unit/print.hpp>

#include "csv.hpp"
#include "support/platforms.hpp"

using namespace poolfit;
using test::pg;

namespace {

const Catalog& built_in() {
    static const Catalog catalog;
    return catalog;
}

std::optional<Price> price(std::string_view cls, std::string_view region, bool multi_az = false,
                           PriceTerm term = PriceTerm::list) {
    return built_in().price(pg, *built_in().find_class(pg, cls), region, multi_az, term);
}

std::string month(const std::optional<Price>& price) { return price ? unit::print(price->amount) : "none"; }

}  // namespace

TEST_CASE("prices: list prices of the classes that the plan document compares") {
    CHECK(price("db.m5.xlarge", "eu-central-1")->amount == MicroUsdPerMonth(424000 * 730));
    CHECK(month(price("db.m5.xlarge", "eu-central-1")) == "$309.52");
    CHECK(month(price("db.t3.large", "eu-central-1")) == "$122.64");
    CHECK(month(price("db.t3.medium", "eu-central-1")) == "$61.32");
    CHECK(month(price("db.t3.large", "us-east-1")) == "$105.85");
    auto list = price("db.m5.xlarge", "eu-central-1");
    CHECK(list->term == "on demand");
    CHECK(list->row.id == "s05");
    CHECK(list->row.as_of == "2023-03-10");
    CHECK(!list->doubled);
}

TEST_CASE("prices: a price that isn't known is nothing, never a guess") {
    CHECK(!price("db.m5.xlarge", "mars-north-1"));
    CHECK(!price("db.m5.xlarge", ""));
    CHECK(!price("db.m8i.large", "us-east-1"));
    CHECK(!price("db.m8i.large", "us-east-1", true));
    CHECK(!price("db.m7g.large", "us-east-1", false, PriceTerm::one_year));
}

TEST_CASE("prices: all that the file has come back, and the newest date wins") {
    int singles = 0;
    std::map<std::string, double> newest;
    std::map<std::string, std::string> dates;
    for (const auto& row : csv::read("platforms/rds-postgresql/prices.csv")) {
        if (row.at("deployment") != "single-az" || row.at("ondemand").empty()) continue;
        const std::string key = row.at("region") + " " + row.at("class");
        if (dates[key] > row.at("as_of")) continue;  // no two rows of one key differ in how fine their dates are
        dates[key] = row.at("as_of");
        newest[key] = csv::number(row, "ondemand");
    }
    for (const auto& entry : newest) {
        const std::string& key = entry.first;
        CAPTURE(key);
        const std::string cls = key.substr(key.find(' ') + 1);
        if (!built_in().find_class(pg, cls)) continue;  // previous generations, priced but not in the class table
        ++singles;
        auto found = price(cls, key.substr(0, key.find(' ')));
        REQUIRE(found);
        CHECK(found->amount.value == std::llround(entry.second * 1e6) * 730);
        CHECK(found->row.as_of == dates[key]);
    }
    CHECK(singles == 1779);
    // Two rows: 2023-03-10, and one that cites the price list of 2026.
    CHECK(price("db.t4g.micro", "us-east-1")->row.as_of == "2026-09-24");
    CHECK(price("db.t4g.small", "eu-central-1")->row.as_of == "2026-08..2026-10");
    CHECK(price("db.t3.large", "us-east-1")->row.as_of == "2026-05-03");
}

TEST_CASE("prices: reserved prices, the upfront fee spread over the term") {
    for (const auto& row : csv::read("platforms/rds-postgresql/prices.csv")) {
        if (row.at("source") != "s05" || row.at("ri1_no").empty() || !built_in().find_class(pg, row.at("class")))
            continue;
        CAPTURE(row.at("region") + row.at("class"));
        auto one = price(row.at("class"), row.at("region"), false, PriceTerm::one_year);
        auto three = price(row.at("class"), row.at("region"), false, PriceTerm::three_years);
        REQUIRE((one && three));
        if (three->row.id != "s05") {  // a newer row
            CHECK(three->row.as_of > row.at("as_of"));
            continue;
        }
        CHECK(one->amount.value == std::llround(csv::number(row, "ri1_no") * 1e6) * 730);
        CHECK(three->amount.value == std::llround(csv::number(row, "ri3_partial") * 1e6) * 730);
    }
    auto three = price("db.t3.large", "us-east-1", false, PriceTerm::three_years);
    CHECK(three->row.as_of == "2023-03-10");  // the row of 2026 lacks the upfront fee, so it is no price
    CHECK(three->term == "3 years, partial upfront (effective)");
    CHECK(price("db.m5.xlarge", "eu-central-1", false, PriceTerm::one_year)->term == "1 year, no upfront");
    CHECK(three->amount < price("db.t3.large", "us-east-1", false, PriceTerm::one_year)->amount);
}

TEST_CASE("prices: Multi-AZ by its own row, else twice single-AZ") {
    auto listed = price("db.t4g.medium", "eu-central-1", true);
    CHECK(!listed->doubled);
    CHECK(listed->amount == MicroUsdPerMonth(149000 * 730));
    CHECK(price("db.m8g.large", "eu-central-1", true)->amount == MicroUsdPerMonth(400000 * 730));
    CHECK(!price("db.m8g.large", "eu-central-1"));  // half of Multi-AZ would be a guess
    auto twice = price("db.m5.xlarge", "eu-central-1", true);
    CHECK(twice->doubled);
    CHECK(month(twice) == "$619.04");
    CHECK(twice->row.id == "s05");
}

TEST_CASE("prices: db.t4g.large is cheaper than db.t3.large wherever both have a price") {
    int regions = 0;
    CHECK(built_in().regions(pg).size() == 29);
    for (std::string_view region : built_in().regions(pg)) {
        auto arm = price("db.t4g.large", region), intel = price("db.t3.large", region);
        if (!arm || !intel) continue;
        ++regions;
        CHECK(arm->amount < intel->amount);
    }
    CHECK(regions == 20);
}

TEST_CASE("prices: the dates of a region's list prices") {
    CHECK(built_in().prices_as_of(pg, "eu-west-1") == "2023-03-10..2026-09-04");
    CHECK(built_in().prices_as_of(pg, "us-east-1") == "2023-03-10..2026-09-25");
    CHECK(built_in().prices_as_of(pg, "nowhere") == "");
    for (std::string_view region : built_in().regions(pg)) CHECK(!built_in().prices_as_of(pg, region).empty());
}

TEST_CASE("prices: surplus credits of the burstable classes whose price is known") {
    auto credit = [](std::string_view cls, std::string_view region) {
        auto found = built_in().credit_price(pg, *built_in().find_class(pg, cls), region);
        return found ? found->micro_usd_per_vcpu_hour : -1;
    };
    CHECK(credit("db.t3.large", "eu-central-1") == 75000);
    CHECK(credit("db.t3.large", "sa-east-1") == 75000);  // the row for t3 covers all regions
    CHECK(credit("db.t4g.large", "eu-central-1") == 75000);
    CHECK(credit("db.t4g.large", "sa-east-1") == -1);
    CHECK(credit("db.t2.large", "us-east-1") == -1);
    CHECK(credit("db.m5.large", "us-east-1") == -1);
    CHECK(built_in().credit_price(pg, *built_in().find_class(pg, "db.t4g.large"), "us-east-1")->row.id == "s50");
}
