#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "../../../src/render/derivation.hpp"
#include "fixture.hpp"

using namespace poolfit;
using namespace poolfit::render;
using namespace poolfit::test;

namespace {

/// usable = max_planned − reserved, the latter a sum in which a row stands twice.
struct Sample {
    SourceText source{"infra/poolfit.toml", "a = 1\nb = 2\n"};
    Ledger ledger;
    FigureId planned, reserved, usable;

    Sample() {
        const auto connections = [](double n) { return Measured{Interval<double>(n), Measure::connections}; };
        planned = ledger.input("database.primary.connections.max_planned", connections(1700), {&source, {6, 7}});
        const Provenance row{"s41", "a manual", "2026", {}};
        const FigureId a = ledger.catalog("engine.superuser_reserved", connections(3), row);
        const FigureId b = ledger.derive("engine.more", connections(4), "superuser_reserved + 1", {a});
        reserved = ledger.derive("database.primary.connections.reserved", connections(7), "superuser_reserved + more",
                                 {a, b}, "the most that any keeps");
        usable = ledger.derive("database.primary.connections.usable", connections(1693), "max_planned − reserved",
                               {planned, reserved});
    }
};

std::string tree(const Ledger& ledger, FigureId id, const Style& style) {
    Page page(style);
    print_tree(page, ledger, id);
    return page.take();
}

}  // namespace

TEST_CASE("a tree goes down to lines, dated rows and constants, and says a thing once") {
    const Sample sample;
    CHECK(tree(sample.ledger, sample.usable, {false, true, 80}) ==
          "database.primary.connections.usable = 1,693\n"
          "  max_planned − reserved\n"
          "  ├ max_planned = 1,700   infra/poolfit.toml:2:1\n"
          "  └ reserved = 7   superuser_reserved + more · the most that any keeps\n"
          "    ├ engine.superuser_reserved = 3   a manual, as of 2026 [s41]\n"
          "    └ engine.more = 4   superuser_reserved + 1\n"
          "      └ superuser_reserved = 3   see above\n");
    CHECK(tree(sample.ledger, sample.planned, {false, true, 80}) ==
          "database.primary.connections.max_planned = 1,700\n  infra/poolfit.toml:2:1\n");
    CHECK(tree(sample.ledger, sample.reserved, {false, false, 80}).find("  ` engine.more = 4") != std::string::npos);
}

TEST_CASE("a deep derivation is cut, and the figure to go on with is named") {
    Ledger ledger;
    const Measured one{Interval<double>(1), Measure::count};
    FigureId id = ledger.constant("f0", one, "a test");
    for (int i = 1; i < 200; ++i) id = ledger.derive(fmt::format("f{}", i), one, "x", {id});
    const std::string text = tree(ledger, id, {false, true, 60});
    CHECK(text.find("… poolfit explain f183") != std::string::npos);
}

TEST_CASE("formulas are shown with their numbers") {
    Sample sample;
    Ledger& ledger = sample.ledger;
    CHECK(with_numbers(ledger, sample.usable) == "1,700 − 7");
    CHECK(with_numbers(ledger, sample.planned) == "infra/poolfit.toml:2:1");
    const auto derive = [&](std::string formula, std::vector<FigureId> inputs) {
        static int number = 0;
        return with_numbers(ledger, ledger.derive(fmt::format("x{}", ++number), {}, std::move(formula), inputs));
    };
    const Measured range{{2, 3}, Measure::connections}, four{Interval<double>(4), Measure::vcpus};
    const FigureId use = ledger.constant("pool.in_use", range, "a test");
    const FigureId now = ledger.constant("class.a.vcpus", four, "a test");
    const FigureId then = ledger.constant("class.b.vcpus", {Interval<double>(2), Measure::vcpus}, "a test");
    CHECK(derive("vcpus of today's class / vcpus", {now, then}) == "4 vCPU of today's class / 2 vCPU");
    const FigureId vcpus = ledger.constant("host.app.vcpus", four, "a test");
    CHECK(derive("max(5, 2 * TOTAL_VCPUS)", {vcpus}) == "max(5, 2 * 4 vCPU)");
    CHECK(derive("in_use.high + 1", {use}) == "3 + 1");
    CHECK(derive("Σ in_use of the pools", {use, sample.reserved}) == "2–3 + 7");
    CHECK(derive("Σ in_use", std::vector<FigureId>(9, use)) == "Σ in_use (9)");
    CHECK(derive("what nobody names", {use}) == "what nobody names with pool.in_use = 2–3");
    CHECK(derive("not_in_use", {use}) == "not_in_use with pool.in_use = 2–3");
}

TEST_CASE("short names keep what the parent does not share") {
    CHECK(short_name("database.primary.connections.usable", "database.primary.connections.headroom") == "usable");
    CHECK(short_name("service.api.pool.main.max", "database.primary.connections.allocated") ==
          "service.api.pool.main.max");
    CHECK(short_name("class.db.m5.xlarge.memory", "class.db.m5.xlarge.max_nominal") == "memory");
}

TEST_CASE("a database's account goes from demand to savings and names its sources") {
    const Reported reported = report_text(agora);
    const std::string text = explain_text(reported.report, report::find(reported.report, "primary"), {false, true, 80});
    for (const std::string_view part :
         {"primary  db.m5.xlarge → db.t3.large  saves $183.00/mo", " 1 demand    api/main", "1 × 1 × 10 = 10",
          "max(⌈2.5 × 2⌉, 3 + 1)", "a year   12 × $183.00/mo   = $2,196.00/yr", "cheaper, and not taken",
          "needs allow_arm = true", "are not offered, or have no price in eu-central-1", "\nsources\n",
          "  test.toml: lines "})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
}

TEST_CASE("a service's account has its pools") {
    const Reported reported = report_text(agora);
    const std::string text = explain_text(reported.report, report::find(reported.report, "api"), {false, true, 80});
    CHECK(text.starts_with("api  service, 2 pools\n  main → primary\n  reads → replica\n"));
    CHECK(text.find("= 10\n") != std::string::npos);
    CHECK(text.find("\nsources\n") != std::string::npos);
}
