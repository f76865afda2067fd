// Surplus credits: what a plan says of them and what watches it.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "emitted.hpp"

namespace poolfit::emit {
namespace {

// 31 to 33 % on db.m5.xlarge become up to 42 % on db.t3.xlarge, whose baseline is 40 %: the price has surplus credits
// for it, so neither the signs of its phase nor its alarms expect none. They do where the mean is lower, or not known:
// then the price has none.
TEST_CASE("surplus credits that are in the price: signs, alarms and the runbook agree") {
    struct Case {
        std::string_view mean, peak;
        bool paid;
    };
    for (const Case& each : {Case{"cpu_mean = \"31-33%\"", "38%", true}, Case{"cpu_mean = \"22-23%\"", "28%", false},
                             Case{"", "38%", false}}) {
        CAPTURE(each.mean);
        const Emitted emitted(test::plan_text(fmt::format(R"(schema = "poolfit-inventory/1"
region = "eu-central-1"
[[database]]
name = "main"
engine = "postgresql"
version = "16.8"
class = "db.m5.xlarge"
[database.observed]
{}
cpu_peak = "{}"
freeable_memory = "14 GiB"
iops = "10-20"
ebs_throughput = "1 Mbps"
network = "1 Mbps"
window = "30 d"
[[service]]
name = "api"
[[service.pool]]
name = "main"
database = "main"
max = 5
in_use = "1-2"
)",
                                                          each.mean, each.peak)));
        const DatabasePlan& plan = emitted.report.plan.databases[0];
        REQUIRE(plan.recommendation.cls != nullptr);
        REQUIRE(plan.recommendation.cls->name == "db.t3.xlarge");
        CHECK(plan.chosen.pays_surplus() == each.paid);
        CHECK((plan.chosen.cost->value > plan.chosen.list->value) == each.paid);
        const std::string alarms = all_of(emitted, "alarms"), runbook = all_of(emitted, "runbook");
        CHECK((alarms.find("--metric-name CPUSurplusCreditsCharged") == std::string::npos) == each.paid);
        CHECK((alarms.find("main: the plan includes surplus credits") != std::string::npos) == each.paid);
        CHECK((runbook.find("CPUSurplusCreditsCharged Sum 2880 0") == std::string::npos) == each.paid);
        const auto has = [&](Sign::Kind kind) {
            const auto of_kind = [&](const Sign& sign) { return sign.kind == kind; };
            return std::ranges::any_of(emitted.report.phases, [&](const Action& action) {
                return std::ranges::any_of(action.watch, of_kind) || std::ranges::any_of(action.success, of_kind);
            });
        };
        CHECK(has(Sign::Kind::credits_paid) == each.paid);
        CHECK(has(Sign::Kind::credits_hold) == !each.paid);
        CHECK(has(Sign::Kind::cpu_mean_about) == each.paid);
        // The daily mean may be what the price is for, and no more.
        const std::string limit =
            each.paid ? fmt::format("{:.4f}", plan.chosen.cpu_mean->value.high.value * 100).substr(0, 5) : "40 ";
        CHECK(alarms.find("--threshold " + limit) != std::string::npos);
        CHECK(plan.chosen.mean_as_planned() == (each.paid ? plan.chosen.cpu_mean->value.high : Fraction(0.4)));
    }
}

// The replica's mean CPU is unknown and its peak over the baseline. Its price has no surplus credits, so they would be
// news: it has the alarms that the primary has, whose mean is below.
TEST_CASE("surplus credits that may come and are not in the price have an alarm") {
    const Emitted emitted(test::plan_file("agora/poolfit.toml"));
    const std::string alarms = all_of(emitted, "alarms"), runbook = all_of(emitted, "runbook");
    for (const std::string_view name : {"primary", "replica"}) {
        CAPTURE(name);
        for (const std::string_view key : {"credits_warning", "surplus_credits_warning"})
            CHECK(alarms.find(fmt::format("poolfit {} {}", name, key)) != std::string::npos);
        CHECK(runbook.find(fmt::format("    rds_most {} eu-central-1 CPUSurplusCreditsCharged Sum 2880 0\n", name)) !=
              std::string::npos);
    }
}

}  // namespace
}  // namespace poolfit::emit
