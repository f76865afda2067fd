// Worlds against the ranges that they are drawn from, over fleets with all that an inventory can have.
#include <algorithm>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/worlds.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/shrink.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::int64_t few = Worlds::fewest_for_regret;

/// How often each of the two was looked at.
std::int64_t certain_inside = 0, certain_over = 0;

/// The first thing that is wrong.
class Look {
public:
    explicit Look(const Answer& answer) : a_(answer) {
        for (Index i = 0; i < a_.fleet.databases.size(); ++i) all_.push_back(i);
    }

    std::string fault() {
        const auto worlds = plan::worlds(a_.fleet, a_.plan, {few, 1, all_, 1, nullptr});
        const auto again = plan::worlds(a_.fleet, a_.plan, {few, 1, all_, 3, nullptr});
        for (Index i = 0; i < all_.size(); ++i) {
            database(worlds[i]);
            same(worlds[i], again[i]);
        }
        return fault_;
    }

private:
    void expect(bool holds, std::string_view what, const Worlds& worlds, const InstanceClass* cls) {
        if (holds || !fault_.empty()) return;
        fault_ = fmt::format("{}: {} on {}", what, *a_.fleet.databases[worlds.database].name,
                             cls != nullptr ? cls->name : "none");
    }

    void same(const Worlds& a, const Worlds& b) {
        for (std::size_t k = 0; k < a.classes.size(); ++k) {
            const Worlds::Moment &x = a.classes[k].today, &y = b.classes[k].today;
            expect(x.cost == y.cost && x.regret == y.regret && x.inside.has_value() == y.inside.has_value() &&
                       (!x.inside || x.inside->worlds == y.inside->worlds),
                   "other threads, another answer", a, a.classes[k].cls);
        }
    }

    /// `low` and `high`: over its limit at the optimistic and at the pessimistic end.
    struct Ends {
        bool surely_inside = true, surely_over = false;
    };
    Ends ends(const Worlds& worlds, const InstanceClass& cls) const {
        const Projection on = plan::project(a_.fleet, a_.plan, worlds.database, cls, {});
        Ends result;
        for (const Check& check : on.checks) {
            if (check.standing != Standing::inside) result.surely_inside = false;
            if (!check.value || !check.limit || check.standing != Standing::over) continue;
            const bool of_connections = check.dimension <= Dimension::connections_failover;
            const bool floor = check.dimension == Dimension::freeable_memory;
            // The limit of connections is a range of its own.
            if (!of_connections &&
                (floor ? assess::over(*check.limit, check.value->high) : assess::over(check.value->low, *check.limit)))
                result.surely_over = true;
        }
        for (const Survival& loss : on.losses)
            if (loss.standing() != Standing::inside) result.surely_inside = false;
        return result;
    }

    void moment(const Worlds& worlds, const Worlds::OfClass& of, const Worlds::Moment& at) {
        for (const Worlds::OfDimension& each : at.dimensions) {
            if (!each.inside) continue;
            expect(each.inside->worlds >= 0 && each.inside->worlds <= few, "more worlds than there are", worlds,
                   of.cls);
            if (at.inside)
                expect(at.inside->worlds <= each.inside->worlds, "inside all limits more often than inside one", worlds,
                       of.cls);
        }
        if (at.inside)
            expect(at.inside->low <= at.inside->share() && at.inside->share() <= at.inside->high, "interval", worlds,
                   of.cls);
        if (at.cost) expect(at.cost->value >= 0, "negative cost", worlds, of.cls);
        if (at.regret) expect(at.regret->value >= 0, "negative regret", worlds, of.cls);
    }

    void database(const Worlds& worlds) {
        const DatabasePlan& plan = a_.plan.databases[worlds.database];
        const auto at = [&](const InstanceClass* cls) {
            return std::ranges::any_of(worlds.classes, [&](const Worlds::OfClass& of) { return of.cls == cls; });
        };
        expect(at(plan.now.cls) && at(plan.recommendation.cls), "today's class or the recommended one is not there",
               worlds, plan.recommendation.cls);
        const bool raised = plan.recommendation.max_connections.has_value();
        for (const Worlds::OfClass& of : worlds.classes) {
            moment(worlds, of, of.today);
            if (of.grown) moment(worlds, of, *of.grown);
            if (raised) continue;  // plan::project is of today's limit
            const Ends ranges = ends(worlds, *of.cls);
            if (ranges.surely_inside && of.fits)
                expect(of.today.inside && of.today.inside->worlds == few, "fits at the worst ends, and is outside",
                       worlds, of.cls);
            certain_inside += ranges.surely_inside && of.fits ? 1 : 0;
            certain_over += ranges.surely_over ? 1 : 0;
            if (ranges.surely_over)
                expect(of.today.inside && of.today.inside->worlds == 0, "over at the best ends, and is inside", worlds,
                       of.cls);
        }
        const auto& stretches = worlds.today.by_trouble;
        for (std::size_t k = 0; k < stretches.size(); ++k) {
            const bool last = k + 1 == stretches.size();
            expect(last ? !stretches[k].to.has_value() : stretches[k].to == stretches[k + 1].from, "stretches", worlds,
                   stretches[k].cls);
        }
        if (const InstanceClass* least = worlds.today.least_regret) regrets(worlds, least);
    }

    /// Of those that are a choice none is regretted less.
    void regrets(const Worlds& worlds, const InstanceClass* least) {
        const auto mine = std::ranges::find(worlds.classes, least, &Worlds::OfClass::cls);
        for (const Worlds::OfClass& of : worlds.classes)
            if (of.today.regret)
                expect(mine->today.regret->value <= of.today.regret->value + 1, "another class is regretted less",
                       worlds, of.cls);
    }

    const Answer& a_;
    std::vector<Index> all_;
    std::string fault_;
};

std::string fault(const std::string& text) {
    const auto all = answer(text);
    return all ? Look(*all).fault() : "";
}

std::string kind(const std::string& fault) { return fault.substr(0, fault.find(':')); }

}  // namespace

TEST_CASE(
    "a class that fits at the worst ends of all ranges is inside in every world, and one over at the best in none") {
    std::map<std::string, int> kinds;
    for_seeds(57, quarter, [&](std::uint64_t seed, Generator& generator) {
        std::string text = any_fleet(generator);
        const std::size_t policy = text.find("[policy]\n");
        if (policy != std::string::npos && seed % 2 == 0)
            text.insert(policy + 9, fmt::format("cost_of_trouble = {}\n", seed % 7 * 100));
        const std::string what = fault(text);
        if (what.empty() || kinds[kind(what)]++ > 0) return;
        const std::string least =
            shrunk(text, [&](const std::string& less) { return kind(fault(less)) == kind(what); });
        FAIL_CHECK("seed " << seed << ": " << what << "\n" << least << "\n" << fault(least));
    });
    for (const auto& [kind, count] : kinds) FAIL_CHECK(kind << ": " << count << " fleets of them");
    CHECK(certain_inside > sampled(400));
    CHECK(certain_over > sampled(100));
}
