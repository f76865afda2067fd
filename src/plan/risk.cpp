#include <algorithm>

#include <poolfit/assess/pinned.hpp>

#include "phase_parts.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

namespace {

constexpr double very_tight = 0.95;
constexpr double little_left = 0.25, much_left = 0.75;  // of the memory for data: less is a serious risk, or a risk

class Weigher {
public:
    Weigher(const Fleet& fleet, Index index, Plan& plan)
        : fleet_(fleet),
          index_(index),
          database_(fleet.databases[index]),
          whole_(plan),
          plan_(plan.databases[index]),
          r_(plan_.recommendation) {}

    void weigh() {
        tightness();
        bursts();
        cpu();
        switch (r_.verdict) {
            case Verdict::resize:
            case Verdict::upsize:
                window();
                change_of_class();
                break;
            case Verdict::repool:
                window();
                break;
            case Verdict::over:
                if (r_.ways.empty()) add(RiskReason::Kind::verdict);
                window();
                if (r_.cls != database_.type) change_of_class();
                break;
            case Verdict::unknown:
                add(RiskReason::Kind::verdict);
                break;
            case Verdict::upgrade:
                add(RiskReason::Kind::new_version);
                break;
            case Verdict::idle:
                unused();
                return;
            case Verdict::serverless:
                add(RiskReason::Kind::follows_load);
                window();
                break;
            case Verdict::keep:
            case Verdict::stop:
                break;
        }
        unmeasured();
        losses();
    }

private:
    RiskReason& add(RiskReason::Kind kind, Risk level = Risk::medium) {
        r_.risk = std::max(r_.risk, level);
        RiskReason reason;
        reason.kind = kind;
        reason.level = level;
        r_.risk_reasons.push_back(reason);
        return r_.risk_reasons.back();
    }

    const Check* judged() const { return tightest_judged(plan_.chosen, plan_.chosen.cls != plan_.now.cls); }

    void tightness() {
        const Check* const tightest = judged();
        if (tightest == nullptr) return;
        const Check& check = *tightest;
        // What is known by the number of vCPUs only is a risk of its own.
        if (check.share <= tight || check.caveat == Caveat::by_vcpu_count) return;
        // A value near a limit only at the upper end of its band is not tight: the band is the margin.
        const bool banded = plan_.chosen.cpu_move != CpuMove::none &&
                            (check.dimension == Dimension::cpu_peak || check.dimension == Dimension::cpu_p95 ||
                             check.dimension == Dimension::credits);
        const Risk level = check.share > very_tight && !banded ? Risk::high : Risk::medium;
        add(RiskReason::Kind::tight, level).reason.check = check;
    }

    /// No limit that binds, but one that the load is over whenever the class does not burst.
    void bursts() {
        for (const Check& check : plan_.chosen.checks) {
            const bool unlimited = check.missing == Missing::class_baseline && check.value && check.value->high > 0;
            if (unlimited && platform::is_of_class(database_) && check.standing == Standing::no_worse)
                add(RiskReason::Kind::no_limit).reason.check = check;
            if (check.caveat == Caveat::bursts_as_today && check.share > 1 && judged() != &check)
                add(RiskReason::Kind::tight).reason.check = check;
        }
    }

    void cpu() {
        const auto& peak = plan_.chosen.cpu_judged();
        lower_bound();
        if (!peak) return;
        const auto& busiest = plan_.chosen.cpu_peak;
        if (plan_.chosen.cpu_p95 && busiest && plan_.chosen.cls != database_.type &&
            busiest->value.high >= Fraction(1)) {
            const Risk level = busiest->value.low > Fraction(1) ? Risk::high : Risk::medium;
            add(RiskReason::Kind::full_at_peak, level).busy = busiest->value;
        }
        if (!platform::is_of_class(database_)) return;  // its cores are unknown
        const bool shared = plan_.chosen.cls->threads_per_core > 1 && peak->value.high > assess::threads_share;
        if (!shared || peak->value.high > Fraction(1)) return;
        RiskReason& reason = add(RiskReason::Kind::shared_threads);
        reason.busy = peak->value;
        reason.capacity = Fraction(assess::capacity_share(plan_.chosen.cls->threads_per_core, peak->value.high.value));
    }

