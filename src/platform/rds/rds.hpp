// What the RDS rows share.
#pragma once

#include "../engine.hpp"

namespace poolfit::platform::rds {

inline constexpr Deployment deployments[] = {{"single-az", "single-AZ"}, {"multi-az", "Multi-AZ"}};
inline constexpr PriceTerm terms[] = {PriceTerm::list, PriceTerm::one_year, PriceTerm::three_years};

extern const Volumes volumes;
extern const Tools tools;
// Aurora as well.
inline constexpr Leaving leaving{
    "a last snapshot", "the snapshot",
    ": automated backups go with the instance. Storage is charged until it is deleted, the snapshot after that."};
inline constexpr Stopping stopping{
    "",
    "Storage and backups are charged while it is stopped, RDS starts it again after 7 days, and a reserved instance "
    "is paid for all the same."};

/// DBInstanceClassMemory; docs/memory-model.md.
Interval<Bytes> memory(const InstanceClass& cls);
inline constexpr std::string_view memory_basis =
    "memory the guest OS sees on this EC2 type, minus what observed RDS servers keep";
inline constexpr std::string_view memory_basis_unmeasured =
    "memory the guest OS sees on EC2 types of this size, minus what observed RDS servers keep";

inline constexpr std::string_view memory_source =
    "docs/memory-model.md, fitted to data/catalog/observed_max_connections.csv";

/// What the guest OS sees of the class; a range for those where that isn't measured.
Interval<Bytes> os_memory(const InstanceClass& cls);
inline constexpr std::string_view os_source = "docs/memory-model.md: EC2 types of this size, where measured";

constexpr Interval<Bytes> mib(std::int64_t low, std::int64_t high) {
    return {Bytes(low * bytes_per_mib), Bytes(high * bytes_per_mib)};
}
/// Where what is at rest, and what an idle server uses, comes from.
inline constexpr std::string_view rest_source =
    "measured: data/catalog/idle_memory.csv; docs/memory-model.md, \"At rest\"";
/// Of InnoDB's engines, as MySQL was measured.
Interval<Bytes> idle_innodb(const InstanceClass& cls);
constexpr RestMemory innodb_rest(std::string_view source) {
    return {os_memory, os_source, mib(510, 1170), source, idle_innodb, source};
}

inline constexpr EndedClasses ended_classes[] = {
    {"m4", {2024, 12, 31}, "RDS user guide, DB instance class types: support for m4, r4 and t2 ended on 2024-12-31"},
    {"r4", {2024, 12, 31}, "RDS user guide, DB instance class types: support for m4, r4 and t2 ended on 2024-12-31"},
    {"t2", {2024, 12, 31}, "RDS user guide, DB instance class types: support for m4, r4 and t2 ended on 2024-12-31"},
    {"m3", {2023, 2, 1}, "RDS user guide, DB instance class types: m3 and r3 are upgraded since 2023-02-01", true},
    {"r3", {2023, 2, 1}, "RDS user guide, DB instance class types: m3 and r3 are upgraded since 2023-02-01", true},
};

/// Reserved instances, and Database Savings Plans.
extern const CommitmentTerms commitment;

/// Has it the form of an AWS region, such as "mx-central-1": an area, a direction and a number?
bool is_region(std::string_view name);

/// T3 and T4g run unlimited; T2 is throttled.
Overrun overrun(const InstanceClass& cls);

/// What an engine on RDS has of its own.
struct Row {
    std::string_view id, full, brief;
    int first_release = 0;
    std::span<const Series> mainstream;
    std::int64_t least_connections;
    BufferMemory (*buffers)(const Interval<Bytes>& engine_memory, const std::optional<EngineVersion>& version);
    const RestMemory* rest;
    std::span<const Pooler::Kind> poolers;
};

constexpr Platform row(const Engine& engine, const Row& own) {
    return {
        .id = own.id,
        .provider = "aws",
        .engine = engine.id,
        .label = engine.id,
        .names = {own.full, own.brief, engine.name, "RDS"},
        .spellings = engine.spellings,
        .compatible = engine.compatible,
        .versions = {engine.version_example, engine.version, own.first_release, own.mainstream},
        .has_classes = true,
        .elastic = nullptr,
        .volumes = &volumes,
        .class_prefix = "db.",
        .class_example = "db.m5.large",
        .custom = nullptr,
        .lists_io = true,
        .region_example = "eu-central-1",
        .catalog_region = "us-east-1",
        .is_region = is_region,
        .deployments = deployments,
        .standby_costs_the_same = true,
        .terms = terms,
        .limit = {own.least_connections, engine.most_connections, 0, true, memory, memory_basis,
                  memory_basis_unmeasured, memory_source},
        .buffers_name = engine.buffers_name,
        .buffers = own.buffers,
        .rest = own.rest,
        .reads_past_page_cache = engine.reads_past_page_cache,
        .connection_memory = engine.connection_memory,
        .connection_source = engine.connection_source,
        .standby_needs_limit = engine.standby_needs_limit,
        .replicas_upgrade_first = engine.replicas_upgrade_first,
        .series_by_series = false,
        .cluster = false,
        .stopping = &stopping,
        .leaving = &leaving,
        .ended_classes = ended_classes,
        .prepared_pins = engine.prepared_pins,
        .limit_needs_restart = engine.limit_needs_restart,
        .overrun = overrun,
        .poolers = own.poolers,
        .commitment = &commitment,
        .built_in_pooler = nullptr,
        .connector = nullptr,
        .lists_hosts = true,
        .words = {.limit_command = engine.limit_command,
                  .settings = "parameter group",
                  .following = "formulas based on memory",
                  .activity = engine.activity,
                  .by_client = engine.by_client,
                  .monitoring = "CloudWatch",
                  .disk = "EBS",
                  .standby = "standby",
                  .clusters = "Multi-AZ DB clusters",
                  .connections = "DatabaseConnections",
                  .cpu = "CPUUtilization",
                  .freeable_memory = "FreeableMemory",
                  .swap = "SwapUsage",
                  .read_iops = "ReadIOPS",
                  .write_iops = "WriteIOPS",
                  .credit_balance = "CPUCreditBalance",
                  .surplus_credits = "CPUSurplusCreditsCharged",
                  .prices_command = "aws pricing get-products --region us-east-1 --service-code AmazonRDS --filters "
                                    "Type=TERM_MATCH,Field=regionCode,Value={region} "
                                    "'Type=TERM_MATCH,Field=databaseEngine,Value={engine}' > prices.json",
                  .prices_kind = "aws-prices",
                  .server_command = "aws rds describe-db-instances > instances.json",
                  .server_import = ", and poolfit import rds instances.json writes it"},
        .tools = &tools,
    };
}

}  // namespace poolfit::platform::rds
