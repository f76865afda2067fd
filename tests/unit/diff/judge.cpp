#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/diff/compare.hpp>

using namespace poolfit;
using diff::Allowance;

namespace {

constexpr std::int64_t dollar = 1'000'000;

const diff::Database a = [] {
    diff::Database out;
    out.name = "a";
    return out;
}();

diff::DatabaseChange change(diff::CountChange steady, diff::CountChange deploy) {
    diff::DatabaseChange out;
    out.base = out.head = &a;
    out.steady = steady;
    out.deploy = deploy;
    out.cost = diff::Money{};
    return out;
}

/// 40 connections and $50 to $60 more, on $200.
diff::Comparison comparison() {
    diff::Comparison out;
    out.databases = {change(40, 40)};
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
    CHECK(judgement.asked.size() == 3);
}

TEST_CASE("judge: what is not known counts as over the limit, and less is") {
    diff::Comparison all = comparison();
    all.cost.difference = {MicroUsdPerMonth(-50 * dollar), MicroUsdPerMonth(-50 * dollar)};
    CHECK(passes(all, Allowance::Of::dollars, 0));
    CHECK(passes(all, Allowance::Of::percent, 0));
    all.databases[0].cost.reset();
    all.databases[0].head = nullptr;
    all.cost.unknown = {"a"};
    CHECK(passes(all, Allowance::Of::dollars, 0));  // it is removed
    all.databases[0].head = &a;
    CHECK_FALSE(passes(all, Allowance::Of::dollars, 1'000 * dollar));
    CHECK_FALSE(passes(all, Allowance::Of::percent, 1'000'000));
    CHECK(passes(all, Allowance::Of::connections, 40));
    const std::vector<Allowance> asked{{Allowance::Of::dollars, 1'000 * dollar, "$1000"}};
    CHECK(diff::judge(all, asked, std::nullopt).exceeded[0].unknown == std::vector<std::string>{"a"});
}

TEST_CASE("judge: connections are those of deploys where these add more") {
    diff::Comparison all;
    all.databases = {change(0, 60)};
    const std::vector<Allowance> none{{Allowance::Of::connections, 0, "0"}};
    const diff::Judgement judgement = diff::judge(all, none, std::nullopt);
    REQUIRE(judgement.exceeded.size() == 1);
    CHECK(judgement.exceeded[0].difference == 60);
    CHECK(judgement.exceeded[0].in_deploy);
    CHECK(passes(all, Allowance::Of::connections, 60));
    all.databases = {change(30, 30)};
    CHECK_FALSE(diff::judge(all, none, std::nullopt).exceeded[0].in_deploy);
    all.databases = {change(0, std::nullopt)};
    CHECK_FALSE(passes(all, Allowance::Of::connections, 1'000));
}

TEST_CASE("judge: connections that one server loses make no room on another, money does") {
    diff::Comparison all;
    all.databases = {change(40, 40), change(-40, -40)};
    CHECK_FALSE(passes(all, Allowance::Of::connections, 39));
    CHECK(passes(all, Allowance::Of::connections, 40));
    all.cost.difference = {};  // +$50 and −$50
    CHECK(passes(all, Allowance::Of::dollars, 0));
}

TEST_CASE("judge: a share of a cost that is not all known can only be within") {
    diff::Comparison all = comparison();
    all.cost.partly = {"a"};
    CHECK(passes(all, Allowance::Of::percent, 300'000));  // of more than $200 it is less than 30 %
    const std::vector<Allowance> asked{{Allowance::Of::percent, 299'999, "29.9999%"}};
    const diff::Judgement judgement = diff::judge(all, asked, std::nullopt);
    REQUIRE(judgement.exceeded.size() == 1);
    CHECK(judgement.exceeded[0].why == diff::Exceeded::Why::unknown_cost);
    CHECK(judgement.exceeded[0].unknown == std::vector<std::string>{"a"});
    CHECK_FALSE(passes(all, Allowance::Of::dollars, 59 * dollar));
}

TEST_CASE("judge: money of other prices, or of another day, can't be judged") {
    diff::Snapshot base, head;
    base.term = head.term = "list";
    base.catalog = head.catalog = "2026-10";
    base.today = head.today = "2026-11-01";
    diff::Comparison all = comparison();
    all.base = &base;
    all.head = &head;
    const auto judged = [&] {
        return passes(all, Allowance::Of::dollars, 1'000 * dollar) &&
               passes(all, Allowance::Of::percent, 1'000'000'000);
    };
    CHECK(judged());
    for (std::string diff::Snapshot::*of : {&diff::Snapshot::term, &diff::Snapshot::catalog, &diff::Snapshot::today}) {
        const std::string same = head.*of;
        head.*of = "other";
        CHECK_FALSE(passes(all, Allowance::Of::dollars, 1'000 * dollar));
        CHECK_FALSE(passes(all, Allowance::Of::percent, 1'000'000'000));
        CHECK(passes(all, Allowance::Of::connections, 40));
        head.missing = true;  // it has no prices
        CHECK(judged());
        head.missing = false;
        head.*of = same;
    }
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
