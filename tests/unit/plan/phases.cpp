// The action plan's order, its numbers and a few of its words, and the runway.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/plan/action.hpp>

#include "../../../src/render/phase_words.hpp"
#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

/// An action plan, and what its words are made of.
struct Actions {
    Report report;
    const Action& operator[](std::size_t at) const { return report.phases[at]; }
    std::size_t size() const { return report.phases.size(); }
    std::vector<std::string> titles() const {
        std::vector<std::string> texts;
        for (const Action& action : report.phases) texts.push_back(render::title(report, action));
        return texts;
    }
};

Actions phases(const Planned& planned) {
    Actions made;
    made.report.fleet = &planned.fleet;
    made.report.plan = planned.plan;
    made.report.strategies = plan::strategies(planned.fleet, planned.plan, {});
    made.report.phases = plan::phases(planned.fleet, planned.plan, made.report.strategies);
    return made;
}

const Sign* find(const std::vector<Sign>& signs, Sign::Kind kind) {
    const auto at = std::find_if(signs.begin(), signs.end(), [&](const Sign& sign) { return sign.kind == kind; });
    return at == signs.end() ? nullptr : &*at;
}

bool has(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

std::optional<int> month(const std::vector<Runway>& all, Index database, bool after, Dimension dimension) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const Runway& r) {
        return r.database == database && r.after == after && r.dimension == dimension;
    });
    REQUIRE(at != all.end());
    return at->months;
}

std::vector<Runway> runway(std::string_view growth) {
    std::string text =
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nprovider = \"aws\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\nmax_connections = 809\n"
        "reserved_connections = 9\n"
        "[database.observed]\ncpu_mean = \"10%\"\ncpu_peak = \"30%\"\nfreeable_memory = \"4 GiB\"\n"
        "[[service]]\nname = \"a\"\ndeploy = \"recreate\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 100\n"
        "[[service]]\nname = \"b\"\ndeploy = \"recreate\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 100\n";
    text += growth;
    const Planned planned = test::plan_text(text);
    const auto all = plan::runway(planned.fleet, planned.plan, Recorder(planned.figures.get()));
    CHECK(planned.figures->conflicts().empty());
    return all;
}

}  // namespace

TEST_CASE("phases: pools change on servers that have some; of the others no number of connections is expected") {
    const Planned planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nprovider = \"aws\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
        "[[database]]\nname = \"other\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
        "[[service]]\nname = \"a\"\ninstances = 4\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 40\nin_use = 2\n");
    const Actions all = phases(planned);
    const auto pools = std::ranges::find(all.report.phases, Action::Kind::pools, &Action::kind);
    REQUIRE(pools != all.report.phases.end());
    CHECK(pools->databases == std::vector<Index>{0});
    for (const Sign& sign : pools->watch) CHECK(sign.database == 0);
    const std::vector<std::string> success = render::success_texts(all.report, *pools);
    CHECK(std::ranges::none_of(success, [](const std::string& text) { return text.find("other") != text.npos; }));
}

