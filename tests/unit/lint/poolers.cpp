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

/// A database `db` with 1,667 slots, and what is in front of it.
std::string postgresql(std::string_view rest) {
    return fmt::format("{}[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.xlarge\"\n{}", head,
                       rest);
}

/// A service `a` with one pool of 5.
std::string pool_of_5(std::string_view target, std::string_view keys) {
    return fmt::format("[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"{}\"\nmax = 5\n{}\n",
                       target, keys);
}

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
    return postgresql(
        fmt::format("[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
                    "max_client_conn = 9000\n{}\n{}",
                    pooler, services));
}

std::string service(std::string_view name, int instances, std::string_view target, std::string_view workload) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"{}\"\nmax = 10\n{}\n",
        name, instances, target, workload);
}

}  // namespace

TEST_CASE("poolers: session mode is reported instead of a cap, which moves the queue, and transaction mode fixes it") {
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
    // Four users in each of four instances, each transaction with two connections: 17 or it locks up.
    const std::string nests = service("s", 4, "b",
                                      "workload = { users = 4, think = \"60 ms\", hold = \"20 ms\", cpu = \"12 ms\", "
                                      "nested = 1 }");
    const auto more = of_rule(test::plan_text(loaded("default_pool_size = 40", nests)), "PF032");
    REQUIRE(more.size() == 1);
    CHECK(holds(more[0].fix, "the load needs at least 17 connections"));
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
        CHECK(holds(findings[0].fix, "use one connection per transaction"));
        CHECK_FALSE(holds(findings[0].fix, "max ="));
        // It is not made smaller.
        CHECK(planned.plan.pools[0].advice.size->value.value >= size);
        CHECK(planned.plan.pools[0].load->hangs_now->stall.value == doctest::Approx(size / 0.4));
    }
    CHECK(holds(of_rule(at(39), "PF011")[0].label.before, "98 ms"));
    CHECK(holds(of_rule(at(39), "PF011")[0].message, "minutes on average"));
    CHECK(at(40).plan.pools[0].load->hangs_now->time.seconds > at(39).plan.pools[0].load->hangs_now->time.seconds);
}

TEST_CASE("poolers: in session mode a deploy's clients count, and a pooler that stays so is large enough for them") {
    const auto with = [](int size, int main, int bus) {
        return test::plan_text(fmt::format(
            "{}[[database]]\nname = \"core\"\nengine = \"postgresql\"\nversion = \"15.7\"\nclass = "
            "\"db.r5.large\"\nmax_connections = 400\nother_connections = 8\n[[pooler]]\nname = \"pgb\"\nkind = "
            "\"pgbouncer\"\ndatabase = \"core\"\ninstances = 2\nmax_client_conn = 400\ndefault_pool_size = {}\n"
            "[[service]]\nname = \"api\"\ninstances = 12\n[[service.pool]]\nname = \"main\"\ndatabase = \"pgb\"\n"
            "max = {}\nin_use = \"2-6\"\n[[service]]\nname = \"listener\"\ninstances = 2\n[[service.pool]]\n"
            "name = \"bus\"\ndatabase = \"pgb\"\nmax = {}\nin_use = \"1-2\"\nfeatures = [\"listen\"]\n",
            head, size, main, bus));
    };
    // 15 × 7 + 3 × 3 in a rolling deploy, 90 otherwise.
    const auto planned = with(50, 7, 3);
    const auto findings = of_rule(planned, "PF036");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::warning);
    CHECK(holds(findings[0].message, "in a deploy, 114 clients"));
    CHECK(holds(findings[0].fix, "default_pool_size = 57  →  122 of 395 (31 %) in a deploy"));
    REQUIRE(planned.plan.poolers[0].size);
    CHECK(planned.plan.poolers[0].size->value == 57);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::clients);
    const Node& derived = planned.node("pooler.pgb.size_for_load");
    CHECK(derived.model == Model::each_client);
    CHECK(derived.value.high == 57);
    CHECK(of_rule(with(57, 7, 3), "PF036").empty());
    // Today's sizes: an error, and the same size in the plan.
    REQUIRE(of_rule(with(50, 20, 5), "PF036").size() == 1);
    CHECK(of_rule(with(50, 20, 5), "PF036")[0].severity == Severity::error);
    CHECK(with(50, 20, 5).plan.poolers[0].size->value == 57);
}

