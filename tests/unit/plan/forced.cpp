// Sizes that a limit forces, to the connection: of one server, of a primary and its readers, of clients in session
// mode.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "../../support/inventories.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

/// 100 usable: 80 in the steady state, 95 in a deploy. No other class may be taken.
std::string main_of(std::string_view keys = "") {
    return fmt::format("{}class = \"db.m5.large\"\nmax_connections = 105\nreserved_connections = 5\n{}\n",
                       test::main_database, keys);
}

/// A service of one instance, recreated, with a pool of which nothing was measured.
std::string one(std::string_view service, std::string_view database, int max, std::string_view keys = "",
                std::string_view of_service = "") {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n{}\n[[service.pool]]\nname = \"p\"\ndatabase = \"{}\"\n"
        "max = {}\n{}\n",
        service, of_service, database, max, keys);
}

std::string reader(std::string_view name) { return test::reader(name, "main", 105, 5); }

std::int64_t size(const Planned& planned, Index pool) { return planned.plan.pools[pool].advice.size->value.value; }
bool by_limit(const Planned& planned, Index pool) { return planned.plan.pools[pool].advice.basis == Basis::limit; }

}  // namespace

TEST_CASE("forced: the largest pool shrinks to the last connection, and no other") {
    const Planned planned = plan_text(main_of("other_connections = 3") + one("a", "main", 60) + one("b", "main", 30));
    CHECK(size(planned, 0) == 47);  // 80 − 3 − 30
    CHECK(by_limit(planned, 0));
    CHECK(size(planned, 1) == 30);
    CHECK_FALSE(by_limit(planned, 1));
    CHECK(planned.plan.databases[0].after.allocated->value == Connections(80));
    // One recommended size, with one derivation.
    CHECK(planned.figures->conflicts().empty());
    const Planned full = plan_text(main_of("other_connections = 3") + one("a", "main", 47) + one("b", "main", 30));
    CHECK_FALSE(by_limit(full, 0));
    CHECK_FALSE(by_limit(full, 1));
}

TEST_CASE("forced: where the steady state is inside, the largest of a deploy shrinks") {
    // 50 and 25 are 75 of 80. A deploy has 50 and twice 25, 100 of 95: as many of both, and the first by name shrinks.
    const auto with = [](std::string_view first, std::string_view second) {
        return plan_text(main_of() + one(first, "main", 50) +
                         fmt::format("[[service]]\nname = \"{}\"\ndeploy = \"blue-green\"\n[[service.pool]]\nname = "
                                     "\"p\"\ndatabase = \"main\"\nmax = 25\n",
                                     second));
    };
    const Planned planned = with("a", "b");
    CHECK(size(planned, 0) == 45);
    CHECK(size(planned, 1) == 25);
    CHECK(planned.plan.databases[0].after.deploy_peak->value == Connections(95));
    const Planned other = with("b", "a");
    CHECK(size(other, 0) == 50);
    CHECK(size(other, 1) == 22);  // 50 + 2 × 22 = 94
}

TEST_CASE("forced: a quarter of what is not measured is kept, and a peak that was seen") {
    // 120 of 80: a quarter of 100 is 25, so the first can give all of it.
    CHECK(size(plan_text(main_of() + one("a", "main", 100) + one("b", "main", 20)), 0) == 60);
    // 18 were seen busy: 19 stay, 76 of four instances, and 4 are left, which are a quarter of 16.
    const auto with = [](int most) {
        return plan_text(main_of() + one("a", "main", 30, "in_use = \"4-18\"", "instances = 4") +
                         one("b", "main", most));
    };
    const Planned quarter = with(16);
    CHECK(size(quarter, 0) == 19);
    CHECK(size(quarter, 1) == 4);
    CHECK(by_limit(quarter, 1));
    const Planned more = with(17);  // of which 5 stay
    CHECK_FALSE(by_limit(more, 0));
    CHECK_FALSE(by_limit(more, 1));
}

TEST_CASE("forced: a failover of any server is a limit of all their pools together") {
    // Each is inside its own 80; the primary with the pools of one reader has 120 of 100.
    const Planned planned = plan_text(main_of() + reader("r") + one("a", "main", 70) + one("b", "r", 50));
    CHECK(size(planned, 0) == 50);
    CHECK(size(planned, 1) == 50);
    CHECK(planned.plan.databases[0].after.failover_peak->value == Connections(100));
    // Others' connections stay where they are: 5 on the reader do not move.
    const Planned others =
        plan_text(main_of() + reader("r") + "other_connections = 5\n" + one("a", "main", 70) + one("b", "r", 50));
    CHECK(size(others, 0) == 45);  // where the reader is promoted: 5 + 50 + 45
    CHECK(size(others, 1) == 50);
    // To the connection.
    const Planned carried = plan_text(main_of() + reader("r") + one("a", "main", 60) + one("b", "r", 40));
    CHECK_FALSE(by_limit(carried, 0));
    CHECK_FALSE(by_limit(carried, 1));
}

