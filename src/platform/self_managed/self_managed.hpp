// What self-managed servers share, whatever engine they run: in a cluster, on a virtual machine, with a hosting
// provider.
#pragma once

#include "../engine.hpp"

namespace poolfit::platform::self_managed {

inline constexpr Deployment deployments[] = {{"one-server", "one server"}};

/// All of it: how much the system keeps is not known, and nothing depends on it.
Interval<Bytes> memory(const InstanceClass& cls);

extern const Tools postgresql_tools, mysql_tools;

inline constexpr Leaving leaving{"a last backup", "the backup", "."};

/// What an engine on such a server has of its own.
struct Row {
    std::string_view id;
    std::span<const Series> mainstream;
    std::int64_t least_connections, untouched_connections;
    std::span<const Pooler::Kind> poolers;
    const Tools* tools = nullptr;
};

/// No classes, regions and prices; the metrics are those of a Linux host.
constexpr Platform row(const Engine& engine, const Row& own) {
    constexpr std::string_view memory_basis = "memory set in the inventory";
    return {
        .id = own.id,
        .provider = own_provider,
        .engine = engine.id,
        .label = own.id,
        .names = {engine.name, engine.name, engine.name, {}},
        .spellings = engine.spellings,
        .compatible = engine.compatible,
        .versions = {engine.version_example, engine.version, 0, own.mainstream},
        .has_classes = false,
        .elastic = nullptr,
        .volumes = nullptr,
        .class_prefix = {},
        .class_example = {},
        .custom = nullptr,
        .region_example = {},
        .catalog_region = {},
        .is_region = nullptr,
        .deployments = deployments,
        .standby_costs_the_same = false,
        .terms = {},
        .limit = {own.least_connections, engine.most_connections, own.untouched_connections, true, memory, memory_basis,
                  memory_basis, "the inventory"},
        .buffers_name = engine.buffers_name,
        .buffers = nullptr,
        .rest = nullptr,
        .reads_past_page_cache = engine.reads_past_page_cache,
        .connection_memory = engine.connection_memory,
        .connection_source = engine.connection_source,
        .standby_needs_limit = engine.standby_needs_limit,
        .replicas_upgrade_first = engine.replicas_upgrade_first,
        .series_by_series = false,
        .cluster = false,
        .stopping = nullptr,
        .leaving = &leaving,
        .prepared_pins = engine.prepared_pins,
        .limit_needs_restart = engine.limit_needs_restart,
        .overrun = nullptr,
        .poolers = own.poolers,
        .built_in_pooler = nullptr,
        .connector = nullptr,
        .lists_hosts = false,
        .words = {.limit_command = engine.limit_command,
                  .settings = engine.settings,
                  .following = {},
                  .activity = engine.activity,
                  .by_client = engine.by_client,
                  .monitoring = "your monitoring",
                  .disk = "disk",
                  .standby = "standby",
                  .clusters = {},
                  .connections = engine.connections,
                  .cpu = "CPU utilization",
                  .freeable_memory = "available memory (MemAvailable)",
                  .swap = "swap in use",
                  .read_iops = "reads completed per second",
                  .write_iops = "writes completed per second",
                  .credit_balance = {},
                  .surplus_credits = {}},
        .tools = own.tools,
    };
}

}  // namespace poolfit::platform::self_managed
