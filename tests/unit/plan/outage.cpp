// A hard limit that is exceeded all day: the verdict, what ends it, and that plan, check, strategies and phases say the
// same. Inventories after public reports; values by hand.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/fit.hpp>
#include <poolfit/report/report.hpp>

#include "../../support/fleet.hpp"
#include "../../support/inventories.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

/// Two pools a worker, autoscaling to three pods, a fourth in a rollout: 108, then 144, of 97.
std::string two_pools(int first, int second) {
    return fmt::format(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "uat"
engine = "postgresql"
version = "15.7"
class = "db.t3.medium"
max_connections = 100
reserved_connections = 3
[[service]]
name = "api"
runtime = "event-loop"
instances = {{ min = 1, max = 3 }}
processes = 2
deploy = "rolling"
max_surge = 1
[[service.pool]]
name = "asyncpg"
database = "uat"
driver = "asyncpg"
max = {}
[[service.pool]]
name = "sqlalchemy"
database = "uat"
driver = "sqlalchemy"
max = {}
)",
                       first, second);
}

/// A rollout doubles four pods: 80 of 76 with the driver's default of ten.
std::string doubled(std::string_view pool) {
    return fmt::format(R"(schema = "poolfit-inventory/1"
region = "eu-west-2"
[policy]
allow_arm = true
[[database]]
name = "cells"
engine = "postgresql"
version = "16.8"
class = "db.t4g.micro"
max_connections = 85
[database.observed]
cpu_mean = "4%"
cpu_peak = "20%"
freeable_memory = "250 MiB"
window = "14 d"
[[service]]
name = "api"
runtime = "threads"
instances = 4
deploy = "rolling"
max_surge = "100%"
[[service.pool]]
name = "main"
database = "cells"
driver = "hikaricp"
{})",
                       pool);
}

/// Twelve pods of three workers with five busy connections each, and four of twenty: 260 of 195, 325 in a deploy.
std::string busy_workers(std::string_view max_connections = "max_connections = 200", std::string_view features = "") {
    return fmt::format(R"(schema = "poolfit-inventory/1"
region = "eu-west-1"
[[database]]
name = "main"
engine = "postgresql"
version = "14.10"
class = "db.r5.large"
multi_az = true
{0}
[[service]]
name = "web"
instances = {{ min = 4, max = 12 }}
processes = 3
deploy = "rolling"
[[service.pool]]
name = "main"
database = "main"
max = 5
in_use = "2-4"
{1}
[[service]]
name = "jobs"
instances = 4
deploy = "rolling"
[[service.pool]]
name = "main"
database = "main"
max = 20
in_use = "8-19"
{1}
)",
                       max_connections, features);
}

std::vector<std::string> errors(const Planned& planned) {
    std::vector<std::string> ids;
    for (const Finding& finding : test::lint(planned))
        if (finding.severity == Severity::error) ids.emplace_back(finding.rule->id);
    return ids;
}

std::string fix(const Planned& planned, std::string_view rule) {
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == rule) return finding.fix;
    return "";
}

const Recommendation& advice(const Planned& planned) { return planned.plan.databases[0].recommendation; }
Connections size(const Planned& planned, std::size_t pool) { return planned.plan.pools[pool].advice.size->value; }

