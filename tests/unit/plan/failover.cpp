// What is survived today is survived after: CPU, memory and connections of the server that is left.
#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "../../support/random_fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

/// A primary `p` and its replica `r` of one class, each with a pool of ten.
std::string pair(std::string_view cls, std::string_view primary, std::string_view replica, std::string_view policy = "",
                 std::string_view keys = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nallow_burstable = false\n{}\n"
        "[[database]]\nname = \"p\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n{}\n"
        "[database.observed]\nwindow = \"14 d\"\n{}\n"
        "[[database]]\nname = \"r\"\nreplica_of = \"p\"\nclass = \"{}\"\n[database.observed]\nwindow = \"14 d\"\n{}\n"
        "[[service]]\nname = \"s\"\n[[service.pool]]\nname = \"w\"\ndatabase = \"p\"\nmax = 10\n"
        "[[service.pool]]\nname = \"q\"\ndatabase = \"r\"\nmax = 10\n",
        policy, cls, keys, primary, cls, replica);
}

constexpr std::string_view at_28 = "cpu_mean = \"18%\"\ncpu_peak = \"28%\"\nfreeable_memory = \"24 GiB\"";

const Candidate& candidate(const Planned& planned, Index i, std::string_view cls) {
    const auto& all = planned.plan.databases[i].candidates;
    const auto at = std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.cls->name == cls; });
    REQUIRE(at != all.end());
    return *at;
}

const Reason* against(const Planned& planned, Index i, std::string_view cls, Dimension dimension) {
    const auto& all = candidate(planned, i, cls).reasons;
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const Reason& r) { return r.check.dimension == dimension; });
    return at == all.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("failover: 28 and 28 % are 70 % of one class with two threads a core, by the law") {
    const Planned planned = plan_text(pair("db.m5.2xlarge", at_28, at_28));
    for (const Index i : {Index(0), Index(1)}) {
        const auto& losses = planned.plan.databases[i].now.losses;
        REQUIRE(losses.size() == 1);
        CHECK(losses[0].from == 1 - i);
        // 2/1.3 × 0.28 is 43 % of the capacity; twice that is 86 %, past the 77 % of half the vCPUs.
        const double share = 2 * 2 / 1.3 * 0.28;
        const double busy = 0.5 + (share * 1.3 / 2 - 0.5) / 0.3;
        CHECK(losses[0].cpu->value.low.value == doctest::Approx(busy));
        CHECK(losses[0].cpu->value.high.value == doctest::Approx(0.70).epsilon(0.001));
        CHECK(losses[0].standing() == Standing::inside);
    }
}

TEST_CASE("failover: half the class carries each alone and neither with both") {
    const Planned planned =
        plan_text(pair("db.m5.2xlarge", at_28, at_28, "cpu_peak_max = \"99%\""));  // 56 to 93 % alone
    for (const Index i : {Index(0), Index(1)}) {
        const Reason* reason = against(planned, i, "db.m5.xlarge", Dimension::failover_cpu);
        REQUIRE(reason != nullptr);
        CHECK(reason->kind == Reason::Kind::failover);
        CHECK(reason->blocking);
        CHECK(reason->from == 1 - i);
        const Projection there = planned.on(i, "db.m5.xlarge");
        const Survival& loss = there.losses.at(0);
        CHECK(reason->check.value->low == loss.cpu->value.low.value);
        CHECK(reason->check.value->high == loss.cpu->value.high.value);
        CHECK(reason->check.value->low < reason->check.value->high);
        CHECK(reason->check.limit == 1);
        CHECK(reason->check.share == loss.cpu->value.high.value);
        CHECK(reason->check.value->high > 1);
        CHECK_FALSE(candidate(planned, i, "db.m5.xlarge").fits);
        CHECK(planned.plan.databases[i].chosen.losses[0].standing() == Standing::inside);
    }
    const Planned given =
        plan_text(pair("db.m5.2xlarge", at_28, at_28, "cpu_peak_max = \"99%\"\nsurvive_failover = false"));
    const DatabasePlan& primary = given.plan.databases[0];
    const Reason* told = against(given, 0, "db.m5.xlarge", Dimension::failover_cpu);
    REQUIRE(told != nullptr);
    CHECK_FALSE(told->blocking);
    CHECK(primary.recommendation.cls != given.fleet.databases[0].type);
    CHECK(primary.chosen.losses[0].standing() == Standing::over);
    CHECK(primary.recommendation.risk == Risk::high);  // it gives up a failover, and says so
}

