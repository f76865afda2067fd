// What there is to say about a strategy: values with a kind and numbers; the sentences are render's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <poolfit/model/driver.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit {

/// An input that a database lacks.
enum class Unmeasured : std::uint8_t { cpu_mean, cpu_peak, freeable_memory, disk, window, max_connections };

/// A pool with two numbers that belong together.
struct PoolShare {
    Index pool = 0;
    Connections part, of;
};

/// One thing that speaks for a strategy or against it, that it changes, or that would change the decision.
struct Point {
    enum class Kind : std::uint8_t {
        // Changes.
        resize,         ///< pools[0] from `from` to `to` per process, by `reason`
        resize_pooler,  ///< `pooler` from `from` to `to`: default_pool_size
        merge,          ///< one pool of `to` per process instead of `pools`, by `reason`
        measure,        ///< busy, idle and waiting of `pools`
        log,            ///< the same, each minute, where `driver` shows it; none: in the database
        find_out,       ///< `lacks` of `database`
        watch_long,     ///< watch for `days`
        /// `pooler_kind` before `database`, for `pools`: `to` server connections, `all` for each of `count` pairs,
        /// `from` clients
        add_pooler,
        listen_direct,  ///< `count` connections of `database` for LISTEN
        stay_direct,    ///< pools[0] keeps session state
        // Pools and their sizes.
        sizes_change,  ///< `count` settings
        fewer,         ///< total connections, before and after
        by_workload,   ///< `count` pools
        by_use,        ///< `count` pools
        by_formula,    ///< `count` pools
        own_use_on_replica,
        no_new_parts,
        keeps_pools,  ///< `pools` of one service on `database`
        fixed_numbers,
        left_as_today,
        without_limit,
        fails_silently,  ///< pools whose driver waits forever
        forced,          ///< `pools`: sizes that the server's limit forces
        // Merged pools.
        share_unknown,   ///< can pools[0] and pools[1] share? the driver of pools[2] is not known
        share_driver,    ///< pools[0] and pools[1] both use `driver`
        share_base,      ///< `driver` and `other` of `pools` both end at `base`
        foreign_driver,  ///< `other` of pools[1] has to run on `driver` of pools[0] instead of `base`
        nothing_to_merge,
        merged,  ///< `count` pools
        scaled,
        scaled_on_replica,
        no_room,             ///< `shares`: the peak of the size
        too_small,           ///< `shares`: the size of what workloads ask for
        formulas_unchecked,  ///< use of `count` pools is not known
        // Measuring.
        nothing_to_measure,
        not_monitored,       ///< `count` of `all` pools
        not_known,           ///< the same
        idle_meanwhile,      ///< `idle` connections
        waiting_costs,       ///< `cost` a month
        holds_recommended,   ///< pools[0]: the advice `to` holds up to `typical` use and a peak of to − 1
        holds_today,         ///< the same of today's size
        mean_over_baseline,  ///< a mean CPU of `database` above `mean` today exceeds the baseline of `cls`
        // A pooler.
        pooler_exists,         ///< `pooler`
        pooler_refused,        ///< `pooler_kind` cannot stand in front of `databases`, all on one platform
        built_in,              ///< a pooler comes with the server of `database`: no host
        own_host,              ///< of a server without a region: so is its pooler's host
        server_connections,    ///< `to` of `database`, `from` without a pooler
        server_side_by_use,    ///< `buffer` × typical, and the peak
        server_side_by_load,   ///< the workloads of its clients together
        server_side_by_limit,  ///< `to`, what the policy leaves: the use of some clients is not known
        server_side_unknown,   ///< the same, and as many as they can open
        silent_in_full,        ///< the use of `pools` is not known: all that they may open counts
        clients_only_grow,
        one_more_hop,
        no_host_price,
        host_costs,          ///< `cost` a month of `host`
        host_price_unknown,  ///< in the regions of `databases`; `cost` a month of `host` in another
        managed_instead,  ///< `pooler_kind`, for `cost` a month where that is known; `cls`, the next larger, for `more`
        prepares,         ///< pools[0]
        listens,          ///< pools[0]
        unknown_in_transaction_mode,  ///< pools[0]: its driver
        in_transaction_mode,          ///< `driver`
        session_state_drops,
    };
    Kind kind{};
    Index database = 0, pooler = 0;
    Pooler::Kind pooler_kind{};
    std::vector<Index> pools;
    std::vector<Index> databases;
    std::vector<PoolShare> shares;
    std::vector<Unmeasured> lacks;
    std::size_t count = 0, all = 0;
    std::optional<Connections> from, to;
    SizeReason reason;
    bool in_code = false;  ///< where the size is set today, the driver does not take it
    Interval<Connections> idle;
    double typical = 0, buffer = 0;
    Days days{};
    Fraction mean{};
    MicroUsdPerMonth cost{}, cost_per_year{}, more{};
    const InstanceClass* cls = nullptr;
    const HostType* host = nullptr;
    const DriverDefault *driver = nullptr, *other = nullptr, *base = nullptr;
};

}  // namespace poolfit
