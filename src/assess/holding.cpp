#include <poolfit/assess/holding.hpp>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/holding.hpp>

namespace poolfit::assess {
namespace {

std::optional<Connections> value_of(const PoolSize& size) { return size ? std::optional(size->value) : std::nullopt; }

Term nested(const Fleet& fleet, Index pool, Recorder r) { return r(nested_checkouts(fleet, pool, r)); }

bool nests(const Pool& pool) { return pool.workload && *pool.workload->nested > 0 && model::has_setting(pool); }

Term most_by_runtime(const Fleet& fleet, Index index, Connections value, Recorder r) {
    const Pool& pool = fleet.pools[index];
    Term most = served_at_a_time(fleet, index, r);
    if (nests(pool)) most = most * (r.literal(1) + nested(fleet, index, r));
    const double more = static_cast<double>(value.value) - most.value.high;  // one that LISTENs
    if (more > 0) most = most + r.literal(more);
    return more < 0 ? least(most, r.literal(static_cast<double>(max_pool))) : most;
}

}  // namespace

Term served_at_a_time(const Fleet& fleet, Index pool, Recorder r) {
    const Service& service = fleet.services[fleet.pools[pool].service];
    if (!service.threads || service.runtime != Runtime::threads) return r.literal(1);
    return r(service_threads(fleet, fleet.pools[pool].service, r));
}

Figure<Connections> can_hold(const Fleet& fleet, Index index, Recorder r) {
    const Connections value = *model::most_by_runtime(fleet, fleet.pools[index]);
    if (!r.on()) return {value, {}};
    return r.keep<Connections>(pool_key(index, Name::can_hold), most_by_runtime(fleet, index, value, r));
}

Figure<Connections> has_to_hold(const Fleet& fleet, Index index, const PoolSize& today, Recorder r) {
    const Pool& pool = fleet.pools[index];
    const Connections value = model::holding(fleet, pool, value_of(today)).floor;
    if (!r.on()) return {value, {}};
    Term floor = r.literal(1);
    switch (model::floor_by(fleet, pool, value_of(today))) {
        case model::FloorBy::none:
            break;
        case model::FloorBy::nested: {
            const Term served = served_at_a_time(fleet, index, r);
            floor = served * nested(fleet, index, r) + r.literal(1);
            break;
        }
        case model::FloorBy::each:
            floor = served_at_a_time(fleet, index, r);
            if (*pool.databases > 1 && model::has_setting(pool))
                floor = ceil(floor / r(pool_databases(fleet, index, r)));
            break;
        case model::FloorBy::today:
            floor = r(*today);
            break;
    }
    if (floor.value.high > static_cast<double>(value.value)) floor = least(floor, r(can_hold(fleet, index, r)));
    return r.keep<Connections>(pool_key(index, Name::has_to_hold), floor);
}

}  // namespace poolfit::assess
