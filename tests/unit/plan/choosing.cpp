// Which strategy is recommended: by fit, by money, by the thresholds of the table; and why the others are not.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::one_database;
using test::plan_text;
using test::Planned;

namespace {

constexpr std::string_view observed =
    "[database.observed]\ncpu_mean = \"10%\"\ncpu_peak = \"30%\"\nfreeable_memory = \"600-700 MiB\"\nwindow = \"14 "
    "d\"\n";

/// Processes of five threads with two pools each, which may be one of `merged`.
std::string two_pools(int instances, int merged, std::string_view keys = "max = 10\nin_use = \"1-3\"") {
    return fmt::format(
        "[[service]]\nname = \"web\"\ndeploy = \"recreate\"\nruntime = \"threads\"\ninstances = {0}\nprocesses = "
        "2\nthreads = 5\n"
        "merged_max = {1}\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"activerecord\"\n{2}\n"
        "[[service.pool]]\nname = \"q\"\ndatabase = \"db\"\ndriver = \"activerecord\"\n{2}\n",
        instances, merged, keys);
}

struct Chosen {
    Planned planned;
    std::vector<Strategy> all;
    explicit Chosen(Planned made) : planned(std::move(made)), all(plan::strategies(planned.fleet, planned.plan, {})) {}
    const Strategy& operator[](std::string_view name) const {
        const auto at = std::ranges::find(all, name, &Strategy::name);
        REQUIRE(at != all.end());
        return *at;
    }
    std::string_view recommended() const {
        const auto at = std::ranges::find_if(all, &Strategy::recommended);
        return at == all.end() ? std::string_view("none") : at->name;
    }
    std::int64_t after(std::string_view name) const { return (*this)[name].after->value.value; }
};

/// A server of 100 usable connections that has no other class.
Chosen own_server(std::string_view services, std::string_view keys = "") {
    return Chosen(plan_text(fmt::format(
        "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\n"
        "provider = \"self-managed\"\nvcpus = 4\nmemory = \"16 GiB\"\nmax_connections = 103\n{}\n{}",
        keys, services)));
}

}  // namespace

TEST_CASE("choosing: of two that keep a cheaper class the one that costs less with its host is taken") {
    // Right-sized pools open 160 on a db.t3.small that allows 135: the next class costs $26.28 more. Merged ones open
    // 96, for nothing; a pooler opens 97, for its host.
    const Chosen chosen(plan_text(one_database("db.t3.small", observed, two_pools(8, 6))));
    CHECK(chosen.after("conservative") == 160);
    CHECK(chosen.after("aggressive") == 96);
    CHECK(chosen.after("pooler") == 97);
    CHECK(chosen.recommended() == "aggressive");
    CHECK(chosen["aggressive"].why.kind == Why::Kind::cheaper);
    CHECK(chosen["aggressive"].why.saves == MicroUsdPerMonth(26'280'000));
    CHECK(chosen["aggressive"].why.host == MicroUsdPerMonth(0));
    CHECK(chosen.planned.plan.databases[0].by_strategy == "aggressive");
    CHECK(chosen.planned.plan.databases[0].recommendation.cls->name == "db.t3.small");
    CHECK(chosen["conservative"].why.instead == 1);
    CHECK(chosen["pooler"].why.instead == 1);
    // Where nothing is merged the pooler is the one.
    const Chosen alone(plan_text(one_database(
        "db.t3.small", observed,
        "[[service]]\nname = \"web\"\nruntime = \"threads\"\ninstances = 16\nprocesses = 2\nthreads = 5\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = 10\nin_use = \"1-3\"\n")));
    CHECK(alone.recommended() == "pooler");
    CHECK(alone["pooler"].why.kind == Why::Kind::cheaper);
    CHECK(alone["pooler"].why.host.value > 0);
    CHECK(alone["pooler"].why.saves > alone["pooler"].why.host);
}

TEST_CASE("choosing: where right-sized pools keep the class, half of max_connections decides, and below it they stay") {
    // 120 of the 178 are 67 %, 80 are 45 %.
    const Chosen over(plan_text(one_database("db.t3.small", observed, two_pools(6, 6))));
    CHECK(over.recommended() == "aggressive");
    CHECK(over["aggressive"].why.kind == Why::Kind::over);
    CHECK(over["aggressive"].why.right_sized == Connections(120));
    const Chosen below(plan_text(one_database("db.t3.small", observed, two_pools(4, 6))));
    CHECK(below.recommended() == "conservative");
    CHECK(below["conservative"].why.kind == Why::Kind::change);
    REQUIRE(below["conservative"].why.trouble);
    CHECK(below["conservative"].why.trouble->check.dimension == Dimension::connections_steady);
    CHECK(below["aggressive"].why.kind == Why::Kind::reached);
    CHECK(below["pooler"].why.kind == Why::Kind::below);
}

TEST_CASE("choosing: where only one fits it is taken, and of two the one that changes less") {
    // Of the 80 that are allowed right-sized pools have 6 × 2 × 5 × 2 = 120, and merged ones 72.
    const Chosen both = own_server(two_pools(6, 6));
    CHECK(both.after("aggressive") == 72);
    CHECK(both.after("pooler") == 73);
    CHECK(both.after("conservative") == 120);
    CHECK(both.recommended() == "aggressive");
    CHECK(both["conservative"].why.kind == Why::Kind::does_not_fit);
    CHECK(both["conservative"].why.needs == Connections(120));
    CHECK(both["conservative"].why.usable == Connections(100));
    CHECK_FALSE(both["conservative"].why.in_deploy);
    CHECK(both["monitor"].why.kind == Why::Kind::does_not_fit);
    // Merged ones do not fit either: 96 of the 80 that the policy allows. Nothing does, so nothing is recommended.
    const Chosen none = own_server(two_pools(8, 6));
    CHECK(none.after("aggressive") == 96);
    CHECK(none["aggressive"].why.kind == Why::Kind::does_not_fit);
    CHECK(none["aggressive"].why.needs == Connections(96));
    for (const Strategy& each : none.all)
        if (each.recommended) CHECK(each.after->value <= Connections(80));
}

