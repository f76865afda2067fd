#include "steer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cover.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

namespace {

constexpr int most_sweeps = 4;

/// A class that a database may be on.
struct Option {
    const Candidate* candidate = nullptr;
    Item item;
    double beside = 0;   ///< what it costs besides its list price, micro-USD a month
    double at_peak = 0;  ///< the same, if the peak lasted
};

/// A database that commitments touch.
struct Choice {
    Index database = 0;
    std::vector<Option> options;
    std::size_t today = 0, at = 0;
    bool leaves = false;  ///< today's class cannot stay
    double first = 0;     ///< what the change by list price saves
};

double micro(const std::optional<MicroUsdPerMonth>& amount) { return amount ? static_cast<double>(amount->value) : 0; }

class Steering {
public:
    Steering(const Fleet& fleet, const Plan& plan)
        : fleet_(fleet),
          plan_(plan),
          terms_(fleet, plan, plan.market->today()),
          world_(terms_),
          at_most_(terms_, true) {}

    Steers steers() {
        Steers result(fleet_.databases.size());
        if (plan_.steers)
            for (Index i = 0; i < result.size(); ++i) {
                result[i].runs = (*plan_.steers)[i].runs;
                result[i].keeps_class = (*plan_.steers)[i].keeps_class;
            }
        if (!terms_.any()) return result;
        for (Index i = 0; i < fleet_.databases.size(); ++i) add(i, result);
        std::ranges::stable_sort(choices_, [&](const Choice& a, const Choice& b) {
            if (a.leaves != b.leaves) return a.leaves;
            if (a.first != b.first) return a.first > b.first;
            return *fleet_.databases[a.database].name < *fleet_.databases[b.database].name;
        });
        for (int sweep = 0; sweep < most_sweeps; ++sweep) {
            bool changed = false;
            for (Choice& choice : choices_) changed = choose(choice) || changed;
            if (!changed) break;
        }
        for (const Choice& choice : choices_) result[choice.database].cls = choice.options[choice.at].candidate->cls;
        return result;
    }

private:
    void add(Index i, Steers& result) {
        const Database& database = fleet_.databases[i];
        const DatabasePlan& plan = plan_.databases[i];
        const Recommendation& advice = plan.recommendation;
        const auto fixed = [&] { take(terms_.planned(i)); };
        if (!platform::is_of_class(database) || !plan.now.cost || advice.verdict == Verdict::idle) return fixed();
        if (advice.serverless) return fixed();
        if (terms_.today(i).rate_unknown()) {
            // What leaving the plan's coverage saves cannot be said.
            result[i].ask_rate = true;
            return fixed();
        }
        if (is_settled(advice)) return fixed();
        Choice choice;
        choice.database = i;
        bool touched = false, found = false;
        for (const Candidate& candidate : plan.candidates) {
            const bool today = candidate.cls == database.type;
            if (today) choice.leaves = !candidate.fits;
            if (!candidate.list || !candidate.cost || (!candidate.fits && !today)) continue;
            if (!today && !saves_after_upgrade(plan_.market->offers(i), of_today(plan, database), candidate)) continue;
            Option option;
            option.candidate = &candidate;
            option.item = terms_.item(i, *candidate.cls, micro(candidate.list));
            option.beside = micro(candidate.cost) - micro(candidate.list);
            option.at_peak = micro(candidate.ranked_by ? candidate.ranked_by : candidate.cost) - micro(candidate.list);
            touched = touched || option.item.touched();
            if (today) choice.today = choice.options.size();
            if (candidate.cls == advice.cls) {
                choice.at = choice.options.size();
                found = true;
            }
            choice.options.push_back(std::move(option));
        }
        const bool has_today = !choice.options.empty() && choice.options[choice.today].candidate->cls == database.type;
        if (!touched || !found || !has_today) return fixed();
        choice.first =
            micro(choice.options[choice.today].candidate->cost) - micro(choice.options[choice.at].candidate->cost);
        if (!choice.leaves) choice.at = choice.today;
        take(choice.options[choice.at].item);
        choices_.push_back(std::move(choice));
    }

    static const Candidate& of_today(const DatabasePlan& plan, const Database& database) {
        return *std::ranges::find(plan.candidates, database.type, &Candidate::cls);
    }

