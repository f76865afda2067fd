// Both sides of each border: of a tie, of a saving, of a tight limit, of the walk through the classes, of a limit that
// growth reaches.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/plan/action.hpp>
#include <poolfit/plan/strategy.hpp>

#include "../../../src/plan/recommend.hpp"
#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

struct OwnPrice {
    std::string_view cls;
    double usd_per_month;
};

/// A database with little load whose classes are today's and those that are given, at these prices.
std::string priced(std::string_view today, const std::vector<OwnPrice>& prices, std::string_view policy = "",
                   std::string_view cpu = "10%", std::string_view window = "30 d") {
    std::string allow = fmt::format("\"{}\"", today), records;
    for (const OwnPrice& price : prices) {
        allow += fmt::format(", \"{}\"", price.cls);
        records += fmt::format("[[price]]\nclass = \"{}\"\nusd_per_month = {}\n", price.cls, price.usd_per_month);
    }
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nallow = [{}]\n{}\n[[database]]\n"
        "name = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n[database.observed]\n"
        "cpu_mean = \"5%\"\ncpu_peak = \"{}\"\nfreeable_memory = \"{} GiB\"\nwindow = \"{}\"\n{}",
        allow, policy, today, cpu, today == "db.m5.xlarge" ? 14 : 6, window, records);  // 2 GiB are used
}

Recommendation recommend(const std::string& text) { return plan_text(text).plan.databases[0].recommendation; }

/// What a plan of this depth has judged, and what it recommends.
struct Walk {
    std::vector<std::string_view> judged;
    std::string_view recommended;
    bool has(std::string_view cls) const { return std::find(judged.begin(), judged.end(), cls) != judged.end(); }
};

Walk walk(const std::string& text, plan::Depth depth) {
    const Planned planned = plan_text(text);
    const Plan plan = plan::make(planned.fleet, test::catalog(), {PriceTerm::list, {0}, depth, nullptr});
    Walk result;
    for (const Candidate& candidate : plan.databases[0].candidates) result.judged.push_back(candidate.cls->name);
    result.recommended = plan.databases[0].recommendation.cls->name;
    return result;
}

}  // namespace

TEST_CASE("of classes at one price the newer is taken, then the first by name") {
    CHECK(recommend(priced("db.m5.xlarge", {{"db.m5.large", 50}, {"db.m7i.large", 50}})).cls->name == "db.m7i.large");
    CHECK(recommend(priced("db.m5.xlarge", {{"db.m5.large", 49.99}, {"db.m7i.large", 50}})).cls->name == "db.m5.large");
    CHECK(recommend(priced("db.m5.xlarge", {{"db.r5.large", 50}, {"db.m5.large", 50}})).cls->name == "db.m5.large");
}

TEST_CASE("of classes at one price the architecture of today comes before a newer one, and today's class before all") {
    CHECK(
        recommend(priced("db.m5.xlarge", {{"db.m7i.large", 50}, {"db.m8g.large", 50}}, "allow_arm = true")).cls->name ==
        "db.m7i.large");
    CHECK(
        recommend(priced("db.m5.xlarge", {{"db.m7i.large", 50}, {"db.m8g.large", 49}}, "allow_arm = true")).cls->name ==
        "db.m8g.large");
    const Recommendation stays = recommend(priced("db.m5.large", {{"db.m5.large", 50}, {"db.m7i.large", 50}}));
    CHECK(stays.verdict == Verdict::keep);
    CHECK(stays.summary.kept == Summary::Kept::no_cheaper);
}

TEST_CASE("a saving is enough at the policy's least, in dollars and as a share") {
    Policy policy;  // $10 a month, 10 %
    const auto worth = [&](std::int64_t now, std::int64_t after) {
        return plan::worth_it(policy, MicroUsdPerMonth(now), MicroUsdPerMonth(after));
    };
    CHECK(worth(100'000'000, 90'000'000).enough);
    CHECK(worth(100'000'000, 90'000'000).saves.value == 10'000'000);
    CHECK(worth(100'000'000, 90'000'000).share.value == doctest::Approx(0.1));
    CHECK_FALSE(worth(100'000'000, 90'000'001).enough);
    CHECK(worth(100'000'000, 90'000'001).too_little == Summary::Kept::saves_less);
    CHECK(worth(200'000'000, 180'000'000).enough);
    CHECK_FALSE(worth(200'000'000, 180'100'000).enough);
    CHECK(worth(200'000'000, 180'100'000).too_little == Summary::Kept::saves_share);
    policy.min_savings_per_month = Located<MicroUsdPerMonth>{MicroUsdPerMonth(0), {}};
    policy.min_savings = Located<Fraction>{Fraction(0), {}};
    CHECK(worth(100, 99).enough);
    CHECK_FALSE(worth(100, 100).enough);
    CHECK(worth(100, 100).too_little == Summary::Kept::saves_nothing);
    CHECK_FALSE(worth(0, 0).enough);
    CHECK(worth(0, 0).share.value == 0);
    CHECK(worth(1, 0).share.value == 1);
    CHECK_FALSE(worth(100, 101).enough);
}

