// Poolers of one server together, under a load that they cannot carry, by the use of their clients, and on a larger
// class. Values by hand.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/fit.hpp>

#include "../../support/fleet.hpp"
#include "../../support/typed_in.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

const std::string head = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";

std::string database(std::string_view cls, std::string_view more) {
    return fmt::format("[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"{}\"\n{}\n", cls, more);
}

std::string observed(std::string_view cpu_peak = "20%", std::string_view freeable = "300 MiB") {
    return fmt::format("[database.observed]\ncpu_peak = \"{}\"\ncpu_mean = \"5%\"\nfreeable_memory = \"{}\"\n",
                       cpu_peak, freeable);
}

std::string bouncer(std::string_view name, std::string_view keys) {
    return fmt::format(
        "[[pooler]]\nname = \"{}\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmax_client_conn = 9000\n{}\n", name, keys);
}

std::string service(std::string_view name, int instances, std::string_view target, std::string_view keys) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"{}\"\n{}\n",
        name, instances, target, keys);
}

/// 60 usable on db.t3.micro: the policy's most are 48.
std::string two(std::string_view a, std::string_view b) {
    return head + database("db.t3.micro", observed()) +
           bouncer("a", fmt::format("mode = \"transaction\"\ndefault_pool_size = {}", a)) +
           bouncer("b", fmt::format("mode = \"transaction\"\ndefault_pool_size = {}", b)) +
           service("s", 20, "a", "max = 40") + service("u", 20, "b", "max = 40");
}

std::string aliases(std::string_view mode) {
    return head + database("db.t3.micro", observed()) +
           fmt::format("[[pooler]]\nname = \"a\"\nkind = \"pgbouncer\"\n{}\nmax_client_conn = 9000\n", mode) +
           "[[pooler.database]]\nname = \"x\"\ndatabase = \"db\"\npool_size = 400\n"
           "[[pooler.database]]\nname = \"y\"\ndatabase = \"db\"\npool_size = 300\n" +
           service("s", 20, "a/x", "max = 40") + service("u", 20, "a/y", "max = 40");
}

const Recommendation& advice(const Planned& planned) { return planned.plan.databases[0].recommendation; }

std::string fix(const Planned& planned, std::string_view id) {
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == id) return finding.fix;
    return {};
}

std::vector<std::string> errors(const std::string& text) {
    std::vector<std::string> ids;
    for (const Finding& finding : test::lint(plan_text(text)))
        if (finding.severity == Severity::error) ids.emplace_back(finding.rule->id);
    return ids;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::int64_t size(const Planned& planned, Index pooler) {
    const PoolerSize& size = planned.plan.poolers[pooler].size;
    return size ? size->value : 0;
}

}  // namespace

TEST_CASE("poolers together: both of a server get smaller, the same in the plan, its way out and check") {
    const Planned planned = plan_text(two("400", "300"));
    CHECK(size(planned, 0) == 28);
    CHECK(size(planned, 1) == 20);
    CHECK(planned.plan.databases[0].after.allocated->value == Connections(48));
    CHECK(advice(planned).verdict == Verdict::over);
    REQUIRE_FALSE(advice(planned).ways.empty());
    const WayOut& way = advice(planned).ways[0];
    CHECK(way.kind == WayOut::Kind::pooler_share);
    REQUIRE(way.poolers.size() == 2);
    CHECK(way.poolers[0].count == 28);
    CHECK(way.poolers[1].count == 20);
    CHECK(way.steady == Connections(48));
    CHECK(fix(planned, "PF006") == "default_pool_size = 28 for a and 20 for b  →  48 of 60 (80 %)");
    CHECK(errors(two("28", "20")).empty());
    // None of the two is over alone: PF002 says the same.
    CHECK(fix(plan_text(two("55", "40")), "PF002") == "default_pool_size = 28 for a and 20 for b  →  48 of 60 (80 %)");
    // One is enough where it can be small enough: 48 − 20.
    const Planned one = plan_text(two("55", "20"));
    CHECK(size(one, 0) == 28);
    CHECK(size(one, 1) == 0);
    CHECK(fix(one, "PF002") == "default_pool_size = 28  →  48 of 60 (80 %)");
    // Where either could, it is the larger one, whatever its name.
    const Planned second = plan_text(two("30", "40"));
    CHECK(size(second, 0) == 0);
    CHECK(size(second, 1) == 18);
    const Planned first = plan_text(two("40", "30"));
    CHECK(size(first, 0) == 18);
    CHECK(size(first, 1) == 0);
}

TEST_CASE("poolers together: the aliases of a process, in either mode") {
    const Planned shared = plan_text(aliases("mode = \"transaction\""));
    CHECK(fix(shared, "PF006") == "pool_size = 28 for a/x and 20 for a/y  →  48 of 60 (80 %)");
    const Planned session = plan_text(aliases(""));
    CHECK(size(session, 0) == 28);
    CHECK(size(session, 1) == 20);
    REQUIRE(advice(session).ways[0].kind == WayOut::Kind::pooler_mode);
    CHECK(advice(session).ways[0].poolers.size() == 2);
    CHECK(
        has(fix(session, "PF033"),
            "pool_mode = \"transaction\", pool_size = 28, and for a/y pool_mode = \"transaction\", pool_size = 20  →  "
            "48 of 60 (80 %)"));
    CHECK(has(fix(session, "PF036"), "48 of 60 (80 %)"));
}

