#include "candidates.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "layout.hpp"

namespace poolfit::render {
namespace {

std::optional<MicroUsdPerMonth> to_beat(const DatabasePlan& plan) {
    const Recommendation& advice = plan.recommendation;
    if (advice.verdict == Verdict::unknown) return std::nullopt;
    if (advice.cost) return advice.cost->value;
    if (plan.now.cost) return plan.now.cost->value;
    return std::nullopt;
}

template <class Wanted>
std::vector<const Candidate*> cheaper(const DatabasePlan& plan, Wanted wanted) {
    std::vector<const Candidate*> found;
    const auto most = to_beat(plan);
    if (!most) return found;
    for (const Candidate& candidate : plan.candidates)
        if (candidate.cls && candidate.cls != plan.recommendation.cls && candidate.cost && *candidate.cost < *most &&
            wanted(candidate))
            found.push_back(&candidate);
    return found;
}

/// 0: load alone rules it out, 1: load among others, 2: something else.
int rank(const Candidate& candidate) {
    bool load = false, other = false;
    for (const Reason& reason : candidate.reasons) {
        if (!reason.blocking) continue;
        (reason.dimension <= Dimension::network ? load : other) = true;
    }
    return load ? (other ? 1 : 0) : 2;
}

}  // namespace

std::vector<const Candidate*> ruled_out(const DatabasePlan& plan) {
    auto found = cheaper(plan, [](const Candidate& c) { return !c.fits && !c.fits_but_for_policy; });
    std::ranges::stable_sort(found, [](const Candidate* a, const Candidate* b) {
        const int x = rank(*a), y = rank(*b);
        return x != y ? x < y : *a->cost > *b->cost;
    });
    return found;
}

std::vector<const Candidate*> against_policy(const DatabasePlan& plan) {
    auto found = cheaper(plan, [](const Candidate& c) { return !c.fits && c.fits_but_for_policy; });
    std::ranges::stable_sort(found, [](const Candidate* a, const Candidate* b) { return *a->cost < *b->cost; });
    return found;
}

std::vector<const Candidate*> dearer_with_credits(const DatabasePlan& plan) {
    return cheaper(plan, [](const Candidate& c) { return c.fits && c.ranked_by && *c.ranked_by > *c.cost; });
}

std::string reasons_text(const DatabasePlan& plan, const Candidate& candidate) {
    std::vector<std::string> texts;
    for (const Reason& reason : candidate.reasons)
        if (reason.blocking) texts.push_back(reason.text);
    std::string text = joined(texts);
    if (candidate.fits && candidate.ranked_by)
        return joined(
            {text, fmt::format("fits, but costs {}/mo with surplus credits", unit::print(*candidate.ranked_by))});
    const auto most = to_beat(plan);
    if (!candidate.fits_but_for_policy || !candidate.cost || !most) return text;
    return joined({fmt::format("saves {}/mo more", unit::print(*most - *candidate.cost)), text}, ", ");
}

}  // namespace poolfit::render