const Strategy* recommended(const std::vector<Strategy>& all) {
    const auto at = std::ranges::find_if(all, &Strategy::recommended);
    return at == all.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("outage: over in the steady state, the sizes that fit end it, and check says the same") {
    const Planned planned = plan_text(two_pools(12, 6));
    const DatabasePlan& plan = planned.plan.databases[0];
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(advice(planned).cls == planned.fleet.databases[0].type);
    REQUIRE(advice(planned).outages.size() == 1);
    CHECK(advice(planned).outages[0].needs == Connections(108));
    CHECK(advice(planned).outages[0].usable == Connections(97));
    // 92 in a deploy: 8 × (5 + 6) = 88.
    CHECK(size(planned, 0) == Connections(5));
    CHECK(size(planned, 1) == Connections(6));
    CHECK(planned.plan.pools[0].advice.basis == Basis::limit);
    CHECK(planned.plan.pools[0].advice.forced_from == Basis::declared);
    CHECK(planned.plan.pools[0].advice.unforced == Connections(12));
    CHECK(plan.after.allocated->value == Connections(66));
    CHECK(plan.after.deploy_peak->value == Connections(88));
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pools);
    CHECK(fix(planned, "PF017") ==
          "api.asyncpg: max = 5  →  66 of 97 (68 %); or at most 1 instance of api  →  36 of 97 (37 %)");

    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    REQUIRE(recommended(strategies) != nullptr);
    CHECK(recommended(strategies)->name == "conservative");
    CHECK(recommended(strategies)->after->value == Connections(66));
    const auto phases = plan::phases(planned.fleet, planned.plan, strategies);
    REQUIRE_FALSE(phases.empty());
    CHECK(phases[0].kind == Action::Kind::pools);

    const Planned applied = plan_text(two_pools(5, 6));
    CHECK(errors(applied).empty());
    CHECK(advice(applied).outages.empty());
    CHECK(size(applied, 0) == Connections(5));
    CHECK(size(applied, 1) == Connections(6));
}

TEST_CASE("outage: a deploy that is over is none, and smaller pools come before a class") {
    const Planned planned = plan_text(doubled(""));
    CHECK(advice(planned).verdict == Verdict::repool);
    CHECK(advice(planned).cls->name == "db.t4g.micro");
    CHECK(advice(planned).outages.empty());
    CHECK(size(planned, 0) == Connections(9));
    CHECK(planned.plan.databases[0].after.allocated->value == Connections(36));
    CHECK(planned.plan.databases[0].after.deploy_peak->value == Connections(72));
    CHECK(fix(planned, "PF001") == "max = 9  →  72 of 76 (95 %)");
    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    CHECK(recommended(strategies)->name == "conservative");
    const Planned applied = plan_text(doubled("max = 9\n"));
    CHECK(errors(applied).empty());
    CHECK(plan::name(advice(applied).verdict) == "keep");
    // One that was seen to need all ten stays, and the class has to carry it.
    const Planned needed = plan_text(doubled("in_use = \"4-9\"\n"));
    CHECK(size(needed, 0) == Connections(10));
    CHECK(advice(needed).verdict == Verdict::upsize);
}

