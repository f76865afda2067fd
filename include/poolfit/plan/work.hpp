// The work of a strategy, and what may go wrong: values with a kind and numbers; the sentences are render's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <poolfit/model/fleet.hpp>

namespace poolfit {

enum class Effort : std::uint8_t { minutes, hours, days, weeks };

/// The work that a strategy asks for.
struct Work {
    enum class Kind : std::uint8_t {
        nothing_to_change,
        nothing_missing,
        as_conservative,
        impossible,
        there_already,
        settings,  ///< `settings` of `services`
        formulas,  ///< in `services`
        code,      ///< of `services`
        hop,       ///< a pooler, and `services` to point at it
        watching,  ///< for `days`
    } kind = Kind::nothing_to_change;
    std::size_t settings = 0, services = 0;
    Days days{};
};

/// Why a strategy's risk is what it is.
struct Hazard {
    enum class Kind : std::uint8_t {
        nothing_changes,
        as_conservative,
        forced,           ///< `count` pools are as large as the server's limit leaves; their use is not measured
        room_kept,        ///< above the peaks seen; `blind` of `count` pools that change are not monitored
        formulas_hold,    ///< they stay above the peaks seen
        foreign_drivers,  ///< `count` libraries on another driver
        too_small,        ///< for a workload
        no_room,          ///< above the peaks seen
        unmeasured,       ///< use is not known
        session_changes,  ///< transaction mode
        session_ends,     ///< an existing pooler goes from session mode to transaction mode
        poolers_forced,   ///< poolers are as large as a server's limit leaves; what they need is not measured
        poolers_by_load,  ///< only poolers change, to what the load of their clients asks for
        features_break,   ///< of `pools`
    } kind = Kind::nothing_changes;
    std::size_t count = 0, blind = 0;
    bool no_room_either = false;  ///< foreign_drivers: and pools without room above their peaks
    std::vector<Index> pools;
};

}  // namespace poolfit
