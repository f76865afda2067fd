#include <poolfit/model/sizes.hpp>

#include <doctest/doctest.h>

using namespace poolfit;

namespace {

Size size_of(std::string_view text) {
    Size size;
    size.formula = std::get<Formula>(formula::parse(text, Formula::Dialect::pool));
    size.is_formula = !size.formula.is_constant();
    return size;
}

std::string evaluated(std::string_view text, const formula::Variables& variables = {}) {
    const auto result = model::evaluate(size_of(text), variables);
    if (const auto* error = std::get_if<FormulaError>(&result)) return error->message + " | " + error->fix;
    return std::to_string(std::get<Connections>(result).value);
}

/// A host of 4 vCPUs, a service, a database without a class, a pooler before it.
Fleet fleet() {
    Fleet fleet;
    fleet.hosts.emplace_back().vcpus = Located<std::int64_t>{4, {}};
    fleet.databases.emplace_back();
    fleet.poolers.emplace_back();
    auto& service = fleet.services.emplace_back();
    service.host = 0;
    service.instances.value = Interval<std::int64_t>(2, 10);
    service.processes.value = 3;
    service.vars.emplace_back("BATCH_SIZE", Located<double>{6, {}});
    fleet.pools.emplace_back().pooler = 0;
    return fleet;
}

}  // namespace

TEST_CASE("sizes: whole numbers from 1 to the most") {
    CHECK(evaluated("10") == "10");
    CHECK(evaluated("1") == "1");
    CHECK(evaluated("1000000") == "1000000");
    CHECK(evaluated("2 * X", {{"X", 4}}) == "8");
    CHECK(evaluated("0") ==
          "a pool of 0 connections can't serve | write 1 or more; if the driver has no limit, remove it");
    CHECK(evaluated("0 - 3") == "−3 is less than 1 connection | write max(1, 0 - 3)");
    CHECK(
        evaluated("1000001") ==
        "1,000,001 is more than 1,000,000 connections | write a smaller number; if the driver has no limit, remove it");
    CHECK(evaluated("4.5") == "4.5 is not a whole number | write 5");
    CHECK(evaluated("X / 2", {{"X", 3}}) == "1.5 is not a whole number | write ceil(X / 2)");
    CHECK(evaluated("X / 4", {{"X", 3}}) == "0.75 is less than 1 connection | write max(1, X / 4)");
}

TEST_CASE("sizes: variables of a service") {
    auto given = fleet();
    CHECK(model::host_vcpus(given, given.services[0]) == 4);
    CHECK(model::database_of(given, given.pools[0]) == 0);
    const formula::Variables expected{{"TOTAL_VCPUS", 4}, {"INSTANCES", 10}, {"PROCESSES", 3}, {"BATCH_SIZE", 6}};
    CHECK(model::size_variables(given, given.services[0], given.pools[0]) == expected);

    InstanceClass cls;
    cls.vcpus = 2;
    given.databases[0].type = &cls;
    HostType type;
    type.vcpus = 16;
    given.hosts[0].type = &type;
    CHECK(model::host_vcpus(given, given.services[0]) == 4);  // as given wins
    given.hosts[0].vcpus.reset();
    const formula::Variables typed{{"TOTAL_VCPUS", 16}, {"TOTAL_CORES", 8}, {"DB_VCPUS", 2},
                                   {"INSTANCES", 10},   {"PROCESSES", 3},   {"BATCH_SIZE", 6}};
    CHECK(model::size_variables(given, given.services[0], Index{0}) == typed);

    // A thread a core where it is so; an odd vCPU is a core as well.
    given.hosts[0].threads_per_core = Located<std::int64_t>{1, {}};
    CHECK(model::size_variables(given, given.services[0], Index{0})[1].second == 16);
    given.hosts[0].threads_per_core = Located<std::int64_t>{2, {}};
    given.hosts[0].vcpus = Located<std::int64_t>{5, {}};
    CHECK(model::size_variables(given, given.services[0], Index{0})[1].second == 3);

    given.services[0].host.reset();
    CHECK(!model::host_vcpus(given, given.services[0]));
    CHECK(model::size_variables(given, given.services[0], Index{0}).front().first == "DB_VCPUS");
}

TEST_CASE("sizes: what becomes of a max that is not set in code") {
    using Arrives = DriverDefault::Arrives;
    const auto arrives = [](std::optional<std::string> set_in, Arrives url, Arrives env) {
        DriverDefault driver;
        driver.max_in_url = url;
        driver.max_in_env = env;
        Pool pool;
        pool.driver_default = &driver;
        if (set_in) pool.set_in = Located<std::string>{*set_in, {}};
        return model::max_arrives(pool);
    };
    CHECK(arrives("url", Arrives::nowhere, Arrives::as_set) == Arrives::nowhere);
    CHECK(arrives("env", Arrives::nowhere, Arrives::as_set) == Arrives::as_set);
    CHECK(arrives("env", Arrives::as_set, Arrives::as_text) == Arrives::as_text);
    CHECK(arrives("code", Arrives::nowhere, Arrives::as_text) == Arrives::as_set);
    CHECK(arrives({}, Arrives::nowhere, Arrives::as_text) == Arrives::as_set);
    Pool pool;  // of a driver that is not known
    pool.set_in = Located<std::string>{"url", {}};
    CHECK(model::max_arrives(pool) == Arrives::as_set);
}
