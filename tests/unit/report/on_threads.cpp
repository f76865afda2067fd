// A large fleet, planned, checked and printed on one thread and on several: the same bytes. The thread sanitizer runs
// this too.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/assess/budget.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/report/gate.hpp>
#include <poolfit/report/report.hpp>

#include "../../support/fleet.hpp"
#include "../../support/random_fleet.hpp"

namespace poolfit::test {
namespace {

/// Under names of its own, so that it can stand beside others.
RandomFleet named(RandomFleet fleet, int number) {
    const auto rename = [&](std::string& name) { name = fmt::format("f{}-{}", number, name); };
    for (RandomDatabase& database : fleet.databases) {
        rename(database.name);
        if (database.replica_of) rename(*database.replica_of);
    }
    for (auto& host : fleet.hosts) rename(host.first);
    for (RandomPooler& pooler : fleet.poolers) rename(pooler.name), rename(pooler.database);
    for (RandomService& service : fleet.services) {
        rename(service.name);
        if (service.host) rename(*service.host);
        for (RandomPool& pool : service.pools) rename(pool.target);
    }
    return fleet;
}

/// So many databases or a few more.
std::string large_fleet(std::size_t databases) {
    RandomFleet all;
    for (int number = 0; all.databases.size() < databases; ++number) {
        Generator generator(static_cast<std::uint64_t>(number) * 1'000'003 + 5);
        RandomFleet next = named(rich_fleet(generator), number);
        const auto add = [](auto& to, auto& from) {
            to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
        };
        add(all.databases, next.databases);
        add(all.services, next.services);
        add(all.hosts, next.hosts);
        add(all.poolers, next.poolers);
    }
    return toml(all);
}

/// All that `plan` and `check` print.
std::string printed(const Fleet& fleet, int threads) {
    report::Composing how;
    how.depth = plan::Depth::cheaper;
    how.threads = threads;
    const Report report = report::compose(fleet, catalog(), how);
    const Gate gate =
        report::gate(fleet, report.plan, lint::run({fleet, catalog(), report.plan, {}}, {{}, {}, {}, threads}), {}, {});
    const diag::Style style;
    return render::text(report, style) + render::json(report) + render::csv(report) +
           render::check_text(gate, style, {}, threads) + render::json(report, &gate);
}

TEST_CASE("any number of threads plans and prints a large fleet alike") {
    Sources sources;
    Diagnostics diagnostics;
    const SourceText& source = sources.add("fleet.toml", large_fleet(300));
    const auto fleet = load::inventory(source, {}, catalog(), sources, diagnostics);
    REQUIRE_MESSAGE(fleet.has_value(), (diagnostics.all().empty() ? "" : diagnostics.all().front().message));
    const std::string alone = printed(*fleet, 1);
    CHECK(alone.size() > 1'000'000);
    // Not with CHECK(a == b): megabytes would be printed.
    for (const int threads : {2, 8}) {
        INFO(threads << " threads");
        CHECK((printed(*fleet, threads) == alone));
    }
}

/// Services with a pool each, on databases in turn.
std::string many_pools(std::size_t databases, std::size_t services) {
    std::string text = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";
    for (std::size_t i = 0; i < databases; ++i)
        text += fmt::format("[[database]]\nname = \"d{}\"\nengine = \"postgresql\"\nclass = \"db.r5.2xlarge\"\n", i);
    for (std::size_t i = 0; i < services; ++i)
        text += fmt::format(
            "[[service]]\nname = \"s{}\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"d{}\"\nmax = {}\n"
            "in_use = \"{}\"\n",
            i, i * 7 % databases, 2 + i % 9, 1 + i % 2);
    return text;
}

TEST_CASE("any number of threads plans and prints many pools on few databases alike") {
    Sources sources;
    Diagnostics diagnostics;
    const auto fleet =
        load::inventory(sources.add("fleet.toml", many_pools(40, 4500)), {}, catalog(), sources, diagnostics);
    REQUIRE(fleet.has_value());
    const std::string alone = printed(*fleet, 1);
    CHECK((printed(*fleet, 4) == alone));
}

TEST_CASE("any number of threads adds up the same demand") {
    Sources sources;
    Diagnostics diagnostics;
    const auto fleet =
        load::inventory(sources.add("fleet.toml", many_pools(2500, 9000)), {}, catalog(), sources, diagnostics);
    REQUIRE(fleet.has_value());
    std::vector<PoolSize> sizes;
    for (Index i = 0; i < fleet->pools.size(); ++i) sizes.push_back(assess::declared_size(*fleet, i, {}));
    const Market market(*fleet, catalog(), PriceTerm::list);
    const Demand one = assess::demand(*fleet, market, sizes, Phase::now, {});
    const Demand other = assess::demand(*fleet, market, sizes, Phase::now, {}, {}, 4);
    REQUIRE(other.pools.size() == 9000);
    REQUIRE(other.databases.size() == 2500);
    for (std::size_t i = 0; i < one.pools.size(); ++i)
        REQUIRE(other.pools[i].deploy_peak->value == one.pools[i].deploy_peak->value);
    for (std::size_t i = 0; i < one.databases.size(); ++i) {
        REQUIRE(other.databases[i].allocated->value == one.databases[i].allocated->value);
        REQUIRE(other.databases[i].deploy_peak->value == one.databases[i].deploy_peak->value);
    }
}

/// As many services, of which some refer to what is not there.
std::string with_mistakes(std::size_t services) {
    std::string text = many_pools(2, 0);
    for (std::size_t i = 0; i < services; ++i) {
        const bool no_database = i % 400 == 399, no_host = i % 500 == 77;
        text += fmt::format("[[service]]\nname = \"s{}\"\n{}[[service.pool]]\nname = \"p\"\ndatabase = \"{}\"\n{}\n", i,
                            no_host ? "host = \"x\"\n" : "",
                            no_database  ? "x"
                            : i % 2 == 0 ? "d0"
                                         : "d1",
                            i % 600 == 5 ? "max = 3\nin_use = \"5\"" : "max = 3");
    }
    return text;
}

TEST_CASE("what is wrong with records that several threads read is said once, in order") {
    Sources sources;
    Diagnostics diagnostics;
    const auto fleet =
        load::inventory(sources.add("fleet.toml", with_mistakes(1200)), {}, catalog(), sources, diagnostics);
    CHECK_FALSE(fleet.has_value());
    std::vector<std::string> said;
    for (const Diagnostic& one : diagnostics.all()) said.push_back(one.message.substr(0, one.message.find(' ')));
    // By place: services 5, 77, 399, 577, 605, 799, 1077 and 1199.
    CHECK(said == std::vector<std::string>{
                      "in_use:", "host:", "database:", "host:", "in_use:", "database:", "host:", "database:"});
}

TEST_CASE("records that several threads read refer to what they name") {
    Sources sources;
    Diagnostics diagnostics;
    const auto fleet =
        load::inventory(sources.add("fleet.toml", many_pools(30, 1000)), {}, catalog(), sources, diagnostics);
    REQUIRE(fleet.has_value());
    for (Index i = 0; i < fleet->pools.size(); ++i) {
        REQUIRE(fleet->pools[i].service == i);
        REQUIRE(fleet->pools[i].database == i * 7 % 30);
        REQUIRE(fleet->services[i].pools == std::vector<Index>{i});
    }
}

}  // namespace
}  // namespace poolfit::test
