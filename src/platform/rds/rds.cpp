#include "rds.hpp"

#include <algorithm>

namespace poolfit::platform::rds {
namespace {

constexpr CommitmentTerms::Size sizes[] = {{"micro", 0.5}, {"small", 1}, {"medium", 2}, {"large", 4}, {"xlarge", 8}};

/// A number of MiB and a share of some memory.
struct Part {
    double mib, share;
    Bytes of(Bytes memory) const {
        return Bytes(static_cast<std::int64_t>(mib * static_cast<double>(bytes_per_mib) +
                                               share * static_cast<double>(memory.value)));
    }
};

// What RDS keeps of the memory that the guest OS sees. Observed servers keep 128 to 204 MiB, whatever their size
// (1 to 16 GiB); 70 MiB either way, and 1.25 % since OS-visible memory itself differs by that between kernels.
constexpr Part kept_at_least{99, -0.0125};
constexpr Part kept_at_most{257, 0.0125};

// What the guest OS doesn't see of the label, for the classes where that isn't measured. It is measured for 269,
// and lies within these for every one of a Nitro generation from 8 GiB on (x and z families apart).
constexpr Part unseen_at_least{145, 0.0259};
constexpr Part unseen_at_most{160, 0.039};

}  // namespace

Interval<Bytes> os_memory(const InstanceClass& cls) {
    if (cls.os_visible) return Interval<Bytes>(*cls.os_visible);
    return {cls.memory - unseen_at_most.of(cls.memory), cls.memory - unseen_at_least.of(cls.memory)};
}

Interval<Bytes> memory(const InstanceClass& cls) {
    const Interval<Bytes> seen = os_memory(cls);
    const Bytes low = std::max(seen.low - kept_at_most.of(seen.low), Bytes(0));
    const Bytes high = seen.high - std::max(Bytes(0), kept_at_least.of(seen.high));
    return {low, std::max(high, low)};
}

Interval<Bytes> idle_innodb(const InstanceClass& cls) {
    return cls.memory.value <= bytes_per_gib ? mib(909, 934 + 466) : mib(909, 934);
}

constinit const CommitmentTerms commitment{
    sizes,
    2,
    "Amazon RDS User Guide, Working with reserved DB instances: normalized units per hour",
    "Database Savings Plan",
    7,
    "AWS, Database Savings Plans (2025-12): classes of generation 7 and newer, and Aurora Serverless v2",
    "aws savingsplans describe-savings-plans-offering-rates --region us-east-1 --savings-plan-types Database "
    "--products RDS --filters name=region,values={region} > rates.json",
};

Overrun overrun(const InstanceClass& cls) { return cls.family == "t2" ? Overrun::throttled : Overrun::charged; }

}  // namespace poolfit::platform::rds
