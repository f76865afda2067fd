// Which of the classes that were not taken are worth a line, and in which order.
#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <poolfit/report/report.hpp>

#include "view.hpp"

namespace poolfit::report {

namespace {

constexpr std::size_t nearest_listed = 2;  // of a database in a report of many

/// What a class has to cost less than to be of interest; nothing where none is.
std::optional<MicroUsdPerMonth> to_beat(const DatabasePlan& plan) {
    const Recommendation& advice = plan.recommendation;
    if (advice.leaves_class_open()) return std::nullopt;
    if (advice.verdict == Verdict::over && !advice.missing.empty()) return std::nullopt;
    if (advice.cost) return advice.cost->value;
    if (plan.now.cost) return plan.now.cost->value;
    return std::nullopt;
}

/// Is there no class to go to? Then the nearest misses are of interest at any price.
bool none_passes(const DatabasePlan& plan) { return plan.recommendation.summary.no_class != Summary::NoClass::found; }

/// How far a class is from being taken.
struct Miss {
    int rank = 0;       ///< 0: load alone rules it out, 1: load among others, 2: something else
    double excess = 0;  ///< the worst of its values ÷ limit; infinite where one cannot be judged
};

/// Value ÷ limit, the pessimistic end.
double excess(const Check& check) {
    if (check.share > 0) return check.share;
    if (check.value && check.limit && *check.limit > 0) return check.value->high / *check.limit;
    return std::numeric_limits<double>::infinity();
}

Miss miss(const Candidate& candidate) {
    Miss result;
    bool load = false, other = false;
    for (const Reason& reason : candidate.reasons) {
        if (!reason.blocking) continue;
        if (reason.kind == Reason::Kind::check || reason.kind == Reason::Kind::cpu_demand ||
            reason.kind == Reason::Kind::failover) {
            load = true;
            result.excess = std::max(result.excess, excess(reason.check));
        } else {
            other = true;
        }
    }
    result.rank = load ? (other ? 1 : 0) : 2;
    return result;
}

}  // namespace

void choose_rejections(const DatabasePlan& plan, DatabaseView& view) {
    const auto most = to_beat(plan);
    const bool any_price = none_passes(plan);
    if (!most && !any_price) return;
    const auto& all = plan.candidates;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Candidate& candidate = all[i];
        if (candidate.cls == plan.recommendation.cls || !candidate.paid) continue;
        if (!any_price && *candidate.paid >= *most) continue;
        if (candidate.fits_but_for_policy && candidate.cost && (any_price || *candidate.cost < *most))
            view.against_policy.push_back(i);
        else if (!candidate.fits)
            view.ruled_out.push_back(i);
        else if (candidate.ranked_by && *candidate.ranked_by > *candidate.paid)
            view.dearer_with_credits.push_back(i);
    }
    const auto by_cost = [&](std::size_t a, std::size_t b) { return *all[a].paid < *all[b].paid; };
    std::stable_sort(view.against_policy.begin(), view.against_policy.end(), by_cost);
    std::vector<Miss> misses;
    for (const Candidate& candidate : all) misses.push_back(miss(candidate));
    std::stable_sort(view.ruled_out.begin(), view.ruled_out.end(), [&](std::size_t a, std::size_t b) {
        if (misses[a].rank != misses[b].rank) return misses[a].rank < misses[b].rank;
        if (misses[a].excess != misses[b].excess) return misses[a].excess < misses[b].excess;
        // Of equals the one nearest to the recommended class; where no class passes, the cheapest.
        return any_price ? by_cost(a, b) : by_cost(b, a);
    });
    if (any_price) return;
    for (const auto* some : {&view.ruled_out, &view.against_policy, &view.dearer_with_credits})
        view.cheaper.insert(view.cheaper.end(), some->begin(), some->end());
    std::stable_sort(view.cheaper.begin(), view.cheaper.end(),
                     [&](std::size_t a, std::size_t b) { return by_cost(b, a); });
}

