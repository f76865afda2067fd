// One size for one pool: what a pooler's clients use together, and what a fix and the plan say of it.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/fit.hpp>
#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "../plan/inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

bool holds(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::vector<Finding> of_rule(const Planned& planned, std::string_view id) {
    auto findings = test::lint(planned);
    std::erase_if(findings, [&](const Finding& finding) { return finding.rule->id != id; });
    return findings;
}

std::string fix_of(const Planned& planned, std::string_view id) {
    const auto findings = of_rule(planned, id);
    return findings.empty() ? "no finding" : findings.front().fix;
}

/// Clients of one process each behind a PgBouncer, on a server with this max_connections (15 of them reserved).
std::string bounced(std::string_view mode, int size, std::string_view in_use, int instances = 16,
                    int max_connections = 820, std::string_view keys = "", std::string_view more = "") {
    return one_database("db.m5.large", fmt::format("max_connections = {}", max_connections),
                        fmt::format("[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"{}\"\n"
                                    "default_pool_size = {}\nmax_client_conn = 2000\n{}\n[[service]]\nname = \"api\"\n"
                                    "instances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = "
                                    "\"b\"\nmax = 20\n{}\n{}",
                                    mode, size, keys, instances, in_use, more));
}

}  // namespace

TEST_CASE("pooler use: session and transaction mode ask for the same size, in the plan and in the fix") {
    const Planned session = plan_text(bounced("session", 20, "in_use = \"1-12\"")),
                  transaction = plan_text(bounced("transaction", 20, "in_use = \"1-12\""));
    for (const Planned* planned : {&session, &transaction}) {
        REQUIRE(planned->plan.poolers[0].used.has_value());
        CHECK(planned->plan.poolers[0].used->typical == Connections(16));
        CHECK(planned->plan.poolers[0].used->peak == Connections(192));
        REQUIRE(planned->plan.poolers[0].size.has_value());
        CHECK(planned->plan.poolers[0].size->value == 193);  // 16 × 12 + 1
        CHECK(planned->plan.poolers[0].basis == PoolerPlan::Basis::use);
    }
    CHECK(holds(fix_of(session, "PF036"), "mode = \"transaction\", default_pool_size = 193"));
    CHECK(holds(fix_of(session, "PF036"), "its clients' use, all peaks combined"));
    CHECK_FALSE(holds(fix_of(session, "PF036"), "not measured"));
    CHECK(of_rule(session, "PF035").empty());
    const auto queue = of_rule(transaction, "PF035");
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].severity == Severity::warning);
    CHECK(holds(queue[0].message, "may use 192 server connections together, but it has 20"));
    CHECK(holds(queue[0].fix, "default_pool_size = 193"));
    // With that size neither says anything more.
    const Planned applied = plan_text(bounced("transaction", 193, "in_use = \"1-12\""));
    CHECK(of_rule(applied, "PF035").empty());
    CHECK_FALSE(applied.plan.poolers[0].size.has_value());
}

TEST_CASE("pooler use: below the typical use of its clients is an error, from there to the peaks a warning") {
    const auto severity = [](int size) -> std::optional<Severity> {
        const Planned planned = plan_text(bounced("transaction", size, "in_use = \"3-5\""));  // 48 to 80
        const auto findings = of_rule(planned, "PF035");
        if (findings.empty()) return std::nullopt;
        return findings.front().severity;
    };
    CHECK(severity(47) == Severity::error);
    CHECK(severity(48) == Severity::warning);
    CHECK(severity(79) == Severity::warning);
    CHECK_FALSE(severity(80).has_value());
}

TEST_CASE("pooler use: each of several server pools is judged by its part, and typical use at the fewest instances") {
    // 4 to 16 instances of 3 to 5: 12 to 80, in two pairs 6 to 40.
    const auto planned = [](int size) {
        std::string text = bounced("transaction", size, "in_use = \"3-5\"", 16, 820, "pairs = 2");
        text.replace(text.find("instances = 16"), 14, "instances = { min = 4, max = 16 }");
        return plan_text(text);
    };
    CHECK(of_rule(planned(5), "PF035").front().severity == Severity::error);
    CHECK(of_rule(planned(6), "PF035").front().severity == Severity::warning);
    CHECK(of_rule(planned(39), "PF035").front().severity == Severity::warning);
    CHECK(of_rule(planned(40), "PF035").empty());
    CHECK(holds(of_rule(planned(6), "PF035").front().label.before, "in each of 2 pools"));
}