TEST_CASE("a limit is tight over 85 % of it, and very tight over 95 %") {
    // 100 usable, all of them allowed.
    const auto level = [](int most) {
        const Planned planned = plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nconnections_steady_max = \"100%\"\n"
            "connections_deploy_max = \"100%\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\n"
            "class = \"db.m5.large\"\nmax_connections = 105\nreserved_connections = 5\n[[service]]\nname = \"a\"\n"
            "deploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = {}\n",
            most));
        const Recommendation& advice = planned.plan.databases[0].recommendation;
        for (const RiskReason& reason : advice.risk_reasons)
            if (reason.kind == RiskReason::Kind::tight) {
                CHECK(reason.reason.check.share == doctest::Approx(most / 100.0));
                CHECK(advice.risk >= reason.level);
                return reason.level;
            }
        return Risk::low;
    };
    CHECK(level(85) == Risk::low);
    CHECK(level(86) == Risk::medium);
    CHECK(level(95) == Risk::medium);
    CHECK(level(96) == Risk::high);
    CHECK(level(100) == Risk::high);
}

TEST_CASE("fourteen days are a window, thirteen are short") {
    const auto told = [](std::string_view window, RiskReason::Kind kind) {
        const Recommendation advice = recommend(priced("db.m5.xlarge", {{"db.m5.large", 50}}, "", "10%", window));
        CHECK(advice.verdict == Verdict::resize);
        return std::any_of(advice.risk_reasons.begin(), advice.risk_reasons.end(),
                           [&](const RiskReason& reason) { return reason.kind == kind; });
    };
    CHECK_FALSE(told("14 d", RiskReason::Kind::short_window));
    CHECK(told("13 d", RiskReason::Kind::short_window));
    CHECK_FALSE(told("13 d", RiskReason::Kind::no_window));
}

TEST_CASE("the walk goes on at the price of the best, and stops past it") {
    // db.m5.large comes first by name; db.m7i.large, at the same price, is the newer one.
    const std::string tie =
        priced("db.m5.xlarge", {{"db.m5.large", 50}, {"db.m7i.large", 50}, {"db.t3.xlarge", 50.01}});
    const Walk decided = walk(tie, plan::Depth::decide);
    CHECK(decided.recommended == "db.m7i.large");
    CHECK(decided.has("db.m5.xlarge"));  // today's, whatever it costs
    CHECK_FALSE(decided.has("db.t3.xlarge"));
    CHECK(walk(tie, plan::Depth::cheaper).has("db.t3.xlarge"));
    CHECK(walk(tie, plan::Depth::all).recommended == "db.m7i.large");
}

TEST_CASE("the walk that shows what is cheaper ends with the price of today's class") {
    const std::string text =
        priced("db.m5.xlarge", {{"db.m5.large", 50}, {"db.m7i.xlarge", 259.88}, {"db.t3.xlarge", 259.89}});
    const Walk cheaper = walk(text, plan::Depth::cheaper);
    CHECK(cheaper.has("db.m7i.xlarge"));
    CHECK_FALSE(cheaper.has("db.t3.xlarge"));
    CHECK_FALSE(walk(text, plan::Depth::decide).has("db.m7i.xlarge"));
    CHECK(walk(text, plan::Depth::all).has("db.t3.xlarge"));
}

TEST_CASE("the walk goes on to today's price where the best saves too little") {
    const std::string text =
        priced("db.m5.large", {{"db.m7i.large", 125}, {"db.t3.xlarge", 129.94}, {"db.t3.large", 129.95}});
    const Walk decided = walk(text, plan::Depth::decide);
    CHECK(decided.recommended == "db.m5.large");
    CHECK(decided.has("db.m7i.large"));
    CHECK(decided.has("db.t3.xlarge"));
    CHECK_FALSE(decided.has("db.t3.large"));
}

TEST_CASE("the walk of a class that is too small goes on at the price of the best") {
    const std::string text =
        priced("db.m5.large", {{"db.m5.xlarge", 300}, {"db.m7i.xlarge", 300}, {"db.m5.2xlarge", 300.01}}, "", "90%");
    const Walk decided = walk(text, plan::Depth::decide);
    CHECK(decided.recommended == "db.m7i.xlarge");
    CHECK_FALSE(decided.has("db.m5.2xlarge"));
    CHECK(recommend(text).verdict == Verdict::upsize);
}