TEST_CASE("failover: what is not survived today stands against no class") {
    constexpr std::string_view busy = "cpu_mean = \"40%\"\ncpu_peak = \"55%\"\nfreeable_memory = \"24 GiB\"";
    const Planned planned = plan_text(pair("db.m5.2xlarge", busy, busy));
    CHECK(planned.plan.databases[0].now.losses[0].cpu->value.high.value > 1);
    for (const Candidate& c : planned.plan.databases[0].candidates)
        for (const Reason& reason : c.reasons) CHECK(reason.kind != Reason::Kind::failover);
}

TEST_CASE("failover: a CPU that is full without a percent to spare is not survived, and stands against no class") {
    // Two of 50 % on one thread a core.
    const auto reasons = [](std::string_view peak) {
        const std::string half =
            fmt::format("cpu_mean = \"20%\"\ncpu_peak = \"{}%\"\nfreeable_memory = \"24 GiB\"", peak);
        const Planned planned = plan_text(pair("db.m6g.2xlarge", half, half, "cpu_peak_max = \"99%\""));
        std::size_t count = 0;
        for (const Candidate& c : planned.plan.databases[0].candidates)
            for (const Reason& reason : c.reasons) count += reason.kind == Reason::Kind::failover ? 1 : 0;
        return count;
    };
    CHECK(reasons("50") == 0);
    CHECK(reasons("49.9") > 0);
}

TEST_CASE("failover: an unknown CPU of one of them is unknown, and no class that is slower is taken") {
    constexpr std::string_view no_cpu = "freeable_memory = \"24 GiB\"";
    const Planned planned = plan_text(pair("db.m5.2xlarge",
                                           "cpu_mean = \"5%\"\ncpu_peak = \"8%\"\n"
                                           "freeable_memory = \"24 GiB\"",
                                           no_cpu));
    const DatabasePlan& primary = planned.plan.databases[0];
    CHECK_FALSE(primary.now.losses[0].cpu.has_value());
    CHECK(primary.now.losses[0].standing() == Standing::no_worse);
    const Reason* reason = against(planned, 0, "db.m5.xlarge", Dimension::failover_cpu);
    REQUIRE(reason != nullptr);
    CHECK(reason->blocking);
    CHECK(reason->check.standing == Standing::unknown);
    CHECK(primary.recommendation.verdict == Verdict::unknown);
    const auto& missing = primary.recommendation.missing;
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].what == Missing::cpu_peak);
    CHECK(missing[0].database == 1);
    // Who does without is not asked.
    const Planned given = plan_text(pair("db.m5.2xlarge",
                                         "cpu_mean = \"5%\"\ncpu_peak = \"8%\"\n"
                                         "freeable_memory = \"24 GiB\"",
                                         no_cpu, "survive_failover = false"));
    CHECK(given.plan.databases[0].recommendation.verdict == Verdict::resize);
}

