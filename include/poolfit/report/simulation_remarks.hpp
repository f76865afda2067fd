// What `simulate` has to say of its numbers, as values with a kind; their words are in render.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <poolfit/model/fleet.hpp>
#include <poolfit/sizing/pool.hpp>

namespace poolfit {

/// Why a pool is compared with no formula: it has no limit, an input is out of range, or no method can do it. Empty
/// where there is a formula.
struct NoLimit {};
using NoFormula = std::variant<std::monostate, NoLimit, queue::BadInput, sizing::Refused>;

/// Why a formula's value lies outside a simulated interval, or only bounds it.
struct Deviation {
    enum class Kind : std::uint8_t {
        none,         ///< it does neither
        not_settled,  ///< the run has not reached steady state, or is too short for such waits
        chance,       ///< one interval of 95 % in twenty misses
        ignored,      ///< the formula knows nothing of what `ignored` lists
    } kind = Kind::none;
    struct Ignored {
        enum class Kind : std::uint8_t {
            deploy,
            failover,
            nested,       ///< checkouts
            threads,      ///< a process serves `at_a_time`
            pooler_wait,  ///< of `record`, `wait` on average
            cpu,          ///< of database `record` is shared, and CPU time takes `stretch` times as long
            resources,    ///< others, which are shared a little
        } kind{};
        std::int64_t at_a_time = 0;
        Index record = 0;
        Millis wait{};
        double stretch = 1;
    };
    std::vector<Ignored> ignored;
};

enum class PoolNote : std::uint8_t {
    no_size,          ///< simulated without a limit
    default_timeout,  ///< acquire_timeout is the driver's default
    no_timeout,       ///< the driver has none
};

struct PoolerNote {
    enum class Kind : std::uint8_t {
        none,
        session,    ///< session mode: so many connections of clients share so many of servers, and keep them
        one_queue,  ///< its instances and pairs share a queue in the simulation, as they don't in reality
    } kind = Kind::none;
    std::int64_t clients = 0, servers = 0;
};

enum class RunNote : std::uint8_t {
    ranges,     ///< are simulated at their demanding end
    no_timeout  ///< pools whose acquire_timeout is not known
};

/// Why an inventory cannot be simulated as it is asked for.
struct NotSimulated {
    enum class Kind : std::uint8_t {
        no_surge,             ///< the deploy of service `record` adds no instances
        short_run,            ///< a failover of database `record` needs `least_seconds`, the run has `seconds`
        no_pool_of_service,   ///< no pool of the deployed service `record` is simulated
        no_pool_of_database,  ///< no simulated pool connects to database `record` or its successor
        too_large,            ///< the system of database `record`: `says`
        refused,              ///< `says`
    } kind{};
    Index record = 0;
    double seconds = 0, least_seconds = 0;
    std::string says{};  ///< in the words of `simulate`
};

}  // namespace poolfit
