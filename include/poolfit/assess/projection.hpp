// What a database's load would be on a class: connections, CPU, credits, memory, disk and network, each
// with its value, its limit and whether it is inside. Facts only; which class to take is `plan`'s.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/cpu.hpp>
#include <poolfit/series/credits.hpp>
#include <poolfit/series/series.hpp>

namespace poolfit {

enum class Dimension : std::uint8_t {
    connections_steady,
    connections_deploy,
    connections_failover,
    cpu_peak,
    cpu_p95,  ///< in place of cpu_peak, where it is given: under the same limit
    cpu_mean,
    credits,
    memory,
    freeable_memory,
    ebs_throughput,
    iops,
    network,
    // Not load but conditions of a candidate:
    engine,
    region,
    price,
    policy,
    replica,
    cpu_demand,  ///< of the workloads
    // The class with the load of a server that was lost:
    failover_cpu,
    failover_memory,
};

enum class Standing : std::uint8_t {
    inside,
    over,
    unknown,   ///< an input is missing, and the class is smaller than today's: can't be judged
    no_worse,  ///< an input is missing, but the class has at least what today's has
};

/// What a check lacks.
enum class Missing : std::uint8_t {
    nothing,
    cpu_mean,  ///< of observed
    cpu_peak,
    freeable_memory,
    pool_max,         ///< a pool sets no limit
    credit_price,     ///< of surplus credits, the catalog's
    coremark,         ///< the catalog's, of this class
    class_baseline,   ///< the catalog's limit of this dimension, of this class
    server,           ///< the inventory's class of the server, or its size
    max_connections,  ///< and the class, which would give it
};

/// What a reader has to know about a check that is not over its limit.
enum class Caveat : std::uint8_t {
    none,
    by_vcpu_count,       ///< no CoreMark: projected by the number of vCPUs alone
    peak_over_baseline,  ///< the mean is not given, and the peak is over the baseline
    bursts_as_today,     ///< over the baseline, as today's class is
    volume_over_class,   ///< nothing was observed; the class always lets through less than the volume gives today
    surplus,             ///< the mean is over the baseline: what that costs is in the price
};

struct Check {
    Dimension dimension{};
    Standing standing = Standing::inside;
    Measure measure = Measure::count;
    Missing missing = Missing::nothing;
    Caveat caveat = Caveat::none;
    /// `value` may be more: of connections, some pools have no limit; of a peak CPU, it was all that could be seen.
    bool at_least = false;
    bool throttled = false;  ///< credits: without any the class falls back to its baseline
    FigureId figure;
    std::optional<Interval<double>> value;  ///< in `measure`; the pessimistic end is judged
    std::optional<double> limit;
    /// The whole that the policy's share `allowed` is of: usable connections, the class's memory. Of a volume that
    /// gives more than the class lets through: what today's class does.
    double of = 0;
    double allowed = 0;
    double share = 0;  ///< pessimistic value ÷ limit (a floor: used ÷ what it leaves): 1 is at the limit
    std::optional<double> hours_to_empty;     ///< credits: from full
    std::optional<MicroUsdPerMonth> surplus;  ///< credits: a month
    std::optional<double> short_hours;        ///< credits over a series: hours a month without any

    /// Is the value past the limit, although today's class may be past it as well? What costs money there is a price.
    bool exceeds() const {
        return standing == Standing::over || (caveat == Caveat::bursts_as_today && value && limit && share > 1);
    }
};

/// The checks of a projection, in order of Dimension; at most one each.
class Checks {
public:
    void push_back(const Check& check) {
        if (all_.empty()) all_.reserve(usual);
        all_.push_back(check);
    }
    const Check* begin() const { return all_.data(); }
    const Check* end() const { return all_.data() + all_.size(); }
    std::size_t size() const { return all_.size(); }
    const Check* find(Dimension dimension) const;
    bool any_over() const;
    void clear() { all_.clear(); }

private:
    static constexpr std::size_t usual = 8;  ///< most projections have no more
    std::vector<Check> all_;
};

/// The credit balance over the CPU series, taken to repeat.
struct CreditBalance {
    Figure<double> lowest;         ///< below 0: surplus, which later earnings repay
    Figure<double> short_credits;  ///< a month: asked for, not earned in 24 hours; charged, or not served
    Figure<double> short_hours;    ///< a month in which that is so
    series::Instant lowest_at = 0;