TEST_CASE("poolers together: a server side that is asked for more than it can carry is an outage") {
    const std::string load = "max = 10\nworkload = { rate = \"30/s\", hold = \"50 ms\" }";
    const auto with = [&](std::string_view cls, std::string_view keys, std::string_view size) {
        return head + database(cls, keys) +
               bouncer("b", fmt::format("mode = \"transaction\"\ndefault_pool_size = {}", size)) +
               service("s", 4, "b", load);
    };
    // 6 erlangs on 5; 15 is what one pool needs for them.
    const Planned planned = plan_text(with("db.m5.xlarge", "", "5"));
    CHECK(advice(planned).verdict == Verdict::over);
    REQUIRE(advice(planned).outages.size() == 1);
    CHECK(advice(planned).outages[0].kind == Outage::Kind::pooler_load);
    CHECK(advice(planned).outages[0].share.value == doctest::Approx(1.2));
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pooler_share);
    CHECK(advice(planned).ways[0].count == 15);
    CHECK(fix(planned, "PF035") == "default_pool_size = 15  →  15 of 1,658 (0.9 %)");
    CHECK(errors(with("db.m5.xlarge", "", "15")).empty());
    // 7 carry it, with waits that are too long: a warning, and no outage.
    const Planned slow = plan_text(with("db.m5.xlarge", "", "7"));
    CHECK(advice(slow).outages.empty());
    CHECK(errors(with("db.m5.xlarge", "", "7")).empty());
}

TEST_CASE("poolers together: on a server that can't be larger, the size that carries the load comes before the goal") {
    // 12 usable, of which 9 are the policy's: 15 are not to be had, 7 to 9 carry 6 erlangs.
    const auto with = [](std::string_view size) {
        return head +
               "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nprovider = \"self-managed\"\nvcpus = 4\n"
               "memory = \"16 GiB\"\nversion = \"16.4\"\nmax_connections = 15\n" +
               bouncer("b", fmt::format("mode = \"transaction\"\ndefault_pool_size = {}", size)) +
               service("s", 4, "b", "max = 10\nworkload = { rate = \"30/s\", hold = \"50 ms\" }");
    };
    const Planned planned = plan_text(with("5"));
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(size(planned, 0) == 9);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::limit);
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].count == 9);
    CHECK(errors(with("9")).empty());
}

TEST_CASE("poolers together: clients whose use is measured say how many are busy at once") {
    const auto with = [](std::string_view size, std::string_view more) {
        return head + database("db.m5.large", observed("20%", "3 GiB")) +
               bouncer("a", fmt::format("mode = \"transaction\"\ndefault_pool_size = {}", size)) +
               service("s", 20, "a", "max = 10\nin_use = \"1-3\"") + std::string(more);
    };
    // 20 × 1 typical and 20 × 3 at the peak: max(⌈2.5 × 20⌉, 60 + 1).
    const Planned planned = plan_text(with("200", ""));
    CHECK(size(planned, 0) == 61);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::use);
    CHECK(size(plan_text(with("61", "")), 0) == 0);
    // They queue at the peak, if their peaks come together: the same size, from below.
    CHECK(size(plan_text(with("30", "")), 0) == 61);
    CHECK(size(plan_text(with("60", "")), 0) == 0);
    // A client of which nothing is known may need all.
    CHECK(size(plan_text(with("200", service("u", 2, "a", "max = 10"))), 0) == 0);
    // One with a workload adds what its load needs: 7 for 1.5 erlangs.
    const Planned mixed =
        plan_text(with("200", service("u", 1, "a", "max = 20\nworkload = { rate = \"30/s\", hold = \"50 ms\" }")));
    CHECK(size(mixed, 0) == 61 + 7);
}

TEST_CASE("poolers together: a share of max_connections does not grow with the class where nothing asks for it") {
    const std::string text = head + database("db.t3.micro", observed("85%")) +
                             "[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\ndatabase = \"db\"\n"
                             "max_connections_percent = \"95%\"\n" +
                             service("s", 60, "px", "max = 80");
    const Planned planned = plan_text(text);
    CHECK(advice(planned).cls->name == "db.t3.xlarge");
    CHECK(planned.plan.databases[0].demand.allocated->value == Connections(65));  // 95 % of 69
    // 4 % of 1,685 are 67, but AWS advises no less than 20 %: 337.
    CHECK(size(planned, 0) == 20);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::kept);
    CHECK(planned.plan.databases[0].after.allocated->value == Connections(337));
    CHECK(planned.plan.poolers[0].after.server.value == Connections(337));
    // It is set with the class, never before: 20 % of today's 69 are 13.
    const auto answer = test::answer(text);
    REQUIRE(answer);
    for (const Action& action : answer->phases)
        for (const Step& step : action.steps)
            if (step.kind == Step::Kind::smaller_pooler) CHECK(action.kind == Action::Kind::instance);
    CHECK(std::ranges::any_of(answer->phases, [](const Action& action) {
        return action.kind == Action::Kind::instance &&
               std::ranges::find(action.steps, Step::Kind::smaller_pooler, &Step::kind) != action.steps.end();
    }));
    CHECK(errors(test::typed_in(*answer)).empty());
}
