// Merge a service's pools on one database, size the others by their vCPU formulas, and measure them.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

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
            const auto alike =
                std::find_if(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), [&](const Group& g) {
                    const Pool& other = fleet.pools[g.pools.front()];
                    return other.database == pool.database && other.pooler == pool.pooler;
                });
            if (alike == all.end())
                all.push_back({s, model::database_of(fleet, pool), {p}});
            else
                alike->pools.push_back(p);
        }
    }
    return all;
}

std::int64_t peak_of(const Pool& pool) {
    return pool.in_use ? static_cast<std::int64_t>(std::ceil((*pool.in_use)->high - 1e-9)) : 0;
}

class Maker {
public:
    Maker(const Scene& scene, Strategy& strategy)
        : scene_(scene),
          fleet_(scene.fleet),
          plan_(scene.plan),
          strategy_(strategy),
          sizes_(recommended_sizes(scene.plan)) {
        for (const PoolAdvice& advice : plan_.pools) reasons_.push_back(advice.reason);
    }

    void make() {
        for (const Group& group : groups(fleet_)) group.pools.size() > 1 ? merge(group) : by_vcpus(group.pools.front());
        monitor();
        const Demand after =
            assess::demand(fleet_, scene_.catalog, sizes_, fmt::format("strategy.{}", strategy_.name), plan_.ledger);
        measure(scene_, strategy_, after.databases);
        saves_nothing(scene_, strategy_);
        weigh();
    }

private:
    std::string name(const Pool& pool, std::string_view figure) const {
        return figure_name(
            strategy_, fmt::format("service.{}.pool.{}.{}", *fleet_.services[pool.service].name, *pool.name, figure));
    }

    /// Never less than the connections that were seen busy at once.
    Figure<Connections> at_least(const Pool& pool, const Figure<Connections>& size, std::int64_t peak,
                                 std::vector<FigureId> inputs, std::string& reason) {
        if (size.value.value >= peak) return size;
        const Connections raised(peak);
        reason += fmt::format(", raised to the peak of {} seen", peak);
        inputs.push_back(size.id);
        return {raised, plan_.ledger.derive(name(pool, "raised"), assess::measured(raised), "max(size, peak in use)",
                                            std::move(inputs))};
    }

    std::vector<FigureId> uses(const std::vector<Index>& pools) const {
        std::vector<FigureId> ids;
        for (const Index p : pools)
            if (plan_.use[p].in_use) ids.push_back(plan_.use[p].in_use->id);
        return ids;
    }

    /// Is the size less than what the workloads of these pools ask for?
    void see_load(const std::vector<Index>& pools, Connections size) {
        Connections asked(0);
        for (const Index p : pools)
            if (plan_.loads[p] && plan_.loads[p]->size) asked += plan_.loads[p]->size->value;
        if (size >= asked) return;
        short_.push_back(fmt::format("{} ({} of {})", label(fleet_, fleet_.pools[pools.front()]), unit::print(size),
                                     unit::print(asked)));
    }

