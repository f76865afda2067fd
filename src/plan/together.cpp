#include "together.hpp"

#include <algorithm>

#include "judge.hpp"

namespace poolfit::plan {

bool held_up(const DatabasePlan& plan) {
    const auto& chosen = plan.recommendation.ranked_by;
    return std::any_of(plan.candidates.begin(), plan.candidates.end(), [&](const Candidate& candidate) {
        return by_primary_alone(candidate) && candidate.ranked_by && (!chosen || *candidate.ranked_by < *chosen);
    });
}

std::pair<int, std::int64_t> whole(const Plan& plan, Index primary) {
    std::pair<int, std::int64_t> sum{0, 0};
    const auto add = [&](Index i) {
        const Recommendation& r = plan.databases[i].recommendation;
        const auto& all = plan.databases[i].candidates;
        const auto chosen = std::ranges::find(all, r.cls, &Candidate::cls);
        if (r.leaves_class_open() || chosen == all.end() || !chosen->fits) ++sum.first;
        if (r.ranked_by) sum.second += r.ranked_by->value;
    };
    add(primary);
    for (const Index i : plan.topology.replicas[primary]) add(i);
    return sum;
}

PoolerSizes::PoolerSizes(const Plan& plan, const std::vector<Index>& databases) {
    for (const Index i : databases)
        for (const Index p : plan.topology.poolers[i]) {
            const PoolerPlan& pooler = plan.poolers[p];
            all_.push_back({p, pooler.size, pooler.right_sized, pooler.basis});
        }
}

void PoolerSizes::put_back(Plan& plan) const {
    for (const One& one : all_) {
        PoolerPlan& pooler = plan.poolers[one.pooler];
        pooler.size = one.size;
        pooler.right_sized = one.right_sized;
        pooler.basis = one.basis;
    }
}

}  // namespace poolfit::plan
