// Which strategy now, and at which measured threshold another takes over: by the rows of the table alone.
#include <algorithm>

#include <poolfit/plan/fit.hpp>

#include "judge.hpp"
#include "recommend.hpp"
#include "thresholds.hpp"

namespace poolfit::plan {

namespace {

using Role = Strategy::Role;

class StrategyChooser {
public:
    StrategyChooser(const Scene& scene, std::vector<Strategy>& all)
        : scene_(scene), fleet_(scene.fleet), rows_(strategy_table()), all_(all), base_(all[of(Role::base)]) {}

    void choose() {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            for (const Limit& limit : rows_[i].thresholds)
                all_[i].thresholds.push_back(threshold(scene_, limit, base_));
        known_ = fleet_.pools.size() - count_unknown(scene_.plan, fleet_);
        decide();
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (i != chosen_) all_[i].why = why_not(i);
    }

private:
    std::size_t of(Role role) const {
        const auto at = std::find_if(rows_.begin(), rows_.end(), [&](const StrategyRow& r) { return r.role == role; });
        return static_cast<std::size_t>(at - rows_.begin());
    }

    static Why why(Why::Kind kind) {
        Why result;
        result.kind = kind;
        return result;
    }

    void take(std::size_t strategy, Why because) {
        chosen_ = strategy;
        all_[strategy].recommended = true;
        all_[strategy].why = std::move(because);
    }

    /// What is recommended leaves no server over a limit that is known; where nothing does, nothing is.
    void decide() {
        const std::size_t base = of(Role::base), measures = of(Role::measures);
        // Measuring first is not an option while clients hang, or where a limit forces a pooler's size.
        const bool hang = std::ranges::any_of(scene_.plan.poolers, [](const PoolerPlan& pooler) {
            return pooler.to_transaction || (pooler.size && pooler.basis == PoolerPlan::Basis::limit);
        });
        if (known_ == 0 && !hang && !too_many(all_[measures])) {
            Why nothing = why(Why::Kind::nothing_known);
            nothing.count = fleet_.pools.size();
            return take(measures, std::move(nothing));
        }
        if (known_ > 0)
            for (std::size_t i = rows_.size(); i-- > 0;)
                if (takes_over(i)) return;
        if (!too_many(base_)) {
            if (!base_.changes.empty()) return take(base, change());
            if (known_ == fleet_.pools.size()) return take(base, why(Why::Kind::sizes_right));
        }
        if (known_ < fleet_.pools.size() && !hang && !too_many(all_[measures])) {
            Why some = why(Why::Kind::some_unknown);
            some.count = fleet_.pools.size() - known_;
            return take(measures, std::move(some));
        }
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (rows_[i].role == Role::takes_over && all_[i].applicable && fits(scene_, all_[i]))
                return take(i, why(Why::Kind::fits));
    }

    /// The first server that the strategy opens more connections on than the policy allows, of those that are known.
    std::optional<Why> too_many(const Strategy& strategy) const {
        for (const StrategyDatabase& server : strategy.databases) {
            Why found = why(Why::Kind::does_not_fit);
            found.database = server.database;
            found.usable = server.usable;
            const auto over = [&](const std::optional<Figure<Connections>>& figure, Fraction share) {
                if (!figure) return false;
                found.needs = figure->value;
                found.share = share;
                return static_cast<double>(figure->value.value) >
                       share.value * static_cast<double>(found.usable.value) + assess::hair;
            };
            if (over(server.after, *fleet_.policy.connections_steady_max)) return found;
            found.in_deploy = true;
            if (over(server.deploy_after, *fleet_.policy.connections_deploy_max)) return found;
        }
        return std::nullopt;
    }

    /// Fewer connections than right-sizing alone leaves, by the share that a change has to save.
    bool worth_it(std::size_t i) const {
        const Strategy& other = all_[i];
        if (rows_[i].role != Role::takes_over || !other.applicable || !other.after) return false;
        if (!base_.after) return true;
        // A rule of thumb does not guarantee fewer.
        if (other.unmeasured) return false;
        const auto left = static_cast<double>(base_.after->value.value);
        return static_cast<double>(other.after->value.value) <= left * (1 - fleet_.policy.min_savings->value) + 1e-9 &&
               other.after->value < base_.after->value;
    }

    Why costs(std::size_t i, Why::Kind kind) const {
        Why result = why(kind);
        result.saves = all_[i].classes_save.value_or(MicroUsdPerMonth(0));
        result.host = all_[i].host.value_or(MicroUsdPerMonth(0));
        return result;
    }

    /// What its classes cost less than the base's, and its host does not take.
    MicroUsdPerMonth net(std::size_t i) const {
        const Why money = costs(i, Why::Kind::cheaper);
        return money.saves - money.host;
    }

    /// What does the same with right-sized pools, and costs no more.
    std::optional<Why> instead_of(std::size_t i) const {
        if (!scene_.plan.joint || !fits(scene_, base_)) return std::nullopt;
        if (const auto& raised = scene_.plan.joint->raised) {
            Why raise = why(Why::Kind::raise_instead);
            raise.database = *raised;
            return raise;
        }
        const auto& saves = all_[i].classes_save;
        if (!saves || saves->value == 0 || net(i).value > 0) return std::nullopt;
        return costs(i, Why::Kind::dearer);
    }

    /// Right-sized pools need a dearer class than today's, and this does not: the cheapest of those that fit.
    bool cheaper(std::size_t i) const {
        if (!scene_.plan.joint || !scene_.plan.joint->buys || !fits(scene_, all_[i])) return false;
        const Joint& joint = *scene_.plan.joint;
        // An upgrade saves Extended Support on any class: what is dearer without it is dearer after that.
        if (net(i) < joint.ways[i].support_saves) return false;
        const MicroUsdPerMonth mine = net(i), base = joint.base_cost;
        if (!all_[i].classes_save || !plan::worth_it(fleet_.policy, base, base - mine).enough) return false;
        for (std::size_t other = 0; other < rows_.size(); ++other)
            if (other != i && worth_it(other) && fits(scene_, all_[other]) && net(other) > mine) return false;
        return true;
    }

