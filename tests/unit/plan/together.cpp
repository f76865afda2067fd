// A primary and its replicas are chosen together: what its class saves may cost more on them. Prices by hand.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

constexpr std::string_view today_of_a_replica = "db.t3.xlarge";

/// `p` needs more than a db.m5.large. A db.t3.xlarge pays for surplus credits there, and two replicas that hardly work
/// run on one each at $30; a db.r5.xlarge gives more max_connections, so that with it they would have to follow.
std::string primary_and_replicas(double r5_xlarge) {
    constexpr std::string_view idle =
        "observed = { cpu_mean = \"5%\", cpu_peak = \"8%\", freeable_memory = \"9 GiB\", window = \"30 d\", iops = 10 "
        "}\n";
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n"
        "[policy]\nallow = [\"db.m5.large\", \"db.t3.xlarge\", \"db.r5.xlarge\"]\n"
        "[[price]]\nclass = \"db.m5.large\"\nusd_per_month = 25\n"
        "[[price]]\nclass = \"db.t3.xlarge\"\nusd_per_month = 30\n"
        "[[price]]\nclass = \"db.r5.xlarge\"\nusd_per_month = {0}\n"
        "[[database]]\nname = \"p\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
        "observed = {{ cpu_mean = \"80%\", cpu_peak = \"81%\", freeable_memory = \"3 GiB\", window = \"30 d\", "
        "iops = 10 }}\n"
        "[[database]]\nname = \"r1\"\nreplica_of = \"p\"\nclass = \"{1}\"\n{2}"
        "[[database]]\nname = \"r2\"\nreplica_of = \"p\"\nclass = \"{1}\"\n{2}",
        r5_xlarge, today_of_a_replica, idle);
}

std::vector<std::string_view> classes(const Plan& plan) {
    std::vector<std::string_view> names;
    for (const DatabasePlan& database : plan.databases) names.push_back(database.recommendation.cls->name);
    return names;
}

std::int64_t ranked_by(const Planned& planned, std::size_t database) {
    return planned.plan.databases[database].recommendation.ranked_by->value;
}

/// Without derivations it is another pass through the same choice.
std::vector<std::string_view> classes_of_numbers(const Planned& planned) {
    return classes(plan::make(planned.fleet, test::catalog(), {PriceTerm::list, {}, plan::Depth::decide, nullptr}));
}

}  // namespace

TEST_CASE("together: a primary takes the class that costs it more where its replicas can stay so") {
    const Planned planned = plan_text(primary_and_replicas(35));
    const std::vector<std::string_view> stay{"db.t3.xlarge", today_of_a_replica, today_of_a_replica};
    CHECK(classes(planned.plan) == stay);
    CHECK(classes_of_numbers(planned) == stay);
    CHECK(ranked_by(planned, 0) > 35'000'000);  // alone it would take the other
    CHECK(ranked_by(planned, 0) + ranked_by(planned, 1) + ranked_by(planned, 2) < 3 * 35'000'000);
}

TEST_CASE("together: replicas follow where all of it is cheaper so") {
    const Planned planned = plan_text(primary_and_replicas(29));
    const std::vector<std::string_view> all{"db.r5.xlarge", "db.r5.xlarge", "db.r5.xlarge"};
    CHECK(classes(planned.plan) == all);
    CHECK(classes_of_numbers(planned) == all);
}

TEST_CASE("together: the whole decides, to the cent") {
    // $35.85 and twice $30 are $95.85: three at $31.94 cost less, three at $31.96 do not.
    CHECK(classes(plan_text(primary_and_replicas(31.96)).plan).front() == "db.t3.xlarge");
    CHECK(classes(plan_text(primary_and_replicas(31.94)).plan).front() == "db.r5.xlarge");
}
