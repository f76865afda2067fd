// A pooler in between: what its sizes stand on, what it costs, what it is compared with.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

using Kind = Point::Kind;

struct Behind {
    Planned planned;
    Strategy strategy;
    explicit Behind(const std::string& text) : planned(plan_text(text)) {
        for (Strategy& each : plan::strategies(planned.fleet, planned.plan, {}))
            if (each.phase == Phase::pooler) strategy = std::move(each);
    }
};

const Point* find(const std::vector<Point>& points, Kind kind) {
    const auto at = std::find_if(points.begin(), points.end(), [&](const Point& p) { return p.kind == kind; });
    return at == points.end() ? nullptr : &*at;
}

std::string database(std::string_view name, std::string_view region = "us-east-1") {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\nregion = \"{}\"\n", name,
        region);
}

/// A service whose one pool of 30 ends at the database, or at the pooler, of this name.
std::string service(std::string_view name, std::string_view database, std::string_view in_use) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"{}\"\n"
        "max = 30\n{}\n",
        name, database, in_use);
}

const std::string head = "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n";

}  // namespace

TEST_CASE("pooler: its sizes are based on use where that is known for every database, in any order of them") {
    const auto told = [](std::string_view first, std::string_view second) {
        return Behind(head + database("x") + database("y") + service("a", "x", first) + service("b", "y", second));
    };
    const std::string_view used = "in_use = \"1-2\"";
    const Behind all = told(used, used);
    CHECK(find(all.strategy.pros, Kind::server_side_by_use) != nullptr);
    for (const Behind& some : {told(used, ""), told("", used), told("", "")}) {
        CHECK(find(some.strategy.cons, Kind::server_side_unknown) != nullptr);
        CHECK(find(some.strategy.cons, Kind::server_side_by_use) == nullptr);
        CHECK(find(some.strategy.pros, Kind::server_side_by_use) == nullptr);
    }
}

TEST_CASE("pooler: its host is priced in the region that the catalog has prices of, and only there") {
    const Behind home(head + database("x") + database("y") + service("a", "x", "") + service("b", "y", ""));
    CHECK(find(home.strategy.cons, Kind::host_costs) != nullptr);
    REQUIRE(home.strategy.saves_per_year.has_value());
    CHECK(home.strategy.saves_per_year->value.value < 0);
    for (const std::string& databases :
         {database("x", "eu-west-1") + database("y", "eu-west-1"), database("x") + database("y", "eu-west-1")}) {
        const Behind away(head + databases + service("a", "x", "") + service("b", "y", ""));
        CHECK(find(away.strategy.cons, Kind::host_costs) == nullptr);
        CHECK(find(away.strategy.cons, Kind::host_price_unknown) != nullptr);
        CHECK_FALSE(away.strategy.saves_per_year.has_value());
    }
}

TEST_CASE("pooler: fewer server connections speak for it, as many do not") {
    // Ten each, for a peak of nine; together 18 and one.
    const Behind fewer(head + database("x") + service("a", "x", "in_use = \"1-9\"") +
                       service("b", "x", "in_use = \"1-9\""));
    const Point* said = find(fewer.strategy.pros, Kind::server_connections);
    REQUIRE(said != nullptr);
    CHECK(said->from == Connections(20));
    CHECK(said->to == Connections(19));
    // One in use: three for the service, and three behind a pooler.
    const Behind same(head + database("x") + service("a", "x", "in_use = \"1-1\""));
    const Point* equal = find(same.strategy.cons, Kind::server_connections);
    REQUIRE(equal != nullptr);
    CHECK(equal->from == equal->to);
}

