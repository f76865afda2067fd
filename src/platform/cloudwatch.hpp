// Metrics of CloudWatch that instances of RDS and of Aurora have alike, and where they are read.
#pragma once

#include <span>
#include <string_view>

#include <poolfit/platform/tools.hpp>

namespace poolfit::platform::cloudwatch {

inline constexpr Metric connections{Watched::connections, Metric::Unit::count, "DatabaseConnections", "Maximum",
                                    "aws_rds_database_connections_maximum{SERVER}"};
inline constexpr Metric cpu{Watched::cpu, Metric::Unit::percent, "CPUUtilization", "Average",
                            "aws_rds_cpuutilization_average{SERVER}"};
inline constexpr Metric memory{Watched::memory, Metric::Unit::bytes_free, "FreeableMemory", "Minimum",
                               "aws_rds_freeable_memory_minimum{SERVER}"};
inline constexpr Metric credits{Watched::credits, Metric::Unit::count, "CPUCreditBalance", "Minimum",
                                "aws_rds_cpucredit_balance_minimum{SERVER}"};
inline constexpr Metric surplus_credits{Watched::surplus_credits, Metric::Unit::count, "CPUSurplusCreditsCharged",
                                        "Sum", "aws_rds_cpusurplus_credits_charged_sum{SERVER}"};

/// `all` outlives the result. `source`: of the metrics and of the exporter's names.
constexpr Metrics of(std::span<const Metric> all, std::string_view source) {
    return {.place = "AWS/RDS",
            .dimension = "DBInstanceIdentifier",
            .exporter = "YACE (yet-another-cloudwatch-exporter)",
            .label = "dimension_DBInstanceIdentifier",
            .before = {},
            .after = {},
            .all = all,
            .source = source,
            .as_of = "2026-11"};
}

}  // namespace poolfit::platform::cloudwatch
