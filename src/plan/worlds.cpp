#include <poolfit/plan/worlds.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <poolfit/threads/parallel.hpp>

#include "cover.hpp"
#include "load_reasons.hpp"
#include "regret.hpp"
#include "tallies.hpp"
#include "world_draws.hpp"
#include "worlds_record.hpp"

namespace poolfit::plan {

namespace {

using Moment = Worlds::Moment;

/// So many worlds are a piece of work: sums of money are made piece by piece, so pieces never depend on threads.
constexpr std::int64_t worlds_at_once = 125;

/// One database, and the classes that are judged in its worlds.
class WorldScene {
public:
    WorldScene(const Fleet& fleet, const Plan& plan, Index database, const WorldsRequest& request)
        : fleet_(fleet),
          plan_(plan),
          index_(database),
          mine_(plan.databases[database]),
          asked_(question(fleet, plan, database, Depth::decide)),
          draws_(fleet, plan, database, request.seed) {
        asked_.raised = mine_.recommendation.max_connections;
        if (const auto& trouble = fleet.policy.cost_of_trouble) trouble_ = **trouble;
        choose();
        // The cost of a class that commitments touch depends on where they are used, so one class alone has none.
        const bool paid = plan.committed != nullptr && plan.committed->now[database].cost;
        if (paid && may_be_covered(fleet, plan, database))
            no_regret_ = Worlds::NoRegret::commitments;
        else if (request.count < Worlds::fewest_for_regret)
            no_regret_ = Worlds::NoRegret::few_worlds;
    }

    struct Pair {
        Tallies today, grown;
    };

    Pair empty() const {
        Tallies none{std::vector<Tally>(classes_.size()), 0};
        return {none, draws_.grows() ? none : Tallies{}};
    }

    /// The worlds from `first` on, up to `last`.
    Pair judge(std::int64_t first, std::int64_t last) const {
        Pair result = empty();
        World world = draws_.empty();
        for (std::int64_t n = first; n < last; ++n) {
            const auto number = static_cast<std::uint64_t>(n);
            draws_.draw(number, world);
            judge(world, result.today);
            if (!draws_.grows()) continue;
            draws_.grow(number, world);
            judge(world, result.grown);
        }
        return result;
    }

    /// Which classes are choices is known after all worlds.
    void settle(const Pair& all, std::int64_t count) {
        if (no_regret_ != Worlds::NoRegret::none) return;
        today_ = choices(all.today, count);
        if (draws_.grows()) grown_ = choices(all.grown, count);
    }
    /// Has the best choice of each world to be found?
    bool regrets() const { return trouble_ && !(today_.empty() && grown_.empty()); }

    /// What `best` adds up to in the same worlds, today and grown.
    std::pair<double, double> best(std::int64_t first, std::int64_t last) const {
        std::pair<double, double> sums{0, 0};
        World world = draws_.empty();
        for (std::int64_t n = first; n < last; ++n) {
            const auto number = static_cast<std::uint64_t>(n);
            draws_.draw(number, world);
            sums.first += best(world, today_);
            if (!draws_.grows()) continue;
            draws_.grow(number, world);
            sums.second += best(world, grown_);
        }
        return sums;
    }

    Worlds finish(const Pair& all, const WorldsRequest& request) const {
        Worlds result;
        result.database = index_;
        result.count = request.count;
        result.seed = request.seed;
        result.cost_of_trouble = trouble_;
        result.no_regret = no_regret_;
        for (std::size_t k = 0; k < classes_.size(); ++k) {
            Worlds::OfClass& of = result.classes.emplace_back();
            of.cls = classes_[k].offer->cls;
            of.fits = classes_[k].fits;
            of.today = moment(classes_[k], all.today, today_, k, request.count);
            if (draws_.grows()) of.grown = moment(classes_[k], all.grown, grown_, k, request.count);
        }
        result.today = choice(all.today, today_, request.count);
        if (draws_.grows()) result.grown = choice(all.grown, grown_, request.count);
        std::vector<CpuMove> moves;
        for (const Class& each : classes_) {
            const CpuMove move = assess::cpu_move(*fleet_.databases[index_].type, *each.offer->cls);
            if (move != CpuMove::none && std::ranges::find(moves, move) == moves.end()) moves.push_back(move);
        }
        std::ranges::sort(moves);
        result.draws = draws_.all(moves);
        return result;
    }

private:
    struct Class {
        const Offer* offer = nullptr;
        std::optional<Figure<Connections>> raised;
        bool fits = false;
        Dimensions always_over = 0;  ///< whatever is drawn
        Dimensions shown = 0;        ///< limits that it is judged by
        series::CreditSteps thin;    ///< its CPU series, for credits; empty where it has none
    };

