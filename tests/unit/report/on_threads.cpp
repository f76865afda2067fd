// A large fleet, planned, checked and printed on one thread and on several: the same bytes. The thread sanitizer runs
// this too.
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

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

}  // namespace
}  // namespace poolfit::test
