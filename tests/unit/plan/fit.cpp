// The largest size that fits, by hand: 100 usable, of which the policy allows 80 and, in a deploy, 95.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/plan/fit.hpp>

#include "../../support/fleet.hpp"
#include "../../support/inventories.hpp"
#include "../../support/random_fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;

namespace {

const std::string head = test::main_of_100();

/// Four instances of two processes, each with 20 connections: 160.
std::string api(std::string_view deploy, std::string_view more = "", std::string_view pool = "") {
    return fmt::format(R"({}{}
[[service]]
name = "api"
instances = 4
processes = 2
{}
[[service.pool]]
name = "pool"
database = "{}"
max = 20
{}
)",
                       head, more, deploy, more.empty() ? "main" : "front", pool);
}

struct Fits {
    test::Planned planned;
    plan::Consumer consumer;
    plan::Slope slope;
    plan::Room room;

    explicit Fits(std::string_view text, Index database = 0) : planned(test::plan_text(text)) {
        const auto all = plan::consumers(planned.fleet, planned.plan, database);
        REQUIRE(all.size() == 1);
        consumer = all.front();
        slope = plan::slope(planned.fleet, planned.plan, consumer);
        room = plan::room(planned.fleet, planned.plan, consumer);
    }
    std::optional<std::int64_t> largest() const { return plan::largest(slope, room.steady, room.deploy); }
    std::map<Index, DatabaseDemand> with(std::int64_t size) const {
        return plan::demand_with(planned.fleet, planned.plan, {{consumer, size}});
    }
};

std::int64_t least(std::string_view deploy, std::string_view pool) { return Fits(api(deploy, "", pool)).slope.least; }

}  // namespace

TEST_CASE("fit: one unit of a pool's size, by how it is deployed") {
    // Others have 4 in the steady state: 76 are left; in a deploy 91.
    struct Case {
        std::string_view deploy;
        std::int64_t per_size, largest;
    };
    for (const Case& each : {
             Case{"deploy = \"recreate\"", 8, 9},     // 76 / 8
             Case{"deploy = \"rolling\"", 10, 9},     // one more instance of four: 91 / 10
             Case{"max_surge = \"100%\"", 16, 5},     // 91 / 16
             Case{"max_surge = \"30%\"", 12, 7},      // 1.2 instances are two
             Case{"max_surge = 3", 14, 6},            // 91 / 14
             Case{"deploy = \"blue-green\"", 16, 5},  // twice the instances
         }) {
        const std::string_view deploy = each.deploy;
        CAPTURE(deploy);
        const Fits fits(api(deploy));
        CHECK(fits.room.steady == Connections(76));
        CHECK(fits.room.deploy == Connections(91));
        CHECK(fits.room.failover == Connections(76));
        CHECK(fits.slope.steady == 8);
        CHECK(fits.slope.deploy == each.per_size);
        CHECK(fits.slope.now == 20);
        CHECK(fits.largest() == each.largest);
        const DatabaseDemand then = fits.with(each.largest).at(0);
        CHECK(then.allocated->value == Connections(4 + 8 * each.largest));
        CHECK(then.deploy_peak->value == Connections(4 + each.per_size * each.largest));
    }
}

TEST_CASE("fit: the largest is under today's and not under the least") {
    plan::Slope slope;
    slope.steady = slope.deploy = 8;
    slope.now = 20;
    slope.least = 5;
    CHECK(plan::largest(slope, Connections(40), Connections(1000)) == 5);
    CHECK(!plan::largest(slope, Connections(39), Connections(1000)));
    CHECK(!plan::largest(slope, Connections(-8), Connections(1000)));
    CHECK(plan::largest(slope, Connections(159), Connections(1000)) == 19);
    CHECK(!plan::largest(slope, Connections(160), Connections(160)));
    slope.base = 16;
    CHECK(plan::largest(slope, Connections(1000), Connections(71)) == 6);
    slope.steady = 0;  // no instance: no size of it helps
    CHECK(!plan::largest(slope, Connections(40), Connections(40)));
}

TEST_CASE("fit: the least size is what is known to be needed, else a quarter of today's") {
    CHECK(least("", "") == 5);
    CHECK(least("runtime = \"processes\"", "") == 1);
    CHECK(least("runtime = \"event-loop\"", "") == 5);
    CHECK(least("", "in_use = \"1-7.5\"") == 9);
    CHECK(least("runtime = \"serverless\"", "in_use = \"1-2\"") == 3);
    const Fits sized(api("", "", "[service.pool.workload]\nrate = \"30/s\"\nhold = \"100 ms\""));
    CHECK(sized.slope.least == sized.planned.plan.pools[0].advice.size->value.value);
    CHECK(sized.slope.least > 3);  // 3 erlangs
}

