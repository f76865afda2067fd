// Money that a fee, a date or a range of capacity changes: worked out by hand from prices of the catalog.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/plan/action.hpp>
#include <poolfit/plan/savings.hpp>
#include <poolfit/plan/strategy.hpp>
#include <poolfit/plan/worlds.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

Planned planned(std::string_view records, std::string_view policy = "", std::string_view region = "us-east-1") {
    return test::plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"{}\"\n{}{}", region, policy, records));
}

/// The same inventory on another day.
Plan on_day(const Planned& made, Date day) {
    plan::Request request;
    request.today = day;
    for (Index i = 0; i < made.fleet.databases.size(); ++i) request.counted.push_back(i);
    return plan::make(made.fleet, test::catalog(), request);
}

double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }

std::string server(std::string_view name, std::string_view engine, std::string_view version, std::string_view cls,
                   std::string_view more = "") {
    return fmt::format("[[database]]\nname = \"{}\"\nengine = \"{}\"\nversion = \"{}\"\nclass = \"{}\"\n{}\n", name,
                       engine, version, cls, more);
}

constexpr std::string_view light =
    "[database.observed]\ncpu_mean = \"4-6%\"\ncpu_peak = \"14-18%\"\nfreeable_memory = \"9-10 GiB\"\n"
    "window = \"30 d\"\n";
constexpr double m5_xlarge = 0.356 * 730;

std::vector<Finding> of_rule(const Planned& made, std::string_view id) {
    auto findings = test::lint(made);
    std::erase_if(findings, [&](const Finding& finding) { return finding.rule->id != id; });
    return findings;
}

}  // namespace

TEST_CASE("money: the share that a change has to save is of the price without Extended Support") {
    Policy policy;  // $10 a month, 10 %
    const auto worth = [&](std::int64_t now, std::int64_t after, std::int64_t support) {
        return plan::worth_it(policy, MicroUsdPerMonth(now * 1'000'000), MicroUsdPerMonth(after * 1'000'000),
                              MicroUsdPerMonth(support * 1'000'000));
    };
    CHECK(worth(300, 285, 150).enough);  // 15 of 150
    CHECK_FALSE(worth(300, 285, 0).enough);
    CHECK(worth(300, 286, 150).share.value == doctest::Approx(14.0 / 150));
    CHECK_FALSE(worth(300, 286, 150).enough);
    CHECK_FALSE(worth(300, 300, 300).enough);
}

TEST_CASE("money: a version in Extended Support hides no change of class that another version shows") {
    // t3.xlarge saves $62.78 of $612.03, and $612.03 + $712.48 with the fee of 4 vCPUs, twice for the standby.
    const auto verdict = [](std::string_view version) {
        const Planned made =
            planned(server("p", "postgresql", version, "db.m5.xlarge", "multi_az = true\n" + std::string(light)) +
                        "[[database]]\nname = \"r\"\nreplica_of = \"p\"\n" + std::string(light),
                    "", "eu-central-1");
        return made.plan.databases[0].recommendation.cls->name;
    };
    CHECK(verdict("15.12") != "db.m5.xlarge");
    CHECK(verdict("12.22") == verdict("15.12"));
}

TEST_CASE("money: a fee whose saving is known is UPGRADE, also where the class cannot be judged") {
    const Planned made = planned(server("db", "postgresql", "12.22", "db.m5.xlarge"), "", "eu-central-1");
    const Recommendation& advice = made.plan.databases[0].recommendation;
    CHECK(advice.verdict == Verdict::upgrade);
    CHECK(dollars(advice.upgrade->saves->value) == doctest::Approx(4 * 0.122 * 730));
    CHECK_FALSE(advice.missing.empty());
    const auto phases = plan::phases(made.fleet, made.plan, {});
    CHECK(std::ranges::find(phases, Action::Gain::judged_class, &Action::gain) != phases.end());
}

