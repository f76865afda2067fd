// A replica that nothing connects to and that is kept: plan and check say why.
#include <string>

#include <doctest/doctest.h>

#include <poolfit/plan/plan.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

/// A writer in use and its only reader, to which nothing connects.
Planned cluster(std::string_view keys) {
    return test::plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"main\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = \"db.r6g.large\"\n"
        "[database.observed]\nconnections = \"5-20\"\ncpu_mean = \"10%\"\ncpu_peak = \"20%\"\n"
        "freeable_memory = \"10 GiB\"\nwindow = \"30 d\"\n"
        "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\n" +
        std::string(keys) +
        "[database.observed]\nconnections = 0\ncpu_mean = \"1%\"\ncpu_peak = \"2%\"\nfreeable_memory = \"12 GiB\"\n"
        "window = \"30 d\"\n");
}

}  // namespace

TEST_CASE("spare: the only reader of a cluster is kept though nothing connects to it, and both say so") {
    const Planned made = cluster("");
    CHECK_FALSE(made.plan.databases[1].recommendation.idle);
    REQUIRE(made.plan.databases[1].recommendation.spare);
    CHECK(made.plan.databases[1].recommendation.spare->primary == 0);
    CHECK(made.plan.databases[1].recommendation.spare->window.value == 30);
    CHECK_FALSE(made.plan.databases[0].recommendation.spare);
    const std::string found = test::list(test::lint(made));
    CHECK(found.find("PF105 info ro") != std::string::npos);
    CHECK(found.find("it is kept to take over from main, at $189.80/mo") != std::string::npos);
    CHECK(found.find("PF031") == std::string::npos);
}

TEST_CASE("spare: an inventory that says failover_target is not asked") {
    const Planned made = cluster("failover_target = true\n");
    CHECK_FALSE(made.plan.databases[1].recommendation.spare);
    CHECK(test::list(test::lint(made)).find("PF105") == std::string::npos);
}
