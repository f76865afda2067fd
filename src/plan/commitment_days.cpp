// Days on which the price of what runs changes, as long as commitments last: one of them ends, or Extended Support of a
// version gets another price. And which rates of savings plans are to be asked for.
#include <algorithm>
#include <tuple>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/platform/platform.hpp>

#include "judge.hpp"
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

/// Of classes without a price that savings plans cover, the smallest that is no smaller than the plan's and fits; null
/// where there is none.
const InstanceClass* Settling::unpriced(Index i) const {
    constexpr std::size_t most_judged = 8;  // hardly ever does the first not fit
    const Offers& offers = plan_.market->offers(i);
    const InstanceClass& least = *plan_.databases[i].chosen.cls;
    std::vector<const InstanceClass*> all;
    for (std::size_t k = offers.offered; k < offers.all.size(); ++k) {
        const InstanceClass& cls = *offers.all[k].cls;
        if (offers.all[k].state == Offer::State::no_price && cls.vcpus >= least.vcpus && cls.memory >= least.memory &&
            platform::plan_covers(*fleet_.databases[i].platform, cls))
            all.push_back(&cls);
    }
    const auto smaller = [](const InstanceClass* a, const InstanceClass* b) {
        return std::tuple(a->memory.value, a->vcpus, -a->generation, a->name) <
               std::tuple(b->memory.value, b->vcpus, -b->generation, b->name);
    };
    const auto judged = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), most_judged));
    std::partial_sort(all.begin(), judged, all.end(), smaller);
    const ClassQuestion asked = question(fleet_, plan_, i, Depth::decide);
    const auto found = std::find_if(
        all.begin(), judged, [&](const InstanceClass* cls) { return fits(asked, plan_.market->offer(i, *cls)); });
    return found == judged ? nullptr : *found;
}

/// Rates that a savings plan's use, or a cheaper class, depends on.
std::vector<CommitmentUse::Ask> Settling::asks(const Committed& committed, const CommitmentUse& use) const {
    std::vector<CommitmentUse::Ask> all;
    constexpr double least_share = 0.005;  // of a savings plan; less is rounding
    const bool unused = !use.unknown_now && !use.unknown_after && use.used_after < 1 - 1e-9;
    for (const Index i : counted_) {
        const DatabasePlan& own = plan_.databases[i];
        const Database& database = fleet_.databases[i];
        const bool moves = own.recommendation.serverless.has_value();
        const Elastic* elastic = moves ? platform::elastic_of(*database.platform)->elastic : database.platform->elastic;
        if (committed.now[i].rate_unknown) {
            all.push_back({i, database.platform->elastic != nullptr ? database.platform->elastic->class_name
                                                                    : std::string_view(own.now.cls->name)});
            continue;
        }
        if (committed.after[i].rate_unknown) {
            all.push_back({i, elastic != nullptr ? elastic->class_name : std::string_view(own.chosen.cls->name)});
            continue;
        }
        // What holds a change back is its class at list price, which its rate cannot exceed.
        const Summary& why = own.recommendation.summary;
        if (why.kept == Summary::Kept::committed && why.cls != nullptr && terms().item(i, *why.cls, 0).rate_unknown()) {
            all.push_back({i, why.cls->name});
            continue;
        }
        if (!unused || elastic != nullptr || leaves(i)) continue;
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
        if (best != nullptr) {
            if (!known) all.push_back({i, best->cls->name});
        } else if (const InstanceClass* cls = use.used_after_most < least_share ? unpriced(i) : nullptr) {
            all.push_back({i, cls->name, terms().item(i, *cls, 0).rate < 0, true});
        }
    }
    return all;
}

}  // namespace poolfit::plan