    Projection project(const Class& each, Recorder r, assess::Known& known) const {
        return assess::project(fleet_, *plan_.market, index_, *each.offer, mine_.demand, mine_.after, Phase::after, r,
                               each.raised, &known);
    }

    /// `asked` and the recorder are of one world, or of the ranges.
    Judged judge(const ClassQuestion& asked, const Class& each, Recorder r, assess::Known& known,
                 std::vector<Reason>& reasons) const {
        const Projection on = project(each, r, known);
        Judged result;
        const auto see = [&](const Check& check) {
            result.judged |= bit(check.dimension);
            const bool not_known = check.standing == Standing::unknown ||
                                   (check.standing == Standing::no_worse && check.missing != Missing::nothing);
            if (not_known) result.unknown |= bit(check.dimension);
        };
        result.over = each.always_over;
        result.judged |= each.always_over;
        for (const Check& check : on.checks) {
            see(check);
            if (check.caveat == Caveat::bursts_as_today && check.exceeds()) result.over |= bit(check.dimension);
        }
        reasons.clear();
        add_load_reasons(asked, on, r, reasons);
        for (const Reason& reason : reasons) {
            if (!reason.blocking) continue;
            see(reason.check);
            if (reason.check.standing == Standing::over) result.over |= bit(reason.check.dimension);
        }
        if (asked.load != nullptr) result.judged |= bit(Dimension::cpu_demand);
        result.cost = assess::ranked(on);
        result.surplus = on.credits && on.credits->surplus && on.credits->surplus->value.value > 0;
        return result;
    }

    void judge(const World& world, Tallies& tallies) const {
        judge(world, every_, [&](std::size_t k, const Judged& judged) { tallies.classes[k].add(judged); });
    }

    /// What the best of them costs in the world.
    double best(const World& world, const Choices& choices) const {
        if (choices.empty()) return 0;
        std::optional<double> best;
        judge(world, choices, [&](std::size_t, const Judged& judged) {
            if (!judged.cost) return;
            const double cost = static_cast<double>(judged.cost->value) +
                                (judged.over != 0 ? static_cast<double>(trouble_->value) : 0.0);
            if (!best || cost < *best) best = cost;
        });
        return best.value_or(0);
    }

    template <class Take>
    void judge(const World& world, const Choices& which, const Take& take) const {
        const Recorder r(world);
        assess::Known known, known_now;
        DatabaseLoad load;
        const bool loaded = mine_.load && !world.loads.empty();
        if (loaded) load.cpu_demand = cpu_demand_in(world, fleet_, index_, mine_.load->pools);
        std::vector<Survival> losses;
        if (!mine_.now.losses.empty()) {
            const Offer& today = plan_.market->offer(index_, *fleet_.databases[index_].type);
            known_now.thinned = thin_today();
            losses = assess::project(fleet_, *plan_.market, index_, today, mine_.demand, mine_.demand, Phase::now, r,
                                     {}, &known_now)
                         .losses;
        }
        const ClassQuestion asked{fleet_,       *plan_.market, index_,
                                  mine_.demand, mine_.after,   loaded ? &load : asked_.load,
                                  nullptr,      losses,        Depth::decide};
        std::vector<Reason> reasons;
        for (const std::size_t k : which) {
            known.thinned = &classes_[k].thin;
            take(k, judge(asked, classes_[k], r, known, reasons));
        }
    }

    const series::CreditSteps* thin_today() const {
        const InstanceClass* const today = fleet_.databases[index_].type;
        const auto found = std::ranges::find_if(classes_, [&](const Class& each) { return each.offer->cls == today; });
        return found == classes_.end() ? nullptr : &found->thin;
    }