    void merge(const Group& group) {
        const Service& service = fleet_.services[group.service];
        const Index first = group.pools.front();
        const Pool& into = fleet_.pools[first];
        Ledger& ledger = plan_.ledger;
        Connections total{0};
        std::int64_t peak = 0;
        std::vector<FigureId> parts;
        bool known = true;
        for (const Index p : group.pools) {
            peak += peak_of(fleet_.pools[p]);
            known = known && sizes_[p].has_value();
            if (!sizes_[p]) continue;
            total += sizes_[p]->value;
            parts.push_back(sizes_[p]->id);
        }
        std::string reason;
        PoolSize size;
        if (service.merged_max) {
            const auto value =
                model::evaluate(*service.merged_max, model::size_variables(fleet_, service, group.database));
            if (const auto* connections = std::get_if<Connections>(&value)) {
                const FigureId formula =
                    ledger.input(fmt::format("service.{}.merged_max", *service.name), assess::measured(*connections),
                                 service.merged_max->place, "the formula: " + service.merged_max->formula.text());
                size = {*connections,
                        ledger.derive(name(into, "size"), assess::measured(*connections), "merged_max", {formula})};
                reason = fmt::format("merged_max {}", service.merged_max->formula.text());
            }
        }
        if (!size && known) {
            size = {total, ledger.derive(name(into, "size"), assess::measured(total),
                                         "Σ recommended of the pools merged", parts)};
            reason = "the sum of the recommended sizes: the service has no merged_max";
        }
        if (!size) return;  // a pool without a limit: nothing to merge by
        size = at_least(into, *size, peak, uses(group.pools), reason);
        std::vector<std::string> others;
        for (const Index p : group.pools) {
            if (p == first) continue;
            others.push_back(*fleet_.pools[p].name);
            merged_[first].push_back(p);
            sizes_[p] = {Connections(0), ledger.derive(name(fleet_.pools[p], "size"), assess::measured(Connections(0)),
                                                       fmt::format("0: merged into {}", *into.name), {size->id})};
            gone_.insert(p);
        }
        see_load(group.pools, size->value);
        sizes_[first] = size;
        reasons_[first] = reason;
        ++merges_;
        std::vector<std::string> all{*into.name};
        all.insert(all.end(), others.begin(), others.end());
        strategy_.changes.push_back(fmt::format("{}: one pool of {} per process instead of {} ({})", *service.name,
                                                unit::print(size->value), listed(all), reason));
        merge_cons(service, group);
    }

    /// What merging takes, from the drivers that have to meet.
    void merge_cons(const Service& service, const Group& group) {
        const Pool& into = fleet_.pools[group.pools.front()];
        for (std::size_t k = 1; k < group.pools.size(); ++k) {
            const Pool& other = fleet_.pools[group.pools[k]];
            const DriverDefault *a = into.driver_default, *b = other.driver_default;
            if (!a || !b) {
                strategy_.cons.push_back(
                    fmt::format("{}: whether {} and {} can share a pool is not known: {} driver is not in the catalog",
                                *service.name, *into.name, *other.name, a ? *other.name + "'s" : *into.name + "'s"));
                continue;
            }
            if (a->id == b->id) {
                strategy_.pros.push_back(fmt::format("{}: {} and {} both use {}: one pool object is enough",
                                                     *service.name, *into.name, *other.name, a->name));
                continue;
            }
            const auto base = [](const DriverDefault& d) { return d.built_on.empty() ? d.id : d.built_on; };
            const std::string_view base_a = base(*a), base_b = base(*b);
            const auto pool_name = [&](std::string_view id) {
                const DriverDefault* row = scene_.catalog.find_driver(id);
                return row != nullptr ? row->name : id;
            };
            if (base_a == base_b) {
                strategy_.cons.push_back(
                    fmt::format("{}: {} and {} both end at {}: one has to be given the other's pool", *service.name,
                                a->name, b->name, pool_name(base_a)));
                continue;
            }
            std::string text = fmt::format("{}: {} has to run on {} instead of {}", *service.name, b->name, a->name,
                                           pool_name(base_b));
            if (!b->merge.empty()) text += fmt::format("; it {}", b->merge);
            strategy_.cons.push_back(std::move(text));
            ++foreign_;
        }
    }

    void by_vcpus(Index p) {
        const PoolSize& size = plan_.sizes_by_vcpus[p];
        if (!size) return;
        const Pool& pool = fleet_.pools[p];
        std::string reason = fmt::format("vcpu_max {}", pool.vcpu_max->formula.text());
        sizes_[p] = at_least(pool, *size, peak_of(pool), uses({p}), reason);
        reasons_[p] = reason;
        scaled_.push_back(label(fleet_, pool));
        if (fleet_.databases[model::database_of(fleet_, pool)].replica_of) replicas_.push_back(label(fleet_, pool));
        see_load({p}, sizes_[p]->value);
        if (pool.in_use && sizes_[p]->value.value <= peak_of(pool))
            tight_.push_back(fmt::format("{} ({} of {})", label(fleet_, pool), peak_of(pool), sizes_[p]->value.value));
    }

