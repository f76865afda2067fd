#include "judge.hpp"

#include <algorithm>

#include "recommend.hpp"

namespace poolfit::plan {

namespace {

Reason condition(Reason::Kind kind, Dimension dimension, bool blocking = true) {
    Reason reason;
    reason.kind = kind;
    reason.blocking = blocking;
    reason.check.dimension = dimension;
    return reason;
}

bool passes(const std::vector<Reason>& reasons) {
    return std::none_of(reasons.begin(), reasons.end(), [](const Reason& reason) { return reason.blocking; });
}

class Judge {
public:
    explicit Judge(const Question& question)
        : q_(question),
          database_(question.fleet.databases[question.database]),
          offers_(question.market.offers(question.database)) {}

    std::vector<Candidate> all() const {
        std::vector<Candidate> judged{judge(q_.market.offer(q_.database, *database_.type))};
        const Candidate current = judged.front();
        std::optional<MicroUsdPerMonth> best;
        for (std::size_t i = 0; i < offers_.offered; ++i) {
            const Offer& offer = offers_.all[i];
            if (q_.depth != Depth::all && beyond(offer.price->amount, current, best)) break;
            if (offer.cls == database_.type) continue;
            judged.push_back(judge(offer));
            const Candidate& candidate = judged.back();
            if (candidate.fits && (!best || *candidate.ranked_by < *best)) best = candidate.ranked_by;
        }
        std::stable_sort(judged.begin(), judged.end(), [](const Candidate& a, const Candidate& b) {
            if (a.ranked_by.has_value() != b.ranked_by.has_value()) return a.ranked_by.has_value();
            if (a.ranked_by && *a.ranked_by != *b.ranked_by) return *a.ranked_by < *b.ranked_by;
            return a.cls->name < b.cls->name;
        });
        return judged;
    }

private:
    /// Can a class at this price, or a dearer one, no longer matter? One that fits is beaten by the best so far; where
    /// that saves too little, today's class stays, and what costs no more than that one is still of interest.
    bool beyond(MicroUsdPerMonth price, const Candidate& current, const std::optional<MicroUsdPerMonth>& best) const {
        if (current.cost && price <= *current.cost && q_.depth == Depth::cheaper) return false;
        if (!current.fits) return best && price > *best;
        if (!current.ranked_by) return false;
        const bool moves = best && worth_it(q_.fleet.policy, *current.ranked_by, *best).enough;
        return price > (moves ? *best : std::max(*current.cost, *current.ranked_by));
    }

    Candidate judge(const Offer& offer) const {
        Candidate candidate;
        candidate.cls = offer.cls;
        const bool current = offer.cls == database_.type;
        if (!current && offer.doubt != Offer::Doubt::none) {
            candidate.reasons.push_back(condition(Reason::Kind::version, Dimension::engine, false));
            candidate.reasons.back().doubt = offer.doubt;
        }
        const Projection projection =
            assess::project(q_.fleet, q_.market, q_.database, offer, q_.now, q_.after, Phase::after, {});
        if (projection.cost) {
            candidate.cost = projection.cost->value;
            candidate.ranked_by = candidate.cost;
            if (projection.credits && projection.credits->surplus)
                *candidate.ranked_by += projection.credits->surplus->value;
        }
        load_reasons(candidate, projection, current);
        demand_reason(candidate);
        if (database_.replica_of && database_.platform->standby_needs_limit) replica_reason(candidate, projection);
        const bool fits_load = passes(candidate.reasons);
        if (!current) policy_reasons(candidate);
        candidate.fits = passes(candidate.reasons);
        candidate.fits_but_for_policy = fits_load && !candidate.fits;
        return candidate;
    }

    static void load_reasons(Candidate& candidate, const Projection& projection, bool current) {
        for (const Check& check : projection.checks) {
            const bool blocks = check.standing == Standing::over || (check.standing == Standing::unknown && !current);
            const bool told = check.caveat == Caveat::by_vcpu_count || check.caveat == Caveat::peak_over_baseline;
            if (!blocks && !told) continue;
            Reason reason;
            reason.blocking = blocks;
            reason.check = check;
            candidate.reasons.push_back(reason);
        }
    }

