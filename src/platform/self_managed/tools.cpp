// What exporters measure of a server of one's own.
#include "self_managed.hpp"

namespace poolfit::platform::self_managed {
namespace {

using enum Metric::Unit;
constexpr Metric cpu{
    Watched::cpu, ratio, {}, {}, "1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\",SERVER}[5m]))"};
constexpr Metric node_memory{Watched::memory, bytes_free, {}, {}, "node_memory_MemAvailable_bytes{SERVER}"};

constexpr Metric of_postgresql[] = {
    {Watched::connections, count, {}, {}, "sum by (instance) (pg_stat_database_numbackends{SERVER})"},
    cpu,
    node_memory};
constexpr Metric of_mysql[] = {
    {Watched::connections, count, {}, {}, "mysql_global_status_threads_connected{SERVER}"}, cpu, node_memory};

constexpr Metrics metrics(std::span<const Metric> all, std::string_view exporter, std::string_view source) {
    return {
        .place = {},
        .dimension = {},
        .exporter = exporter,
        .label = "instance",
        .before = {},
        .after = "(:[0-9]+)?",
        .all = all,
        .source = source,
        .as_of = "2026-11",
    };
}
constexpr Metrics postgresql_metrics =
    metrics(of_postgresql, "postgres_exporter and node_exporter",
            "prometheus-community/postgres_exporter, collector/pg_stat_database; prometheus/node_exporter, README");
constexpr Metrics mysql_metrics =
    metrics(of_mysql, "mysqld_exporter and node_exporter",
            "prometheus/mysqld_exporter, collector/global_status; prometheus/node_exporter, README");

}  // namespace

constinit const Tools postgresql_tools{nullptr, nullptr, nullptr, &postgresql_metrics};
constinit const Tools mysql_tools{nullptr, nullptr, nullptr, &mysql_metrics};

}  // namespace poolfit::platform::self_managed