    bool runs_short() const { return short_credits.value > 0.01; }
};

/// A burstable class's credits at the mean load, or over the series where one is given.
struct Credits {
    Figure<Fraction> baseline;
    Figure<double> earned_per_hour;
    Figure<Interval<double>> burned_per_hour;  ///< where the mean is not given: up to the peak
    bool mean_known = false;
    bool throttled = false;         ///< without credits the class falls back to its baseline
    bool lives_on_credits = false;  ///< pessimistic mean over the baseline; over a series: credits are short
    std::optional<CreditBalance> balance;
    std::optional<Figure<double>> hours_to_empty;     ///< from full, at the pessimistic mean
    std::optional<Figure<MicroUsdPerMonth>> surplus;  ///< a month at the pessimistic mean, or over the series

    /// Over a known mean, or over the series, credits run short and are charged: that is in the cost.
    bool pays_surplus() const { return mean_known && lives_on_credits && !throttled; }
};

/// The class when another server is lost and its load comes. Survived is what stays inside 100 % of the class's CPU and
/// memory and of the connections that are usable, at the high end; more than the policy allows is a risk.
struct Survival {
    Index from = 0;                                 ///< the server that is lost
    std::optional<Figure<Interval<Fraction>>> cpu;  ///< of both peaks; above 1 it is their demand
    bool cpu_at_least = false;                      ///< one of them is a lower bound
    std::optional<Figure<Interval<Bytes>>> memory;  ///< used
    Connections connections;                        ///< that may be open
    Standing cpu_standing{}, memory_standing{}, connections_standing{};
    // Of a burstable class with a load over its baseline then: by the means where both are given, else by the peaks.
    std::optional<Figure<double>> hours_to_empty;
    std::optional<Figure<MicroUsdPerMonth>> surplus;  ///< a month of it
    // Where one of the two has a CPU series, the balance over it and the other's load decides.
    std::optional<CreditBalance> balance;
    bool series_apart = false;  ///< both have one, of other times: not known

    bool runs_short() const { return balance ? balance->runs_short() : hours_to_empty.has_value(); }

    /// The worst of the three.
    Standing standing() const;
};

/// One database on one class.
struct Projection {
    const InstanceClass* cls = nullptr;
    Limits limits;
    std::optional<Price> price;
    std::optional<Figure<MicroUsdPerMonth>> list;  ///< price, by the term asked for
    /// A month of Extended Support; nothing where none is charged, or its price is not known.
    std::optional<Figure<MicroUsdPerMonth>> support;
    bool support_unknown = false;  ///< it may be charged: its price, or the version, is not known
    /// `list`, `support`, and the surplus credits that a known mean takes; nothing where `list` or these are not known.
    std::optional<Figure<MicroUsdPerMonth>> cost;
    /// More to pay, a month, if the peak lasted: where the mean is not given. 0 unless it is over the baseline; nothing
    /// where the price of credits is not known.
    std::optional<MicroUsdPerMonth> at_peak;
    CpuMove cpu_move = CpuMove::none;
    Interval<double> cpu_band{1};                        ///< of that move
    bool cpu_saturated = false;                          ///< what is judged of today's CPU is a lower bound
    bool peak_saturated = false;                         ///< today's peak is, whatever is judged
    std::optional<Figure<Interval<Fraction>>> cpu_mean;  ///< above 1 it is the demand of the load
    std::optional<Figure<Interval<Fraction>>> cpu_p95, cpu_p99, cpu_peak;  ///< the same
    std::optional<Figure<Interval<Bytes>>> memory_used;  ///< with connections that may open, and were not seen so far
    std::optional<Figure<Interval<Bytes>>> freeable;
    std::optional<Figure<Interval<Bytes>>> memory_seen, freeable_seen;  ///< on today's class alone: as observed
    std::optional<Interval<Bytes>>
        cache;  ///< that holds data, or can: page cache; InnoDB's buffer pool as far as filled
    std::optional<Figure<Fraction>> utilization;  ///< connections, after the plan
    std::optional<Credits> credits;
    std::vector<Survival> losses;  ///< as DatabaseDemand::losses
    Checks checks;

