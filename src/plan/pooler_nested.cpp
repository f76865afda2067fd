// The server connections of a pooler that are not free for the next client: those that half-done transactions hold
// while they request another, and those that sessions keep.
#include <algorithm>
#include <cstdint>

#include <poolfit/assess/pinned.hpp>
#include <poolfit/model/copies.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {
namespace {

std::int64_t divided(std::int64_t sum, std::int64_t parts) { return (sum + parts - 1) / parts; }

}  // namespace

std::optional<PoolerNesting> nested_checkouts(const Fleet& fleet, const Pooler& pooler,
                                              const std::vector<Index>& clients, const PoolLoads& loads,
                                              std::optional<Connections> most) {
    PoolerNesting result;
    bool known = true;
    std::int64_t everywhere = 0, elsewhere = 0, largest = 0;  // half-done ones: in each pair, in one, of one client
    for (const Index p : clients) {
        const Pool& pool = fleet.pools[p];
        if (!loads[p] || *pool.workload->nested == 0) continue;
        const PoolLoad& load = *loads[p];
        const std::int64_t nested = *pool.workload->nested;
        result.nested = result.pools.empty() || result.nested == nested ? nested : 0;
        result.pools.push_back(p);
        result.never_safe = result.never_safe || load.never_safe;
        known = known && load.in_flight;
        if (!load.in_flight) continue;
        // A process has so many in flight over all its databases, and all may be of one.
        const std::int64_t in_flight = model::copies(fleet, pool) / *pool.databases * load.in_flight->value;
        result.in_flight += in_flight;
        if (load.never_safe) continue;
        result.limited = true;
        if (*pool.databases > 1) {
            everywhere += in_flight * nested;
        } else {
            elsewhere += in_flight * nested;
            largest = std::max(largest, in_flight * nested);
        }
    }
    if (result.pools.empty()) return std::nullopt;
    const bool proxy = pooler.kind == Pooler::Kind::proxy;
    const std::int64_t processes = proxy ? 1 : std::max<std::int64_t>(1, pooler.instances->low),
                       pairs = proxy ? 1 : std::max<std::int64_t>(1, *pooler.pairs);
    // A client with one database is in one pair, whole.
    const std::int64_t in_pair = everywhere + std::max(divided(elsewhere, pairs), largest);
    result.floor = Connections(divided(in_pair, processes) + 1);
    if (most) {
        // Spread over pairs, all may be of one.
        const Connections all(divided(most->value, processes));
        // A client whose own pools lock up at any size does not lock up sooner; nor do others wait behind as many.
        result.floor = result.never_safe || !known ? all : std::min(result.floor, all);
    } else if (result.never_safe || !known) {
        result.floor = Connections();
    }
    return result;
}

Pins pins_of(const Fleet& fleet, const Plan& plan, Index index, const SizeOf& size) {
    Pins pins;
    for (const Index p : plan.topology.clients[index]) {
        const Pool& pool = fleet.pools[p];
        const Pinned kind = assess::pinned(fleet, pool);
        const bool said = kind == Pinned::yes, may = kind != Pinned::no;
        if (!said) pins.sharing.push_back(p);
        if (!may) {
            pins.surely_sharing.push_back(p);
            continue;
        }
        const auto declared = [&](Index i) { return plan.pools[i].declared; };
        const auto then = opened_by(fleet, {p}, size);
        pins.known = pins.known && then;
        if (said) pins.today += opened_by(fleet, {p}, declared).value_or(Connections());
        (said ? pins.after : pins.unsaid) += then.value_or(Connections());
    }
    return pins;
}

}  // namespace poolfit::plan
