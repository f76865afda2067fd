// No figure that is projected is physically impossible, over fleets with all that an inventory can have.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/assess/cpu.hpp>
#include <poolfit/platform/platform.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/shrink.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr double slack = 1e-9;

/// The first thing that is impossible.
class Look {
public:
    explicit Look(const Answer& answer) : a_(answer) {}

    std::string faults() {
        for (Index i = 0; i < a_.fleet.databases.size(); ++i) database(i);
        for (const PoolPlan& pool : a_.plan.pools) pool_figures(pool);
        for (const PoolerPlan& pooler : a_.plan.poolers) {
            expect(pooler.now.server.value.value >= 0 && pooler.after.server.value.value >= 0, "pooler connections");
            if (pooler.load && pooler.load->now) rated(*pooler.load->now, "pooler");
        }
        for (const Strategy& strategy : a_.strategies) strategy_figures(strategy);
        for (const Runway& line : a_.runway) {
            expect(std::isfinite(line.now) && std::isfinite(line.limit) && line.now >= 0, "runway value");
            expect(!line.months || (*line.months >= 0 && *line.months <= 120), "runway months");
        }
        const Totals& totals = a_.plan.totals;
        for (const auto* money : {&totals.now, &totals.after})
            if (*money) expect((*money)->value.value >= 0, "negative total");
        return fault_;
    }

private:
    void expect(bool holds, std::string_view what, std::string_view where = {}, std::string_view of = {}) {
        if (!holds && fault_.empty()) fault_ = fmt::format("{}{}: {}", what, of, where);
    }
    template <class T>
    void range(const Interval<T>& r, std::string_view what, std::string_view where) {
        const double low = static_cast<double>(r.low.value), high = static_cast<double>(r.high.value);
        expect(std::isfinite(low) && std::isfinite(high), "no number, ", where, what);
        expect(low <= high + slack * std::abs(high), "low over high, ", where, what);
        expect(low >= -slack, "under 0, ", where, what);
    }
    void rated(const sizing::Figures& f, std::string_view where) {
        expect(std::isfinite(f.utilization.value) && f.utilization.value >= 0, "busy is no number", where);
        expect(f.overloaded || f.utilization.value <= 1 + slack, "busy over 100 %", where);
        if (!f.overloaded) expect(std::isfinite(f.wait_mean.value) && f.wait_mean.value >= 0, "mean wait", where);
        if (f.wait_p99 && !f.overloaded)
            expect(std::isfinite(f.wait_p99->value) && f.wait_p99->value >= 0, "p99", where);
        if (f.p_over) expect(*f.p_over >= 0 && *f.p_over <= 1 + slack, "probability over 100 %", where);
    }

    void pool_figures(const PoolPlan& pool) {
        for (const PoolSize* size : {&pool.declared, &pool.advice.size})
            if (*size) expect((*size)->value.value >= 1 && (*size)->value.value <= max_pool, "size of a pool");
        if (pool.use.in_use) range(pool.use.in_use->value, "in use", "pool");
        if (!pool.load) return;
        if (pool.load->now) rated(pool.load->now->figures, "pool now");
        if (pool.load->after) rated(pool.load->after->figures, "pool after");
        expect(pool.load->cpu_stretch >= 1 - slack && std::isfinite(pool.load->cpu_stretch), "stretch under 1");
    }

    void strategy_figures(const Strategy& strategy) {
        for (const auto* sum : {&strategy.before, &strategy.after})
            if (*sum) expect((*sum)->value.value >= 0, "negative connections", strategy.name);
        if (strategy.change)
            expect(std::isfinite(strategy.change->value.value) && strategy.change->value.value >= -1 - slack,
                   "fewer by more than 100 %", strategy.name);
        for (const StrategyDatabase& server : strategy.databases)
            if (server.after && server.deploy_after)
                expect(server.after->value <= server.deploy_after->value, "a deploy opens fewer", strategy.name);
    }

    void database(Index i) {
        const Database& record = a_.fleet.databases[i];
        const DatabasePlan& mine = a_.plan.databases[i];
        for (const DatabaseDemand* demand : {&mine.demand, &mine.after})
            if (demand->allocated && demand->deploy_peak)
                expect(demand->allocated->value <= demand->deploy_peak->value, "a deploy opens fewer", *record.name);
        if (mine.budget.in_use) range(mine.budget.in_use->value, "in use", *record.name);
        projection(i, mine.now, false);
        projection(i, mine.chosen, mine.chosen.cls != record.type);
        if (!record.platform->has_classes) return;
        std::optional<Projection> before;
        for (const Candidate& candidate : mine.candidates) {
            for (const auto* money : {&candidate.list, &candidate.cost, &candidate.ranked_by})
                if (*money) expect((*money)->value >= 0, "negative money", candidate.cls->name);
            Projection there = plan::project(a_.fleet, a_.plan, i, *candidate.cls, {});
            projection(i, there, candidate.cls != record.type);
            slower(mine.now, there);
            if (before && before->cpu_move == there.cpu_move && before->cls->arch == there.cls->arch) {
                slower(*before, there);
                slower(there, *before);
            }
            before = std::move(there);
        }
    }