    void lower_bound() {
        if (!plan_.chosen.cpu_saturated) return;
        const Observed& observed = database_.observed;
        const auto& judged = observed.cpu_judged();
        add(RiskReason::Kind::saturated).busy = assess::is_saturated(judged) ? **judged : **observed.cpu_mean;
    }

    /// What may need it although nothing connects.
    void unused() {
        r_.risk = Risk::low;
        r_.risk_reasons.clear();
        if (const auto limits = not_starting(fleet_, whole_, index_); limits && !limits->runs) {
            RiskReason& reason = add(RiskReason::Kind::not_starting);
            reason.reason.check.measure = Measure::connections;
            reason.reason.check.value = Interval<double>{static_cast<double>(limits->own.low.value),
                                                         static_cast<double>(limits->own.high.value)};
            reason.reason.need = limits->primary;
        }
        if (r_.idle->last) add(RiskReason::Kind::last_replica);
        if (r_.idle->follows) add(RiskReason::Kind::replicates);
        if (!r_.idle->replica) add(RiskReason::Kind::last_copy);
    }

    /// No figure of CPU: neither kept nor changed it can be called safe.
    void unmeasured() {
        const Observed& seen = database_.observed;
        if (seen.cpu_mean || seen.cpu_p95 || seen.cpu_peak) return;
        // Said already: the verdict is unknown for want of it.
        if (r_.verdict == Verdict::unknown) return;
        add(RiskReason::Kind::unmeasured);
    }

    /// What the class gives up says so itself.
    bool is_told(const Survival& loss) const {
        return std::ranges::any_of(r_.risk_reasons, [&](const RiskReason& reason) {
            return reason.kind == RiskReason::Kind::caveat &&
                   ((reason.reason.kind == Reason::Kind::failover && reason.reason.from == loss.from) ||
                    reason.reason.check.dimension == Dimension::connections_failover);
        });
    }

    void not_survived(const Survival& loss) {
        Reason reason;
        reason.from = loss.from;
        Check& check = reason.check;
        check.standing = Standing::over;
        if (loss.cpu_standing == Standing::over) {
            check.dimension = Dimension::failover_cpu;
            check.measure = Measure::fraction;
            check.value = Interval<double>{loss.cpu->value.low.value, loss.cpu->value.high.value};
            check.limit = 1;
        } else if (loss.memory_standing == Standing::over) {
            check.dimension = Dimension::failover_memory;
            check.measure = Measure::bytes;
            check.value = Interval<double>{static_cast<double>(loss.memory->value.low.value),
                                           static_cast<double>(loss.memory->value.high.value)};
            check.limit = static_cast<double>(plan_.chosen.cls->memory.value);
        } else {
            check.dimension = Dimension::connections_failover;
            check.measure = Measure::connections;
            check.value = Interval<double>(static_cast<double>(loss.connections.value));
            check.limit = static_cast<double>(plan_.chosen.limits.usable.value.value);
        }
        check.share = *check.limit > 0 ? check.value->high / *check.limit : 1e9;
        add(RiskReason::Kind::not_survived, Risk::high).reason = std::move(reason);
    }

    /// A loss that is carried, and how; or not.
    void losses() {
        // The serious ones first, whatever the order of the replicas.
        for (const Survival& loss : plan_.chosen.losses)
            if (loss.standing() == Standing::over && !is_told(loss)) not_survived(loss);
        for (const Survival& loss : plan_.chosen.losses) {
            if (loss.standing() == Standing::over) continue;
            const Fraction limit = *fleet_.policy.cpu_peak_max;
            if (loss.cpu && loss.cpu->value.high > limit) {
                RiskReason& reason = add(RiskReason::Kind::failover);
                reason.reason.from = loss.from;
                reason.busy = loss.cpu->value;
                reason.capacity = limit;
            }
            const bool throttled = plan_.chosen.credits && plan_.chosen.credits->throttled;
            if (!throttled || !loss.runs_short()) continue;
            RiskReason& reason = add(RiskReason::Kind::failover_credits);
            reason.reason.from = loss.from;
            reason.over_series = loss.balance.has_value();
            reason.hours = loss.balance ? loss.balance->short_hours.value : loss.hours_to_empty->value;
        }
    }

