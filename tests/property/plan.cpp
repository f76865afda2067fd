// Properties of every plan, over seeded random inventories.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/formula/formula.hpp>

#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int cases = sampled(200);

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

/// The same on fleets with all that an inventory can have.
template <class Body>
void for_rich_fleets(std::uint64_t salt, Body body) {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + salt);
        const std::string text = toml(rich_fleet(generator));
        INFO("seed " << seed << "\n" << text);
        body(plan_text(text));
    }
}

/// The price of the cheapest class that fits; none fits: the most there is.
std::int64_t cheapest(const DatabasePlan& plan) {
    std::int64_t best = INT64_MAX;
    for (const Candidate& c : plan.candidates)
        if (c.fits && c.ranked_by) best = std::min(best, c.ranked_by->value);
    return best;
}

/// Does the node's own computation, on the values of its inputs, give its value?
void check_node(const Planned& p, FigureId id) {
    const Node& node = (*p.figures)[id];
    std::vector<Interval<double>> values;
    formula::Variables variables;
    for (const FigureId input : p.figures->inputs(id)) {
        values.push_back((*p.figures)[input].value);
        variables.emplace_back(assess::variable((*p.figures)[input].key), values.back().low);
    }
    Interval<double> got = node.value;
    if (node.kind == Node::Kind::computed) {
        got = assess::evaluate(node.op, values);
    } else if (node.model == Model::capacity_share || node.model == Model::busy_at) {
        const auto threads = static_cast<int>(values[1].low);
        const auto at = node.model == Model::capacity_share ? assess::capacity_share : assess::busy_at;
        CHECK(values[2].low == assess::second_thread_gain);
        got = {at(threads, values[0].low), at(threads, values[0].high)};
    } else if (node.kind == Node::Kind::formula) {
        const auto parsed = formula::parse(node.text, node.dialect);
        const auto* formula = std::get_if<Formula>(&parsed);
        REQUIRE(formula != nullptr);
        if (node.dialect == Formula::Dialect::rds) {
            const auto end = [&](double memory) {
                return static_cast<double>(std::get<std::int64_t>(
                    formula::evaluate_rds(*formula, {{"DBInstanceClassMemory", memory}, {"DBInstanceVCPU", 1}})));
            };
            got = {end(values.front().low), end(values.front().high)};
        } else {
            got = Interval<double>(std::get<double>(formula::evaluate_pool(*formula, variables)));
        }
    }
    // Whole quantities are rounded when they get their key.
    const bool whole = node.measure == Measure::bytes || node.measure == Measure::usd_per_month ||
                       node.measure == Measure::usd_per_year;
    const double slack = whole ? 0.5 : 1e-9;
    const auto near = [&](double a, double b) { return std::abs(a - b) <= slack + 1e-9 * std::abs(b); };
    CHECK_MESSAGE((near(got.low, node.value.low) && near(got.high, node.value.high)),
                  (node.inner ? std::string("a part") : assess::name(node.key, p.fleet)));
}

template <class T>
bool same(const std::optional<Figure<T>>& a, const std::optional<Figure<T>>& b) {
    return a.has_value() == b.has_value() && (!a || a->value == b->value);
}

