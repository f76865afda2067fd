// A fleet as a table: its order, its totals, its widths, and the formats for spreadsheets and reviews.
#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/lint/rule.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/report/gate.hpp>
#include <poolfit/report/report.hpp>

#include "../../support/fleet.hpp"
#include "../../support/text.hpp"

using namespace poolfit;

namespace {

/// Servers with one service each: the third is far too large, the fifth refuses connections, two have no price.
std::string fleet_of(int count) {
    std::string text = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";
    for (int i = 0; i < count; ++i) {
        const bool large = i % 7 == 3, full = i % 11 == 5, nowhere = i % 19 == 8;
        text += fmt::format(
            "[[database]]\nname = \"db-{0}\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"{1}\"\n{2}"
            "[database.observed]\ncpu_mean = \"5%\"\ncpu_peak = \"12%\"\nfreeable_memory = \"{3}\"\n"
            "[[service]]\nname = \"s-{0}\"\ninstances = {4}\n[[service.pool]]\nname = \"main\"\ndatabase = \"db-{0}\"\n"
            "max = 10\n",
            i,
            large     ? "db.m5.2xlarge"
            : nowhere ? "db.t2.small"
                      : "db.t3.medium",
            nowhere ? "region = \"eu-north-1\"\n" : "", large ? "28 GiB" : "1 GiB", full ? 60 : 4);
    }
    return text;
}

struct Reported {
    test::Planned planned;
    Report report;
};

Reported report_of(int count, Order order = Order::action, std::optional<std::size_t> top = {}) {
    Reported made{test::plan_text(fleet_of(count)), {}};
    report::Composing how;
    how.order = order;
    how.top = top;
    made.report = report::compose(made.planned.fleet, test::catalog(), std::move(how));
    return made;
}

std::vector<std::string> names(const Report& report) {
    std::vector<std::string> all;
    for (const Index i : report.overview.databases) all.push_back(*report.fleet->databases[i].name);
    return all;
}

}  // namespace

TEST_CASE("overview: what needs action first, then the largest saving, then what may stay") {
    const Reported made = report_of(12);
    const auto& verdict = [&](Index i) { return made.report.plan.databases[i].recommendation.verdict; };
    REQUIRE(made.report.overview.databases.size() == 12);
    CHECK(names(made.report).front() == "db-5");
    CHECK(verdict(made.report.overview.databases.front()) == Verdict::over);
    const auto saves = [&](Index i) {
        const auto& saved = made.report.plan.databases[i].recommendation.saves;
        return saved ? saved->value.value : 0;
    };
    std::vector<std::int64_t> resized;
    for (const Index i : made.report.overview.databases)
        if (verdict(i) == Verdict::resize) resized.push_back(saves(i));
    REQUIRE(resized.size() >= 2);
    CHECK(std::ranges::is_sorted(resized, std::ranges::greater()));
    std::size_t sum = 0;
    for (const auto& of : made.report.overview.verdicts) sum += of.databases;
    CHECK(sum == 12);
    const std::size_t priced =
        std::accumulate(made.report.overview.verdicts.begin(), made.report.overview.verdicts.end(), std::size_t{0},
                        [](std::size_t n, const Overview::OfVerdict& of) { return n + of.priced; });
    CHECK(priced == 11);  // db-8 is where the catalog has no price
}

TEST_CASE("overview: other orders, and fewer databases than there are") {
    const Reported by_name = report_of(12, Order::name, 3);
    CHECK(names(by_name.report) == std::vector<std::string>{"db-0", "db-1", "db-10"});
    CHECK(by_name.report.overview.left_out == 9);
    const Reported by_connections = report_of(12, Order::connections, 1);
    CHECK(names(by_connections.report) == std::vector<std::string>{"db-5"});
    const Reported by_saving = report_of(12, Order::saving);
    CHECK(
        by_saving.report.plan.databases[by_saving.report.overview.databases.front()].recommendation.saves->value.value >
        0);
    CHECK(names(by_saving.report).back() == "db-8");  // no price
}

