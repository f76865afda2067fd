#include <poolfit/report/overview.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include <poolfit/model/topology.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::report {
namespace {

int urgency(Verdict verdict) {
    switch (verdict) {
        case Verdict::over:
            return 0;
        case Verdict::upsize:
            return 1;
        case Verdict::resize:
        case Verdict::repool:
        case Verdict::upgrade:
        case Verdict::idle:
        case Verdict::serverless:
        case Verdict::stop:
            return 2;
        case Verdict::unknown:
            return 3;
        case Verdict::keep:
            break;
    }
    return 4;
}

/// Today's connections; without end where a pool has no limit, or nothing is usable.
double share_of_usable(const Report& report, Index database) {
    const DatabasePlan& plan = report.plan.databases[database];
    const Connections usable = plan.budget.limits.usable.value;
    if (!plan.demand.allocated || usable.value <= 0) return std::numeric_limits<double>::infinity();
    const Connections open = connections_today(report, database).value_or(Connections(0));
    return static_cast<double>(open.value) / static_cast<double>(usable.value);
}

/// Smaller comes first.
double rank(const Report& report, Index database, Order order) {
    const DatabasePlan& plan = report.plan.databases[database];
    const Recommendation& advice = plan.recommendation;
    switch (order) {
        case Order::action:
        case Order::saving:
            if (!plan.now.cost || !advice.cost) return std::numeric_limits<double>::infinity();
            return advice.saves ? -static_cast<double>(advice.saves->value.value) : 0;
        case Order::risk:
            return -static_cast<double>(advice.risk);
        case Order::connections:
            return -share_of_usable(report, database);
        case Order::name:
            break;
    }
    return 0;
}

}  // namespace

std::optional<Connections> connections_today(const Report& report, Index database) {
    const DatabasePlan& plan = report.plan.databases[database];
    const auto &open = plan.demand.allocated, &beside = plan.budget.unexplained;
    if (!open || (!beside && !model::lists_connections(*report.fleet, report.plan.topology, database)))
        return std::nullopt;
    return open->value + (beside ? beside->value : Connections(0));
}

Overview overview(const Report& report, Order order, std::optional<std::size_t> top) {
    Overview result;
    struct Row {
        int urgency;
        double rank;
        Index database;
    };
    std::vector<Row> rows;
    rows.reserve(report.shown.size());
    for (const Index i : report.shown) {
        const DatabasePlan& plan = report.plan.databases[i];
        const Recommendation& advice = plan.recommendation;
        rows.push_back({order == Order::action ? urgency(advice.verdict) : 0, rank(report, i, order), i});
        auto of = std::ranges::find(result.verdicts, advice.verdict, &Overview::OfVerdict::verdict);
        if (of == result.verdicts.end()) of = result.verdicts.insert(of, Overview::OfVerdict{advice.verdict});
        ++of->databases;
        if (std::ranges::any_of(advice.risk_reasons,
                                [](const RiskReason& reason) { return reason.kind == RiskReason::Kind::one_maximum; }))
            result.by_maximum.push_back(i);
        // Of serverless capacity with a price that is a range.
        if (plan.capacity && !plan.capacity->instead && plan.capacity->cost) ++of->own;
        if (!plan.now.cost || !advice.cost) continue;
        ++of->priced;
        of->now += plan.now.cost->value;
        of->after += advice.cost->value;
    }
    std::ranges::stable_sort(result.verdicts, {}, [](const auto& each) {
        return std::pair(urgency(each.verdict), static_cast<int>(each.verdict));
    });
    if (order == Order::name)
        std::ranges::stable_sort(rows, {}, [&](const Row& row) -> const std::string& {
            return *report.fleet->databases[row.database].name;
        });
    else
        std::ranges::stable_sort(rows, {}, [](const Row& row) { return std::pair(row.urgency, row.rank); });
    if (top && *top < rows.size()) {
        result.left_out = rows.size() - *top;
        rows.resize(*top);
    }
    for (const Row& row : rows) result.databases.push_back(row.database);
    return result;
}

}  // namespace poolfit::report
