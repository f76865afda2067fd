// Aliases of a pooler: which belong to one process, and what their keys are called.
#pragma once

#include <cstdint>
#include <string_view>

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// Of the records of one process, the first; itself if it is the only one.
inline Index process_of(const Fleet& fleet, Index pooler) { return fleet.poolers[pooler].process.value_or(pooler); }

/// The process as its users call it: "bouncer" for the alias "bouncer/orders".
inline std::string_view process_name(const Pooler& pooler) {
    const std::string_view name = *pooler.name;
    return pooler.process ? name.substr(0, name.find('/')) : name;
}

/// Pairs that share one database's max_db_connections: its users, at most.
inline std::int64_t pairs_of_database(const Pooler& pooler) {
    return (*pooler.pairs + pooler.databases - 1) / pooler.databases;
}

/// max_db_connections with another default_pool_size: raised where it would stop a size that is no smaller than
/// today's. 0: none.
inline std::int64_t db_connections_with(const Pooler& pooler, std::int64_t size) {
    const std::int64_t today = pooler.max_db_connections ? **pooler.max_db_connections : 0;
    if (today <= 0 || size < *pooler.default_pool_size) return today;
    const std::int64_t all = size * pairs_of_database(pooler);
    return today < all ? all : today;
}

/// RDS Proxy: its share of max_connections, all of them unless given.
inline double share_of(const Pooler& pooler) {
    return pooler.max_connections_percent ? pooler.max_connections_percent->value.value : 1.0;
}
/// That share is set in whole percent.
inline constexpr std::int64_t whole_percent = 100;

/// The keys of its record: an alias has PgBouncer's own words.
inline std::string_view size_key(const Pooler& pooler) { return pooler.process ? "pool_size" : "default_pool_size"; }
/// Where its size is set, or is to be set: an alias that takes its pooler's gets its own.
inline Place size_place(const Pooler& pooler) {
    return pooler.default_pool_size.place && !pooler.takes_size ? pooler.default_pool_size.place : pooler.place;
}
inline std::string_view mode_key(const Pooler& pooler) { return pooler.process ? "pool_mode" : "mode"; }

}  // namespace poolfit::model
