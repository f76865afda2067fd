// What Google's tools and Terraform call a Cloud SQL instance.
#include "cloud_sql.hpp"

namespace poolfit::platform::cloud_sql {
namespace {

constexpr Terraform terraform{
    .resource = "google_sql_database_instance",
    .block = "settings",
    .cls = "tier",
    .class_value = nullptr,
    .storage_resource = {},
    .storage_type = "disk_type",
    .size = "disk_size",
    .iops = "data_disk_provisioned_iops",
    .throughput = "data_disk_provisioned_throughput",
    .applied = "a change is made at once; of tier or max_connections it restarts the instance",
    .parameters = {},
    .parameter_block = "database_flags",
    .proxy = {},
    .proxy_block = {},
    .proxy_share = {},
    .source = "hashicorp/terraform-provider-google, website/docs/r/sql_database_instance",
    .as_of = "2026-11",
};

using enum Metric::Unit;
constexpr Metric postgresql_metrics[] = {
    {Watched::connections, count, "database/postgresql/num_backends", "Maximum",
     "sum by (database_id) "
     "(stackdriver_cloudsql_database_cloudsql_googleapis_com_database_postgresql_num_backends{SERVER})"},
    {Watched::cpu, ratio, "database/cpu/utilization", "Average",
     "stackdriver_cloudsql_database_cloudsql_googleapis_com_database_cpu_utilization{SERVER}"},
    {Watched::memory, ratio_used, "database/memory/utilization", "Maximum",
     "stackdriver_cloudsql_database_cloudsql_googleapis_com_database_memory_utilization{SERVER}"},
};
constexpr Metric mysql_metrics[] = {
    {Watched::connections, count, "database/network/connections", "Maximum",
     "stackdriver_cloudsql_database_cloudsql_googleapis_com_database_network_connections{SERVER}"},
    {Watched::cpu, ratio, "database/cpu/utilization", "Average",
     "stackdriver_cloudsql_database_cloudsql_googleapis_com_database_cpu_utilization{SERVER}"},
    {Watched::memory, ratio_used, "database/memory/utilization", "Maximum",
     "stackdriver_cloudsql_database_cloudsql_googleapis_com_database_memory_utilization{SERVER}"},
};

constexpr Metrics metrics(std::span<const Metric> all) {
    return {
        .place = {},
        .dimension = {},
        .exporter = "stackdriver_exporter",
        .label = "database_id",
        .before = "[^:]+:",
        .after = {},
        .all = all,
        .source =
            "Google Cloud metrics, cloudsql.googleapis.com; prometheus-community/stackdriver_exporter, "
            "collectors/monitoring_metrics",
        .as_of = "2026-11",
    };
}
constexpr Metrics of_postgresql = metrics(postgresql_metrics), of_mysql = metrics(mysql_metrics);

constexpr CommandLine command_line{
    .name = "cloud_sql", .programs = "gcloud", .tier = nullptr, .size = "--storage-size"};

}  // namespace

constinit const Tools postgresql_tools{&command_line, &terraform, nullptr, &of_postgresql};
constinit const Tools mysql_tools{&command_line, &terraform, nullptr, &of_mysql};

}  // namespace poolfit::platform::cloud_sql
