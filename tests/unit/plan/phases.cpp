// The action plan's order and words, and the runway.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/plan/action.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

std::vector<Phase> phases(Planned& planned) {
    const auto ways = plan::strategies(planned.fleet, test::catalog(), planned.plan);
    return plan::phases(planned.fleet, planned.plan, ways);
}

std::vector<std::string> titles(const std::vector<Phase>& all) {
    std::vector<std::string> texts;
    for (const Phase& phase : all) texts.push_back(phase.title);
    return texts;
}

bool any_has(const std::vector<std::string>& texts, std::string_view part) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& t) { return t.find(part) != std::string::npos; });
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
    Planned planned = test::plan_text(text);
    return plan::runway(planned.fleet, test::catalog(), planned.plan);
}

}  // namespace

TEST_CASE("agora: the instances first, the primary before its replica, the pools after them") {
    Planned planned = test::plan_file("agora/poolfit.toml");
    const auto all = phases(planned);
    CHECK(titles(all) == std::vector<std::string>{"primary: db.m5.xlarge → db.t3.large",
                                                  "replica: db.m5.xlarge → db.t3.large",
                                                  "pools, conservative: 51 → 31 connections"});
    CHECK(all[0].saves_per_year->value.value == 2'196'000'000);
    CHECK(all[0].downtime.find("restarts") != std::string::npos);
    CHECK(all[0].downtime.find("minutes") != std::string::npos);
    CHECK(any_has(all[0].watch, "FreeableMemory: at least 4 GiB"));
    CHECK(any_has(all[0].success, "connections at most 31 before the pools change, 21 after"));
    CHECK(any_has(all[1].success, "mean CPU, not known today"));
    CHECK(any_has(all[2].watch, "DatabaseConnections of primary: at most 21"));
}

TEST_CASE("Multi-AZ: a failover, about a minute") {
    Planned planned = test::plan_file("multi-az/poolfit.toml");
    const auto all = phases(planned);
    REQUIRE(all[0].title.starts_with("orders:"));
    CHECK(all[0].downtime.find("about a minute") != std::string::npos);
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
    Planned planned = test::plan_text(text);
    const auto all = phases(planned);
    REQUIRE(all.size() >= 2);
    CHECK(all[0].title.starts_with("r:"));
    CHECK(all[1].title.starts_with("db:"));
}

TEST_CASE("today's deploy does not fit: the pools come before any instance") {
    Planned planned = test::plan_file("rolling/poolfit.toml");
    const auto all = phases(planned);
    REQUIRE_FALSE(all.empty());
    CHECK(all[0].kind == Phase::Kind::pools);
}

TEST_CASE("a verdict that lacks an input becomes a phase that finds it out") {
    Planned planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nprovider = \"aws\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n");
    const auto all = phases(planned);
    REQUIRE(all.size() == 1);
    CHECK(all[0].kind == Phase::Kind::measure);
    CHECK(any_has(all[0].steps, "observed.cpu_peak"));
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
    CHECK(at->text.find("not over 60 % within 10 years") != std::string::npos);
}
