// deploy = "cut-over": the new revision runs its fewest instances beside all of the old one.
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../support/inventories.hpp"
#include "inventory.hpp"

using namespace poolfit;

namespace {

std::int64_t at_once(std::string_view instances, std::string_view deploy) {
    const auto planned = test::plan_text(fmt::format(R"({}class = "db.m5.large"
[[service]]
name = "api"
instances = {}
deploy = "{}"
[[service.pool]]
name = "main"
database = "main"
max = 5
)",
                                                     test::main_database, instances, deploy));
    CHECK(planned.plan.databases[0].demand.deploy_peak->value.value == 5 * planned.plan.deploy_instances[0].value);
    CHECK(planned.node("service.api.deploy_instances").value.high ==
          static_cast<double>(planned.plan.deploy_instances[0].value));
    return planned.plan.deploy_instances[0].value;
}

}  // namespace

TEST_CASE("deploy peak: cut-over adds the fewest instances, blue-green all") {
    CHECK(at_once("{ min = 2, max = 10 }", "cut-over") == 12);
    CHECK(at_once("{ min = 2, max = 10 }", "blue-green") == 20);
    CHECK(at_once("4", "cut-over") == 8);
}
