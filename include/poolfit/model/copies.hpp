// How many pools of its size one record of a pool stands for: instances × processes × databases. The one home of that
// product for counts without a derivation; with one it is assess::copies.
#pragma once

#include <algorithm>
#include <cstdint>

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// More copies than any server has connections: a product with max_pool stays far below what 64 bits hold.
inline constexpr std::int64_t max_copies = 10'000'000'000;

/// Pools of one instance of its service: one for each database in each process.
inline std::int64_t copies_of_instance(const Fleet& fleet, const Pool& pool) {
    return *fleet.services[pool.service].processes * *pool.databases;
}

/// With so many instances; at most max_copies.
inline std::int64_t copies(const Fleet& fleet, const Pool& pool, std::int64_t instances) {
    const std::int64_t each = copies_of_instance(fleet, pool);
    return instances > max_copies / each ? max_copies : instances * each;
}

/// At the maximum number of instances.
inline std::int64_t copies(const Fleet& fleet, const Pool& pool) {
    return copies(fleet, pool, fleet.services[pool.service].instances->high);
}

}  // namespace poolfit::model
