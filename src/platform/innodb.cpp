#include "innodb.hpp"

#include <algorithm>

namespace poolfit::platform::innodb {

Interval<Bytes> in_chunks(Bytes whole) {
    constexpr std::int64_t chunk = 128 * bytes_per_mib, instances = 8;
    const std::int64_t step = whole.value >= bytes_per_gib ? chunk * instances : chunk;
    return {Bytes(whole.value - whole.value % step), whole};
}

Interval<Bytes> three_quarters(Bytes memory) {
    if (memory < micro) return {smallest_pool, largest_micro_pool};
    return in_chunks(Bytes(memory.value / 4 * 3));
}

Interval<Bytes> over(const Interval<Bytes>& memory, Interval<Bytes> (*pool)(Bytes memory)) {
    return {pool(memory.low).low, pool(memory.high).high};
}

}  // namespace poolfit::platform::innodb
