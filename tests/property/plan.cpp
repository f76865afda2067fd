// Properties of every plan, over seeded random inventories.
#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"
#include "support/platforms.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int cases = 100;

/// Runs `body` on seeded fleets, naming the seed and the text where it fails.
template <class Body>
void for_fleets(std::uint64_t salt, Body body) {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + salt);
        const RandomFleet fleet = random_fleet(generator);
        INFO("seed " << seed << "\n" << toml(fleet));
        body(fleet, generator);
    }
}

/// The price of the cheapest class that fits; none fits: the most there is.
std::int64_t cheapest(const DatabasePlan& plan) {
    std::int64_t best = INT64_MAX;
    for (const Candidate& c : plan.candidates)
        if (c.fits && c.ranked_by) best = std::min(best, c.ranked_by->value);
    return best;
}

/// What a plan says of each thing, by name.
std::map<std::string, std::string> answers(const Planned& planned) {
    std::map<std::string, std::string> said;
    const auto connections = [](const std::optional<Figure<Connections>>& f) {
        return f ? std::to_string(f->value.value) : std::string("none");
    };
    for (std::size_t i = 0; i < planned.fleet.databases.size(); ++i) {
        const DatabasePlan& d = planned.plan.databases[i];
        std::string text = std::string(plan::name(d.recommendation.verdict)) + " " +
                           std::string(d.recommendation.cls->name) + " " + connections(d.budget.demand.allocated) +
                           " " + connections(d.after.deploy_peak) + " " + connections(d.after.failover_peak) + " " +
                           std::string(plan::name(d.recommendation.risk)) + " " + d.recommendation.summary;
        for (const std::string& reason : d.recommendation.risk_reasons) text += "; " + reason;
        said["database " + *planned.fleet.databases[i].name] = text;
    }
    for (std::size_t i = 0; i < planned.fleet.pools.size(); ++i) {
        const Pool& pool = planned.fleet.pools[i];
        said["pool " + *planned.fleet.services[pool.service].name + "." + *pool.name] =
            connections(planned.plan.pools[i].size) + " " + std::string(plan::name(planned.plan.pools[i].basis));
    }
    said["total"] = planned.plan.totals.saves ? std::to_string(planned.plan.totals.saves->value.value) : "none";
    return said;
}

}  // namespace

TEST_CASE("totals match: pools add up to their database, databases to the total, before and after") {
    for_fleets(1, [](const RandomFleet& random, Generator&) {
        const Planned p = plan_text(toml(random));
        std::vector<std::int64_t> now, after;
        for (const Database& d : p.fleet.databases) {
            now.push_back(d.other_connections->value);
            after.push_back(d.other_connections->value);
        }
        for (std::size_t i = 0; i < p.fleet.pools.size(); ++i) {
            const Pool& pool = p.fleet.pools[i];
            const Service& service = p.fleet.services[pool.service];
            const std::int64_t times = service.instances->high * *service.processes;
            CHECK(p.plan.now.pools[i].allocated->value.value == times * p.plan.sizes[i]->value.value);
            now[*pool.database] += p.plan.now.pools[i].allocated->value.value;
            after[*pool.database] += times * p.plan.pools[i].size->value.value;
        }
        std::int64_t before_cost = 0, after_cost = 0;
        for (std::size_t i = 0; i < p.fleet.databases.size(); ++i) {
            const DatabasePlan& d = p.plan.databases[i];
            CHECK(d.budget.demand.allocated->value.value == now[i]);
            CHECK(d.after.allocated->value.value == after[i]);
            CHECK(d.budget.headroom->value.value == d.budget.limits.usable.value.value - now[i]);
            CHECK(d.budget.demand.deploy_peak->value >= d.budget.demand.allocated->value);
            CHECK(d.now.cost->value - d.recommendation.cost->value == d.recommendation.saves->value);
            before_cost += d.now.cost->value.value;
            after_cost += d.recommendation.cost->value.value;
        }
        CHECK(p.plan.totals.now->value.value == before_cost);
        CHECK(p.plan.totals.after->value.value == after_cost);
        CHECK(p.plan.totals.saves->value.value == before_cost - after_cost);
        CHECK(p.plan.totals.saves_per_year->value.value == 12 * (before_cost - after_cost));
    });
}

TEST_CASE("what is recommended passes every limit, and every class that does not fit has its reason") {
    for_fleets(2, [](const RandomFleet& random, Generator&) {
        const Planned p = plan_text(toml(random));
        for (const DatabasePlan& d : p.plan.databases) {
            CHECK(d.candidates.size() == test::catalog().classes(test::pg).size());
            for (const Candidate& c : d.candidates)
                if (!c.fits)
                    CHECK(std::any_of(c.reasons.begin(), c.reasons.end(),
                                      [](const Reason& r) { return r.blocking && !r.text.empty(); }));
            const Recommendation& r = d.recommendation;
            if (r.verdict == Verdict::unknown) {
                CHECK_FALSE(r.summary.empty());
                continue;
            }
            const Candidate& chosen = d.candidates[r.candidate];
            CHECK(chosen.fits);
            for (const Check& check : chosen.projection->checks) CHECK(check.standing != Standing::over);
            if (r.verdict == Verdict::resize) CHECK(chosen.cost->value <= d.now.cost->value.value);
        }
    });
}

