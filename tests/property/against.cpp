// What is deployed, as manifests and answers of RDS, against an inventory that parts from it: what `check --against`
// reports is what `import --into` heals, and every byte outside the changed values survives.
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "../support/sanitized.hpp"
#include "../support/text.hpp"
#include "deployed.hpp"

using namespace poolfit;
using namespace poolfit::test;
using namespace poolfit::test::deployed;

namespace {

/// The lines of the text without values and what stands behind them: what no import may touch.
std::vector<std::string> kept_lines(const std::string& text) {
    std::vector<std::string> lines = lines_of(text);
    std::erase_if(lines, [](const std::string& line) { return contains(line, "# from "); });
    return lines;
}

}  // namespace

TEST_CASE("what check --against reports is what import --into heals") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= sampled(300); ++seed) {
        CAPTURE(seed);
        Random random{seed};
        Files estate = any_estate(random);
        std::string text = Run(catalog, "", estate).into(false);
        CHECK(Run(catalog, text, estate).drifts().empty());
        CHECK(Run(catalog, text, estate).into(false) == text);
        // The user's own lines.
        text.insert(text.find("\n[["), "\n[policy]\nallow_arm = true  # ours\n");
        for (std::size_t round = 0; round < 3; ++round) {
            const Files before = estate;
            for (std::size_t i = 0; i <= random.next(4); ++i) change(random, estate);
            const Run run(catalog, text, estate);
            const std::vector<Drift> drifts = run.drifts();
            const std::string after = run.into(false);
            CAPTURE(text);
            CAPTURE(after);
            CHECK((after == text) == drifts.empty());
            CHECK(is_part(kept_lines(text), kept_lines(after)));
            CHECK(after.find("PLANTED") == std::string::npos);
            CHECK(Run(catalog, after, estate).drifts().empty());
            CHECK(Run(catalog, after, estate).into(false) == after);
            Sources sources;
            Diagnostics diagnostics;
            CHECK(load::inventory(sources.add("poolfit.toml", after), {}, catalog, sources, diagnostics));
            text = after;
        }
    }
}

TEST_CASE("a value that a file no longer says is reported, or its default is what was there") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= sampled(200); ++seed) {
        CAPTURE(seed);
        Random random{seed * 31};
        Files estate = any_estate(random);
        const std::string text = Run(catalog, "", estate).into(false);
        Deployed& service = estate.services[random.next(estate.services.size())];
        const bool processes = random.coin();
        const int before = processes ? service.workers : service.replicas;
        (processes ? service.workers : service.replicas) = 0;
        const std::vector<Drift> drifts = Run(catalog, text, estate).drifts();
        REQUIRE(drifts.size() == (before == 1 ? 0 : 1));
        if (before == 1) continue;
        CHECK(drifts[0].target == service.name);
        CHECK(drifts[0].key == (processes ? "processes" : "instances"));
        CHECK(drifts[0].declared == fmt::format("{}", before));
        // A service that is gone is reported, and stays.
        estate.services.erase(estate.services.begin() + (&service - estate.services.data()));
        if (estate.services.empty()) continue;
        const Run gone(catalog, text, estate);
        REQUIRE(gone.drifts().size() == 1);
        CHECK(gone.drifts()[0].kind == Drift::Kind::gone);
        CHECK(gone.into(true) == text);
    }
}

TEST_CASE("documents in any order and files given twice say the same, also of two namespaces") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= sampled(150); ++seed) {
        CAPTURE(seed);
        Random random{seed * 101};
        Files estate = any_estate(random);
        const bool spaces = random.coin();
        for (std::size_t i = 0; spaces && i < estate.services.size(); ++i) {
            estate.services[i].name = fmt::format("svc{}", i / 2);
            estate.services[i].space = i % 2 == 0 ? "b" : "a";
        }
        // First one namespace alone; the other joins, in front or behind.
        Files one = estate;
        std::erase_if(one.services, [](const Deployed& each) { return each.space == "a"; });
        std::string text = Run(catalog, "", one).into(false);
        const std::size_t joined = random.next(estate.services.size());
        CAPTURE(text);
        const Run joining(catalog, text, estate, joined);
        CHECK(joining.drifts().size() == estate.services.size() - one.services.size());
        for (const Drift& each : joining.drifts()) CHECK(each.kind == Drift::Kind::undeclared);
        text = joining.into(false);
        for (std::size_t first = 0; first < estate.services.size(); ++first) {
            const Run run(catalog, text, estate, first, 1 + static_cast<int>(first % 2));
            CHECK(run.drifts().empty());
            CHECK(run.into(true) == text);
        }
        // A new inventory has each once, whatever the order.
        const std::string fresh = Run(catalog, "", estate).into(false);
        CHECK(Run(catalog, fresh, estate, joined, 2).drifts().empty());
        CHECK(Run(catalog, "", estate, 0, 2).imported->services == estate.services.size());
    }
}

TEST_CASE("a record that the user renamed is the same, in TOML and in JSON") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= sampled(150); ++seed) {
        CAPTURE(seed);
        Random random{seed * 577};
        Files estate = any_estate(random);
        const bool json = random.coin();
        std::string text = Run(catalog, "", estate).into(false, json ? load::Syntax::json : load::Syntax::toml);
        const std::string name = estate.services[random.next(estate.services.size())].name;
        const std::size_t at = text.find(fmt::format("\"{}\"", name));
        REQUIRE(at != std::string::npos);
        text.replace(at, name.size() + 2, "\"mine\"");
        CAPTURE(text);
        const Run same(catalog, text, estate);
        CHECK(same.drifts().empty());
        if (!json) CHECK(same.into(false) == text);
        for (std::size_t i = 0; i <= random.next(4); ++i) change(random, estate);
        const std::string after = Run(catalog, text, estate).into(false);
        CAPTURE(after);
        CHECK(after.find(fmt::format("\"{}\"", name)) == std::string::npos);
        CHECK(after.find(fmt::format("service.{}.", name)) == std::string::npos);
        CHECK(Run(catalog, after, estate).drifts().empty());
        CHECK(Run(catalog, after, estate).into(false) == after);
    }
}

TEST_CASE("a declared value that was changed is reported, stays, and --overwrite heals it") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= sampled(200); ++seed) {
        CAPTURE(seed);
        Random random{seed * 7919};
        const Files estate = any_estate(random);
        const std::string text = Run(catalog, "", estate).into(false);
        const Deployed& service = estate.services[random.next(estate.services.size())];
        const std::size_t record = text.find(fmt::format("\"{}\"", service.name));
        const std::string key = random.coin() ? "instances" : "max ";
        std::size_t at = text.find('\n' + key, record);
        REQUIRE(at != std::string::npos);
        at = text.find("= ", at) + 2;
        const std::size_t end = text.find(' ', at);
        std::string mine = text;
        mine.replace(at, end - at, "77");
        const Run run(catalog, mine, estate);
        const std::vector<Drift> drifts = run.drifts();
        CAPTURE(mine);
        REQUIRE(drifts.size() == 1);
        CHECK(drifts[0].kind == Drift::Kind::value);
        CHECK(drifts[0].own);
        CHECK(drifts[0].declared == "77");
        CHECK(drifts[0].place.span.begin == at);
        CHECK(run.into(false) == mine);
        CHECK(squeezed(run.into(true)) == squeezed(text));
        CHECK(Run(catalog, run.into(true), estate).drifts().empty());
    }
}