TEST_CASE("poolers: several in session mode share the room that their server has for a deploy") {
    // 145 usable, 95 % of which are 137: 40 more are all that fits beside 80.
    const auto with = [](int sizes, std::string_view first, std::string_view second) {
        std::string text = fmt::format(
            "{}[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
            "max_connections = 150\nreserved_connections = 5\n",
            head);
        for (const std::string_view name : {first, second})
            text += fmt::format(
                "[[pooler]]\nname = \"{0}\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmax_client_conn = 400\n"
                "default_pool_size = {1}\n[[service]]\nname = \"s-{0}\"\ninstances = {2}\ndeploy = \"blue-green\"\n"
                "[[service.pool]]\nname = \"p\"\ndatabase = \"{0}\"\nmax = 10\nin_use = \"2-9\"\n"
                "features = [\"listen\"]\n",
                name, sizes, sizes / 10);
        return test::plan_text(text);
    };
    for (const auto& planned : {with(40, "a", "b"), with(40, "b", "a")})
        for (Index i = 0; i < 2; ++i) {
            const bool first = *planned.fleet.poolers[i].name == "a";
            CAPTURE(i);
            REQUIRE(planned.plan.poolers[i].size.has_value() == first);
            if (first) CHECK(planned.plan.poolers[i].size->value == 80);
        }
    const auto both = with(30, "a", "b");  // 120
    for (Index i = 0; i < 2; ++i) {
        REQUIRE(both.plan.poolers[i].size);
        CHECK(both.plan.poolers[i].size->value == 60);
        CHECK(both.plan.poolers[i].basis == PoolerPlan::Basis::clients);
    }
}

TEST_CASE("poolers: session mode stays where smaller client pools are enough, and another mode is named after") {
    const auto planned = test::plan_text(fmt::format(
        "{}[[database]]\nname = \"m\"\nengine = \"postgresql\"\nversion = \"16.3\"\nprovider = \"self-managed\"\n"
        "vcpus = 16\nmemory = \"64 GiB\"\nmax_connections = 300\n[[pooler]]\nname = \"pr\"\nkind = \"pgbouncer\"\n"
        "database = \"m\"\nmode = \"session\"\ndefault_pool_size = 200\nmax_client_conn = 1000\n[[service]]\n"
        "name = \"w\"\nruntime = \"threads\"\nthreads = 64\ninstances = {{ min = 2, max = 6 }}\n[[service.pool]]\n"
        "name = \"ro\"\ndatabase = \"pr\"\ndriver = \"hikaricp\"\nmax = 50\nin_use = \"5-25\"\n",
        head));
    CHECK_FALSE(planned.plan.poolers[0].to_transaction);
    const Recommendation& advice = planned.plan.databases[0].recommendation;
    REQUIRE_FALSE(advice.ways.empty());
    CHECK(advice.ways.front().kind == WayOut::Kind::pools);
    const auto findings = of_rule(planned, "PF036");
    REQUIRE(findings.size() == 1);
    CHECK(holds(findings[0].fix,
                "max = 26 for w.ro  →  156 clients for 200 server connections; or mode = \"transaction\""));
}

TEST_CASE("poolers: what clients in session mode can waste is what the pooler opens") {
    const auto planned = test::plan_text(fmt::format(
        "{}[[database]]\nname = \"core\"\nengine = \"postgresql\"\nversion = \"15.7\"\nclass = \"db.r5.large\"\n"
        "[[pooler]]\nname = \"pgb\"\nkind = \"pgbouncer\"\ndatabase = \"core\"\ndefault_pool_size = 100\n"
        "max_client_conn = 400\n[[service]]\nname = \"api\"\ninstances = 12\n[[service.pool]]\nname = \"main\"\n"
        "database = \"pgb\"\nmax = 20\nin_use = \"2-6\"\n",
        head));
    REQUIRE(planned.plan.databases[0].budget.waste);
    CHECK(planned.plan.databases[0].budget.waste->value == Interval<Connections>{Connections(28), Connections(76)});
}

