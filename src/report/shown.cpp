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

bool is_listed(const Report& report, const VcpuRow& row) { return !report.brief || row.scales; }

bool is_listed(const Report& report, const Point& point) {
    return !report.brief || (point.kind != Point::Kind::resize && point.kind != Point::Kind::merge &&
                             point.kind != Point::Kind::holds_recommended && point.kind != Point::Kind::holds_today);
}

bool says_more(const Report& report, const Reason& reason) {
    return !report.brief || reason.kind != Reason::Kind::check;
}

}  // namespace poolfit::report