TEST_CASE("failover: loads of two classes add up on the one that is left") {
    // The replica is half as large: its 30 % are 15 % of the primary, less what alone on a core is worth.
    std::string text =
        pair("db.m5.2xlarge", at_28, "cpu_mean = \"20%\"\ncpu_peak = \"30%\"\nfreeable_memory = \"9 GiB\"");
    const std::size_t second = text.rfind("db.m5.2xlarge");
    text.replace(second, 13, "db.m5.xlarge");
    const Planned planned = plan_text(text);
    const InstanceClass &large = *planned.fleet.databases[0].type, &small = *planned.fleet.databases[1].type;
    const double of = *small.coremark_per_vcpu * small.vcpus / (*large.coremark_per_vcpu * large.vcpus);  // about half
    REQUIRE(of == doctest::Approx(0.5).epsilon(0.05));
    const double on_primary = 2 / 1.3 * (0.28 + 0.30 * of), on_replica = 2 / 1.3 * (0.30 + 0.28 / of);
    const auto& primary = planned.plan.databases[0].now.losses[0];
    const double law = assess::busy_at(2, on_primary);
    // Same family: 0.85 to 1.4 for the part that moves, 1 for what is there.
    const double moved = 0.30 * of / (0.28 + 0.30 * of);
    CHECK(primary.cpu->value.low.value == doctest::Approx(law * (1 - moved + 0.85 * moved)));
    CHECK(primary.cpu->value.high.value == doctest::Approx(law * (1 - moved + 1.4 * moved)));
    const auto& replica = planned.plan.databases[1].now.losses[0];
    CHECK(replica.cpu->value.high.value > assess::busy_at(2, on_replica));
    CHECK(replica.cpu_standing == Standing::over);
}

TEST_CASE("failover: over cpu_peak_max is a risk") {
    constexpr std::string_view at_10 = "cpu_mean = \"7%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"50 GiB\"";
    const Planned planned = plan_text(pair("db.m5.4xlarge", at_10, at_10, "allow = [\"db.m5.2xlarge\"]"));
    const DatabasePlan& primary = planned.plan.databases[0];
    REQUIRE(primary.recommendation.cls->name == "db.m5.2xlarge");
    REQUIRE(primary.chosen.losses[0].cpu->value.high.value > 0.5);
    REQUIRE(primary.chosen.losses[0].standing() == Standing::inside);
    const auto told = [](const Planned& p) {
        const auto& reasons = p.plan.databases[0].recommendation.risk_reasons;
        return std::any_of(reasons.begin(), reasons.end(),
                           [](const RiskReason& r) { return r.kind == RiskReason::Kind::failover; });
    };
    const Planned strict =
        plan_text(pair("db.m5.4xlarge", at_10, at_10, "allow = [\"db.m5.2xlarge\"]\ncpu_peak_max = \"45%\""));
    REQUIRE(strict.plan.databases[0].recommendation.cls->name == "db.m5.2xlarge");
    CHECK_FALSE(told(planned) == (primary.chosen.losses[0].cpu->value.high <= Fraction(0.6)));
    CHECK(told(strict));
    CHECK(strict.plan.databases[0].recommendation.risk != Risk::low);
}

TEST_CASE("failover: connections are lost to it as well") {
    const Planned planned =
        plan_text(pair("db.m5.2xlarge", at_28, at_28, "", "max_connections = 24\nreserved_connections = 5"));
    const Survival& loss = planned.plan.databases[0].now.losses[0];
    CHECK(loss.connections == Connections(20));
    CHECK(loss.connections_standing == Standing::over);
    CHECK(loss.standing() == Standing::over);
}

