// The server side of a pooler that a strategy adds: what it opens, what a limit leaves it, and what its loads ask for.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/action.hpp>
#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

/// A server of one's own: 100 usable connections, of which the policy allows 80; no other class.
std::string own_server(std::string_view keys = "", std::string_view policy = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\n{}[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\n"
        "provider = \"self-managed\"\nvcpus = 4\nmemory = \"16 GiB\"\nmax_connections = 103\n{}\n",
        policy, keys);
}

std::string pool(std::string_view service, int max, std::string_view keys = "", std::string_view of_service = "") {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n{}\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\n"
        "driver = \"pg\"\nmax = {}\n{}\n",
        service, of_service, max, keys);
}

struct Made {
    Planned planned;
    std::vector<Strategy> all;
    explicit Made(const std::string& text)
        : planned(plan_text(text)), all(plan::strategies(planned.fleet, planned.plan, {})) {}
    const Strategy& operator[](std::string_view name) const { return *std::ranges::find(all, name, &Strategy::name); }
    std::int64_t after(std::string_view name) const { return (*this)[name].after->value.value; }
    std::string_view recommended() const {
        const auto at = std::ranges::find_if(all, &Strategy::recommended);
        return at == all.end() ? std::string_view("none") : at->name;
    }
};

}  // namespace

TEST_CASE("hop: a pooler that fits to the connection is taken, and one with one more is not") {
    // Eight pools; one more than the peak of each right-sizes it, one more than the peak of all is what a pooler has.
    const auto with = [](int last) {
        std::string services;
        for (int i = 0; i < 7; ++i) services += pool(fmt::format("s{}", i), 15, "in_use = \"1-10\"");
        return Made(own_server() + services + pool("last", 15, fmt::format("in_use = \"1-{}\"", last)));
    };
    const Made fits = with(9);  // 79 and one
    CHECK(fits.after("pooler") == 80);
    CHECK(fits.after("conservative") == 87);
    CHECK(fits.recommended() == "pooler");
    CHECK(fits["pooler"].why.kind == Why::Kind::fits);
    const Made over = with(10);
    CHECK(over.after("pooler") == 81);
    CHECK(over.after("conservative") == 88);
    CHECK(over.recommended() == "none");
    CHECK(over["pooler"].why.kind == Why::Kind::does_not_fit);
    CHECK(over["pooler"].why.needs == Connections(81));
}

TEST_CASE("hop: unmeasured clients have what the limit leaves beside others, direct pools and who listens") {
    const auto server = [](const Made& made) { return made["pooler"].databases[0].after->value.value; };
    // 300 may be open; 80 are allowed.
    const Made alone(own_server() + pool("a", 200) + pool("b", 100));
    CHECK(server(alone) == 80);
    const Made others(own_server("other_connections = 30") + pool("a", 200) + pool("b", 100));
    CHECK(server(others) == 80);  // 50 and 30
    CHECK((*others["pooler"].demand)[0].services->value == Connections(50));
    const Made direct(own_server("other_connections = 30") + pool("a", 200) +
                      pool("b", 20, "in_use = \"3-7\"\nfeatures = [\"session\"]"));
    CHECK(direct.planned.plan.pools[1].advice.size->value == Connections(8));
    CHECK(server(direct) == 80);  // 42, 30 and 8
    const Made listens(own_server("other_connections = 30") + pool("a", 200) +
                       pool("b", 100, "features = [\"listen\"]", "processes = 4"));
    CHECK(server(listens) == 80);  // 46, 30 and a connection for each of four processes
    // What they can open is inside.
    const Made few(own_server("other_connections = 30") + pool("a", 20) + pool("b", 30));
    CHECK(server(few) == 80);
    const Made fewer(own_server("other_connections = 30") + pool("a", 20) + pool("b", 29));
    CHECK(server(fewer) == 79);
    // Nothing is left: one connection all the same.
    const Made none(own_server("other_connections = 90") + pool("a", 20));
    CHECK(server(none) == 91);
}

TEST_CASE("hop: loads that are known one by one, but not together, have their mean and one more") {
    // Constant holds of 10 and 11 ms are solved; no law of both is, and nothing so rare is simulated.
    const Made made(own_server("", "[policy]\nwait_probability = \"0.0001%\"\n") +
                    pool("a", 20, "workload = { rate = \"100/s\", hold = \"10 ms\", cv = 0 }") +
                    pool("b", 20, "workload = { rate = \"100/s\", hold = \"11 ms\", cv = 0 }"));
    for (const PoolPlan& each : made.planned.plan.pools) REQUIRE(each.load->for_wait);
    CHECK(made.after("pooler") == 4);  // ⌈1 + 1.1⌉ + 1
}

TEST_CASE("hop: what a server carries is done there, though no strategy fits another server") {
    // Sizes on `main` are changed; on `db` nothing fits: 90 that were all seen busy, with their session.
    const Made made(own_server() + pool("a", 90, "in_use = \"30-89\"\nfeatures = [\"session\"]") +
                    "[[database]]\nname = \"main\"\nengine = \"postgresql\"\nversion = \"16.8\"\nprovider = "
                    "\"self-managed\"\nvcpus = 4\nmemory = \"16 GiB\"\nmax_connections = 103\n[[service]]\nname = "
                    "\"b\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\nmax = 40\n"
                    "in_use = \"2-9\"\nfeatures = [\"session\"]\n");
    CHECK(made.recommended() == "none");
    CHECK(made.planned.plan.pools[1].advice.size->value == Connections(10));
    const auto phases = plan::phases(made.planned.fleet, made.planned.plan, made.all);
    REQUIRE(phases.size() == 1);
    CHECK(phases[0].kind == Action::Kind::pools);
    CHECK(phases[0].databases == std::vector<Index>{1});
}