    /// The CPU that workloads ask for, on this class's vCPUs, within the policy's peak.
    void demand_reason(Candidate& candidate) const {
        if (q_.load == nullptr) return;
        const Interval<double> demand =
            assess::cpu_on(*database_.type, *candidate.cls, Interval<double>(q_.load->cpu_demand.value.value));
        const double limit = q_.fleet.policy.cpu_peak_max->value;
        if (demand.high <= limit) return;
        Reason reason = condition(Reason::Kind::cpu_demand, Dimension::cpu_demand);
        reason.check.standing = Standing::over;
        reason.check.measure = Measure::fraction;
        reason.check.value = demand;
        reason.check.limit = limit;
        reason.check.share = limit > 0 ? demand.high / limit : 1e9;
        candidate.reasons.push_back(reason);
    }

    /// max_connections of a server on a class: what it says, what has been set by hand, or the formula's range.
    static Interval<Connections> max_of(const Database& database, const Limits& limits) {
        if (limits.max_observed) return Interval<Connections>(limits.max_observed->value);
        if (limits.set_by_hand) return Interval<Connections>(**database.max_connections);
        return limits.max_expected->value;
    }

    /// A standby whose max_connections is under its primary's does not start.
    void replica_reason(Candidate& candidate, const Projection& projection) const {
        const Database& primary = q_.fleet.databases[*database_.replica_of];
        const InstanceClass& primary_class = *q_.primary->recommendation.cls;
        const Limits &own = projection.limits, &theirs = q_.primary->chosen.limits;
        const Interval<Connections> mine = max_of(database_, own), need = max_of(primary, theirs);
        const bool by_formula = !own.set_by_hand && !theirs.set_by_hand;
        // One class, one formula: equal, whatever the range is. And today's replica runs: it is no smaller than
        // today's primary, and so than any smaller one.
        if (by_formula && candidate.cls == &primary_class) return;
        if (by_formula && candidate.cls == database_.type && primary_class.memory <= primary.type->memory &&
            !(own.max_observed && theirs.max_observed))
            return;
        if (mine.low >= need.high) return;
        Reason reason = condition(Reason::Kind::replica, Dimension::replica);
        reason.check.measure = Measure::connections;
        reason.check.value =
            Interval<double>{static_cast<double>(mine.low.value), static_cast<double>(mine.high.value)};
        reason.check.limit = static_cast<double>(need.high.value);
        reason.need = need;
        reason.primary = &primary_class;
        candidate.reasons.push_back(reason);
    }

    void policy_reasons(Candidate& candidate) const {
        const Policy& policy = q_.fleet.policy;
        const InstanceClass &cls = *candidate.cls, &today = *database_.type;
        // Who runs on arm or on credits already has decided; the switches are for the move there.
        if (cls.arch == Arch::arm64 && today.arch != Arch::arm64 && !*policy.allow_arm)
            candidate.reasons.push_back(condition(Reason::Kind::allow_arm, Dimension::policy));
        if (cls.burst && !*policy.allow_burstable)
            candidate.reasons.push_back(condition(Reason::Kind::allow_burstable, Dimension::policy));
        const auto matches = [&](const Located<std::string>& glob) {
            return catalog::matches(*database_.platform, *glob, cls.name);
        };
        if (!policy.allow.empty() && std::none_of(policy.allow.begin(), policy.allow.end(), matches))
            candidate.reasons.push_back(condition(Reason::Kind::not_allowed, Dimension::policy));
        const auto denied = std::find_if(policy.deny.begin(), policy.deny.end(), matches);
        if (denied == policy.deny.end()) return;
        Reason reason = condition(Reason::Kind::denied, Dimension::policy);
        reason.glob = static_cast<Index>(denied - policy.deny.begin());
        candidate.reasons.push_back(reason);
    }

    const Question& q_;
    const Database& database_;
    const Offers& offers_;
};

}  // namespace

std::vector<Candidate> candidates(const Question& question) { return Judge(question).all(); }

}  // namespace poolfit::plan
