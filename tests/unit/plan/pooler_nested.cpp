// What of a pooler's server connections is never free: those of half-done transactions, and those that sessions keep.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/simulate/fleet.hpp>

#include "../../support/fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

std::string server(std::string_view pooler, std::string_view keys = "max_connections = 350") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
        "\"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n{}\n[[pooler]]\nname = \"b\"\n"
        "database = \"db\"\n{}\n",
        keys, pooler);
}

std::string bouncer(int size, std::string_view keys = "") {
    return fmt::format(
        "kind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 5000\ndefault_pool_size = {}\n{}", size, keys);
}

/// Twelve threads and as many users in each of `instances`, with a pool that is just safe for `nested`.
std::string nests(std::string_view name, int instances, int nested) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\nruntime = \"threads\"\nthreads = 12\ninstances = {}\ndeploy = \"recreate\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\nmax = {}\nworkload = {{ users = 12, think = \"150 ms\", "
        "hold = \"50 ms\", nested = {} }}\n",
        name, instances, 12 * nested + 1, nested);
}

std::string client(std::string_view name, int instances, int max, std::string_view keys) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"b\"\nmax = {}\n{}\n",
        name, instances, max, keys);
}

const PoolerNesting& nesting(const Planned& planned) {
    REQUIRE(planned.plan.poolers[0].load);
    REQUIRE(planned.plan.poolers[0].load->nesting);
    return *planned.plan.poolers[0].load->nesting;
}

std::int64_t floor_of(const Planned& planned) { return nesting(planned).floor.value; }

std::int64_t size_after(const Planned& planned) {
    const PoolerSize& size = planned.plan.poolers[0].size;
    if (size) return size->value;
    const Pooler& pooler = planned.fleet.poolers[0];
    if (pooler.kind == Pooler::Kind::pgbouncer) return *pooler.default_pool_size;
    return std::llround(pooler.max_connections_percent->value.value * 100);
}

std::vector<Finding> of_rule(const Planned& planned, std::string_view id) {
    auto findings = test::lint(planned);
    std::erase_if(findings, [&](const Finding& finding) { return finding.rule->id != id; });
    return findings;
}

}  // namespace

TEST_CASE("pooler nested: transactions of all processes take from one server side, which needs the floor of all") {
    const Planned planned = plan_text(server(bouncer(100)) + nests("a", 16, 1));
    CHECK(nesting(planned).in_flight == 192);
    CHECK(floor_of(planned) == 193);  // 16 × 12 × (2 − 1) + 1
    CHECK(size_after(planned) == 193);
    const auto findings = of_rule(planned, "PF011");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::error);
    CHECK(findings[0].target == "b");
    CHECK(findings[0].fix.find("default_pool_size = 193") != std::string::npos);
    CHECK(of_rule(planned, "PF035").empty());  // one cause
    CHECK(of_rule(plan_text(server(bouncer(192)) + nests("a", 16, 1)), "PF011").size() == 1);
    CHECK(of_rule(plan_text(server(bouncer(193)) + nests("a", 16, 1)), "PF011").empty());
    // 16 × 13 of 208: nobody ever waits at the pooler, nor where a client holds its connection anyway.
    CHECK(floor_of(plan_text(server(bouncer(100)) + nests("a", 1, 1))) == 13);
    CHECK(of_rule(plan_text(server(bouncer(13)) + nests("a", 1, 1)), "PF011").empty());
}

TEST_CASE("pooler nested: of several clients the sum; of several processes and pairs a part, but a client is in one") {
    const std::string two = nests("a", 4, 1) + nests("c", 2, 2);
    const Planned planned = plan_text(server(bouncer(40)) + two);
    CHECK(floor_of(planned) == 4 * 12 + 2 * 12 * 2 + 1);
    CHECK(nesting(planned).nested == 0);
    CHECK(floor_of(plan_text(server(bouncer(20, "instances = 2")) + two)) == 49);
    CHECK(floor_of(plan_text(server(bouncer(20, "pairs = 2")) + two)) == 49);
    CHECK(floor_of(plan_text(server(bouncer(20, "pairs = 3")) + two)) == 49);  // each of the two is in one pair
    CHECK(floor_of(plan_text(server(bouncer(20, "pairs = 2\ninstances = 3")) + two)) == 17);
}

TEST_CASE("pooler nested: a limit of the server does not bring it under the floor") {
    // 200 − 9 usable: the policy's 80 % are 152.
    const Planned planned = plan_text(server(bouncer(250), "max_connections = 200") + nests("a", 16, 1));
    CHECK(size_after(planned) >= 193);
}

TEST_CASE("pooler nested: open arrivals are never safe, and their own pool says so") {
    const Planned planned = plan_text(
        server(bouncer(10)) + client("o", 4, 20, "workload = { rate = \"20/s\", hold = \"20 ms\", nested = 1 }"));
    CHECK(nesting(planned).never_safe);
    CHECK(floor_of(planned) == 80);  // as many as there are clients
    const auto findings = of_rule(planned, "PF011");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].target == "o.p");
}

