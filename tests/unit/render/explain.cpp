#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/render/render.hpp>

#include "../../../src/render/derivation.hpp"
#include "fixture.hpp"

using namespace poolfit;
using namespace poolfit::render;
using namespace poolfit::test;

namespace {

using assess::ceil;
using assess::high;
using assess::low;

Key of_database(Name name) { return {{Subject::Kind::database, 0}, name}; }
Key parameter(std::string_view which) {
    return {{Subject::Kind::engine, 0}, Name::parameter, Phase::now, nullptr, which};
}

/// usable = max_planned − reserved, the latter a sum in which a row is given twice.
struct Sample {
    SourceText source{"infra/poolfit.toml", "a = 1\nb = 2\n"};
    Fleet fleet;
    Figures figures;
    Recorder r{&figures};
    Figure<Connections> planned, reserved, usable;

    Sample() {
        fleet.databases.resize(1);
        fleet.databases[0].name = {"primary", {}};
        fleet.databases[0].platform = &platform::usual();
        planned = {Connections(1700), r.input(of_database(Name::connections_max_planned),
                                              assess::measured(Connections(1700)), {&source, {6, 7}})};
        const Provenance row{"s41", "a manual", "2026", {}};
        const Figure<Connections> a{Connections(3),
                                    r.row(parameter("superuser_reserved"), assess::measured(Connections(3)), row)};
        const auto b = r.keep<Connections>(parameter("more"), r(a) + r.literal(1));
        reserved = r.keep<Connections>(of_database(Name::connections_reserved), r(a) + r(b), {Note::any_minor_version});
        usable = r.keep<Connections>(of_database(Name::connections_usable), r(planned) - r(reserved));
    }
    Derivations all() const { return {figures, fleet}; }
    std::string tree(FigureId id, const Style& style) const {
        Page page(style);
        print_tree(page, all(), id);
        return page.take();
    }
};

}  // namespace

TEST_CASE("a tree goes down to lines, dated rows and constants, and says a thing once") {
    const Sample sample;
    CHECK(sample.tree(sample.usable.id, {false, true, 80}) ==
          "database.primary.connections.usable = 1,693\n"
          "  max_planned − reserved\n"
          "  ├ max_planned = 1,700   infra/poolfit.toml:2:1\n"
          "  └ reserved = 7   superuser_reserved + more · minor version not set: the\n"
          "    │   highest of any\n"
          "    ├ engine.postgresql.superuser_reserved = 3   a manual, as of 2026 [s41]\n"
          "    └ engine.postgresql.more = 4   superuser_reserved + 1\n"
          "      └ superuser_reserved = 3   see above\n");
    CHECK(sample.tree(sample.planned.id, {false, true, 80}) ==
          "database.primary.connections.max_planned = 1,700\n  infra/poolfit.toml:2:1\n");
    CHECK(sample.tree(sample.reserved.id, {false, false, 80}).find("  ` engine.postgresql.more = 4") !=
          std::string::npos);
}

TEST_CASE("a deep derivation is cut, and the figure to go on with is named") {
    Sample sample;
    std::vector<std::string> names;
    for (int i = 0; i < 200; ++i) names.push_back(fmt::format("f{}", i));
    const auto key = [&](int i) { return parameter(names[static_cast<std::size_t>(i)]); };
    Figure<double> figure{1, sample.r.constant(key(0), {Interval<double>(1), Measure::count}, "a test")};
    for (int i = 1; i < 200; ++i) figure = sample.r.keep<double>(key(i), sample.r(figure) + sample.r.literal(0));
    const std::string text = sample.tree(figure.id, {false, true, 60});
    CHECK(text.find("… poolfit explain") != std::string::npos);
    CHECK(text.find("engine.postgresql.f183") != std::string::npos);
}

TEST_CASE("formulas are shown with their names, and with their numbers") {
    Sample sample;
    const Recorder r = sample.r;
    CHECK(with_numbers(sample.all(), sample.usable.id) == "1,700 − 7");
    CHECK(with_numbers(sample.all(), sample.planned.id) == "infra/poolfit.toml:2:1");
    int number = 0;
    static constexpr std::string_view names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    const auto shown = [&](const assess::Term& term) {
        const auto id = r.keep<double>(parameter(names[number++]), term).id;
        return fmt::format("{} | {}", formula_text(sample.all(), id), with_numbers(sample.all(), id));
    };
    const Figure<Interval<double>> use{
        {2, 3}, r.constant(of_database(Name::connections_in_use), {{2, 3}, Measure::connections}, "a test")};
    const Figure<double> factor{2.5, r.constant({{Subject::Kind::policy, 0}, Name::observed_buffer},
                                                {Interval<double>(2.5), Measure::ratio}, "a test")};
    CHECK(shown(assess::most(ceil(r(factor) * low(r(use))), high(r(use)) + r.literal(1))) ==
          "max(⌈observed_buffer × in_use.low⌉, in_use.high + 1) | max(⌈2.5 × 2⌉, 3 + 1)");
    CHECK(shown(ceil(high(r(use)))) == "⌈in_use.high⌉ | 3");
    CHECK(shown((r(use) + r(sample.reserved)) * r(factor)) ==
          "(in_use + reserved) × observed_buffer | (2–3 + 7) × 2.5");
    CHECK(shown(r(factor) / (r(sample.reserved) * r(factor))) ==
          "observed_buffer / (reserved × observed_buffer) | 2.5 / (7 × 2.5)");
    CHECK(shown(assess::most(r(sample.usable) - r(sample.reserved), r.literal(0))) == "usable − reserved | 1,693 − 7");
    CHECK(shown(assess::most(r(sample.reserved) - r(sample.usable), r.literal(0))) ==
          "max(reserved − usable, 0) | max(7 − 1,693, 0)");
    CHECK(shown(assess::sum(std::vector<assess::Term>(9, r(use)), &sample.figures)) == "Σ of 9 | Σ of 9");
    CHECK(shown(assess::between(low(r(use)), r(sample.reserved))) == "in_use.low to reserved | 2 to 7");
}

TEST_CASE("a second derivation of one figure is noticed, the same one is not") {
    Sample sample;
    const Recorder r = sample.r;
    CHECK(r.keep<Connections>(of_database(Name::connections_usable), r(sample.planned) - r(sample.reserved)).id ==
          sample.usable.id);
    CHECK(sample.figures.conflicts().empty());
    r.keep<Connections>(of_database(Name::connections_usable), r(sample.planned) - r.literal(7));
    REQUIRE(sample.figures.conflicts().size() == 1);
    CHECK(sample.figures.conflicts().front().name == Name::connections_usable);
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
         {"primary  db.m5.xlarge → db.t3.large  saves $183.00/mo", " 1 demand    api.main", "1 × 1 × 10 = 10",
          "max(⌈2.5 × 2⌉, 3 + 1)", "per year   12 × $183.00/mo   = $2,196.00/yr", "cheaper, but not chosen",
          "needs allow_arm = true", "are not offered or have no price in eu-central-1", "\nsources\n",
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
