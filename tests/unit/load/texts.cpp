// The whole text of typical errors, as a user sees them.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string text_of(std::string_view section, std::string_view lines) {
    const auto loaded = load_text(inventory_with(section, lines));
    return loaded.text();
}

}  // namespace

TEST_CASE("load: the text of a mistyped key") {
    CHECK(text_of("database", "max_conections = 1700") ==
          "error: unknown key 'max_conections' in [[database]]\n"
          "  --> poolfit.toml:12:1\n"
          "   |\n"
          "12 | max_conections = 1700\n"
          "   | ^^^^^^^^^^^^^^ did you mean max_connections?\n"
          "   |\n"
          "   = fix     write max_connections\n"
          "   = allowed name, provider, engine, version, class, vcpus, memory, acu_min,\n"
          "             acu_max, cu_min, cu_max, region, multi_az, replica_of, environment,\n"
          "             failover_target, max_connections, reserved_connections,\n"
          "             other_connections, observed, storage\n");
}

TEST_CASE("load: the text of a key of another record") {
    CHECK(text_of("service", "pool_size = 1\nmax_connections = 5") ==
          "error: unknown key 'pool_size' in [[service]]\n"
          "  --> poolfit.toml:19:1\n"
          "   |\n"
          "19 | pool_size = 1\n"
          "   | ^^^^^^^^^\n"
          "   |\n"
          "   = fix     remove it, or write one of the keys below\n"
          "   = allowed name, kind, host, runtime, instances, processes, threads, rate,\n"
          "             deploy, connector, max_surge, merged_max, vars, pool\n"
          "error: unknown key 'max_connections' in [[service]]\n"
          "  --> poolfit.toml:20:1\n"
          "   |\n"
          "20 | max_connections = 5\n"
          "   | ^^^^^^^^^^^^^^^ a key of [[database]]\n"
          "   |\n"
          "   = fix     move it to [[database]]\n"
          "   = allowed name, kind, host, runtime, instances, processes, threads, rate,\n"
          "             deploy, connector, max_surge, merged_max, vars, pool\n");
}

TEST_CASE("load: the text of a plain number for a share") {
    CHECK(text_of("policy", "memory_max = 85") ==
          "error: memory_max: 8,500 % is more than 100 %\n"
          " --> poolfit.toml:5:14\n"
          "  |\n"
          "5 | memory_max = 85\n"
          "  |              ^^\n"
          "  |\n"
          "  = fix     memory_max = \"85%\"\n");
}

TEST_CASE("load: the text of a time without its unit") {
    CHECK(text_of("policy", "wait = 5") ==
          "error: wait: expected a unit after 5\n"
          " --> poolfit.toml:5:8\n"
          "  |\n"
          "5 | wait = 5\n"
          "  |        ^\n"
          "  |\n"
          "  = fix     wait = \"5 ms\"\n");
}

TEST_CASE("load: the text of a range without its unit") {
    CHECK(text_of("observed", "cpu_mean = \"4-5\"") ==
          "error: cpu_mean: CPU without a percent sign\n"
          "  --> poolfit.toml:13:12\n"
          "   |\n"
          "13 | cpu_mean = \"4-5\"\n"
          "   |            ^^^^^\n"
          "   |\n"
          "   = fix     cpu_mean = \"4-5%\"\n");
}

TEST_CASE("load: the text of an unknown unit") {
    CHECK(text_of("observed", "freeable_memory = \"11 Gigs\"") ==
          "error: freeable_memory: unknown unit 'Gigs'\n"
          "  --> poolfit.toml:13:23\n"
          "   |\n"
          "13 | freeable_memory = \"11 Gigs\"\n"
          "   |                       ^^^^\n"
          "   |\n"
          "   = fix     write 11 GiB, or one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB\n");
}

TEST_CASE("load: the text of more memory than the class has") {
    CHECK(text_of("observed", "freeable_memory = \"64 GiB\"") ==
          "error: freeable_memory: 64 GiB is more than the 16 GiB of db.m5.xlarge\n"
          "  --> poolfit.toml:13:19\n"
          "   |\n"
          "13 | freeable_memory = \"64 GiB\"\n"
          "   |                   ^^^^^^^^\n"
          "   |\n"
          "   = fix     write what CloudWatch shows as FreeableMemory on this class, not on\n"
          "             the one before, or correct the class\n");
}

TEST_CASE("load: the text of a class without its prefix") {
    CHECK(text_of("database", "class = \"m5.xlarge\"") ==
          "error: class: 'm5.xlarge' is not in the catalog\n"
          "  --> poolfit.toml:11:9\n"
          "   |\n"
          "11 | class = \"m5.xlarge\"\n"
          "   |         ^^^^^^^^^^^ database classes start with db.\n"
          "   |\n"
          "   = fix     class = \"db.m5.xlarge\"\n");
}

TEST_CASE("load: the text of a mistyped class") {
    CHECK(text_of("database", "class = \"db.m5.xlage\"") ==
          "error: class: 'db.m5.xlage' is not in the catalog\n"
          "  --> poolfit.toml:11:9\n"
          "   |\n"
          "11 | class = \"db.m5.xlage\"\n"
          "   |         ^^^^^^^^^^^^^ did you mean db.m5.xlarge?\n"
          "   |\n"
          "   = fix     class = \"db.m5.xlarge\"\n"
          "   = all     poolfit catalog list\n");
}

