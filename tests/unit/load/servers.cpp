// Servers that are of no class, and what decides the platform of a database.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const char* const top = "schema = \"poolfit-inventory/1\"\n";
const char* const own = "[[database]]\nname = \"p\"\nengine = \"postgresql\"\nvcpus = 4\nmemory = \"16 GiB\"\n";

std::string_view platform_of(const Loaded& loaded, std::size_t at = 0) {
    return loaded.fleet ? loaded.fleet->databases[at].platform->id : "none";
}

}  // namespace

TEST_CASE("servers: vCPUs and memory instead of a class are a server of one's own, whatever the top says") {
    for (const char* provider : {"", "provider = \"aws\"\n", "provider = \"self-managed\"\n"}) {
        const auto loaded = load_text(std::string(top) + provider + own + "max_connections = 200\n");
        CHECK(loaded.list() == "");
        REQUIRE(loaded.fleet);
        const Database& database = loaded.fleet->databases[0];
        CHECK(database.platform->id == "self-managed-postgresql");
        CHECK(database.type == &database.machine->cls);
        CHECK(database.type->name == "4 vCPU, 16 GiB");
        CHECK(*database.cls == "4 vCPU, 16 GiB");
        CHECK(database.type->vcpus == 4);
        CHECK(database.type->memory == Bytes(16 * bytes_per_gib));
        CHECK(database.region->empty());
    }
}

TEST_CASE("servers: a copy of a fleet has the same server") {
    auto loaded = load_text(std::string(top) + own + "max_connections = 200\n");
    REQUIRE(loaded.fleet);
    const Fleet copy = *loaded.fleet;
    loaded.fleet.reset();
    CHECK(copy.databases[0].type->name == "4 vCPU, 16 GiB");
}

TEST_CASE("servers: the platform by provider and engine, of a replica by its primary's") {
    const std::string mixed = std::string(top) +
                              "region = \"eu-central-1\"\n"
                              "[[database]]\nname = \"a\"\nengine = \"mysql\"\nclass = \"db.m5.large\"\n"
                              "[[database]]\nname = \"b\"\nreplica_of = \"a\"\n"
                              "[[database]]\nname = \"c\"\nengine = \"postgresql\"\nvcpus = 2\nmemory = \"8 GiB\"\n"
                              "max_connections = 151\n"
                              "[[database]]\nname = \"d\"\nreplica_of = \"c\"\nmax_connections = 151\n"
                              "[[database]]\nname = \"e\"\nreplica_of = \"a\"\nvcpus = 2\nmemory = \"8 GiB\"\n"
                              "max_connections = 151\n"
                              "[[database]]\nname = \"f\"\nreplica_of = \"c\"\nclass = \"db.m5.large\"\n"
                              "region = \"eu-west-1\"\n";
    const auto loaded = load_text(mixed);
    CHECK(loaded.list() == "");
    CHECK(platform_of(loaded, 0) == "rds-mysql");
    CHECK(platform_of(loaded, 1) == "rds-mysql");
    CHECK(platform_of(loaded, 2) == "self-managed-postgresql");
    CHECK(platform_of(loaded, 3) == "self-managed-postgresql");
    CHECK(platform_of(loaded, 4) == "self-managed-mysql");
    CHECK(platform_of(loaded, 5) == "rds-postgresql");
    REQUIRE(loaded.fleet);
    CHECK(loaded.fleet->databases[3].type == loaded.fleet->databases[2].type);
}

