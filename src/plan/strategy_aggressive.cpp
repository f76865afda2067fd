// Merge a service's pools on one database, size the others by their vCPU formulas, and measure them.
#include <algorithm>
#include <map>
#include <set>
#include <span>

#include <poolfit/assess/deploys.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>

#include "pooler_size.hpp"
#include "strategy_parts.hpp"
#include "within.hpp"

namespace poolfit::plan {

namespace {

using Kind = Point::Kind;
using Term = assess::Term;

/// Pools of one service that end at one server the same way: they can be one.
struct Group {
    Index service = 0, database = 0;
    std::vector<Index> pools;
};

std::vector<Group> groups(const Fleet& fleet) {
    std::vector<Group> all;
    for (Index s = 0; s < fleet.services.size(); ++s) {
        const std::size_t first = all.size();
        for (const Index p : fleet.services[s].pools) {
            const Pool& pool = fleet.pools[p];
            if (!model::has_setting(pool)) continue;
            const auto own = all.begin() + static_cast<std::ptrdiff_t>(first);
            const auto at = std::find_if(own, all.end(), [&](const Group& group) {
                const Pool& other = fleet.pools[group.pools.front()];
                return other.database == pool.database && other.pooler == pool.pooler &&
                       *other.databases == *pool.databases;
            });
            if (at == all.end())
                all.push_back({s, model::database_of(fleet, pool), {p}});
            else
                at->pools.push_back(p);
        }
    }
    return all;
}

class AggressiveMaker {
public:
    AggressiveMaker(const Scene& scene, Strategy& strategy)
        : scene_(scene),
          fleet_(scene.fleet),
          plan_(scene.plan),
          r_(scene.r),
          strategy_(strategy),
          sizes_(recommended_sizes(scene.plan)),
          reasons_(scene.fleet.pools.size()) {}

    void make() {
        for (const Group& group : groups(fleet_)) group.pools.size() > 1 ? merge(group) : by_vcpus(group.pools.front());
        list();
        Demand after = assess::demand(fleet_, *plan_.market, sizes_, strategy_.phase, r_, pooler_sizes(plan_));
        keep_shares(plan_, after);
        measure(scene_, strategy_, [&](Index i) -> const DatabaseDemand& { return after.databases[i]; });
        strategy_.demand = std::make_shared<const std::vector<DatabaseDemand>>(std::move(after.databases));
        strategy_.sizes = std::make_shared<const std::vector<PoolSize>>(sizes_);
        strategy_.opens = std::make_shared<const Demand>(std::move(after));
        saves_nothing(scene_, strategy_);
        weigh();
    }

private:
    Key key(Name name, Index pool) const { return strategy_key(strategy_, name, {Subject::Kind::pool, pool}); }

    /// Never less than the connections that were seen busy at once.
    Figure<Connections> at_least_peak(std::span<const Index> pools, const Figure<Connections>& size,
                                      SizeReason& reason) const {
        assess::Total peaks;
        const auto seen = [&](Index p) { return fleet_.pools[p].in_use.has_value(); };
        for (const Index p : pools)
            if (seen(p)) peaks.add(peak(fleet_, p, r_));
        const bool any_seen = std::ranges::any_of(pools, seen);
        // Threads that keep a connection each do so from one pool as from several: the most that one of them needs.
        std::optional<Term> floor;
        const auto at_least = [&](const Term& term) {
            if (!floor || term.value.high > floor->value.high) floor = term;
        };
        for (const Index p : pools) {
            const Within own = within_process(fleet_, p, plan_.pools[p].declared, r_(size), r_);
            if (own.held == Held::at_least) at_least(own.size);
        }
        // One pool that the nested checkouts of several share locks up no later than each alone.
        for (const Index p : pools)
            if (const auto& load = plan_.pools[p].load; load && load->deadlock_floor && !load->never_safe)
                at_least(r_(*load->deadlock_floor));
        // Nor has it fewer than its load keeps busy: it could never serve it.
        std::vector<Term> busy;
        for (const Index p : pools)
            if (const auto& load = plan_.pools[p].load; load && fleet_.pools[p].workload->rate)
                busy.push_back(assess::floor(r_(load->offered)) + r_.literal(1));
        if (!busy.empty()) at_least(assess::sum(busy, r_.figures()));
        if (!any_seen && !floor) return size;
        Term all = any_seen ? peaks.get(r_) : *floor;
        // Of several databases each has as much of what was seen busy.
        if (any_seen && *fleet_.pools[pools.front()].databases > 1)
            all = assess::ceil(all / r_(assess::pool_databases(fleet_, pools.front(), r_)));
        if (floor && any_seen) all = assess::most(all, *floor);
        if (static_cast<double>(size.value.value) >= all.value.high) return size;
        const auto raised =
            r_.keep<Connections>(key(Name::strategy_raised, pools.front()), assess::most(r_(size), all));
        reason.raised_to = raised.value;
        return raised;
    }