bool same(const Projection& a, const Projection& b) {
    return a.cls == b.cls && a.limits.usable.value == b.limits.usable.value &&
           same(a.limits.max_nominal, b.limits.max_nominal) && same(a.limits.max_expected, b.limits.max_expected) &&
           same(a.cost, b.cost) && same(a.cpu_mean, b.cpu_mean) && same(a.cpu_peak, b.cpu_peak) &&
           same(a.memory_used, b.memory_used) && same(a.freeable, b.freeable) && same(a.utilization, b.utilization) &&
           a.credits.has_value() == b.credits.has_value() &&
           (!a.credits || (a.credits->burned_per_hour.value == b.credits->burned_per_hour.value &&
                           same(a.credits->surplus, b.credits->surplus)));
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
                           std::string(d.recommendation.cls->name) + " " + connections(d.demand.allocated) + " " +
                           connections(d.after.deploy_peak) + " " + connections(d.after.failover_peak) + " " +
                           std::string(plan::name(d.recommendation.risk)) + " " +
                           std::to_string(static_cast<int>(d.recommendation.summary.kind));
        for (const RiskReason& reason : d.recommendation.risk_reasons)
            text += "; " + std::to_string(static_cast<int>(reason.kind));
        said["database " + *planned.fleet.databases[i].name] = text;
    }
    for (std::size_t i = 0; i < planned.fleet.pools.size(); ++i) {
        const Pool& pool = planned.fleet.pools[i];
        said["pool " + *planned.fleet.services[pool.service].name + "." + *pool.name] =
            connections(planned.plan.pools[i].advice.size) + " " +
            std::string(plan::name(planned.plan.pools[i].advice.basis));
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
            const std::int64_t times = service.instances->high * *service.processes * *pool.databases;
            CHECK(p.plan.pools[i].now.allocated->value.value == times * p.plan.pools[i].declared->value.value);
            now[*pool.database] += p.plan.pools[i].now.allocated->value.value;
            after[*pool.database] += times * p.plan.pools[i].advice.size->value.value;
        }
        std::int64_t before_cost = 0, after_cost = 0;
        for (std::size_t i = 0; i < p.fleet.databases.size(); ++i) {
            const DatabasePlan& d = p.plan.databases[i];
            CHECK(d.demand.allocated->value.value == now[i]);
            CHECK(d.right_sized.allocated->value.value == after[i]);
            CHECK(d.budget.headroom->value.value == d.budget.limits.usable.value.value - now[i]);
            CHECK(d.demand.deploy_peak->value >= d.demand.allocated->value);
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
            for (const Candidate& c : d.candidates)
                CHECK(c.fits ==
                      std::none_of(c.reasons.begin(), c.reasons.end(), [](const Reason& r) { return r.blocking; }));
            const Recommendation& r = d.recommendation;
            if (r.verdict == Verdict::unknown) continue;
            // With a higher limit than any class is judged by; or nothing ends it, and that is said.
            if (r.verdict == Verdict::over && (r.max_connections || r.ways.empty())) continue;
            if (r.verdict == Verdict::over && r.summary.no_class != Summary::NoClass::found) continue;
            if (r.verdict == Verdict::over && r.ways.front().kind != WayOut::Kind::pools &&
                r.ways.front().kind != WayOut::Kind::cls)
                continue;
            const auto chosen = std::find_if(d.candidates.begin(), d.candidates.end(),
                                             [&](const Candidate& c) { return c.cls == r.cls; });
            REQUIRE(chosen != d.candidates.end());
            CHECK(chosen->fits);
            CHECK_FALSE(d.chosen.checks.any_over());
            if (r.verdict == Verdict::resize) CHECK(*chosen->cost <= d.now.cost->value);
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
        INFO("of one server:\n" << toml(fleet) << "\nmore:\n" << toml(more));
        // A use above the pool's max is a warning of the inventory, not an error.
        const Planned after = plan_text(toml(more));
        // Where no class carries right-sized pools any more, a pooler fills what a limit leaves, on a class that may
        // cost less than the largest that just carried them.
        if (!after.plan.databases[0].unmeasured)
            CHECK(cheapest(after.plan.databases[0]) >= cheapest(before.plan.databases[0]));
        // On another class queries wait less for the CPU, and fewer connections may be enough.
        if (after.plan.databases[0].recommendation.cls != before.plan.databases[0].recommendation.cls) return;
        // Where a limit forces sizes, what one pool needs more is taken from another.
        const auto wanted = [](const PoolAdvice& advice) {
            return advice.forced_from ? advice.unforced : advice.size->value;
        };
        bool all = true;
        for (std::size_t i = 0; i < before.fleet.pools.size(); ++i) {
            const PoolPlan &less = before.plan.pools[i], &more_of = after.plan.pools[i];
            // The inventory's own formula stands once it holds the peak. No size helps where the CPU is full.
            const bool own = more_of.advice.basis == Basis::formula, full = more_of.load && more_of.load->cpu_full;
            all = all && !own && !full && !more_of.advice.forced_from;
            if (own || full) continue;
            CHECK(wanted(more_of.advice) >= wanted(less.advice));
        }
        if (!all) return;
        CHECK(after.plan.databases[0].right_sized.allocated->value >=
              before.plan.databases[0].right_sized.allocated->value);
    });
}

