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
    // A primary that grows waits for its replicas; one that shrinks goes before them. Replicas keep their places.
    for (Index p = 0; p < fleet.databases.size(); ++p) {
        std::vector<Index> replicas;
        for (const Index i : plan.topology.replicas[p])
            if (moves(fleet, plan, i)) replicas.push_back(i);
        if (replicas.empty() || !moves(fleet, plan, p)) continue;
        const bool last = grows(plan, p);
        if (std::none_of(replicas.begin(), replicas.end(), [&](Index r) { return grows(plan, r) == last; })) continue;
        const auto by_place = [&](Index a, Index b) { return places[a] < places[b]; };
        const auto [first, end] = std::minmax_element(replicas.begin(), replicas.end(), by_place);
        places[p] = last ? Place{places[*end].first, 1} : Place{places[*first].first, -1};
    }
    std::sort(order.begin(), order.end(), [&](Index a, Index b) { return places[a] < places[b]; });
    return order;
}

}  // namespace poolfit::plan