    /// Of what was observed; of nothing there is none.
    void window() {
        if (!database_.observed.any()) return;
        const auto& given = database_.observed.window;
        if (!given) {
            add(RiskReason::Kind::no_window);
        } else if ((*given)->value < assess::window_days) {
            RiskReason& reason = add(RiskReason::Kind::short_window);
            reason.observed = **given;
            reason.wanted = Days(assess::window_days);
        }
    }

    void change_of_class() {
        const auto& all = plan_.candidates;
        const auto chosen = std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.cls == r_.cls; });
        for (const Reason& reason : chosen->reasons) {
            // A known price is not a risk; a loss that is no longer survived is a serious one.
            if (reason.kind == Reason::Kind::check && reason.check.caveat == Caveat::surplus) continue;
            const bool given_up =
                reason.kind == Reason::Kind::failover || reason.check.dimension == Dimension::connections_failover;
            add(RiskReason::Kind::caveat, given_up ? Risk::high : Risk::medium).reason = reason;
        }
        if (r_.cls->arch != database_.type->arch) add(RiskReason::Kind::architecture);
        if (by_peak_alone()) add(RiskReason::Kind::one_maximum);
        cache();
        // Until the pools are changed, the new class has to carry today's.
        const Connections usable = plan_.chosen.limits.usable.value;
        if (const auto open = deploy_there(fleet_, whole_, index_); open && *open > usable) {
            RiskReason& reason = add(RiskReason::Kind::pools_first);
            reason.connections = *open;
            reason.usable = usable;
        }
        if (plan_.budget.limits.set_by_hand) add(RiskReason::Kind::set_by_hand);
    }

    /// A single moment decides for a dearer class.
    bool by_peak_alone() const {
        if (database_.observed.cpu_p95 || r_.verdict != Verdict::upsize) return false;
        const auto& all = plan_.candidates;
        const auto today =
            std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.cls == database_.type; });
        return today != all.end() && std::ranges::all_of(today->reasons, [](const Reason& reason) {
                   return !reason.blocking ||
                          (reason.kind == Reason::Kind::check && reason.check.dimension == Dimension::cpu_peak);
               });
    }

    /// Data that no longer fit into memory are read from disk; how often is unknown beforehand.
    void cache() {
        if (!plan_.now.cache || !plan_.chosen.cache) return;
        const Interval<Bytes> now = *plan_.now.cache, then = *plan_.chosen.cache;
        if (then.low >= now.high) return;
        const Observed& observed = database_.observed;
        if (observed.data_size && observed.data_size->value.high <= then.low) return;
        const double left = static_cast<double>(then.low.value) / static_cast<double>(now.high.value);
        const bool reads_known = observed.iops || observed.ebs_throughput;
        if (!observed.data_size && left >= (reads_known ? little_left : much_left)) return;
        // Data that do not fit: at least as many reads as today. How many more is unknown.
        const bool grave = observed.data_size ? left < much_left || !reads_known : left < little_left && !reads_known;
        RiskReason& reason = add(RiskReason::Kind::cache, grave ? Risk::high : Risk::medium);
        reason.cache_now = now;
        reason.cache_then = then;
        if (observed.data_size) reason.data = **observed.data_size;
        if (observed.iops) reason.reads = **observed.iops;
    }

    const Fleet& fleet_;
    Index index_;
    const Database& database_;
    const Plan& whole_;
    DatabasePlan& plan_;
    Recommendation& r_;
};