TEST_CASE("pooler nested: the simulator locks up below the floor, and not at it") {
    const Planned planned = plan_text(server(bouncer(4)) + nests("a", 1, 1));
    const auto dead = [&](std::int64_t size) {
        const simulate::FleetSizes sizes{{Connections(30)}, {Connections(size)}, {std::nullopt}};
        simulate::SystemOptions options;
        options.precision = 0;
        options.seconds = test::sanitized ? 20 : 400;
        const auto systems = simulate::systems(planned.fleet, sizes);
        return simulate::simulate_system(systems.front().system, options).services[0].deadlocked.value;
    };
    REQUIRE(planned.plan.poolers[0].load->nesting);
    CHECK(dead(6) == 1);
    CHECK(dead(13) == 0);
}

TEST_CASE("pooler pins: RDS Proxy holds what sessions keep beside the load of the others") {
    const auto with = [](int percent) {
        return plan_text(server(fmt::format("kind = \"rds-proxy\"\nmax_connections_percent = \"{}%\"", percent),
                                "max_connections = 300") +
                         client("lam", 100, 1, "workload = { rate = \"8/s\", hold = \"60 ms\" }") +
                         client("rails", 9, 15, "features = [\"session\"]"));
    };
    // 135 sessions and 48 erlangs: 58 % are 174, of which 39 are left.
    const Planned planned = with(58);
    const PoolerLoad& load = *planned.plan.poolers[0].load;
    CHECK(load.pinned == Connections(135));
    CHECK(load.offered.value == doctest::Approx(48));
    CHECK(plan::is_overloaded(load));
    REQUIRE(load.now);
    CHECK(load.now->utilization.value == doctest::Approx(48.0 / 39));
    REQUIRE(load.smallest);
    CHECK(load.smallest->value > 135 + 48);
    CHECK(planned.plan.databases[0].recommendation.verdict == Verdict::over);
    CHECK(size_after(planned) * 3 >= load.smallest->value);
    REQUIRE(of_rule(planned, "PF035").size() == 1);
    CHECK(of_rule(planned, "PF035")[0].severity == Severity::error);
    // 20 % are 60: less than the sessions keep.
    CHECK(plan::is_overloaded(*with(20).plan.poolers[0].load));
    CHECK(of_rule(with(20), "PF035")[0].message.find("135") != std::string::npos);
    CHECK(of_rule(with(100), "PF035").empty());
}

TEST_CASE("pooler pins: by use, sessions count with all that they can open, and their driver alone is no proof") {
    const auto with = [](int percent, std::string_view keys) {
        return plan_text(server(fmt::format("kind = \"rds-proxy\"\nmax_connections_percent = \"{}%\"", percent),
                                "max_connections = 300") +
                         client("fn", 50, 1, "in_use = \"0.1-0.5\"") + client("old", 5, 20, keys));
    };
    const Planned planned = with(30, "features = [\"session\"]\nin_use = \"2-5\"");
    REQUIRE(planned.plan.poolers[0].used);
    const PoolerUse& use = *planned.plan.poolers[0].used;
    CHECK(use.pinned == Connections(100));
    CHECK(use.typical == Connections(105));
    CHECK(use.peak == Connections(125));
    // The recommended pools keep 5 × 6, and the others have max(⌈2.5 × 5⌉, 25 + 1, ⌈1.3 × 25⌉).
    CHECK(use.pinned_after.value == 5 * planned.plan.pools[1].recommended()->value.value);
    CHECK(use.enough.value.value == use.pinned_after.value + 33);
    CHECK(use.queues_always());
    REQUIRE(of_rule(planned, "PF035").size() == 1);
    CHECK(of_rule(planned, "PF035")[0].severity == Severity::error);
    CHECK(of_rule(with(45, "features = [\"session\"]\nin_use = \"2-5\""), "PF035").empty());
    // A checkout that lasts for a whole request is not busy at the server all the time.
    const auto rails = [](std::string_view driver) {
        return of_rule(plan_text(server("kind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = "
                                        "1000\ndefault_pool_size = 20",
                                        "max_connections = 300") +
                                 client("rails", 10, 10, fmt::format("in_use = \"4-6\"\ndriver = \"{}\"", driver))),
                       "PF035");
    };
    REQUIRE(rails("activerecord").size() == 1);
    CHECK(rails("activerecord")[0].severity == Severity::warning);
    CHECK(rails("activerecord")[0].message.find("typically check out 40 connections") != std::string::npos);
    REQUIRE(rails("pgx").size() == 1);
    CHECK(rails("pgx")[0].severity == Severity::error);
    CHECK(of_rule(with(30, "driver = \"hikaricp\"\nin_use = \"2-5\""), "PF035").empty());
}