    /// Its class follows from something else than what it costs.
    static bool is_settled(const Recommendation& advice) {
        const Summary::Kind kind = advice.summary.kind;
        return advice.leaves_class_open() || kind == Summary::Kind::limit_raised ||
               kind == Summary::Kind::smaller_pooler || advice.max_connections.has_value();
    }

    void take(const Item& item, int sign = 1) {
        world_.add(item, sign);
        at_most_.add(item, sign);
    }

    /// What all would pay more with the database on this class than on today's: at the worse end of what capacity that
    /// follows the load takes.
    double bill(const Choice& choice, const Option& option) {
        const auto paid = [&](PaidFleet& world, const Item& on) {
            world.add(choice.options[choice.at].item, -1);
            world.add(on);
            const double all = world.paid();
            world.add(on, -1);
            world.add(choice.options[choice.at].item);
            return all;
        };
        const Item& today = choice.options[choice.today].item;
        return std::max(paid(world_, option.item) - paid(world_, today),
                        paid(at_most_, option.item) - paid(at_most_, today));
    }

    /// The class with the smallest bill, if it saves enough against today's; is that another than before?
    bool choose(Choice& choice) {
        std::vector<double> bills;
        for (const Option& option : choice.options) bills.push_back(bill(choice, option));
        std::optional<std::size_t> best;
        for (std::size_t k = 0; k < choice.options.size(); ++k) {
            if (!choice.options[k].candidate->fits) continue;
            if (!best || is_better(choice, bills, k, *best)) best = k;
        }
        if (!best) return false;
        if (!choice.leaves && *best != choice.today && !saves_enough(choice, bills, *best)) best = choice.today;
        if (*best == choice.at) return false;
        take(choice.options[choice.at].item, -1);
        take(choice.options[*best].item);
        choice.at = *best;
        return true;
    }

    static bool is_better(const Choice& choice, const std::vector<double>& bills, std::size_t a, std::size_t b) {
        constexpr double alike = 1000;  // a thousandth of a dollar a month is a difference of rounding
        const double cost_a = bills[a] + choice.options[a].at_peak, cost_b = bills[b] + choice.options[b].at_peak;
        if (std::abs(cost_a - cost_b) > alike) return cost_a < cost_b;
        const Candidate& today = *choice.options[choice.today].candidate;
        return better(*choice.options[a].candidate, *choice.options[b].candidate, *today.cls);
    }

    bool saves_enough(const Choice& choice, const std::vector<double>& bills, std::size_t to) const {
        const Option &today = choice.options[choice.today], &then = choice.options[to];
        const double less = bills[choice.today] - bills[to];
        const double saves = std::min(less + today.beside - then.beside, less + today.at_peak - then.at_peak);
        const MicroUsdPerMonth now = *today.candidate->cost;
        return worth_it(fleet_.policy, now, now - MicroUsdPerMonth(std::llround(saves)),
                        support_of(plan_.databases[choice.database].now))
            .enough;
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Terms terms_;
    PaidFleet world_, at_most_;  ///< with capacity that follows the load at its low end, and at its high end
    std::vector<Choice> choices_;
};

}  // namespace

Steers steer(const Fleet& fleet, const Plan& plan) { return Steering(fleet, plan).steers(); }

Steers hold_losses(const Fleet& fleet, const Plan& plan, Steers steers) {
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const auto& saves = plan.committed->saves[i];
        const DatabasePlan& own = plan.databases[i];
        const Recommendation& advice = own.recommendation;
        if (advice.stop && !advice.stop->pays) steers[i].runs = true;
        if (advice.stop_held && advice.stop_held->pays) steers[i].runs = false;
        if (advice.serverless && !advice.serverless->pays) {
            steers[i].keeps_class = true;
            steers[i].cls = nullptr;
        }
        if (advice.verdict != Verdict::resize || steers[i].cls == nullptr) continue;
        if (saves && saves->value.value > 0) continue;
        const auto today = std::ranges::find(own.candidates, fleet.databases[i].type, &Candidate::cls);
        if (today == own.candidates.end() || !today->fits) continue;
        steers[i].cls = fleet.databases[i].type;
    }
    return steers;
}

}  // namespace poolfit::plan
