// What the tools of AWS, and Terraform and CloudFormation, call an RDS instance.
#include "../aws.hpp"
#include "../cloudwatch.hpp"
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
    .applied = aws::applied,
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
constexpr Metric all_metrics[] = {
    cloudwatch::connections,
    cloudwatch::cpu,
    cloudwatch::memory,
    cloudwatch::credits,
    cloudwatch::surplus_credits,
    {Watched::replica_lag, seconds, "ReplicaLag", "Maximum", "aws_rds_replica_lag_maximum{SERVER}"},
    {Watched::free_storage, count, "FreeStorageSpace", "Minimum", {}},
};
constexpr Metrics metrics = cloudwatch::of(
    all_metrics,
    "RDS user guide, metrics and dimensions; prometheus-community/yet-another-cloudwatch-exporter, pkg/promutil");

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