TEST_CASE("outage: a limit that is set by hand is raised before a class is bought") {
    const Planned planned = plan_text(busy_workers());
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(size(planned, 0) == Connections(5));
    CHECK(size(planned, 1) == Connections(20));
    // 260 / 85 % = 305.9, 306 / 80 % = 382.5; 325 / 85 % = 382.4, 383 / 95 % = 403.2: 404, and 5 reserved.
    CHECK(advice(planned).max_connections == Connections(409));
    CHECK(advice(planned).cls->name == "db.r5.large");
    const std::vector<WayOut>& ways = advice(planned).ways;
    REQUIRE(ways.size() == 2);
    CHECK(ways[0].kind == WayOut::Kind::limit);
    CHECK(ways[0].from == Connections(200));
    CHECK(ways[0].to == Connections(409));
    CHECK(ways[0].most == Connections(1'685));
    // At most 4 pods: 4 × 15 + 80 = 140; a deploy of 5 and 5: 75 + 100 = 175 of 185.
    CHECK(ways[1].kind == WayOut::Kind::instances);
    CHECK(ways[1].count == 4);
    CHECK(ways[1].steady == Connections(140));
    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    const auto phases = plan::phases(planned.fleet, planned.plan, strategies);
    REQUIRE_FALSE(phases.empty());
    CHECK(phases[0].kind == Action::Kind::limit);
    CHECK(fix(planned, "PF017").starts_with("max_connections = 409 instead of 200"));
    const Planned applied = plan_text(busy_workers("max_connections = 409"));
    CHECK(errors(applied).empty());
    CHECK(advice(applied).outages.empty());
    CHECK(errors(plan_text(busy_workers("max_connections = 264"))) == std::vector<std::string>{"PF017"});
    CHECK(errors(plan_text(busy_workers("max_connections = 409"), {"service.web.instances=4"})).empty());
    CHECK(errors(plan_text(busy_workers("max_connections = 200"), {"service.web.instances=4"})).empty());
}

TEST_CASE("outage: a smaller pooler comes before a class, in the words of check") {
    // RDS Proxy may open 90 % of 69, and 60 are usable; 69 % leave the policy's 80 %.
    const auto with_cpu = [](std::string_view peak) {
        return plan_text(fmt::format(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "db"
engine = "postgresql"
class = "db.t3.micro"
[database.observed]
cpu_peak = "{}"
cpu_mean = "1%"
freeable_memory = "300 MiB"
[[service]]
name = "s"
instances = 50
deploy = "recreate"
[[service.pool]]
name = "p"
database = "px"
max = 100
[[pooler]]
name = "px"
kind = "rds-proxy"
database = "db"
max_connections_percent = "90%"
)",
                                     peak));
    };
    const Planned planned = with_cpu("5%");
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(advice(planned).cls->name == "db.t3.micro");
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pooler_share);
    CHECK(advice(planned).ways[0].count == 69);
    CHECK(advice(planned).ways[0].steady == Connections(47));
    CHECK(fix(planned, "PF006") == "max_connections_percent = \"69%\"  →  47 of 60 (78 %)");
    // The same share is in the plan: 47 of the 60 are 78 %.
    REQUIRE(planned.plan.poolers[0].size);
    CHECK(planned.plan.poolers[0].size->value == 69);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::limit);
    CHECK(planned.plan.databases[0].after.allocated->value == Connections(47));
    // A CPU that is over its limit, too, takes another class as well, with the least share that keeps today's 62: 4 %
    // of 1,685, the low end of what db.t3.xlarge gives, would, but AWS advises 20 %: 337.
    const Planned busy = with_cpu("90%");
    CHECK(advice(busy).cls->name == "db.t3.xlarge");
    CHECK(advice(busy).ways[0].kind == WayOut::Kind::cls);
    REQUIRE(busy.plan.poolers[0].size);
    CHECK(busy.plan.poolers[0].size->value == 20);
    CHECK(busy.plan.poolers[0].basis == PoolerPlan::Basis::kept);
    CHECK(busy.plan.databases[0].after.allocated->value == Connections(337));
}

TEST_CASE("outage: the most instances that fit, to the connection") {
    // 100 usable, of which the policy allows 80; all of a pool's connections were seen busy.
    const auto most = [](int max, int others) {
        const Planned planned = plan_text(
            test::one_database("db.m5.large", "max_connections = 105\nreserved_connections = 5\n",
                               test::one_pool("a", fmt::format("max = {}\nin_use = \"{}\"", max, max - 1),
                                              "instances = { min = 1, max = 40 }") +
                                   test::one_pool("b", fmt::format("max = {}\nin_use = \"{}\"", others, others - 1))));
        for (const WayOut& way : advice(planned).ways) {
            if (way.kind != WayOut::Kind::instances) continue;
            CHECK(way.service == 0);
            CHECK(way.steady == Connections(way.count * max + others));
            return way.count;
        }
        return std::int64_t{0};
    };
    CHECK(most(15, 5) == 5);   // 75 and 5: just inside
    CHECK(most(15, 6) == 4);   // 75 and 6: one over
    CHECK(most(15, 50) == 2);  // 30 and 50
    CHECK(most(15, 51) == 1);
    CHECK(most(15, 65) == 1);
    CHECK(most(15, 66) == 0);  // not even one
}

