// What Azure's tools and Terraform call a flexible server.
#include "azure.hpp"

namespace poolfit::platform::azure {
namespace {

/// "GP_Standard_D4ds_v4": the tier comes before the size.
std::string sku_name(const InstanceClass& cls) {
    const std::string_view tier = cls.category == "burstable"          ? "B_"
                                  : cls.category == "memory-optimized" ? "MO_"
                                                                       : "GP_";
    return std::string(tier) + std::string(cls.name);
}

/// The tiers of Premium SSD that Azure gives a disk of that size.
std::string_view tier_of_size(std::int64_t gib) {
    struct Row {
        std::int64_t least;
        std::string_view tier;
    };
    constexpr Row rows[] = {{16'385, "P80"}, {8'193, "P70"}, {4'097, "P60"}, {2'049, "P50"},
                            {1'025, "P40"},  {513, "P30"},   {257, "P20"},   {129, "P15"},
                            {65, "P10"},     {33, "P6"},     {0, "P4"}};
    for (const Row& row : rows)
        if (gib >= row.least) return row.tier;
    return {};
}

constexpr Terraform terraform{
    .resource = "azurerm_postgresql_flexible_server",
    .block = {},
    .cls = "sku_name",
    .class_value = sku_name,
    .storage_resource = {},
    .storage_type = {},
    .size = "storage_mb",
    .iops = {},
    .throughput = {},
    .size_per_gib = 1'024,
    .tier_of_size = tier_of_size,
    .tier = "storage_tier",
    .applied = "a change is made at once; of sku_name or max_connections it restarts the server",
    .parameters = "azurerm_postgresql_flexible_server_configuration",
    .parameter_block = {},
    .proxy = {},
    .proxy_block = {},
    .proxy_share = {},
    .source =
        "hashicorp/terraform-provider-azurerm, website/docs/r/postgresql_flexible_server: storage_mb and storage_tier",
    .as_of = "2026-11",
};

using enum Metric::Unit;
constexpr Metric all_metrics[] = {
    {Watched::connections, count, "active_connections", "Maximum",
     "azurerm_resource_metric{metric=\"active_connections\",aggregation=\"maximum\",SERVER}"},
    {Watched::cpu, percent, "cpu_percent", "Average",
     "azurerm_resource_metric{metric=\"cpu_percent\",aggregation=\"average\",SERVER}"},
    {Watched::memory, percent_used, "memory_percent", "Maximum",
     "azurerm_resource_metric{metric=\"memory_percent\",aggregation=\"maximum\",SERVER}"},
};
constexpr Metrics metrics{
    .place = {},
    .dimension = {},
    .exporter = "azure-metrics-exporter",
    .label = "resourceID",
    .before = "(?i).*/",
    .after = {},
    .all = all_metrics,
    .source = "Microsoft Learn, monitoring Azure Database for PostgreSQL; webdevops/azure-metrics-exporter, README",
    .as_of = "2026-11",
};

/// As `az` wants it beside the size.
std::string_view tier(const InstanceClass& cls) {
    return cls.category == "burstable"          ? "Burstable"
           : cls.category == "memory-optimized" ? "MemoryOptimized"
                                                : "GeneralPurpose";
}

constexpr CommandLine command_line{.name = "azure",
                                   .programs = "az",
                                   .tier = tier,
                                   .size = "--storage-size",
                                   .iops = "--iops",
                                   .throughput = "--throughput"};

}  // namespace

constinit const Tools tools{&command_line, &terraform, nullptr, &metrics};

}  // namespace poolfit::platform::azure