TEST_CASE("agora: the instances first, the primary before its replica, the pools after them") {
    const Planned planned = test::plan_file("agora/poolfit.toml");
    const Actions all = phases(planned);
    CHECK(all.titles() == std::vector<std::string>{"primary: db.m5.xlarge → db.t3.large",
                                                   "replica: db.m5.xlarge → db.t3.large",
                                                   "pools, conservative: 51 → 31 connections"});
    CHECK(all[0].saves_per_year->value.value == 2'196'000'000);
    CHECK(all[0].gain == Action::Gain::saves);
    CHECK(all[0].downtime.kind == Downtime::Kind::restart);
    CHECK(render::downtime_text(all.report, all[0]) ==
          "single-AZ: the instance restarts; some minutes of downtime, never zero");
    const Sign* memory = find(all[0].watch, Sign::Kind::memory_least);
    REQUIRE(memory != nullptr);
    CHECK(gib(memory->bytes) == doctest::Approx(4));
    CHECK(has(render::watch_texts(all.report, all[0]), "FreeableMemory: at least 4 GiB; SwapUsage: does not grow"));
    const Sign* connections = find(all[0].success, Sign::Kind::connections_now_then);
    REQUIRE(connections != nullptr);
    CHECK(connections->before.value == 31);
    CHECK(connections->most.value == 21);
    CHECK(has(render::success_texts(all.report, all[0]), "connections at most 31 before the pools change, 21 after"));
    CHECK(find(all[1].success, Sign::Kind::cpu_mean_unknown) != nullptr);
    CHECK(all[2].strategy == std::size_t(0));
    CHECK(all[2].connections.value == 20);
    const Sign* server = find(all[2].watch, Sign::Kind::server_connections_most);
    REQUIRE(server != nullptr);
    CHECK(server->database == 0);
    CHECK(server->most.value == 21);
}

TEST_CASE("drivers that count no waiting requests are watched otherwise") {
    const Planned planned = test::plan_file("agora/poolfit.toml");
    const Actions all = phases(planned);
    const Sign *silent = find(all[2].watch, Sign::Kind::counts_no_waiting),
               *counts = find(all[2].watch, Sign::Kind::waiting);
    REQUIRE(silent != nullptr);
    REQUIRE(counts != nullptr);
    CHECK(silent->driver->id == "postgres-js");
    CHECK(counts->driver->id == "pg-boss");
}

TEST_CASE("Multi-AZ: a failover, about a minute") {
    const Planned planned = test::plan_file("multi-az/poolfit.toml");
    const Actions all = phases(planned);
    REQUIRE(all.titles().front().starts_with("orders:"));
    CHECK(all[0].downtime.kind == Downtime::Kind::failover);
    CHECK(render::downtime_text(all.report, all[0]).find("about a minute") != std::string::npos);
}

TEST_CASE("a primary that grows waits for its replicas") {
    const std::string text =
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nprovider = \"aws\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m6i.large\"\n"
        "[database.observed]\ncpu_mean = \"50%\"\ncpu_peak = \"90%\"\nfreeable_memory = \"0.2 GiB\"\nwindow = \"30 "
        "d\"\n"
        "[[database]]\nname = \"r\"\nreplica_of = \"db\"\n"
        "[database.observed]\ncpu_mean = \"50%\"\ncpu_peak = \"90%\"\nfreeable_memory = \"0.2 GiB\"\nwindow = \"30 "
        "d\"\n"
        "[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 10\nin_use = \"1-2\"\n";
    const Planned planned = test::plan_text(text);
    const Actions all = phases(planned);
    REQUIRE(all.size() >= 2);
    CHECK(all[0].databases == std::vector<Index>{1});
    CHECK(all[1].databases == std::vector<Index>{0});
}

TEST_CASE("today's deploy does not fit: the pools come before any instance") {
    const Planned planned = test::plan_file("rolling/poolfit.toml");
    const Actions all = phases(planned);
    REQUIRE(all.size() > 0);
    CHECK(all[0].kind == Action::Kind::pools);
}

TEST_CASE("a verdict that lacks an input becomes a phase that finds it out") {
    const Planned planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nprovider = \"aws\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n");
    const Actions all = phases(planned);
    REQUIRE(all.size() == 1);
    CHECK(all[0].kind == Action::Kind::measure);
    CHECK_FALSE(all[0].strategy.has_value());
    CHECK(std::any_of(all[0].steps.begin(), all[0].steps.end(), [](const Step& step) {
        return step.kind == Step::Kind::write && step.missing.what == Missing::cpu_peak;
    }));
    CHECK(has(render::step_texts(all.report, all[0]), "Add database.db.observed.cpu_peak to the inventory."));
}

TEST_CASE("runway: nothing without growth") { CHECK(runway("").empty()); }

TEST_CASE("runway: connections by services a year, the first month over the limit") {
    // 200 of 640 (80 % of 800); a service has 100 on average; 12 a year are 100 a month: 600 in month 4, 700 in 5.
    const auto all = runway("[growth]\nservices_per_year = 12\n");
    CHECK(month(all, 0, false, Dimension::connections_steady) == 5);
    CHECK(month(all, 0, false, Dimension::connections_deploy) == 6);  // 760: 800 in month 6
}

TEST_CASE("runway: load compounds") {
    // 30 % to 60 %: 1.1^7 is 1.95, 1.1^8 is 2.14.
    const auto all = runway("[growth]\nload = \"10% / month\"\n");
    CHECK(month(all, 0, false, Dimension::cpu_peak) == 8);
}

TEST_CASE("runway: more growth never lasts longer, and slow growth is said to last") {
    std::optional<int> last;
    for (const char* rate : {"1", "3", "12", "60", "600"}) {
        const auto now = month(runway(std::string("[growth]\nservices_per_year = ").append(rate).append("\n")), 0,
                               false, Dimension::connections_steady);
        if (last) CHECK((now && *now <= *last));
        last = now;
    }
    const auto slow = runway("[growth]\nload = \"0.1% / month\"\n");
    CHECK_FALSE(month(slow, 0, false, Dimension::cpu_peak).has_value());
    const auto at =
        std::find_if(slow.begin(), slow.end(), [](const Runway& r) { return r.dimension == Dimension::cpu_peak; });
    REQUIRE(at != slow.end());
    CHECK(at->limit == doctest::Approx(0.6));
}

