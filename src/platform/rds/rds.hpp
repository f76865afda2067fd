// What the RDS rows share.
#pragma once

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform::rds {

inline constexpr std::string_view provider = "aws", keeper = "RDS";
inline constexpr std::string_view class_prefix = "db.", class_example = "db.m5.large";
inline constexpr std::string_view region_example = "eu-central-1";
inline constexpr Deployment deployments[] = {{"single-az", "single-AZ"}, {"multi-az", "Multi-AZ"}};
inline constexpr PriceTerm terms[] = {PriceTerm::list, PriceTerm::one_year, PriceTerm::three_years};

/// DBInstanceClassMemory; docs/memory-model.md.
Interval<Bytes> memory(const InstanceClass& cls);
inline constexpr std::string_view memory_basis =
    "memory the guest OS sees on this EC2 type, less what observed RDS servers keep";
inline constexpr std::string_view memory_basis_unmeasured =
    "memory the guest OS sees on EC2 types of this size, less what observed RDS servers keep";

inline constexpr std::string_view memory_source =
    "docs/memory-model.md, fitted to data/catalog/observed_max_connections.csv";

/// What the guest OS sees of the class; a range for those where that isn't measured.
Interval<Bytes> os_memory(const InstanceClass& cls);
inline constexpr std::string_view os_memory_source =
    "docs/memory-model.md: EC2 types of this size, where it is measured";

constexpr Interval<Bytes> mib(std::int64_t low, std::int64_t high) {
    return {Bytes(low * bytes_per_mib), Bytes(high * bytes_per_mib)};
}
/// Where what is at rest, and what an idle server uses, comes from.
inline constexpr std::string_view idle_source =
    "measured: data/catalog/idle_memory.csv; docs/memory-model.md, \"At rest\"";
/// Of MySQL, and for want of measurements of MariaDB: 909 to 934 MiB on 1 GiB, and up to 466 MiB swapped out.
Interval<Bytes> idle_innodb(const InstanceClass& cls);
inline constexpr Interval<Bytes> innodb_at_rest = mib(510, 1170);

/// T3 and T4g run unlimited; T2 is throttled.
Overrun overrun(const InstanceClass& cls);

/// CloudWatch's, and the words of an engine.
constexpr Platform::Words words(std::string_view limit_command, std::string_view activity, std::string_view by_client) {
    return {limit_command,
            "parameter group",
            activity,
            by_client,
            "CloudWatch",
            "DatabaseConnections",
            "CPUUtilization",
            "FreeableMemory",
            "SwapUsage",
            "ReadIOPS",
            "WriteIOPS",
            "CPUCreditBalance",
            "CPUSurplusCreditsCharged"};
}

}  // namespace poolfit::platform::rds
