// A driver that opens one connection per process and has no setting for another: PDO.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "../load/support.hpp"

using namespace poolfit;

namespace {

std::string shop(std::string_view service, std::string_view pool) {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"main\"\nengine = \"postgresql\"\n"
        "provider = \"self-managed\"\nvcpus = 4\nmemory = \"8 GiB\"\nmax_connections = 200\n[[service]]\n"
        "name = \"shop\"\nprocesses = 20\ninstances = 3\n{}[[service.pool]]\nname = \"main\"\n"
        "database = \"main\"\ndriver = \"php-fpm\"\n{}",
        service, pool);
}

}  // namespace

// 3 instances and 1 more during a rollout have 4 x 20 workers, with a connection each.
TEST_CASE("PDO: a max that nothing reads does not count") {
    for (const std::string_view runtime : {"", "runtime = \"processes\"\n"})
        for (const std::string_view keys :
             {"", "max = 1\n", "max = 6\n", "max = 6\nin_use = \"0-1\"\n", "max = 6\nset_in = \"url\"\n"}) {
            CAPTURE(runtime);
            CAPTURE(keys);
            const test::Planned planned = test::plan_text(shop(runtime, keys));
            CHECK(planned.plan.pools[0].declared->value == Connections(1));
            CHECK(planned.plan.pools[0].recommended()->value == Connections(1));
            CHECK(planned.plan.pools[0].now.deploy_peak->value == Connections(80));
            const std::string found = test::list(test::lint(planned));
            CAPTURE(found);
            CHECK(found.find("PF001") == found.npos);
            CHECK(found.find("PF025") == found.npos);
            CHECK(found.find("PF10") == found.npos);
        }
}

TEST_CASE("PDO: a max that nothing reads is a warning of the inventory") {
    const auto said = [](std::string_view keys) { return test::load_text(shop("", keys)).list(); };
    CHECK(
        said("max = 6\n").find("max = 6 has no effect: PDO opens 1 per process, and has no setting for another size") !=
        std::string::npos);
    CHECK(said("max = 1\n").empty());
    CHECK(said("").empty());
}