    /// Is the size less than what the workloads of these pools ask for?
    void see_load(const std::vector<Index>& pools, Connections size) {
        Connections asked(0);
        for (const Index p : pools) {
            const auto& load = plan_.pools[p].load;
            if (load && load->size) asked += load->size->value;
        }
        if (size < asked) short_.push_back({pools.front(), size, asked});
    }

    /// The size of one pool for all of these: the service's merged_max, else the sum of what is advised for each.
    PoolSize merged_size(const Group& group, SizeReason& reason) const {
        const Key size = key(Name::strategy_size, group.pools.front());
        if (const PoolSize given = assess::merged_size(fleet_, group.service, group.database, r_)) {
            reason.kind = SizeReason::Kind::merged_max;
            return r_.keep<Connections>(size, r_(*given));
        }
        reason.kind = SizeReason::Kind::merged_sum;
        std::vector<Term> parts;
        for (const Index p : group.pools) {
            if (!sizes_[p]) return std::nullopt;
            parts.push_back(r_(*sizes_[p]));
        }
        return r_.keep<Connections>(size, assess::sum(parts, r_.figures()));
    }

    void merge(const Group& group) {
        const Index first = group.pools.front();
        SizeReason reason;
        const PoolSize size = merged_size(group, reason);
        if (!size) return;  // a pool without a limit: nothing to merge by
        const Figure<Connections> merged = at_least_peak(group.pools, *size, reason);
        for (const Index p : group.pools) {
            if (p == first) continue;
            merged_[first].push_back(p);
            sizes_[p] = r_.keep<Connections>(key(Name::strategy_size, p), r_.literal(0),
                                             {Note::merged_into, *fleet_.pools[first].name});
            gone_.insert(p);
        }
        see_load(group.pools, merged.value);
        sizes_[first] = merged;
        reasons_[first] = reason;
        ++merges_;
        if (!scene_.with_points) return;
        Point change = about(Kind::merge, group.pools);
        change.to = merged.value;
        change.reason = reason;
        strategy_.changes.push_back(std::move(change));
        meet(group);
    }

    /// What merging takes, from the drivers that have to meet.
    void meet(const Group& group) {
        const Index into = group.pools.front();
        for (std::size_t k = 1; k < group.pools.size(); ++k) {
            const Index other = group.pools[k];
            const DriverDefault *a = fleet_.pools[into].driver_default, *b = fleet_.pools[other].driver_default;
            if (!a || !b) {
                strategy_.cons.push_back(about(Kind::share_unknown, {into, other, a ? other : into}));
                continue;
            }
            const DriverDefault *base_a = base(*a), *base_b = base(*b);
            const Kind kind = a->id == b->id             ? Kind::share_driver
                              : base_a->id == base_b->id ? Kind::share_base
                                                         : Kind::foreign_driver;
            Point meeting = about(kind, {into, other});
            meeting.driver = a;
            meeting.other = b;
            meeting.base = kind == Kind::foreign_driver ? base_b : base_a;
            (kind == Kind::share_driver ? strategy_.pros : strategy_.cons).push_back(std::move(meeting));
            if (kind == Kind::foreign_driver) ++foreign_;
        }
    }

    /// The driver whose pool it opens.
    const DriverDefault* base(const DriverDefault& driver) const {
        const DriverDefault* below =
            driver.built_on.empty() ? nullptr : plan_.market->catalog().find_driver(driver.built_on);
        return below != nullptr ? below : &driver;
    }

    std::optional<Connections> own_ceiling(const Pool& pool) const { return model::holding(fleet_, pool, {}).ceiling; }

    void by_vcpus(Index p) {
        PoolSize size = plan_.pools[p].by_vcpus;
        const Pool& pool = fleet_.pools[p];
        if (!size) return;
        const Within own = within_process(fleet_, p, plan_.pools[p].declared, r_(*size), r_);
        if (own.held == Held::at_most) size = r_.keep<Connections>(key(Name::strategy_size, p), own.size);
        reasons_[p].kind = SizeReason::Kind::vcpu_max;
        sizes_[p] = at_least_peak(std::span(&p, 1), *size, reasons_[p]);
        scaled_.push_back(p);
        if (fleet_.databases[model::database_of(fleet_, pool)].replica_of) replicas_.push_back(p);
        see_load({p}, sizes_[p]->value);
        const Connections peak(model::observed_peak(pool));
        const bool all_it_can_hold = own.held == Held::at_most || sizes_[p]->value == own_ceiling(pool);
        if (pool.in_use && !all_it_can_hold && sizes_[p]->value.value * *pool.databases <= peak.value)
            tight_.push_back({p, peak, sizes_[p]->value});
    }

