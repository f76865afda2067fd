// What max_connections follows beside the server's own class: the chain of replicas on Cloud SQL, a primary elsewhere.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

const std::string google =
    "schema = \"poolfit-inventory/1\"\nname = \"t\"\nprovider = \"gcp\"\nregion = \"us-central1\"\n";

std::string primary(std::string_view cls, std::string_view keys = "") {
    return "[[database]]\nname = \"g\"\nengine = \"postgresql\"\nversion = \"16\"\nclass = \"" + std::string(cls) +
           "\"\n" + std::string(keys);
}
std::string replica(std::string_view name, std::string_view cls, std::string_view keys = "") {
    return "[[database]]\nname = \"" + std::string(name) + "\"\nreplica_of = \"g\"\nclass = \"" + std::string(cls) +
           "\"\n" + std::string(keys);
}

constexpr std::string_view gib_7 = "db-custom-2-7680", gib_15 = "db-custom-4-15360", gib_52 = "db-custom-8-53248";

std::int64_t planned(const Planned& made, Index database) {
    return made.plan.databases[database].budget.limits.max_planned.value.value;
}

}  // namespace

TEST_CASE("replica chains: the default is that of the largest instance, whichever that is") {
    // 7.5 GiB have 400, 15 GiB 500, 52 GiB 600.
    const Planned made = test::plan_text(google + primary(gib_7) + replica("r", gib_52) + replica("s", gib_15));
    CHECK(planned(made, 0) == 600);
    CHECK(planned(made, 1) == 600);
    CHECK(planned(made, 2) == 600);
    CHECK(planned(test::plan_text(google + primary(gib_7)), 0) == 400);
    // A value of its own counts, and on the primary for replicas without one.
    const Planned given = test::plan_text(google + primary(gib_15, "max_connections = 900\n") + replica("r", gib_7) +
                                          replica("s", gib_52, "max_connections = 950\n"));
    CHECK(planned(given, 0) == 900);
    CHECK(planned(given, 1) == 900);
    CHECK(planned(given, 2) == 950);
    // RDS has no such thing.
    const Planned rds = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"g\"\n"
        "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n" +
        replica("r", "db.m5.large"));
    CHECK(planned(rds, 1) < planned(rds, 0));
}

TEST_CASE("replica chains: a replica with less memory starts, and the largest keeps what the others rely on") {
    const std::string idle =
        "[database.observed]\ncpu_mean = \"2%\"\ncpu_peak = \"5%\"\nfreeable_memory = \"6 GiB\"\n"
        "connections = \"1-2\"\nwindow = \"30 d\"\n";
    const std::string large =
        "[database.observed]\ncpu_mean = \"2%\"\ncpu_peak = \"5%\"\nfreeable_memory = \"50 GiB\"\n"
        "connections = \"1-2\"\nwindow = \"30 d\"\n";
    const Planned made = test::plan_text(google + primary(gib_7, idle) + replica("r", gib_52, large));
    const auto& candidates = made.plan.databases[1].candidates;
    const auto on = [&](std::string_view cls) {
        return std::ranges::find_if(candidates, [&](const Candidate& candidate) { return candidate.cls->name == cls; });
    };
    for (const Candidate& candidate : candidates) {
        const bool less = candidate.cls->limit && candidate.cls->limit->range.low < Connections(600);
        const bool chained = std::ranges::any_of(
            candidate.reasons, [](const Reason& reason) { return reason.kind == Reason::Kind::chain; });
        CAPTURE(candidate.cls->name);
        CHECK(chained == less);
    }
    CHECK(on(gib_52) != candidates.end());
    CHECK(made.plan.databases[1].recommendation.cls->limit->range.low >= Connections(600));
    // With values of their own none relies on another.
    const Planned given = test::plan_text(google + primary(gib_7, "max_connections = 300\n" + idle) +
                                          replica("r", gib_52, "max_connections = 700\n" + large));
    CHECK(given.plan.databases[1].recommendation.cls->memory < given.fleet.databases[1].type->memory);
}

TEST_CASE("replica chains: a replica of a server that is not listed keeps its max_connections") {
    const auto made = [](std::string_view lag) {
        return test::plan_text(
            "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"eu-central-1\"\n[[database]]\nname = \"r\"\n"
            "engine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.m6i.xlarge\"\n[database.observed]\n"
            "cpu_mean = \"2%\"\ncpu_peak = \"8%\"\nfreeable_memory = \"11 GiB\"\nwindow = \"30 d\"\n"
            "connections = \"2-4\"\n" +
            std::string(lag));
    };
    const Planned alone = made(""), lagging = made("replica_lag = \"0-2 s\"\n");
    CHECK(alone.plan.databases[0].recommendation.cls->memory < alone.fleet.databases[0].type->memory);
    CHECK(lagging.plan.databases[0].recommendation.cls->memory >= lagging.fleet.databases[0].type->memory);
}

TEST_CASE("replica chains: no instance gets a default above what a replica was set to by hand") {
    // All are full, so that larger classes are looked at; 400 by hand is the default of 7.5 GiB.
    const std::string busy = "[database.observed]\ncpu_peak = \"95%\"\ncpu_mean = \"80%\"\n";
    const auto reasons = [](const Planned& made, Index database, std::string_view cls) {
        std::vector<Index> from;
        const auto& all = made.plan.databases[database].candidates;
        const auto at = std::ranges::find_if(all, [&](const Candidate& each) { return each.cls->name == cls; });
        REQUIRE(at != all.end());
        for (const Reason& reason : at->reasons)
            if (reason.kind == Reason::Kind::standby) from.push_back(reason.from);
        return from;
    };
    const std::string set = replica("r", gib_7, "max_connections = 400\n") + busy;
    const Planned made = test::plan_text(google + primary(gib_7) + busy + set);
    CHECK(reasons(made, 0, gib_15) == std::vector<Index>{1});
    CHECK(reasons(made, 1, gib_15) == std::vector<Index>{1});
    // The primary was set by hand as well: no default counts.
    const Planned both = test::plan_text(google + primary(gib_7, "max_connections = 400\n") + busy + set);
    CHECK(reasons(both, 1, gib_15).empty());
}
