#include "../azure/azure.hpp"
#include "../postgresql/postgresql.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{13}, {14}, {15}, {16}, {17}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::pgbouncer};

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>&) {
    return unmeasured::between(memory, 125, 250, "engine_memory × 1 / 8 to × 1 / 4",
                               "not measured on Azure: a quarter of the memory, half of that on the smallest servers");
}

// MicrosoftDocs/azure-databases-docs articles/postgresql/configure-maintain/how-to-stop-server.md
constexpr Stopping stopping{
    "",
    "Storage and backups are charged while it is stopped, Azure starts it again after 7 days and may start it "
    "briefly for maintenance, and reserved capacity is paid for all the same."};

// Microsoft Learn, Backup and restore in Azure Database for PostgreSQL: backups of a deleted server are kept for five
// days, and backup files can be neither reached nor exported.
constexpr Leaving leaving{"a dump (pg_dump)", "the dump",
                          " elsewhere: its backups stay for five days after it is deleted, and cannot be exported."};

constexpr BuiltInPooler pgbouncer{
    .name = "Azure's built-in PgBouncer",
    .pool_size = 50,
    .share = Fraction(0),
    .max_client_conn = 5000,
    .mode = Pooler::Mode::transaction,
    .on = [](const InstanceClass& cls) { return cls.category != "burstable"; },
    .where = "General Purpose and Memory Optimized servers",
    .source =
        "Microsoft Learn, PgBouncer in Azure Database for PostgreSQL: default_pool_size 50, max_client_conn 5,000",
};

}  // namespace

constinit const Platform rows::azure_postgresql{
    .id = "azure-postgresql",
    .provider = "azure",
    .engine = postgresql::engine.id,
    .label = "azure-postgresql",
    .names = {"Azure Database for PostgreSQL", "Azure PostgreSQL", postgresql::engine.name, "Azure"},
    .spellings = postgresql::engine.spellings,
    .compatible = postgresql::engine.compatible,
    .versions = {postgresql::engine.version_example, postgresql::engine.version, 0, mainstream},
    .has_classes = true,
    .elastic = nullptr,
    .volumes = &azure::volumes,
    .class_prefix = "Standard_",
    .class_example = "Standard_D2ds_v4",
    .custom = nullptr,
    .lists_io = true,
    .region_example = "westeurope",
    .catalog_region = "westeurope",
    .is_region = azure::is_region,
    .deployments = azure::deployments,
    .standby_costs_the_same = true,
    .takes_standby = [](const InstanceClass& cls) { return cls.category != "burstable"; },
    .with_standby = "General Purpose and Memory Optimized servers",
    .terms = azure::terms,
    .limit = {25, 5000, 0, false, unmeasured::os_memory, unmeasured::memory_basis, unmeasured::memory_basis,
              unmeasured::memory_source},
    .buffers_name = postgresql::engine.buffers_name,
    .buffers = buffers,
    .rest = &unmeasured::rest,
    .reads_past_page_cache = postgresql::engine.reads_past_page_cache,
    .connection_memory = postgresql::engine.connection_memory,
    .connection_source = postgresql::engine.connection_source,
    .standby_needs_limit = postgresql::engine.standby_needs_limit,
    .replicas_upgrade_first = postgresql::engine.replicas_upgrade_first,
    .series_by_series = false,
    .cluster = false,
    .stopping = &stopping,
    .leaving = &leaving,
    .prepared_pins = postgresql::engine.prepared_pins,
    .limit_needs_restart = postgresql::engine.limit_needs_restart,
    .overrun = nullptr,
    .poolers = poolers,
    .built_in_pooler = &pgbouncer,
    .connector = nullptr,
    .lists_hosts = false,
    .words = {.limit_command = postgresql::engine.limit_command,
              .settings = "server parameters",
              .following = {},
              .activity = postgresql::engine.activity,
              .by_client = postgresql::engine.by_client,
              .monitoring = "Azure Monitor",
              .disk = "disk",
              .standby = "standby",
              .clusters = {},
              .connections = "active_connections",
              .cpu = "cpu_percent",
              .freeable_memory = "100 − memory_percent",
              .swap = "swap in use",
              .read_iops = "read_iops",
              .write_iops = "write_iops",
              .credit_balance = "cpu_credits_remaining",
              .surplus_credits = {},
              .prices_command = "F=\"serviceName eq 'Azure Database for PostgreSQL'\"; "
                                "F=\"$F and armRegionName eq '{region}'\"; "
                                "curl -G https://prices.azure.com/api/retail/prices --data-urlencode "
                                "\"\\$filter=$F\" > prices.json",
              .prices_kind = "azure-prices",
              .server_command = "az postgres flexible-server list --query '[].[name, sku.name]'"},
    .tools = &azure::tools,
};

}  // namespace poolfit::platform
