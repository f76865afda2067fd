// What the tools of AWS, and Terraform and CloudFormation, call an instance of an Aurora cluster.
#include "../aws.hpp"
#include "../cloudwatch.hpp"
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
    .applied = aws::applied,
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
constexpr Metric all_metrics[] = {
    cloudwatch::connections,
    cloudwatch::cpu,
    cloudwatch::memory,
    cloudwatch::credits,
    cloudwatch::surplus_credits,
    {Watched::replica_lag, milliseconds, "AuroraReplicaLag", "Maximum", {}},
    {Watched::free_storage, count, "FreeLocalStorage", "Minimum", {}},
};
constexpr Metrics metrics = cloudwatch::of(
    all_metrics,
    "Aurora user guide, CloudWatch metrics; prometheus-community/yet-another-cloudwatch-exporter, pkg/promutil");

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
