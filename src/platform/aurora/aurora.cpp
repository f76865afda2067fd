#include "aurora.hpp"

#include <algorithm>

namespace poolfit::platform::aurora {
namespace {

/// A number of MiB and a share of some memory.
Bytes part(Bytes memory, double mib, double share) {
    return Bytes(static_cast<std::int64_t>(mib * static_cast<double>(bytes_per_mib) +
                                           share * static_cast<double>(memory.value)));
}

}  // namespace

// The limits of 1, 4, 8 and 16 ACU say that (321, 330], (702, 711], (1204, 1213] and (2217, 2226] MiB are kept: 193 to
// 206 MiB and 6.17 %, with a few MiB either way.
Interval<Bytes> capacity_memory(const InstanceClass& cls) {
    return {cls.memory - part(cls.memory, 215, 0.062), cls.memory - part(cls.memory, 188, 0.0612)};
}

Interval<Bytes> memory(const InstanceClass& cls) {
    const Interval<Bytes> as_on_rds = rds::memory(cls);
    return {std::min(as_on_rds.low, std::max(capacity_memory(cls).low, Bytes(0))), as_on_rds.high};
}

Interval<Bytes> idle(const InstanceClass& cls) {
    const Interval<Bytes> seen = rds::mib(836, 3150);
    return {std::min(seen.low, cls.memory), std::min(seen.high, cls.memory)};
}

}  // namespace poolfit::platform::aurora