TEST_CASE("outage: a class where neither sizes nor a limit are enough, and the first phase is that class") {
    // 10 pods of 30 busy connections, on a class that gives fewer than 200.
    const Planned planned = plan_text(test::one_database(
        "db.t3.small", "[database.observed]\ncpu_mean = \"4%\"\ncpu_peak = \"12%\"\nfreeable_memory = \"1 GiB\"\n",
        test::one_pool("a", "max = 30\nin_use = \"12-29\"", "instances = 10")));
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(advice(planned).cls != planned.fleet.databases[0].type);
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::cls);
    CHECK_FALSE(planned.plan.databases[0].chosen.checks.any_over());
    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    const auto phases = plan::phases(planned.fleet, planned.plan, strategies);
    REQUIRE_FALSE(phases.empty());
    CHECK(phases[0].kind == Action::Kind::instance);
}

TEST_CASE("outage: a pool that is asked for more than it can carry") {
    const auto with = [](int max) {
        return plan_text(test::one_database(
            "db.m5.large", "",
            test::one_pool("a",
                           fmt::format("max = {}\n[service.pool.workload]\nrate = \"60/s\"\nhold = \"100 ms\"", max))));
    };
    const Planned planned = with(5);  // 6 erlangs
    CHECK(advice(planned).verdict == Verdict::over);
    REQUIRE(advice(planned).outages.size() == 1);
    CHECK(advice(planned).outages[0].kind == Outage::Kind::pool_load);
    CHECK(advice(planned).outages[0].share.value == doctest::Approx(1.2));
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pools);
    CHECK(errors(planned) == std::vector<std::string>{"PF010"});
    CHECK(errors(with(7)).empty());  // waits, but carries it
    CHECK(advice(with(7)).outages.empty());
    const Planned applied = with(static_cast<int>(size(planned, 0).value));
    CHECK(errors(applied).empty());
    CHECK(advice(applied).outages.empty());
}

TEST_CASE("outage: no strategy is recommended where none fits") {
    // Session state keeps pools direct, and a server of one's own has no other class.
    const Planned planned = plan_text(R"(schema = "poolfit-inventory/1"
[[database]]
name = "own"
engine = "postgresql"
version = "16.8"
provider = "self-managed"
vcpus = 4
memory = "16 GiB"
max_connections = 103
[[service]]
name = "a"
instances = 12
deploy = "recreate"
[[service.pool]]
name = "p"
database = "own"
max = 10
in_use = "4-9"
features = ["session"]
)");
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(advice(planned).ways.empty());
    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    CHECK(recommended(strategies) == nullptr);
    for (const Strategy& strategy : strategies)
        if (strategy.applicable) CHECK(strategy.why.kind == Why::Kind::does_not_fit);
}

TEST_CASE("outage: a rule of thumb is reported as such, and is not a reason") {
    const Planned planned = plan_text(doubled(""));
    const auto all = plan::strategies(planned.fleet, planned.plan, {});
    CHECK(std::ranges::find(all, "pooler", &Strategy::name)->unmeasured);
    const Planned measured = plan_text(busy_workers());
    const auto known = plan::strategies(measured.fleet, measured.plan, {});
    CHECK_FALSE(std::ranges::find(known, "pooler", &Strategy::name)->unmeasured);
}

