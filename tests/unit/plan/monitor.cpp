// Measure first: what is missing, where it is read, and what would change the decision.
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
using namespace poolfit::test;

namespace {

using Kind = Point::Kind;

struct Monitor {
    Planned planned;
    Strategy strategy;
    explicit Monitor(const std::string& text) : planned(plan_text(text)) {
        for (Strategy& each : plan::strategies(planned.fleet, planned.plan, {}))
            if (each.phase == Phase::monitor) strategy = std::move(each);
    }
};

const Point* find(const std::vector<Point>& points, Kind kind) {
    const auto at = std::find_if(points.begin(), points.end(), [&](const Point& p) { return p.kind == kind; });
    return at == points.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("monitor: each measurement that is not given is to be found out, and none that is") {
    struct Given {
        std::string_view line;
        Unmeasured lack;
    };
    const std::vector<Given> all{{"cpu_mean = \"5%\"", Unmeasured::cpu_mean},
                                 {"cpu_peak = \"10%\"", Unmeasured::cpu_peak},
                                 {"freeable_memory = \"6 GiB\"", Unmeasured::freeable_memory},
                                 {"iops = 100", Unmeasured::disk},
                                 {"window = \"30 d\"", Unmeasured::window},
                                 {"max_connections = 800", Unmeasured::max_connections}};
    const auto lacks = [&](std::size_t left_out) {
        std::string database, observed = "[database.observed]\n";
        for (std::size_t i = 0; i < all.size(); ++i)
            if (i != left_out)
                (all[i].lack == Unmeasured::max_connections ? database : observed) += std::string(all[i].line) + "\n";
        const Monitor made(one_database("db.m5.large", database + observed, one_pool("a", "max = 20")));
        const Point* missing = find(made.strategy.changes, Kind::find_out);
        return missing == nullptr ? std::vector<Unmeasured>{} : missing->lacks;
    };
    CHECK(lacks(all.size()).empty());
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(lacks(i) == std::vector<Unmeasured>{all[i].lack});
}

TEST_CASE("monitor: with throughput given, IOPS need not be") {
    const Monitor made(
        one_database("db.m5.large", "[database.observed]\nebs_throughput = \"10 MiB/s\"", one_pool("a", "max = 20")));
    const Point* missing = find(made.strategy.changes, Kind::find_out);
    REQUIRE(missing != nullptr);
    CHECK(std::find(missing->lacks.begin(), missing->lacks.end(), Unmeasured::disk) == missing->lacks.end());
}

TEST_CASE("monitor: each driver's pools are logged where it shows them; those of none on their own server") {
    const Monitor made(one_database("db.m5.large", "",
                                    "[[database]]\nname = \"other\"\nengine = \"mysql\"\nclass = \"db.m5.large\"\n" +
                                        one_pool("a", "max = 20\ndriver = \"pg\"") +
                                        one_pool("b", "max = 20\ndriver = \"pg\"") +
                                        "[[service]]\nname = \"c\"\n[[service.pool]]\nname = \"p\"\n"
                                        "database = \"other\"\nmax = 20\n"));
    std::vector<const Point*> logs;
    for (const Point& change : made.strategy.changes)
        if (change.kind == Kind::log) logs.push_back(&change);
    REQUIRE(logs.size() == 2);
    CHECK(logs[0]->driver->id == "pg");
    CHECK(logs[0]->pools == std::vector<Index>{0, 1});
    CHECK(logs[0]->database == 0);
    CHECK(logs[1]->driver == nullptr);
    CHECK(logs[1]->pools == std::vector<Index>{2});
    CHECK(logs[1]->database == 1);
}

TEST_CASE("monitor: what idles and what is paid meanwhile speaks against it") {
    const Monitor made(one_database("db.m5.large", "", one_pool("a", "max = 20\nin_use = \"1-3\"", "instances = 2")));
    const Point* idle = find(made.strategy.cons, Kind::idle_meanwhile);
    REQUIRE(idle != nullptr);
    CHECK(idle->idle == Interval<Connections>{Connections(34), Connections(38)});
    CHECK(find(made.strategy.cons, Kind::waiting_costs) == nullptr);  // the class stays
    const Monitor unknown(one_database("db.m5.large", "", one_pool("a", "max = 20")));
    CHECK(find(unknown.strategy.cons, Kind::idle_meanwhile) == nullptr);
    const Monitor agora([] {
        return one_database("db.m5.xlarge",
                            "[database.observed]\ncpu_mean = \"5%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"14 GiB\"\n"
                            "window = \"30 d\"",
                            one_pool("a", "max = 20"));
    }());
    const Point* costs = find(agora.strategy.cons, Kind::waiting_costs);
    REQUIRE(costs != nullptr);
    CHECK(costs->cost == agora.planned.plan.totals.saves->value);
    CHECK(costs->cost.value > 0);
}

TEST_CASE("monitor: the mean over which the recommended class would live on credits") {
    const auto text = [](std::string_view mean) {
        return one_database("db.m5.xlarge",
                            fmt::format("[database.observed]\n{}\ncpu_peak = \"10%\"\nfreeable_memory = \"14 GiB\"\n"
                                        "window = \"30 d\"",
                                        mean),
                            one_pool("a", "max = 20"));
    };
    const Monitor blind(text(""));
    const Projection& chosen = blind.planned.plan.databases[0].chosen;
    REQUIRE(chosen.cls->burst.has_value());
    const Point* over = find(blind.strategy.decides, Kind::mean_over_baseline);
    REQUIRE(over != nullptr);
    CHECK(over->cls == chosen.cls);
    // CPU there is today's by one factor, the peak's: at this mean it is the baseline.
    CHECK(over->mean.value * chosen.cpu_peak->value.high.value / 0.10 ==
          doctest::Approx(chosen.cls->burst->baseline.value));
    CHECK(find(Monitor(text("cpu_mean = \"5%\"")).strategy.decides, Kind::mean_over_baseline) == nullptr);
    const Monitor fixed(
        one_database("db.m5.large", "[database.observed]\ncpu_peak = \"10%\"", one_pool("a", "max = 20")));
    CHECK(find(fixed.strategy.decides, Kind::mean_over_baseline) == nullptr);
}

TEST_CASE("monitor: up to which usual use a size holds, by the buffer that sizes are made with") {
    // 2.5 times the usual use: 3 hold 1.2, 8 hold 3.2.
    const Monitor made(one_database("db.m5.large", "",
                                    one_pool("a", "max = 20\nin_use = \"1-2\"") + one_pool("b", "max = 8") +
                                        one_pool("c", "driver = \"database-sql\"")));
    REQUIRE(made.strategy.decides.size() == 2);  // what has no limit holds all
    const Point &advised = made.strategy.decides[0], &today = made.strategy.decides[1];
    CHECK(advised.kind == Kind::holds_recommended);
    CHECK(advised.to == Connections(3));
    CHECK(advised.typical == doctest::Approx(1.2));
    CHECK(today.kind == Kind::holds_today);
    CHECK(today.to == Connections(8));
    CHECK(today.typical == doctest::Approx(3.2));
}

TEST_CASE("monitor: where all is known and watched there is nothing to do first") {
    const std::string all =
        "max_connections = 800\n[database.observed]\ncpu_mean = \"5%\"\ncpu_peak = \"10%\"\n"
        "freeable_memory = \"6 GiB\"\niops = 10\nwindow = \"30 d\"";
    const Monitor none(one_database("db.m5.large", all, one_pool("a", "max = 20\nin_use = \"1-2\"\nmonitored = true")));
    CHECK_FALSE(none.strategy.applicable);
    CHECK(none.strategy.changes.empty());
    CHECK(none.strategy.work.kind == Work::Kind::nothing_missing);
    const Monitor blind(one_database(
        "db.m5.large", all,
        one_pool("a", "max = 20\nin_use = \"1-2\"") + one_pool("b", "max = 9\nin_use = \"1-2\"\nmonitored = true")));
    CHECK(blind.strategy.applicable);
    const Point* watched = find(blind.strategy.pros, Kind::not_monitored);
    REQUIRE(watched != nullptr);
    CHECK(watched->count == 1);
    CHECK(watched->all == 2);
    CHECK(find(blind.strategy.pros, Kind::not_known) == nullptr);
}