TEST_CASE("forced: two readers do not fail at once") {
    // 50 + 50 on the primary for either; 150 for both would be too many.
    const Planned planned =
        plan_text(main_of() + reader("r") + reader("s") + one("a", "main", 50) + one("b", "r", 50) + one("c", "s", 50));
    for (const Index pool : {Index(0), Index(1), Index(2)}) CHECK_FALSE(by_limit(planned, pool));
    CHECK(planned.plan.databases[0].after.failover_peak->value == Connections(100));
    const Planned over =
        plan_text(main_of() + reader("r") + reader("s") + one("a", "main", 50) + one("b", "r", 50) + one("c", "s", 51));
    CHECK(size(over, 0) + size(over, 2) == 100);
    CHECK(size(over, 1) == 50);
}

TEST_CASE("forced: where no failover can be carried each server still keeps its own limits") {
    // 76 and 76 that were seen in use can not be on one server; the reader is over its own 80 by what is not measured.
    const Planned planned = plan_text(main_of() + reader("r") + one("a", "main", 76, "in_use = \"30-75\"") +
                                      one("b", "r", 76, "in_use = \"30-75\"") + one("c", "r", 8));
    CHECK(size(planned, 0) == 76);
    CHECK(size(planned, 1) == 76);
    CHECK(size(planned, 2) == 4);
    CHECK(planned.plan.databases[1].after.allocated->value == Connections(80));
}

TEST_CASE("forced: a failover is carried by the others where one server is over its own limits anyway") {
    // 85 of the reader's 80 were seen; on the primary 15 are left beside them.
    const Planned planned =
        plan_text(main_of() + reader("r") + one("a", "main", 30) + one("b", "r", 85, "in_use = \"30-84\""));
    CHECK(size(planned, 1) == 85);
    CHECK(size(planned, 0) == 15);
    CHECK(planned.plan.databases[0].after.failover_peak->value == Connections(100));
}

TEST_CASE("forced: what a server has given up for its own limits counts once where it then takes another's pools") {
    // 51 of the reader's 50 were seen. The primary's 60 come down to its own 50 first; beside 51 only 49 are left.
    const Planned planned =
        plan_text(main_of() + reader("r") + one("a", "main", 60) + one("b", "r", 51, "in_use = \"20-50\"") +
                  "[policy]\nconnections_steady_max = \"50%\"\n");
    CHECK(size(planned, 1) == 51);
    CHECK(size(planned, 0) == 49);
    CHECK(planned.plan.databases[0].after.failover_peak->value == Connections(100));
}

TEST_CASE("forced: clients that keep their session have no more than their pooler opens, or what they have") {
    const auto with = [](int pooler, int a, int b, std::string_view keys = "") {
        return plan_text(fmt::format("{}class = \"db.m5.large\"\n[[pooler]]\nname = \"px\"\nkind = \"pgbouncer\"\n"
                                     "mode = \"session\"\nmax_client_conn = 900\ndatabase = \"main\"\n"
                                     "default_pool_size = {}\n",
                                     test::main_database, pooler) +
                         one("a", "px", a, fmt::format("features = [\"listen\"]\n{}", keys)) +
                         one("b", "px", b, "features = [\"listen\"]"));
    };
    // The larger one gives what is too many.
    const Planned planned = with(50, 40, 20);
    CHECK(size(planned, 0) == 30);
    CHECK(size(planned, 1) == 20);
    const Planned inside = with(60, 40, 20);
    CHECK(size(inside, 0) == 40);
    CHECK(size(inside, 1) == 20);
}

TEST_CASE(
    "forced: clients that keep their session and need more than their pooler opens have what they have, if that fits") {
    // 25 busy connections each take more than 25; the pooler opens 50.
    const auto with = [](int max) {
        const std::string_view keys = "features = [\"listen\"]\nworkload = { rate = \"250/s\", hold = \"100 ms\" }";
        return plan_text(fmt::format("{}class = \"db.m5.large\"\n[[pooler]]\nname = \"px\"\nkind = \"pgbouncer\"\n"
                                     "mode = \"session\"\nmax_client_conn = 900\ndatabase = \"main\"\n"
                                     "default_pool_size = 50\n",
                                     test::main_database) +
                         one("a", "px", max, keys) + one("b", "px", max, keys));
    };
    const Planned fits = with(25);
    CHECK(size(fits, 0) == 25);
    CHECK(size(fits, 1) == 25);
    // 26 each are 52: what their load asks for stays the advice, and the outage is told.
    const Planned over = with(26);
    REQUIRE(over.plan.pools[0].load->size);
    CHECK(over.plan.pools[0].load->size->value > Connections(26));
    CHECK(size(over, 0) == over.plan.pools[0].load->size->value.value);
    CHECK(over.plan.databases[0].recommendation.verdict == Verdict::over);
}
