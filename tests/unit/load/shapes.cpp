// The shape of a file: lists and tables, duplicates, references between records, what is only said as a warning.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/model/holding.hpp>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view top = "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n";
constexpr std::string_view primary =
    "[[database]]\nname = \"primary\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n";

std::string file(std::string_view rest) { return std::string(top) + std::string(primary) + std::string(rest); }

}  // namespace

TEST_CASE("load: a list where one table belongs, and the other way round") {
    check_one(file("«[[policy]]»\nwait = \"5 ms\"\n"), "policy: expected one table, found a list of tables",
              "write [policy]");
    check_one(file("«[[growth]]»\n"), "growth: expected one table, found a list of tables", "write [growth]");
    check_one(file("«[[bindings]]»\n"), "bindings: expected one table, found a list of tables", "write [bindings]");
    check_one(file("«[service]»\nname = \"api\"\n"), "service: expected a list of tables, found one table",
              "write [[service]] for each of them");
    check_one(
        "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n«[database]»\nname = \"primary\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.large\"\n",
        "database: expected a list of tables, found one table", "write [[database]] for each of them");
    check_one("schema = \"poolfit-inventory/1\"\ndatabase = «5»\n",
              "database: expected a list of tables, found the number 5", "write [[database]] for each of them");
    check_one("schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\nhost = [«1»]\n" + std::string(primary),
              "host: expected a table, found the number 1", "write [[host]] for each of them");
    check_one(file("observed = «5»\n"), "observed: expected one table, found the number 5",
              "write [database.observed]");
    check_one(file("[[service]]\nname = \"a\"\nvars = «1»\n"), "vars: expected one table, found the number 1",
              "write [service.vars]");
    check_one(file("[[service]]\nname = \"a\"\npool = «1»\n"), "pool: expected a list of tables, found the number 1",
              "write [[service.pool]] for each of them");
    check_one(file("[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"primary\"\nmax = "
                   "1\nworkload = «1»\n"),
              "workload: expected one table, found the number 1", "write [service.pool.workload]");
}

TEST_CASE("load: keys that stand elsewhere") {
    check_one(file("[[«pool»]]\nname = \"x\"\n"), "unknown key 'pool' in the inventory", "move it to [[service]]");
}

TEST_CASE("load: names stand once") {
    check_one(file("[[database]]\nname = «\"primary\"»\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"),
              "database 'primary' is given twice", "give it another name");
    check_one(file("[[host]]\nname = \"a\"\nvcpus = 2\n[[host]]\nname = «\"a\"»\nvcpus = 2\n"),
              "host 'a' is given twice", "give it another name");
    check_one(file("[[service]]\nname = \"a\"\n[[service]]\nname = «\"a\"»\n"), "service 'a' is given twice",
              "give it another name");
    const std::string pool = "[[service.pool]]\nname = \"p\"\ndatabase = \"primary\"\nmax = 1\n";
    check_one(file("[[service]]\nname = \"a\"\n" + pool +
                   "[[service.pool]]\nname = «\"p\"»\ndatabase = \"primary\"\nmax = 1\n"),
              "pool 'p' is given twice", "give it another name");
    CHECK(load_text(file("[[service]]\nname = \"a\"\n" + pool + "[[service]]\nname = \"b\"\n" + pool)).list() == "");
    check_one(file("[[price]]\nclass = \"db.t3.large\"\nusd_per_month = 1\n[[price]]\nclass = «\"db.t3.large\"»\n"
                   "usd_per_month = 2\n"),
              "the price of 'db.t3.large' is given twice", "remove one of the two");
    CHECK(load_text(file("[[price]]\nclass = \"db.t3.large\"\nusd_per_month = 1\n[[price]]\nclass = \"db.t3.large\"\n"
                         "usd_per_month = 2\nmulti_az = true\n"))
              .list() == "");
}

