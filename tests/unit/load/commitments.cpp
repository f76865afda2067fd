// [[commitment]]: what it takes, and what is said of what it does not.
#include <string>

#include <doctest/doctest.h>

#include <poolfit/load/load.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

constexpr std::string_view head =
    "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\n"
    "class = \"db.m5.large\"\n";

/// The first error, or nothing.
std::string error(const std::string& record) {
    Sources sources;
    Diagnostics diagnostics;
    const SourceText& source = sources.add("poolfit.toml", std::string(head) + "[[commitment]]\n" + record);
    (void)load::inventory(source, {}, test::catalog(), sources, diagnostics);
    for (const Diagnostic& each : diagnostics.all())
        if (each.severity == Severity::error) return each.message;
    return {};
}

constexpr std::string_view reserved = "kind = \"reserved\"\nengine = \"postgresql\"\nends = \"2027-06-30\"\n";
constexpr std::string_view savings_plan = "kind = \"savings-plan\"\nends = \"2027-06-30\"\nusd_per_hour = 1\n";
std::string with(std::string_view first, std::string_view more) { return std::string(first) + std::string(more); }

}  // namespace

TEST_CASE("commitment: what is valid") {
    CHECK(error(with(reserved, "class = \"db.m5.xlarge\"\ncount = 2\nmulti_az = true\n")) == "");
    CHECK(error(with(reserved, "class = \"db.m5.xlarge\"\nunits = 16\n")) == "");
    CHECK(error(with(reserved, "family = \"m5\"\nunits = 0.5\nregion = \"eu-central-1\"\nusd_per_month = 9\n")) == "");
    CHECK(error(with(savings_plan, "rate = [{class = \"db.m7g.large\", usd_per_hour = 0.1}]\n")) == "");
    CHECK(error(with(savings_plan,
                     "[[commitment.rate]]\nclass = \"db.serverless\"\nengine = \"aurora-mysql\"\n"
                     "usd_per_hour = 0.1\n")) == "");
}

TEST_CASE("commitment: what is not") {
    CHECK(error("ends = \"2027-06-30\"\n") == "[[commitment]] has no kind");
    CHECK(error(with(reserved, "count = 1\n")) == "reserved instances need class, or family");
    CHECK(error(with(reserved, "family = \"m5\"\n")) == "reserved instances of a family need units");
    CHECK(error(with(reserved, "class = \"db.m5.large\"\n")) == "reserved instances need count, or units");
    CHECK(error(with(reserved, "class = \"db.m5.large\"\ncount = 1\nunits = 4\n")) == "count and units are both set");
    CHECK(error(with(reserved, "class = \"db.m5.large\"\nfamily = \"m5\"\ncount = 1\n")) ==
          "class and family are both set");
    CHECK(error(with(reserved, "family = \"m55\"\nunits = 4\n")) ==
          "family: 'm55' is not a family of classes in the catalog");
    CHECK(error("kind = \"savings-plan\"\nends = \"2027-06-30\"\n") ==
          "a savings plan needs usd_per_hour, what it commits to");
    CHECK(error(with(savings_plan, "[[commitment.rate]]\nclass = \"db.t4g.large\"\nusd_per_hour = 0.1\n")) ==
          "class: a Database Savings Plan does not cover db.t4g.large, of generation 4");
    CHECK(error(with(savings_plan,
                     "[[commitment.rate]]\nclass = \"db.m7g.large\"\nusd_per_hour = 0.1\n"
                     "[[commitment.rate]]\nclass = \"db.m7g.large\"\nusd_per_hour = 0.2\n")) ==
          "the rate of 'db.m7g.large' is given twice");
}
