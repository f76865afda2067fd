// What `explain` says of a database is the same, whether figures of the whole fleet are kept or only what it needs.
#include <string>

#include <doctest/doctest.h>

#include <poolfit/load/load.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Pages {
    std::string text, json;
    bool partial = false;
    std::size_t figures = 0;
};

Pages pages(const Fleet& fleet, const std::string& name, bool whole) {
    report::Composing composing;
    composing.derive = true;
    composing.words = {name};
    composing.whole = whole;
    composing.findings = false;
    const Report report = report::compose(fleet, test::catalog(), std::move(composing));
    std::vector<report::Target> targets = report::find(report, name);
    std::erase_if(targets, [](const report::Target& each) { return each.kind != report::Target::Kind::database; });
    return {render::explain_text(report, targets, {false, true, 100}), render::explain_json(report, targets),
            report.partial, report.figures.all().size()};
}

}  // namespace

TEST_CASE("a database is explained alike with all figures and with its own alone") {
    std::size_t fewer = 0, loaded = 0, figures_of_one = 0, figures_of_all = 0;
    for_seeds(47, [&](std::uint64_t seed, Generator& generator) {
        if (seed % 8 != 0) return;  // two whole ledgers each
        const std::string text = any_fleet(generator);
        Sources sources;
        Diagnostics diagnostics;
        const auto loaded_fleet =
            load::inventory(sources.add("fleet.toml", text), {}, test::catalog(), sources, diagnostics);
        if (!loaded_fleet) return;
        const Fleet& fleet = *loaded_fleet;
        ++loaded;
        CAPTURE(seed);
        CAPTURE(text);
        const Index last = static_cast<Index>(fleet.databases.size() - 1);
        const std::string& name = *fleet.databases[uniform(generator, 0, static_cast<int>(last))].name;
        const Pages own = pages(fleet, name, false), all = pages(fleet, name, true);
        CHECK(own.text == all.text);
        CHECK(own.json == all.json);
        if (own.figures * 2 < all.figures) ++fewer;
        figures_of_one += own.figures;
        figures_of_all += all.figures;
    });
    if (sanitized) return;                   // few fleets, and perhaps no large one
    CHECK(figures_of_one < figures_of_all);  // else nothing was left out
    CHECK(fewer * 20 > loaded);
}
