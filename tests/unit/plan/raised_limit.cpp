// A max_connections that was set by hand: how far it is raised, behind RDS Proxy too, and on which class.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/action.hpp>
#include <poolfit/plan/strategy.hpp>

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
    // 50 % of 216 is more than the 60 clients: ⌈⌈(80 + 60) ÷ 85 %⌉ ÷ 80 %⌉ + 9.
    REQUIRE(db.recommendation.max_connections == Connections(216));
    CHECK(db.after.allocated->value == Connections(140));
    CHECK(db.demand.allocated->value == Connections(120));  // 40 of them of the proxy
    CHECK(planned.plan.poolers[0].after.server.value == Connections(60));
    CHECK_FALSE(db.chosen.checks.any_over());
    REQUIRE_FALSE(db.recommendation.ways.empty());
    CHECK(db.recommendation.ways.front().kind == WayOut::Kind::limit);
    CHECK(planned.node("database.db.after.connections.max_planned").value.high == 216);
}

TEST_CASE("a share that stays under its clients grows with the limit") {
    // x = ⌈⌈(80 + ⌊20 % of x⌋) ÷ 85 %⌉ ÷ 80 %⌉ + 9: 20 % of 179 is 35, ⌈115 ÷ 85 %⌉ is 136, and 136 ÷ 80 % + 9 = 179.
    const Planned planned = behind_proxy("20%");
    const DatabasePlan& db = planned.plan.databases[0];
    REQUIRE(db.recommendation.max_connections == Connections(179));
    CHECK(db.after.allocated->value == Connections(115));
    CHECK(planned.plan.poolers[0].after.server.value == Connections(35));
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

namespace {

/// What the rule says to do; empty where it finds nothing.
std::string fix_of(const Planned& planned, std::string_view rule) {
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == rule) return finding.fix;
    return {};
}

/// 260 connections for 191 that are usable, 325 in a deploy, on 8 GiB of which so much is free.
Planned refusing(std::string_view freeable, std::string_view size = "5") {
    return plan_text(one_database(
        "db.t3.large",
        fmt::format("max_connections = 200\nreserved_connections = 9\n[database.observed]\ncpu_mean = \"15-20%\"\n"
                    "cpu_peak = \"40%\"\nfreeable_memory = \"{}\"\nwindow = \"14 d\"\n",
                    freeable),
        fmt::format("[[service]]\nname = \"web\"\nruntime = \"threads\"\ninstances = 12\nprocesses = 3\nthreads = 5\n"
                    "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = {}\nin_use = "
                    "\"2-4\"\n[[service]]\nname = \"jobs\"\nruntime = \"threads\"\ninstances = 4\nthreads = 20\n"
                    "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = 20\n"
                    "in_use = \"4-9\"\n",
                    size)));
}

}  // namespace

TEST_CASE("connections that are refused today need memory once they get in") {
    const Planned planned = refusing("1.3 GiB");
    const DatabasePlan& db = planned.plan.databases[0];
    // 325 in a deploy, of which 191 got in: 134 more, of up to 3.9 MiB each.
    const Candidate* today = nullptr;
    for (const Candidate& candidate : db.candidates)
        if (candidate.cls->name == "db.t3.large") today = &candidate;
    REQUIRE(today != nullptr);
    REQUIRE(today->reasons.size() == 1);
    const Check& memory = today->reasons.front().check;
    CHECK(memory.dimension == Dimension::memory);
    const double each = static_cast<double>(planned.fleet.databases[0].platform->connection_memory.high.value);
    CHECK(memory.value->high - memory.value->low == doctest::Approx(134 * each));
    CHECK(db.recommendation.cls->name == "db.r6i.large");
    // The same answer whether the pools have their size today or get it.
    const Recommendation grows = refusing("1.3 GiB", "4").plan.databases[0].recommendation;
    CHECK(grows.cls->name == "db.r6i.large");
    CHECK(grows.max_connections == db.recommendation.max_connections);
    // Today's limit is what counts where nothing changes.
    CHECK(db.now.memory_used->value.high == db.now.memory_used->value.low);
}

TEST_CASE("a class beside a raised limit carries what a proxy's share opens then") {
    for (const std::string_view free : {"4.6 GiB", "4.4 GiB", "4.2 GiB", "4 GiB", "2 GiB", "1.6 GiB"}) {
        const Planned planned = plan_text(one_database(
            "db.m5.large",
            fmt::format("max_connections = 80\nreserved_connections = 9\n[database.observed]\ncpu_mean = \"5%\"\n"
                        "cpu_peak = \"14%\"\nfreeable_memory = \"{}\"\nwindow = \"14 d\"\n",
                        free),
            "[[pooler]]\nname = \"proxy\"\nkind = \"rds-proxy\"\ndatabase = \"db\"\nmax_connections_percent = "
            "\"50%\"\n" +
                one_pool("batch", "max = 8\nin_use = \"3-7\"", "instances = 10") +
                "[[service]]\nname = \"lambda\"\nruntime = \"serverless\"\ninstances = 200\ndeploy = \"recreate\"\n"
                "[[service.pool]]\nname = \"p\"\ndatabase = \"proxy\"\nmax = 1\n"));
        const DatabasePlan& db = planned.plan.databases[0];
        CAPTURE(free);
        REQUIRE(db.recommendation.max_connections.has_value());
        CHECK_FALSE(db.chosen.checks.any_over());
    }
}