TEST_CASE("overview: the text opens with one line for each of six databases or more, at any width") {
    const Reported few = report_of(5);
    CHECK(render::text(few.report, {false, true, 80}).find("by verdict") == std::string::npos);
    CHECK(render::text(few.report, {false, true, 80}, {false, true}).find("by verdict") != std::string::npos);
    const Reported made = report_of(40);
    for (const int width : {60, 80, 120}) {
        const std::string text = render::text(made.report, {false, true, width}, {false, true});
        for (const std::string& line : test::lines_of(text)) CHECK(line.size() <= static_cast<std::size_t>(width) * 3);
        for (const std::string& name : names(made.report)) CHECK(text.find(name) != std::string::npos);
        CHECK(text.find("total  ") != std::string::npos);
    }
    const std::vector<std::string> lines = test::lines_of(render::text(made.report, {false, true, 80}, {false, true}));
    CHECK(lines.size() < 70);
    CHECK(std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("db-"); }) >= 40);
    // A fleet's blocks come in the order of the table.
    const std::string whole = render::text(made.report, {false, true, 80});
    const auto block = [&](std::string_view name) {
        return whole.find(fmt::format("\n{}  ", name), whole.find("total  "));
    };
    const auto order = names(made.report);
    CHECK(block(order[0]) < block(order[1]));
}

TEST_CASE("overview: a block's first sentence says what to do, what it saves and how sure that is") {
    const Reported made = report_of(4);
    const std::string text = render::text(made.report, {false, true, 120});
    CHECK(text.find("Change db.m5.2xlarge to ") != std::string::npos);
    CHECK(text.find(" Saves $") != std::string::npos);
    CHECK(text.find("/yr. Risk ") != std::string::npos);
}

TEST_CASE("overview: a database's text has at most 45 lines at 80 columns") {
    const Reported made = report_of(1);
    CHECK(test::lines_of(render::text(made.report, {false, true, 80})).size() <= 45);
}

TEST_CASE("overview: a fleet's Markdown fits a comment on GitHub and says what it left out") {
    for (const int count : {40, 400}) {
        const Reported made = report_of(count);
        const std::string text = render::markdown(made.report);
        CHECK(text.size() <= 65'000);
        CHECK(text.find("| database | verdict | class | connections | saves/mo | risk | tightest limit |") !=
              std::string::npos);
        // Said before the sections that are there, with commands that are of this inventory.
        const std::size_t left_out = text.find("Left out, since");
        CHECK(left_out < text.find("\n## ", text.find("| by verdict |")));
        CHECK(text.find("`poolfit plan --json` has them; with", left_out) != std::string::npos);
    }
}

TEST_CASE("overview: CSV has a line for each database with what a spreadsheet wants") {
    const Reported made = report_of(12, Order::saving, 4);
    const std::vector<std::string> lines = test::lines_of(render::csv(made.report));
    for (const std::string_view column : {"region", "version", "cpu_peak", "memory_used_gib", "cpu_limit", "verdict",
                                          "saves_usd_per_year", "risk", "reason"})
        CHECK(("," + lines.front() + ",").find(fmt::format(",{}", column)) != std::string::npos);
    CHECK(lines.size() == 1 + 4 + 4);  // with the pools of those
    CHECK(lines[1].find("us-east-1") != std::string::npos);
}

TEST_CASE("check: a warning that many servers have is one with a list, and errors stay in full") {
    const Reported made = report_of(40);
    const LintInput input{made.planned.fleet, test::catalog(), made.report.plan, {}};
    const Gate gate = report::gate(made.planned.fleet, made.report.plan, lint::run(input, {}), Severity::error, {});
    const auto count = [&](render::CheckOptions options, std::string_view what) {
        const std::string text = render::check_text(gate, {false, true, 4000}, options);
        std::size_t n = 0;
        for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
        return n;
    };
    CHECK(count({}, "info[PF301]") == 1);
    CHECK(count({false, true}, "info[PF301]") == 40);
    CHECK(count({}, "--rule PF301 shows each") == 1);
    const auto errors = static_cast<std::size_t>(
        std::ranges::count_if(gate.findings, [](const Finding& f) { return f.severity == Severity::error; }));
    REQUIRE(errors > 1);
    CHECK(count({}, "error[") == errors);
}
