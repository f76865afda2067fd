// One finding for one cause, and none hidden with another; sums beside a pool without a limit; large inventories.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../../src/render/phrase.hpp"
#include "../../support/fleet.hpp"
#include "../../support/inventories.hpp"
#include "../../support/random_fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;

namespace {

constexpr std::string_view head = test::main_database;

/// Ids of what is told about connections and pools; suppressed ones in parentheses.
std::string ids(std::string_view text, const lint::Options& options = {},
                const std::vector<std::string>& settings = {}) {
    static constexpr std::string_view told[] = {"PF001", "PF002", "PF003", "PF004", "PF006", "PF007", "PF009", "PF012",
                                                "PF015", "PF016", "PF017", "PF019", "PF022", "PF026", "PF102", "PF901"};
    const auto planned = test::plan_text(text, settings);
    std::string out;
    for (const Finding& finding : test::lint(planned, {}, options)) {
        if (std::ranges::find(told, finding.rule->id) == std::end(told)) continue;
        out += fmt::format(fmt::runtime(finding.suppressed ? "({}) " : "{} "), finding.rule->id);
    }
    return out;
}

/// 91 are usable, 72 by the policy: 84 in the steady state, 168 in a deploy.
std::string surging(std::string_view more = "") {
    return fmt::format(R"({}class = "db.t3.micro"
max_connections = 100
other_connections = 0
reserved_connections = 9
[[service]]
name = "api"
instances = 4
max_surge = "100%"
[[service.pool]]
name = "main"
database = "main"
max = 21
{})",
                       head, more);
}

lint::Options without(std::vector<std::string> rules) { return {{}, std::move(rules), {}}; }

Finding first(const test::Planned& planned, std::string_view rule, std::string_view target) {
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == rule && finding.target == target) return finding;
    return {};
}

}  // namespace

TEST_CASE("causes: what is not asked for hides its own cause, and no other") {
    CHECK(ids(surging()) == "PF001 ");
    CHECK(ids(surging(), without({"PF001"})) == "PF003 ");
    // What a deploy that is over leads to is that cause once more.
    CHECK(ids(surging(), without({"PF001", "PF003"})).empty());
    CHECK(ids(surging(), without({"PF003"})) == "PF001 ");
    CHECK(ids(surging(), {{"PF003"}, {}, {}}) == "PF003 ");
    CHECK(ids(surging(), {{"PF009", "PF003"}, {}, {}}) == "PF003 ");
    const auto planned = test::plan_text(surging());
    CHECK(lint::count(test::lint(planned, {}, without({"PF001"}))).warnings == 1);
    // What holds on top of a state that does not fit has to be true there too.
    const auto full = test::plan_text(surging(), {"service.api.instances=40"});
    for (const Finding& finding : test::lint(full, {}, {{"PF001", "PF007"}, {}, {}})) {
        CAPTURE(finding.message);
        CHECK(finding.message == "a deploy needs 1,680 connections; only 91 are usable");
        CHECK(finding.notes[1].second.before.find("fits today") == std::string::npos);
    }
    for (const Finding& finding : test::lint(full, {}, {{"PF007"}, {}, {}}))
        CHECK(finding.message == "a deploy leaves 0 of 91 connections, operators need 3");
}

TEST_CASE("causes: what is turned off or less severe hides nothing") {
    CHECK(ids(surging("[policy.severity]\nPF001 = \"off\"\n")) == "PF003 ");
    CHECK(ids(surging("[policy.severity]\nPF001 = \"off\"\nPF003 = \"off\"\n")).empty());
    CHECK(ids(surging("[policy.severity]\nPF001 = \"info\"\n")) == "PF003 ");
    CHECK(ids(surging("[policy.severity]\nPF003 = \"error\"\n")) == "PF001 ");
    CHECK(ids(surging(), without({"PF001"}), {"service.api.instances={ min = 1, max = 9 }"}) == "PF017 ");
    CHECK(ids(surging(), without({"PF017"}), {"service.api.instances={ min = 1, max = 9 }"}).empty());
    CHECK(ids(surging(), {{"PF002"}, {}, {}}, {"service.api.instances={ min = 1, max = 9 }"}) == "PF002 ");
    CHECK(ids(surging("[policy.severity]\nPF017 = \"off\"\n"), {}, {"service.api.instances={ min = 1, max = 9 }"})
              .empty());
}