/// Server connections that RDS Proxy needs with the recommended pools: one for each client that is pinned, and as many
/// as were seen busy for the others. Nothing where a pool has no limit.
std::optional<Interval<Connections>> needed_behind(const Fleet& fleet, const Plan& plan, Index pooler) {
    Connections low, high;
    for (const Index p : plan.topology.clients[pooler]) {
        const auto& open = plan.pools[p].after.allocated;
        if (!open) return std::nullopt;
        const auto& busy = plan.pools[p].use.in_use;
        const Pinned kind = assess::pinned(fleet, fleet.pools[p]);
        const Connections least = kind == Pinned::yes ? open->value : busy ? busy->value.low : Connections();
        const Connections most = kind != Pinned::no ? open->value : busy ? busy->value.high : Connections();
        low += std::min(least, open->value);
        high += std::min(most, open->value);
    }
    return Interval<Connections>{low, high};
}

}  // namespace

void assess_risk(const Fleet& fleet, Index index, Plan& plan) { Weigher(fleet, index, plan).weigh(); }

void assess_volume_risk(const Fleet& fleet, Index index, DatabasePlan& plan) {
    const auto& use = plan.storage;
    Recommendation& advice = plan.recommendation;
    // Another round may ask again.
    std::erase_if(advice.risk_reasons,
                  [](const RiskReason& reason) { return reason.kind == RiskReason::Kind::volume; });
    if (!use || !use->kept) return;
    const Observed& observed = fleet.databases[index].observed;
    const auto over = [&](Dimension dimension, Measure measure, const Interval<double>& seen, double limit,
                          double most) {
        if (!assess::over(seen.high, limit)) return;
        RiskReason reason;
        reason.kind = RiskReason::Kind::volume;
        reason.bursts = !assess::over(seen.high, most);
        reason.level = reason.bursts ? Risk::medium : Risk::high;
        Check& check = reason.reason.check;
        check.dimension = dimension;
        check.measure = measure;
        check.value = seen;
        check.limit = limit;
        check.share = seen.high / limit;
        advice.risk = std::max(advice.risk, reason.level);
        advice.risk_reasons.push_back(reason);
    };
    if (use->iops && observed.iops) over(Dimension::iops, Measure::iops, **observed.iops, use->iops->value, use->burst);
    if (use->mibps && observed.ebs_throughput) {
        const double limit = assess::mbps(use->mibps->value);
        over(Dimension::ebs_throughput, Measure::mbps,
             {(*observed.ebs_throughput)->low.value, (*observed.ebs_throughput)->high.value}, limit, limit);
    }
}

void assess_proxy_risks(const Fleet& fleet, Plan& plan) {
    // Another round may ask again.
    for (DatabasePlan& database : plan.databases)
        std::erase_if(database.recommendation.risk_reasons,
                      [](const RiskReason& reason) { return reason.kind == RiskReason::Kind::proxy_short; });
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        const Pooler& pooler = fleet.poolers[i];
        if (pooler.kind != Pooler::Kind::proxy) continue;
        const PoolerPlan& mine = plan.poolers[i];
        Recommendation& advice = plan.databases[pooler.database].recommendation;
        const Connections has = mine.after.server.value;
        if (advice.verdict == Verdict::idle || has >= mine.now.server.value) continue;
        const std::optional<Interval<Connections>> needs = needed_behind(fleet, plan, i);
        if (!needs || needs->high <= has) continue;
        RiskReason reason;
        reason.kind = RiskReason::Kind::proxy_short;
        reason.level = needs->low > has ? Risk::high : Risk::medium;
        reason.connections = needs->high;
        reason.usable = has;
        reason.pooler = i;
        advice.risk = std::max(advice.risk, reason.level);
        advice.risk_reasons.push_back(reason);
    }
}

std::string_view name(Risk risk) {
    constexpr std::string_view names[] = {"low", "medium", "high"};
    return names[static_cast<std::size_t>(risk)];
}

}  // namespace poolfit::plan
