// Where no size of a pool is small enough: each of many databases takes a connection of each process.
#include <algorithm>

#include <poolfit/model/holding.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::plan {

std::optional<NoSizeFits> no_size_fits(const Fleet& fleet, const Plan& plan, Index database, Connections limit) {
    constexpr double most_connections = 1e12;
    NoSizeFits result;
    double all = static_cast<double>(fleet.databases[database].other_connections->value), most = 0;
    for (const Index p : plan.topology.pools[database]) {
        const Pool& pool = fleet.pools[p];
        if (!pool.database) continue;
        const Service& service = fleet.services[pool.service];
        const PoolSize& size = plan.pools[p].declared;
        const bool fixed = !model::has_setting(pool) && size;
        const std::int64_t processes = service.instances->high * *service.processes;
        const double copies = static_cast<double>(processes) * static_cast<double>(*pool.databases);
        all += copies * (fixed ? static_cast<double>(size->value.value) : 1);
        if (*pool.databases == 1 || copies <= most) continue;
        most = copies;
        result.databases = *pool.databases;
        result.each = processes;
    }
    for (const Index i : plan.topology.poolers[database]) {
        const Pooler& pooler = fleet.poolers[i];
        if (pooler.kind != Pooler::Kind::pgbouncer) continue;
        const double opened = std::min(static_cast<double>(pooler.instances->high) * static_cast<double>(*pooler.pairs),
                                       static_cast<double>(plan.poolers[i].now.server.value.value));
        all += opened;
        if (*pooler.pairs == 1 || opened <= most) continue;
        most = opened;
        result.databases = *pooler.pairs;
        result.each = pooler.instances->high;
        result.by_pooler = true;
    }
    const auto room = static_cast<double>(limit.value);
    if (most <= 0 || all <= room) return std::nullopt;
    result.connections = Connections(static_cast<std::int64_t>(std::min(all, most_connections)));
    result.takes_pooler = platform::takes(*fleet.databases[database].platform, Pooler::Kind::pgbouncer);
    result.pooler_fits =
        !result.by_pooler && result.takes_pooler && all - most + static_cast<double>(result.databases) <= room;
    return result;
}

}  // namespace poolfit::plan
