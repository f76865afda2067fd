// What the Aurora rows share. A cluster has one copy of the data for all its instances: its writer is a database, each
// reader one with replica_of, and when the writer is lost a reader takes over. There is no standby besides those.
#pragma once

#include "../rds/rds.hpp"

namespace poolfit::platform::aurora {

inline constexpr Deployment deployments[] = {{"instance", "one instance"}};
inline constexpr Deployment serverless_deployments[] = {{"serverless", "Serverless v2"}};

/// Of a cluster.
extern const Volumes mysql_volumes, postgresql_volumes;
extern const Tools tools;
inline constexpr Stopping stopping{"",
                                   "Storage and backups are charged while it is stopped, Aurora starts it again after "
                                   "7 days, and a reserved instance is paid for all the same."};

/// DBInstanceClassMemory of a class: no more than on RDS, and no less than a Serverless v2 instance of that size has.
/// docs/memory-model.md, "Aurora".
Interval<Bytes> memory(const InstanceClass& cls);
inline constexpr std::string_view memory_basis =
    "no server was measured: between what Serverless v2 keeps of this size and what RDS keeps";
/// Of a Serverless v2 instance at its maximum.
Interval<Bytes> capacity_memory(const InstanceClass& cls);
inline constexpr std::string_view capacity_basis = "what the documented limits of 1, 4, 8 and 16 ACU leave";
inline constexpr std::string_view memory_source =
    "docs/memory-model.md, \"Aurora\": fitted to data/platforms/aurora-serverless-postgresql/capacity_limits.csv";

/// An idle instance; and what is neither buffers nor connections, on any class, from `at_rest` on. Not measured: at
/// least what RDS has, and at most what all of a db.r6g.large was seen to use.
Interval<Bytes> idle(const InstanceClass& cls);
constexpr RestMemory rest(Interval<Bytes> (*os_sees)(const InstanceClass& cls), std::int64_t at_rest) {
    constexpr std::string_view source =
        "not measured on Aurora: at least as on RDS; at most the 3,150 MiB that a db.r6g.large with 35 connections "
        "used, buffers and all (a public report, 2026)";
    return {os_sees, rds::os_source, rds::mib(at_rest, 3150), source, idle, source};
}

inline constexpr Pooler::Kind postgresql_poolers[] = {Pooler::Kind::pgbouncer, Pooler::Kind::proxy};
inline constexpr Pooler::Kind mysql_poolers[] = {Pooler::Kind::proxy};

/// With classes.
constexpr Platform row(const Engine& engine, const rds::Row& own, const Volumes& volumes) {
    Platform row = rds::row(engine, own);
    row.names.keeper = "Aurora";
    row.class_example = "db.r6g.large";
    row.deployments = deployments;
    row.volumes = &volumes;
    row.limit.memory = memory;
    row.limit.basis = row.limit.basis_unmeasured = memory_basis;
    row.limit.source = memory_source;
    row.replicas_upgrade_first = false;  // a cluster is upgraded as one
    row.cluster = true;
    row.stopping = &stopping;
    row.words.disk = "storage";
    row.words.standby = "reader";
    row.tools = &tools;
    return row;
}

/// Serverless v2: as large as its load, from a minimum to a maximum.
constexpr Platform serverless(const Engine& engine, const rds::Row& own, const Volumes& volumes,
                              const Elastic& elastic) {
    Platform result = aurora::row(engine, own, volumes);
    result.label = own.id;
    result.has_classes = false;
    result.elastic = &elastic;
    result.class_prefix = result.class_example = {};
    result.region_example = "us-east-1";
    result.deployments = serverless_deployments;
    result.terms = {};
    result.limit.memory = capacity_memory;
    result.limit.basis = result.limit.basis_unmeasured = capacity_basis;
    result.overrun = nullptr;
    return result;
}

/// In steps of half a unit, to 256. How much CPU comes with one is not published. Aurora user guide, "Performance and
/// scaling for Aurora Serverless v2": readers in promotion tiers 0 and 1 are at least as large as the writer, and 1 is
/// the default; those in tiers 2 to 15 have no such minimum.
constexpr Elastic acu(std::int64_t capped_at, std::string_view capped_source) {
    return {.name = "Aurora Serverless v2",
            .class_name = "db.serverless",
            .key = "acu",
            .unit = "ACU",
            .min_key = "acu_min",
            .max_key = "acu_max",
            .step = 0.5,
            .least_min = 0,
            .least_max = 1,
            .most = 256,
            .widest = 0,
            .usual_min = 0.5,
            .usual_max = 16,
            .limit_by_min = false,
            .unit_memory = Bytes(2 * bytes_per_gib),
            .units_per_vcpu = 4,
            .source =
                "Aurora user guide: about 2 GiB and CPU to match; how much CPU is not published: 4 ACU are taken as "
                "one vCPU, for the 8 GiB that memory-optimized classes have of each",
            .low_min = 0.5,
            .capped_at = capped_at,
            .capped_source = capped_source,
            .writer_tiers = "promotion tier 0 or 1",
            .own_tiers = "promotion tier 2 to 15"};
}

}  // namespace poolfit::platform::aurora
