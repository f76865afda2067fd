// Neon and Aiven: limits that follow the least capacity, and the memory.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../../support/fleet.hpp"
#include "unit/catalog/csv.hpp"

using namespace poolfit;

namespace {

const Limits& limits(const test::Planned& planned) { return planned.plan.databases[0].budget.limits; }

std::string neon(std::string_view least, std::string_view most, std::string_view more = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nprovider = \"neon\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\n"
        "cu_min = {}\ncu_max = {}\n{}\n[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = "
        "\"p\"\n"
        "database = \"db\"\nmax = 10\n",
        least, most, more);
}

std::string aiven(std::string_view memory) {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nprovider = \"aiven\"\n[[database]]\nname = \"db\"\nengine = \"mysql\"\n"
        "vcpus = 2\nmemory = \"{}\"\n[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"db\"\nmax = 10\n",
        memory);
}

}  // namespace

TEST_CASE("Neon: the limit follows the least compute, or more, less seven") {
    for (const auto& row : csv::read("platforms/neon-postgresql/capacity_limits.csv")) {
        CAPTURE(row.at("min_cu"));
        const auto planned = test::plan_text(neon(row.at("min_cu"), row.at("min_cu")));
        const Connections documented(std::stoll(row.at("default_max_connections")));
        CHECK(limits(planned).max_planned.value == documented);
        CHECK(limits(planned).reserved.value == Connections(7));
    }
    // By Neon's formula: min(8, 8 × 0.25) = 2 CU; by its older pages: 0.25 CU. The lower one is counted with.
    const auto wide = test::plan_text(neon("0.25", "8"));
    CHECK(limits(wide).max_expected->value == Interval(Connections(104), Connections(839)));
    CHECK(limits(wide).usable.value == Connections(97));
    CHECK(limits(test::plan_text(neon("1", "4"))).max_planned.value == Connections(419));
    CHECK(limits(test::plan_text(neon("8", "16"))).max_planned.value == Connections(3357));
    CHECK(limits(test::plan_text(neon("24", "24"))).max_planned.value == Connections(4000));
    // ⌊1.5 × 419.66⌋ and ⌊4 × 419.66⌋, between the sizes of the table as well.
    const auto between = test::plan_text(neon("1.5", "4"));
    CHECK(limits(between).max_expected->value == Interval(Connections(629), Connections(1678)));
    CHECK(limits(between).max_planned.value == Connections(629));
    // The examples of neon.com/docs/reference/compatibility.
    const auto high = [](std::string_view least, std::string_view most) {
        return limits(test::plan_text(neon(least, most))).max_expected->value.high.value;
    };
    CHECK(high("4", "4") == 1678);
    CHECK(high("0.25", "2") == 839);
    CHECK(high("0.25", "4") == 839);
    CHECK(high("2", "8") == 3357);
    CHECK(high("8", "16") == 4000);
    // What the server has counts.
    CHECK(limits(test::plan_text(neon("0.25", "4", "max_connections = 839"))).usable.value == Connections(832));
}

TEST_CASE("Neon: its PgBouncer opens 90 % of max_connections, for 10,000 clients") {
    const auto planned = test::plan_text(
        neon("1", "4") + "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nbuilt_in = true\n");
    CHECK(*planned.fleet.poolers[0].default_pool_size == 377);  // 419 × 0.9 = 377.1
    CHECK(*planned.fleet.poolers[0].max_client_conn == 10'000);
    CHECK(planned.fleet.poolers[0].mode == Pooler::Mode::transaction);
}

TEST_CASE("Neon: the size of its PgBouncer is never changed") {
    const auto planned =
        test::plan_text(neon("1", "4") +
                        "in_use = \"1-2\"\n[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\n"
                        "built_in = true\n[[service]]\nname = \"t\"\ninstances = 60\n[[service.pool]]\nname = \"p\"\n"
                        "database = \"b\"\nmax = 10\nin_use = \"6-9\"\n");
    CHECK(!planned.plan.poolers[0].size);
}

TEST_CASE("Neon: a read replica does not take over") {
    const auto planned = test::plan_text(neon("1", "4") +
                                         "[[database]]\nname = \"r\"\nreplica_of = \"db\"\n[[service]]\nname = \"t\"\n"
                                         "[[service.pool]]\nname = \"p\"\ndatabase = \"r\"\nmax = 5\n");
    CHECK(planned.plan.databases[1].demand.losses.empty());
    REQUIRE(planned.plan.databases[0].demand.losses.size() == 1);  // what reads goes to the primary
    CHECK(planned.plan.databases[0].demand.losses[0].from == 1);
}

TEST_CASE("Aiven for MySQL: 75 for each GiB below 4, 100 from there, and one that is kept") {
    const auto most = [](std::string_view memory) {
        const auto planned = test::plan_text(aiven(memory));
        CHECK(limits(planned).reserved.value == Connections(1));
        return limits(planned).max_planned.value.value;
    };
    CHECK(most("1 GiB") == 76);
    CHECK(most("2 GiB") == 151);
    CHECK(most("3.5 GiB") == 263);  // 75 × 3.5 = 262.5
    CHECK(most("4 GiB") == 401);
    CHECK(most("7 GiB") == 701);
    CHECK(most("64 GiB") == 6401);
}

TEST_CASE("Neon is not in a region that the inventory has of another provider") {
    const auto planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nprovider = \"gcp\"\nregion = \"europe-west1\"\n[[database]]\nname = \"a\"\n"
        "engine = \"postgresql\"\nclass = \"db-custom-2-7680\"\n[[database]]\nname = \"db\"\nprovider = \"neon\"\n"
        "engine = \"postgresql\"\ncu_min = 1\ncu_max = 4\n[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 10\n");
    CHECK(*planned.fleet.databases[0].region == "europe-west1");
    CHECK(planned.fleet.databases[1].region->empty());
}