TEST_CASE("poolers: what pins a session behind RDS Proxy is not lost, and PgBouncer is no answer to it") {
    const auto with = [](std::string_view feature) {
        const auto planned =
            test::plan_text(postgresql("[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\ndatabase = \"db\"\n" +
                                       pool_of_5("px", fmt::format("features = [\"{}\"]", feature))));
        const auto findings = of_rule(planned, "PF013");
        REQUIRE(findings.size() == 1);
        CHECK(holds(findings[0].message, "which px (RDS Proxy) pins: its connections are not shared"));
        CHECK_FALSE(holds(findings[0].message, "moves"));
        return findings[0].fix;
    };
    CHECK(with("prepared") == "turn them off");
    CHECK(holds(with("session"), "initialization query"));
    CHECK(holds(with("listen"), "LISTEN in a pool of its own with max = 1 and database = \"db\""));
}

TEST_CASE("poolers: what takes a direct connection is named with its key and the connections that come of it") {
    const auto fix = [](std::string_view keys) {
        const auto planned = test::plan_text(
            postgresql("[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
                       "default_pool_size = 3\nmax_client_conn = 100\n[[service]]\nname = \"a\"\ninstances = 2\n"
                       "[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\n" +
                       std::string(keys)));
        const auto findings = of_rule(planned, "PF013");
        REQUIRE(findings.size() == 1);
        return findings[0].fix;
    };
    // 2 clients of 1 each leave nothing to the pooler; 2 of 5 leave its 3 to the rest of their pool.
    CHECK(fix("max = 1\nfeatures = [\"listen\"]") == "database = \"db\"  →  2 of 1,658 (0.1 %)");
    CHECK(holds(fix("max = 5\nfeatures = [\"listen\"]"), "no \"listen\" here  →  5 of 1,658"));
    CHECK(holds(fix("max = 5\nfeatures = [\"session\"]"), "or database = \"db\"  →  10 of 1,658"));
}

TEST_CASE("poolers: the severer case has no smaller fix, and it is the plan's size") {
    const auto with = [](int percent) {
        const auto planned = test::plan_text(fmt::format(
            "{}[[database]]\nname = \"mdb\"\nengine = \"mysql\"\nversion = \"8.0.40\"\nclass = \"db.t3.medium\"\n"
            "max_connections = 120\n[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\ndatabase = \"mdb\"\n"
            "max_connections_percent = \"{}%\"\n[[service]]\nname = \"php\"\nruntime = \"processes\"\n"
            "processes = 30\ninstances = {{ min = 2, max = 8 }}\n[[service.pool]]\nname = \"p\"\ndatabase = \"px\"\n"
            "max = 1\nin_use = \"0.1-1\"\n[[service]]\nname = \"java\"\nruntime = \"threads\"\nthreads = 40\n"
            "instances = 2\n[[service.pool]]\nname = \"h\"\ndatabase = \"px\"\ndriver = \"hikaricp\"\nmax = 30\n"
            "[service.pool.workload]\nrate = \"50/s\"\nhold = \"60-120 ms\"\n",
            head, percent));
        const auto findings = of_rule(planned, "PF035");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].severity == Severity::error);
        REQUIRE(planned.plan.poolers[0].size);
        CHECK(holds(findings[0].fix,
                    fmt::format("max_connections_percent = \"{}%\"", planned.plan.poolers[0].size->value)));
        return planned.plan.poolers[0].size->value;
    };
    CHECK(with(10) == with(12));
}

TEST_CASE("poolers: whoever gives in_use has measured it, unless the inventory says monitored = false") {
    const auto with = [](std::string_view keys) {
        return of_rule(test::plan_text(postgresql(pool_of_5("db", keys))), "PF023").size();
    };
    CHECK(with("") == 1);
    CHECK(with("in_use = \"1-2\"") == 0);
    CHECK(with("in_use = \"1-2\"\nmonitored = false") == 1);
    CHECK(with("monitored = true") == 0);
}
