// A database's volume: what it gives against what was observed, what it costs, and which other volume is better.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/assess/figure.hpp>
#include <poolfit/assess/storage.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/date.hpp>

namespace poolfit {

/// Another volume for the same data, at the price of today's region.
struct StorageAdvice {
    enum class Kind : std::uint8_t {
        retired,        ///< the provider moves volumes of this kind by force
        cheaper,        ///< the same IOPS, on another kind
        fewer_iops,     ///< more are provisioned than the load needs
        more_iops,      ///< the load needs more than the volume always gives
        configuration,  ///< of a cluster: Standard or I/O-Optimized
    } kind = Kind::cheaper;
    const VolumeKind* to = nullptr;
    std::optional<double> gib;                                      ///< to grow to, for IOPS that come with the size
    std::optional<double> provisioned;                              ///< IOPS to set; nothing: none
    std::optional<double> provisioned_mibps;                        ///< throughput to set; nothing: none
    std::optional<Figure<double>> iops;                             ///< that are always there then
    std::optional<double> mibps;                                    ///< the same; nothing where not published
    std::optional<Figure<Interval<MicroUsdPerMonth>>> cost, saves;  ///< a month; negative: costs more
    /// Of a configuration, on today's instances, where the plan changes them; `saves` is on those of the plan.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> saves_today;
    bool pays_today = true;       ///< on those too
    bool mibps_not_seen = false;  ///< another kind, for a throughput that was not observed
};

/// Another volume that was looked at and is not advised.
struct StorageRejected {
    enum class Why : std::uint8_t {
        size,         ///< the kind has no volume of `needs` GiB
        iops,         ///< a volume of it gives `has` IOPS at most, and `needs` are needed
        throughput,   ///< `has` MiB/s, and `needs` were seen
        by_class,     ///< the class lets no more IOPS through than today's volume gives: `has`
        version,      ///< the engine's version does not run on it
        no_price,     ///< of a part of it, or of the instances
        no_requests,  ///< charged for each, and how many there are is not known
        saves_less,   ///< than policy.min_savings_per_month: `saves`
        committed,    ///< as long as commitments pay for the instances: `saves` in the worst case, until `until`
        schedule,     ///< the same, once the schedule that is advised is taken: `saves` without it, `saves_stopped`
    } why = Why::size;
    const VolumeKind* to = nullptr;
    std::optional<double> provisioned;  ///< IOPS that would be set
    double has = 0, needs = 0;
    std::optional<Interval<MicroUsdPerMonth>> saves{};  ///< negative: costs more
    std::optional<Interval<MicroUsdPerMonth>> saves_stopped{};
    std::optional<Date> until{};
};

struct StorageUse {
    const Storage* given = nullptr;
    Volume volume;
    std::optional<Figure<double>> iops;   ///< always there
    std::optional<Figure<double>> mibps;  ///< the same, MiB/s
    double burst = 0;                     ///< IOPS for a while; 0: none
    /// What today's class, and the recommended one, always let through of `iops`; nothing where one is not known.
    std::optional<Figure<double>> usable_now, usable_after;
    std::optional<Figure<Interval<double>>> requests;        ///< a month, where each is charged
    std::optional<Figure<Interval<double>>> requests_after;  ///< of the instances that the plan keeps
    /// What those of readers that are deleted cost a month, in all and of each.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> deleted_io;
    struct OfReader {
        Index database = 0;
        Figure<Interval<MicroUsdPerMonth>> io;
    };
    std::vector<OfReader> deleted_readers;
    bool requests_observed = false;  ///< of observed IOPS, not of io_requests
    VolumeCost cost;
    bool kept = true;  ///< false: its database is to be deleted, and the volume with it
    /// A month after the plan, without the advice: nothing where today's is not known.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> cost_after;
    // Of a cluster with two configurations.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> break_even;  ///< requests cost so much where both cost the same
    std::optional<Figure<Interval<double>>> break_even_requests;
    /// A larger size, up to which autoscaling may grow it, gives it another baseline.
    const VolumeKind::Tier* next = nullptr;
    bool by_growth = false;  ///< the same, where data grow as [growth] has the load within a year
    std::optional<StorageAdvice> advice;
    std::vector<StorageRejected> rejected;  ///< in the order they were looked at
};

namespace plan {

/// "saves_less".
constexpr std::string_view name(StorageRejected::Why why) {
    constexpr std::string_view names[] = {"size",     "iops",        "throughput", "by_class",  "version",
                                          "no_price", "no_requests", "saves_less", "committed", "schedule"};
    return names[static_cast<std::size_t>(why)];
}

}  // namespace plan

}  // namespace poolfit
