// What the tools of AWS, and Terraform and CloudFormation, call an RDS instance.
#include "rds.hpp"

namespace poolfit::platform::rds {
namespace {

constexpr Terraform terraform{
    .resource = "aws_db_instance",
    .block = {},
    .cls = "instance_class",
    .class_value = nullptr,
    .storage_resource = {},
    .storage_type = "storage_type",
    .size = "allocated_storage",
    .iops = "iops",
    .throughput = "storage_throughput",
    .parameters = "aws_db_parameter_group",
    .parameter_block = "parameter",
    .proxy = "aws_db_proxy_default_target_group",
    .proxy_block = "connection_pool_config",
    .proxy_share = "max_connections_percent",
    .source = "hashicorp/terraform-provider-aws, website/docs/r/db_instance",
    .as_of = "2026-11",
};

constexpr CloudFormation cloudformation{
    .resource = "AWS::RDS::DBInstance",
    .cls = "DBInstanceClass",
    .storage_resource = {},
    .storage_type = "StorageType",
    .size = "AllocatedStorage",
    .iops = "Iops",
    .throughput = "StorageThroughput",
    .parameters = "AWS::RDS::DBParameterGroup",
    .proxy = "AWS::RDS::DBProxyTargetGroup",
    .source = "CloudFormation template reference, AWS::RDS::DBInstance and AWS::RDS::DBParameterGroup",
    .as_of = "2026-11",
};

using enum Metric::Unit;
constexpr Metric all[] = {
    {Watched::connections, count, "DatabaseConnections", "Maximum", "aws_rds_database_connections_maximum{SERVER}"},
    {Watched::cpu, percent, "CPUUtilization", "Average", "aws_rds_cpuutilization_average{SERVER}"},
    {Watched::memory, bytes_free, "FreeableMemory", "Minimum", "aws_rds_freeable_memory_minimum{SERVER}"},
    {Watched::credits, count, "CPUCreditBalance", "Minimum", "aws_rds_cpucredit_balance_minimum{SERVER}"},
    {Watched::surplus_credits, count, "CPUSurplusCreditsCharged", "Sum",
     "aws_rds_cpusurplus_credits_charged_sum{SERVER}"},
    {Watched::replica_lag, seconds, "ReplicaLag", "Maximum", "aws_rds_replica_lag_maximum{SERVER}"},
    {Watched::free_storage, count, "FreeStorageSpace", "Minimum", {}},
};
constexpr Metrics metrics{
    .place = "AWS/RDS",
    .dimension = "DBInstanceIdentifier",
    .exporter = "YACE (yet-another-cloudwatch-exporter)",
    .label = "dimension_DBInstanceIdentifier",
    .before = {},
    .after = {},
    .all = all,
    .source =
        "RDS user guide, metrics and dimensions; prometheus-community/yet-another-cloudwatch-exporter, pkg/promutil",
    .as_of = "2026-11",
};

constexpr CommandLine command_line{.name = "rds",
                                   .programs = "aws",
                                   .tier = nullptr,
                                   .storage_type = "--storage-type",
                                   .size = "--allocated-storage",
                                   .iops = "--iops",
                                   .throughput = "--storage-throughput"};

}  // namespace

constinit const Tools tools{&command_line, &terraform, &cloudformation, &metrics};

}  // namespace poolfit::platform::rds