TEST_CASE("more demand never needs less") {
    for_fleets(3, [](RandomFleet fleet, Generator& g) {
        // A replica follows its primary's class, which may change for a costlier one with less memory: one server.
        fleet.databases.resize(1);
        for (RandomService& s : fleet.services)
            for (RandomPool& pool : s.pools) pool.target = "main";
        const Planned before = plan_text(toml(fleet));
        RandomFleet more = fleet;
        RandomDatabase& d = more.databases[0];
        switch (uniform(g, 0, 5)) {
            case 0:
                d.cpu_peak.first = std::min(99.0, d.cpu_peak.first * 1.3);
                d.cpu_peak.second = std::min(100.0, d.cpu_peak.second * 1.3);
                break;
            case 1:
                d.freeable = {d.freeable.first * 0.7, d.freeable.second * 0.7};
                break;
            case 2:
                more.services[0].instances_max += uniform(g, 1, 20);
                break;
            case 3:
                for (RandomPool& pool : more.services[0].pools)
                    if (pool.in_use) pool.in_use->second += uniform(g, 1, 30), pool.in_use->first += 1;
                break;
            case 4:
                for (RandomPool& pool : more.services[0].pools)
                    if (pool.workload) (pool.workload->rate > 0 ? pool.workload->rate : pool.workload->users) += 20;
                break;
            default:
                d.other += uniform(g, 1, 200);
                break;
        }
        // A use above the pool's max is a warning of the inventory, not an error.
        const Planned after = plan_text(toml(more));
        CHECK(cheapest(after.plan.databases[0]) >= cheapest(before.plan.databases[0]));
        CHECK(after.plan.databases[0].after.allocated->value >= before.plan.databases[0].after.allocated->value);
        for (std::size_t i = 0; i < before.fleet.pools.size(); ++i)
            CHECK(after.plan.pools[i].size->value >= before.plan.pools[i].size->value);
    });
}

TEST_CASE("a plan of the applied recommendation says keep") {
    for_fleets(4, [](const RandomFleet& random, Generator&) {
        const Planned first = plan_text(toml(random));
        RandomFleet applied = random;
        bool known = true;
        for (std::size_t i = 0; i < applied.databases.size(); ++i) {
            const Recommendation& r = first.plan.databases[i].recommendation;
            known = known && r.verdict != Verdict::unknown;
            const Projection& p = *first.plan.databases[i].candidates[r.candidate].projection;
            RandomDatabase& d = applied.databases[i];
            d.cls = std::string(r.cls->name);
            if (p.cpu_mean) d.cpu_mean = {p.cpu_mean->value.low.value * 100, p.cpu_mean->value.high.value * 100};
            d.cpu_peak = {p.cpu_peak->value.low.value * 100, p.cpu_peak->value.high.value * 100};
            // What is in memory once the pools are open is what was projected.
            d.freeable = {std::max(0.0, gib(p.freeable->value.low)), gib(p.freeable->value.high)};
        }
        if (!known) return;
        std::size_t pool = 0;
        for (RandomService& s : applied.services)
            for (RandomPool& p : s.pools) {
                const std::string size = std::to_string(first.plan.pools[pool].size->value.value);
                // A formula stays one: raised to hold the peak, where it could not; a workload's size replaces it.
                if (p.max && p.max->front() == '"' && !p.workload)
                    p.max = "\"max(" + size + ", " + p.max->substr(1, p.max->size() - 2) + ")\"";
                else
                    p.max = size;
                ++pool;
            }
        INFO("applied\n" << toml(applied));
        const Planned second = plan_text(toml(applied));
        for (const DatabasePlan& d : second.plan.databases) {
            INFO(d.recommendation.summary);
            CHECK(plan::name(d.recommendation.verdict) == "keep");
        }
    });
}

TEST_CASE("the same inventory gives the same answers, in any order of its records") {
    for_fleets(5, [](const RandomFleet& random, Generator& g) {
        const auto first = answers(plan_text(toml(random)));
        CHECK(answers(plan_text(toml(random))) == first);
        RandomFleet shuffled = random;
        for (std::size_t i = shuffled.databases.size(); i > 1; --i)
            std::swap(shuffled.databases[i - 1],
                      shuffled.databases[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(i) - 1))]);
        std::reverse(shuffled.services.begin(), shuffled.services.end());
        for (RandomService& s : shuffled.services) std::reverse(s.pools.begin(), s.pools.end());
        CHECK(answers(plan_text(toml(shuffled))) == first);
    });
}

TEST_CASE("every figure of a plan can be traced to leaves") {
    for_fleets(6, [](const RandomFleet& random, Generator&) {
        const Planned p = plan_text(toml(random));
        const auto all = p.plan.ledger.all();
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Derivation& d = all[i];
            REQUIRE_MESSAGE((d.origin.kind != Origin::Kind::computed || !d.inputs.empty()), d.name);
            for (const FigureId input : d.inputs) REQUIRE(input < i);  // no cycles: inputs come first
            if (d.origin.kind == Origin::Kind::input) REQUIRE(d.origin.place);
            if (d.origin.kind == Origin::Kind::catalog) REQUIRE_MESSAGE(!d.origin.source.empty(), d.name);
            REQUIRE(d.value.value.low <= d.value.value.high);
        }
    });
}
