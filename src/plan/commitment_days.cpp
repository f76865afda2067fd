// Days on which the price of what runs changes, as long as commitments last: one of them ends, or Extended Support of a
// version gets another price. And which rates of savings plans are to be asked for.
#include <algorithm>

#include <poolfit/assess/leaves.hpp>

#include "settling.hpp"

namespace poolfit::plan {

bool changes_support(const Fleet&, const Plan& plan, Index index, Date day) {
    const auto& life = plan.market->offers(index).life;
    return life && life->charged(life->cycle.stage(day)) != life->charged(life->stage);
}

/// In order; the first is today.
std::vector<Date> Settling::days() const {
    const Date today = plan_.market->today();
    std::vector<Date> all{today};
    for (const Commitment& commitment : fleet_.commitments)
        if (is_active(commitment, today)) all.push_back(after(*commitment.ends));
    const Date last = *std::ranges::max_element(all);
    for (const Index i : counted_) {
        const auto& life = plan_.market->offers(i).life;
        if (!life) continue;
        for (const auto& from :
             {life->cycle.charged_from, life->cycle.dearer_from, std::optional(after(life->cycle.ends))})
            if (from && *from > today && *from <= last && changes_support(fleet_, plan_, i, *from))
                all.push_back(*from);
    }
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

/// What its Extended Support costs more from a day on than today; nothing where that is not known. `detail`: the day.
std::optional<assess::Term> Settling::more_support(Index i, bool planned, Date day, std::string_view detail) const {
    const DatabasePlan& own = plan_.databases[i];
    if (planned && leaves(i)) return r_.literal(0);
    const Life& life = *plan_.market->offers(i).life;
    const LifeCycle::Stage then = life.cycle.stage(day);
    if (life.by_unit || (planned && own.recommendation.serverless) || !life.charged(then)) return std::nullopt;
    const Projection& on = planned ? own.chosen : own.now;
    const Key key{{Subject::Kind::database, i},
                  Name::extended_support_from,
                  Phase::now,
                  on.cls == fleet_.databases[i].type ? nullptr : on.cls,
                  detail};
    const auto costs = assess::extended_support(fleet_, *plan_.market, i, *on.cls, then, key, r_);
    Term more = costs ? r_(*costs) : r_.literal(0);
    if (on.support) more = more - r_(*on.support);
    return more;
}

/// Rates that a savings plan's use, or a cheaper class, depends on.
std::vector<CommitmentUse::Ask> Settling::asks(const Committed& committed, const CommitmentUse& use) const {
    std::vector<CommitmentUse::Ask> all;
    const bool unused = !use.unknown_now && !use.unknown_after && use.used_after < 1 - 1e-9;
    for (const Index i : counted_) {
        const DatabasePlan& own = plan_.databases[i];
        const Elastic* elastic = fleet_.databases[i].platform->elastic;
        if (committed.now[i].rate_unknown) {
            all.push_back({i, elastic != nullptr ? elastic->class_name : std::string_view(own.now.cls->name)});
            continue;
        }
        if (!unused || elastic != nullptr || leaves(i) || own.recommendation.serverless) continue;
        if (terms().planned(i).rate >= 0) continue;  // it is on the plan
        const Candidate* best = nullptr;
        bool known = false;
        for (const Candidate& candidate : own.candidates) {
            if (!candidate.fits || !candidate.list || (best != nullptr && *candidate.list >= *best->list)) continue;
            const Item item = terms().item(i, *candidate.cls, static_cast<double>(candidate.list->value));
            if (!item.covered) continue;
            best = &candidate;
            known = item.rate >= 0;
        }
        if (best != nullptr && !known) all.push_back({i, best->cls->name});
    }
    return all;
}

}  // namespace poolfit::plan
