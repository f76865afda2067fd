// A max_connections that was set by hand: how far it is raised, behind RDS Proxy too, and on which class.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// 80 direct connections, and 60 clients of a proxy that may take so much of the server.
Planned behind_proxy(std::string_view share) {
    return plan_text(one_database(
        "db.m5.large", "max_connections = 80\nreserved_connections = 9",
        fmt::format("[[pooler]]\nname = \"proxy\"\nkind = \"rds-proxy\"\ndatabase = \"db\"\n"
                    "max_connections_percent = \"{}\"\n",
                    share) +
            one_pool("batch", "max = 8\nin_use = \"3-7\"", "instances = 10") +
            "[[service]]\nname = \"lambda\"\nruntime = \"serverless\"\ninstances = 60\ndeploy = \"recreate\"\n"
            "[[service.pool]]\nname = \"p\"\ndatabase = \"proxy\"\nmax = 1\n"));
}

}  // namespace

TEST_CASE("a limit is raised behind RDS Proxy until its share carries all clients") {
    const Planned planned = behind_proxy("50%");
    const DatabasePlan& db = planned.plan.databases[0];
    REQUIRE(db.recommendation.verdict == Verdict::over);
    // 50 % of 184 is more than the 60 clients: ⌈(80 + 60) ÷ 80 %⌉ + 9.
    REQUIRE(db.recommendation.max_connections == Connections(184));
    CHECK(db.after.allocated->value == Connections(140));
    CHECK(db.demand.allocated->value == Connections(120));  // 40 of them of the proxy
    CHECK(planned.plan.poolers[0].after.server.value == Connections(60));
    CHECK_FALSE(db.chosen.checks.any_over());
    REQUIRE_FALSE(db.recommendation.ways.empty());
    CHECK(db.recommendation.ways.front().kind == WayOut::Kind::limit);
    CHECK(planned.node("database.db.after.connections.max_planned").value.high == 184);
}

TEST_CASE("a share that stays under its clients grows with the limit") {
    // x = ⌈(80 + ⌊20 % of x⌋) ÷ 80 %⌉ + 9: 20 % of 144 is 28, and 108 ÷ 80 % + 9 = 144.
    const Planned planned = behind_proxy("20%");
    const DatabasePlan& db = planned.plan.databases[0];
    REQUIRE(db.recommendation.max_connections == Connections(144));
    CHECK(db.after.allocated->value == Connections(108));
    CHECK(planned.plan.poolers[0].after.server.value == Connections(28));
}

TEST_CASE("what a raised limit leaves over is ended by a class in the same plan") {
    const std::string observed =
        "max_connections = 120\n[database.observed]\ncpu_mean = \"24%\"\ncpu_peak = \"{}\"\n"
        "freeable_memory = \"1.1 GiB\"\nwindow = \"14 d\"\n";
    const auto of_peak = [&](std::string_view peak) {
        return plan_text(one_database(
            "db.t3.medium", fmt::format(fmt::runtime(observed), peak),
            one_pool("web", "driver = \"activerecord\"\nmax = 5",
                     "instances = { min = 4, max = 24 }\nprocesses = 2\nruntime = \"threads\"\nthreads = 5")));
    };
    const Planned over = of_peak("63%"), inside = of_peak("50%");
    const Recommendation &both = over.plan.databases[0].recommendation,
                         &limit = inside.plan.databases[0].recommendation;
    CHECK(both.verdict == Verdict::over);
    CHECK(limit.verdict == Verdict::over);
    REQUIRE(both.max_connections.has_value());
    CHECK(both.max_connections == limit.max_connections);
    CHECK(both.cls->name == "db.t3.xlarge");
    CHECK(both.summary.kind == Summary::Kind::class_fails);
    CHECK_FALSE(over.plan.databases[0].chosen.checks.any_over());
    CHECK(limit.cls == inside.fleet.databases[0].type);
    CHECK(limit.summary.kind == Summary::Kind::limit_raised);
    // Each class is judged with that limit: none is rejected for the one of today.
    for (const Candidate& candidate : over.plan.databases[0].candidates)
        if (candidate.cls->memory >= both.cls->memory)
            for (const Reason& reason : candidate.reasons)
                CHECK(reason.check.dimension > Dimension::connections_failover);
}

TEST_CASE("a dear class says which cheaper one may do, where only the band of its CPU stands against it") {
    const Planned planned = plan_text(one_database(
        "db.t2.medium",
        "[database.observed]\ncpu_mean = \"45%\"\ncpu_peak = \"97%\"\nfreeable_memory = \"1 GiB\"\nwindow = \"14 d\"\n",
        one_pool("api", "max = 4\nin_use = \"1-3\"", "instances = 5\nprocesses = 4")));
    const Recommendation& r = planned.plan.databases[0].recommendation;
    CHECK(r.cls->vcpus == 8);
    REQUIRE(r.summary.cls != nullptr);
    // 97 % of two vCPUs is 36–80 % of four, by their count alone.
    CHECK(r.summary.cls->vcpus == 4);
    const auto& all = planned.plan.databases[0].candidates;
    const auto may_do = std::ranges::find(all, r.summary.cls, &Candidate::cls);
    REQUIRE(may_do != all.end());
    CHECK(*may_do->ranked_by < *r.ranked_by);
    for (const Reason& reason : may_do->reasons)
        if (reason.blocking) CHECK(reason.check.value->low <= *reason.check.limit);
}