    /// The best that can be of what is the better the less it is, and of max_connections; the rest as it is.
    bool never_inside(const Class& each) const {
        const auto certain = [](const Check& check) {
            if (!check.exceeds() || !check.value || !check.limit) return false;
            return check.dimension == Dimension::freeable_memory ? assess::over(*check.limit, check.value->high)
                                                                 : assess::over(check.value->low, *check.limit);
        };
        assess::Known known;
        const Projection ranges = project(each, {}, known);
        const auto is_of_load = [](Dimension dimension) {
            return !is_of_connections(dimension) && dimension <= Dimension::network;
        };
        for (const Check& check : ranges.checks)
            if (is_of_load(check.dimension) && certain(check)) return true;
        World best = draws_.empty();
        for (World::Server& server : best.servers) {
            server.at.fill(0);
            server.at[static_cast<std::size_t>(Doubt::server_memory)] = 1;
        }
        assess::Known known_there;
        const Projection there = project(each, Recorder(best), known_there);
        return std::ranges::any_of(there.checks, [&](const Check& check) {
            const bool given_up =
                check.dimension == Dimension::connections_failover && !*fleet_.policy.survive_failover;
            return is_of_connections(check.dimension) && !given_up && check.standing == Standing::over;
        });
    }

    /// Classes that nothing but load rules out, if anything does, and that may be inside.
    void choose() {
        const InstanceClass* const today = fleet_.databases[index_].type;
        const Candidates again = candidates(asked_);
        const auto conditions = [](const Candidate& candidate) {
            return std::ranges::any_of(candidate.reasons, [](const Reason& reason) {
                const bool of_load = reason.kind == Reason::Kind::check || reason.kind == Reason::Kind::cpu_demand ||
                                     reason.kind == Reason::Kind::failover;
                return reason.blocking && !of_load;
            });
        };
        std::vector<Reason> reasons;
        for (const Candidate& candidate : mine_.candidates) {
            const bool always = candidate.cls == today || candidate.cls == mine_.recommendation.cls;
            const auto twin = std::ranges::find(again, candidate.cls, &Candidate::cls);
            if (!always && (twin == again.end() || conditions(candidate) || conditions(*twin))) continue;
            Class each;
            each.offer = &plan_.market->offer(index_, *candidate.cls);
            each.raised = raised_on(asked_, *each.offer);
            // A replica that would not start, or that others rely on, follows no load.
            if (std::ranges::any_of(candidate.reasons, [](const Reason& reason) {
                    return reason.blocking &&
                           (reason.kind == Reason::Kind::replica || reason.kind == Reason::Kind::chain);
                }))
                each.always_over = bit(Dimension::replica);
            if (!always && never_inside(each)) continue;
            assess::Known known;
            known.thin = &each.thin;
            const Judged judged = judge(asked_, each, {}, known, reasons);
            if (!always && judged.over == 0 && judged.unknown != 0) continue;
            each.fits = twin != again.end() ? twin->fits : candidate.fits;
            each.shown = judged.judged;
            every_.push_back(classes_.size());
            classes_.push_back(each);
        }
    }

    /// Those that are inside in most worlds; if none is, those that are inside in some.
    Choices choices(const Tallies& all, std::int64_t count) const {
        Choices result;
        for (const bool mostly : {true, false}) {
            for (std::size_t k = 0; k < classes_.size(); ++k) {
                const Tally& tally = all.classes[k];
                if (tally.unknown > 0 || tally.unpriced > 0 || tally.outside == count) continue;
                if (mostly && chance(count - tally.outside, count).share() < Worlds::fewest_inside) continue;
                result.push_back(k);
            }
            if (!result.empty()) break;
        }
        return result;
    }

    Moment moment(const Class& each, const Tallies& all, const Choices& choices, std::size_t k,
                  std::int64_t count) const {
        const Tally& tally = all.classes[k];
        Moment result;
        if (tally.unknown == 0) result.inside = chance(count - tally.outside, count);
        for (std::size_t d = 0; d < dimensions; ++d) {
            const auto dimension = static_cast<Dimension>(d);
            if ((each.shown & bit(dimension)) == 0 && tally.over_in[d] == 0) continue;
            Worlds::OfDimension& of = result.dimensions.emplace_back();
            of.dimension = dimension;
            if (tally.unknown_in[d] == 0) of.inside = chance(count - tally.over_in[d], count);
        }
        if (tally.unpriced > 0) return result;
        const double worlds = static_cast<double>(count), cost = tally.cost / worlds;
        result.cost = MicroUsdPerMonth(std::llround(cost));
        result.surplus = tally.surplus;
        if (!trouble_ || !std::ranges::binary_search(choices, k)) return result;
        const double trouble = static_cast<double>(trouble_->value) * static_cast<double>(tally.outside) / worlds;
        result.regret = MicroUsdPerMonth(std::llround(std::max(0.0, cost + trouble - all.best / worlds)));
        return result;
    }