TEST_CASE("failover: what is survived today is survived on the recommended class") {
    std::size_t survived = 0;
    for (std::uint64_t seed = 0; seed < test::sampled(150); ++seed) {
        test::Generator generator(seed * 7'919 + 5);
        const auto percent = [&](int least, int most) { return test::uniform(generator, least, most); };
        constexpr std::string_view classes[] = {"db.m5.large",  "db.m5.2xlarge", "db.r5.xlarge",  "db.m6g.2xlarge",
                                                "db.t3.xlarge", "db.t3.2xlarge", "db.t4g.xlarge", "db.m5.4xlarge"};
        const auto cls = classes[static_cast<std::size_t>(percent(0, 7))];
        const auto observed = [&] {
            const int mean = percent(1, 30);
            return fmt::format("cpu_mean = \"{}%\"\ncpu_peak = \"{}%\"\nfreeable_memory = \"{} GiB\"", mean,
                               mean + percent(0, 50), percent(1, 6));
        };
        const std::string primary = observed(), replica = observed();
        const std::string text = pair(cls, primary, replica, "allow_arm = true");
        INFO(text);
        const Planned planned = plan_text(text);
        for (const DatabasePlan& plan : planned.plan.databases) {
            REQUIRE(plan.now.losses.size() == plan.chosen.losses.size());
            for (std::size_t i = 0; i < plan.now.losses.size(); ++i) {
                if (plan.now.losses[i].standing() != Standing::inside) continue;
                ++survived;
                CHECK(plan.chosen.losses[i].standing() == Standing::inside);
            }
        }
    }
    CHECK(survived >= test::sampled(100));
}

TEST_CASE("a replica that is sure not to start is not kept; one that may start runs") {
    const auto with = [](std::string_view replica) {
        std::string text = pair("db.r5.large", "cpu_mean = \"20%\"\ncpu_peak = \"35%\"\nfreeable_memory = \"5 GiB\"",
                                "cpu_mean = \"20%\"\ncpu_peak = \"35%\"\nfreeable_memory = \"2 GiB\"");
        text.replace(text.rfind("db.r5.large"), 11, replica);
        return plan_text(text);
    };
    const Planned half = with("db.m5.large");  // 8 GiB beside 16: half of the connections
    const DatabasePlan& replica = half.plan.databases[1];
    CHECK(replica.recommendation.cls != half.fleet.databases[1].type);
    CHECK(replica.recommendation.cls->memory >= half.plan.databases[0].recommendation.cls->memory);
    const auto findings = test::lint(half);
    const auto found =
        std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.rule->id == "PF030"; });
    REQUIRE(found != findings.end());
    CHECK(found->fix.find(replica.recommendation.cls->name) != std::string::npos);
    const Planned near = with("db.m5.xlarge");  // 16 GiB too: a few connections apart
    CHECK(near.plan.databases[1].recommendation.verdict != Verdict::unknown);
    const auto none = test::lint(near);
    CHECK(std::none_of(none.begin(), none.end(), [](const Finding& f) { return f.rule->id == "PF030"; }));
}

TEST_CASE("failover: without a figure of memory, a class with no less of it is no worse") {
    const std::string_view no_memory = "cpu_mean = \"18%\"\ncpu_peak = \"28%\"";
    const Planned planned = plan_text(pair("db.m5.2xlarge", no_memory, no_memory));
    const auto standing = [&](std::string_view cls) { return planned.on(0, cls).losses.at(0).memory_standing; };
    CHECK(standing("db.m5.2xlarge") == Standing::no_worse);
    CHECK(standing("db.m6g.2xlarge") == Standing::no_worse);  // 32 GiB as well
    CHECK(standing("db.r5.2xlarge") == Standing::no_worse);
    CHECK(standing("db.r5.xlarge") == Standing::no_worse);  // 32 GiB
    CHECK(standing("db.m5.xlarge") == Standing::unknown);
}

TEST_CASE("failover: a replica that was seen to run is not told that it will not start") {
    const auto with = [](std::string_view seen) {
        return plan_text(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"db.m5.*large\"]\n"
            "[[database]]\nname = \"p\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n"
            "[[database]]\nname = \"r\"\nreplica_of = \"p\"\nclass = \"db.m5.large\"\n[database.observed]\n" +
            std::string(seen));
    };
    // 8 GiB beside 16: by the formula half of the connections.
    const Planned unseen = with("cpu_peak = \"20%\"\n"),
                  running = with("cpu_peak = \"20%\"\nreplica_lag = \"0-1 s\"\n");
    const auto limits = plan::not_starting(running.fleet, running.plan, 1);
    REQUIRE(limits);
    CHECK(limits->runs);
    REQUIRE(plan::not_starting(unseen.fleet, unseen.plan, 1));
    CHECK(!plan::not_starting(unseen.fleet, unseen.plan, 1)->runs);
    CHECK(running.plan.databases[1].recommendation.cls == running.fleet.databases[1].type);
    const auto told = [](const Planned& made) {
        const auto findings = test::lint(made);
        const auto found =
            std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.rule->id == "PF030"; });
        return found == findings.end() ? std::string() : found->message;
    };
    CHECK(told(unseen).ends_with("it will not start"));
    CHECK(told(running).ends_with("but it runs: one of the two is another number"));
}