TEST_CASE("load: replicas") {
    const auto loaded =
        load_text(file("version = \"16.8\"\nmulti_az = true\nregion = \"us-east-1\"\n"
                       "[[database]]\nname = \"r\"\nreplica_of = \"primary\"\n"));
    REQUIRE(loaded.fleet);
    const auto& replica = loaded.fleet->databases[1];
    CHECK(*replica.cls == "db.m5.large");
    CHECK(replica.type == loaded.fleet->databases[0].type);
    CHECK(*replica.region == "us-east-1");
    CHECK(replica.version_text == "16.8");
    CHECK(replica.version->value == EngineVersion{{16}, 8});
    CHECK(!*replica.multi_az);
    CHECK(replica.replica_of == Index{0});

    check_one(
        file(
            "[[database]]\nname = \"r\"\nreplica_of = \"primary\"\n[[database]]\nname = \"q\"\nreplica_of = «\"r\"»\n"),
        "replica_of: 'r' is a replica itself; a replica of a replica is not supported", "replica_of = \"primary\"");
    const auto circle = load_text(std::string(top) +
                                  "[[database]]\nname = \"a\"\nreplica_of = \"b\"\n"
                                  "[[database]]\nname = \"b\"\nreplica_of = \"a\"\n");
    CHECK(circle.list() == "5:14 replica_of: a cycle, a → b → a\n8:14 replica_of: a cycle, b → a → b\n");
}

TEST_CASE("load: a region for every database") {
    check_one(
        "schema = \"poolfit-inventory/1\"\n«[[database]]»\nname = \"p\"\nengine = \"postgresql\"\nclass = "
        "\"db.m5.large\"\n",
        "[[database]] 'p' has no region", "region = \"eu-central-1\", at the top for all databases");
    CHECK(load_text("schema = \"poolfit-inventory/1\"\n" + std::string(primary) + "region = \"us-east-1\"\n").list() ==
          "");
}

TEST_CASE("load: hosts") {
    const auto loaded =
        load_text(file("[[host]]\nname = \"a\"\nclass = \"t3.medium\"\nvcpus = 8\n"
                       "[[host]]\nname = \"b\"\nclass = \"my.own\"\nvcpus = 3\n"));
    REQUIRE(loaded.fleet);
    CHECK(loaded.fleet->hosts[0].type != nullptr);
    CHECK(loaded.fleet->hosts[0].vcpus->value == 8);
    CHECK(loaded.fleet->hosts[1].type == nullptr);
}

TEST_CASE("load: drivers and their defaults") {
    const auto pool = [](std::string_view lines) {
        return file("[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"primary\"\n" +
                    std::string(lines));
    };
    for (const auto driver : built_in().driver_names()) {
        CAPTURE(driver);
        const auto* row = built_in().find_driver(driver);
        REQUIRE(row != nullptr);
        const auto without = load_text(pool(fmt::format("driver = \"{}\"\n", driver)));
        using Kind = DriverDefault::Kind;
        const bool loads = row->kind == Kind::number || row->kind == Kind::unlimited || row->kind == Kind::thread;
        CHECK(without.fleet.has_value() == loads);
        for (const auto& made : without.diagnostics.all()) CHECK(made.fix != "");
        const std::string with = load_text(pool(fmt::format("driver = \"{}\"\nmax = 5\n", driver))).list();
        CHECK(with.empty() == !model::is_fixed(*row));
    }
    for (const auto driver : {"postgres.js", "pg-boss"}) CHECK(built_in().find_driver(driver) != nullptr);
}

