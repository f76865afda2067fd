// deploys_at_once = 1: the worst deploy of one service, by hand.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::service;

namespace {

constexpr std::string_view one = "deploys_at_once = 1", all = "deploys_at_once = \"all\"";
// api: 40 + 10 in its deploy. jobs: 12 + 12. cron: 5 at all times.
const std::string three = service("api", "instances = 4", "max = 10") +
                          service("jobs", "instances = 2\ndeploy = \"blue-green\"", "max = 6") +
                          service("cron", "deploy = \"recreate\"", "max = 5");

std::map<std::string, std::int64_t> each(const Planned& planned, const std::vector<OneDeploy>& deploys) {
    std::map<std::string, std::int64_t> result;
    for (const OneDeploy& deploy : deploys)
        result[*planned.fleet.services[deploy.service].name] = deploy.connections.value.value;
    return result;
}

using Each = std::map<std::string, std::int64_t>;

}  // namespace

TEST_CASE("deploys_at_once = 1: what the worst deploy of one service opens") {
    const Planned together = plan_text(inventory("db.m5.large", "other_connections = 3", three, all));
    CHECK(together.plan.databases[0].demand.deploy_peak->value.value == 82);
    CHECK(together.plan.databases[0].demand.deploys.empty());

    const Planned planned = plan_text(inventory("db.m5.large", "other_connections = 3", three, one));
    const DatabaseDemand& demand = planned.plan.databases[0].demand;
    CHECK(demand.allocated->value.value == 60);
    CHECK(demand.deploy_peak->value.value == 72);
    CHECK(each(planned, demand.deploys) == Each{{"api", 70}, {"jobs", 72}});
    CHECK(planned.node("database.db.connections.deploy_peak.of.api").value.high == 70);
    CHECK(planned.node("database.db.connections.deploy_peak").remark.note == Note::worst_deploy);
    CHECK(planned.figures->conflicts().empty());
}

TEST_CASE("deploys_at_once = 1: where no deploy adds anything, the peak is the steady state") {
    const Planned planned =
        plan_text(inventory("db.m5.large", "", service("a", "deploy = \"recreate\"", "max = 7"), one));
    CHECK(planned.plan.databases[0].demand.deploy_peak->value.value == 7);
}

TEST_CASE("deploys_at_once = 1: a pooler opens what the clients of one deploy ask for, up to its own size") {
    const auto with = [](int size) {
        return plan_text(inventory("db.m5.large", "max_connections = 850",
                                   fmt::format("[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\n"
                                               "mode = \"transaction\"\ndefault_pool_size = {}\n",
                                               size) +
                                       service("api", "instances = 4", "max = 10", "b") +
                                       service("jobs", "instances = 2\ndeploy = \"blue-green\"", "max = 6", "b") +
                                       service("web", "instances = 4", "max = 4"),
                                   one));
    };
    // Clients: 52; 62 while api is deployed, 64 while jobs is. Direct: 16, 20 while web is deployed.
    const Planned wide = with(100);
    CHECK(wide.plan.poolers[0].now.server_deploy.value.value == 64);
    CHECK(each(wide, wide.plan.databases[0].demand.deploys) == Each{{"api", 78}, {"jobs", 80}, {"web", 72}});
    const Planned narrow = with(53);
    CHECK(narrow.plan.poolers[0].now.server.value.value == 52);
    CHECK(narrow.plan.poolers[0].now.server_deploy.value.value == 53);
    CHECK(each(narrow, narrow.plan.databases[0].demand.deploys) == Each{{"api", 69}, {"jobs", 69}, {"web", 72}});
    CHECK(narrow.plan.databases[0].demand.deploy_peak->value.value == 72);
    CHECK(narrow.plan.poolers[0].clients->deploy.value.value == 64);
}

TEST_CASE("deploys_at_once = 1: the size that check proposes is the largest that fits") {
    // usable 100 − 3: 95 % of it are 92. Together 24 + 72 = 96 of 92 in a deploy; jobs alone 12 + 60 = 72.
    const auto text = [](std::string_view policy, int max) {
        return inventory("db.m5.large", "max_connections = 100\nreserved_connections = 3",
                         service("api", "instances = 4\nmax_surge = \"100%\"", fmt::format("max = {}", max)) +
                             service("jobs", "instances = 4\ndeploy = \"blue-green\"", "max = 6"),
                         policy);
    };
    const auto fix = [&](std::string_view policy, int max) {
        std::string fixes;
        const Planned planned = plan_text(text(policy, max));
        for (const Finding& finding : test::lint(planned))
            if (finding.rule->id == "PF009" || finding.rule->id == "PF001")
                fixes += finding.message + "; " + finding.fix;
        return fixes;
    };
    CHECK(fix(all, 6) == "a deploy needs 96 connections, the policy allows 92; max = 5  →  88 of 97 (91 %)");
    CHECK(fix(one, 6).empty());
    CHECK(fix(one, 9) == "the deploy of api needs 96 connections, the policy allows 92; max = 8  →  88 of 97 (91 %)");
}
