// What a plan advises beside the class: an upgrade, deletion, a schedule, capacity that follows the load.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/assess/projection.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

/// To a version in standard support, beside the class: today's version is in Extended Support, or no longer supported.
struct Upgrade {
    std::optional<LifeCycle> to;   ///< the oldest for half a year or more; nothing where the catalog has none
    std::optional<bool> on_class;  ///< does the recommended class run it? Nothing where that is not documented
    /// Extended Support of the recommended class, a month; nothing where none is charged, or its price is not known.
    /// Not for a year: within one it may rise, or end.
    std::optional<Figure<MicroUsdPerMonth>> saves;
    std::vector<LifeCycle> through;  ///< series on the way, where it goes one series at a time
};

/// Of a database that nothing connects to: what deleting it takes along.
struct Idle {
    Days window{};         ///< in which no connection was open
    bool replica = false;  ///< a replica that nothing reads
    bool follows = false;  ///< it was seen to apply its primary's changes
    bool last = false;     ///< the only one that could take over from its primary
    /// A month, of instance or capacity and all that goes with it: its volume, a reader's I/O requests on its
    /// cluster's, a managed pooler. Nothing of a class that nothing goes with, or where its price is not known.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> saves;
};

/// A replica that nothing connects to and that stays: it takes over from its primary, though failover_target does not
/// say so.
struct Spare {
    Days window{};  ///< in which no connection was open
    Index primary = 0;
};

/// Outside production: stopped for what is left of a week, beside the class.
struct Stop {
    Figure<MicroUsdPerMonth> saves;  ///< a month, of the recommended class's price, as far as no commitment covers it
    double hours = 0;                ///< that it runs, a week
    bool pays = true;                ///< beside commitments
    bool at_least = false;           ///< `saves` has the least that capacity of some that stop takes
};

/// A schedule that saves by list price, and too little beside commitments.
struct StopHeld {
    double hours = 0;                 ///< that it would run, a week
    Figure<MicroUsdPerMonth> saves;   ///< a month, beside commitments
    std::optional<Date> pays_from{};  ///< the first day on which it saves enough; nothing where no end of a term
                                      ///< changes that
    bool pays = false;                ///< after all: it was held back beside other classes
    bool at_least = false;            ///< `saves` is where capacity that follows the load takes the least
};

/// Why a database gets no schedule.
enum class NoStop : std::uint8_t {
    none,          ///< it gets one, or is to be deleted
    production,    ///< its environment
    provider,      ///< does not stop such a server
    replica,       ///< is not stopped, nor an instance that has one
    cluster,       ///< stops as a whole, and one of its instances is production
    with_primary,  ///< a cluster's reader has its primary's schedule
    term,          ///< a reserved price is paid for a stopped instance all the same
    all_week,      ///< the policy's hours
    no_price,      ///< of the recommended class
    saves_less,    ///< than the policy asks for
    committed,     ///< saves too little after commitments: StopHeld has it
};

/// Why a database stays on a class.
enum class NoServerless : std::uint8_t {
    none,         ///< it does not, or is to be deleted
    provider,     ///< has none for the engine, or the server is of no class
    pools_first,  ///< the pools change: what connections need is known after that
    trouble,      ///< today's class is over a limit, or cannot be judged: that comes first
    committed,    ///< saves too little after commitments
    no_price,     ///< of today's class, or of a unit in the region
    no_load,      ///< peak CPU, or what capacity is computed by, is not given
    support,      ///< Extended Support at the minimum, or its price, is not known
    too_large,    ///< the load and its connections need more than there is
    saves_less,   ///< against the recommended class, at the high end, than the policy asks for
};

/// Capacity that follows the load, instead of a class.
struct Serverless {
    const Elastic* elastic = nullptr;
    double min = 0, max = 0;
    Figure<Interval<MicroUsdPerMonth>> cost;       ///< a month
    Figure<Interval<MicroUsdPerMonth>> saves;      ///< against what is paid for today's class
    bool pays = true;                              ///< beside commitments
    std::shared_ptr<const InstanceClass> at_most;  ///< the server that it is at `max`
    std::vector<Survival> losses;                  ///< of other servers, on that
};

namespace plan {

std::string_view name(NoStop why);  ///< "saves_less"; empty for `none`
std::string_view name(NoServerless why);

}  // namespace plan
}  // namespace poolfit