TEST_CASE("fit: several pools, and none of them can be larger") {
    // 2 × 8 and 1 × 44 on 21: a quarter of each is 2 and 11; the second can have 17.
    const auto pool = [](std::int64_t now, std::int64_t each) {
        plan::FitPool result;
        result.least = std::max<std::int64_t>(2, (now + 3) / 4);
        result.from = result.most = now;
        result.steady = result.deploy = each;
        return result;
    };
    std::vector<plan::FitPool> pools{pool(44, 1), pool(8, 2)};
    const auto limit = [](std::int64_t room) { return std::vector<plan::FitLimit>{{room, {1, 2}}}; };
    REQUIRE(plan::fit(pools, limit(60)));
    CHECK(pools[0].size == 44);
    CHECK(pools[1].size == 8);
    REQUIRE(plan::fit(pools, limit(30)));  // the first alone: 30 − 16
    CHECK(pools[0].size == 14);
    CHECK(pools[1].size == 8);
    REQUIRE(plan::fit(pools, limit(21)));
    CHECK(pools[0].size + 2 * pools[1].size == 21);
    CHECK(pools[0].size >= 11);
    CHECK_FALSE(plan::fit(pools, limit(14)));
    REQUIRE(plan::fit(pools, limit(15)));
    CHECK(pools[0].size == 11);
    CHECK(pools[1].size == 2);
}

TEST_CASE("a size that is recommended passes the rules that judge sizes, and the next plan keeps it") {
    const auto waiting = [](int max) {
        return plan_text(fmt::format(
            "{}class = \"db.m5.large\"\n[policy]\nwait = \"100 ms\"\nwait_probability = \"5%\"\n[[service]]\nname = "
            "\"s\"\n[[service.pool]]\nname = \"w\"\ndatabase = \"main\"\nmax = {}\n[service.pool.workload]\nrate = "
            "\"40/s\"\nhold = \"100 ms\"\nacquire_timeout = \"100 ms\"\n",
            test::main_database, max));
    };
    const Planned first = waiting(12);
    const auto wanted = static_cast<int>(size(first, 0).value);
    CHECK(wanted == 7);  // 6 meet the goal, with a p99 wait of 167 ms
    const Planned applied = waiting(wanted);
    for (const Finding& finding : test::lint(applied)) CHECK(finding.severity == Severity::info);
    CHECK(size(applied, 0) == Connections(wanted));

    const auto shared = [](std::string_view max) {
        return plan_text(
            fmt::format("{}class = \"db.m5.large\"\n[[service]]\nname = \"s\"\nprocesses = 5\n"
                        "[[service.pool]]\nname = \"w\"\ndatabase = \"main\"\nmax = {}\nin_use = \"3-4\"\n",
                        test::main_database, max));
    };
    // The formula gives 4 and its peak is 4: a number in its place is what the use asks for, max(⌈2.5 × 3⌉, 5).
    CHECK(size(shared("\"ceil(20 / PROCESSES)\""), 0) == Connections(8));
    CHECK(size(shared("8"), 0) == Connections(8));
    CHECK(size(shared("\"ceil(25 / PROCESSES)\""), 0) == Connections(5));
}

TEST_CASE("an overloaded pool grows: smaller poolers beside today's pools are no way out of that") {
    // 5.48 erlangs on 2 connections in each process; the replica's readers leave the primary no room after a failover.
    const Planned planned = plan_text(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "db"
engine = "postgresql"
class = "db.m5.large"
max_connections = 30
[[database]]
name = "copy"
replica_of = "db"
[[pooler]]
name = "bouncer"
kind = "pgbouncer"
database = "db"
[[service]]
name = "api"
instances = 2
[[service.pool]]
name = "main"
database = "bouncer"
max = 2
[service.pool.workload]
rate = "189/s"
hold = "29 ms"
[[service]]
name = "reads"
instances = { min = 2, max = 16 }
[[service.pool]]
name = "main"
database = "copy"
max = 5
)");
    CHECK(planned.plan.databases[0].recommendation.verdict == Verdict::over);
    CHECK(planned.plan.databases[0].recommendation.summary.kind != Summary::Kind::smaller_pooler);
    REQUIRE(planned.plan.pools[0].recommended());
    CHECK(planned.plan.pools[0].recommended()->value == Connections(14));
    REQUIRE_FALSE(planned.plan.databases[0].recommendation.ways.empty());
    CHECK(planned.plan.databases[0].recommendation.ways.front().with_sizes);
}