TEST_CASE("hop: measuring changes no size but those by a formula that follows the class") {
    const auto monitor = [](std::string_view max) {
        const Made made(fmt::format(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"db.m5.large\"]\n"
            "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n"
            "[database.observed]\ncpu_mean = \"3%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"14 GiB\"\nwindow = \"14 "
            "d\"\n[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = {}\n",
            max));
        CHECK(made.planned.plan.databases[0].recommendation.cls->name == "db.m5.large");
        CHECK(made["monitor"].before->value == Connections(16));
        return made.after("monitor");
    };
    CHECK(monitor("\"4 * DB_VCPUS\"") == 8);  // of four vCPUs, then of two
    CHECK(monitor("16") == 16);
}

TEST_CASE("hop: where a limit that is raised does the same, no pooler takes over") {
    // 24 pools of five, of which four are busy: 120 of 100; a pooler has 24 × 4 + 1.
    std::string services;
    for (int i = 0; i < 24; ++i) services += pool(fmt::format("s{}", i), 5, "in_use = \"1-4\"");
    const Made made(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
        "\"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\nmax_connections = 105\n"
        "reserved_connections = 5\n" +
        services);
    CHECK(made.planned.plan.databases[0].recommendation.max_connections == Connections(183));
    CHECK(made.after("conservative") == 120);
    CHECK(made.after("pooler") == 97);
    CHECK(made.recommended() == "conservative");
    CHECK(made["pooler"].why.kind == Why::Kind::raise_instead);
    CHECK(made["pooler"].why.database == 0);
    CHECK(made["pooler"].why.instead == 0);
}

TEST_CASE("hop: what a client may open is no less than what it needs") {
    // a: max(⌈2.5 × 2⌉, 5 + 1) = 6 of 200. All 10 of b count: 16.
    const Made known(own_server() + pool("a", 200, "in_use = \"2-5\"") + pool("b", 10));
    CHECK_FALSE(known["pooler"].unmeasured);
    CHECK(known["pooler"].databases[0].after->value == Connections(16));
    CHECK(std::ranges::count(known["pooler"].cons, Point::Kind::silent_in_full, &Point::kind) == 1);
    // 100 of b are more than the 80 that are allowed: what is left is no measured size.
    const Made large(own_server() + pool("a", 200, "in_use = \"2-5\"") + pool("b", 100));
    CHECK(large["pooler"].unmeasured);
    CHECK(std::ranges::count(large["pooler"].cons, Point::Kind::silent_in_full, &Point::kind) == 0);
    // Nothing is known: as many as they can open is no size by use.
    CHECK(Made(own_server() + pool("a", 20) + pool("b", 10))["pooler"].unmeasured);
    // Nor does a rule of thumb (200 in all) take it: what it saves is a bound, and right-sized pools fit.
    const auto roomy = [](std::string_view use) {
        return Made(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
            "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n" +
            pool("a", 10, "in_use = \"2-6\"", "instances = 30") + pool("b", 10, use));
    };
    CHECK(roomy("").recommended() == "conservative");
    CHECK(roomy("in_use = \"2-6\"").recommended() == "pooler");
    // A pool of each of ten databases: a's share of 6 is 1, and 5 of b come to two of them.
    const Made tenants(own_server() + pool("a", 20, "in_use = \"2-5\"\ndatabases = 10") +
                       pool("b", 5, "databases = 2"));
    CHECK_FALSE(tenants["pooler"].unmeasured);
    CHECK(tenants["pooler"].databases[0].after->value == Connections(60));
    // One database has max(⌈2.5 × 1⌉, 20 + 1) = 21 beside 1 of a tenant: 22 for each of 50 are more than are allowed.
    const Made uneven(own_server() + pool("a", 1, "databases = 50") + pool("b", 30, "in_use = \"1-20\""));
    CHECK(uneven["pooler"].unmeasured);
}

TEST_CASE("hop: a driver that listens by itself stays direct, whatever features say") {
    for (const std::string_view driver : {"graphile-worker", "postgrest"})
        for (const std::string_view features : {"", "features = [\"listen\"]", "features = [\"prepared\"]"}) {
            std::string listening = pool("jobs", 4, features);
            listening.replace(listening.find("\"pg\""), 4, fmt::format("\"{}\"", driver));
            const Made made(own_server() + pool("a", 20, "in_use = \"2-5\"") + listening);
            INFO(driver << " " << features);
            // max(⌈2.5 × 2⌉, 5 + 1) of a, and the four of jobs beside it.
            CHECK(made["pooler"].databases[0].after->value == Connections(6 + 4));
            const auto& changes = made["pooler"].changes;
            const auto direct = std::ranges::find(changes, Point::Kind::stay_direct, &Point::kind);
            REQUIRE(direct != changes.end());
            CHECK(direct->pools == std::vector<Index>{1});
        }
}
