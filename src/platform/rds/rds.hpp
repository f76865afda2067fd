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
