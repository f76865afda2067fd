// A throttled t2 with a CPU that is full: what it asks for is only bounded from below, and counting vCPUs has the
// widest band. The class is the cheapest that holds at the high end, and a cheaper one that fails only there is named.
#include <doctest/doctest.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::Planned;

TEST_CASE("saturated t2: the cheapest class that holds at the high end, and the cheaper one with why not") {
    for (const char* cls : {"db.t2.micro", "db.t2.small", "db.t2.medium", "db.t2.large", "db.t2.xlarge"}) {
        CAPTURE(cls);
        const Planned planned = test::plan_text(test::one_database(
            cls, "[database.observed]\ncpu_peak = \"97%\"\ncpu_mean = \"96%\"\nfreeable_memory = \"0.4 GiB\"\n",
            test::one_pool("api", "max = 5\nin_use = \"2-4\"\n")));
        const DatabasePlan& mine = planned.plan.databases[0];
        const Recommendation& advice = mine.recommendation;
        CHECK(advice.verdict == Verdict::over);
        if (advice.cls == planned.fleet.databases[0].type) continue;  // none carries it
        REQUIRE(mine.chosen.cpu_peak);
        CHECK(mine.chosen.cpu_saturated);
        CHECK(mine.chosen.cpu_peak->value.high.value <= 0.6 + 1e-9);
        bool near = false;
        for (const Candidate& candidate : mine.candidates) {
            if (candidate.cls == advice.cls || !candidate.ranked_by || *candidate.ranked_by >= *advice.ranked_by)
                continue;
            CHECK_FALSE(candidate.fits);
            for (const Reason& reason : candidate.reasons)
                near = near || (reason.check.dimension == Dimension::cpu_peak && reason.check.value &&
                                reason.check.value->low <= *reason.check.limit);
        }
        CHECK(near);
        CHECK(advice.summary.cls != nullptr);
    }
}