    /// The same load takes no less of a class of the same architecture that does no more. Of a class without a figure
    /// of speed nobody knows which of the two is slower.
    void slower(const Projection& fast, const Projection& slow) {
        if (fast.cls == slow.cls || fast.cls->arch != slow.cls->arch) return;
        if (slow.cpu_move == CpuMove::by_count || fast.cpu_move == CpuMove::by_count) return;
        if (!assess::as_fast(*slow.cls, *fast.cls) || assess::as_fast(*fast.cls, *slow.cls)) return;
        for (const auto part : {&Projection::cpu_mean, &Projection::cpu_peak}) {
            const auto &a = fast.*part, &b = slow.*part;
            if (!a || !b) continue;
            expect(
                b->value.high.value >= a->value.high.value - slack && b->value.low.value >= a->value.low.value - slack,
                "less CPU on a slower class", slow.cls->name, fast.cls->name);
        }
    }

    void projection(Index i, const Projection& p, bool elsewhere) {
        const Database& record = a_.fleet.databases[i];
        const std::string_view on = p.cls->name;
        expect(p.limits.usable.value.value >= 0 && p.limits.usable.value <= p.limits.max_planned.value, "usable", on);
        if (p.limits.max_expected) range(p.limits.max_expected->value, "expected", on);
        if (p.list) expect(p.list->value.value >= 0, "negative price", on);
        if (p.cost) expect(p.cost->value.value >= 0 && (!p.list || p.cost->value >= p.list->value), "cost", on);
        if (p.at_peak) expect(p.at_peak->value >= 0, "negative surplus", on);
        if (p.cpu_mean) range(p.cpu_mean->value, "mean CPU", on);
        if (p.cpu_peak) range(p.cpu_peak->value, "peak CPU", on);
        if (p.memory_used) range(p.memory_used->value, "used", on);
        if (p.freeable) range(p.freeable->value, "freeable", on);
        if (p.cache) range(*p.cache, "cache", on);
        if (elsewhere && p.freeable) memory(record, p);
        if (p.credits) credits(p);
        for (const Survival& loss : p.losses) {
            if (loss.cpu) range(loss.cpu->value, "CPU after a loss", on);
            if (loss.memory) range(loss.memory->value, "memory after a loss", on);
            if (loss.hours_to_empty) expect(loss.hours_to_empty->value >= 0, "hours", on);
        }
        for (const Check& check : p.checks) {
            expect(std::isfinite(check.share) && check.share >= -slack, "share", on);
            if (check.value)
                expect(std::isfinite(check.value->low) &&
                           check.value->low <= check.value->high + slack * std::abs(check.value->high),
                       "value of a check", on);
            if (check.limit) expect(std::isfinite(*check.limit) && *check.limit >= 0, "limit", on);
        }
    }

    void memory(const Database& record, const Projection& p) {
        const RestMemory& rest = *record.platform->rest;
        const Interval<Bytes> sees = rest.os_sees(*p.cls), idle = rest.idle(*p.cls);
        expect(p.freeable->value.high <= sees.high, "freeable over what is seen", p.cls->name);
        expect(p.memory_used->value.low >= idle.low && p.memory_used->value.high >= idle.high,
               "used under an idle server", p.cls->name);
        if (p.cache) expect(p.cache->high <= sees.high, "cache over what is seen", p.cls->name);
    }

    void credits(const Projection& p) {
        const Credits& c = *p.credits;
        const double most = p.cls->vcpus * 60.0;
        expect(c.baseline.value.value > 0 && c.baseline.value.value <= 1, "baseline", p.cls->name);
        expect(c.burned_per_hour.value.low >= -slack && c.burned_per_hour.value.high <= most * (1 + slack),
               "burns more credits than there are vCPUs", p.cls->name);
        expect(c.burned_per_hour.value.low <= c.burned_per_hour.value.high * (1 + slack) + slack,
               "credits: low over high", p.cls->name);
        if (c.hours_to_empty) expect(c.hours_to_empty->value >= 0, "hours", p.cls->name);
        if (c.surplus) expect(c.surplus->value.value >= 0, "negative surplus", p.cls->name);
    }

    const Answer& a_;
    std::string fault_;
};

std::string fault(const std::string& text, plan::Depth depth) {
    const auto all = answer(text, depth);
    return all ? Look(*all).faults() : "";
}

std::string kind(const std::string& fault) { return fault.substr(0, fault.find(':')); }

}  // namespace

TEST_CASE("no projected figure is physically impossible") {
    std::map<std::string, int> kinds;
    for_seeds(32, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        // Every class of the catalog is one fleet in ten's.
        const plan::Depth depth = seed % 10 == 0 ? plan::Depth::all : plan::Depth::decide;
        const std::string what = fault(text, depth);
        if (what.empty() || kinds[kind(what)]++ > 0) return;
        const std::string least =
            shrunk(text, [&](const std::string& less) { return kind(fault(less, depth)) == kind(what); });
        FAIL_CHECK("seed " << seed << ": " << what << "\n" << least << "\n" << fault(least, depth));
    });
    for (const auto& [kind, count] : kinds) FAIL_CHECK(kind << ": " << count << " fleets of them");
}
