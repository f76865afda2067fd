// Text, Markdown, CSV and JSON of one plan give one answer: verdicts, and the money of each database and of all.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>
#include <poolfit/unit/print.hpp>

#include "../support/bill_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

using Json = nlohmann::json;

constexpr int cases = sampled(150);
constexpr double cent = 0.000002;  // dollars: six decimals are printed

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

/// Cells of a line; none here has a line break.
std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> all(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            all.emplace_back();
        else if (c != '\r')
            all.back() += c;
    }
    return all;
}

/// Rows of databases, by name and heading.
std::map<std::string, std::map<std::string, std::string>> rows(const std::string& csv) {
    std::map<std::string, std::map<std::string, std::string>> all;
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> heads = cells(line);
    while (std::getline(lines, line)) {
        const std::vector<std::string> row = cells(line);
        if (row.front() != "database") continue;
        for (std::size_t i = 0; i < heads.size(); ++i) all[row[1]][heads[i]] = row[i];
    }
    return all;
}

/// A line that begins with the name, and has the word behind it.
bool says(const std::string& text, const std::string& name, const std::string& word) {
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
        const auto at = line.find(name);
        if (at == std::string::npos || at > 6) continue;
        const std::string rest = line.substr(at + name.size());
        if (rest.find_first_not_of(" |*:`") == rest.find(word) && rest.find(word) != std::string::npos) return true;
    }
    return false;
}

double high(const Json& range) { return range.is_object() ? range["high"].get<double>() : range.get<double>(); }

void same(const std::string& cell, const Json& value) {
    CHECK(cell.empty() == value.is_null());
    if (!value.is_null()) CHECK(std::abs(std::stod(cell) - high(value)) < cent);
}

void check_databases(const Json& json, const std::string& csv, const std::string& text, const std::string& markdown) {
    auto of_csv = rows(csv);
    for (const Json& database : json["databases"]) {
        const std::string name = database["name"];
        const Json& advice = database["recommendation"];
        const std::string verdict = advice["verdict"];
        INFO(name << " " << verdict);
        auto& row = of_csv[name];
        CHECK(row["verdict"] == verdict);
        CHECK(says(text, name, upper(verdict)));
        CHECK(markdown.find(fmt::format("\n## {}: {}", name, verdict)) != std::string::npos);
        same(row["usd_per_month"], database["price"]["usd_per_month"]);
        same(row["saves_usd_per_month"], advice["saves_usd_per_month"]);
        if (!advice["effective"].is_null()) {
            same(row["effective_usd_per_month"], database["price"]["effective"]["usd_per_month_range"]);
            same(row["effective_usd_per_month_after"], advice["effective"]["usd_per_month_range"]);
            same(row["saves_after_commitments_usd_per_month"], advice["saves_after_commitments_usd_per_month"]);
            // A number where it is one, and the range in any case.
            for (const Json* of : {&database["price"]["effective"], &advice["effective"]}) {
                const Json &one = (*of)["usd_per_month"], &range = (*of)["usd_per_month_range"];
                CHECK(one.is_null() == (range.is_null() || range["low"] != range["high"]));
                if (!one.is_null()) CHECK(one == range["high"]);
            }
        }
        if (!advice["stop"].is_null()) CHECK(std::stod(row["stop_saves_usd_per_month"]) > 0);
        // A reader runs while its cluster does.
        if (database["replica_of"].is_null()) continue;
        const auto primary = std::ranges::find_if(
            json["databases"], [&](const Json& each) { return each["name"] == database["replica_of"]; });
        const bool cluster = database["engine"].get<std::string>().starts_with("aurora");
        if (cluster && !(*primary)["recommendation"]["stop"].is_null()) CHECK(verdict != "keep");
    }
}

/// Parts add up to the sum, after commitments too, and the text has that sum.
void check_totals(const Json& json, const std::string& text) {
    const Json& totals = json["totals"];
    double now = 0, after = 0, low = 0, top = 0;
    bool known = true;
    for (const Json& database : json["databases"]) {
        const Json& advice = database["recommendation"];
        if (advice["saves_usd_per_month"].is_null()) continue;
        now += database["price"]["usd_per_month"].get<double>();
        after += advice["usd_per_month"].get<double>();
        if (advice["effective"].is_null()) continue;
        const Json& range = advice["effective"]["usd_per_month_range"];
        known = known && !range.is_null();
        if (range.is_null()) continue;
        low += range["low"].get<double>();
        top += range["high"].get<double>();
    }
    if (!totals["usd_per_month_now"].is_null()) {
        CHECK(std::abs(totals["usd_per_month_now"].get<double>() - now) < 1e-3);
        CHECK(std::abs(totals["usd_per_month_after"].get<double>() - after) < 1e-3);
    }
    const Json& paid = totals["after_commitments"];
    if (paid.is_null() || paid["usd_per_month_after_range"].is_null()) return;
    CHECK(known);
    const Json& sum = paid["usd_per_month_after_range"];
    CHECK(std::abs(sum["low"].get<double>() - low) < 1e-3);
    CHECK(std::abs(sum["high"].get<double>() - top) < 1e-3);
    const Json &before = paid["usd_per_month_now_range"], &saves = paid["saves_usd_per_month_range"];
    REQUIRE(!before.is_null());
    // Ends of what capacity that follows the load takes come together.
    const double at_low = before["low"].get<double>() - sum["low"].get<double>();
    const double at_high = before["high"].get<double>() - sum["high"].get<double>();
    CHECK(saves["low"].get<double>() == doctest::Approx(std::min(at_low, at_high)));
    CHECK(saves["high"].get<double>() == doctest::Approx(std::max(at_low, at_high)));
    CHECK(text.find(unit::print(MicroUsdPerMonth(std::llround(sum["high"].get<double>() * 1e6)))) != std::string::npos);
}

}  // namespace

TEST_CASE("one answer: text, Markdown, CSV and JSON have the same verdicts and the same money") {
    int ranges = 0, readers = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + 99);
        const std::string inventory = BillFleet(generator).text();
        INFO("seed " << seed << "\n" << inventory);
        const Planned made = plan_text(inventory);
        const Report report = report::compose(made.fleet, test::catalog(), {});
        diag::Style style;
        style.width = 200;
        const std::string text = render::text(report, style), markdown = render::markdown(report);
        const Json json = Json::parse(render::json(report));
        check_databases(json, render::csv(report), text, markdown);
        check_totals(json, text);
        const Json& paid = json["totals"]["after_commitments"];
        if (!paid.is_null() && paid["usd_per_month_after"].is_null() && !paid["usd_per_month_after_range"].is_null())
            ++ranges;
        for (const Json& database : json["databases"])
            readers += !database["replica_of"].is_null() && database["recommendation"]["verdict"] == "stop" ? 1 : 0;
    }
    MESSAGE(ranges << " totals are ranges, " << readers << " readers stop with their cluster");
    CHECK(readers > 0);
    if (!sanitized) CHECK(ranges > 0);
}
