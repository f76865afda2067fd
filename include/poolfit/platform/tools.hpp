// How tools outside poolfit name a server and change it: a provider's command line, Terraform, CloudFormation, and the
// metrics that alarms ask for. Data of the platforms' rows, for the files of `poolfit emit`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <poolfit/model/catalog.hpp>

namespace poolfit {

/// What is measured of a server.
enum class Watched : std::uint8_t { connections, cpu, memory, credits, surplus_credits, replica_lag, free_storage };

/// A metric in its provider's monitoring and in Prometheus.
struct Metric {
    Watched what{};
    /// What 1 of the metric is.
    enum class Unit : std::uint8_t {
        count,         ///< connections, credits
        bytes_free,    ///< of memory
        percent,       ///< of all vCPUs
        ratio,         ///< the same, to 1
        percent_used,  ///< of memory
        ratio_used,    ///< the same, to 1
        seconds,
        milliseconds,
    } unit = Unit::count;
    std::string_view name{};       ///< the provider's: "DatabaseConnections"; empty: it has none
    std::string_view statistic{};  ///< to ask it for: "Maximum"
    /// In PromQL, SERVER in place of what selects the server, SPAN of a duration; empty: no exporter is known.
    std::string_view series{};
};

struct Metrics {
    std::string_view place;          ///< of the provider's metrics: "AWS/RDS"; empty: it has none
    std::string_view dimension;      ///< there: "DBInstanceIdentifier"
    std::string_view exporter;       ///< of the series: "YACE"
    std::string_view label;          ///< that selects a server
    std::string_view before, after;  ///< patterns around the server's name in the label; empty: it is the name
    std::span<const Metric> all;
    std::string_view source, as_of;
};

struct Terraform {
    std::string_view resource;  ///< "aws_db_instance"
    std::string_view block;     ///< in it, of what follows: "settings"; empty: the resource itself
    std::string_view cls;       ///< "instance_class"
    std::string (*class_value)(const InstanceClass& cls);   ///< null: the class's name
    std::string_view storage_resource;                      ///< where that is another: "aws_rds_cluster"
    std::string_view storage_type, size, iops, throughput;  ///< arguments; empty: it has none
    std::int64_t size_per_gib = 1;                          ///< what a GiB is in `size`
    /// The performance tier that comes with a size: an argument beside it, which may name a higher one. Null: none.
    std::string_view (*tier_of_size)(std::int64_t gib) = nullptr;
    std::string_view tier{};
    std::string_view applied;  ///< when a change takes place: "a change waits for the maintenance window …"
    /// What max_connections is set in: a resource of parameters, or a block of the server's.
    std::string_view parameters;
    std::string_view parameter_block;
    /// A managed pooler's share of max_connections, in percent; empty: there is none.
    std::string_view proxy, proxy_block, proxy_share;
    std::string_view source, as_of;
};

struct CloudFormation {
    std::string_view resource;          ///< "AWS::RDS::DBInstance"
    std::string_view cls;               ///< "DBInstanceClass"
    std::string_view storage_resource;  ///< where that is another: "AWS::RDS::DBCluster"
    std::string_view storage_type, size, iops, throughput;
    std::string_view parameters;  ///< "AWS::RDS::DBParameterGroup"
    std::string_view proxy;       ///< "AWS::RDS::DBProxyTargetGroup"
    std::string_view source, as_of;
};

/// A provider's command line.
struct CommandLine {
    std::string_view name;      ///< of its functions in data/emit/runbook/NAME.sh, and what they begin with
    std::string_view programs;  ///< that they call: "aws"
    /// What a change of a class takes besides its name; null: nothing.
    std::string_view (*tier)(const InstanceClass& cls) = nullptr;
    std::string_view storage_type{}, size{}, iops{}, throughput{};  ///< options; empty: it has none
};

/// Where one is null, the provider has no such tool.
struct Tools {
    const CommandLine* command_line = nullptr;
    const Terraform* terraform = nullptr;
    const CloudFormation* cloudformation = nullptr;
    const Metrics* metrics = nullptr;
};

namespace platform {

/// Null where it is not measured.
const Metric* find_metric(const Metrics& metrics, Watched what);

}  // namespace platform
}  // namespace poolfit
