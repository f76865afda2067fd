// When another strategy than right-sizing is recommended: both sides of each border, and how far away it is.
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

struct Ways {
    Planned planned;
    std::vector<Strategy> all;
    explicit Ways(const std::string& text) : planned(plan_text(text)) {
        all = plan::strategies(planned.fleet, planned.plan, Recorder(planned.figures.get()));
    }
    const Strategy& operator[](std::string_view name) const {
        return *std::find_if(all.begin(), all.end(), [&](const Strategy& s) { return s.name == name; });
    }
    const Strategy& recommended() const {
        return *std::find_if(all.begin(), all.end(), [](const Strategy& s) { return s.recommended; });
    }
    const Threshold& threshold(std::string_view name, Threshold::Quantity quantity) const {
        const auto& thresholds = (*this)[name].thresholds;
        return *std::find_if(thresholds.begin(), thresholds.end(),
                             [&](const Threshold& t) { return t.quantity == quantity; });
    }
};

/// 26 instances that need 3 connections each, 78; a pooler needs 65, of 100 that are usable. Of a server of your own,
/// since the limit of a class could be raised; what its memory carries is not known.
Ways beside(int other, std::string_view policy) {
    return Ways(
        fmt::format("schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\n"
                    "provider = \"self-managed\"\nvcpus = 2\nmemory = \"8 GiB\"\nmax_connections = 105\n"
                    "reserved_connections = 5\nother_connections = {}\n{}[policy]\n{}\n",
                    other, one_pool("a", "max = 3\nin_use = \"1-2\"", "instances = 26"), policy));
}

}  // namespace

TEST_CASE("a pooler takes over where right-sized pools are one connection over a limit, and not at it") {
    for (const char* policy : {"connections_steady_max = \"80%\"\nconnections_deploy_max = \"100%\"",
                               "connections_steady_max = \"100%\"\nconnections_deploy_max = \"80%\""}) {
        CAPTURE(policy);
        const Ways at = beside(2, policy);
        CHECK(at["conservative"].after->value == Connections(80));
        CHECK(at.recommended().name == "conservative");
        const Ways over = beside(3, policy);
        CHECK(over["pooler"].after->value == Connections(68));
        CHECK(over.recommended().name == "pooler");
        CHECK(over.recommended().why.kind == Why::Kind::fits);
    }
}

TEST_CASE("new services are that many months away, by the inventory's growth") {
    const auto months = [](std::string_view growth) {
        const Ways made(one_database("db.m5.large", "", one_pool("a", "max = 3") + std::string(growth)));
        return made.threshold("pooler", Threshold::Quantity::new_services).months;
    };
    CHECK(months("[growth]\nservices_per_year = 4\n") == 15);  // five more
    CHECK(months("[growth]\nservices_per_year = 1\n") == 60);
    CHECK(months("[growth]\nservices_per_year = 60\n") == 1);
    CHECK(months("[growth]\nservices_per_year = 50\n") == 2);  // 1.2
    CHECK_FALSE(months("[growth]\nservices_per_year = 0\n").has_value());
    CHECK_FALSE(months("[growth]\nload = \"1% / month\"\n").has_value());
    CHECK_FALSE(months("").has_value());
}

TEST_CASE("merging takes over where right-sized pools open half of max_connections, and not below") {
    // Two pools of 25, or one of 30, of 105.
    const auto with = [](int other) {
        const std::string pools =
            "[[service]]\nname = \"api\"\ndeploy = \"recreate\"\nmerged_max = 30\n"
            "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 40\nin_use = \"10-11\"\n"
            "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 40\nin_use = \"10-11\"\n";
        return Ways(one_database(
            "db.m5.large",
            fmt::format("max_connections = 105\nreserved_connections = 5\nother_connections = {}", other), pools));
    };
    const Ways below = with(2);
    CHECK(below["conservative"].after->value == Connections(52));
    CHECK(below.recommended().name == "conservative");
    const Ways half = with(3);
    CHECK(half.recommended().name == "aggressive");
    CHECK(half.recommended().why.kind == Why::Kind::over);
    CHECK(half.recommended().why.share.value == doctest::Approx(53.0 / 105));
    CHECK(half["aggressive"].after->value == Connections(33));
}

