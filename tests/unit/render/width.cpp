// No line is longer than the style's width, whatever the width, the names and the numbers.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/render/render.hpp>

#include "../../support/random_fleet.hpp"
#include "../../support/sanitized.hpp"
#include "fixture.hpp"
#include "support/platforms.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::vector<report::Target> everything(const Report& report) {
    std::vector<report::Target> targets;
    for (Index i = 0; i < report.fleet->databases.size(); ++i)
        targets.push_back({report::Target::Kind::database, i, {}});
    for (Index i = 0; i < report.fleet->services.size() && i < 3; ++i)
        targets.push_back({report::Target::Kind::service, i, {}});
    for (std::uint32_t i = 0; i < report.figures.all().size() && i < 400; i += 7)
        targets.push_back({report::Target::Kind::figure, 0, FigureId{i}});
    if (const auto& totals = report.plan.totals.saves_per_year)
        targets.push_back({report::Target::Kind::figure, 0, totals->id});
    return targets;
}

void check_text(const std::string& text, const render::Style& style) {
    REQUIRE(longest_line(text) <= style.width);
    REQUIRE(text.ends_with('\n'));
    REQUIRE(!text.ends_with("\n\n"));
    REQUIRE(text.find(" \n") == std::string::npos);
    REQUIRE(text.find("\u00A0") == std::string::npos);
    if (!style.unicode) REQUIRE(std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; }));
}

void check_widths(const Report& report, int step) {
    const auto targets = everything(report);
    for (int width = 40; width <= 140; width += test::sanitized ? 5 * step : step)
        for (const bool unicode : {true, false}) {
            const render::Style style{width % 2 == 0, unicode, width};
            CAPTURE(width);
            check_text(render::text(report, style), style);
            check_text(render::explain_text(report, targets, style), style);
        }
}

}  // namespace

TEST_CASE("plan and explain stay inside the width") {
    SUBCASE("the plan document") { check_widths(report_text(agora).report, 1); }
    SUBCASE("over the limit, without prices") { check_widths(report_text(over_limit).report, 1); }
    SUBCASE("long names behind a pooler") { check_widths(report_text(long_names()).report, 1); }
    SUBCASE("many pools") { check_widths(report_text(many_pools(300)).report, 20); }
}

TEST_CASE("plans of random fleets stay inside the width") {
    for (std::uint64_t seed = 0; seed < test::sampled(40); ++seed) {
        Generator generator(seed * 977 + 5);
        const RandomFleet fleet = random_fleet(generator);
        CAPTURE(seed);
        const Reported reported = report_text(toml(fleet));
        for (const int width : {40, 51, 60, 72, 80, 120}) {
            const render::Style style{false, seed % 2 == 0, width};
            CAPTURE(width);
            check_text(render::text(reported.report, style), style);
        }
    }
}

TEST_CASE("the catalog's list and sheets stay inside the width") {
    catalog::Query query;
    query.region = "ap-southeast-1";
    render::CatalogList list{&test::pg, catalog::select(test::catalog(), test::pg, query), query.region,
                             test::catalog().classes(test::pg).size(), 0};
    for (int width = 40; width <= 140; ++width) {
        const render::Style style{false, width % 3 != 0, width};
        CAPTURE(width);
        check_text(render::catalog_list_text(list, style), style);
        for (const std::string_view cls : {"db.t3.large", "db.m5.24xlarge", "db.x2iedn.32xlarge"})
            if (const InstanceClass* found = test::catalog().find_class(test::pg, cls))
                check_text(render::catalog_show_text(
                               report::shown_class(test::catalog(), test::pg, *found, "eu-central-1"), style),
                           style);
    }
}
