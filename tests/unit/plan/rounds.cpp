// A plan settles in rounds: what a round takes from the one before is what it would have found.
#include <string>

#include <doctest/doctest.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

// The limit of today's class forces the pool on `busy` to fewer than 100; the class that its CPU asks for has room for
// them, so there is another round. `idle` and its replica have nothing to do with that.
constexpr std::string_view inventory = R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "idle"
engine = "postgresql"
version = "16.4"
class = "db.m5.2xlarge"
[database.observed]
cpu_mean = "4%"
cpu_peak = "12%"
freeable_memory = "24 GiB"
window = "14 d"
[[database]]
name = "reader"
engine = "postgresql"
version = "16.4"
class = "db.m5.2xlarge"
replica_of = "idle"
[database.observed]
cpu_mean = "3%"
cpu_peak = "9%"
freeable_memory = "24 GiB"
window = "14 d"
[[database]]
name = "busy"
engine = "postgresql"
version = "16.4"
class = "db.m5.large"
[database.observed]
cpu_mean = "50%"
cpu_peak = "85%"
freeable_memory = "3 GiB"
window = "14 d"
[[service]]
name = "web"
instances = 10
deploy = "recreate"
[[service.pool]]
name = "main"
database = "busy"
max = 100
[[service.pool]]
name = "other"
database = "idle"
max = 9
in_use = "1-2"
[[service.pool]]
name = "reads"
database = "reader"
max = 4
)";

}  // namespace

TEST_CASE("rounds: a server on the same class as in the round before has the same answers") {
    const Planned all = plan_text(inventory);  // with a recorder, the last round sees all
    const Plan plan = plan::make(all.fleet, test::catalog(), {PriceTerm::list, {0, 1, 2}});
    REQUIRE(all.plan.databases[2].recommendation.cls != all.fleet.databases[2].type);
    REQUIRE(all.plan.pools[0].advice.basis == Basis::declared);
    CHECK(all.plan.pools[0].advice.size->value == Connections(100));
    for (std::size_t i = 0; i < plan.pools.size(); ++i) {
        CAPTURE(i);
        const PoolPlan &pool = plan.pools[i], &other = all.plan.pools[i];
        CHECK(pool.advice.basis == other.advice.basis);
        CHECK(pool.declared->value == other.declared->value);
        CHECK(pool.advice.size->value == other.advice.size->value);
        CHECK(pool.after.allocated->value == other.after.allocated->value);
    }
    for (std::size_t i = 0; i < plan.databases.size(); ++i) {
        CAPTURE(i);
        const DatabasePlan &one = plan.databases[i], &other = all.plan.databases[i];
        CHECK(one.recommendation.cls == other.recommendation.cls);
        CHECK(one.recommendation.verdict == other.recommendation.verdict);
        CHECK(one.recommendation.ranked_by == other.recommendation.ranked_by);
        CHECK(one.recommendation.risk_reasons.size() == other.recommendation.risk_reasons.size());
        CHECK(one.demand.allocated->value == other.demand.allocated->value);
        CHECK(one.after.allocated->value == other.after.allocated->value);
        CHECK(one.chosen.limits.usable.value == other.chosen.limits.usable.value);
        CHECK(one.budget.limits.usable.value == other.budget.limits.usable.value);
    }
    CHECK(plan.totals.after->value == all.plan.totals.after->value);
}
