#include "../postgresql/postgresql.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{14}, {15}, {16}, {17}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::pgbouncer};
constexpr Deployment deployments[] = {{"compute", "one compute"}};

constexpr self_managed::Row own{
    .id = "neon-postgresql",
    .mainstream = mainstream,
    .least_connections = 1,
    .untouched_connections = 0,
    .poolers = poolers,
};

/// In quarters of a CU; fixed sizes go up to 56, autoscaling to 16, and a range spans at most 8. max_connections
/// follows min(most, 8 × least), by neon.com/docs/reference/compatibility of 2026-02; until 2024 Neon's pages had the
/// least.
constexpr Elastic elastic{
    .name = "Neon",
    .class_name = "compute",
    .key = "cu",
    .unit = "CU",
    .min_key = "cu_min",
    .max_key = "cu_max",
    .step = 0.25,
    .least_min = 0.25,
    .least_max = 0.25,
    .most = 56,
    .widest = 8,
    .scales_to = 16,
    .usual_min = 1,
    .usual_max = 4,
    .limit_by_min = true,
    .limit_times = 8,
    .unit_memory = Bytes(4 * bytes_per_gib),
    .units_per_vcpu = 1,
    .source = "neon.com/docs/introduction/autoscaling: 4 GB and about one vCPU for each CU",
    .low_min = 0,
    .capped_at = 0,
    .capped_source = {},
};

constexpr BuiltInPooler pgbouncer{
    .name = "Neon's PgBouncer",
    .pool_size = 0,
    .share = Fraction(0.9),
    .max_client_conn = 10'000,
    .mode = Pooler::Mode::transaction,
    .fixed = true,
    .on = [](const InstanceClass&) { return true; },
    .where = "every compute",
    .source = "neon.com/docs/connect/connection-pooling: 10,000 clients, pools of 90 % of max_connections",
};

constexpr Leaving leaving{"a dump (pg_dump)", "the dump",
                          " elsewhere: its snapshots and its history are those of the project, and go with it."};

}  // namespace

constinit const Platform rows::neon_postgresql = [] {
    Platform row = self_managed::row(postgresql::engine, own);
    row.provider = "neon";
    row.names = {"Neon", "Neon", postgresql::engine.name, "Neon"};
    row.elastic = &elastic;
    row.leaving = &leaving;
    row.deployments = deployments;
    row.limit.basis = row.limit.basis_unmeasured = "memory of the most CU";
    row.limit.source = elastic.source;
    row.standby_needs_limit = false;  // a read replica is another compute on the same storage
    row.replica_takes_over = false;   // the primary's compute starts again, elsewhere if it has to
    row.built_in_pooler = &pgbouncer;
    row.words.settings = "compute settings";
    row.words.monitoring = "Neon's Monitoring page";
    row.words.disk = "storage";
    row.words.standby = "read replica";
    row.words.connections = "Postgres connections count";
    row.words.cpu = "CPU";
    row.words.freeable_memory = "RAM that is not used";
    return row;
}();

}  // namespace poolfit::platform