TEST_CASE("pooler: a database that has one gets no other, and the rest do") {
    const std::string there = "[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\ndatabase = \"x\"\n";
    const Behind only(head + database("x") + there + service("a", "front", ""));
    CHECK_FALSE(only.strategy.applicable);
    CHECK(only.strategy.work.kind == Work::Kind::there_already);
    CHECK(only.strategy.hazard.kind == Hazard::Kind::nothing_changes);
    CHECK(only.strategy.saves_per_year->value.value == 0);
    const Behind beside(head + database("x") + database("y") + there + service("a", "front", "") +
                        service("b", "y", "") + service("c", "y", ""));
    CHECK(beside.strategy.applicable);
    CHECK(beside.strategy.work.kind == Work::Kind::hop);
    CHECK(beside.strategy.work.services == 2);
    const Point* add = find(beside.strategy.changes, Kind::add_pooler);
    REQUIRE(add != nullptr);
    CHECK(add->database == 1);
    // Of neither client is known what it needs.
    CHECK(add->to == Connections(60));
    CHECK(add->from == Connections(75));  // 60 are 80 % of it
    REQUIRE(beside.strategy.poolers.size() == 1);
    CHECK(beside.strategy.poolers[0].accepts.value == 75);
    CHECK(beside.strategy.poolers[0].pool_size.value == 60);
}

TEST_CASE("pooler: unknown use is unknown: it counts as all that may be open, and only a limit forces less") {
    const auto sized = [](int max) {
        return Behind(
            head + database("x") +
            fmt::format("[[service]]\nname = \"s\"\ninstances = 40\ndeploy = \"recreate\"\n[[service.pool]]\n"
                        "name = \"p\"\ndatabase = \"x\"\nmax = 10\nin_use = \"2-6\"\n[[service]]\n"
                        "name = \"u\"\ninstances = 40\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
                        "database = \"x\"\nmax = {}\n",
                        max));
    };
    // 40 × 6 + 1 measured, and 80 of which nothing is known.
    const Behind some = sized(2);
    REQUIRE(find(some.strategy.changes, Kind::add_pooler) != nullptr);
    CHECK(find(some.strategy.changes, Kind::add_pooler)->to == Connections(241 + 80));
    CHECK(find(some.strategy.cons, Kind::silent_in_full) != nullptr);
    // 4,000 do not fit: what is printed is what the policy leaves, and is called that.
    const Behind many = sized(100);
    const DatabasePlan& plan = many.planned.plan.databases[0];
    const auto limit = static_cast<std::int64_t>(*plan.chosen.find(Dimension::connections_steady)->limit);
    REQUIRE(find(many.strategy.changes, Kind::add_pooler) != nullptr);
    CHECK(find(many.strategy.changes, Kind::add_pooler)->to == Connections(std::min<std::int64_t>(limit, 4241)));
    if (limit < 4241) CHECK(find(many.strategy.cons, Kind::server_side_by_limit) != nullptr);
}

TEST_CASE("pooler: its size is what one pool under all of the workloads needs, and typed in it carries them") {
    for (const double rate : {18.75, 150.0}) {
        std::string services, behind;
        for (const char name : std::string("abcdefgh")) {
            const std::string workload = fmt::format("workload = {{ rate = \"{}/s\", hold = \"25 ms\" }}", rate);
            services += service(std::string(1, name), "x", workload);
            behind += service(std::string(1, name), "front", workload);
        }
        const Behind way(head + database("x") + services);
        const Point* add = find(way.strategy.changes, Kind::add_pooler);
        REQUIRE(add != nullptr);
        sizing::Load load;
        load.rate = PerSecond(8 * rate);
        load.hold = sizing::MeanHold{Millis(25), 1, {}};
        sizing::Question question;
        question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
        const auto answer = std::get<sizing::Figures>(sizing::smallest(load, question));
        CHECK(add->to == answer.size);
        CHECK(find(way.strategy.pros, Kind::server_side_by_load) != nullptr);
        const Planned typed =
            plan_text(head + database("x") +
                      fmt::format("[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\ndatabase = \"x\"\nmode = "
                                  "\"transaction\"\nmax_client_conn = {}\ndefault_pool_size = {}\n",
                                  8 * 30, add->to->value) +
                      behind);
        for (const Finding& finding : test::lint(typed)) {
            CAPTURE(finding.rule->id);
            CAPTURE(finding.message);
            CHECK(finding.severity != Severity::error);
            CHECK(finding.rule->id != "PF035");
        }
    }
}