TEST_CASE("servers: what one of one's own lacks, or can't have") {
    struct Row {
        std::string text, list;
    };
    const std::string start = std::string(top) + "[[database]]\nname = \"p\"\nengine = \"postgresql\"\n";
    const Row rows[] = {
        {start + "vcpus = 4\nmax_connections = 100\n", "2:1 [[database]] 'p' has no memory\n"},
        {start + "memory = \"8 GiB\"\nmax_connections = 100\n", "2:1 [[database]] 'p' has no vcpus\n"},
        {start + "vcpus = 4\nmemory = \"8 GiB\"\n", "2:1 [[database]] 'p' has no max_connections\n"},
        {start + "provider = \"self-managed\"\nclass = \"db.m5.large\"\nmax_connections = 100\n",
         "6:9 class: a self-managed server has no class\n"},
        {start + "vcpus = 4\nmemory = \"8 GiB\"\nmax_connections = 100\nmulti_az = true\n",
         "8:12 multi_az: a self-managed database is one server\n"},
        {start + "provider = \"aws\"\nvcpus = 4\nmemory = \"8 GiB\"\nregion = \"eu-west-1\"\n",
         "2:1 [[database]] 'p' has no class\n"},
        {start + "vcpus = 4\nmemory = \"8 GiB\"\nmax_connections = 300000\n",
         "7:19 max_connections: 300,000 is more than 262,143\n"},
        {start +
             "vcpus = 4\nmemory = \"8 GiB\"\nmax_connections = 100\n[database.observed]\nfreeable_memory = \"9 GiB\"\n",
         "9:19 freeable_memory: 9 GiB is more than the 8 GiB of 4 vCPU, 8 GiB\n"},
        {start + "vcpus = 4\nmemory = \"8 GiB\"\nmax_connections = 100\n[[pooler]]\nname = \"x\"\nkind = "
                 "\"rds-proxy\"\ndatabase = \"p\"\n",
         "10:8 kind: RDS Proxy does not work with PostgreSQL\n"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto loaded = load_text(row.text);
        CHECK(!loaded.fleet);
        CHECK(loaded.list() == row.list);
    }
}

TEST_CASE("servers: what one runs on may be left open; a part of it, or what needs it, is an error") {
    const std::string start = std::string(top) + "region = \"eu-west-1\"\n[[database]]\nname = \"p\"\n";
    for (const char* engine : {"engine = \"postgresql\"\n", "engine = \"aurora-mysql\"\n",
                               "provider = \"self-managed\"\nengine = \"mysql\"\n"}) {
        CAPTURE(engine);
        const auto loaded = load_text(start + engine);
        CHECK(loaded.list() == "");
        REQUIRE(loaded.fleet);
        CHECK(loaded.fleet->databases[0].type->unknown);
    }
    const std::string open = start + "engine = \"postgresql\"\n[[service]]\nname = \"api\"\n";
    CHECK(load_text(open + "[[service.pool]]\nname = \"m\"\ndatabase = \"p\"\nmax = \"2 * DB_VCPUS\"\n").list() ==
          "11:12 max: DB_VCPUS is not known: the database has no class\n");
    const std::string proxy = "[[pooler]]\nname = \"x\"\nkind = \"rds-proxy\"\ndatabase = \"p\"\n";
    const std::string through = "[[service.pool]]\nname = \"m\"\ndatabase = \"x\"\ndriver = \"database/sql\"\n";
    CHECK(load_text(open + through + proxy).list() ==
          "8:1 [[service.pool]] has no max, and its pooler takes a share of max_connections, which is not known\n");
    CHECK(load_text(open + through + "max = 5\n" + proxy).list() == "");
}

TEST_CASE("servers: a missing max_connections names the command to run") {
    const auto loaded = load_text(std::string(top) + own);
    REQUIRE(loaded.diagnostics.all().size() == 1);
    const auto& made = loaded.diagnostics.all()[0];
    CHECK(made.fix == "max_connections = 100");
    REQUIRE(made.notes.size() == 1);
    CHECK(made.notes[0].second == "SHOW max_connections; 100 is the server's default");
}

TEST_CASE("servers: a region is a word where there are no prices") {
    const auto loaded = load_text(std::string(top) + "region = \"rack 7\"\n" + own + "max_connections = 200\n");
    CHECK(loaded.list() == "");
    const auto mixed = load_text(std::string(top) + "region = \"rack 7\"\n" + own + "max_connections = 200\n" +
                                 "[[database]]\nname = \"q\"\nengine = \"mysql\"\nclass = \"db.m5.large\"\n");
    CHECK(mixed.list() == "2:10 region: 'rack 7' is not a region in the catalog\n");
}

TEST_CASE("servers: a replica has its primary's engine") {
    const auto loaded = load_text(std::string(top) + own + "max_connections = 200\n" +
                                  "[[database]]\nname = \"q\"\nreplica_of = \"p\"\nengine = \"mysql\"\n"
                                  "max_connections = 200\n");
    CHECK(loaded.list() == "11:10 engine: mysql can't follow its primary, which is postgresql\n");
}