    bool takes_over(std::size_t i) {
        if (!worth_it(i)) return false;
        if (instead_of(i)) return false;
        if (cheaper(i)) {
            take(i, costs(i, Why::Kind::cheaper));
            return true;
        }
        if (fits(scene_, all_[i]) && !fits(scene_, base_) && !another_fits(i)) {
            take(i, why(Why::Kind::fits));
            return true;
        }
        // No rule of thumb while the use of some clients is only bounded.
        if (std::ranges::count(all_[i].cons, Point::Kind::silent_in_full, &Point::kind) > 0) return false;
        const auto& limits = rows_[i].thresholds;
        for (std::size_t t = 0; t < limits.size(); ++t) {
            const Limit& limit = limits[t];
            if (too_many(all_[i])) break;
            if (!passed(limit) || !helps(i, limit)) continue;
            Why over = why(Why::Kind::over);
            over.threshold = t;
            if (base_.after) over.right_sized = base_.after->value;
            if (limit.quantity == Threshold::Quantity::max_connections_share)
                over.share = Fraction(right_sized(scene_, limit.quantity, base_));
            take(i, std::move(over));
            return true;
        }
        return false;
    }

    /// Do right-sized pools pass a threshold that decides?
    bool passed(const Limit& limit) const {
        return limit.decides && right_sized(scene_, limit.quantity, base_) >= limit.at &&
               right_sized(scene_, Threshold::Quantity::connections, base_) >= limit.least;
    }

    /// Does it resolve what the threshold is about, or leave at most half of the connections? A rule of thumb alone
    /// does not justify days of work that no limit requires.
    bool helps(std::size_t i, const Limit& limit) const {
        if (right_sized(scene_, limit.quantity, all_[i]) < limit.at) return true;
        return base_.after && 2 * all_[i].after->value.value <= base_.after->value.value;
    }

    /// The first threshold that right-sized pools pass, where it helps against none.
    std::optional<std::size_t> helps_little(std::size_t i) const {
        const auto& limits = rows_[i].thresholds;
        const auto first = std::ranges::find_if(limits, [&](const Limit& limit) { return passed(limit); });
        if (first == limits.end() ||
            std::ranges::any_of(limits, [&](const Limit& limit) { return passed(limit) && helps(i, limit); }))
            return std::nullopt;
        return static_cast<std::size_t>(first - limits.begin());
    }

    /// One that changes less and fits as well.
    bool another_fits(std::size_t i) const {
        for (std::size_t less = 0; less < i; ++less)
            if (worth_it(less) && fits(scene_, all_[less])) return true;
        return false;
    }

    /// The base strategy's change, and the limit that it fixes.
    Why change() const {
        Why result = why(Why::Kind::change);
        for (Index i = 0; i < scene_.plan.databases.size(); ++i) {
            const DatabasePlan& mine = scene_.plan.databases[i];
            // What only a class or another limit fixes is not credited to the pools.
            if (least_steady(mine.after) > allowed(mine, Dimension::connections_steady) ||
                least_deploy(mine.after) > allowed(mine, Dimension::connections_deploy))
                continue;
            for (const Check& check : scene_.plan.databases[i].now.checks)
                if (check.standing == Standing::over && is_of_connections(check.dimension)) {
                    result.database = i;
                    result.trouble.emplace().check = check;
                    return result;
                }
        }
        return result;
    }

    Why why_not(std::size_t i) const {
        const Strategy& strategy = all_[i];
        const bool measuring = chosen_ && rows_[*chosen_].role == Role::measures;
        Why result;
        if (strategy.applicable)
            if (auto over = too_many(strategy)) return *over;
        const bool base_taken = chosen_ && rows_[*chosen_].role == Role::base;
        if (base_taken && worth_it(i))
            if (auto base = instead_of(i)) {
                base->instead = *chosen_;
                return *base;
            }
        result.instead = chosen_.value_or(i);
        if (!strategy.applicable) {
            result.kind = Why::Kind::not_possible;
        } else if (strategy.role == Role::measures) {
            result.kind = known_ == fleet_.pools.size() ? Why::Kind::all_given : Why::Kind::some_given;
            result.count = known_;
        } else if (strategy.role == Role::base) {
            result.kind = measuring && rows_[i].needs_use ? Why::Kind::no_use_known : Why::Kind::fewer_with;
        } else {
            const auto& all = strategy.thresholds;
            const auto reached = std::find_if(all.begin(), all.end(), [](const Threshold& t) { return t.reached; });
            result.kind = reached == all.end()              ? Why::Kind::below
                          : measuring && rows_[i].needs_use ? Why::Kind::reached_blind
                                                            : Why::Kind::reached;
            if (reached != all.end()) result.threshold = static_cast<std::size_t>(reached - all.begin());
            if (const auto little = base_taken && worth_it(i) ? helps_little(i) : std::nullopt) {
                result.kind = Why::Kind::gains_little;
                result.threshold = *little;
            }
        }
        return result;
    }

    const Scene& scene_;
    const Fleet& fleet_;
    std::span<const StrategyRow> rows_;
    std::vector<Strategy>& all_;
    const Strategy& base_;
    std::size_t known_ = 0;
    std::optional<std::size_t> chosen_;
};

}  // namespace

void choose(const Scene& scene, std::vector<Strategy>& strategies) { StrategyChooser(scene, strategies).choose(); }

}  // namespace poolfit::plan