TEST_CASE("load: formulas see the host, the database and the vars") {
    const auto with = [](std::string_view service, std::string_view max) {
        return file(
            fmt::format("[[host]]\nname = \"h\"\nvcpus = 4\n[[service]]\nname = \"a\"\n{}\n[service.vars]\nX = 3\n"
                        "[[service.pool]]\nname = \"p\"\ndatabase = \"primary\"\nmax = \"{}\"\n",
                        service, max));
    };
    CHECK(load_text(with("host = \"h\"\ninstances = {min = 1, max = 5}\nprocesses = 2",
                         "TOTAL_VCPUS + DB_VCPUS + INSTANCES + PROCESSES + X"))
              .list() == "");
    check_one(with("", "2 * «TOTAL_VCPUS»"), "max: TOTAL_VCPUS is the host's, but service 'a' has no host",
              "host = \"app\" in the service");
    check_one(with("host = \"h\"", "«TOTAL_VCPUS / 3»"), "max: 1.33 is not a whole number",
              "write ceil(TOTAL_VCPUS / 3)");
    // Escapes: no byte of the value stands where a byte of the formula does.
    check_one(file("[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"primary\"\nmax = "
                   "«\"\\u0059 + 1\"»\n"),
              "max: 'Y' is not a variable here", "declare it in [service.vars]");
    check_one(
        file(
            "[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"primary\"\nmax = '''«Y» + 1'''\n"),
        "max: 'Y' is not a variable here", "declare it in [service.vars]");
}

TEST_CASE("load: the cores of a host, where a formula asks for them") {
    const auto with = [](std::string_view host, std::string_view max) {
        return file(
            fmt::format("[[host]]\nname = \"h\"\n{}\n[[service]]\nname = \"a\"\nhost = \"h\"\n[[service.pool]]\nname = "
                        "\"p\"\ndatabase = \"primary\"\nmax = \"{}\"\n",
                        host, max));
    };
    CHECK(load_text(with("class = \"m6i.large\"", "TOTAL_CORES")).list() == "");
    CHECK(load_text(with("vcpus = 4\nthreads_per_core = 2", "TOTAL_CORES")).list() == "");
    check_one(with("vcpus = 4", "2 * «TOTAL_CORES»"),
              "max: TOTAL_CORES needs threads_per_core, and the host has no class", "threads_per_core = 2 in the host");
}

TEST_CASE("load: threads say that the runtime is threads") {
    const auto loaded = load_text(inventory_with("service", "threads = 5"));
    REQUIRE(loaded.fleet);
    CHECK(loaded.fleet->services[0].runtime == Runtime::threads);
    CHECK(**loaded.fleet->services[0].threads == 5);
    CHECK(load_text(inventory_with("service", "runtime = \"processes\"\nthreads = 1")).list() == "");
}

TEST_CASE("load: warnings leave the fleet") {
    const auto busy = load_text(inventory_with("pool", "in_use = \"2-30\""));
    CHECK(busy.fleet);
    CHECK(busy.list() == "25:10 in_use: 30 busy in a pool of 10; are both per process?\n");
    const auto surge = load_text(inventory_with("service", "deploy = \"recreate\"\nmax_surge = 2"));
    CHECK(surge.fleet);
    CHECK(surge.list() == "20:13 max_surge has no effect without deploy = \"rolling\"\n");
    const auto proxy = load_text(inventory_with("pooler", "kind = \"rds-proxy\"\ndefault_pool_size = 20"));
    CHECK(proxy.fleet);
    CHECK(proxy.list() == "32:1 default_pool_size has no effect for rds-proxy\n");
}

TEST_CASE("load: all errors of a file, in order") {
    const auto loaded = load_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n[[service]]\nname = \"a\"\nhost = \"x\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"q\"\nmax = 0\n[policy]\nwait = 5\nallow_arm = 1\n[[database]]\n"
        "name = \"p\"\nengine = \"oracle\"\nclass = \"m5\"\n");
    CHECK(loaded.list() ==
          "5:8 host: no host named 'x'\n"
          "8:12 database: no database or pooler named 'q'\n"
          "9:7 max: a pool of 0 connections can't serve\n"
          "11:8 wait: expected a unit after 5\n"
          "12:13 allow_arm: expected true or false, found the number 1\n"
          "15:10 engine: 'oracle' is not supported\n"
          "16:9 class: 'm5' is not in the catalog\n");
}
