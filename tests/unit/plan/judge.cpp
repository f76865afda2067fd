// What stands against a class: each reason's numbers are one statement.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// Reasons of this dimension whose share is their pessimistic value ÷ their limit.
int stated(const Planned& planned, Dimension dimension) {
    int count = 0;
    for (const DatabasePlan& database : planned.plan.databases)
        for (const Candidate& candidate : database.candidates)
            for (const Reason& reason : candidate.reasons) {
                const Check& check = reason.check;
                if (check.dimension != dimension || !check.value || !check.limit || !reason.blocking) continue;
                CHECK(check.value->low <= check.value->high);
                CHECK(check.share == doctest::Approx(check.value->high / *check.limit));
                CHECK(check.share > 1);
                ++count;
            }
    return count;
}

}  // namespace

TEST_CASE("judge: the CPU that workloads ask for stands against classes that have less, by how much") {
    // 2.4 vCPUs of the eight of today's class: 30 %, and 60 % of four.
    const Planned planned = plan_text(
        one_database("db.m5.2xlarge",
                     "[database.observed]\ncpu_peak = \"12%\"\ncpu_mean = \"9%\"\n"
                     "freeable_memory = \"28 GiB\"\nwindow = \"30 d\"",
                     one_pool("a", "max = 10\nworkload = { rate = \"60/s\", hold = \"50 ms\", cpu = \"40 ms\" }")));
    CHECK(planned.plan.databases[0].load->cpu_demand.value.value == doctest::Approx(60 * 0.04 / 8));
    CHECK(stated(planned, Dimension::cpu_demand) > 0);
    for (const Candidate& candidate : planned.plan.databases[0].candidates) {
        const bool small = candidate.cls->vcpus <= 2;
        if (small) CHECK_FALSE(candidate.fits);
    }
}

TEST_CASE("judge: CPU, memory and connections stand against classes by how much") {
    const Planned planned = plan_text(one_database("db.m5.2xlarge",
                                                   "[database.observed]\ncpu_peak = \"40%\"\ncpu_mean = \"20%\"\n"
                                                   "freeable_memory = \"8 GiB\"\nwindow = \"30 d\"",
                                                   one_pool("a", "max = 40\nin_use = \"20-39\"", "instances = 30")));
    CHECK(stated(planned, Dimension::cpu_peak) > 0);
    CHECK(stated(planned, Dimension::memory) > 0);
    CHECK(stated(planned, Dimension::connections_steady) > 0);
    CHECK(stated(planned, Dimension::connections_deploy) > 0);
}