TEST_CASE(
    "pooler use: what is known of some clients is a lower bound; a pooler with room for all of them never queues") {
    const std::string_view silent =
        "[[service]]\nname = \"z\"\ninstances = 2\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"b\"\nmax = 20\n";
    const auto partly =
        of_rule(plan_text(bounced("transaction", 40, "in_use = \"3-5\"", 16, 820, "", silent)), "PF035");
    REQUIRE(partly.size() == 1);
    CHECK(partly[0].severity == Severity::error);
    CHECK(holds(partly[0].message, "at least 48"));
    const Planned roomy = plan_text(bounced("transaction", 50, "in_use = \"1-12\"", 2));  // 2 × 20 clients
    CHECK(of_rule(roomy, "PF035").empty());
}

TEST_CASE("pooler use: for peaks a pooler grows as far as its server has room, for typical use it has to") {
    // 85 − 15 = 70 usable, 56 by the policy.
    const Planned planned = plan_text(bounced("transaction", 20, "in_use = \"1-12\"", 16, 85));
    REQUIRE(planned.plan.poolers[0].size.has_value());
    const std::int64_t size = planned.plan.poolers[0].size->value;
    const auto steady = plan::allowed(planned.plan.databases[0], Dimension::connections_steady).value;
    CHECK(size == steady);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::limit);
    CHECK(planned.plan.databases[0].recommendation.verdict != Verdict::over);
    CHECK(holds(fix_of(planned, "PF035"), fmt::format("default_pool_size = {}", size)));
    // Applied, the warning stays, and names no other size.
    const Planned applied = plan_text(bounced("transaction", static_cast<int>(size), "in_use = \"1-12\"", 16, 85));
    CHECK_FALSE(applied.plan.poolers[0].size.has_value());
    CHECK(of_rule(applied, "PF035").front().severity == Severity::warning);
    CHECK(holds(fix_of(applied, "PF035"), "has no room for 193"));
}

TEST_CASE("pooler use: parts of a connection count until the end") {
    // 3 × 1.1 = 3.3: ⌈2.5 × 3.3⌉ = 9, not ⌈2.5 × 3⌉ = 8.
    const Planned planned = plan_text(bounced("transaction", 50, "in_use = \"1.1-1.1\"", 3));
    REQUIRE(planned.plan.poolers[0].used.has_value());
    CHECK(planned.plan.poolers[0].used->enough.value == Connections(9));
    CHECK(planned.plan.poolers[0].used->typical == Connections(4));
}

TEST_CASE("a pool that overflows its server has the plan's size in the fix, and what would fit") {
    // 10 × 20 = 200 of 85 usable; use asks for 5, and 6 fit into 68.
    const Planned planned = plan_text(one_database("db.m5.large", "max_connections = 100\nother_connections = 5",
                                                   one_pool("api", "max = 20\nin_use = \"1-4\"", "instances = 10")));
    REQUIRE(planned.plan.pools[0].recommended().has_value());
    CHECK(planned.plan.pools[0].recommended()->value == Connections(5));
    const std::string fix = fix_of(planned, "PF002");
    CHECK(holds(fix, "max = 5 "));
    CHECK(holds(fix, "what its use needs, up to 6 fits"));
}

TEST_CASE("PF015: a size that nothing measured asks for is no size of the plan, so no fix names one") {
    const Planned planned = plan_text(
        one_database("db.m5.large", "", one_pool("loop", "max = 20", "runtime = \"event-loop\"\ninstances = 2")));
    REQUIRE(of_rule(planned, "PF015").size() == 1);
    CHECK(planned.plan.pools[0].recommended()->value == Connections(20));
    CHECK(fix_of(planned, "PF015") == "set in_use or a workload, to show whether 10 are enough");
    // A worker that serves one request at a time has a size, the plan's.
    const Planned worker =
        plan_text(one_database("db.m5.large", "", one_pool("w", "max = 20", "runtime = \"processes\"\ninstances = 2")));
    CHECK(worker.plan.pools[0].recommended()->value == Connections(1));
    CHECK(holds(fix_of(worker, "PF015"), "max = 1"));
}

