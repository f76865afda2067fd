#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/diff/compare.hpp>

using namespace poolfit;
using diff::Allowance;

namespace {

constexpr std::int64_t dollar = 1'000'000;

/// 40 connections and $50 to $60 more, on $200.
diff::Comparison comparison() {
    diff::Comparison out;
    out.steady.difference = 40;
    out.cost.base = {MicroUsdPerMonth(200 * dollar), MicroUsdPerMonth(250 * dollar)};
    out.cost.difference = {MicroUsdPerMonth(50 * dollar), MicroUsdPerMonth(60 * dollar)};
    return out;
}

bool passes(const diff::Comparison& all, Allowance::Of of, std::int64_t most) {
    return !diff::judge(all, {{of, most, ""}}, std::nullopt).failed();
}

}  // namespace

TEST_CASE("judge: allowances hold at the high end of the difference") {
    const diff::Comparison all = comparison();
    CHECK(passes(all, Allowance::Of::connections, 40));
    CHECK_FALSE(passes(all, Allowance::Of::connections, 39));
    CHECK(passes(all, Allowance::Of::dollars, 60 * dollar));
    CHECK_FALSE(passes(all, Allowance::Of::dollars, 60 * dollar - 1));
    // 60 of the 200 that were paid at the least are 30 %.
    CHECK(passes(all, Allowance::Of::percent, 300'000));
    CHECK_FALSE(passes(all, Allowance::Of::percent, 299'999));
}

TEST_CASE("judge: all that exceeds is named, in the order given") {
    const std::vector<Allowance> asked{{Allowance::Of::dollars, 0, "$0"},
                                       {Allowance::Of::connections, 50, "50"},
                                       {Allowance::Of::connections, 3, "3"}};
    const diff::Comparison all = comparison();
    const diff::Judgement judgement = diff::judge(all, asked, std::nullopt);
    REQUIRE(judgement.exceeded.size() == 2);
    CHECK(judgement.exceeded[0].allowance == &asked[0]);
    CHECK(judgement.exceeded[0].difference == 60 * dollar);
    CHECK(judgement.exceeded[1].allowance == &asked[2]);
    CHECK(judgement.asked);
}

TEST_CASE("judge: what is not known counts as over the limit, and less is") {
    diff::Comparison all = comparison();
    all.cost.difference = {MicroUsdPerMonth(-50 * dollar), MicroUsdPerMonth(-50 * dollar)};
    CHECK(passes(all, Allowance::Of::dollars, 0));
    CHECK(passes(all, Allowance::Of::percent, 0));
    diff::Database database;
    database.name = "a";
    diff::DatabaseChange change;
    change.base = &database;
    change.steady = 0;
    all.databases = {change};
    all.cost.unknown = {"a"};
    CHECK(passes(all, Allowance::Of::dollars, 0));  // it is removed
    all.databases[0].head = &database;
    CHECK_FALSE(passes(all, Allowance::Of::dollars, 1'000 * dollar));
    CHECK_FALSE(passes(all, Allowance::Of::percent, 1'000'000));
    CHECK(passes(all, Allowance::Of::connections, 40));
    const std::vector<Allowance> asked{{Allowance::Of::dollars, 1'000 * dollar, "$1000"}};
    CHECK(diff::judge(all, asked, std::nullopt).exceeded[0].unknown == std::vector<std::string>{"a"});
}

TEST_CASE("judge: any cost is more than a share of nothing") {
    diff::Comparison all = comparison();
    all.cost.base = {};
    CHECK_FALSE(passes(all, Allowance::Of::percent, 1'000'000'000));
}

TEST_CASE("judge: new findings at or above the level fail") {
    diff::Finding error, info;
    error.severity = Severity::error;
    info.severity = Severity::info;
    diff::Comparison all;
    all.fresh = {&error, &info};
    CHECK(diff::judge(all, {}, Severity::error).failing == 1);
    CHECK(diff::judge(all, {}, Severity::info).failing == 2);
    CHECK_FALSE(diff::judge(all, {}, std::nullopt).failed());
    all.fresh = {&info};
    CHECK_FALSE(diff::judge(all, {}, Severity::warning).failed());
}
