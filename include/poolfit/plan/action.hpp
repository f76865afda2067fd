// The plan in actions: what to do first, what to watch, when it worked, how to go back; and how long it lasts. Values
// with a kind and numbers; the sentences are render's.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/strategy.hpp>

namespace poolfit {

/// A step of an action.
struct Step {
    enum class Kind : std::uint8_t {
        snapshot,           ///< of `database`
        fixed_parameter,    ///< max_connections is set by hand and stays
        formula_parameter,  ///< parameters should follow the class
        kept_parameter,     ///< parameters do not follow the class
        architecture,       ///< another processor: test first
        pools_before,       ///< today's pools do not fit
        move_readers,       ///< to the primary `database`
        change_class,       ///< to `cls`
        ask_limit,          ///< what max_connections is then
        watch,
        measure_again,    ///< what was observed is of the class of before
        change,           ///< `change` of the strategy's changes
        staging,          ///< try it, then one service at a time
        write,            ///< `missing` into the inventory
        look,             ///< at the summary of `database`'s recommendation
        raise_limit,      ///< max_connections of `database` to `limit`
        fewer_instances,  ///< at most `count` of `service`
        smaller_pooler,   ///< `count` as the size of `pooler`
        pooler_mode,      ///< transaction mode for `pooler`, with `count` as its size where that is not 0
        client_limit,     ///< `count` as max_client_conn of `pooler`
        try_version,      ///< test on a copy of `database`
        upgrade,          ///< of `database`, to the version of its recommendation
        upgrade_first,    ///< the same, of a replica that goes before its primary
        set_version,      ///< in the inventory
        change_storage,   ///< of `database`, as its plan advises
        set_storage,      ///< in the inventory
        ask_owner,        ///< of `database`, whether anything needs it
        last_snapshot,    ///< of `database`, to keep
        remove,           ///< `database`
        forget,           ///< `database`, in the inventory
        schedule,         ///< stop and start `database`, with its replicas
        add_capacity,     ///< a reader of `database` whose capacity follows the load, and fail over to it
        set_capacity,     ///< in the inventory
    } kind{};
    Index database = 0;
    const InstanceClass* cls = nullptr;
    std::size_t change = 0;  ///< into Strategy::changes
    MissingInput missing;
    Connections limit, most;  ///< `most`: what the class's memory gives
    Index service = 0, pooler = 0;
    std::int64_t count = 0;
};

/// Something to watch, or to see when an action is done.
struct Sign {
    enum class Kind : std::uint8_t {
        // Watch:
        connections_most,         ///< `most`: `share` of `usable`
        server_connections_most,  ///< of `database`: `most`, and `deploy` in a deploy
        cpu_peak_most,            ///< `share`
        cpu_p95_most,             ///< the same
        cpu_mean_most,            ///< `share`: the baseline of `cls`, or more, whose surplus is paid
        credits_hold,             ///< the balance stays, and no surplus is charged
        credits_paid,             ///< both may be otherwise: the cost includes it
        memory_least,             ///< `bytes`
        disk_reads,
        latency,
        counts_no_waiting,  ///< `driver`
        waiting,            ///< where `driver` shows it
        decision,           ///< `decides` of the strategy's
        // Done when:
        cpu_peak_about,        ///< `cpu`, at most `share`
        cpu_p95_about,         ///< the same
        cpu_mean_about,        ///< `cpu`
        cpu_mean_under,        ///< `cpu`, under the baseline `share`
        cpu_mean_unknown,      ///< under the baseline `share`
        memory_about,          ///< `memory`, at least `bytes` where those are not 0
        connections_then,      ///< `most`
        connections_now_then,  ///< `before` before the pools change, `most` after
        nothing_refused,
        in_all,  ///< the strategy's connections
        no_timeout,
        latency_as_before,
        inventory_complete,
        verdict,
        no_extended_support,  ///< none on the bill
        no_instance,          ///< the same of `database`
        hours_on_bill,        ///< the same, only the hours that it runs
        capacity_about,       ///< `units` on average
    } kind{};
    Index database = 0;
    Connections most, before, deploy, usable;
    Fraction share{};
    Bytes bytes{};
    Interval<Fraction> cpu{};
    Interval<Bytes> memory{};
    const InstanceClass* cls = nullptr;
    const DriverDefault* driver = nullptr;
    std::size_t decides = 0;  ///< into Strategy::decides
};

/// What undoes a step.
struct Undo {
    enum class Kind : std::uint8_t {
        change_class,  ///< of `database` back to `cls`
        limit,         ///< max_connections of `database` as before: `limit`
        instances,     ///< of `service`: `count`, as before
        pool_sizes,    ///< of `pools`, as before
        split_pools,   ///< split into `pools` again, with the previous code
        pooler_size,   ///< of `pooler`: `count`, as before
        pooler_mode,   ///< session mode of `pooler`, without the changes of `pools` for transaction mode
        client_limit,  ///< max_client_conn of `pooler`: `count`, as before
        direct,        ///< `pools` connect to `database` directly again, without their changes for transaction mode
        logging,       ///< what was switched on to measure
        restore,       ///< `database` from its snapshot
        storage,       ///< of `database` as before
        create_again,  ///< `database`, which was deleted
        run_always,    ///< without the schedule
    } kind{};
    Index database = 0, service = 0, pooler = 0;
    const InstanceClass* cls = nullptr;
    std::vector<Index> pools;
    Connections limit;
    double count = 0;  ///< a percentage need not be whole
};

/// What is unavailable while an action runs.
struct Downtime {
    enum class Kind : std::uint8_t {
        none,
        failover,              ///< the standby changes first
        restart,               ///< the only instance does
        restart_with_readers,  ///< and its readers go to `primary`: `peak` of `usable` connections there
        upgrade,               ///< the instances do, several times
        deploys,               ///< a deploy each; `services` stop between old and new instance
        gone,                  ///< it is deleted
        by_schedule,
    } kind = Kind::none;
    std::vector<Index> services;
    Index primary = 0;
    Connections peak, usable;
};

struct Action {
    enum class Kind : std::uint8_t {
        instance,
        pools,
        pooler,
        measure,
        limit,    ///< another max_connections or max_client_conn, or fewer instances, to end an outage
        upgrade,  ///< to a version in standard support
        storage,  ///< another volume
        remove,   ///< a database that nothing connects to
        serverless,
        stop,  ///< on a schedule
    } kind = Kind::instance;
    enum class Gain : std::uint8_t {
        saves,           ///< saves_per_year, where it is known; negative: costs more
        carries,         ///< the same, and a class that carries the load
        fewer,           ///< `connections` fewer
        as_many,         ///< in sizes that use needs
        more,            ///< `connections` more: room for the load
        limits,          ///< a limit on every pool
        measured_sizes,  ///< sizes based on measurements
        judged_class,    ///< allows a class recommendation
        ends_outage,     ///< `connections` of `usable` may be open then
        makes_room,      ///< for `dimension`: `connections` of `usable`
        starts,          ///< a replica, which would not start with fewer than its primary
        with_next,       ///< ends the outage only together with the next action
        takes_clients,   ///< a pooler takes all its clients, in a deploy too
        storage,         ///< saves_per_month, where that is known; or more IOPS
        supported,       ///< a version that is supported; saves_per_month where Extended Support is charged
    } gain = Gain::saves;
    std::size_t phase = 1;  ///< from 1; actions of one phase follow each other; no single one ends the outage
    bool part = false;      ///< of a strategy, on some of its servers
    std::optional<std::size_t> strategy;  ///< that it carries out, into the strategies; its work, risk and changes
    std::vector<Index> databases;         ///< an instance's: the one
    std::vector<Step> steps;
    Risk risk = Risk::low;
    std::optional<Figure<MicroUsdPerMonth>> saves_per_year;
    std::vector<Index> proxies;  ///< an instance's: managed poolers whose price changes with the class, in the saving
    std::optional<MicroUsdPerMonth>
        saves_per_month;  ///< an upgrade's, a schedule's; of serverless and storage the low end
    std::optional<Interval<MicroUsdPerMonth>> saves_capacity;  ///< an upgrade's, where support is charged by capacity
    Connections connections, usable;
    Dimension dimension{};
    std::optional<Connections> before, after;  ///< of a strategy: connections; nothing: no limit
    Downtime downtime;
    std::vector<Sign> watch;
    std::vector<Sign> success;
    std::vector<Undo> rollback;  ///< the last step first; empty where nothing has changed
};

/// When a limit binds, under the inventory's growth.
struct Runway {
    Index database = 0;
    bool after = false;                  ///< false: today's class and pools; true: the recommended ones
    const InstanceClass* cls = nullptr;  ///< the class that the limit is of
    Dimension dimension{};
    std::optional<int> months;  ///< from now, whole; 0: over it already; nothing: not within 10 years
    double now = 0, limit = 0;  ///< the pessimistic end that grows, and its limit
    Measure measure = Measure::count;
    FigureId figure;
};

/// What a life cycle brings next, on the recommended class.
struct SupportEvent {
    Index database = 0;
    const InstanceClass* cls = nullptr;
    Date today;
    Life::Event event;
    int months = 0;                                ///< from the day of the run, whole
    std::optional<Figure<MicroUsdPerMonth>> cost;  ///< a month from then on; nothing where it is not known
    std::optional<std::int64_t> unit_hour;         ///< micro-USD, where it is charged by capacity
    bool then_unknown = false;  ///< support ends, and the provider's next version may be in Extended Support itself
};

namespace plan {

std::string_view name(Action::Kind kind);

/// What undoes everything that the action's steps change.
std::vector<Undo> rollback(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies,
                           const Action& action);

/// In order of gain over risk; what ends an outage and prerequisites first (a primary that grows after its replicas).
/// The first phase of a server that is over a hard limit ends that.
std::vector<Action> phases(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies);
/// Nothing without [growth]. First the limit that binds first.
std::vector<Runway> runway(const Fleet& fleet, const Plan& plan, Recorder recorder);
/// One for each database whose version is known and still supported, the next first.
std::vector<SupportEvent> support_events(const Fleet& fleet, const Plan& plan, Recorder recorder);

}  // namespace plan
}  // namespace poolfit