void list_candidates(const DatabasePlan& plan, bool in_full, DatabaseView& view) {
    const auto& all = plan.candidates;
    const auto end = view.ruled_out.begin() + static_cast<long>(std::min(view.ruled_out.size(), nearest_listed));
    for (std::size_t i = 0; i < all.size(); ++i)
        if (in_full || all[i].cls == plan.now.cls || all[i].cls == plan.chosen.cls ||
            std::find(view.ruled_out.begin(), end, i) != end)
            view.listed.push_back(i);
}

std::vector<Unpriced> unpriced(const Report& report) {
    std::map<std::pair<std::size_t, std::string_view>, std::set<const InstanceClass*>> found;
    std::set<const Offers*> seen;
    for (const Index i : report.shown) {
        const Database& database = report.fleet->databases[i];
        const Offers& offers = report.plan.market->offers(i);
        if (!database.platform->has_classes || !seen.insert(&offers).second) continue;
        auto& classes = found[{platform::index_of(*database.platform), *database.region}];
        for (const Offer& offer : offers.all)
            if (offer.state == Offer::State::no_price &&
                !report.plan.market->catalog().left_out_of_answer(*database.platform, *offer.cls, *database.region))
                classes.insert(offer.cls);
    }
    std::vector<Unpriced> all;
    for (const auto& [key, classes] : found)
        if (!classes.empty()) all.push_back({platform::all()[key.first], key.second, classes.size()});
    std::ranges::stable_sort(all, std::ranges::greater(), &Unpriced::classes);
    return all;
}

namespace {

/// Classes by names that no new server takes, but for one that a database is on.
NotOffered::Group legacy(const Fleet& fleet, const Plan& plan, const Offers& offers) {
    NotOffered::Group group{Offer::State::legacy, {}};
    const Database& database = fleet.databases[offers.database];
    if (!platform::is_of_class(database)) return group;
    for (const InstanceClass* cls : plan.market->catalog().classes(*database.platform))
        if (cls->legacy && cls != database.type) group.classes.push_back(cls);
    std::ranges::sort(group.classes, std::ranges::less(), &InstanceClass::name);
    return group;
}

}  // namespace

std::vector<NotOffered> not_offered(const Fleet& fleet, const Plan& plan) {
    std::vector<NotOffered> all;
    for (const Offers* offers : plan.market->known()) {
        NotOffered kind{offers->database, {}};
        for (const Offer::State state :
             {Offer::State::cluster_only, Offer::State::not_supported, Offer::State::not_orderable,
              Offer::State::no_standby, Offer::State::not_documented, Offer::State::no_limit, Offer::State::no_price,
              Offer::State::no_reserved_price}) {
            NotOffered::Group group{state, {}};
            for (const Offer& offer : offers->all)
                if (offer.state == state) group.classes.push_back(offer.cls);
            if (!group.classes.empty()) kind.groups.push_back(std::move(group));
        }
        if (NotOffered::Group group = legacy(fleet, plan, *offers); !group.classes.empty())
            kind.groups.push_back(std::move(group));
        if (!kind.groups.empty()) all.push_back(std::move(kind));
    }
    return all;
}

std::optional<MicroUsdPerMonth> saves_more(const DatabasePlan& plan, const Candidate& candidate) {
    const auto most = to_beat(plan);
    if (!candidate.fits_but_for_policy || !candidate.cost || !candidate.ranked_by || !most) return std::nullopt;
    // At what is known to be paid, and if the peak lasted.
    const MicroUsdPerMonth at_peak = plan.recommendation.ranked_by.value_or(*most) - *candidate.ranked_by;
    const MicroUsdPerMonth saves = std::min(*most - *candidate.cost, at_peak);
    return saves.value > 0 ? std::optional(saves) : std::nullopt;
}

}  // namespace poolfit::report
