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

constexpr Terraform terraform{
    .resource = "azurerm_postgresql_flexible_server",
    .block = {},
    .cls = "sku_name",
    .class_value = sku_name,
    .storage_resource = {},
    .storage_type = {},
    .size = {},
    .iops = {},
    .throughput = {},
    .parameters = "azurerm_postgresql_flexible_server_configuration",
    .parameter_block = {},
    .proxy = {},
    .proxy_block = {},
    .proxy_share = {},
    .source = "hashicorp/terraform-provider-azurerm, website/docs/r/postgresql_flexible_server",
    .as_of = "2026-11",
};

using enum Metric::Unit;
constexpr Metric all[] = {
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
    .all = all,
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