TEST_CASE("a limit is not raised alone where the server has no memory for those it lets in") {
    const auto first = [](const Planned& planned) { return planned.plan.databases[0].recommendation.ways.front(); };
    const WayOut roomy = first(refusing("1.3 GiB")), full = first(refusing("0.1 GiB"));
    CHECK(roomy.kind == WayOut::Kind::limit);
    CHECK_FALSE(roomy.with_class);
    CHECK(full.kind == WayOut::Kind::limit);
    CHECK(full.with_class);
}

TEST_CASE("a raised limit is no tighter than it has to be") {
    const Planned planned = refusing("4 GiB");
    const DatabasePlan& db = planned.plan.databases[0];
    CHECK(db.recommendation.max_connections == Connections(413));  // ⌈⌈325 ÷ 85 %⌉ ÷ 95 %⌉ + 9
    for (const RiskReason& reason : db.recommendation.risk_reasons) CHECK(reason.kind != RiskReason::Kind::tight);
    // As far as the class's formula goes, all the same: 80 % of 811 are 648, 85 % of those 551.
    const Connections gives = db.budget.limits.max_expected->value.low;
    const auto wanted = static_cast<int>((gives.value - 9) * 7 / 10);
    const Planned most = plan_text(
        one_database("db.t3.large", "max_connections = 300\nreserved_connections = 9",
                     one_pool("a", fmt::format("max = {}\nin_use = \"{}-{}\"", wanted, wanted / 3, wanted - 1))));
    const auto& raised = most.plan.databases[0].recommendation.max_connections;
    REQUIRE(raised.has_value());
    CHECK(raised == gives);
}

TEST_CASE("a server of one's own: memory that is not given is asked for before its limit is raised") {
    const auto own = [](std::string_view observed) {
        return plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"own\"\nengine = \"postgresql\"\nversion = "
            "\"16\"\nvcpus = 8\nmemory = \"32 GiB\"\nmax_connections = 200\n{}\n[[service]]\nname = \"app\"\ninstances "
            "= 9\n[[service.pool]]\nname = \"p\"\ndatabase = \"own\"\nmax = 20\nin_use = \"10-19\"\n",
            observed));
    };
    const Planned silent = own("");
    const Recommendation& r = silent.plan.databases[0].recommendation;
    CHECK(r.verdict == Verdict::unknown);
    REQUIRE(r.missing.size() == 1);
    CHECK(r.missing.front().what == Missing::freeable_memory);
    CHECK(r.summary.no_class == Summary::NoClass::own_limit);
    CHECK(
        fix_of(silent, "PF001").ends_with("a higher max_connections if memory allows (set observed.freeable_memory)"));
    CHECK(own("[database.observed]\nfreeable_memory = \"6 GiB\"").plan.databases[0].recommendation.max_connections);
    // One that has none for them.
    const Planned full = own("[database.observed]\nfreeable_memory = \"1 MiB\"");
    CHECK_FALSE(full.plan.databases[0].recommendation.max_connections);
    CHECK(full.plan.databases[0].recommendation.missing.empty());
}

TEST_CASE("a raised limit takes a restart where it is static, and none where it is dynamic") {
    const auto own = [](std::string_view engine, std::string_view version) {
        return plan_text(
            fmt::format("schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"own\"\nengine = \"{}\"\nversion = "
                        "\"{}\"\nvcpus = "
                        "8\nmemory = \"32 GiB\"\nmax_connections = 151\nreserved_connections = 3\n[database.observed]\n"
                        "freeable_memory = \"12 GiB\"\n[[service]]\nname = \"app\"\ninstances = "
                        "30\n[[service.pool]]\nname = \"p\"\n"
                        "database = \"own\"\nmax = 10\nin_use = \"2-9\"\n",
                        engine, version));
    };
    const auto downtime = [](const Planned& planned) {
        const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
        const std::vector<Action> phases = plan::phases(planned.fleet, planned.plan, strategies);
        REQUIRE_FALSE(phases.empty());
        REQUIRE(phases.front().kind == Action::Kind::limit);
        return phases.front().downtime.kind;
    };
    const Planned fixed = own("postgresql", "16"), dynamic = own("mysql", "8.0");
    CHECK(downtime(fixed) == Downtime::Kind::restart);
    CHECK(downtime(dynamic) == Downtime::Kind::none);
    CHECK(fix_of(fixed, "PF002").find(" instead of 151, with a restart  →") != std::string::npos);
    CHECK(fix_of(dynamic, "PF002").find(" instead of 151  →") != std::string::npos);
}

TEST_CASE("the pools that end an outage are the fix, though deploys are still too large with them") {
    // 30 × 4 are 120 of 151; a deploy opens 152 of the 143 that the policy allows.
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"own\"\nengine = \"mysql\"\nversion = \"8.0\"\nvcpus "
        "= "
        "8\nmemory = \"32 GiB\"\nmax_connections = 151\n[[service]]\nname = \"app\"\ninstances = 30\n[[service.pool]]\n"
        "name = \"p\"\ndatabase = \"own\"\nmax = 10\nin_use = \"1-3\"\n");
    const Recommendation& r = planned.plan.databases[0].recommendation;
    REQUIRE_FALSE(r.ways.empty());
    CHECK(r.ways.front().kind == WayOut::Kind::pools);
    CHECK(fix_of(planned, "PF002") == "the pool sizes from poolfit plan own  →  120 of 151 (79 %)");
}