TEST_CASE("pooler: its clients' loads are one load, and only nested checkouts ask for a connection each") {
    const auto smallest = [](std::string_view nested) {
        const Planned planned =
            plan_text(head + database("x") +
                      "[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\ndatabase = \"x\"\n"
                      "default_pool_size = 60\n" +
                      service("a", "front", "") +
                      fmt::format("[service.pool.workload]\nrate = \"40/s\"\nhold = \"50 ms\"\n{}\n", nested) +
                      service("b", "front", "") + "[service.pool.workload]\nrate = \"20/s\"\nhold = \"50 ms\"\n");
        const auto& load = planned.plan.poolers[0].load;
        REQUIRE(load);
        const double rate = nested == "nested = 1" ? 100 : 60;  // 40/s ask twice
        CHECK(load->load.rate.value == doctest::Approx(rate));
        CHECK(load->offered.value == doctest::Approx(rate * 50 / 1000));
        REQUIRE(load->smallest);
        // The answer of poolfit pool --rate 60/s --hold 50ms.
        sizing::Load sum;
        sum.rate = PerSecond(60);
        sum.hold = load->load.hold;
        const auto answer = sizing::smallest(sum, load->question);
        const auto* alone = std::get_if<sizing::Figures>(&answer);
        REQUIRE(alone);
        if (nested.empty()) CHECK(load->smallest->value == alone->size.value);
        if (nested == "nested = 1") {  // as many as there are clients then
            std::int64_t clients = 0;
            for (const PoolPlan& pool : planned.plan.pools) clients += pool.advice.size->value.value;
            CHECK(load->smallest->value == clients);
        }
        return load->smallest->value;
    };
    CHECK(smallest("") < 15);
    CHECK(smallest("nested = 0") == smallest(""));
    CHECK(smallest("nested = 1") > smallest(""));
}

TEST_CASE("pooler: holds of two lengths mix to one law, by how often each comes") {
    const auto law = [](std::string_view first, std::string_view second) {
        const Planned planned = plan_text(
            head + database("x") +
            "[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\ndatabase = \"x\"\n"
            "default_pool_size = 60\n" +
            service("a", "front", "") + fmt::format("[service.pool.workload]\nrate = \"40/s\"\n{}\n", first) +
            service("b", "front", "") + fmt::format("[service.pool.workload]\nrate = \"20/s\"\n{}\n", second));
        const auto& load = planned.plan.poolers[0].load;
        REQUIRE(load);
        const auto* hold = std::get_if<sizing::MeanHold>(&load->load.hold);
        REQUIRE(hold);
        CHECK(load->offered.value == doctest::Approx(60 * hold->mean.value / 1000));
        return *hold;
    };
    // Exponential: E[X] = (40 × 50 + 20 × 200)/60, E[X²] = (40 × 2 × 50² + 20 × 2 × 200²)/60 = 30,000 ms².
    const sizing::MeanHold mixed = law("hold = \"50 ms\"", "hold = \"200 ms\"");
    CHECK(mixed.mean.value == doctest::Approx(100));
    CHECK(mixed.cv == doctest::Approx(std::sqrt(2.0)));
    CHECK(mixed.law == sizing::MeanHold::Law::phases);
    // A lognormal law by two percentiles has the mean p50 e^(s²/2), s = ln(p95/p50)/1.645; 50 ms beside it.
    const double s = std::log(4.0) / 1.6448536269514722, mean = 20 * std::exp(s * s / 2),
                 square = 20.0 * 20.0 * std::exp(2 * s * s);
    const sizing::MeanHold spread = law("hold_p50 = \"20 ms\"\nhold_p95 = \"80 ms\"", "hold = \"50 ms\"");
    const double first = (40 * mean + 20 * 50) / 60, second = (40 * square + 20 * 2 * 50.0 * 50.0) / 60;
    CHECK(spread.mean.value == doctest::Approx(first));
    CHECK(spread.cv == doctest::Approx(std::sqrt(second / (first * first) - 1)));
    const sizing::MeanHold one = law("hold = \"50 ms\"", "hold = \"50 ms\"");
    CHECK(one.mean.value == doctest::Approx(50));
    CHECK(one.cv == 1);
    CHECK(one.law != sizing::MeanHold::Law::phases);
}
