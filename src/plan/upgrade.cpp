// Versions that cost money, or that are no longer supported: what an upgrade saves, how it is carried out, and what the
// life cycle brings next.
#include <algorithm>
#include <limits>

#include <poolfit/plan/action.hpp>
#include <poolfit/platform/platform.hpp>

#include "phase_parts.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

std::optional<Upgrade> upgrade(const Fleet& fleet, const Market& market, Index index, const Projection& chosen) {
    const auto& life = market.offers(index).life;
    if (!life || life->stage == LifeCycle::Stage::standard) return std::nullopt;
    Upgrade result;
    result.to = life->next_version;
    if (result.to) {
        const EngineVersion newest{result.to->series, std::numeric_limits<int>::max()};  // of its releases
        const Database& database = fleet.databases[index];
        const auto supported = catalog::supports(*database.platform, *chosen.cls, newest, *database.region);
        if (supported != catalog::Supported::unknown) result.on_class = supported != catalog::Supported::no;
    }
    result.saves = chosen.support;
    if (result.to && fleet.databases[index].platform->series_by_series)
        for (const LifeCycle& cycle : market.catalog().life_cycles(*fleet.databases[index].platform))
            if (cycle.series > life->cycle.series && cycle.series < result.to->series) result.through.push_back(cycle);
    return result;
}

std::optional<Figure<Interval<MicroUsdPerMonth>>> upgrade_saves_capacity(const DatabasePlan& plan) {
    const auto& use = plan.capacity;
    const Recommendation& advice = plan.recommendation;
    if (!advice.upgrade || !use || use->instead || advice.verdict == Verdict::idle) return std::nullopt;
    return use->support;
}

std::optional<Action> upgrade_action(const Fleet& fleet, const Plan& plan, Index index) {
    const auto upgraded = [&](Index i) { return plan.databases[i].recommendation.upgrade.has_value(); };
    const Database& database = fleet.databases[index];
    if (!upgraded(index) || (database.replica_of && upgraded(*database.replica_of))) return std::nullopt;
    Action action;
    action.kind = Action::Kind::upgrade;
    action.gain = Action::Gain::supported;
    action.risk = Risk::medium;
    action.databases = {index};
    for (const Index replica : plan.topology.replicas[index])
        if (upgraded(replica)) action.databases.push_back(replica);
    const auto add = [&](Step::Kind kind, Index of) {
        action.steps.push_back(step(kind));
        action.steps.back().database = of;
    };
    add(Step::Kind::try_version, index);
    add(Step::Kind::snapshot, index);
    if (database.platform->replicas_upgrade_first)
        for (auto at = action.databases.begin() + 1; at != action.databases.end(); ++at)
            add(Step::Kind::upgrade_first, *at);
    add(Step::Kind::upgrade, index);
    add(Step::Kind::set_version, index);
    action.downtime.kind = Downtime::Kind::upgrade;
    action.watch.push_back(sign(Sign::Kind::latency));
    const Life& life = *plan.market->offers(index).life;
    if (life.stage != LifeCycle::Stage::ended && life.charged(life.stage) != 0)
        action.success.push_back(sign(Sign::Kind::no_extended_support));
    action.success.push_back(sign(Sign::Kind::nothing_refused));
    for (const Index i : action.databases)
        if (const auto saves = upgrade_saves_capacity(plan.databases[i])) {
            const Interval<MicroUsdPerMonth> before =
                action.saves_capacity.value_or(Interval<MicroUsdPerMonth>(MicroUsdPerMonth(0)));
            action.saves_capacity =
                Interval<MicroUsdPerMonth>{before.low + saves->value.low, before.high + saves->value.high};
        }
    for (const Index i : action.databases)
        if (const auto& saves = plan.databases[i].recommendation.upgrade->saves)
            action.saves_per_month = action.saves_per_month.value_or(MicroUsdPerMonth(0)) + saves->value;
    return action;
}

std::vector<SupportEvent> support_events(const Fleet& fleet, const Plan& plan, Recorder r) {
    std::vector<SupportEvent> all;
    const Date today = plan.market->today();
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const auto& life = plan.market->offers(i).life;
        const auto event = life ? life->next(today) : std::nullopt;
        if (!event || plan.databases[i].recommendation.verdict == Verdict::idle) continue;
        SupportEvent next{i, plan.databases[i].chosen.cls, today, *event, 0, {}, {}, {}};
        next.months =
            (event->on.year - today.year) * 12 + event->on.month - today.month - (event->on.day < today.day ? 1 : 0);
        if (life->by_unit && event->kind != Life::Event::Kind::ends)
            next.unit_hour = life->charged(life->cycle.stage(event->on));
        else if (event->kind != Life::Event::Kind::ends)
            next.cost = assess::extended_support(fleet, *plan.market, i, *plan.databases[i].chosen.cls,
                                                 life->cycle.stage(event->on),
                                                 {{Subject::Kind::database, i}, Name::extended_support_next}, r);
        next.then_unknown = event->kind == Life::Event::Kind::ends && life->cycle.charged_from;
        all.push_back(next);
    }
    std::ranges::stable_sort(all, {}, [](const SupportEvent& event) { return event.event.on; });
    return all;
}

}  // namespace poolfit::plan
