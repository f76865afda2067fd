#include "judge.hpp"

#include <algorithm>

#include "cover.hpp"
#include "load_reasons.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

namespace {

bool passes(std::span<const Reason> reasons) {
    return std::none_of(reasons.begin(), reasons.end(), [](const Reason& reason) { return reason.blocking; });
}

class Judge {
public:
    explicit Judge(const ClassQuestion& question)
        : q_(question),
          database_(question.fleet.databases[question.database]),
          offers_(question.market.offers(question.database)) {}

    /// Its reasons last until the next one is judged.
    Candidate judge(const Offer& offer) {
        const auto limit = raised(offer);
        Projection projection = assess::project(q_.fleet, q_.market, q_.database, offer, q_.now, q_.after, Phase::after,
                                                {}, limit, &known_);
        if (limit) projection.limits.max_observed = limit;  // what the server will report
        const Candidate judged = judge(offer, projection);
        known_.reuse(std::move(projection));
        return judged;
    }

    Candidates all() {
        const Offer& today = q_.market.offer(q_.database, *database_.type);
        judged_.reserve(std::min(offers_.offered + 1, usual));
        reasons_.reserve(usual);
        found_.reserve(2 * usual);
        keep(q_.today != nullptr ? judge(today, *q_.today) : judge(today));
        const Current current{judged_.front().fits, judged_.front().cost, judged_.front().ranked_by};
        std::optional<MicroUsdPerMonth> best;
        for (std::size_t i = 0; i < offers_.offered; ++i) {
            const Offer& offer = offers_.all[i];
            if (q_.depth != Depth::all && beyond(offer.paid(), current, best) && behind(offer.paid())) {
                if (q_.touching == nullptr) break;
                if (!q_.touching->touches(q_.database, *offer.cls)) continue;
            }
            if (offer.cls == database_.type) continue;
            const auto known = as_before(offer);
            keep(known ? *known : judge(offer));
            const Candidate& candidate = judged_.back();
            if (candidate.fits && saves_after_upgrade(offers_, judged_.front(), candidate) &&
                (!best || *candidate.ranked_by < *best))
                best = candidate.ranked_by;
            if (by_primary_alone(candidate) && candidate.ranked_by && (!held_ || *candidate.ranked_by < *held_))
                held_ = candidate.ranked_by;
        }
        std::sort(judged_.begin(), judged_.end(), [](const Candidate& a, const Candidate& b) {
            if (a.ranked_by.has_value() != b.ranked_by.has_value()) return a.ranked_by.has_value();
            if (a.ranked_by && *a.ranked_by != *b.ranked_by) return *a.ranked_by < *b.ranked_by;
            return a.cls->name < b.cls->name;
        });
        // Fleets have many of these: no room for more.
        judged_.shrink_to_fit();
        room_for(found_.size());
        return {std::move(judged_), std::move(found_)};
    }

private:
    static constexpr std::size_t usual = 32;  ///< most walks judge no more, and find no more reasons

    /// With reasons of its own: those that it comes with are of the next as well.
    void keep(const Candidate& candidate) {
        const std::size_t first = found_.size(), count = candidate.reasons.size();
        if (first + count > found_.capacity()) room_for(2 * (first + count));
        found_.insert(found_.end(), candidate.reasons.begin(), candidate.reasons.end());
        judged_.push_back(candidate);
        judged_.back().reasons = std::span(found_).subspan(first, count);
    }

    void room_for(std::size_t reasons) {
        std::vector<Reason> moved;
        moved.reserve(reasons);
        moved.assign(found_.begin(), found_.end());
        for (Candidate& candidate : judged_) {
            const auto first = static_cast<std::size_t>(candidate.reasons.data() - found_.data());
            candidate.reasons = std::span(moved).subspan(first, candidate.reasons.size());
        }
        found_ = std::move(moved);
    }

    /// Today's class, judged.
    struct Current {
        bool fits = false;
        std::optional<MicroUsdPerMonth> cost, ranked_by;
    };