TEST_CASE("causes: what is suppressed hides its own cause, and its suppression has its use") {
    const auto ignore = [](std::string_view rule) {
        return fmt::format("[[ignore]]\nrule = \"{}\"\nreason = \"x\"\n", rule);
    };
    CHECK(ids(surging(ignore("PF001"))) == "(PF001) PF003 ");
    CHECK(ids(surging(ignore("PF001") + ignore("PF003"))) == "(PF001) (PF003) ");
    // One cause, one finding: over at the most instances is over in the steady state, in a deploy, and over the policy.
    const std::vector<std::string> scaled{"service.api.instances={ min = 1, max = 9 }"};
    CHECK(ids(surging(), {}, scaled) == "PF017 ");
    CHECK(ids(surging(ignore("PF017")), {}, scaled) == "(PF017) ");
    const auto hidden = test::plan_text(surging(ignore("PF017")), scaled);
    CHECK(lint::count(test::lint(hidden)).errors == 0);
    CHECK(lint::count(test::lint(hidden)).warnings == 0);
    CHECK(lint::count(test::lint(test::plan_text(surging(), scaled))).errors == 1);
    // Of one that is not told anyway.
    CHECK(ids(surging(ignore("PF003"))) == "PF001 (PF003) ");
    CHECK(ids(surging(ignore("PF002"))) == "PF001 PF901 ");
}

TEST_CASE("causes: a pool's size, beside a finding about its database") {
    const auto used = surging("in_use = \"1-2\"\n");
    CHECK(ids(used) == "PF001 ");
    CHECK(ids(used, without({"PF00"})) == "PF102 ");
    CHECK(ids(used, {{"PF1"}, {}, {}}) == "PF102 ");
    CHECK(ids(surging("in_use = \"1-2\"\n[[ignore]]\nrule = \"PF0\"\nreason = \"x\"\n")) ==
          "(PF001) (PF003) (PF007) (PF009) PF102 ");
    CHECK(ids(surging("in_use = \"1-2\"\n[policy.severity]\nPF102 = \"error\"\nPF001 = \"warning\"\n")) ==
          "PF102 PF001 ");
    // Its runtime, its processes.
    const std::vector<std::string> workers{"service.api.runtime=\"processes\"", "service.api.processes=2"};
    CHECK(ids(surging(), {{"PF015", "PF016"}, {}, {}}, workers) == "PF015 ");
    CHECK(ids(surging(), {{"PF016"}, {}, {}}, workers) == "PF016 ");
    CHECK(ids(surging("[[ignore]]\nrule = \"PF016\"\nreason = \"x\"\n"), {}, workers) == "PF002 (PF016) ");
}

TEST_CASE("causes: a failover is reported for the worst server that has no other problem") {
    const std::string text = test::main_of_100() + test::main_and_reader();
    const auto targets = [](const test::Planned& planned, const lint::Options& options) {
        std::string out;
        for (const Finding& finding : test::lint(planned, {}, options))
            if (finding.rule->id < "PF010") out += fmt::format("{} {} ", finding.rule->id, finding.target);
        return out;
    };
    CHECK(targets(test::plan_text(text), {}) == "PF004 main ");
    const auto steady = test::plan_text(text, {"service.api.pool.main.max=100"});
    CHECK(targets(steady, {}) == "PF002 main PF004 replica ");
    // Hidden, what is over in the steady state takes its own failover with it, and not the other server's.
    CHECK(targets(steady, without({"PF002", "PF001"})) == "PF004 replica ");
    // The replica's own policy comes to light where its failover is told of the primary.
    CHECK(targets(test::plan_text(text, {"service.api.pool.read.max=85"}), {}) == "PF003 replica PF004 main ");
    // Nobody measured: the largest alone would have to be 1, so both are told.
    const auto both = test::plan_text(
        text, {"service.api.pool.main.max=76", "service.api.pool.read.max=75", "service.api.processes=1",
               "database.main.max_connections=100", "database.replica.max_connections=100"});
    const Finding finding = first(both, "PF004", "main");
    CHECK(finding.message == "a failover needs 155 connections; only 95 are usable");
    CHECK(finding.fix == "max = 46 for api.main and 45 for api.read  →  95 of 95 (100 %)");
    CHECK(targets(test::plan_text(text, {"service.api.pool.main.max=46", "service.api.pool.read.max=45",
                                         "database.main.max_connections=100", "database.replica.max_connections=100"}),
                  {}) == "");
    // Measured, a single one may be cut to what it needs.
    CHECK(first(test::plan_text(text, {"service.api.pool.main.in_use=\"1-2\""}), "PF004", "main").fix ==
          "max = 3  →  57 of 100 (57 %): what its use needs, up to 46 fits");
    // One alone would have to be 1, or nothing.
    const auto many = test::plan_text(text, {"database.main.other_connections=12", "service.api.instances=8",
                                             "service.api.pool.main.max=11", "service.api.pool.read.max=10"});
    CHECK(first(many, "PF004", "main").fix == "max = 6 for api.main and 5 for api.read  →  100 of 100 (100 %)");
    const auto small = test::plan_text(
        text, {"service.api.instances=45", "service.api.pool.main.max=2", "service.api.pool.read.max=2"});
    CHECK(first(small, "PF004", "main").fix ==
          "max_connections = 222 instead of 105 (the class allows 820), with a restart  →  184 of 217 (85 %)");
}

