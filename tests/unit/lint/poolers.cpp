// Poolers as they are: what a session holds, what a server side carries, whose keys a fix names.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

const std::string head = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";

std::vector<Finding> of_rule(const test::Planned& planned, std::string_view id) {
    auto findings = test::lint(planned);
    std::erase_if(findings, [&](const Finding& finding) { return finding.rule->id != id; });
    return findings;
}

std::string note(const Finding& finding, std::string_view name) {
    for (const auto& [key, text] : finding.notes)
        if (key == name) return text.before;
    return {};
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// Workers behind six poolers of one database with 5,000 slots.
std::string workers(std::string_view pooler) {
    return fmt::format(
        "{}[[database]]\nname = \"jobs\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.r7g.2xlarge\"\n"
        "max_connections = 5000\n[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\ndatabase = \"jobs\"\n"
        "instances = 6\nmax_client_conn = 1500\n{}\n[[service]]\nname = \"w\"\ninstances = 178\n"
        "deploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"front\"\nmax = 50\n",
        head, pooler);
}

std::string loaded(std::string_view pooler, std::string_view services) {
    return fmt::format(
        "{}[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.xlarge\"\n[[pooler]]\n"
        "name = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\nmax_client_conn = 9000\n{}\n{}",
        head, pooler, services);
}

std::string service(std::string_view name, int instances, std::string_view target, std::string_view workload) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"{}\"\nmax = 10\n{}\n",
        name, instances, target, workload);
}

}  // namespace

TEST_CASE("poolers: session mode is told instead of a cap, which moves the queue, and transaction mode mends it") {
    const auto planned = test::plan_text(workers("default_pool_size = 1400\nreserve_pool_size = 100"));
    const auto findings = of_rule(planned, "PF033");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::error);
    CHECK(holds(findings[0].message, "8,900 clients"));
    CHECK(holds(findings[0].message, "4,995 are usable"));
    // 4,995 × 80 % ÷ 6 = 666.
    CHECK(holds(note(findings[0], "a cap"), "default_pool_size = 566 and 100 in reserve, 666 each for 6 processes"));
    CHECK(holds(note(findings[0], "a cap"), "4,904 clients wait"));
    CHECK(holds(findings[0].fix, "mode = \"transaction\", default_pool_size = 566  →  3,996 of 4,995 (80 %)"));
    CHECK(of_rule(planned, "PF006").empty());
    // The cap alone: the server fits, and the queue at the pooler is an error of its own.
    const auto capped = test::plan_text(workers("default_pool_size = 566\nreserve_pool_size = 100"));
    CHECK(of_rule(capped, "PF033").empty());
    const auto queue = of_rule(capped, "PF036");
    REQUIRE(queue.size() == 1);
    CHECK(queue[0].severity == Severity::error);
    CHECK(holds(queue[0].message, "8,900 clients"));
    // What the fix says ends both.
    const auto fixed =
        test::plan_text(workers("mode = \"transaction\"\ndefault_pool_size = 566\nreserve_pool_size = 100"));
    for (const std::string_view id : {"PF033", "PF036", "PF006", "PF002", "PF003"}) {
        CAPTURE(id);
        CHECK(of_rule(fixed, id).empty());
    }
}

TEST_CASE("poolers: a session pooler that has a connection for each client is fine, and its spare ones are waste") {
    const std::string text = fmt::format(
        "{}[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n[[pooler]]\nname = \"b\"\n"
        "kind = \"pgbouncer\"\ndatabase = \"db\"\ndefault_pool_size = 40\n{}",
        head, service("s", 4, "b", "in_use = \"1-2\""));
    const auto planned = test::plan_text(text);
    CHECK(of_rule(planned, "PF033").empty());
    CHECK(of_rule(planned, "PF036").empty());
    REQUIRE(planned.plan.databases[0].budget.waste.has_value());
    CHECK(planned.plan.databases[0].budget.waste->value.high == Connections(36));
}

TEST_CASE("poolers: the server side is a pool: 6 erlangs on 5 are an error in check, and the plan has the size") {
    const std::string four = service("s", 4, "b", "workload = { rate = \"30/s\", hold = \"50 ms\" }");
    const auto planned = test::plan_text(loaded("default_pool_size = 5", four));
    const auto findings = of_rule(planned, "PF035");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::error);
    // What `poolfit pool --rate 120/s --hold 50ms` answers.
    sizing::Load load;
    load.rate = PerSecond(120);
    load.hold = sizing::MeanHold{Millis(50), 1, {}};
    sizing::Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    const auto answer = std::get<sizing::Figures>(sizing::smallest(load, question));
    REQUIRE(planned.plan.poolers[0].size.has_value());
    CHECK(planned.plan.poolers[0].size->value == answer.size.value);
    CHECK(planned.plan.poolers[0].after.server.value == answer.size);
    CHECK(planned.plan.databases[0].after.allocated->value == answer.size);
    const auto fixed = test::plan_text(loaded(fmt::format("default_pool_size = {}", answer.size.value), four));
    CHECK(of_rule(fixed, "PF035").empty());
    CHECK_FALSE(fixed.plan.poolers[0].size.has_value());
    // One less misses the goal, which is a warning.
    const auto less =
        of_rule(test::plan_text(loaded(fmt::format("default_pool_size = {}", answer.size.value - 1), four)), "PF035");
    REQUIRE(less.size() == 1);
    CHECK(less[0].severity == Severity::warning);
}