    void monitor() {
        std::vector<std::string> changes = std::move(strategy_.changes);
        strategy_.changes.clear();
        std::vector<PoolSize> shown = sizes_;
        for (const Index p : gone_) shown[p] = std::nullopt;  // said with the pool that takes them in
        for (const auto& [into, others] : merged_) shown[into] = plan_.sizes[into];
        list_pools(scene_, strategy_, shown, reasons_);
        for (const auto& [into, others] : merged_) {
            strategy_.pools[into].merged = others;
            strategy_.pools[into].size = sizes_[into];
        }
        std::erase_if(strategy_.pools, [&](const StrategyPool& pool) { return gone_.contains(pool.pool); });
        strategy_.changes.insert(strategy_.changes.begin(), changes.begin(), changes.end());
        std::vector<std::string> blind;
        for (const Pool& pool : fleet_.pools)
            if (!*pool.monitored) blind.push_back(label(fleet_, pool));
        if (!blind.empty())
            strategy_.changes.push_back(fmt::format("measure busy, idle and waiting of {}", listed(blind)));
    }

    void weigh() {
        strategy_.applicable = merges_ > 0 || !scaled_.empty();
        const std::size_t services = changed_services(fleet_, strategy_, plan_);
        if (!strategy_.applicable) {
            strategy_.cons.emplace_back(
                "no service has two pools on one database and no pool has a vcpu_max: the same as conservative");
            strategy_.effort = Effort::hours;
            strategy_.effort_text = "as conservative";
            strategy_.risk_text = "as conservative";
            return;
        }
        if (strategy_.before && strategy_.after)
            strategy_.pros.insert(strategy_.pros.begin(),
                                  fmt::format("{} → {} connections in all ({})", unit::print(strategy_.before->value),
                                              unit::print(strategy_.after->value), per_server(fleet_, strategy_)));
        if (merges_ > 0)
            strategy_.pros.push_back(fmt::format("{}: what shares one borrows the other's idle connections",
                                                 counted(merges_, "merged pool")));
        if (!scaled_.empty())
            strategy_.pros.push_back(fmt::format("by formula with the host's vCPUs: {}", listed(scaled_)));
        if (!replicas_.empty())
            strategy_.pros.push_back(fmt::format(
                "replica rule: the vCPU formula of each pool, not a copy of the primary's: {}", listed(replicas_)));
        if (!tight_.empty())
            strategy_.cons.push_back(fmt::format("no connection above the peak that was seen: {}", listed(tight_)));
        const std::size_t unmeasured = count_unknown(plan_, fleet_);
        if (!short_.empty()) strategy_.cons.push_back(fmt::format("too small for its workload: {}", listed(short_)));
        if (unmeasured > 0)
            strategy_.cons.push_back(fmt::format("use of {} is not known: nothing to check the formulas against",
                                                 counted(unmeasured, "pool")));
        strategy_.effort = merges_ > 0 ? Effort::days : Effort::hours;
        strategy_.effort_text =
            merges_ > 0 ? fmt::format("code of {} changes, tests, a deploy each", counted(services, "service"))
                        : fmt::format("formulas in {}, a deploy each", counted(services, "service"));
        if (foreign_ > 0) {
            strategy_.risk = Risk::medium;
            strategy_.risk_text = fmt::format("{} on another driver than its own",
                                              foreign_ == 1 ? std::string("a library has to run")
                                                            : fmt::format("{} libraries have to run", foreign_));
        } else if (!tight_.empty() || !short_.empty() || unmeasured > 0) {
            strategy_.risk = Risk::medium;
            strategy_.risk_text = !short_.empty()   ? "pools that are too small for their workload"
                                  : !tight_.empty() ? "pools without room above their peak"
                                                    : "formulas over unmeasured use";
        } else {
            strategy_.risk_text = "formulas that stay above the peaks that were seen";
        }
        if (foreign_ > 0 && !tight_.empty()) strategy_.risk_text += "; pools without room above their peak";
    }

    const Scene& scene_;
    const Fleet& fleet_;
    Plan& plan_;
    Strategy& strategy_;
    std::vector<PoolSize> sizes_;
    std::vector<std::string> reasons_;
    std::map<Index, std::vector<Index>> merged_;
    std::set<Index> gone_;
    std::vector<std::string> scaled_, replicas_, tight_, short_;
    std::size_t merges_ = 0, foreign_ = 0;
};

}  // namespace

void make_aggressive(const Scene& scene, Strategy& strategy) { Maker(scene, strategy).make(); }

}  // namespace poolfit::plan
