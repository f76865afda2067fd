// What a process can hold of a pool: the one home of what its runtime, its threads, nested checkouts, the pool's
// features and its driver say about a size.
#pragma once

#include <cstdint>
#include <optional>

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// Requests or jobs that a process serves at a time: its threads; one where the runtime serves one by one. Nothing
/// where that is not known, and for an event loop, which has no such number.
std::optional<std::int64_t> at_a_time(const Service& service);

/// Does the driver open `number` connections, with no setting for another size?
bool is_fixed(const DriverDefault& driver);
/// Is there a setting for the pool's size? A driver that opens a connection for each thread has none, unless the
/// inventory's max says that a pool is used; nor has one that is fixed, unless more was seen in use.
bool has_setting(const Pool& pool);

/// Connections of one pool of a process, each from 1 to max_pool, `floor` <= `ceiling`. Where the process has a pool
/// for each of several databases, all requests may be of one database, so each pool's ceiling is as if it were the only
/// one; the floor assumes that they are spread evenly.
struct Holding {
    /// With fewer, the requests it serves at a time can block each other: threads that keep a connection until their
    /// request ends wait for each other, nested checkouts wait forever. If the driver is unknown, no less than today as
    /// far as threads can use it, and one for each thread where the use that was seen comes near that (observed_buffer
    /// times the peak).
    Connections floor{1};
    /// The most that is ever held: one for each request, one more for each nested checkout, one that LISTENs. Nothing
    /// where the runtime sets no such limit, or where a higher peak was seen, since a measurement overrides it. Today's
    /// size where a workload keeps more busy than that: one of the two inputs is wrong, and a smaller pool could not
    /// serve the load.
    std::optional<Connections> ceiling;

    Connections within(Connections size) const {
        if (ceiling && size > *ceiling) size = *ceiling;
        return size < floor ? floor : size;
    }
};

/// `today` is the pool's size as it is declared.
Holding holding(const Fleet& fleet, const Pool& pool, std::optional<Connections> today);

/// The ceiling by the runtime alone, whatever was observed.
std::optional<Connections> most_by_runtime(const Fleet& fleet, const Pool& pool);
/// The same of all the pools that a process has, one for each database: so many can be busy at once.
std::optional<Connections> most_of_process(const Fleet& fleet, const Pool& pool);

/// What the floor is based on.
enum class FloorBy : std::uint8_t {
    none,    ///< 1
    nested,  ///< requests × nested + 1
    each,    ///< one for each request, over all databases of the pool
    today,   ///< today's size
};
FloorBy floor_by(const Fleet& fleet, const Pool& pool, std::optional<Connections> today);

/// Busy connections of one process at the most, over all its databases, as far as it was seen, a whole number; 0 where
/// it was not.
std::int64_t observed_peak(const Pool& pool);
/// The smallest size with which the pools of a process have one connection more than that peak; 1 where it was not
/// seen.
std::int64_t over_peak(const Pool& pool);

}  // namespace poolfit::model