    Worlds::Choice choice(const Tallies& all, const Choices& choices, std::int64_t count) const {
        Worlds::Choice result;
        std::vector<Outlook> outlooks;
        for (const std::size_t k : choices) {
            const Tally& tally = all.classes[k];
            const double cost = std::round(tally.cost / static_cast<double>(count));
            outlooks.push_back({cost, 1 - chance(count - tally.outside, count).share()});
        }
        constexpr double most = 1e15;  // micro-USD: what comes after it is of no interest
        for (const BestFrom& best : best_by_trouble(outlooks)) {
            if (best.from > most) break;
            Worlds::Stretch& stretch = result.by_trouble.emplace_back();
            stretch.cls = classes_[choices[best.choice]].offer->cls;
            stretch.from = MicroUsdPerMonth(std::llround(best.from));
            if (best.to && *best.to <= most) stretch.to = MicroUsdPerMonth(std::llround(*best.to));
            if (trouble_ && static_cast<double>(trouble_->value) >= best.from) result.least_regret = stretch.cls;
        }
        return result;
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const DatabasePlan& mine_;
    ClassQuestion asked_;
    WorldDraws draws_;
    std::vector<Class> classes_;
    Choices every_, today_, grown_;
    std::optional<MicroUsdPerMonth> trouble_;
    Worlds::NoRegret no_regret_ = Worlds::NoRegret::none;
};

}  // namespace

std::vector<Worlds> worlds(const Fleet& fleet, const Plan& plan, const WorldsRequest& request) {
    const std::size_t count = request.databases.size();
    const auto pieces_of_one = static_cast<std::size_t>((request.count + worlds_at_once - 1) / worlds_at_once);
    std::vector<Worlds> result;
    result.reserve(count);
    // A few databases at a time: what is kept of each piece is little, but there may be many.
    const std::size_t together = std::clamp<std::size_t>(4096 / pieces_of_one, 1, 64);
    for (std::size_t from = 0; from < count; from += together) {
        const std::size_t here = std::min(together, count - from);
        std::vector<std::optional<WorldScene>> scenes(here);
        threads::in_parallel(static_cast<int>(here), here > 1 ? request.threads : 1, [&](int k) {
            const auto at = static_cast<std::size_t>(k);
            scenes[at].emplace(fleet, plan, request.databases[from + at], request);
        });
        std::vector<WorldScene::Pair> parts(here * pieces_of_one);
        threads::in_parallel(static_cast<int>(parts.size()), request.threads, [&](int piece) {
            const auto at = static_cast<std::size_t>(piece);
            const std::int64_t first = static_cast<std::int64_t>(at % pieces_of_one) * worlds_at_once;
            parts[at] = scenes[at / pieces_of_one]->judge(first, std::min(first + worlds_at_once, request.count));
        });
        std::vector<WorldScene::Pair> sums(here);
        for (std::size_t k = 0; k < here; ++k) {
            sums[k] = scenes[k]->empty();
            for (std::size_t piece = 0; piece < pieces_of_one; ++piece) {
                sums[k].today.add(parts[k * pieces_of_one + piece].today);
                sums[k].grown.add(parts[k * pieces_of_one + piece].grown);
            }
            scenes[k]->settle(sums[k], request.count);
        }
        std::vector<std::pair<double, double>> bests(parts.size());
        threads::in_parallel(static_cast<int>(parts.size()), request.threads, [&](int piece) {
            const auto at = static_cast<std::size_t>(piece);
            const WorldScene& scene = *scenes[at / pieces_of_one];
            if (!scene.regrets()) return;
            const std::int64_t first = static_cast<std::int64_t>(at % pieces_of_one) * worlds_at_once;
            bests[at] = scene.best(first, std::min(first + worlds_at_once, request.count));
        });
        for (std::size_t k = 0; k < here; ++k) {
            for (std::size_t piece = 0; piece < pieces_of_one; ++piece) {
                sums[k].today.best += bests[k * pieces_of_one + piece].first;
                sums[k].grown.best += bests[k * pieces_of_one + piece].second;
            }
            result.push_back(scenes[k]->finish(sums[k], request));
        }
    }
    if (request.figures != nullptr)
        for (const Worlds& each : result) record_worlds(fleet, plan, each, Recorder(request.figures));
    return result;
}

}  // namespace poolfit::plan
