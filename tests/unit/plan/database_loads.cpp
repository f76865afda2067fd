// How many connections of a database are in a transaction at once: the mean, and what is exceeded 1 % of the time.
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

// 100/s × 30 ms: 3 at once. Poisson(3): P(more than 7) = 1.19 %, P(more than 8) = 0.38 %.
constexpr std::string_view three = R"(rate = "100/s", hold = "30 ms", cpu = "5 ms")";
// N × 90 ms of every 100 ms.
std::string users(int count) {
    return fmt::format(R"(users = {}, think = "10 ms", hold = "90 ms", cpu = "1 ms")", count);
}

std::string pool(std::string_view name, std::string_view workload, int max, std::string_view of_service = "") {
    return one_pool(name, fmt::format("max = {}\nworkload = {{ {} }}", max, workload), of_service);
}

/// A client of a PgBouncer that opens so many on the server.
std::string behind(std::string_view name, std::string_view workload, int max) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\nmax = "
        "{}\nworkload = {{ {} }}\n",
        name, max, workload);
}

std::string pooler(int size) {
    return fmt::format(
        "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 900\n"
        "default_pool_size = {}\ndatabase = \"db\"\n",
        size);
}

DatabaseLoad load_of(const std::string& services) {
    const auto planned = plan_text(one_database("db.m5.xlarge", "", services));
    REQUIRE(planned.plan.databases[0].load.has_value());
    return *planned.plan.databases[0].load;
}

std::int64_t active_high(const std::string& services) { return load_of(services).active_high.value.value; }

}  // namespace

TEST_CASE("database loads: more are active 1 % of the time at most, and never more than there are connections") {
    CHECK(active_high(pool("a", three, 50)) == 8);
    CHECK(load_of(pool("a", three, 50)).active_mean.value.value == doctest::Approx(3));
    CHECK(active_high(pool("a", three, 8)) == 8);
    for (const int max : {1, 4, 7}) CHECK(active_high(pool("a", three, max)) == max);
    // Twice as many: Poisson(6): P(more than 12) = 0.88 %, P(more than 11) = 2.01 %.
    CHECK(active_high(pool("a", three, 50, "instances = 2")) == 12);
    CHECK(active_high(pool("a", three, 5) + pool("b", three, 6)) == 11);
}

TEST_CASE("database loads: never more are active than there are users") {
    CHECK(load_of(pool("a", users(3), 50)).active_mean.value.value == doctest::Approx(2.7));
    CHECK(active_high(pool("a", users(3), 50)) == 3);  // Poisson(2.7) alone would say 7
    CHECK(active_high(pool("a", users(3), 50, "instances = 2")) == 6);
    CHECK(active_high(pool("a", users(3), 50) + pool("b", users(1), 50)) == 4);
    CHECK(active_high(pool("a", users(3), 2)) == 2);
}

TEST_CASE("database loads: never more are active than a pooler has, or than its clients have") {
    CHECK(active_high(pooler(20) + behind("a", users(3), 50)) == 3);
    CHECK(active_high(pooler(20) + behind("a", three, 6)) == 6);
    CHECK(active_high(pooler(5) + behind("a", three, 50)) == 5);
    CHECK(active_high(pooler(20) + behind("a", users(2), 50) + behind("c", users(1), 50)) == 3);
    CHECK(active_high(pooler(2) + behind("a", users(3), 50) + pool("c", users(2), 9)) == 4);
}

TEST_CASE("database loads: pools of many databases count for each, and of one there is nothing to multiply by") {
    const auto counted = [](std::string_view databases) {
        const auto planned = plan_text(one_database(
            "db.m5.xlarge", "", one_pool("a", fmt::format("max = 9\nworkload = {{ {} }}\n{}", three, databases))));
        int nodes = 0;
        for (const Node& node : planned.figures->all()) nodes += node.key.name == Name::databases;
        return std::pair(nodes, planned.plan.databases[0].load->active_mean.value.value);
    };
    CHECK(counted("").first == 0);
    CHECK(counted("databases = 1").first == 0);
    CHECK(counted("databases = 4").first == 1);
    // A load is that of the process, over all of its databases.
    CHECK(counted("").second == doctest::Approx(3));
    CHECK(counted("databases = 4").second == doctest::Approx(3));
}
