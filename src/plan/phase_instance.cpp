// The action that moves a database to another class: steps, what to watch, when it worked.
#include <algorithm>

#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/topology.hpp>
#include <poolfit/plan/fit.hpp>

#include "phase_parts.hpp"
#include "pooler_size.hpp"

namespace poolfit::plan {

namespace {

class InstanceActionMaker {
public:
    InstanceActionMaker(const Fleet& fleet, const Plan& plan, Index index)
        : fleet_(fleet),
          plan_(plan),
          index_(index),
          database_(fleet.databases[index]),
          mine_(plan.databases[index]),
          then_(mine_.chosen) {}

    Action make() {
        const Recommendation& r = mine_.recommendation;
        action_.kind = Action::Kind::instance;
        const bool carries = r.verdict == Verdict::upsize ||
                             (!r.ways.empty() && r.ways.front().kind == WayOut::Kind::cls) ||
                             (r.max_connections && r.summary.kind == Summary::Kind::class_fails);
        action_.gain = carries ? Action::Gain::carries : Action::Gain::saves;
        action_.databases.push_back(index_);
        action_.risk = r.risk;
        action_.saves_per_year = r.saves_per_year;
        proxies();
        steps();
        downtime();
        watch();
        success();
        return std::move(action_);
    }

private:
    Step& add(Step::Kind kind) {
        action_.steps.push_back(step(kind));
        action_.steps.back().database = index_;
        return action_.steps.back();
    }
    Sign& look(Sign::Kind kind) {
        action_.watch.push_back(sign(kind));
        action_.watch.back().database = index_;
        return action_.watch.back();
    }
    Sign& expect(Sign::Kind kind) {
        action_.success.push_back(sign(kind));
        return action_.success.back();
    }

    /// A managed pooler is charged by what is behind it: of a cluster the first that moves has all of the change.
    void proxies() {
        if (!action_.saves_per_year || plan_.committed) return;
        const Index primary = database_.platform->cluster ? database_.replica_of.value_or(index_) : index_;
        std::vector<Index> behind{primary};
        if (database_.platform->cluster)
            behind.insert(behind.end(), plan_.topology.replicas[primary].begin(),
                          plan_.topology.replicas[primary].end());
        const auto moves = [&](Index i) {
            return plan_.databases[i].recommendation.cls != nullptr &&
                   plan_.databases[i].recommendation.cls != fleet_.databases[i].type;
        };
        if (*std::ranges::find_if(behind, moves) != index_) return;
        for (Index i = 0; i < fleet_.poolers.size(); ++i) {
            const auto& bill = plan_.poolers[i].bill;
            if (std::ranges::find(behind, fleet_.poolers[i].database) == behind.end()) continue;
            if (!bill || !bill->now || !bill->after || !bill->now->value.is_point() || !bill->after->value.is_point())
                continue;
            const MicroUsdPerMonth less = bill->now->value.low - bill->after->value.low;
            if (less.value == 0) continue;
            action_.saves_per_year =
                Figure<MicroUsdPerMonth>{MicroUsdPerMonth(action_.saves_per_year->value.value + 12 * less.value), {}};
            action_.proxies.push_back(i);
        }
    }

    void steps() {
        add(Step::Kind::snapshot);
        add(mine_.budget.limits.set_by_hand           ? Step::Kind::fixed_parameter
            : database_.platform->limit.follows_class ? Step::Kind::formula_parameter
                                                      : Step::Kind::kept_parameter);
        if (then_.cls->arch != database_.type->arch) add(Step::Kind::architecture);
        if (pools_first(fleet_, plan_, index_)) add(Step::Kind::pools_before);
        if (database_.replica_of) add(Step::Kind::move_readers).database = *database_.replica_of;
        add(Step::Kind::change_class).cls = then_.cls;
        for (const Index i : plan_.topology.poolers[index_]) {
            if (!with_class(fleet_, plan_, i)) continue;
            Step& share = add(Step::Kind::smaller_pooler);
            share.pooler = i;
            share.count = plan_.poolers[i].size->value;
        }
        add(Step::Kind::ask_limit);
        add(Step::Kind::watch);
        if (database_.observed.any()) add(Step::Kind::measure_again);
    }

    void downtime() {
        Downtime& downtime = action_.downtime;
        downtime.kind = *database_.multi_az ? Downtime::Kind::failover : Downtime::Kind::restart;
        if (*database_.multi_az || !database_.replica_of) return;
        const DatabasePlan& primary = plan_.databases[*database_.replica_of];
        const auto& peak = primary.demand.failover_peak;
        if (!peak) return;
        downtime.kind = Downtime::Kind::restart_with_readers;
        downtime.primary = *database_.replica_of;
        downtime.peak = peak->value;
        downtime.usable = std::min(primary.budget.limits.usable.value, primary.chosen.limits.usable.value);
    }

