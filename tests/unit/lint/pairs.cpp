// Every rule against its pair.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/document.hpp>

#include "../../../src/render/phrase.hpp"
#include "../../support/fleet.hpp"
#include "../import/imported.hpp"
#include "pairs.hpp"

using namespace poolfit;

namespace {

constexpr std::string_view head = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";
constexpr Date today{2026, 11, 24};

/// The words written out, a line each.
std::string expand(std::string_view text, std::string_view separator = " | ") {
    std::string out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(separator, at), text.size());
        const std::string_view line = text.substr(at, end - at);
        const auto word = std::ranges::find(test::words, line, &std::pair<std::string_view, std::string_view>::first);
        if (word == std::end(test::words))
            out += fmt::format("{}\n", line);
        else
            out += expand(word->second);
        at = end + separator.size();
    }
    return out;
}
std::string inventory(std::string_view text) { return fmt::format("{}{}", head, expand(text)); }

struct Marked {
    std::string text;
    std::size_t begin = 0, end = 0;
};

Marked unmark(std::string text) {
    const auto open = text.find("«"), close = text.find("»");
    REQUIRE(open != text.npos);
    REQUIRE(close != text.npos);
    text.erase(close, 2).erase(open, 2);
    return {std::move(text), open, close - 2};
}

/// Where the inventory parts from what is deployed.
struct Compared {
    test::FromFiles files;
    std::vector<Drift> drifts;
};
std::vector<Finding> lint_pair(const test::Planned& planned, std::string_view against, Compared& compared) {
    if (against.empty()) return test::lint(planned, today);
    Diagnostics diagnostics;
    imports::Inventory inventory;
    inventory.push_back(*load::parse(*planned.sources->all().front(), diagnostics));
    const std::string text = expand(against);
    imports::ImportOptions options;
    options.inventory = &inventory;
    compared.files = test::import_texts({{text.starts_with('{') ? "rds" : "kubernetes", text}}, options);
    INFO(compared.files.errors());
    REQUIRE(compared.files.result);
    compared.drifts = imports::compare(inventory, *compared.files.result);
    for (Drift& drift : compared.drifts) drift.command = "poolfit import --into";
    return test::lint(planned, today, {}, &compared.drifts);
}

std::vector<Finding> of_rule(std::vector<Finding> findings, std::string_view id) {
    std::erase_if(findings, [&](const Finding& finding) { return finding.rule->id != id; });
    return findings;
}

}  // namespace

TEST_CASE("rules: each catches its one inventory, at the place and in the words") {
    for (const test::Pair& pair : test::pairs) {
        CAPTURE(pair.rule);
        const Marked marked = unmark(inventory(pair.catches));
        const auto planned = test::plan_text(marked.text);
        Compared compared;
        const auto findings = lint_pair(planned, pair.against, compared);
        CAPTURE(test::list(findings));
        const auto own = of_rule(findings, pair.rule);
        REQUIRE(own.size() == 1);
        const Finding& finding = own[0];
        CHECK(finding.target == pair.target);
        CHECK(finding.place.span.begin == marked.begin);
        CHECK(finding.place.span.end == marked.end);
        CHECK(finding.message != "");
        CHECK(finding.fix != "");
        if (!pair.message.empty()) CHECK(finding.message == pair.message);
        if (!pair.label.empty()) CHECK(render::in_full(planned.fleet, planned.plan, finding.label) == pair.label);
        if (!pair.fix.empty()) CHECK(finding.fix == pair.fix);
    }
}

TEST_CASE("rules: each lets its other inventory pass") {
    for (const test::Pair& pair : test::pairs) {
        CAPTURE(pair.rule);
        const auto planned = test::plan_text(inventory(pair.spares));
        Compared compared;
        const auto findings = lint_pair(planned, pair.against, compared);
        CAPTURE(test::list(findings));
        CHECK(of_rule(findings, pair.rule).empty());
    }
}

TEST_CASE("rules: every rule has a pair, is complete, and stands in order of its id") {
    std::string_view before;
    for (const Rule* rule : lint::rules()) {
        CAPTURE(rule->id);
        // A finding of PF904 stands in a file of its own: tests/unit/lint/baseline.cpp.
        CHECK((rule->id == "PF904" ||
               std::ranges::any_of(test::pairs, [&](const test::Pair& pair) { return pair.rule == rule->id; })));
        CHECK(rule->id > before);
        before = rule->id;
        CHECK(rule->id.size() == 5);
        CHECK(rule->id.starts_with("PF"));
        CHECK(rule->id.find_first_not_of("0123456789", 2) == rule->id.npos);
        CHECK(rule->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == rule->name.npos);
        CHECK(std::ranges::count(lint::rules(), rule->name, &Rule::name) == 1);
        CHECK(rule->since == "0.1.0");
        for (const std::string_view text : {rule->summary, rule->rationale, rule->fix}) {
            CHECK(text.size() > 20);
            CHECK(text.ends_with('.'));
            CHECK(text.find("  ") == text.npos);
        }
        CHECK(rule->summary.find('\n') == rule->summary.npos);
        CHECK((rule->check != nullptr));
        CHECK(lint::find_rule(rule->id) == rule);
        CHECK(lint::find_rule(rule->name) == rule);
    }
}