TEST_CASE("causes: beside a pool without a limit the others are the least that there can be") {
    const std::string more = R"([[service]]
name = "jobs"
deploy = "recreate"
[[service.pool]]
name = "queue"
database = "main"
driver = "database/sql"
[[ignore]]
rule = "PF012"
reason = "later"
)";
    const std::vector<std::string> many{"service.api.instances=40"};
    CHECK(ids(surging(more), {}, many) == "PF002 (PF012) ");
    const auto planned = test::plan_text(surging(more), many);
    const Finding finding = first(planned, "PF002", "main");
    CHECK(finding.message == "its pools can open at least 840 connections; only 91 are usable");
    REQUIRE(!finding.notes.empty());
    CHECK(finding.notes.back() == std::pair<std::string, Phrase>{"no limit", "jobs.queue"});
    CHECK(finding.fix == "fewer processes, or a pooler: no reasonable pool size is enough");
    CHECK(ids(surging(more)) == "PF001 (PF012) ");
    const auto deploy = test::plan_text(surging(more));
    CHECK(first(deploy, "PF001", "main").message == "a deploy needs at least 168 connections; only 91 are usable");
    CHECK(first(deploy, "PF001", "main").fix == "max = 10  →  at least 80 of 91 (88 %)");
    CHECK(ids(surging(more), {}, {"service.api.pool.main.max=5"}) == "(PF012) ");
    // What would fit at the fewest instances is not known.
    CHECK(ids(surging(more), {}, {"service.api.instances={ min = 1, max = 9 }"}) == "PF002 (PF012) ");
}

TEST_CASE("causes: a pooler's clients beside one without a limit") {
    const auto planned = test::plan_text(fmt::format(R"({}class = "db.m5.large"
max_connections = 105
[[pooler]]
name = "bouncer"
kind = "pgbouncer"
database = "main"
[[service]]
name = "api"
instances = 8
deploy = "recreate"
[[service.pool]]
name = "main"
database = "bouncer"
max = 15
[[service.pool]]
name = "queue"
database = "bouncer"
driver = "database/sql"
)",
                                                     head));
    CHECK(first(planned, "PF005", "bouncer").message ==
          "its clients can open at least 120 connections in a deploy, but it accepts only 100");
}

TEST_CASE("saturated: at the peak and above it, by number and by formula, beside its database's trouble") {
    CHECK(ids(surging("in_use = \"8-21\"\n")) == "PF001 PF026 ");
    CHECK(ids(surging("in_use = \"8-20.5\"\n")) == "PF001 ");
    const auto planned =
        test::plan_text(surging("in_use = \"3-7.5\"\n"), {"service.api.instances=1", "service.api.pool.main.max=6"});
    const Finding finding = first(planned, "PF026", "api.main");
    CHECK(finding.message == "7.5 of 6 connections per process were busy at its peak");
    CHECK(render::in_full(planned.fleet, planned.plan, finding.label) == "max(⌈2.5 × 3⌉, 7.5 + 1) = 9");
    CHECK(finding.fix == "max = 9  →  9 connections instead of 6");
    const auto formula = test::plan_text(surging("in_use = \"3-7\"\n"),
                                         {"service.api.instances=1", "service.api.pool.main.max=\"3 * PROCESSES\""});
    CHECK(render::in_full(formula.fleet, formula.plan, first(formula, "PF026", "api.main").label) ==
          "3 * PROCESSES gives 3, but peak use is 7: max(⌈2.5 × 3⌉, 7 + 1) = 8");
}

TEST_CASE("causes: whatever is left out, the gate sees what is left of a trouble") {
    // Of any fleet: leaving one rule out hides no database's last finding as long as another of them holds alone.
    static constexpr std::string_view order[] = {"PF006", "PF017", "PF002", "PF001",
                                                 "PF004", "PF003", "PF009", "PF007"};
    test::Generator generator(20261125);
    for (int i = 0; i < test::sampled(60); ++i) {
        const std::string text = test::toml(test::random_fleet(generator));
        CAPTURE(text);
        const auto planned = test::plan_text(text);
        const auto all = test::lint(planned);
        for (const std::string_view rule : order) {
            const auto alone = test::lint(planned, {}, {{std::string(rule)}, {}, {}});
            for (const Finding& finding : alone) {
                CAPTURE(finding.message);
                const Index database = finding.databases.front();
                // PF004 is told of one server of a system.
                CHECK(std::ranges::any_of(all, [&](const Finding& each) {
                    return std::ranges::find(order, each.rule->id) != std::end(order) &&
                           each.severity >= finding.severity && (each.databases.front() == database || rule == "PF004");
                }));
            }
        }
    }
}