TEST_CASE("fit: not measured, no less than a quarter, and no less than two but where each of many databases has one") {
    const auto of = [](std::string_view databases) {
        const auto planned = test::plan_text(api("deploy = \"recreate\"", "", databases));
        std::vector<std::int64_t> least;
        for (const std::int64_t now : {2, 3, 4, 5, 8, 9, 12, 13, 40})
            least.push_back(plan::least_size(planned.fleet, planned.plan, 0, now));
        return least;
    };
    CHECK(of("") == std::vector<std::int64_t>{2, 2, 2, 2, 2, 3, 3, 4, 10});
    CHECK(of("databases = 5") == std::vector<std::int64_t>{1, 1, 1, 2, 2, 3, 3, 4, 10});
}

TEST_CASE("fit: a pooler's size, with its reserve") {
    // Two instances of 60 and a reserve of 5; 160 clients and more could use them.
    const Fits fits(api("", R"([[pooler]]
name = "front"
kind = "pgbouncer"
mode = "transaction"
database = "main"
instances = 2
default_pool_size = 60
reserve_pool_size = 5
)"));
    REQUIRE(fits.consumer.pooler);
    CHECK(fits.consumer.steady == Connections(130));
    CHECK(fits.slope.steady == 2);
    CHECK(fits.slope.base == 10);
    CHECK(fits.room.steady == Connections(76));
    CHECK(fits.largest() == 33);  // (76 − 10) / 2
    CHECK(plan::steady_at(fits.slope, 33) == Connections(76));
    CHECK(fits.with(33).at(0).allocated->value == Connections(80));
    CHECK(fits.with(34).at(0).allocated->value == Connections(82));
    CHECK(plan::largest(fits.slope, Connections(12), Connections(12)) == 1);
    CHECK(!plan::largest(fits.slope, Connections(11), Connections(11)));  // one has to remain beside the reserve
}

TEST_CASE("fit: a proxy's share of max_connections") {
    const Fits fits(api("", "[[pooler]]\nname = \"front\"\nkind = \"rds-proxy\"\ndatabase = \"main\"\n"));
    CHECK(fits.consumer.steady == Connections(105));
    CHECK(fits.slope.percent == doctest::Approx(1.05));
    CHECK(fits.largest() == 72);  // 76 / 1.05
    CHECK(plan::deploy_at(fits.slope, 72) == Connections(75));
    CHECK(fits.with(72).at(0).allocated->value == Connections(79));
}

TEST_CASE("fit: a reader's pool has the room that any failover leaves") {
    const std::string text = fmt::format("{}{}", head, test::main_and_reader());
    // The reader fails: 4 + 60 and its 50 on the primary, 14 too many. It is promoted: 1 + 50 and 60, 11 too many.
    const Fits read(text, 1);
    CHECK(read.room.steady == Connections(79));
    CHECK(read.room.failover == Connections(36));
    CHECK(plan::largest(read.slope, read.room.failover, read.room.deploy) == 36);
    const auto then = read.with(36);
    CHECK(then.at(0).failover->peak == Connections(100));
    CHECK(then.at(1).failover->peak == Connections(97));
    CHECK(read.with(37).at(0).failover->peak == Connections(101));
    const Fits written(text, 0);
    CHECK(written.room.steady == Connections(76));
    CHECK(written.room.failover == Connections(46));
}

TEST_CASE("fit: of two readers the other one is then the worst") {
    const Fits read(fmt::format("{}{}[[database]]\nname = \"other\"\nreplica_of = \"main\"\nmax_connections = 105\n"
                                "[[service.pool]]\nname = \"more\"\ndatabase = \"other\"\nmax = 48\n",
                                head, test::main_and_reader()),
                    1);
    CHECK(read.planned.plan.databases[0].demand.failover->peak == Connections(114));
    const FailoverCase worst = *read.with(36).at(0).failover;
    CHECK(worst.from == 2);
    CHECK(worst.peak == Connections(112));
}

TEST_CASE("fit: sizes are worse where they push a server over a limit, or further over") {
    const Fits over(api("deploy = \"recreate\"", "", "in_use = \"1-2\""));
    const auto no_worse = [](const Fits& fits, std::int64_t size) {
        return plan::no_worse(fits.planned.plan, fits.with(size));
    };
    CHECK(no_worse(over, 20));
    CHECK(no_worse(over, 19));
    CHECK(!no_worse(over, 21));
    const Fits read(fmt::format("{}{}", head, test::main_and_reader()), 1);
    CHECK(no_worse(read, 50));
    CHECK(!no_worse(read, 51));  // steady and deploy have room, the failover has none
}

TEST_CASE("fit: a part of a fleet has the demand that it has in the whole fleet") {
    test::Generator generator(20261129);
    std::size_t tried = 0;
    for (int i = 0; i < test::sampled(200); ++i) {
        test::RandomFleet fleet = test::random_fleet(generator);
        for (test::RandomService& service : fleet.services)
            for (test::RandomPool& pool : service.pools) pool.workload.reset();  // demand has none
        const std::string text = test::toml(fleet);
        CAPTURE(text);
        const auto planned = test::plan_text(text);
        std::vector<PoolSize> declared;
        for (const PoolPlan& pool : planned.plan.pools) declared.push_back(pool.declared);
        for (Index database = 0; database < planned.fleet.databases.size(); ++database) {
            for (const plan::Consumer& consumer : plan::consumers(planned.fleet, planned.plan, database)) {
                if (!consumer.pool) continue;
                std::vector<PoolSize> sizes = declared;
                sizes[*consumer.pool]->value += Connections(3);
                const Demand whole =
                    assess::demand(planned.fleet, *planned.plan.market, sizes, Phase::after, Recorder());
                const auto part =
                    plan::demand_with(planned.fleet, planned.plan, {{consumer, sizes[*consumer.pool]->value.value}});
                CHECK(part.contains(database));
                for (const auto& [index, demand] : part) {
                    const DatabaseDemand& other = whole.databases[index];
                    CHECK(plan::least_steady(demand) == plan::least_steady(other));
                    CHECK(plan::least_deploy(demand) == plan::least_deploy(other));
                    CHECK(demand.failover.has_value() == other.failover.has_value());
                    if (!demand.failover) continue;
                    CHECK(demand.failover->peak == other.failover->peak);
                    CHECK(demand.failover->from == other.failover->from);
                    CHECK(demand.failover->at_least == other.failover->at_least);
                }
                ++tried;
            }
        }
    }
    CHECK(tried > test::sampled(300));
}

TEST_CASE("fit: a proxy's share is never less than its clients' load asks for, in whole percent of max_connections") {
    // 105 max_connections: 1 % is 1.05 connections.
    for (const std::string_view rate : {"2/s", "8/s", "15/s", "30/s"}) {
        const Fits fits(api("", "[[pooler]]\nname = \"front\"\nkind = \"rds-proxy\"\ndatabase = \"main\"\n",
                            fmt::format("[service.pool.workload]\nrate = \"{}\"\nhold = \"100 ms\"", rate)));
        const auto& load = fits.planned.plan.poolers[0].load;
        REQUIRE(load);
        REQUIRE(load->smallest);
        const double needed = static_cast<double>(load->smallest->value);
        CHECK(static_cast<double>(fits.slope.least) * 1.05 >= needed - 1e-9);
        CHECK(static_cast<double>(fits.slope.least - 1) * 1.05 < needed);
        CHECK(plan::steady_at(fits.slope, fits.slope.least) >= Connections(load->smallest->value - 1));
    }
    // 21 connections are 20 % of 105, and not 21 %.
    plan::Slope slope;
    slope.percent = 1.05;
    slope.now = 101;
    CHECK(plan::steady_at(slope, 20) == Connections(21));
    CHECK(plan::largest(slope, Connections(21), Connections(95)) == 20);
}

TEST_CASE("fit: max_db_connections follows a larger size, and stops one that is smaller") {
    const std::string_view bouncer =
        "[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\ndatabase = \"main\"\n"
        "default_pool_size = 60\npairs = 2\nmax_db_connections = 50\n";
    const Fits fits(api("", bouncer));
    const Pooler& pooler = fits.planned.fleet.poolers[0];
    const auto opened = [&](std::int64_t size) {
        const auto at_most = assess::opened_by_pools(pooler, 0, Figure<std::int64_t>{size, {}}, {}).value.high;
        CHECK(fits.with(size).at(0).allocated->value == Connections(4 + static_cast<std::int64_t>(at_most)));
        return at_most;
    };
    CHECK(opened(20) == 40);
    CHECK(opened(30) == 50);  // 60, but for the stop
    CHECK(opened(60) == 120);
    CHECK(opened(70) == 140);
}