    /// Can a class at this price, or a dearer one, no longer matter? One that fits is beaten by the best so far; where
    /// that saves too little, today's class stays, and what costs no more than that one is still of interest.
    bool beyond(MicroUsdPerMonth price, const Current& current, const std::optional<MicroUsdPerMonth>& best) const {
        if (current.cost && price <= *current.cost && q_.depth == Depth::cheaper) return false;
        if (!current.fits) return best && price > *best;
        if (!current.cost) return false;
        // Of a class in Extended Support it may be enough all the same: then a few more are judged.
        const bool moves = best && worth_it(q_.fleet.policy, *current.cost, *best).enough;
        return price > (moves ? *best : std::max(*current.cost, current.ranked_by.value_or(*current.cost)));
    }

    /// Both are in order of price, or nearly: it is mostly the one behind the last that was found.
    const Candidate* found_before(const InstanceClass* cls) const {
        const std::size_t size = q_.before.size();
        for (std::size_t looked = 0; looked < size; ++looked) {
            if (next_before_ >= size) next_before_ = 0;
            if (const Candidate& candidate = q_.before[next_before_++]; candidate.cls == cls) return &candidate;
        }
        return nullptr;
    }

    /// Is it dearer than the class that commitments ask for, and that one judged? Cheaper ones may still matter.
    bool behind(MicroUsdPerMonth price) const {
        if (q_.wanted == nullptr) return true;
        const auto at = std::ranges::find(judged_, q_.wanted, &Candidate::cls);
        return at != judged_.end() && (!at->ranked_by || price > *at->ranked_by);
    }

    /// A class that passes with fewer connections as before, or that the same reason rules out at any number; nothing
    /// if it has to be judged.
    std::optional<Candidate> as_before(const Offer& offer) {
        const InstanceClass* cls = offer.cls;
        const Candidate* const known = found_before(cls);
        if (known == nullptr) return std::nullopt;
        const auto still = [&](const Reason& reason) {
            reasons_.assign(1, reason);
            return Candidate{cls, false, false, known->list, known->paid, known->cost, known->ranked_by, reasons_};
        };
        if (q_.no_more && known->fits && q_.staying.empty() && !follows()) return *known;
        // Whether anything else rules it out too is asked of the cheapest (`held_up`), and of no other.
        const bool enough = !known->ranked_by || (held_ && *known->ranked_by >= *held_);
        if (follows() && (enough || (q_.no_more && std::ranges::all_of(known->reasons, by_primary))))
            if (const auto reason = replica_reason(offer, limits(offer))) return still(*reason);
        const auto lasting = std::ranges::find_if(known->reasons, [&](const Reason& reason) { return lasts(reason); });
        if (lasting == known->reasons.end()) return std::nullopt;
        return still(*lasting);
    }

    /// Does what ruled out a class also rule it out with these connections?
    bool lasts(const Reason& reason) const {
        if (!reason.blocking) return false;
        if (!by_connections(reason)) return true;
        if (q_.raised) return false;  // that was under another limit
        switch (reason.check.dimension) {
            case Dimension::connections_steady:
                return over(q_.after.allocated, reason.check);
            case Dimension::connections_deploy:
                return over(q_.after.deploy_peak, reason.check);
            case Dimension::memory:
            case Dimension::freeable_memory:
                return q_.same_memory;
            default:
                return false;
        }
    }

    /// Where none follow max_connections.
    bool over(const std::optional<Figure<Connections>>& need, const Check& check) const {
        return q_.after.shares.empty() && need && check.limit && static_cast<double>(need->value.value) > *check.limit;
    }

    /// As those of a projection.
    Limits limits(const Offer& offer) const {
        Limits there = assess::limits(q_.fleet, q_.market, q_.database, offer, {});
        if (const auto limit = raised(offer)) there.max_observed = limit;
        return there;
    }

    Candidate judge(const Offer& offer, const Projection& projection) {
        Candidate candidate;
        reasons_.clear();
        candidate.cls = offer.cls;
        const bool current = offer.cls == database_.type;
        if (!current && offer.doubt != Offer::Doubt::none) {
            reasons_.emplace_back(condition(Reason::Kind::version, Dimension::engine, false)).doubt = offer.doubt;
        }
        if (projection.list) candidate.list = projection.list->value;
        if (offer.price) candidate.paid = offer.paid();
        if (projection.cost) candidate.cost = projection.cost->value;
        candidate.ranked_by = assess::ranked(projection);
        add_load_reasons(q_, projection, {}, reasons_);
        if (!current) staying_reasons(candidate, projection);
        if (!current) class_reasons(candidate);
        if (!current) pooler_reason(candidate);
        if (follows())
            if (const auto reason = replica_reason(offer, projection.limits)) reasons_.push_back(*reason);
        const bool fits_load = passes(reasons_);
        if (!current) policy_reasons(candidate);
        candidate.fits = passes(reasons_);
        candidate.fits_but_for_policy = fits_load && !candidate.fits;
        candidate.reasons = reasons_;
        return candidate;
    }