TEST_CASE("load: the text of an engine that isn't supported") {
    CHECK(text_of("database", "engine = \"postgres\"") ==
          "error: engine: 'postgres' is not supported\n"
          "  --> poolfit.toml:11:10\n"
          "   |\n"
          "11 | engine = \"postgres\"\n"
          "   |          ^^^^^^^^^^ did you mean postgresql?\n"
          "   |\n"
          "   = fix       engine = \"postgresql\"\n"
          "   = supported postgresql, mysql, mariadb, aurora-postgresql, aurora-mysql\n");
}

TEST_CASE("load: the text of a version as a number") {
    CHECK(text_of("database", "version = 16.10") ==
          "error: version: expected text in quotes, found the number 16.1\n"
          "  --> poolfit.toml:12:11\n"
          "   |\n"
          "12 | version = 16.10\n"
          "   |           ^^^^^\n"
          "   |\n"
          "   = fix     version = \"16.10\"\n");
}

TEST_CASE("load: the text of a reference to nothing") {
    CHECK(text_of("pool", "database = \"primry\"") ==
          "error: database: no database or pooler named 'primry'\n"
          "  --> poolfit.toml:24:12\n"
          "   |\n"
          "24 | database = \"primry\"\n"
          "   |            ^^^^^^^^ did you mean primary?\n"
          "   |\n"
          "   = fix      database = \"primary\"\n"
          "   = declared primary, replica, bouncer\n");
}

TEST_CASE("load: the text of a variable that isn't known") {
    CHECK(text_of("pool", "max = \"max(5, 2 * TOTAL_VCPU)\"") ==
          "error: max: 'TOTAL_VCPU' is not a variable here\n"
          "  --> poolfit.toml:24:19\n"
          "   |\n"
          "24 | max = \"max(5, 2 * TOTAL_VCPU)\"\n"
          "   |                   ^^^^^^^^^^ did you mean TOTAL_VCPUS?\n"
          "   |\n"
          "   = fix     write TOTAL_VCPUS\n"
          "   = known   TOTAL_VCPUS, TOTAL_CORES, DB_VCPUS, INSTANCES, PROCESSES,\n"
          "             BATCH_SIZE\n");
}

TEST_CASE("load: the text of a size that isn't whole") {
    CHECK(text_of("pool", "max = \"TOTAL_VCPUS * 1.25\"") ==
          "error: max: 2.5 is not a whole number\n"
          "  --> poolfit.toml:24:8\n"
          "   |\n"
          "24 | max = \"TOTAL_VCPUS * 1.25\"\n"
          "   |        ^^^^^^^^^^^^^^^^^^\n"
          "   |\n"
          "   = fix     write ceil(TOTAL_VCPUS * 1.25)\n");
}

TEST_CASE("load: the text of a pool of none") {
    CHECK(text_of("pool", "max = 0") ==
          "error: max: a pool of 0 connections can't serve\n"
          "  --> poolfit.toml:24:7\n"
          "   |\n"
          "24 | max = 0\n"
          "   |       ^\n"
          "   |\n"
          "   = fix     write 1 or more; if the driver has no limit, remove it\n");
}

TEST_CASE("load: the text of a word of a few") {
    CHECK(text_of("service", "deploy = \"rolling-update\"") ==
          "error: deploy: 'rolling-update' is not one of its values\n"
          "  --> poolfit.toml:19:10\n"
          "   |\n"
          "19 | deploy = \"rolling-update\"\n"
          "   |          ^^^^^^^^^^^^^^^^\n"
          "   |\n"
          "   = fix     deploy = \"rolling\"\n"
          "   = allowed recreate, rolling, blue-green, cut-over\n");
}

TEST_CASE("load: the text of a pool with neither size nor driver") {
    CHECK(text_of("pool", "-max") ==
          "error: a pool needs max or driver\n"
          "  --> poolfit.toml:21:1\n"
          "   |\n"
          "21 | [[service.pool]]\n"
          "   | ^^^^^^^^^^^^^^^^\n"
          "   |\n"
          "   = fix     max = 10\n");
}

TEST_CASE("load: the text of TOML that is none") {
    CHECK(text_of("policy", "wait = 5 ms") ==
          "error: 5 ms is not a TOML value\n"
          " --> poolfit.toml:5:8\n"
          "  |\n"
          "5 | wait = 5 ms\n"
          "  |        ^^^^\n"
          "  |\n"
          "  = fix     wait = \"5 ms\"\n");
}

TEST_CASE("load: the text of a key that is given twice") {
    CHECK(text_of("pool", "max = 10\nmax = 12") ==
          "error: max is given twice\n"
          "  --> poolfit.toml:25:1\n"
          "   |\n"
          "25 | max = 12\n"
          "   | ^^^ again\n"
          "   |\n"
          "   = fix     remove one of the two\n"
          "   = first   poolfit.toml:24:1\n");
}

TEST_CASE("load: the text of a workload of two kinds") {
    CHECK(text_of("workload", "users = 28\nthink = \"1 s\"") ==
          "error: a workload is open (rate) or closed (users and think), not both\n"
          "  --> poolfit.toml:28:1\n"
          "   |\n"
          "28 | users = 28\n"
          "   | ^^^^^\n"
          "   |\n"
          "   = fix     remove rate, or users and think\n"
          "   = rate    poolfit.toml:26:1\n");
}
