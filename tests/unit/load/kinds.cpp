// What is not a server: CI and jobs are not deployed beside themselves, a listener's pools LISTEN.
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../support/inventories.hpp"
#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

Loaded load_with(std::string_view service, std::string_view pool = "") {
    return load_text(fmt::format(R"({}class = "db.m5.large"
[[service]]
name = "it"
instances = 4
{}
[[service.pool]]
name = "main"
database = "main"
max = 5
{}
)",
                                 test::main_database, service, pool));
}

}  // namespace

TEST_CASE("load: CI and jobs come and go, unless a deploy is given") {
    const auto deploy = [](std::string_view service) {
        const auto loaded = load_with(service);
        CAPTURE(loaded.list());
        REQUIRE(loaded.fleet.has_value());
        return loaded.fleet->services[0].deploy;
    };
    CHECK(deploy("") == Deploy::rolling);
    CHECK(deploy("kind = \"server\"") == Deploy::rolling);
    CHECK(deploy("kind = \"listener\"") == Deploy::rolling);
    CHECK(deploy("kind = \"ci\"") == Deploy::recreate);
    CHECK(deploy("kind = \"job\"") == Deploy::recreate);
    CHECK(deploy("kind = \"job\"\ndeploy = \"blue-green\"") == Deploy::blue_green);
    CHECK(deploy("kind = \"job\"\nmax_surge = 1") == Deploy::rolling);
}

TEST_CASE("load: the pools of a listener LISTEN, whatever they say") {
    const auto features = [](std::string_view kind, std::string_view pool) {
        const auto loaded = load_with(kind, pool);
        REQUIRE(loaded.fleet.has_value());
        std::string all;
        for (const auto& feature : loaded.fleet->pools[0].features) all += *feature + ' ';
        return all;
    };
    CHECK(features("kind = \"listener\"", "") == "listen session ");
    CHECK(features("kind = \"listener\"", "features = [\"prepared\"]") == "prepared listen session ");
    CHECK(features("kind = \"listener\"", "features = [\"listen\"]") == "listen session ");
    CHECK(features("kind = \"job\"", "") == "");
    const auto loaded = load_with("kind = \"listener\"");
    CHECK(diag::print(loaded.fleet->pools[0].features[0].place) == "poolfit.toml:11:8");
}