TEST_CASE("choosing: a deploy that does not fit is reported as one") {
    // 79 of 80 in the steady state; a blue-green deploy has twice as many, of 95.
    const Chosen chosen = own_server(
        "[[service]]\nname = \"a\"\ndeploy = \"blue-green\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"db\"\nmax = 79\nin_use = \"30-78\"\nfeatures = [\"session\"]\n");
    CHECK(chosen.recommended() == "none");
    CHECK(chosen["conservative"].why.kind == Why::Kind::does_not_fit);
    CHECK(chosen["conservative"].why.in_deploy);
    CHECK(chosen["conservative"].why.needs == Connections(158));
    CHECK(chosen["monitor"].why.in_deploy);
}

TEST_CASE("choosing: nothing known is measured first, some known is right-sized, all known and right needs no change") {
    const auto service = [](std::string_view name, int max, std::string_view use) {
        return fmt::format(
            "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\n"
            "driver = \"pg\"\nmax = {}\n{}\n",
            name, max, use);
    };
    const Chosen nothing = own_server(service("a", 10, "") + service("b", 10, ""));
    CHECK(nothing.recommended() == "monitor");
    CHECK(nothing["monitor"].why.kind == Why::Kind::nothing_known);
    CHECK(nothing["monitor"].why.count == 2);
    CHECK(nothing["conservative"].why.kind == Why::Kind::no_use_known);
    const Chosen change = own_server(service("a", 20, "in_use = \"2-4\"") + service("b", 10, ""));
    CHECK(change.recommended() == "conservative");
    CHECK(change["conservative"].why.kind == Why::Kind::change);
    CHECK(change["monitor"].why.kind == Why::Kind::some_given);
    CHECK(change["monitor"].why.count == 1);
    // 5 are right for 2 to 4: nothing to change, so the other one is measured.
    const Chosen some = own_server(service("a", 5, "in_use = \"2-4\"") + service("b", 10, ""));
    CHECK(some.recommended() == "monitor");
    CHECK(some["monitor"].why.kind == Why::Kind::some_unknown);
    CHECK(some["monitor"].why.count == 1);
    const Chosen right = own_server(service("a", 5, "in_use = \"2-4\""));
    CHECK(right.recommended() == "conservative");
    CHECK(right["conservative"].why.kind == Why::Kind::sizes_right);
    CHECK(right["monitor"].why.kind == Why::Kind::all_given);
    CHECK(right["monitor"].why.count == 1);
}

TEST_CASE("choosing: where nothing is known but today's pools do not fit, measuring first is no option") {
    // 12 × 10 of 100; forced to 8 each, 96 of 80 are none: a quarter of 10 is 3, so 6.
    const Chosen over = own_server(
        "[[service]]\nname = \"a\"\ninstances = 12\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"db\"\ndriver = \"pg\"\nmax = 10\n");
    CHECK(over.planned.plan.pools[0].advice.size->value == Connections(6));
    CHECK(over["monitor"].why.kind == Why::Kind::does_not_fit);
    CHECK(over.recommended() == "conservative");
    CHECK(over["conservative"].why.kind == Why::Kind::change);
    REQUIRE(over["conservative"].why.trouble);
    CHECK(over["conservative"].why.trouble->check.dimension == Dimension::connections_steady);
    // A pooler in session mode whose clients hang: as little.
    const Chosen hang(plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
        "\"postgresql\"\nclass = \"db.m5.large\"\n[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\nmode = \"session\"\n"
        "max_client_conn = 900\ndefault_pool_size = 20\ndatabase = \"db\"\n[[service]]\nname = \"a\"\n"
        "instances = 12\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\ndriver = \"pg\"\n"
        "max = 10\n"));
    CHECK(hang.planned.plan.poolers[0].to_transaction);
    CHECK(hang.recommended() != "monitor");
}

TEST_CASE("choosing: a pooler has to be fewer by the share that a change has to save") {
    // 40 services of one pool of six, used by one to four: 5 × 40 = 200. A pooler opens max(⌈2.5 × 40⌉, 161) = 161.
    std::string services;
    for (int i = 0; i < 40; ++i)
        services += fmt::format(
            "[[service]]\nname = \"s{}\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\n"
            "driver = \"pg\"\nmax = 6\nin_use = \"1-4\"\n",
            i);
    const auto chosen = [&](std::string_view share) {
        return Chosen(plan_text(
            one_database("db.m5.large", "", fmt::format("[policy]\nmin_savings = \"{}\"\n{}", share, services))));
    };
    const Chosen enough = chosen("19.5%");  // 161 are 200 less 19.5 %
    CHECK(enough.after("conservative") == 200);
    CHECK(enough.after("pooler") == 161);
    CHECK(enough.recommended() == "pooler");
    CHECK(enough["pooler"].why.kind == Why::Kind::over);
    CHECK(enough["pooler"].why.threshold == 0);
    CHECK(chosen("19.51%").recommended() == "conservative");
}