    void list() {
        std::vector<Point> merges = std::move(strategy_.changes);
        strategy_.changes.clear();
        std::vector<PoolSize> shown = sizes_;
        for (const Index p : gone_) shown[p] = std::nullopt;  // the change that merges them says it
        for (const auto& [into, others] : merged_) shown[into] = std::nullopt;
        list_pools(scene_, strategy_, shown, reasons_);
        list_poolers(scene_, strategy_);
        for (const auto& [into, others] : merged_) {
            strategy_.pools[into].merged = others;
            strategy_.pools[into].size = sizes_[into];
        }
        std::erase_if(strategy_.pools, [&](const StrategyPool& pool) { return gone_.contains(pool.pool); });
        if (!scene_.with_points) return;
        strategy_.changes.insert(strategy_.changes.begin(), merges.begin(), merges.end());
        std::vector<Index> blind;
        for (Index i = 0; i < fleet_.pools.size(); ++i)
            if (!*fleet_.pools[i].monitored) blind.push_back(i);
        if (!blind.empty()) strategy_.changes.push_back(about(Kind::measure, std::move(blind)));
    }

    void weigh() {
        strategy_.applicable = merges_ > 0 || !scaled_.empty();
        if (!scene_.with_points) return;
        if (!strategy_.applicable) {
            strategy_.cons.push_back(point(Kind::nothing_to_merge));
            strategy_.effort = Effort::hours;
            strategy_.work.kind = Work::Kind::as_conservative;
            strategy_.hazard.kind = Hazard::Kind::as_conservative;
            return;
        }
        std::vector<Point>&pros = strategy_.pros, &cons = strategy_.cons;
        if (strategy_.before && strategy_.after) pros.insert(pros.begin(), point(Kind::fewer));
        if (merges_ > 0) pros.push_back(counted(Kind::merged, merges_));
        if (!scaled_.empty()) pros.push_back(about(Kind::scaled, scaled_));
        if (!replicas_.empty()) pros.push_back(about(Kind::scaled_on_replica, replicas_));
        const auto shares = [&](Kind kind, const std::vector<PoolShare>& pools) {
            if (pools.empty()) return;
            cons.push_back(point(kind));
            cons.back().shares = pools;
        };
        shares(Kind::no_room, tight_);
        shares(Kind::too_small, short_);
        const std::size_t unmeasured = count_unknown(plan_, fleet_);
        if (unmeasured > 0) cons.push_back(counted(Kind::formulas_unchecked, unmeasured));
        strategy_.effort = merges_ > 0 ? Effort::days : Effort::hours;
        strategy_.work.kind = merges_ > 0 ? Work::Kind::code : Work::Kind::formulas;
        strategy_.work.services = changed_services(fleet_, strategy_, plan_).size();
        strategy_.hazard.kind = foreign_ > 0      ? Hazard::Kind::foreign_drivers
                                : !short_.empty() ? Hazard::Kind::too_small
                                : !tight_.empty() ? Hazard::Kind::no_room
                                : unmeasured > 0  ? Hazard::Kind::unmeasured
                                                  : Hazard::Kind::formulas_hold;
        strategy_.hazard.count = foreign_;
        strategy_.hazard.no_room_either = foreign_ > 0 && !tight_.empty();
        strategy_.risk = strategy_.hazard.kind == Hazard::Kind::formulas_hold ? Risk::low : Risk::medium;
    }

    const Scene& scene_;
    const Fleet& fleet_;
    const Plan& plan_;
    Recorder r_;
    Strategy& strategy_;
    std::vector<PoolSize> sizes_;
    std::vector<SizeReason> reasons_;
    std::map<Index, std::vector<Index>> merged_;
    std::set<Index> gone_;
    std::vector<Index> scaled_, replicas_;
    std::vector<PoolShare> tight_, short_;
    std::size_t merges_ = 0, foreign_ = 0;
};

}  // namespace

void make_aggressive(const Scene& scene, Strategy& strategy) { AggressiveMaker(scene, strategy).make(); }

}  // namespace poolfit::plan
