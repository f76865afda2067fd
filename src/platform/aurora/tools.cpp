// What the tools of AWS, and Terraform and CloudFormation, call an instance of an Aurora cluster.
#include "aurora.hpp"

namespace poolfit::platform::aurora {
namespace {

constexpr Terraform terraform{
    .resource = "aws_rds_cluster_instance",
    .block = {},
    .cls = "instance_class",
    .class_value = nullptr,
    .storage_resource = "aws_rds_cluster",
    .storage_type = "storage_type",
    .size = {},
    .iops = {},
    .throughput = {},
    .parameters = "aws_db_parameter_group",
    .parameter_block = "parameter",
    .proxy = "aws_db_proxy_default_target_group",
    .proxy_block = "connection_pool_config",
    .proxy_share = "max_connections_percent",
    .source = "hashicorp/terraform-provider-aws, website/docs/r/rds_cluster_instance and rds_cluster",
    .as_of = "2026-11",
};

constexpr CloudFormation cloudformation{
    .resource = "AWS::RDS::DBInstance",
    .cls = "DBInstanceClass",
    .storage_resource = "AWS::RDS::DBCluster",
    .storage_type = "StorageType",
    .size = {},
    .iops = {},
    .throughput = {},
    .parameters = "AWS::RDS::DBParameterGroup",
    .proxy = "AWS::RDS::DBProxyTargetGroup",
    .source = "CloudFormation template reference, AWS::RDS::DBInstance and AWS::RDS::DBCluster",
    .as_of = "2026-11",
};

using enum Metric::Unit;
// No exporter's name of AuroraReplicaLag was read.
constexpr Metric all[] = {
    {Watched::connections, count, "DatabaseConnections", "Maximum", "aws_rds_database_connections_maximum{SERVER}"},
    {Watched::cpu, percent, "CPUUtilization", "Average", "aws_rds_cpuutilization_average{SERVER}"},
    {Watched::memory, bytes_free, "FreeableMemory", "Minimum", "aws_rds_freeable_memory_minimum{SERVER}"},
    {Watched::credits, count, "CPUCreditBalance", "Minimum", "aws_rds_cpucredit_balance_minimum{SERVER}"},
    {Watched::surplus_credits, count, "CPUSurplusCreditsCharged", "Sum",
     "aws_rds_cpusurplus_credits_charged_sum{SERVER}"},
    {Watched::replica_lag, milliseconds, "AuroraReplicaLag", "Maximum", {}},
    {Watched::free_storage, count, "FreeLocalStorage", "Minimum", {}},
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
        "Aurora user guide, CloudWatch metrics; prometheus-community/yet-another-cloudwatch-exporter, pkg/promutil",
    .as_of = "2026-11",
};

constexpr CommandLine command_line{.name = "rds",
                                   .programs = "aws",
                                   .tier = nullptr,
                                   .storage_type = "--storage-type",
                                   .size = "",
                                   .iops = "",
                                   .throughput = ""};

}  // namespace

constinit const Tools tools{&command_line, &terraform, &cloudformation, &metrics};

}  // namespace poolfit::platform::aurora