    std::optional<Figure<Connections>> raised(const Offer& offer) const { return raised_on(q_, offer); }

    /// A standby whose max_connections is under its primary's does not start.
    bool follows() const { return database_.replica_of && database_.platform->standby_needs_limit; }
    static bool by_primary(const Reason& reason) { return !reason.blocking || reason.kind == Reason::Kind::replica; }

    std::optional<Reason> replica_reason(const Offer& offer, const Limits& own) const {
        const Database& primary = q_.fleet.databases[*database_.replica_of];
        const InstanceClass& primary_class = *q_.primary->recommendation.cls;
        const Limits& theirs = q_.primary->chosen.limits;
        if (!own.known || !theirs.known) return std::nullopt;  // there is nothing to compare
        const Interval<Connections> mine = assess::max_connections(database_, own);
        const auto& raised = q_.primary->recommendation.max_connections;
        const Interval<Connections> need =
            raised ? Interval<Connections>(*raised) : assess::max_connections(primary, theirs);
        const bool by_formula = !own.set_by_hand && !theirs.set_by_hand && database_.platform->limit.follows_class;
        // One class, one formula: equal, whatever the range is.
        if (by_formula && offer.cls == &primary_class) return std::nullopt;
        const assess::Standby starts = assess::standby(mine, need);
        if (starts == assess::Standby::starts) return std::nullopt;
        // Today's replica runs where it can: it is no smaller than today's primary, and so than any smaller one.
        if (starts == assess::Standby::may_not && by_formula && offer.cls == database_.type &&
            primary_class.memory <= primary.type->memory && !(own.max_observed && theirs.max_observed))
            return std::nullopt;
        // It was seen to run beside today's primary: the formula is wrong about one of the two.
        if (!raised && offer.cls == database_.type && primary_class.memory <= primary.type->memory &&
            assess::seen_running(database_) && (assess::by_formula(own) || assess::by_formula(theirs)))
            return std::nullopt;
        Reason reason = condition(Reason::Kind::replica, Dimension::replica);
        reason.check.measure = Measure::connections;
        reason.check.value =
            Interval<double>{static_cast<double>(mine.low.value), static_cast<double>(mine.high.value)};
        reason.check.limit = static_cast<double>(need.high.value);
        reason.need = need;
        reason.primary = &primary_class;
        return reason;
    }

    /// A primary with more max_connections than a replica that is to stay has: that one would not start.
    void staying_reasons(const Candidate& candidate, const Projection& projection) {
        const Interval<Connections> need = assess::max_connections(database_, projection.limits);
        for (const Index i : q_.staying) {
            const Database& replica = q_.fleet.databases[i];
            const Limits theirs = assess::limits(q_.fleet, q_.market, i, q_.market.offer(i, *replica.type), {});
            if (!theirs.known || !projection.limits.known) continue;
            const Interval<Connections> own = assess::max_connections(replica, theirs);
            const bool alike = candidate.cls == replica.type && !theirs.set_by_hand && !projection.limits.set_by_hand;
            if (alike || assess::standby(own, need) == assess::Standby::starts) continue;
            Reason reason = condition(Reason::Kind::standby, Dimension::replica);
            reason.check.measure = Measure::connections;
            reason.check.value =
                Interval<double>{static_cast<double>(need.low.value), static_cast<double>(need.high.value)};
            reason.check.limit = static_cast<double>(own.low.value);
            reason.need = own;
            reason.from = i;
            reasons_.push_back(reason);
        }
    }

    void class_reasons(const Candidate& candidate) {
        const Platform& platform = *database_.platform;
        if (*database_.multi_az && platform.takes_standby != nullptr && !platform.takes_standby(*candidate.cls))
            reasons_.push_back(condition(Reason::Kind::no_standby, Dimension::engine));
        if (platform.move_changes != nullptr && !platform.move_changes(*database_.type, *candidate.cls).empty())
            reasons_.push_back(condition(Reason::Kind::edition, Dimension::engine, false));
    }