    void watch() {
        const Policy& policy = fleet_.policy;
        const Connections usable = then_.limits.usable.value;
        Sign& connections = look(Sign::Kind::connections_most);
        connections.share = *policy.connections_steady_max;
        connections.usable = usable;
        connections.most =
            Connections(static_cast<std::int64_t>(connections.share.value * static_cast<double>(usable.value) + 1e-9));
        look(then_.cpu_p95 ? Sign::Kind::cpu_p95_most : Sign::Kind::cpu_peak_most).share = *policy.cpu_peak_max;
        if (then_.cls->burst) {
            Sign& mean = look(Sign::Kind::cpu_mean_most);
            mean.share = then_.mean_as_planned();
            mean.cls = then_.cls;
            look(then_.pays_surplus() ? Sign::Kind::credits_paid : Sign::Kind::credits_hold);
        }
        const Bytes room(
            static_cast<std::int64_t>(static_cast<double>(then_.cls->memory.value) * (1 - policy.memory_max->value)));
        look(Sign::Kind::memory_least).bytes = std::max(room, *policy.freeable_memory_min);
        if (then_.cls->memory < database_.type->memory) look(Sign::Kind::disk_reads);
        look(Sign::Kind::latency);
    }

    void success() {
        const Policy& policy = fleet_.policy;
        const auto& burst = then_.cls->burst;
        if (const auto& judged = then_.cpu_judged()) {
            Sign& peak = expect(then_.cpu_p95 ? Sign::Kind::cpu_p95_about : Sign::Kind::cpu_peak_about);
            peak.cpu = judged->value;
            peak.share = *policy.cpu_peak_max;
        }
        if (then_.cpu_mean) {
            Sign& mean =
                expect(burst && !then_.pays_surplus() ? Sign::Kind::cpu_mean_under : Sign::Kind::cpu_mean_about);
            mean.cpu = then_.cpu_mean->value;
            if (burst) mean.share = burst->baseline;
        } else if (burst) {
            expect(Sign::Kind::cpu_mean_unknown).share = burst->baseline;
        }
        if (then_.freeable) {
            Sign& memory = expect(Sign::Kind::memory_about);
            memory.memory = then_.freeable->value;
            memory.bytes = *policy.freeable_memory_min;
        }
        if (model::lists_connections(fleet_, plan_.topology, index_) && mine_.after.allocated &&
            mine_.demand.allocated) {
            const bool changed = pools_first(fleet_, plan_, index_);
            Sign& connections = expect(changed ? Sign::Kind::connections_then : Sign::Kind::connections_now_then);
            connections.most = mine_.after.allocated->value;
            connections.before = mine_.demand.allocated->value;
        }
        expect(Sign::Kind::nothing_refused);
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const Database& database_;
    const DatabasePlan& mine_;
    const Projection& then_;
    Action action_;
};

}  // namespace

std::optional<Connections> deploy_there(const Fleet& fleet, const Plan& plan, Index database) {
    const DatabasePlan& mine = plan.databases[database];
    if (!mine.demand.deploy_peak) return std::nullopt;
    // Processes that run keep the size that they started with; those of a deploy have the new one.
    std::vector<Change> grown;
    for (const Index i : plan.topology.pools[database]) {
        const PoolSize& now = plan.pools[i].declared;
        if (!now || !assess::counts_database_vcpus(fleet.pools[i])) continue;
        const PoolSize there = assess::size_on(fleet, i, *mine.recommendation.cls, Recorder());
        if (there && there->value > now->value) grown.push_back({{i, {}, database, {}, {}}, there->value.value});
    }
    if (grown.empty()) {
        // RDS Proxy holds a share of max_connections, of whichever class.
        std::int64_t open = mine.demand.deploy_peak->value.value;
        if (mine.chosen.limits.known)
            for (const ShareOfServer& share : mine.demand.shares) {
                auto there = static_cast<std::int64_t>(share.share.value.value *
                                                       static_cast<double>(mine.chosen.limits.max_planned.value.value));
                if (share.clients_deploy) there = std::min(there, share.clients_deploy->value.value);
                open -= std::max<std::int64_t>(share.server_deploy.value.value - there, 0);
            }
        return Connections(open);
    }
    return least_deploy(demand_with(fleet, plan, grown).at(database));
}

bool pools_first(const Fleet& fleet, const Plan& plan, Index database) {
    const auto open = deploy_there(fleet, plan, database);
    return !open || *open > plan.databases[database].chosen.limits.usable.value;
}

Action instance_action(const Fleet& fleet, const Plan& plan, Index database) {
    return InstanceActionMaker(fleet, plan, database).make();
}

}  // namespace poolfit::plan