TEST_CASE("money: dated totals start anew where Extended Support gets dearer, and are those of a plan of that day") {
    const Planned made = planned(server("db", "postgresql", "12.22", "db.m5.xlarge", light) +
                                     "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\nfamily = \"m5\"\n"
                                     "units = 8\nends = \"2027-06-30\"\n",
                                 "[policy]\nallow = [\"db.m5.xlarge\"]\n");
    const auto& periods = made.plan.committed->periods;
    REQUIRE(periods.size() == 3);
    constexpr double fee = 4 * 0.100 * 730;
    CHECK(dollars(periods[0].now->high) == doctest::Approx(fee));
    CHECK(periods[1].from == Date{2027, 3, 1});
    CHECK(dollars(periods[1].now->high) == doctest::Approx(2 * fee));
    CHECK(dollars(periods[1].after->high) == doctest::Approx(2 * fee));
    CHECK(periods[2].from == Date{2027, 7, 1});
    CHECK(dollars(periods[2].now->high) == doctest::Approx(m5_xlarge + 2 * fee));
    for (const CommittedPeriod& period : periods) {
        const Plan then = on_day(made, period.from);
        CAPTURE(period.from.month);
        if (then.committed && then.committed->total_now)
            CHECK(*period.now == then.committed->total_now->value);
        else
            CHECK(period.now->high == then.totals.now->value);
    }
}

TEST_CASE("money: a price of Extended Support that is not known leaves the sums from then on unknown") {
    // eu-west-1: the price of the third year is not in the catalog.
    const Planned made = planned(server("db", "postgresql", "12.22", "db.m5.xlarge", light) +
                                     "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\nfamily = \"m5\"\n"
                                     "units = 8\nends = \"2027-06-30\"\n",
                                 "[policy]\nallow = [\"db.m5.xlarge\"]\n", "eu-west-1");
    const auto& periods = made.plan.committed->periods;
    REQUIRE(periods.size() == 3);
    CHECK(periods[0].now);
    CHECK_FALSE(periods[0].support_unknown);
    CHECK(periods[1].support_unknown);
    CHECK_FALSE(periods[1].now);
    CHECK_FALSE(periods[2].after);
}

namespace {

/// m5.xlarge, m7g.xlarge in use, and capacity of `acu` units, under a savings plan of $0.60 an hour.
Planned beside_capacity(std::string_view acu, std::string_view rates) {
    const std::string records =
        server("a", "postgresql", "16.8", "db.m5.xlarge",
               "[database.observed]\ncpu_mean = \"9-12%\"\ncpu_peak = \"24-28%\"\nfreeable_memory = \"9-10 GiB\"\n"
               "window = \"30 d\"\n") +
        server("g", "postgresql", "16.8", "db.m7g.xlarge",
               "[database.observed]\ncpu_mean = \"30-32%\"\ncpu_peak = \"50-55%\"\nfreeable_memory = \"5-6 GiB\"\n"
               "window = \"30 d\"\n") +
        "[[database]]\nname = \"s\"\nengine = \"aurora-postgresql\"\nversion = \"16.6\"\nclass = \"db.serverless\"\n" +
        std::string(acu) +
        "[[commitment]]\nname = \"sp\"\nkind = \"savings-plan\"\nusd_per_hour = 0.6\nends = \"2027-06-30\"\n" +
        std::string(rates);
    return planned(records, "[policy]\nallow_arm = true\nallow = [\"db.m5.xlarge\", \"db.m7g.xlarge\"]\n");
}

constexpr std::string_view known_rates =
    "[[commitment.rate]]\nclass = \"db.m7g.xlarge\"\nusd_per_hour = 0.27\n"
    "[[commitment.rate]]\nclass = \"db.serverless\"\nusd_per_hour = 0.09\n";

}  // namespace

TEST_CASE("money: beside a savings plan a move is judged at the worse end of what serverless capacity takes") {
    // 2 ACU take $0.18 an hour and leave $0.15 beside g, for a as well; 16 take all of it.
    const Planned narrow = beside_capacity("acu_min = 2\nacu_max = 2\n", known_rates);
    CHECK(narrow.plan.databases[0].recommendation.verdict == Verdict::resize);
    CHECK_FALSE(narrow.plan.committed->uses[0].at_least());
    const Planned wide = beside_capacity("acu_min = 2\nacu_max = 16\n", known_rates);
    CHECK(wide.plan.databases[0].recommendation.verdict == Verdict::keep);
    const CommitmentUse& use = wide.plan.committed->uses[0];
    CHECK(use.at_least());
    CHECK(use.used_now == doctest::Approx((0.27 + 2 * 0.09) / 0.6));
    CHECK(use.used_now_most == 1);
    const auto found = of_rule(wide, "PF118");
    REQUIRE(found.size() == 1);
    CHECK(std::ranges::any_of(found[0].notes, [](const auto& note) { return note.first == "used"; }));
}

