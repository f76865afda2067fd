// Readers of a cluster on capacity that follows the load: in promotion tiers 0 and 1 they are as large as the writer.
#include <string>

#include <doctest/doctest.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

const std::string head =
    "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"db.r6g.*\"]\n";

std::string observed(std::string_view mean, std::string_view peak, std::string_view free) {
    return "[database.observed]\ncpu_mean = \"" + std::string(mean) + "\"\ncpu_peak = \"" + std::string(peak) +
           "\"\nconnections = \"1-4\"\nfreeable_memory = \"" + std::string(free) + "\"\nwindow = \"30 d\"\n";
}

std::string writer(std::string_view server, const std::string& seen) {
    return "[[database]]\nname = \"w\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\n" + std::string(server) +
           seen;
}

std::string reader(std::string_view name, std::string_view keys, const std::string& seen) {
    return "[[database]]\nname = \"" + std::string(name) + "\"\nreplica_of = \"w\"\n" + std::string(keys) + seen;
}

constexpr std::string_view r6g = "class = \"db.r6g.2xlarge\"\n", capacity = "class = \"db.serverless\"\n";

const Recommendation& advice(const Planned& made, Index database) {
    return made.plan.databases[database].recommendation;
}
double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }

}  // namespace

TEST_CASE("serverless readers: beside a writer on a class, the one that takes over stays on a class") {
    const std::string busy = observed("30%", "50%", "30 GiB"), light = observed("1%", "5%", "62 GiB");
    const Planned made = test::plan_text(head + writer(r6g, busy) + reader("a", r6g, light) + reader("b", r6g, light));
    CHECK(advice(made, 1).no_serverless == NoServerless::takes_over);
    REQUIRE(advice(made, 2).serverless);
    CHECK_FALSE(advice(made, 2).serverless->takes_over);
    const Planned only = test::plan_text(head + writer(r6g, busy) + reader("a", r6g, light));
    CHECK(advice(only, 1).no_serverless == NoServerless::takes_over);
    const Planned named = test::plan_text(head + writer(r6g, busy) + reader("a", r6g, light) +
                                          reader("b", std::string(r6g) + "failover_target = true\n", light));
    CHECK(advice(named, 1).serverless);
    CHECK(advice(named, 2).no_serverless == NoServerless::takes_over);
    const Planned not_asked =
        test::plan_text(head + "survive_failover = false\n" + writer(r6g, busy) + reader("a", r6g, light));
    CHECK(advice(not_asked, 1).serverless);
}

TEST_CASE("serverless readers: beside a writer that moves too, the one that takes over costs as much as it") {
    // 8 vCPUs are 32 ACU: 5 % of them are 1.6, and a reader's 2 % would be 0.64, but 2 GiB are 1.
    const Planned made = test::plan_text(head + writer(r6g, observed("1%", "5%", "62 GiB")) +
                                         reader("a", r6g, observed("1%", "2%", "62 GiB")));
    REQUIRE(advice(made, 0).serverless);
    REQUIRE(advice(made, 1).serverless);
    const Serverless &first = *advice(made, 0).serverless, &second = *advice(made, 1).serverless;
    CHECK(second.takes_over);
    CHECK(dollars(first.cost.value.high) == doctest::Approx(1.6 * 0.12 * 730));
    CHECK(second.cost.value.high == first.cost.value.high);
    CHECK(dollars(second.cost.value.low) == doctest::Approx(0.5 * 0.12 * 730));
    // One range for the cluster.
    CHECK(first.min == second.min);
    CHECK(first.max == second.max);
}

TEST_CASE("serverless readers: a cluster with a range keeps it, and what does not fit in it stays on a class") {
    const std::string busy = observed("30%", "50%", "30 GiB"), light = observed("1%", "5%", "60 GiB");
    const auto with = [&](std::string_view range) {
        return test::plan_text(head + writer(r6g, busy) + reader("a", r6g, light) +
                               reader("b", std::string(capacity) + std::string(range), "") + reader("c", r6g, light));
    };
    const Planned roomy = with("acu_min = 1\nacu_max = 48\n");
    REQUIRE(advice(roomy, 3).serverless);
    CHECK(advice(roomy, 3).serverless->min == 1);
    CHECK(advice(roomy, 3).serverless->max == 48);
    CHECK(dollars(advice(roomy, 3).serverless->cost.value.low) == doctest::Approx(0.12 * 730));
    const Planned tight = with("acu_min = 0.5\nacu_max = 2\n");
    CHECK(advice(tight, 3).no_serverless == NoServerless::too_large);
}

TEST_CASE("serverless readers: the bill's high end is the writer's, up to acu_max") {
    const std::string small = "acu_min = 0.5\nacu_max = 40\n";
    const std::string light = observed("1%", "2%", "78 GiB");
    const auto high = [&](const std::string& of_writer, std::string_view range) {
        const Planned made =
            test::plan_text(head + of_writer + reader("a", std::string(capacity) + std::string(range), light));
        return made.plan.databases[1].capacity->units.value.high;
    };
    // 64 GiB are 32 ACU.
    const std::string on_class = writer(r6g, observed("30%", "50%", "30 GiB"));
    CHECK(high(on_class, small) == doctest::Approx(32));
    // A quarter of 40 ACU.
    const std::string serverless = writer(std::string(capacity) + small, observed("5%", "25%", "70 GiB"));
    CHECK(high(serverless, "") == doctest::Approx(10));
}
