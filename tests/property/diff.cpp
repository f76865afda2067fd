// What is between two states of an inventory: nothing between a state and itself, the same from both sides, whichever
// way the states are read, and sums that are those of the parts.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/diff/compare.hpp>
#include <poolfit/render/diff.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>

#include "../support/any_fleet.hpp"
#include "../support/bill_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct State {
    diff::Snapshot report, json;
};

/// Of the report, and of its JSON.
std::optional<State> state(const std::string& text) {
    const auto made = answer(text);
    if (!made) return std::nullopt;
    const Report report = report::compose(made->fleet, test::catalog(), {});
    State out{diff::snapshot(report), {}};
    Diagnostics diagnostics;
    const SourceText source("report.json", render::json(report));
    CHECK(diff::is_report(source));
    auto json = diff::snapshot(source, diagnostics);
    for (const Diagnostic& each : diagnostics.all()) FAIL_CHECK(each.message);
    if (!json) return std::nullopt;
    out.json = std::move(*json);
    return out;
}

diff::Money negative(const diff::Money& money) {
    return {MicroUsdPerMonth(-money.high.value), MicroUsdPerMonth(-money.low.value)};
}

template <class T>
std::optional<T> mirrored(const std::optional<T>& difference) {
    if (!difference) return std::nullopt;
    if constexpr (std::is_same_v<T, diff::Money>)
        return negative(*difference);
    else
        return -*difference;
}

const diff::DatabaseChange* change_of(const diff::Comparison& all, const std::string& name) {
    for (const diff::DatabaseChange& each : all.databases)
        if ((each.head != nullptr ? each.head : each.base)->name == name) return &each;
    return nullptr;
}

/// Of a database that is on both sides, whatever differs is worse one way, the other, or both (a range, or what is not
/// known). One that is removed is not worse.
void check_worse(const diff::DatabaseChange& there, const diff::DatabaseChange& back) {
    if (there.head == nullptr) CHECK_FALSE(there.worse);
    if (there.kind != diff::Kind::changed || there.worse || back.worse) return;
    for (const diff::CountChange& each : {there.steady, there.deploy, there.steady_after, there.deploy_after})
        CHECK(each == 0);
    CHECK(there.cost == diff::Money{});
    CHECK(there.cost_after == diff::Money{});
    CHECK(there.base->usable == there.head->usable);
}

std::size_t silenced(const diff::Comparison& all) {
    return static_cast<std::size_t>(
        std::ranges::count_if(all.silenced, [](const diff::Silenced& each) { return each.before != nullptr; }));
}

void check_mirror(const diff::Comparison& there, const diff::Comparison& back) {
    CHECK(there.databases.size() == back.databases.size());
    CHECK(there.pools.size() == back.pools.size());
    // What is silenced one way is new the other way, unless it was suppressed as soon as it was there.
    CHECK(there.fresh.size() == back.gone.size() + silenced(back));
    CHECK(back.fresh.size() == there.gone.size() + silenced(there));
    CHECK(there.same_findings == back.same_findings);
    CHECK(there.steady.difference == -back.steady.difference);
    CHECK(there.deploy_after.difference == -back.deploy_after.difference);
    CHECK(there.cost.difference == negative(back.cost.difference));
    CHECK(there.cost_after.difference == negative(back.cost_after.difference));
    CHECK(there.cost.unknown.size() == back.cost.unknown.size());
    for (const diff::DatabaseChange& each : there.databases) {
        const diff::DatabaseChange* other = change_of(back, (each.head != nullptr ? each.head : each.base)->name);
        REQUIRE(other != nullptr);
        CHECK(other->base == each.head);
        CHECK(other->head == each.base);
        CHECK(each.steady == mirrored(other->steady));
        CHECK(each.deploy == mirrored(other->deploy));
        CHECK(each.usable == mirrored(other->usable));
        CHECK(each.cost == mirrored(other->cost));
        CHECK(each.cost_after == mirrored(other->cost_after));
        CHECK(each.steady_after == mirrored(other->steady_after));
        CHECK(each.deploy_after == mirrored(other->deploy_after));
        check_worse(each, *other);
    }
}

/// What fails without an allowance is what a database adds, and what is removed adds nothing.
void check_judged(const diff::Comparison& all) {
    const std::vector<diff::Allowance> none{{diff::Allowance::Of::connections, 0, "0 connections"}};
    const auto adds = [](const diff::DatabaseChange& each) {
        return each.head != nullptr && (!each.steady || *each.steady > 0 || !each.deploy || *each.deploy > 0);
    };
    const diff::Judgement judgement = diff::judge(all, none, std::nullopt);
    CHECK(judgement.failed() == std::ranges::any_of(all.databases, adds));
    for (const diff::DatabaseChange& each : all.databases)
        if (adds(each)) CHECK(each.worse);
    for (const diff::Exceeded& each : judgement.exceeded) {
        CHECK(each.difference >= all.steady.difference);
        CHECK(each.difference >= all.deploy.difference);
    }
}

/// What did not change is in the sum, too, with nothing.
void check_sums(const diff::Comparison& all) {
    std::int64_t steady = 0, deploy = 0;
    diff::Money cost{};
    std::size_t unknown = 0;
    for (const diff::DatabaseChange& each : all.databases) {
        steady += each.steady.value_or(0);
        deploy += each.deploy.value_or(0);
        if (each.cost) cost = cost + *each.cost;
        unknown += each.cost ? 0 : 1;
    }
    CHECK(all.steady.difference == steady);
    CHECK(all.deploy.difference == deploy);
    CHECK(all.cost.difference == cost);
    CHECK(all.cost.unknown.size() == unknown);
}

void check_pages(const diff::Comparison& all) {
    const diff::Judgement judgement = diff::judge(all, {}, Severity::error);
    const render::Differing compared{&all, &judgement, false};
    CHECK(render::diff_text(compared, {}).size() > 20);
    CHECK(render::diff_markdown(compared).size() < 65'000);
    CHECK(render::diff_json(compared).size() > 20);
}

}  // namespace

TEST_CASE("diff: nothing is between a state and itself, and both ways mirror each other") {
    int pairs = 0, with_findings = 0;
    std::optional<State> before;
    for_seeds(83, [&](std::uint64_t seed, Generator& generator) {
        if (seed % 5 != 0) return;
        const std::string text = seed % 10 == 0 ? any_fleet(generator) : BillFleet(generator).text();
        auto after = state(text);
        if (!after) return;
        CAPTURE(seed);
        for (const auto* other : {&after->report, &after->json}) {
            const diff::Comparison none = diff::compare(after->report, *other);
            CHECK(none.empty());
            CHECK(none.cost.difference == diff::Money{});
            CHECK(none.cost.unknown.empty());
            CHECK(none.steady.unknown.empty());
            CHECK(none.compares_findings);
        }
        if (before) {
            const diff::Comparison there = diff::compare(before->report, after->report);
            check_mirror(there, diff::compare(after->report, before->report));
            check_sums(there);
            check_judged(there);
            const diff::Comparison by_json = diff::compare(before->json, after->report);
            CHECK(by_json.steady.difference == there.steady.difference);
            CHECK(by_json.cost.difference == there.cost.difference);
            CHECK(by_json.fresh.size() == there.fresh.size());
            check_pages(there);
            ++pairs;
            with_findings += there.fresh.empty() ? 0 : 1;
        }
        before = std::move(after);
    });
    CHECK(pairs > 0);
    CHECK(with_findings * 2 > pairs);
}