TEST_CASE("money: rates of a savings plan that are not known are asked for") {
    const Planned none = beside_capacity("acu_min = 2\nacu_max = 2\n", "");
    const CommitmentUse& use = none.plan.committed->uses[0];
    REQUIRE(use.asks.size() == 2);
    CHECK(use.asks[0].database == 1);
    CHECK(use.asks[0].cls == "db.m7g.xlarge");
    CHECK(use.asks[1].cls == "db.serverless");
    const auto found = of_rule(none, "PF118");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::info);
    CHECK(found[0].message.find("db.m7g.xlarge (g)") != std::string::npos);
    // Its money has no use at all: the class that may take it is asked for.
    const Planned idle =
        planned(server("a", "postgresql", "16.8", "db.m5.xlarge", light) +
                    "[[commitment]]\nkind = \"savings-plan\"\nusd_per_hour = 0.6\nends = \"2027-06-30\"\n",
                "[policy]\nallow_arm = true\n");
    REQUIRE(idle.plan.committed->uses[0].asks.size() == 1);
    CHECK(idle.plan.committed->uses[0].asks[0].cls.starts_with("db.m7g."));
}

TEST_CASE("money: I/O-Optimized that pays only on the plan's class says what it costs on today's") {
    // db.r6g.2xlarge $757.74: 30 % of it and 500 GiB × $0.125 against 1,400 million at $0.20. db.r6g.large: $189.80.
    const Planned made = planned(server("w", "aurora-postgresql", "16.6", "db.r6g.2xlarge",
                                        "[database.observed]\ncpu_mean = \"4-6%\"\ncpu_peak = \"10-12%\"\n"
                                        "freeable_memory = \"50 GiB\"\n[database.storage]\nsize = \"500 GiB\"\n"
                                        "io_requests = \"1400M/month\"\n"),
                                 "[policy]\nallow_arm = true\n");
    const auto& advice = made.plan.databases[0].storage->advice;
    REQUIRE(advice);
    REQUIRE(advice->saves_today);
    CHECK(usd(advice->saves_today->value.high) == doctest::Approx(280 - 0.3 * 757.74 - 62.5).epsilon(0.001));
    CHECK_FALSE(advice->pays_today);
    const auto found = of_rule(made, "PF114");
    REQUIRE(found.size() == 1);
    CHECK(found[0].fix.starts_with("after the change of class: "));
    // Where the class stays there is one answer.
    const Planned stays = planned(server("w", "aurora-postgresql", "16.6", "db.r6g.large",
                                         "[database.storage]\nsize = \"500 GiB\"\nio_requests = \"1400M/month\"\n"));
    REQUIRE(stays.plan.databases[0].storage->advice);
    CHECK_FALSE(stays.plan.databases[0].storage->advice->saves_today);
}

TEST_CASE("money: provisioned IOPS end where the same throughput has no price on both sides") {
    // 12,000 IOPS come with 400 GiB and carry 1,000 MiB/s: 8,000 × $0.02, twice for the standby.
    const Planned made = planned(server("g", "postgresql", "16.8", "db.m5.xlarge",
                                        "multi_az = true\n[database.observed]\niops = \"1000-5000\"\n"
                                        "[database.storage]\ntype = \"gp3\"\nsize = \"400 GiB\"\niops = 20000\n"
                                        "throughput = \"1000 MiB/s\"\n"));
    const auto& advice = made.plan.databases[0].storage->advice;
    REQUIRE(advice);
    CHECK(advice->kind == StorageAdvice::Kind::fewer_iops);
    CHECK_FALSE(advice->provisioned);
    CHECK(advice->provisioned_mibps == 1000);
    CHECK(usd(advice->saves->value.low) == doctest::Approx(320));
    CHECK_FALSE(advice->cost);
    CHECK(of_rule(made, "PF113").size() == 1);
}