namespace {

std::optional<int> month(std::string_view database, int pool, Dimension dimension) {
    const auto service = [&](std::string_view name) {
        return fmt::format(
            "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\n"
            "max = {}\n",
            name, pool);
    };
    // 800 usable: 640 in the steady state, 760 in a deploy.
    const Planned planned =
        plan_text(fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
                              "engine = \"postgresql\"\nclass = \"db.m5.large\"\nmax_connections = 809\n"
                              "reserved_connections = 9\n{}\n",
                              database) +
                  service("a") + service("b") + "[growth]\nservices_per_year = 12\n");
    for (const Runway& line : plan::runway(planned.fleet, planned.plan, {}))
        if (!line.after && line.dimension == dimension) return line.months;
    FAIL("no such line");
    return std::nullopt;
}

}  // namespace

TEST_CASE("runway: other connections do not come with each new service") {
    // 2 × 75 + 50 = 200; a service has 75, and one comes a month: 575 in month 5, 650 in 6; 725 in 7, 800 in 8.
    CHECK(month("other_connections = 50", 75, Dimension::connections_steady) == 6);
    CHECK(month("other_connections = 50", 75, Dimension::connections_deploy) == 8);
}

TEST_CASE("runway: at the limit is inside") {
    // 160, and 80 a month: 640 in month 6.
    CHECK(month("", 80, Dimension::connections_steady) == 7);
    CHECK(month("", 81, Dimension::connections_steady) == 6);
    CHECK(month("", 320, Dimension::connections_steady) == 1);  // 640 now
    CHECK(month("", 321, Dimension::connections_steady) == 0);
}

TEST_CASE("runway: credits last as long as a mean that is known allows") {
    // db.t3.large has a baseline of 30 %: 15 % doubles in 8 months of 10 %.
    const auto lines = [](std::string_view mean) {
        const Planned planned = plan_text(
            fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
                        "engine = \"postgresql\"\nclass = \"db.t3.large\"\n[database.observed]\n{}\n"
                        "cpu_peak = \"20%\"\n[growth]\nload = \"10% / month\"\n",
                        mean));
        std::vector<Runway> found;
        for (const Runway& line : plan::runway(planned.fleet, planned.plan, {}))
            if (!line.after && line.dimension == Dimension::credits) found.push_back(line);
        return found;
    };
    const auto known = lines("cpu_mean = \"15%\"");
    REQUIRE(known.size() == 1);
    CHECK(known[0].months == 8);
    CHECK(known[0].now == doctest::Approx(0.15));
    CHECK(known[0].limit == doctest::Approx(0.30));
    CHECK(lines("").empty());
}

namespace {

/// Server connections behind the pooler that the strategy adds; db.m5.large has two vCPUs.
std::int64_t behind_pooler(std::string_view a, std::string_view b, const char* pools = "") {
    const auto service = [](std::string_view name, std::string_view keys) {
        return fmt::format(
            "[[service]]\nname = \"{}\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 30\n{}\n", name,
            keys);
    };
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.large\"\nother_connections = 3\n" +
        service("a", a) + service("b", b) + pools);
    for (const Strategy& strategy : plan::strategies(planned.fleet, planned.plan, {}))
        if (strategy.phase == Phase::pooler) return strategy.databases[0].after->value.value - 3;
    FAIL("no such strategy");
    return 0;
}

}  // namespace

TEST_CASE("pooler: one connection over the peak of all clients, or the buffer over their usual use") {
    // Use 2–10: 2.5 × 2 is 5, and the peak asks for 11.
    CHECK(behind_pooler("in_use = \"1-9\"", "in_use = \"1-1\"") == 11);
    // Use 8–9: 20 over 10.
    CHECK(behind_pooler("in_use = \"4-5\"", "in_use = \"4-4\"") == 20);
}

TEST_CASE("pooler: where use is not known, all that the clients can open; never under the peak that is") {
    CHECK(behind_pooler("", "") == 60);
    CHECK(behind_pooler("in_use = \"1-2\"", "") == 33);  // 3 of the one, all 30 of the other
    CHECK(behind_pooler("in_use = \"1-9\"", "") == 40);
}

TEST_CASE("pooler: its host has 2 GiB at least") {
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.large\"\n[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"db\"\nmax = 30\n");
    const auto all = plan::strategies(planned.fleet, planned.plan, {});
    const auto pooler =
        std::find_if(all.begin(), all.end(), [](const Strategy& s) { return s.phase == Phase::pooler; });
    REQUIRE(pooler != all.end());
    const auto cost = std::find_if(pooler->cons.begin(), pooler->cons.end(),
                                   [](const Point& point) { return point.kind == Point::Kind::host_costs; });
    REQUIRE(cost != pooler->cons.end());
    const HostType* cheapest = nullptr;
    for (const HostType& host : test::catalog().hosts())
        if (host.arch == Arch::x86_64 && host.memory.value >= 2 * bytes_per_gib && host.price &&
            (cheapest == nullptr || *host.price < *cheapest->price))
            cheapest = &host;
    REQUIRE(cheapest != nullptr);
    CHECK(cost->host == cheapest);
    CHECK(cost->host->memory.value == 2 * bytes_per_gib);
    CHECK(cost->cost_per_year.value == 12 * cost->cost.value);
}
