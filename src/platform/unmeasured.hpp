// Memory of managed servers that has not been measured: ranges at least as wide as what is known of RDS.
#pragma once

#include <algorithm>

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform::unmeasured {

/// What the guest OS sees of a label: all of it at the most, and at the least what it sees of the smallest EC2 types.
inline Interval<Bytes> os_memory(const InstanceClass& cls) {
    const std::int64_t kept = 160 * bytes_per_mib + cls.memory.value / 1000 * 39;
    return {Bytes(std::max(cls.memory.value - kept, cls.memory.value / 2)), cls.memory};
}
inline constexpr std::string_view os_source =
    "not measured: all of the label, or up to 160 MiB and 3.9 % less, as on EC2 (docs/memory-model.md)";
inline constexpr std::string_view memory_basis = "no server was measured: what the guest OS sees of a label";
inline constexpr std::string_view memory_source = "docs/memory-model.md, \"Servers that were not measured\"";

constexpr Interval<Bytes> mib(std::int64_t low, std::int64_t high) {
    return {Bytes(low * bytes_per_mib), Bytes(high * bytes_per_mib)};
}

/// An idle server: at least what is at rest, and at most what a small one on RDS was seen to use under load.
inline Interval<Bytes> idle(const InstanceClass& cls) {
    return {std::min(Bytes(220 * bytes_per_mib), cls.memory), std::min(Bytes(1434 * bytes_per_mib), cls.memory)};
}

inline constexpr std::string_view source =
    "not measured: from what PostgreSQL has at rest on RDS to twice its most (data/catalog/idle_memory.csv)";
inline constexpr RestMemory rest{os_memory, os_source, mib(220, 1620), source, idle, source};

/// From one share of the memory that the engine sees to another, in thousandths.
constexpr BufferMemory between(const Interval<Bytes>& memory, std::int64_t low, std::int64_t high,
                               std::string_view formula, std::string_view from) {
    return {{Bytes(memory.low.value / 1000 * low), Bytes(memory.high.value / 1000 * high)}, formula, 0, from};
}

}  // namespace poolfit::platform::unmeasured