    /// A pooler that comes with the server does not come with every class.
    void pooler_reason(const Candidate& candidate) {
        const BuiltInPooler* made = database_.platform->built_in_pooler;
        if (made == nullptr || made->on(*candidate.cls)) return;
        const auto in_use = [&](const Pooler& pooler) { return pooler.built_in && pooler.database == q_.database; };
        if (std::ranges::any_of(q_.fleet.poolers, in_use))
            reasons_.push_back(condition(Reason::Kind::pooler, Dimension::policy));
    }

    void policy_reasons(const Candidate& candidate) {
        const Policy& policy = q_.fleet.policy;
        const InstanceClass &cls = *candidate.cls, &today = *database_.type;
        // A database that already runs on arm or on credits stays allowed; the switches restrict moves to them.
        if (cls.arch == Arch::arm64 && today.arch != Arch::arm64 && !*policy.allow_arm)
            reasons_.push_back(condition(Reason::Kind::allow_arm, Dimension::policy));
        if ((cls.burst || cls.shared) && !*policy.allow_burstable)
            reasons_.push_back(condition(Reason::Kind::allow_burstable, Dimension::policy));
        const auto matches = [&](const Located<std::string>& glob) {
            return catalog::matches(*database_.platform, *glob, cls.name);
        };
        if (!policy.allow.empty() && std::none_of(policy.allow.begin(), policy.allow.end(), matches))
            reasons_.push_back(condition(Reason::Kind::not_allowed, Dimension::policy));
        if (cls.shared && policy.allow.empty()) reasons_.push_back(condition(Reason::Kind::shared, Dimension::policy));
        const auto denied = std::find_if(policy.deny.begin(), policy.deny.end(), matches);
        if (denied == policy.deny.end()) return;
        Reason reason = condition(Reason::Kind::denied, Dimension::policy);
        reason.glob = static_cast<Index>(denied - policy.deny.begin());
        reasons_.push_back(reason);
    }

    const ClassQuestion& q_;
    const Database& database_;
    const Offers& offers_;
    std::vector<Candidate> judged_;
    std::vector<Reason> found_;             ///< of all of them
    std::vector<Reason> reasons_;           ///< of the class that is judged
    std::optional<MicroUsdPerMonth> held_;  ///< the least that a class which only its primary rules out is ranked by
    assess::Known known_;
    mutable std::size_t next_before_ = 0;
};

}  // namespace

ClassQuestion question(const Fleet& fleet, const Plan& plan, Index index, Depth depth) {
    const DatabasePlan& mine = plan.databases[index];
    const auto& primary = fleet.databases[index].replica_of;
    return {fleet,
            *plan.market,
            index,
            mine.demand,
            mine.after,
            mine.load ? &*mine.load : nullptr,
            primary ? &plan.databases[*primary] : nullptr,
            mine.now.losses,
            depth};
}

bool by_primary_alone(const Candidate& candidate) {
    bool by_primary = false;
    for (const Reason& reason : candidate.reasons) {
        if (!reason.blocking) continue;
        if (reason.kind != Reason::Kind::replica) return false;
        by_primary = true;
    }
    return by_primary;
}

bool is_of_connections(Dimension dimension) {
    return dimension == Dimension::connections_steady || dimension == Dimension::connections_deploy ||
           dimension == Dimension::connections_failover;
}

bool by_connections(const Reason& reason) {
    if (!reason.blocking) return false;
    if (is_of_connections(reason.check.dimension)) return true;
    switch (reason.check.dimension) {
        case Dimension::memory:
        case Dimension::freeable_memory:
        case Dimension::failover_memory:
        case Dimension::replica:
            return true;
        default:
            return false;
    }
}

std::optional<Figure<Connections>> raised_on(const ClassQuestion& question, const Offer& offer) {
    const auto& to = question.raised;
    if (!to) return std::nullopt;
    return Figure<Connections>{offer.max_expected ? std::min(*to, offer.max_expected->low) : *to, {}};
}

bool fits(const ClassQuestion& question, const Offer& offer) { return Judge(question).judge(offer).fits; }
Candidates candidates(const ClassQuestion& question) { return Judge(question).all(); }

}  // namespace poolfit::plan
