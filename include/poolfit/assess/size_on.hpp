// The size of a pool on another class than today's: a formula may count the vCPUs of its database.
#pragma once

#include <poolfit/assess/budget.hpp>

namespace poolfit::assess {

/// Does the formula in the pool's `max` count them?
bool counts_database_vcpus(const Pool& pool);
/// The pool's `max` where its database is on `cls`; nothing where it gives no size there.
PoolSize size_on(const Fleet& fleet, Index pool, const InstanceClass& cls, Recorder recorder);

}  // namespace poolfit::assess