    const Check* find(Dimension dimension) const { return checks.find(dimension); }
    /// What the policy's cpu_peak_max judges, as Observed::cpu_judged, and its check.
    const std::optional<Figure<Interval<Fraction>>>& cpu_judged() const { return cpu_p95 ? cpu_p95 : cpu_peak; }
    /// Does the cost include surplus credits, so that an empty balance and a charge for them are as planned? Signs of a
    /// plan and alarms both ask this.
    bool pays_surplus() const { return credits && credits->pays_surplus(); }
    /// The daily mean that a burstable class is to stay under: its baseline, or the mean whose surplus is paid.
    Fraction mean_as_planned() const;
    const Check* cpu_check() const { return find(cpu_p95 ? Dimension::cpu_p95 : Dimension::cpu_peak); }
};

namespace assess {

/// A hair above a limit is rounding, not load.
inline bool over(double value, double limit) { return value > limit * (1 + 1e-9) + 1e-12; }

/// A month of Extended Support of the database's version on a class, at a stage of its life cycle: nothing where none
/// is charged, or its price is not known.
std::optional<Figure<MicroUsdPerMonth>> extended_support(const Fleet& fleet, const Market& market, Index database,
                                                         const InstanceClass& cls, LifeCycle::Stage stage,
                                                         const Key& key, Recorder recorder);
/// The class's price; nothing where it has none.
std::optional<Figure<MicroUsdPerMonth>> cost(const Fleet& fleet, const Market& market, Index database,
                                             const Offer& offer, Recorder recorder);

/// What was found on one class and holds on all, of one database and one `now`; of a run that does not record.
struct Known {
    std::optional<Figure<Connections>> usable_today;        ///< connections, on today's class
    std::optional<Term> memory_in_use;                      ///< as the engine's system sees it
    std::optional<std::optional<Term>> at_rest_and_opened;  ///< memory, with the connections of today
    // The class's own: its CPU series thinned, for a run that asks again and again.
    series::CreditSteps* thin = nullptr;           ///< is filled in, where the class has credits and a series
    const series::CreditSteps* thinned = nullptr;  ///< is taken instead of the series, unless it is empty
    std::vector<double>* balances =
        nullptr;  ///< the same: gets the balance of credits at the end of each of its points
    // Room that a projection no longer needs, for the next one.
    Checks checks;
    std::vector<Survival> losses;
    void reuse(Projection&& projection) {
        checks = std::move(projection.checks);
        checks.clear();
        losses = std::move(projection.losses);
        losses.clear();
    }
};

/// `now` is today's demand (connections open today), `after` the demand to carry, in `phase`. `raised`: with another
/// max_connections than the inventory's, which is a figure of `phase`. `known`, where one is given, goes from one class
/// to the next.
Projection project(const Fleet& fleet, const Market& market, Index database, const Offer& offer,
                   const DatabaseDemand& now, const DatabaseDemand& after, Phase phase, Recorder recorder,
                   const std::optional<Figure<Connections>>& raised = {}, Known* known = nullptr);

/// What a class is ranked by: its cost, and more if the peak lasted. Nothing where that is not known.
std::optional<MicroUsdPerMonth> ranked(const Projection& projection);
/// The mean load is over the baseline of a class that is throttled: its credits run out, and it falls back to that.
bool out_of_credits(const Projection& projection);
/// Today's most connections of a server on a class: what it reports, what was set by hand, or the formula's range.
Interval<Connections> max_connections(const Database& database, const Limits& limits);
/// Does a standby with these most connections start beside its primary?
enum class Standby : std::uint8_t { starts, may_not, will_not };
Standby standby(const Interval<Connections>& own, const Interval<Connections>& primary);
/// Was it seen to run: connections were open, or it followed its primary?
bool seen_running(const Database& replica);
/// Is max_connections the formula's, and neither reported by the server nor set by hand?
bool by_formula(const Limits& limits);

std::string_view name(Dimension dimension);

}  // namespace assess
}  // namespace poolfit