TEST_CASE("pooler pins: a fix counts with the sizes that free sessions, and is the plan's") {
    const auto with = [](int percent, int rails, std::string_view lam) {
        return plan_text(server(fmt::format("kind = \"rds-proxy\"\nmax_connections_percent = \"{}%\"", percent),
                                "max_connections = 300") +
                         client("lam", 20, 1, lam) +
                         client("rails", 9, rails, "features = [\"session\"]\nin_use = \"1-2\""));
    };
    constexpr std::string_view load = "workload = { rate = \"8/s\", hold = \"60 ms\" }",
                               heavy = "workload = { rate = \"100/s\", hold = \"60 ms\" }";
    // 90 of 48 are pinned; of nine pools of 3, as they should be, 27: what is left is enough.
    const auto keeps = of_rule(with(16, 10, load), "PF035");
    REQUIRE(keeps.size() == 1);
    CHECK(keeps[0].fix == "max = 3 for rails.p  →  47 of 291 (16 %)");
    CHECK(of_rule(with(16, 3, load), "PF035").empty());
    // 120 erlangs ask for more.
    const Planned grows = with(30, 10, heavy);
    REQUIRE(grows.plan.poolers[0].size);
    const auto findings = of_rule(grows, "PF035");
    REQUIRE(findings.size() == 1);
    const std::string size = fmt::format("\"{}%\"", grows.plan.poolers[0].size->value);
    CHECK(findings[0].fix.starts_with("max = 3 for rails.p, and max_connections_percent = " + size));
    CHECK(of_rule(with(static_cast<int>(grows.plan.poolers[0].size->value), 3, heavy), "PF035").empty());
    // By use alone.
    const auto used = of_rule(with(16, 10, "in_use = \"0.1-0.5\""), "PF035");
    REQUIRE(used.size() == 1);
    CHECK(used[0].fix == keeps[0].fix);
}

TEST_CASE("pooler pins: nested checkouts are no finding where sessions keep all connections") {
    const Planned planned =
        plan_text(server("kind = \"rds-proxy\"\nmax_connections_percent = \"16%\"", "max_connections = 300") +
                  nests("a", 2, 1) + client("rails", 9, 10, "features = [\"session\"]"));
    CHECK(planned.plan.poolers[0].load->pinned > planned.plan.poolers[0].load->size);
    const auto nested = of_rule(planned, "PF011");
    CHECK(std::ranges::none_of(nested, [](const Finding& finding) { return finding.target == "b"; }));
    REQUIRE(of_rule(planned, "PF035").size() == 1);
}

TEST_CASE("pooler nested: out of session mode with the floor, and the derivation says what it stands on") {
    const auto with = [](std::string_view clients) {
        return plan_text(server("kind = \"pgbouncer\"\nmode = \"session\"\nmax_client_conn = 5000\n"
                                "default_pool_size = 60") +
                         std::string(clients));
    };
    const Planned nested = with(nests("a", 12, 1));  // 156 clients on 60
    REQUIRE(nested.plan.poolers[0].to_transaction);
    REQUIRE(nested.plan.poolers[0].size);
    CHECK(nested.plan.poolers[0].size->value == 145);
    CHECK(nested.plan.poolers[0].basis == PoolerPlan::Basis::load);
    CHECK(nested.plan.poolers[0].load->by_nesting);
    CHECK(nested.node("pooler.b.size_for_load").model == Model::safe_together);
    // The same load without nested checkouts, and one that asks for more than they do.
    const Planned plain = with(client("o", 12, 13, "workload = { rate = \"40/s\", hold = \"50 ms\" }"));
    REQUIRE(plain.plan.poolers[0].size);
    CHECK_FALSE(plain.plan.poolers[0].load->by_nesting);
    CHECK(plain.node("pooler.b.size_for_load").model == Model::smallest_together);
    const Planned more =
        with(nests("a", 1, 1) + client("o", 12, 13, "workload = { rate = \"40/s\", hold = \"50 ms\" }"));
    REQUIRE(more.plan.poolers[0].size);
    CHECK(floor_of(more) == 13);
    CHECK_FALSE(more.plan.poolers[0].load->by_nesting);
    CHECK(more.node("pooler.b.size_for_load").model == Model::smallest_together);
}

TEST_CASE("pooler nested: that clients spread evenly over its processes is an assumption, which is said") {
    const Planned planned = plan_text(server(bouncer(20, "instances = 2")) + nests("a", 16, 1));
    CHECK(floor_of(planned) == 97);
    const auto findings = of_rule(planned, "PF011");
    REQUIRE(findings.size() == 1);
    const auto& notes = findings[0].notes;
    const auto is_spread = [](const auto& note) { return note.first == "spread"; };
    const auto note = std::ranges::find_if(notes, is_spread);
    REQUIRE(note != notes.end());
    CHECK(note->second.before.starts_with("assumed even over 2 processes"));
    const auto one = of_rule(plan_text(server(bouncer(20)) + nests("a", 16, 1)), "PF011");
    REQUIRE(one.size() == 1);
    CHECK(std::ranges::none_of(one[0].notes, is_spread));
}
