// What a report shows, and what its complete lists have.
#include <algorithm>

#include <poolfit/report/report.hpp>

namespace poolfit::report {

const DatabaseView& view_of(const Report& report, Index database) {
    const auto at = std::lower_bound(report.shown.begin(), report.shown.end(), database);
    return report.views.at(static_cast<std::size_t>(at - report.shown.begin()));
}

const WorldsView* worlds_of(const Report& report, Index database) {
    if (report.worlds.empty() || report.fleet->databases[database].type->unknown) return nullptr;
    const auto at = std::lower_bound(report.shown.begin(), report.shown.end(), database);
    return &report.worlds.at(static_cast<std::size_t>(at - report.shown.begin()));
}

WorldsView view(const Plan& plan, Worlds&& worlds) {
    WorldsView view{std::move(worlds), {}, 0};
    const DatabasePlan& mine = plan.databases[view.worlds.database];
    const auto least = [&](const Worlds::Choice& choice, const InstanceClass* cls) {
        return std::ranges::find(choice.by_trouble, cls, &Worlds::Stretch::cls) != choice.by_trouble.end();
    };
    for (std::size_t k = 0; k < view.worlds.classes.size(); ++k) {
        const InstanceClass* cls = view.worlds.classes[k].cls;
        const bool counts = cls == mine.now.cls || cls == mine.recommendation.cls || least(view.worlds.today, cls) ||
                            (view.worlds.grown && least(*view.worlds.grown, cls));
        if (counts)
            view.shown.push_back(k);
        else
            ++view.left_out;
    }
    return view;
}

bool is_shown(const Report& report, Index database) {
    return std::binary_search(report.shown.begin(), report.shown.end(), database);
}

bool is_listed(const Report& report, const Runway& line) { return !report.brief || line.months.has_value(); }

bool is_listed(const Report& report, const StrategyPool& pool) {
    if (!report.brief || !pool.merged.empty()) return true;
    const PoolSize& today = report.plan.pools[pool.pool].declared;
    return pool.size.has_value() != today.has_value() || (today && today->value != pool.size->value);
}

bool is_listed(const Report& report, const StrategyDatabase& server) {
    if (!report.brief) return true;
    const auto other = [](const std::optional<Figure<Connections>>& a, const std::optional<Figure<Connections>>& b) {
        return a.has_value() != b.has_value() || (a && a->value != b->value);
    };
    return other(server.after, server.before) ||
           other(server.deploy_after, report.plan.databases[server.database].demand.deploy_peak);
}

bool is_listed(const Report& report, const VcpuRow& row) { return !report.brief || row.scales; }

bool is_listed(const Report& report, const Point& point) {
    if (!report.brief) return true;
    switch (point.kind) {
        case Point::Kind::resize:
        case Point::Kind::merge:
        case Point::Kind::holds_recommended:
        case Point::Kind::holds_today:
        case Point::Kind::keeps_pools:
        case Point::Kind::share_driver:
        case Point::Kind::share_base:
        case Point::Kind::server_connections:
            return false;
        default:
            return true;
    }
}

bool says_more(const Report& report, const Reason& reason) {
    return !report.brief || reason.kind != Reason::Kind::check;
}

}  // namespace poolfit::report