TEST_CASE("money: another kind of volume says up to which throughput it holds, where none was observed") {
    const auto advice = [](std::string_view seen) {
        const Planned made =
            planned(server("db", "postgresql", "16.8", "db.m5.4xlarge",
                           std::string(seen) + "[database.storage]\ntype = \"io1\"\nsize = \"500 GiB\"\n"
                                               "iops = 9000\n"));
        REQUIRE(made.plan.databases[0].storage->advice);
        CHECK(of_rule(made, "PF112").size() == 1);
        return made.plan.databases[0].storage->advice->mibps_not_seen;
    };
    CHECK(advice(""));
    CHECK_FALSE(advice("[database.observed]\nebs_throughput = \"50 MiB/s\"\n"));
}

TEST_CASE("money: RDS Proxy gets no share below what AWS advises, and room above the use of its clients") {
    const auto proxy = [](std::string_view cls, std::string_view share, std::string_view in_use) {
        return planned(server("m", "mysql", "8.4.3", cls) +
                       "[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\n"
                       "database = \"m\"\n" +
                       std::string(share) +
                       "[[service]]\nname = \"api\"\ninstances = 40\n[[service.pool]]\nname = \"p\"\n"
                       "database = \"px\"\ndriver = \"database-sql\"\nmax = 50\nfeatures = []\n" +
                       std::string(in_use));
    };
    // 40 × 2–4 in use of 2,570: 8 % would be 205, 28 % above 160.
    const Planned made = proxy("db.r7g.xlarge", "", "in_use = \"2-4\"\n");
    REQUIRE(made.plan.poolers[0].used);
    CHECK(made.plan.poolers[0].used->enough.value.value == 208);
    if (made.plan.poolers[0].size) CHECK(made.plan.poolers[0].size->value >= 20);
    CHECK(of_rule(proxy("db.t3.micro", "max_connections_percent = \"20%\"\n", ""), "PF047").size() == 1);
    CHECK(of_rule(proxy("db.t3.small", "max_connections_percent = \"30%\"\n", ""), "PF047").empty());
    CHECK(of_rule(proxy("db.t3.medium", "max_connections_percent = \"20%\"\n", ""), "PF047").empty());
    CHECK(of_rule(proxy("db.t3.medium", "max_connections_percent = \"19%\"\n", ""), "PF047").size() == 1);
}

TEST_CASE("money: worlds give regret beside commitments that touch no class of the database") {
    const auto why = [](std::string_view commitment) {
        const Planned made = planned(server("a", "postgresql", "16.8", "db.m5.2xlarge",
                                            "[database.observed]\ncpu_mean = \"4-8%\"\ncpu_peak = \"14-22%\"\n"
                                            "freeable_memory = \"16-24 GiB\"\nwindow = \"30 d\"\n") +
                                         std::string(commitment),
                                     "[policy]\ncost_of_trouble = 200\n", "eu-central-1");
        const std::vector<Index> all{0};
        return plan::worlds(made.fleet, made.plan, {1'000, 1, all, 1, nullptr}).front().no_regret;
    };
    const std::string of_mysql =
        "[[commitment]]\nkind = \"reserved\"\nengine = \"mysql\"\nclass = \"db.r5.large\"\nregion = \"us-east-1\"\n"
        "count = 1\nends = \"2027-06-30\"\n";
    std::string of_r5 = of_mysql;
    of_r5.replace(of_r5.find("mysql"), 5, "postgresql");
    of_r5.replace(of_r5.find("us-east-1"), 9, "eu-central-1");
    CHECK(why(of_mysql) == Worlds::NoRegret::none);
    CHECK(why(of_r5) == Worlds::NoRegret::commitments);  // db.r5.large may be the better class
}

TEST_CASE("money: a class whose support has ended is said, with or without a successor") {
    for (const std::string_view cls : {"db.t2.medium", "db.m4.xlarge", "db.r4.large"})
        CHECK(of_rule(planned(server("a", "mysql", "8.0.40", cls)), "PF103").size() == 1);
    CHECK(of_rule(planned(server("a", "mysql", "8.0.40", "db.t3.medium")), "PF103").empty());
}

TEST_CASE("money: a version older than all life cycles that are known is said") {
    const auto found = of_rule(planned(server("a", "postgresql", "10.23", "db.m5.xlarge")), "PF306");
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "PostgreSQL 10.23: its life cycle is not known, nor what Extended Support costs");
}