TEST_CASE("a pool without a limit fits no server: a pooler gives it one") {
    const Ways made(one_database(
        "db.m5.large", "", one_pool("a", "max = 20\nin_use = \"1-2\"") + one_pool("b", "driver = \"database-sql\"")));
    CHECK_FALSE(made["conservative"].after.has_value());
    CHECK(made.recommended().name == "pooler");
    CHECK(made.recommended().why.kind == Why::Kind::fits);
}

TEST_CASE("right-sizing says of each pool what its size stands on, and which services keep several") {
    const auto pools_of = [](const std::vector<Point>& points, Point::Kind kind) {
        std::vector<Index> pools;
        for (const Point& point : points)
            if (point.kind == kind) pools.insert(pools.end(), point.pools.begin(), point.pools.end());
        return pools;
    };
    const Ways made(
        one_database("db.m5.large", "",
                     "[[service]]\nname = \"api\"\n"
                     "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 20\nin_use = \"1-2\"\n"
                     "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 20\nin_use = \"1-2\"\nvcpu_max = \"4\"\n"
                     "[[service.pool]]\nname = \"c\"\ndatabase = \"db\"\nmax = 20\n" +
                         one_pool("other", "max = 20\nworkload = { rate = \"30/s\", hold = \"8 ms\" }") +
                         one_pool("last", "driver = \"database-sql\"")));
    const Strategy& base = made["conservative"];
    using Kind = Point::Kind;
    CHECK(pools_of(base.cons, Kind::fixed_numbers) == std::vector<Index>{0, 3});
    CHECK(pools_of(base.cons, Kind::left_as_today) == std::vector<Index>{2});
    CHECK(pools_of(base.cons, Kind::without_limit) == std::vector<Index>{4});
    CHECK(pools_of(base.cons, Kind::keeps_pools) == std::vector<Index>{0, 1, 2});
    const auto count = [&](Kind kind) {
        const auto at =
            std::find_if(base.pros.begin(), base.pros.end(), [&](const Point& p) { return p.kind == kind; });
        return at == base.pros.end() ? 0 : at->count;
    };
    CHECK(count(Kind::by_use) == 2);
    CHECK(count(Kind::by_workload) == 1);
    CHECK(count(Kind::by_formula) == 0);
    CHECK(base.hazard.count == 3);
    CHECK(base.hazard.blind == 3);
}

TEST_CASE("right-sizing names the limit of connections that it cures, and no other") {
    const auto trouble = [](int max, std::string_view cpu) {
        const Ways made(
            one_database("db.m5.large",
                         fmt::format("max_connections = 105\nreserved_connections = 5\n[database.observed]\n"
                                     "cpu_mean = \"10%\"\ncpu_peak = \"{}\"\nfreeable_memory = \"6 GiB\"",
                                     cpu),
                         one_pool("a", fmt::format("max = {}\nin_use = \"1-2\"", max))));
        CHECK(made.recommended().why.kind == Why::Kind::change);
        return made.recommended().why.trouble;
    };
    const auto over = trouble(90, "20%");
    REQUIRE(over.has_value());
    CHECK(over->check.dimension == Dimension::connections_steady);
    const auto both = trouble(90, "90%");
    REQUIRE(both.has_value());
    CHECK(both->check.dimension == Dimension::connections_steady);
    CHECK_FALSE(trouble(50, "90%").has_value());
}

TEST_CASE("right-sizing cures a limit that the right sizes just keep") {
    // The peak and one more is 80 of 100 usable, which the policy allows, and then 81.
    const auto cured = [](int peak) {
        const Ways made(one_database("db.m5.large", "max_connections = 105\nreserved_connections = 5",
                                     one_pool("a", fmt::format("max = 96\nin_use = \"1-{}\"", peak))));
        return std::ranges::any_of(made.all,
                                   [](const Strategy& s) { return s.recommended && s.why.trouble.has_value(); });
    };
    CHECK(cured(79));
    CHECK_FALSE(cured(80));
}
