// What is weighed of a recommended class: risks, policy, what binds; by hand.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const Recommendation& advice(const Planned& planned, Index i = 0) { return planned.plan.databases[i].recommendation; }

const RiskReason* risk(const Planned& planned, RiskReason::Kind kind, Index i = 0) {
    const auto& all = advice(planned, i).risk_reasons;
    const auto at = std::ranges::find(all, kind, &RiskReason::kind);
    return at == all.end() ? nullptr : &*at;
}

std::string observed(std::string_view mean, std::string_view peak, std::string_view free) {
    return fmt::format(
        "[database.observed]\ncpu_mean = \"{}%\"\ncpu_peak = \"{}%\"\nfreeable_memory = \"{} GiB\"\nwindow = \"14 "
        "d\"\n",
        mean, peak, free);
}

/// No class but today's.
Planned stays(std::string_view cls, std::string_view keys, std::string_view policy = "") {
    return plan_text(one_database(
        cls, keys,
        one_pool("a", "max = 5\nin_use = \"1-2\"") + fmt::format("[policy]\nallow = [\"{}\"]\n{}", cls, policy)));
}

/// A primary and its reader of one class, alike, and no other class allowed.
Planned pair(std::string_view cls, std::string_view keys, std::string_view policy = "") {
    return plan_text(one_database(
        cls, keys,
        fmt::format("[[database]]\nname = \"r\"\nreplica_of = \"db\"\nclass = \"{}\"\n{}\n", cls, keys) +
            one_pool("a", "max = 5\nin_use = \"1-2\"") + fmt::format("[policy]\nallow = [\"{}\"]\n{}", cls, policy)));
}

const Candidate& candidate(const Planned& planned, std::string_view cls) {
    const auto& all = planned.plan.databases[0].candidates;
    const auto at = std::ranges::find_if(all, [&](const Candidate& c) { return c.cls->name == cls; });
    REQUIRE(at != all.end());
    return *at;
}

