// Findings that a baseline has, and those that it has no more.
#include <algorithm>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/lint/fingerprint.hpp>
#include <poolfit/load/baseline.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/report/gate.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

/// One database is too small for its pools; `lines` are above everything.
std::string inventory(std::string_view name, int max, std::string_view lines = "") {
    return fmt::format(
        "{}schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"{}\"\n"
        "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.t3.micro\"\nmax_connections = 81\n[[service]]\n"
        "name = \"api\"\ninstances = 10\n[[service.pool]]\nname = \"main\"\ndatabase = \"{}\"\nmax = {}\n",
        lines, name, name, max);
}

std::vector<std::string> prints(const test::Planned& planned) {
    return lint::fingerprints(planned.fleet, test::lint(planned));
}

struct Compared {
    std::vector<Finding> findings;
    Sources sources;
};
void compare(const test::Planned& planned, const std::string& text, Compared& out, const lint::Options& options = {}) {
    Diagnostics diagnostics;
    const auto baseline = load::baseline(out.sources.add("known.json", text), diagnostics);
    REQUIRE(baseline);
    LintInput input{planned.fleet, test::catalog(), planned.plan, {}};
    input.baseline = &*baseline;
    out.findings = lint::run(input, options);
}

std::string baseline_of(const test::Planned& planned) {
    return render::baseline_json(report::gate(planned.fleet, planned.plan, test::lint(planned), {}, {}));
}

}  // namespace

TEST_CASE("fingerprints are of rule, database and target, not of lines and values") {
    const auto planned = test::plan_text(inventory("orders", 10));
    const auto all = prints(planned);
    REQUIRE(all.size() > 1);
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
    CHECK(prints(test::plan_text(inventory("orders", 11, "# moved\n\n"))) == all);
    for (const std::string& other : prints(test::plan_text(inventory("users", 10))))
        CHECK(std::ranges::find(all, other) == all.end());
}

TEST_CASE("what the baseline has fails no gate") {
    const auto planned = test::plan_text(inventory("orders", 10));
    Compared same;
    compare(planned, baseline_of(planned), same);
    CHECK(std::ranges::all_of(same.findings, &Finding::known));
    const Gate gate = report::gate(planned.fleet, planned.plan, same.findings, Severity::info, {});
    CHECK_FALSE(gate.failed);
    CHECK(gate.count.known == same.findings.size());
    CHECK(gate.count.errors == 0);
    Compared none;
    compare(planned, "{\"schema\": \"poolfit-baseline/1\", \"findings\": []}", none);
    CHECK(std::ranges::none_of(none.findings, &Finding::known));
    CHECK(report::gate(planned.fleet, planned.plan, none.findings, Severity::error, {}).failed);
}

TEST_CASE("what is gone is a finding at its place in the baseline, if its rule and database were looked at") {
    const std::string before = baseline_of(test::plan_text(inventory("orders", 10)));
    auto now = test::plan_text(inventory("orders", 3));
    std::string fix = "poolfit baseline --output known.json";
    const auto stale = [&](const lint::Options& options) {
        Compared compared;
        compare(now, before, compared, options);
        std::erase_if(compared.findings, [](const Finding& finding) { return finding.rule->id != "PF904"; });
        for (const Finding& finding : compared.findings) {
            CHECK(finding.place.source->name() == "known.json");
            CHECK(finding.place.source->text().substr(finding.place.span.begin, 1) == "\"");
            CHECK(finding.target == "orders");
            CHECK(finding.fix == fix);
        }
        return compared.findings.size();
    };
    CHECK(stale({}) > 0);
    now.fleet.arguments = "infra/poolfit.toml --env staging";  // the command reads what this one has read
    fix = "poolfit baseline infra/poolfit.toml --env staging --output known.json";
    CHECK(stale({}) > 0);
    CHECK(stale({{"PF301", "PF904"}, {}, {}, 1}) == 0);
    CHECK(stale({{}, {}, {0}, 1}) == 0);
    CHECK(stale({{}, {"PF904"}, {}, 1}) == 0);
}

TEST_CASE("a baseline that is none is refused at its place") {
    for (const std::string_view text :
         {"[]", "{}", "{\"schema\": \"poolfit-inventory/1\"}", "{\"schema\": \"poolfit-baseline/1\"}",
          "{\"schema\": \"poolfit-baseline/1\", \"findings\": {}}",
          "{\"schema\": \"poolfit-baseline/1\", \"findings\": [7]}",
          "{\"schema\": \"poolfit-baseline/1\", \"findings\": [{\"fingerprint\": \"1\", \"rule\": \"PF001\"}]}"}) {
        CAPTURE(text);
        Sources sources;
        Diagnostics diagnostics;
        CHECK_FALSE(load::baseline(sources.add("known.json", std::string(text)), diagnostics));
        REQUIRE(diagnostics.has_errors());
        CHECK(diagnostics.all().front().place);
    }
}

TEST_CASE("a baseline with fingerprints of 32 digits counts: their first half is what they are now") {
    const auto planned = test::plan_text(inventory("orders", 10));
    std::string text = baseline_of(planned);
    const std::string second = "0123456789abcdef\"";
    const std::string key = "\"fingerprint\": \"";
    int longer = 0;
    for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1), ++longer)
        text.replace(at + key.size() + 16, 1, second);
    REQUIRE(longer > 1);
    Compared found;
    compare(planned, text, found);
    for (const Finding& each : found.findings) {
        CHECK(each.rule->id != "PF904");
        CHECK((each.suppressed != nullptr || each.known));
    }
}