TEST_CASE("session mode: clients that max_client_conn refuses do not wait as well") {
    std::string text = bounced("session", 20, "");
    text.replace(text.find("max_client_conn = 2000"), 22, "max_client_conn = 100");
    const Planned planned = plan_text(text);  // 320 clients, 100 come in, 20 have a connection
    const auto& outages = planned.plan.databases[0].recommendation.outages;
    REQUIRE(outages.size() == 2);
    CHECK(outages[0].kind == Outage::Kind::session_clients);
    CHECK(outages[0].needs - outages[0].usable == Connections(80));
    CHECK(outages[1].kind == Outage::Kind::pooler_clients);
    CHECK(outages[1].needs - outages[1].usable == Connections(220));
    const auto findings = of_rule(planned, "PF036");
    REQUIRE(findings.size() == 1);
    CHECK(holds(findings[0].message, "100 clients each hold"));
    CHECK(holds(findings[0].label.before, "80 wait"));
    CHECK(holds(findings[0].fix, "not measured for api.p"));
    // It opens as many as it lets in: nobody waits.
    text.replace(text.find("default_pool_size = 20"), 22, "default_pool_size = 100");
    CHECK(of_rule(plan_text(text), "PF036").empty());
}

TEST_CASE("ways out: a pooler that has none does not hide those of its server") {
    // 2,000,000 clients are more than any max_client_conn; 200 of 85 usable are open beside it.
    const Planned planned = plan_text(one_database(
        "db.m5.large", "max_connections = 100",
        "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
        "default_pool_size = 1\nmax_db_connections = 5\n"
        "[[service]]\nname = \"w\"\ninstances = 1000\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"b\"\nmax = 2000\n" +
            one_pool("api", "max = 20\nin_use = \"1-4\"", "instances = 10")));
    const Recommendation& r = planned.plan.databases[0].recommendation;
    REQUIRE(planned.plan.poolers[0].clients->unsolved());
    REQUIRE_FALSE(r.ways.empty());
    CHECK(r.ways.front().steady <= r.ways.front().usable);
    REQUIRE(r.unended.size() == 1);
    CHECK(r.unended.front().kind == Outage::Kind::pooler_clients);
}

TEST_CASE("monitor: a process that can hold one connection has no threshold of use") {
    const auto decides = [](std::string_view pool, std::string_view service) {
        const Planned planned = plan_text(one_database("db.m5.large", "", one_pool("w", pool, service)));
        const auto all = plan::strategies(planned.fleet, planned.plan, {});
        const auto monitor = std::ranges::find(all, Strategy::Role::measures, &Strategy::role);
        return std::ranges::count_if(monitor->decides, [](const Point& point) {
            return point.kind == Point::Kind::holds_today || point.kind == Point::Kind::holds_recommended;
        });
    };
    CHECK(decides("max = 1", "runtime = \"processes\"") == 0);
    CHECK(decides("max = 5", "runtime = \"threads\"\nthreads = 5") == 0);
    CHECK(decides("max = 1", "") == 0);
    CHECK(decides("max = 5", "") == 1);
}

TEST_CASE("strategies: what is as conservative has its risk") {
    for (const std::string_view pool : {"max = 20\nin_use = \"1-4\"", "max = 20", "max = 200"}) {
        const Planned planned = plan_text(one_database("db.t3.micro", "", one_pool("w", pool, "instances = 10")));
        const auto all = plan::strategies(planned.fleet, planned.plan, {});
        REQUIRE(all.size() == 4);
        for (const Strategy& strategy : all)
            if (strategy.hazard.kind == Hazard::Kind::as_conservative) CHECK(strategy.risk == all.front().risk);
    }
}

TEST_CASE("in use: what is known where one pool is not measured is a lower bound") {
    const std::string seen = one_pool("a", "max = 10\nin_use = \"2-5\"", "instances = 3"),
                      silent = one_pool("z", "max = 2");
    const auto budget = [](const std::string& pools) {
        return plan_text(one_database("db.m5.large", "", pools)).plan.databases[0].budget;
    };
    const Budget all = budget(seen), some = budget(seen + silent), none = budget(silent);
    CHECK(all.in_use->value == Interval<Connections>{Connections(6), Connections(15)});
    CHECK_FALSE(all.in_use_at_least.has_value());
    CHECK_FALSE(some.in_use.has_value());
    REQUIRE(some.in_use_at_least.has_value());
    CHECK(some.in_use_at_least->value == Interval<Connections>{Connections(6), Connections(15)});
    CHECK_FALSE(none.in_use.has_value());
    CHECK_FALSE(none.in_use_at_least.has_value());
}