TEST_CASE("poolers: each pair and each process has a pool of its own, and a pair needs one connection") {
    const std::string four = service("s", 4, "b", "workload = { rate = \"30/s\", hold = \"50 ms\" }");
    // 6 erlangs over four pools of 2 are 75 %: stable, and too many wait.
    const auto spread = test::plan_text(loaded("default_pool_size = 2\npairs = 2\ninstances = 2", four));
    REQUIRE(spread.plan.poolers[0].load.has_value());
    CHECK(spread.plan.poolers[0].load->pools == 4);
    CHECK(spread.plan.poolers[0].load->offered.value == doctest::Approx(1.5));
    // The stop leaves less than the pool size.
    const auto stopped = test::plan_text(loaded("pairs = 2\nmax_db_connections = 6", four));
    CHECK(stopped.plan.poolers[0].load->size == Connections(3));
    const auto none = of_rule(test::plan_text(loaded("pairs = 8\nmax_db_connections = 6", four)), "PF035");
    REQUIRE(none.size() == 1);
    CHECK(none[0].severity == Severity::error);
    CHECK(holds(none[0].message, "8 pairs of database and user share 6 connections"));
}

TEST_CASE("poolers: fixes name the key of the pooler that is there, with a value that is recomputed") {
    const auto proxied = [](std::string_view share) {
        return test::plan_text(fmt::format(
            "{}[[database]]\nname = \"maps\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.r5.large\"\n"
            "[[pooler]]\nname = \"proxy\"\nkind = \"rds-proxy\"\ndatabase = \"maps\"\nmax_connections_percent = "
            "\"{}\"\n[[service]]\nname = \"draw\"\nruntime = \"serverless\"\ninstances = 1000\ndeploy = "
            "\"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"proxy\"\nmax = 1\nworkload = {{ rate = "
            "\"2.28/min\", hold = \"100 ms\", cpu = \"60 ms\" }}\n",
            head, share));
    };
    const auto findings = of_rule(proxied("100%"), "PF029");
    REQUIRE(findings.size() == 1);
    // 1 % of 1,685 is 16.
    CHECK(holds(findings[0].fix, "max_connections_percent = \"1%\"  →  16 connections instead of 1,000"));
    CHECK(proxied("1%").plan.poolers[0].now.server.value == Connections(16));

    // Not full, but past its knee now and then: PgBouncer's key, which ends the finding.
    const std::string busy = service("s", 4, "b", "workload = { rate = \"60/s\", hold = \"20 ms\", cpu = \"12 ms\" }");
    const auto knee = of_rule(test::plan_text(loaded("default_pool_size = 40", busy)), "PF032");
    REQUIRE(knee.size() == 1);
    CHECK(holds(knee[0].fix, "default_pool_size = 7  →  7 connections instead of 40"));
    CHECK(of_rule(test::plan_text(loaded("default_pool_size = 7", busy)), "PF032").empty());
}

TEST_CASE("poolers: the share of RDS Proxy follows the max_connections of the class that is looked at") {
    const auto planned = test::plan_text(fmt::format(
        "{}[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.t3.micro\"\n[database.observed]\n"
        "cpu_peak = \"5%\"\ncpu_mean = \"1%\"\nfreeable_memory = \"300 MiB\"\n[[pooler]]\nname = \"px\"\n"
        "kind = \"rds-proxy\"\ndatabase = \"db\"\nmax_connections_percent = \"90%\"\n{}",
        head, service("s", 500, "px", "")));
    const DatabasePlan& plan = planned.plan.databases[0];
    CHECK(plan.demand.allocated->value == Connections(62));  // 90 % of 69
    // 90 % of max_connections are over 80 % of what is usable on every class: 69 % are not, there or on a larger one.
    REQUIRE(planned.plan.poolers[0].size);
    CHECK(planned.plan.poolers[0].size->value == 69);
    CHECK(plan.recommendation.cls->name == "db.t3.micro");
    CHECK(plan.after.allocated->value == Connections(47));  // 69 % of 69: 80 % of 60 usable are 48
    const Projection small = planned.on(0, "db.t3.small");
    CHECK(small.find(Dimension::connections_steady)->value->high == 62);  // 35 % of 178, the least with today's 62
}

TEST_CASE("poolers: nested checkouts with open arrivals are never safe, and the finding says how long they last") {
    const auto at = [](int size) {
        return test::plan_text(fmt::format(
            "{}[[database]]\nname = \"hosts\"\nengine = \"postgresql\"\nversion = \"15.7\"\nclass = "
            "\"db.r6g.2xlarge\"\nmax_connections = 2000\n[[service]]\nname = \"s\"\nruntime = \"event-loop\"\n"
            "[[service.pool]]\nname = \"w\"\ndatabase = \"hosts\"\nmax = {}\nworkload = {{ rate = \"400/s\", hold = "
            "\"20 ms\", nested = 1 }}\n",
            head, size));
    };
    for (const int size : {30, 39, 40, 400}) {
        CAPTURE(size);
        const auto planned = at(size);
        const auto findings = of_rule(planned, "PF011");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].severity == Severity::error);
        CHECK(holds(findings[0].message, "no size is safe"));
        CHECK(holds(findings[0].fix, "one connection a transaction"));
        CHECK_FALSE(holds(findings[0].fix, "max ="));
        // It is not made smaller.
        CHECK(planned.plan.pools[0].advice.size->value.value >= size);
        CHECK(planned.plan.pools[0].load->hangs_now->stall.value == doctest::Approx(size / 0.4));
    }
    CHECK(holds(of_rule(at(39), "PF011")[0].label.before, "98 ms"));
    CHECK(holds(of_rule(at(39), "PF011")[0].message, "minutes on average"));
    CHECK(at(40).plan.pools[0].load->hangs_now->time.seconds > at(39).plan.pools[0].load->hangs_now->time.seconds);
}
