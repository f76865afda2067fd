// Measure first: what is missing, where it can be read, for how long, and what would change the decision.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

constexpr double window_days = 14;  // AWS Compute Optimizer's default look-back: two of each weekday

/// Where a pool's use can be read.
std::string where(const Pool& pool) {
    const DriverDefault* driver = pool.driver_default;
    if (driver == nullptr || driver->metrics.empty()) return "pg_stat_activity by application_name";
    return fmt::format("{}: {}", driver->name, driver->metrics);
}

/// Up to which use a size holds, by the rule that sizes are made with.
std::string holds(const Policy& policy, std::int64_t size) {
    const double typical = std::floor(static_cast<double>(size) / *policy.observed_buffer * 10 + 1e-9) / 10;
    return fmt::format("a typical use over {} or a peak over {}", unit::print_number(typical),
                       unit::print(Connections(size - 1)));
}

class Maker {
public:
    Maker(const Scene& scene, Strategy& strategy) : scene_(scene), fleet_(scene.fleet), strategy_(strategy) {}

    void make() {
        const std::vector<std::string> reasons(fleet_.pools.size(), "as today");
        list_pools(scene_, strategy_, scene_.plan.sizes, reasons);
        measure(scene_, strategy_, scene_.plan.now.databases);
        saves_nothing(scene_, strategy_);
        pools();
        databases();
        weigh();
    }

private:
    void pools() {
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            const Pool& pool = fleet_.pools[i];
            const bool given = is_known(scene_.plan, fleet_, i);
            if (!given) ++unknown_;
            if (!*pool.monitored) ++blind_;
            if (given && *pool.monitored) continue;
            const std::string name = label(fleet_, pool);
            const std::string at = where(pool);
            const auto same =
                std::find_if(places_.begin(), places_.end(), [&](const auto& p) { return p.first == at; });
            if (same == places_.end())
                places_.push_back({at, {name}});
            else
                same->second.push_back(name);
            const PoolSize& size = given ? scene_.plan.pools[i].size : scene_.plan.sizes[i];
            if (!size) continue;
            strategy_.decides.push_back(
                fmt::format("{}: {} needs more than {}", name, holds(fleet_.policy, size->value.value),
                            given ? fmt::format("the {} recommended", unit::print(size->value))
                                  : fmt::format("today's {}; less use makes it smaller", unit::print(size->value))));
        }
    }

    void databases() {
        for (const auto& [at, names] : places_)
            strategy_.changes.push_back(
                fmt::format("{}: log busy, idle and waiting connections each minute ({})", listed(names), at));
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const Database& database = fleet_.databases[i];
            const Observed& seen = database.observed;
            std::vector<std::string> missing;
            if (!seen.cpu_mean) missing.emplace_back("mean of CPUUtilization (observed.cpu_mean)");
            if (!seen.cpu_peak) missing.emplace_back("maximum of CPUUtilization (observed.cpu_peak)");
            if (!seen.freeable_memory) missing.emplace_back("minimum of FreeableMemory (observed.freeable_memory)");
            missing_ += missing.size() + (seen.window ? 0 : 1);
            // Worth knowing, but nothing waits for them.
            if (!seen.iops && !seen.ebs_throughput)
                missing.emplace_back(
                    "ReadIOPS, WriteIOPS and their throughput (observed.iops, observed.ebs_throughput)");
            if (!seen.window) missing.emplace_back("how long it was watched (observed.window)");
            if (!database.max_connections) missing.emplace_back("SHOW max_connections (max_connections)");
            if (!missing.empty())
                strategy_.changes.push_back(fmt::format("{}: {}", *database.name, fmt::join(missing, "; ")));
            if (!seen.cpu_mean) mean_decides(i);
        }
    }

    /// Over which mean, measured today, the recommended burstable class would live on credits.
    void mean_decides(Index i) {
        const DatabasePlan& plan = scene_.plan.databases[i];
        const auto& chosen = plan.candidates[plan.recommendation.candidate].projection;
        if (!chosen || !chosen->cls->burst || !chosen->cpu_peak || !plan.now.cpu_peak) return;
        const double now = plan.now.cpu_peak->value.high.value, then = chosen->cpu_peak->value.high.value;
        if (now <= 0 || then <= 0) return;
        const Fraction mean(chosen->cls->burst->baseline.value * now / then);
        strategy_.decides.push_back(fmt::format("{}: a mean CPU over {} today is over the {} baseline of {}",
                                                *fleet_.databases[i].name, unit::print(mean),
                                                unit::print(chosen->cls->burst->baseline), chosen->cls->name));
    }

    void weigh() {
        strategy_.applicable = unknown_ + blind_ + missing_ > 0;
        strategy_.effort = Effort::weeks;
        strategy_.effort_text = fmt::format("an hour of work, then {} of watching", unit::print(Days(window_days)));
        strategy_.risk = Risk::low;
        strategy_.risk_text = "nothing changes";
        if (!strategy_.applicable) {
            strategy_.changes.clear();
            strategy_.effort = Effort::minutes;
            strategy_.effort_text = "nothing is missing";
            strategy_.pros.emplace_back("every pool's use is given and monitored: there is nothing left to measure");
            return;
        }
        const std::size_t all = fleet_.pools.size();
        strategy_.changes.push_back(fmt::format("watch for {}: two of each weekday", unit::print(Days(window_days))));
        if (blind_ > 0)
            strategy_.pros.push_back(
                fmt::format("{} of {} pools not monitored: an estimate becomes a measurement", blind_, all));
        if (unknown_ > 0)
            strategy_.pros.push_back(fmt::format("use of {} of {} pools is not known at all", unknown_, all));
        waste();
    }

    void waste() {
        Connections low{0}, high{0};
        bool any = false;
        for (const PoolUse& use : scene_.plan.use) {
            if (!use.waste) continue;
            low += use.waste->value.low;
            high += use.waste->value.high;
            any = true;
        }
        if (any && high.value > 0)
            strategy_.cons.push_back(
                fmt::format("{} idle connections stay open meanwhile", unit::print(Interval<Connections>{low, high})));
        const auto& saves = scene_.plan.totals.saves;
        if (saves && saves->value.value > 0)
            strategy_.cons.push_back(
                fmt::format("waiting with the classes too costs {} a month", unit::print(saves->value)));
    }

    const Scene& scene_;
    const Fleet& fleet_;
    Strategy& strategy_;
    std::vector<std::pair<std::string, std::vector<std::string>>> places_;  ///< where to read, and whose use
    std::size_t unknown_ = 0, blind_ = 0, missing_ = 0;
};

}  // namespace

void make_monitor(const Scene& scene, Strategy& strategy) { Maker(scene, strategy).make(); }

}  // namespace poolfit::plan
