// In which order databases change their class: gain over risk, and a replica never below its primary in between.
#include <algorithm>
#include <utility>

#include "phase_parts.hpp"

namespace poolfit::plan {

namespace {

bool moves(const Fleet& fleet, const Plan& plan, Index database) {
    return plan.databases[database].recommendation.cls != fleet.databases[database].type;
}

double points(Risk risk) {
    switch (risk) {
        case Risk::low:
            return 1;
        case Risk::medium:
            return 2;
        case Risk::high:
            break;
    }
    return 3;
}

/// Dollars a year for each point of risk; a class that does not carry its load comes before any saving.
double worth(const Plan& plan, Index database) {
    const Recommendation& r = plan.databases[database].recommendation;
    if (r.verdict == Verdict::upsize) return 1e15;
    if (!r.ways.empty() && r.ways.front().kind == WayOut::Kind::cls) return 1e16;
    return (r.saves_per_year ? usd(r.saves_per_year->value) : 0) / points(r.risk);
}

/// Does the move leave the database more connections? Then a replica goes before its primary, else after it: a
/// replica may at no time have fewer than its primary.
bool grows(const Plan& plan, Index database) {
    const DatabasePlan& mine = plan.databases[database];
    const auto &then = mine.chosen.limits.max_nominal, &now = mine.budget.limits.max_nominal;
    return then && now && then->value > now->value;
}

}  // namespace

std::vector<Index> instance_order(const Fleet& fleet, const Plan& plan) {
    std::vector<Index> order;
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (moves(fleet, plan, i)) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return worth(plan, a) > worth(plan, b); });
    // A place: the rank, and before or after what has that rank.
    using Place = std::pair<std::size_t, int>;
    std::vector<Place> places(fleet.databases.size());
    for (std::size_t rank = 0; rank < order.size(); ++rank) places[order[rank]] = {rank, 0};
    // Replicas that have to be first go when their primary would go, not it when the last of them would; and a primary
    // that shrinks goes before the first of those that follow it.
    for (Index p = 0; p < fleet.databases.size(); ++p) {
        if (!fleet.databases[p].platform->standby_needs_limit || !moves(fleet, plan, p)) continue;
        const Place own = places[p];
        for (const Index r : plan.topology.replicas[p]) {
            if (!moves(fleet, plan, r) || grows(plan, r) != grows(plan, p)) continue;
            if (grows(plan, p))
                places[r] = std::min(places[r], Place{own.first, -1});
            else
                places[p] = std::min(places[p], Place{places[r].first, -1});
        }
    }
    std::sort(order.begin(), order.end(), [&](Index a, Index b) { return places[a] < places[b]; });
    return order;
}

}  // namespace poolfit::plan
