// A deploy that today's class has no room for: what its max_surge would have to be, by hand.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// 480 connections, and more while it is deployed.
Planned deployed(std::string_view deploy, std::string_view more = "") {
    return plan_text(one_database(
        "db.m5.large", "max_connections = 859\nreserved_connections = 9\n",
        fmt::format("[[service]]\nname = \"api\"\ninstances = 40\n{}\n[[service.pool]]\nname = \"p\"\ndatabase = "
                    "\"db\"\nmax = 12\nin_use = \"2-11\"\n{}",
                    deploy, more)));
}

const std::optional<SmallerSurge>& surge(const Planned& planned) {
    return planned.plan.databases[0].recommendation.summary.surge;
}

std::string fix(const Planned& planned) {
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == "PF001" || finding.rule->id == "PF009") return finding.fix;
    return {};
}

}  // namespace

TEST_CASE("surge: a class is bought for a deploy, and the max_surge is named with which today's is enough") {
    const Planned planned = deployed("max_surge = \"100%\"");
    const DatabasePlan& db = planned.plan.databases[0];
    REQUIRE(db.after.allocated.has_value());
    const std::int64_t each = db.after.allocated->value.value / 40;
    REQUIRE(surge(planned).has_value());
    const SmallerSurge& found = *surge(planned);
    const Check* deploy = db.now.find(Dimension::connections_deploy);
    REQUIRE(deploy != nullptr);
    CHECK(found.deploy == Connections((40 + found.instances) * each));
    CHECK(static_cast<double>(found.deploy.value) <= *deploy->limit);
    CHECK(static_cast<double>((found.deploy + Connections(each)).value) > *deploy->limit);
    CHECK(db.recommendation.cls != planned.fleet.databases[0].type);
    // It is true: with it, today's class stays, and one more is too many.
    const auto stays = [&](std::int64_t instances) {
        const Planned then = deployed(fmt::format("max_surge = {}", instances));
        return std::ranges::find(then.plan.databases[0].candidates, then.fleet.databases[0].type, &Candidate::cls)
            ->fits;
    };
    CHECK(stays(found.instances));
    CHECK_FALSE(stays(found.instances + 1));
    CHECK(fix(planned).starts_with(fmt::format("max_surge = {} for api", found.instances)));
}

TEST_CASE("surge: a second set of instances becomes a rolling deploy") {
    const Planned planned = deployed("deploy = \"blue-green\"");
    REQUIRE(surge(planned).has_value());
    CHECK(fix(planned).starts_with("deploy = \"rolling\" and max_surge = "));
}

TEST_CASE("surge: what changes with the pools is said with them") {
    const Planned same = deployed("max_surge = \"100%\"");
    CHECK_FALSE(surge(same)->with_sizes);
    CHECK(fix(same).substr(0, fix(same).find("; or")).find("with the pool sizes from") == std::string::npos);
    // One pool more that is far too large: its new size is a part of what is carried.
    const Planned resized = deployed("max_surge = \"100%\"", one_pool("web", "max = 30\nin_use = \"1-2\""));
    REQUIRE(surge(resized).has_value());
    CHECK(surge(resized)->with_sizes);
    CHECK(fix(resized).find(", with the pool sizes from poolfit plan db  →  ") != std::string::npos);
}

TEST_CASE("surge: none is named where something else is over, or where none is enough") {
    CHECK_FALSE(surge(deployed("deploy = \"recreate\"")).has_value());
    // Of two services that deploy at once, the one that opens more for it; the other's alone would be too much.
    const auto both = [&](int other) {
        return deployed(
            "max_surge = \"100%\"",
            fmt::format("[[service]]\nname = \"web\"\ninstances = 2\ndeploy = \"blue-green\"\n"
                        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = {0}\nin_use = \"1-{1}\"\n",
                        other, other - 1));
    };
    const Planned room = both(50), none = both(90);  // 480 + 200 of 807, and 480 + 360
    REQUIRE(surge(room).has_value());
    CHECK(*room.fleet.services[surge(room)->service].name == "api");
    CHECK(surge(room)->instances == 10);  // 127 / 12
    CHECK_FALSE(surge(none).has_value());
    // With none beside the old ones a deploy is a gap: that is nobody's smaller surge.
    const auto large = [](int max) {
        return plan_text(one_database(
            "db.m5.large", "max_connections = 859\nreserved_connections = 9\n",
            fmt::format("[[service]]\nname = \"api\"\nmax_surge = 2\n[[service.pool]]\nname = \"p\"\ndatabase = "
                        "\"db\"\nmax = {}\nin_use = \"9-{}\"\n",
                        max, max - 1)));
    };
    REQUIRE(surge(large(400)).has_value());
    CHECK(surge(large(400))->instances == 1);
    CHECK_FALSE(surge(large(410)).has_value());
    // Nobody sets the surge of functions.
    CHECK_FALSE(surge(deployed("max_surge = \"100%\"\nruntime = \"serverless\"")).has_value());
    // Its CPU asks for another class as well.
    const std::string busy = "[database.observed]\ncpu_peak = \"90%\"\ncpu_mean = \"60%\"\n";
    const Planned also = plan_text(one_database(
        "db.m5.large", "max_connections = 859\nreserved_connections = 9\n" + busy,
        "[[service]]\nname = \"api\"\ninstances = 40\nmax_surge = \"100%\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"db\"\nmax = 12\nin_use = \"2-11\"\n"));
    CHECK_FALSE(surge(also).has_value());
}
