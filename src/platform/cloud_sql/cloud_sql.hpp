// What the Cloud SQL rows share.
#pragma once

#include "../engine.hpp"
#include "../unmeasured.hpp"

namespace poolfit::platform::cloud_sql {

inline constexpr Deployment deployments[] = {{"zonal", "zonal"}, {"regional", "regional"}};
inline constexpr PriceTerm terms[] = {PriceTerm::list};

/// "db-custom-2-7680": vCPUs and MiB.
std::optional<std::variant<CustomClasses::Shape, CustomClasses::Wrong>> shape(std::string_view name);
inline constexpr CustomClasses custom{
    "custom", "enterprise",
    "cloud.google.com/sql/docs/postgres/instance-settings: 1 or an even number of vCPUs to 96; 0.9 to 6.5 GB for each, "
    "a multiple of 256 MB, 3.75 GB at least",
    shape};

extern const Volumes volumes;
extern const Tools postgresql_tools, mysql_tools;

// cloud.google.com/sql/docs/postgres/delete-instance, gcloud sql instances delete.
inline constexpr Leaving leaving{
    "a final backup or an export", "that backup or export",
    ": all its other backups go with it. A final backup is kept for 30 days unless it says otherwise, 365 at most; an "
    "export in Cloud Storage is kept until it is deleted."};

// cloud.google.com/sql/docs/postgres/start-stop-restart-instance: NEVER avoids instance charges; not for replicas.
inline constexpr Stopping stopping{
    " (activation policy NEVER, and ALWAYS to start it)",
    "Storage and IP addresses are charged while it is stopped, and it stays stopped until it is started."};

/// Another edition is another machine, and another promise.
std::string_view move_changes(const InstanceClass& from, const InstanceClass& to);

/// "europe-west1": an area, and a direction with a number.
bool is_region(std::string_view name);

inline constexpr Connector connector{"cloud-sql", "the built-in Cloud SQL connection", "a Cloud Run instance", 100,
                                     "Cloud Run quotas: 100 connections of an instance to a Cloud SQL instance"};

/// What an engine on Cloud SQL has of its own.
struct Row {
    std::string_view id, full, brief;
    std::span<const Series> mainstream;
    std::int64_t least_connections;
    bool limit_follows_class;
    BufferMemory (*buffers)(const Interval<Bytes>& engine_memory, const std::optional<EngineVersion>& version);
    std::span<const Pooler::Kind> poolers;
    std::string_view connections;  ///< the metric
    const Tools* tools;
};

constexpr Platform row(const Engine& engine, const Row& own) {
    return {
        .id = own.id,
        .provider = "gcp",
        .engine = engine.id,
        .label = own.id,
        .names = {own.full, own.brief, engine.name, "Cloud SQL"},
        .spellings = engine.spellings,
        .compatible = engine.compatible,
        .versions = {engine.version_example, engine.version, 0, own.mainstream},
        .has_classes = true,
        .elastic = nullptr,
        .volumes = &volumes,
        .class_prefix = "db-",
        .class_example = "db-custom-2-7680",
        .custom = &custom,
        .region_example = "us-central1",
        .catalog_region = "us-central1",
        .is_region = is_region,
        .deployments = deployments,
        .standby_costs_the_same = true,
        .terms = terms,
        .limit = {own.least_connections, engine.most_connections, 0, own.limit_follows_class, unmeasured::os_memory,
                  unmeasured::memory_basis, unmeasured::memory_basis, unmeasured::memory_source},
        .buffers_name = engine.buffers_name,
        .buffers = own.buffers,
        .rest = &unmeasured::rest,
        .reads_past_page_cache = engine.reads_past_page_cache,
        .connection_memory = engine.connection_memory,
        .connection_source = engine.connection_source,
        .standby_needs_limit = engine.standby_needs_limit,
        .replicas_upgrade_first = engine.replicas_upgrade_first,
        .series_by_series = false,
        .cluster = false,
        .stopping = &stopping,
        .leaving = &leaving,
        .move_changes = move_changes,
        .prepared_pins = engine.prepared_pins,
        .limit_needs_restart = engine.limit_needs_restart,
        .overrun = nullptr,
        .poolers = own.poolers,
        .built_in_pooler = nullptr,
        .connector = &connector,
        .lists_hosts = false,
        .words = {.limit_command = engine.limit_command,
                  .settings = "database flags",
                  .following = "unset",
                  .activity = engine.activity,
                  .by_client = engine.by_client,
                  .monitoring = "Cloud Monitoring",
                  .disk = "disk",
                  .standby = "standby",
                  .clusters = {},
                  .connections = own.connections,
                  .cpu = "database/cpu/utilization",
                  .freeable_memory = "database/memory/quota − database/memory/usage",
                  .swap = "database/swap/bytes_used",
                  .read_iops = "database/disk/read_ops_count",
                  .write_iops = "database/disk/write_ops_count",
                  .credit_balance = {},
                  .surplus_credits = {},
                  .prices_command = "U=https://cloudbilling.googleapis.com/v1/services; "
                                    "curl -G $U/9662-B51E-5089/skus -d pageSize=5000 -d key=KEY > prices.json",
                  .prices_kind = "google-prices",
                  .server_command = "gcloud sql instances list --format='table(name, settings.tier)'"},
        .tools = own.tools,
    };
}

}  // namespace poolfit::platform::cloud_sql
