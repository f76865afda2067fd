// Extended Support in the price of every class: bills that exist, and the calendar.
#include <string>

#include <doctest/doctest.h>

#include <poolfit/assess/offers.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

/// A month of Extended Support on today's class, in dollars.
double support(std::string_view database, Date today, std::string_view region = "us-east-1") {
    const Planned planned =
        test::plan_text("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"" + std::string(region) +
                        "\"\n[[database]]\nname = \"db\"\n" + std::string(database));
    const Market market(planned.fleet, test::catalog(), PriceTerm::list, 1, today);
    const auto cost = market.offer(0, *planned.fleet.databases[0].type).support;
    return cost ? static_cast<double>(cost->value) / 1e6 : -1;
}

}  // namespace

TEST_CASE("Extended Support: bills and price lists") {
    const Date november{2026, 11, 24};
    const std::string twelve = "engine = \"postgresql\"\nversion = \"12.22\"\nclass = \"db.m5.xlarge\"\n";
    CHECK(support(twelve, november, "eu-central-1") == doctest::Approx(4 * 0.122 * 730));  // $356.24
    CHECK(support(twelve + "multi_az = true\n", november, "eu-central-1") == doctest::Approx(2 * 356.24));
    CHECK(support(twelve, {2027, 3, 1}, "eu-central-1") == doctest::Approx(2 * 356.24));
    const std::string seoul = "engine = \"mysql\"\nversion = \"8.0.40\"\nclass = \"db.t3.micro\"\n";
    CHECK(support(seoul, {2026, 8, 1}, "ap-northeast-2") == doctest::Approx(5.76 / 24 * 730));  // $5.76 a day
    CHECK(support(seoul, {2026, 7, 31}, "ap-northeast-2") == 0);
    CHECK(support("engine = \"mariadb\"\nversion = \"10.6.20\"\nclass = \"db.t3.micro\"\n", november) ==
          0);  // has none
}

TEST_CASE("Extended Support that is not known is not 0") {
    const Date november{2026, 11, 24};
    CHECK(support("engine = \"postgresql\"\nclass = \"db.m5.xlarge\"\n", november) < 0);  // no version
    const std::string twelve = "engine = \"postgresql\"\nversion = \"12.22\"\nclass = \"db.m5.xlarge\"\n";
    CHECK(support(twelve, november, "us-west-2") < 0);      // no price in the region
    CHECK(support(twelve, {2027, 3, 1}, "eu-west-1") < 0);  // the price of the third year was not seen
    CHECK(support("engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n", november) == 0);
    // RDS upgrades it after 2027-02-28, to a version that may be in Extended Support itself; MariaDB has none.
    const std::string mysql = "engine = \"mysql\"\nversion = \"5.7.44\"\nclass = \"db.m5.xlarge\"\n";
    CHECK(support(mysql, {2027, 2, 28}) > 0);
    CHECK(support(mysql, {2027, 3, 1}) < 0);
    CHECK(support("engine = \"mariadb\"\nversion = \"10.5.20\"\nclass = \"db.m5.xlarge\"\n", {2027, 3, 1}) == 0);
}

TEST_CASE("Extended Support of a version older than all whose life cycle is known is not known") {
    const auto unknown = [](std::string_view database) {
        const Planned planned = test::plan_text(
            "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n"
            "[[database]]\nname = \"db\"\nclass = \"db.m5.large\"\n" +
            std::string(database));
        CHECK(planned.plan.databases[0].now.support_unknown == !planned.plan.totals.without_support.empty());
        return planned.plan.databases[0].now.support_unknown;
    };
    CHECK(unknown("engine = \"postgresql\"\nversion = \"10.23\"\n"));
    CHECK_FALSE(unknown("engine = \"postgresql\"\nversion = \"16.8\"\n"));
}