namespace {

/// So many services whose pools count the vCPUs of one server.
std::string counting(std::string_view server, int services, int instances, std::string_view max) {
    std::string text =
        std::string("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n") + std::string(server);
    for (int i = 0; i < services; ++i)
        text += "[[service]]\nname = \"s" + std::to_string(i) + "\"\ninstances = " + std::to_string(instances) +
                "\ndeploy = \"blue-green\"\n[[service.pool]]\nname = \"main\"\ndatabase = \"db\"\nmax = \"" +
                std::string(max) + "\"\nin_use = \"1-2\"\n";
    return text;
}

const RiskReason* pools_first(const Planned& planned) {
    const auto& reasons = planned.plan.databases[0].recommendation.risk_reasons;
    const auto at = std::ranges::find(reasons, RiskReason::Kind::pools_first, &RiskReason::kind);
    return at == reasons.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("pools that count vCPUs go before a smaller class: processes that run keep their sizes") {
    const Planned planned = test::plan_text(
        counting("[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.m5.2xlarge\"\n"
                 "max_connections = 1500\n[database.observed]\ncpu_peak = \"8%\"\ncpu_mean = \"3%\"\n"
                 "freeable_memory = \"28 GiB\"\nwindow = \"30 d\"\n",
                 5, 4, "4 * DB_VCPUS"));
    REQUIRE(planned.plan.databases[0].chosen.cls->vcpus < 8);
    REQUIRE(pools_first(planned) != nullptr);
    CHECK(pools_first(planned)->connections == Connections(5 * 4 * 2 * 32));
    const Actions actions = phases(planned);
    REQUIRE(actions.size() == 2);
    CHECK(actions[0].kind == Action::Kind::pools);
    CHECK(actions[1].kind == Action::Kind::instance);
}

TEST_CASE(
    "what pools that count vCPUs open on a larger class is that of one deploy at a time, where that is the policy") {
    const std::string server =
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.t3.large\"\n"
        "[database.observed]\ncpu_peak = \"85%\"\ncpu_mean = \"45%\"\nfreeable_memory = \"4 GiB\"\nwindow = \"30 d\"\n";
    const Planned one = test::plan_text(counting("[policy]\ndeploys_at_once = 1\n" + server, 16, 10, "2 * DB_VCPUS"));
    const Planned all = test::plan_text(counting(server, 16, 10, "2 * DB_VCPUS"));
    for (const Planned* planned : {&one, &all}) {
        REQUIRE(planned->plan.databases[0].chosen.cls->vcpus == 4);
        REQUIRE(planned->plan.databases[0].chosen.limits.usable.value == Connections(1680));
    }
    CHECK(pools_first(one) == nullptr);  // 17 × 10 × 8 = 1,360
    REQUIRE(pools_first(all) != nullptr);
    CHECK(pools_first(all)->connections == Connections(2 * 16 * 10 * 8));
}

TEST_CASE("a proxy's smaller share is a phase where no strategy is recommended and no pool changes") {
    const Planned planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n"
        "[[database]]\nname = \"small\"\nengine = \"postgresql\"\nmax_connections = 43\nother_connections = 13\n"
        "[[database]]\nname = \"full\"\nengine = \"mysql\"\nclass = \"db.r4.4xlarge\"\n"
        "[[pooler]]\nname = \"proxy\"\nkind = \"rds-proxy\"\ndatabase = \"small\"\n"
        "[[service]]\nname = \"s\"\ninstances = 2\nmax_surge = 2\n"
        "[[service.pool]]\nname = \"a\"\ndatabase = \"proxy\"\nmax = 6\n"
        "[[service.pool]]\nname = \"b\"\ndatabase = \"full\"\ndatabases = 1390\nmax = 10\n");
    const Actions actions = phases(planned);
    REQUIRE(std::ranges::none_of(actions.report.strategies, &Strategy::recommended));
    const auto found = std::ranges::find_if(actions.report.phases, [&](const Action& action) {
        return std::ranges::any_of(action.steps, [&](const Step& step) {
            return step.kind == Step::Kind::change &&
                   actions.report.strategies[*action.strategy].changes[step.change].kind == Point::Kind::resize_pooler;
        });
    });
    REQUIRE(found != actions.report.phases.end());
    CHECK(found->databases.front() == 0);
}

TEST_CASE("a larger class ends no outage while today's pools fill a proxy's share of it: they change in its phase") {
    const Planned planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-west-2\"\n"
        "[[database]]\nname = \"db\"\nengine = \"mysql\"\nclass = \"db.t2.medium\"\n"
        "[[pooler]]\nname = \"proxy\"\nkind = \"rds-proxy\"\ndatabase = \"db\"\n"
        "[[service]]\nname = \"s\"\ninstances = 5\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 20\n"
        "[service.pool.workload]\nrate = \"181/s\"\nhold = \"11 ms\"\nnested = 2\n"
        "[[service]]\nname = \"t\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"proxy\"\ndatabases = 17\nmax = 41\nin_use = \"0-0\"\n"
        "[[service]]\nname = \"u\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"HikariCP\"\n");
    REQUIRE(planned.plan.databases[0].recommendation.cls->name == "db.t3.large");
    const Actions actions = phases(planned);
    REQUIRE(actions.size() >= 2);
    CHECK(actions[0].kind == Action::Kind::pools);
    CHECK(actions[1].kind == Action::Kind::instance);
    CHECK(actions[0].phase == actions[1].phase);
}
