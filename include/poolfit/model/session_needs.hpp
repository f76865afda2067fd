// What a pool keeps in its session from one transaction to the next, and loses behind a pooler in transaction mode.
#pragma once

#include <vector>

#include <poolfit/model/fleet.hpp>

namespace poolfit {

struct SessionNeed {
    enum class Kind : std::uint8_t {
        prepared,  ///< named prepared statements: PgBouncer 1.21 and newer can keep them
        listen,    ///< LISTEN: no version can
        session,   ///< SET, temporary tables, session advisory locks, WITH HOLD cursors: no version can
        driver,    ///< what its driver does by default
    } kind = Kind::prepared;
    bool loses = false;  ///< no version of PgBouncer keeps it, and no setting of the driver gives it up
    Place place;
};

namespace model {

/// As declared, even if that is an empty list; without a list, what the driver is known for.
std::vector<SessionNeed> session_needs(const Pool& pool);
/// False where neither features nor the driver are given: then it may need anything.
bool session_needs_known(const Pool& pool);

/// Must it keep its session for all that it does? Then no part of it can go through a pooler in transaction mode; a
/// declared LISTEN alone moves to a direct connection.
bool keeps_session(const Pool& pool);

}  // namespace model
}  // namespace poolfit
