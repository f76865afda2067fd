// Where no size of a pool is small enough: each of many databases takes a connection of each process.
#include <algorithm>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/plan/fit.hpp>

namespace poolfit::plan {

std::optional<NoSizeFits> no_size_fits(const Fleet& fleet, const Plan& plan, Index database, Connections limit) {
    NoSizeFits result;
    std::int64_t all = fleet.databases[database].other_connections->value, most = 0;
    for (const Index p : plan.topology.pools[database]) {
        const Pool& pool = fleet.pools[p];
        if (!pool.database) continue;
        const PoolSize& size = plan.pools[p].declared;
        const bool fixed = !model::has_setting(pool) && size;
        const std::int64_t copies = model::copies(fleet, pool);
        all += copies * (fixed ? size->value.value : 1);
        if (*pool.databases == 1 || copies <= most) continue;
        most = copies;
        result.databases = *pool.databases;
        result.each = copies / *pool.databases;
        result.by_pooler = false;
    }
    for (const Index i : plan.topology.poolers[database]) {
        const Pooler& pooler = fleet.poolers[i];
        if (pooler.kind != Pooler::Kind::pgbouncer) continue;
        const std::int64_t opened =
            std::min(pooler.instances->high * *pooler.pairs, plan.poolers[i].now.server.value.value);
        all += opened;
        if (*pooler.pairs == 1 || opened <= most) continue;
        most = opened;
        result.databases = *pooler.pairs;
        result.each = pooler.instances->high;
        result.by_pooler = true;
    }
    if (most == 0 || all <= limit.value) return std::nullopt;
    result.connections = Connections(all);
    result.pooler_fits = !result.by_pooler && all - most + result.databases <= limit.value;
    return result;
}

}  // namespace poolfit::plan