TEST_CASE("a plan of the applied recommendation says keep") {
    for_fleets(4, [](RandomFleet random, Generator&) {
        // What a transaction takes of the CPU is measured anew on another class; an inventory that says the old time
        // there says another load.
        for (RandomService& s : random.services)
            for (RandomPool& p : s.pools)
                if (p.workload) p.workload->cpu_ms.reset();
        const Planned first = plan_text(toml(random));
        RandomFleet applied = random;
        bool known = true;
        for (std::size_t i = 0; i < applied.databases.size(); ++i) {
            const Recommendation& r = first.plan.databases[i].recommendation;
            known = known && r.verdict != Verdict::unknown;
            known = known && first.plan.databases[i].by_strategy.empty();  // sizes and classes alone are typed in
            const Projection& p = first.plan.databases[i].chosen;
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
                const std::string size = std::to_string(first.plan.pools[pool].advice.size->value.value);
                // A formula stays one: raised to hold the peak, where it could not; a workload's size replaces it.
                const bool formula = p.max && p.max->front() == '"' && !p.workload;
                // A number where a formula was is moved by use, which a formula is not.
                if (formula && first.plan.pools[pool].advice.basis == Basis::limit) return;
                if (formula)
                    p.max = "\"max(" + size + ", " + p.max->substr(1, p.max->size() - 2) + ")\"";
                else
                    p.max = size;
                ++pool;
            }
        INFO("applied\n" << toml(applied));
        const Planned second = plan_text(toml(applied));
        for (const DatabasePlan& d : second.plan.databases) {
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
    for_rich_fleets(6, [](const Planned& p) {
        const auto all = p.figures->all();
        for (std::uint32_t i = 0; i < all.size(); ++i) {
            const Node& node = all[i];
            const std::string name = node.inner ? std::string("a part") : assess::name(node.key, p.fleet);
            const bool leaf = node.kind == Node::Kind::input || node.kind == Node::Kind::row ||
                              node.kind == Node::Kind::constant || node.kind == Node::Kind::formula;
            REQUIRE_MESSAGE((leaf || node.inputs > 0), name);
            for (const FigureId input : p.figures->inputs(FigureId{i})) {
                REQUIRE_MESSAGE(input, name);
                REQUIRE(input.index < i);  // no cycles: inputs come first
            }
            if (node.kind == Node::Kind::input) REQUIRE(node.origin.place);
            if (node.kind == Node::Kind::row) REQUIRE_MESSAGE(!node.origin.source.empty(), name);
            REQUIRE_MESSAGE(node.value.low <= node.value.high, name);
        }
    });
}

TEST_CASE(
    "every formula, evaluated on its inputs, gives its figure's value; each key has one derivation, and each name one "
    "key") {
    for_rich_fleets(6, [](const Planned& p) {
        for (const Key& key : p.figures->conflicts()) FAIL_CHECK(assess::name(key, p.fleet));
        std::set<std::string> names;
        for (const Node& node : p.figures->all())
            if (!node.inner)
                if (const std::string name = assess::name(node.key, p.fleet); !names.insert(name).second)
                    FAIL_CHECK("two figures have the name " << name);
        for (std::uint32_t i = 0; i < p.figures->all().size(); ++i) check_node(p, FigureId{i});
    });
}

TEST_CASE("a plan with numbers alone is the plan with derivations, and a short walk finds what a whole one does") {
    for_rich_fleets(7, [](const Planned& p) {
        std::vector<Index> all;
        for (Index i = 0; i < p.fleet.databases.size(); ++i) all.push_back(i);
        Planned numbers;
        numbers.plan = plan::make(p.fleet, test::catalog(), {PriceTerm::list, all, plan::Depth::decide, nullptr});
        for (Index i = 0; i < p.fleet.databases.size(); ++i) {
            const DatabasePlan &whole = p.plan.databases[i], &brief = numbers.plan.databases[i];
            CHECK(same(whole.now, brief.now));
            CHECK(same(whole.chosen, brief.chosen));
            CHECK(whole.recommendation.verdict == brief.recommendation.verdict);
            CHECK(whole.recommendation.cls == brief.recommendation.cls);
            CHECK(whole.recommendation.risk == brief.recommendation.risk);
            CHECK(whole.recommendation.binding == brief.recommendation.binding);
            CHECK(brief.candidates.size() <= whole.candidates.size());
            CHECK(cheapest(whole) == cheapest(brief));
        }
    });
}
