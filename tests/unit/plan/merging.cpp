// The aggressive strategy: what is merged, what speaks against it, and how much that weighs.
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

using Kind = Point::Kind;

struct Aggressive {
    Planned planned;
    Strategy strategy;
    explicit Aggressive(const std::string& services) : planned(plan_text(one_database("db.m5.large", "", services))) {
        for (Strategy& each : plan::strategies(planned.fleet, planned.plan, {}))
            if (each.phase == Phase::aggressive) strategy = std::move(each);
    }
    const Point* con(Kind kind) const { return find(strategy.cons, kind); }
    const Point* pro(Kind kind) const { return find(strategy.pros, kind); }

private:
    static const Point* find(const std::vector<Point>& points, Kind kind) {
        const auto at = std::find_if(points.begin(), points.end(), [&](const Point& p) { return p.kind == kind; });
        return at == points.end() ? nullptr : &*at;
    }
};

std::string service(std::string_view keys, const std::vector<std::string>& pools) {
    std::string text =
        fmt::format("[[host]]\nname = \"h\"\nvcpus = 4\n[[service]]\nname = \"api\"\nhost = \"h\"\n{}\n", keys);
    char name = 'a';
    for (const std::string& pool : pools)
        text += fmt::format("[[service.pool]]\nname = \"{}\"\ndatabase = \"db\"\n{}\n", name++, pool);
    return text;
}

const std::string used = "max = 10\nin_use = \"2-3\"\n";

}  // namespace

TEST_CASE("merging: the service's merged_max holds the peaks that were seen, and says so only where it is raised") {
    const Aggressive at(service("merged_max = 6", {used, used}));
    CHECK(at.strategy.pools.front().size->value == Connections(6));
    CHECK_FALSE(at.strategy.pools.front().reason.raised_to.has_value());
    const Aggressive under(service("merged_max = 5", {used, used}));
    CHECK(under.strategy.pools.front().size->value == Connections(6));
    CHECK(under.strategy.pools.front().reason.raised_to == Connections(6));
    const Aggressive three(service("merged_max = 5", {used, used, "max = 10"}));
    CHECK(three.strategy.pools.front().size->value == Connections(6));  // what is not known asks for nothing
    CHECK(three.strategy.pools.front().merged == std::vector<Index>{1, 2});
}

TEST_CASE("merging: a size under what the workloads ask for is said, with both numbers") {
    // 300/s × 8 ms need 7 connections each, for the default wait.
    const std::string loaded = "max = 10\nworkload = { rate = \"300/s\", hold = \"8 ms\" }\n";
    const Aggressive enough(service("merged_max = 14", {loaded, loaded}));
    CHECK(enough.con(Kind::too_small) == nullptr);
    const Aggressive small(service("merged_max = 13", {loaded, loaded, used}));
    const Point* said = small.con(Kind::too_small);
    REQUIRE(said != nullptr);
    REQUIRE(said->shares.size() == 1);
    CHECK(said->shares[0].pool == 0);
    CHECK(said->shares[0].part == Connections(13));
    CHECK(said->shares[0].of == Connections(14));
    CHECK(small.strategy.hazard.kind == Hazard::Kind::too_small);
    CHECK(small.strategy.risk == Risk::medium);
}

TEST_CASE("merging: drivers meet where one is the other, or both open the same driver's pools") {
    const auto meet = [](const char* a, const char* b) {
        return Aggressive(
            service("", {used + fmt::format("driver = \"{}\"", a), used + fmt::format("driver = \"{}\"", b)}));
    };
    const Aggressive same = meet("pg", "pg");
    CHECK(same.pro(Kind::share_driver) != nullptr);
    CHECK(same.strategy.hazard.kind == Hazard::Kind::formulas_hold);
    CHECK(same.strategy.risk == Risk::low);
    const Aggressive built = meet("pg", "pg-boss");  // pg-boss opens pg's pools
    REQUIRE(built.con(Kind::share_base) != nullptr);
    CHECK(built.con(Kind::share_base)->base->id == "pg");
    CHECK(built.strategy.hazard.kind == Hazard::Kind::formulas_hold);
    const Aggressive foreign = meet("pg", "postgres-js");
    REQUIRE(foreign.con(Kind::foreign_driver) != nullptr);
    CHECK(foreign.con(Kind::foreign_driver)->base->id == "postgres-js");
    CHECK(foreign.strategy.hazard.kind == Hazard::Kind::foreign_drivers);
    CHECK(foreign.strategy.hazard.count == 1);
    CHECK_FALSE(foreign.strategy.hazard.no_room_either);
    CHECK(foreign.strategy.risk == Risk::medium);
    CHECK(foreign.strategy.effort == Effort::days);
    const Aggressive unknown(service("", {used + "driver = \"pg\"", used}));
    REQUIRE(unknown.con(Kind::share_unknown) != nullptr);
    CHECK(unknown.con(Kind::share_unknown)->pools == std::vector<Index>{0, 1, 1});
    const Aggressive first(service("", {used, used + "driver = \"pg\""}));
    REQUIRE(first.con(Kind::share_unknown) != nullptr);
    CHECK(first.con(Kind::share_unknown)->pools == std::vector<Index>{0, 1, 0});
}

TEST_CASE("merging: pools by their vCPU formula take no code, and are tight where the peak that was seen fills them") {
    const auto scaled = [](std::string_view in_use) {
        return Aggressive(service("", {fmt::format("max = 10\nvcpu_max = \"TOTAL_VCPUS\"\nin_use = \"{}\"", in_use)}));
    };
    const Aggressive roomy = scaled("1-3");
    CHECK(roomy.strategy.applicable);
    CHECK(roomy.strategy.pools.front().size->value == Connections(4));
    CHECK(roomy.strategy.effort == Effort::hours);
    CHECK(roomy.strategy.work.kind == Work::Kind::formulas);
    CHECK(roomy.con(Kind::no_room) == nullptr);
    CHECK(roomy.strategy.hazard.kind == Hazard::Kind::formulas_hold);
    const Aggressive full = scaled("1-4");
    REQUIRE(full.con(Kind::no_room) != nullptr);
    CHECK(full.strategy.hazard.kind == Hazard::Kind::no_room);
    CHECK(full.strategy.risk == Risk::medium);
    CHECK(scaled("1-6").strategy.pools.front().size->value == Connections(6));
    const Aggressive blind(service("", {"max = 10\nvcpu_max = \"TOTAL_VCPUS\""}));
    CHECK(blind.strategy.hazard.kind == Hazard::Kind::unmeasured);
    REQUIRE(blind.con(Kind::formulas_unchecked) != nullptr);
    CHECK(blind.con(Kind::formulas_unchecked)->count == 1);
}

TEST_CASE("merging: a foreign driver weighs more than a pool without room, and that is said beside it") {
    const Aggressive both(service("", {used + "driver = \"pg\"", used + "driver = \"postgres-js\""}) +
                          "[[service]]\nname = \"b\"\nhost = \"h\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\n"
                          "max = 10\nvcpu_max = \"TOTAL_VCPUS\"\nin_use = \"1-4\"\n");
    CHECK(both.strategy.hazard.kind == Hazard::Kind::foreign_drivers);
    CHECK(both.strategy.hazard.no_room_either);
}

TEST_CASE("merging: with one fixed pool a service there is nothing to merge") {
    const Aggressive none(service("", {used}));
    CHECK_FALSE(none.strategy.applicable);
    CHECK(none.con(Kind::nothing_to_merge) != nullptr);
    CHECK(none.strategy.hazard.kind == Hazard::Kind::as_conservative);
}
