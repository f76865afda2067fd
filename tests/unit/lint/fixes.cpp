// Fixes that end what they are printed for, at no higher price: recomputed, not remembered.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "../../support/fleet.hpp"
#include "../plan/inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string fix_of(const Planned& planned, std::string_view id) {
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == id) return finding.fix;
    return "no finding";
}

std::string unlimited(int instances) {
    return fix_of(
        plan_text(one_database("db.t3.micro", "max_connections = 69\nreserved_connections = 9",
                               one_pool("go", "driver = \"database-sql\"", fmt::format("instances = {}", instances)))),
        "PF012");
}

}  // namespace

TEST_CASE("PF012: the size of a pool without a limit has room on its server") {
    // 80 % of 60 usable connections are 48.
    CHECK(unlimited(4) == "max = 10, with db.SetMaxOpenConns(n)");
    CHECK(unlimited(12) == "max = 4, with db.SetMaxOpenConns(n)");
    CHECK(unlimited(48) == "max = 1, with db.SetMaxOpenConns(n)");
    CHECK(unlimited(49) == "no size fits: fewer instances or processes, or a pooler");
}

TEST_CASE("PF012: several pools without a limit share the room") {
    const Planned planned = plan_text(one_database("db.t3.micro", "max_connections = 69\nreserved_connections = 9",
                                                   one_pool("a", "driver = \"database-sql\"", "instances = 6") +
                                                       one_pool("b", "driver = \"database-sql\"", "instances = 6")));
    CHECK(fix_of(planned, "PF012") == "max = 4, with db.SetMaxOpenConns(n)");
}

TEST_CASE("PF012: a pooler in between leaves connections by request without a limit, the driver's pool ends that") {
    const Planned planned =
        plan_text(one_database("db.t3.micro", "", one_pool("dj", "driver = \"django\"", "runtime = \"event-loop\"")));
    const std::string fix = fix_of(planned, "PF012");
    CHECK(fix.starts_with("use its pool ("));
    CHECK(fix.find("pooler") == fix.npos);
}

TEST_CASE(
    "a fix that is not shown on its line begins with whose size it sets, where the finding is about something else") {
    const auto whole = [](const Planned& planned, std::string_view id) {
        for (const Finding& finding : test::lint(planned))
            if (finding.rule->id == id) return finding.whole_fix();
        return std::string("no finding");
    };
    const Planned rolling = plan_file("rolling/poolfit.toml");
    CHECK(fix_of(rolling, "PF001").starts_with("max = 3  →  120 of 176"));
    CHECK(whole(rolling, "PF001") == "auth-api.main: " + fix_of(rolling, "PF001"));
    // It is about the pool itself, or names it already.
    const Planned agora = plan_file("agora/poolfit.toml");
    CHECK(fix_of(agora, "PF102").starts_with("max = 5  →"));
    CHECK(whole(agora, "PF102") == fix_of(agora, "PF102"));
    const Planned two = plan_text(
        one_database("db.t3.micro", "max_connections = 69\nreserved_connections = 9",
                     one_pool("a", "max = 20", "instances = 3") + one_pool("b", "max = 20", "instances = 3")));
    CHECK(fix_of(two, "PF002").find(" for a.") != std::string::npos);
    CHECK(whole(two, "PF002") == fix_of(two, "PF002"));
}

TEST_CASE("PF021: no class that costs more than the surplus that it saves") {
    const auto at = [](std::string_view mean, std::string_view peak) {
        return fix_of(plan_text(one_database("db.t3.medium",
                                             fmt::format("[database.observed]\ncpu_mean = \"{}\"\ncpu_peak = \"{}\"\n"
                                                         "freeable_memory = \"1.1 GiB\"\nwindow = \"14 d\"\n",
                                                         mean, peak))),
                      "PF021");
    };
    CHECK(at("24%", "50%") == "none needed: even with surplus it is the cheapest class that passes every limit");
    // The plan moves for its CPU, to a class that costs more than this one with its surplus.
    CHECK(at("24%", "63%").starts_with("none needed for the surplus alone: db."));
    CHECK(at("19%", "50%") == "no finding");
}
