// The buffer pool of InnoDB, which MySQL and MariaDB have in common, as RDS sizes it.
#pragma once

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform::innodb {

inline constexpr std::string_view pool_name = "innodb_buffer_pool_size";

/// {DBInstanceClassMemory*3/4}, rounded down to whole chunks of each of its instances: eight of 128 MiB, or one where
/// the pool is under 1 GiB. On micro classes RDS sets 128 to 256 MiB instead.
Interval<Bytes> three_quarters(Bytes memory);
/// `pool` of both ends of a range; it must not fall as memory grows.
Interval<Bytes> over(const Interval<Bytes>& memory, Interval<Bytes> (*pool)(Bytes memory));
/// A pool that is `whole` at most: how much less rounding may leave.
Interval<Bytes> in_chunks(Bytes whole);

inline constexpr Bytes smallest_pool{128 * bytes_per_mib}, largest_micro_pool{256 * bytes_per_mib};
/// Of memory that the engine sees: classes of 1 GiB have less.
inline constexpr Bytes micro{bytes_per_gib};

}  // namespace poolfit::platform::innodb