const Reason* against(const Planned& planned, std::string_view cls, Reason::Kind kind) {
    const auto& all = candidate(planned, cls).reasons;
    const auto at = std::ranges::find(all, kind, &Reason::kind);
    return at == all.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("weighed: past half of its threads a core of two is fuller than it looks, and one of one is not") {
    CHECK(risk(stays("db.m5.large", observed("20", "50", "4")), RiskReason::Kind::shared_threads) == nullptr);
    const Planned over = stays("db.m5.large", observed("20", "55", "4"));
    const RiskReason* told = risk(over, RiskReason::Kind::shared_threads);
    REQUIRE(told != nullptr);
    CHECK(told->busy.high.value == doctest::Approx(0.55));
    // Half of 2 ÷ 1.3 is the first thread's, and each point past it brings 0.3.
    CHECK(told->capacity.value == doctest::Approx((0.5 + 0.3 * 0.05) * 2 / 1.3));
    CHECK(told->level == Risk::medium);
    CHECK(risk(stays("db.m6g.large", observed("20", "55", "4")), RiskReason::Kind::shared_threads) == nullptr);
}

TEST_CASE("weighed: a loss that empties a throttled class's credits is a risk, by its hours; surplus is a price") {
    // db.t2.large earns 36 credits an hour and has 864; two means of 20 % burn 48 of its 2 vCPUs.
    const Planned t2 = pair("db.t2.large", observed("20", "25", "4"));
    const auto& losses = t2.plan.databases[0].chosen.losses;
    REQUIRE(losses.size() == 1);
    REQUIRE(losses[0].hours_to_empty);
    CHECK(losses[0].hours_to_empty->value == doctest::Approx(864.0 / 12));
    const RiskReason* told = risk(t2, RiskReason::Kind::failover_credits);
    REQUIRE(told != nullptr);
    CHECK(told->hours == doctest::Approx(72));
    CHECK(told->reason.from == 1);
    CHECK(advice(t2).risk != Risk::low);
    // Two of 14 % burn 33.6: none is drained.
    const Planned idle = pair("db.t2.large", observed("14", "25", "4"));
    CHECK_FALSE(idle.plan.databases[0].chosen.losses[0].hours_to_empty);
    CHECK(risk(idle, RiskReason::Kind::failover_credits) == nullptr);
    CHECK(risk(pair("db.t3.large", observed("20", "25", "4")), RiskReason::Kind::failover_credits) == nullptr);
}

TEST_CASE("weighed: a loss is a risk over cpu_peak_max, not at it, and no less than unbearable") {
    // Two of 20 % on one of one thread a core: 40 %.
    const auto with = [](std::string_view most) {
        return pair("db.m6g.large", observed("10", "20", "4"), fmt::format("cpu_peak_max = \"{}%\"", most));
    };
    const Planned at = with("40");
    REQUIRE(at.plan.databases[0].chosen.losses.size() == 1);
    CHECK(at.plan.databases[0].chosen.losses[0].cpu->value.high.value == doctest::Approx(0.4));
    const Planned over = with("39");
    const RiskReason* told = risk(over, RiskReason::Kind::failover);
    REQUIRE(told != nullptr);
    CHECK(told->capacity.value == doctest::Approx(0.39));
    CHECK(told->busy.high.value == doctest::Approx(0.4));
    CHECK(told->level == Risk::medium);
    CHECK(risk(with("41"), RiskReason::Kind::failover) == nullptr);
    // Two of 55 % are 110 %: not carried today, so it is no risk of the plan.
    const Planned lost = pair("db.m6g.large", observed("30", "55", "4"));
    CHECK(lost.plan.databases[0].chosen.losses[0].standing() == Standing::over);
    CHECK(risk(lost, RiskReason::Kind::failover) == nullptr);
}

TEST_CASE("weighed: what the policy says against a class is named, by the entry that says it") {
    const auto with = [](std::string_view policy, std::string_view today = "db.m5.xlarge") {
        return plan_text(
            one_database(today, observed("5", "10", "14"),
                         one_pool("a", "max = 5\nin_use = \"1-2\"") + fmt::format("[policy]\n{}", policy)));
    };
    const Planned denied = with("deny = [\"db.x*\", \"db.m6i*\", \"db.m6*\"]");
    const Reason* reason = against(denied, "db.m6i.large", Reason::Kind::denied);
    REQUIRE(reason != nullptr);
    CHECK(reason->glob == 1);
    CHECK(reason->blocking);
    CHECK_FALSE(candidate(denied, "db.m6i.large").fits);
    CHECK(candidate(denied, "db.m6i.large").fits_but_for_policy);
    CHECK(against(denied, "db.m5.large", Reason::Kind::denied) == nullptr);
    CHECK(candidate(denied, "db.m5.large").fits);
    CHECK_FALSE(candidate(denied, "db.m5.large").fits_but_for_policy);
    const Planned allowed = with("allow = [\"db.m5.*\"]");
    CHECK(against(allowed, "db.m6i.large", Reason::Kind::not_allowed) != nullptr);
    CHECK(against(allowed, "db.m5.large", Reason::Kind::not_allowed) == nullptr);
    // arm needs its switch, but not where arm is what runs today; credits need theirs.
    CHECK(against(with("allow_arm = false"), "db.m6g.large", Reason::Kind::allow_arm) != nullptr);
    CHECK(against(with("allow_arm = true"), "db.m6g.large", Reason::Kind::allow_arm) == nullptr);
    CHECK(against(with("allow_arm = false", "db.m6g.xlarge"), "db.m6g.large", Reason::Kind::allow_arm) == nullptr);
    CHECK(against(with("allow_burstable = false"), "db.t3.xlarge", Reason::Kind::allow_burstable) != nullptr);
    CHECK(against(with("allow_burstable = true"), "db.t3.xlarge", Reason::Kind::allow_burstable) == nullptr);
    // Today's is judged by no such list.
    CHECK(candidate(with("allow = [\"db.r5.*\"]"), "db.m5.xlarge").fits);
    CHECK(candidate(with("deny = [\"db.m5.xlarge\"]"), "db.m5.xlarge").fits);
}

TEST_CASE("weighed: CPU that workloads ask for is inside at the policy's limit, and over past it") {
    // 60/s × 20 ms are 1.2 of 2 vCPUs: 60 %.
    const auto with = [](std::string_view most, std::string_view rate) {
        return plan_text(one_database(
            "db.m5.large", "",
            one_pool("a", fmt::format("max = 20\nworkload = {{ rate = \"{}/s\", hold = \"40 ms\", cpu = \"20 ms\" }}",
                                      rate)) +
                fmt::format("[policy]\ncpu_peak_max = \"{}%\"\n", most)));
    };
    const auto standing = [](const Planned& planned) {
        const Check* check = planned.plan.databases[0].chosen.find(Dimension::cpu_demand);
        REQUIRE(check != nullptr);
        return check->standing;
    };
    CHECK(standing(with("61", "60")) == Standing::inside);
    CHECK(candidate(with("61", "60"), "db.m5.large").fits);
    const Planned over = with("59", "60");
    CHECK_FALSE(candidate(over, "db.m5.large").fits);
    const Reason* reason = against(over, "db.m5.large", Reason::Kind::cpu_demand);
    REQUIRE(reason != nullptr);
    CHECK(reason->check.value->high == doctest::Approx(0.6));
    CHECK(reason->check.limit == 0.59);
    CHECK(reason->check.share == doctest::Approx(0.6 / 0.59));
}

TEST_CASE("weighed: what is nearest to its limit binds, and what is next comes after it") {
    // 40 of 80 allowed are half of it; a deploy has 40 of 95; CPU 24 of 60 %.
    const auto with = [](std::string_view peak) {
        return plan_text(
            one_database("db.m5.large",
                         fmt::format("max_connections = 105\nreserved_connections = 5\n[database.observed]\ncpu_mean = "
                                     "\"5%\"\ncpu_peak = \"{}%\"\nfreeable_memory = \"6 GiB\"\nwindow = \"14 d\"\n",
                                     peak),
                         one_pool("a", "max = 40\nin_use = \"15-39\"") + "[policy]\nallow = [\"db.m5.large\"]\n"));
    };
    const Planned connections = with("24");
    CHECK(advice(connections).binding == Dimension::connections_steady);
    CHECK(advice(connections).next_binding == Dimension::connections_deploy);  // 42 %; CPU 40 %
    const Planned between = with("28");                                        // 47 %
    CHECK(advice(between).binding == Dimension::connections_steady);
    CHECK(advice(between).next_binding == Dimension::cpu_peak);
    const Planned cpu = with("31");  // 52 %
    CHECK(advice(cpu).binding == Dimension::cpu_peak);
    CHECK(advice(cpu).next_binding == Dimension::connections_steady);
}

TEST_CASE("weighed: a server of one's own keeps its class, and its pools are what a plan can change") {
    const auto own = [](int max, std::string_view use) {
        return plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = "
            "\"16.8\"\nprovider = \"self-managed\"\nvcpus = 4\nmemory = \"16 GiB\"\nmax_connections = 103\n"
            "[[service]]\nname = \"a\"\ninstances = 10\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
            "database = \"db\"\nmax = {}\nin_use = \"{}\"\n",
            max, use));
    };
    const Planned right = own(5, "2-4");  // max(⌈2.5 × 2⌉, 5)
    CHECK(advice(right).verdict == Verdict::keep);
    CHECK(advice(right).summary.kind == Summary::Kind::outside_catalog);
    const Planned large = own(8, "2-4");
    CHECK(advice(large).verdict == Verdict::repool);
    CHECK(advice(large).summary.kind == Summary::Kind::outside_catalog);
    const Planned over = own(10, "2-4");  // 100 of 80 that are allowed
    CHECK(advice(over).verdict == Verdict::repool);
    CHECK(advice(over).summary.kind == Summary::Kind::pools_cure);
    const Planned fails = own(9, "4-8");  // 90: its peak needs all nine, and its memory is not known
    CHECK(advice(fails).verdict == Verdict::unknown);
    CHECK(advice(fails).summary.no_class == Summary::NoClass::own_limit);
    CHECK(advice(fails).cls == fails.fleet.databases[0].type);
}
