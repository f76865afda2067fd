// What the clients of a pooler were seen to use together: max(⌈2.5 × typical⌉, ⌈peak⌉ + 1) of each of its parts.
#include <optional>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;

namespace {

/// Instances of one process with a pool of 20 behind the pooler.
std::string client(std::string_view name, int instances, std::string_view keys) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"b\"\nmax = 20\n{}\n",
        name, instances, keys);
}

std::optional<std::int64_t> used(std::string_view pooler, const std::string& clients, std::string_view policy = "") {
    const auto planned = plan_text(fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n{}\n[[database]]\nname = \"db\"\nengine "
        "= \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n[[pooler]]\nname = \"b\"\ndatabase "
        "= \"db\"\n{}\n{}",
        policy, pooler, clients));
    const auto& size = planned.plan.poolers[0].used;
    return size && size->measured() ? std::optional(size->enough.value.value) : std::nullopt;
}

constexpr std::string_view bouncer =
    "kind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 900\ndefault_pool_size = 200";

}  // namespace

TEST_CASE("pooler use: the peaks of all clients and one more, or the buffer over what is typical") {
    CHECK(used(bouncer, client("a", 4, "in_use = \"1-9\"")) == 37);                                       // 36
    CHECK(used(bouncer, client("a", 4, "in_use = \"1-9\"") + client("c", 3, "in_use = \"0-5\"")) == 52);  // 36 + 15
    CHECK(used(bouncer, client("a", 4, "in_use = \"5-6\"")) == 50);                                       // 2.5 × 20
    CHECK(used(bouncer, client("a", 4, "in_use = \"5-6\""), "[policy]\nobserved_buffer = 4") == 80);      // 4 × 20
    CHECK(used(bouncer, client("a", 1, "in_use = \"3-6\"")) == 8);                                        // 7.5
}

TEST_CASE("pooler use: parts of a connection are whole ones") {
    CHECK(used(bouncer, client("a", 3, "in_use = \"0.1-1.3\"")) == 5);  // 3.9
    CHECK(used(bouncer, client("a", 3, "in_use = \"0.1-1\"")) == 4);
}

TEST_CASE("pooler use: each pair has its part") {
    const auto parts = [](int pairs, std::string_view in_use) {
        return used(fmt::format("{}\npairs = {}", bouncer, pairs),
                    client("a", 1, fmt::format("in_use = \"{}\"", in_use)));
    };
    CHECK(parts(2, "0-5") == 4);  // 2.5
    CHECK(parts(2, "0-6") == 4);
    CHECK(parts(2, "0-7") == 5);
    CHECK(parts(3, "6-7") == 5);  // 2.5 × 2
    CHECK(parts(1, "6-7") == 15);
}

TEST_CASE("pooler use: a client that says nothing leaves it unknown; what loads need comes on top") {
    const std::string seen = client("a", 4, "in_use = \"1-9\"");
    CHECK_FALSE(used(bouncer, seen + client("c", 1, "")).has_value());
    CHECK_FALSE(used(bouncer, client("c", 1, "workload = { rate = \"300/s\", hold = \"8 ms\" }")).has_value());
    // 300/s × 8 ms alone need seven connections for the policy's wait (0.42 % with 6, 0.071 % with 7).
    CHECK(used(bouncer, seen + client("c", 1, "workload = { rate = \"300/s\", hold = \"8 ms\" }")) == 44);
    // A nested checkout waits for a second connection, of which a size by use says nothing.
    CHECK_FALSE(used(bouncer, seen + client("c", 1, "workload = { rate = \"300/s\", hold = \"8 ms\", nested = 1 }"))
                    .has_value());
}

TEST_CASE("pooler use: RDS Proxy pins whoever needs a session, so all that it opens counts; PgBouncer does not") {
    constexpr std::string_view proxy = "kind = \"rds-proxy\"\nmax_connections_percent = \"80%\"";
    CHECK(used(proxy, client("a", 4, "in_use = \"1-9\"")) == 47);  // ⌈1.3 × 36⌉
    const std::string session = "in_use = \"1-9\"\nfeatures = [\"session\"]";
    CHECK(used(proxy, client("a", 4, session)) == 4 * 10);  // one more than its peak
    CHECK(used(bouncer, client("a", 4, session)) == 37);
}

TEST_CASE("pooler use: what is known of some clients is the least, where nothing is known of others") {
    const auto size = [](std::string_view server, std::string_view pooler, const std::string& clients) {
        const auto planned = plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\n"
            "version = \"16.8\"\nprovider = \"self-managed\"\nvcpus = 8\nmemory = \"16 GiB\"\n{}\n[[pooler]]\n"
            "name = \"b\"\ndatabase = \"db\"\nkind = \"pgbouncer\"\nmax_client_conn = 900\n{}\n{}",
            server, pooler, clients));
        const auto& plan = planned.plan.poolers[0];
        return plan.size ? plan.size->value : 0;
    };
    const std::string known = client("a", 4, "in_use = \"1-5\""), silent = client("c", 2, "");
    // Out of session mode: 20 peaks and one more, not the 2 of today.
    CHECK(size("max_connections = 203", "default_pool_size = 2", known + silent) == 21);
    // A limit forces it down, but not under the 4 that are typically busy: 10 are usable, 8 allowed, 4 of them open
    // beside it.
    CHECK(size("max_connections = 13\nother_connections = 4", "mode = \"transaction\"\ndefault_pool_size = 12",
               known + silent) == 4);
    // A load that no size is known to meet the goal for: what carries it. 545/s × 8 ms are 4.36 busy.
    const std::string loaded = client("a", 1,
                                      "driver = \"HikariCP\"\n[service.pool.workload]\nrate = \"545/s\"\n"
                                      "hold = \"8 ms\"");
    const auto proxied = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\nmax_connections = 52\n[[pooler]]\n"
        "name = \"b\"\ndatabase = \"db\"\nkind = \"rds-proxy\"\nmax_connections_percent = \"8%\"\n" +
        loaded + client("c", 1, "driver = \"asyncpg\""));
    const auto& proxy = proxied.plan.poolers[0];
    REQUIRE(proxy.size.has_value());
    // Both drivers may be pinned by the proxy: 20 and 10 of 52.
    CHECK(proxy.size->value == 58);
    CHECK(proxy.basis == PoolerPlan::Basis::load);
}

TEST_CASE("pooler use: a client with a workload counts with its load, and at the peak with the size for that") {
    // 3 to 6 of a; 100/s × 20 ms of c are 2 busy on average.
    const auto planned = plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
                    "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n[[pooler]]\nname = \"b\"\n"
                    "database = \"db\"\n{}\n{}{}",
                    bouncer, client("a", 1, "in_use = \"3-6\""),
                    client("c", 1, "[service.pool.workload]\nrate = \"100/s\"\nhold = \"20 ms\"")));
    const PoolerPlan& pooler = planned.plan.poolers[0];
    REQUIRE(pooler.used.has_value());
    REQUIRE(pooler.load->smallest.has_value());
    CHECK(pooler.used->typical == Connections(5));
    CHECK(pooler.used->peak == Connections(6) + *pooler.load->smallest);
    CHECK(pooler.used->enough.value == Connections(8) + *pooler.load->smallest);  // ⌈2.5 × 3⌉
}
