// What the clients of a pooler were seen to use together.
#include <algorithm>
#include <cmath>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/pinned.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/platform/platform.hpp>

#include "pooler_size.hpp"
#include "pools.hpp"

namespace poolfit::plan {

using assess::Term;

std::int64_t typical_use(const Fleet& fleet, const Plan& plan, Index pooler) {
    double sum = 0;
    for (const Index p : plan.topology.clients[pooler]) {
        const Pool& pool = fleet.pools[p];
        const Service& service = fleet.services[pool.service];
        const bool kept = assess::pinned(fleet, pool) == Pinned::yes;
        if (pool.in_use && !kept)
            sum += static_cast<double>(service.instances->high * *service.processes) * (**pool.in_use).low;
    }
    return static_cast<std::int64_t>(std::ceil(sum / static_cast<double>(server_pools(fleet.poolers[pooler])))) + 1;
}

namespace {

/// What one of its pools needs for the clients that have a workload.
struct ByLoad {
    Connections size;
    Erlangs offered{};
    std::vector<FigureId> inputs;
};

/// Nothing where their load cannot be sized.
std::optional<ByLoad> by_load(const Fleet& fleet, const std::vector<Index>& loaded, const PoolLoads& loads,
                              std::int64_t parts, Sizer& sizer, bool told) {
    ByLoad result;
    if (loaded.empty()) return result;
    const auto load = summed_load(fleet, loaded, loads, static_cast<double>(parts), sizer);
    if (!load || !load->smallest || !load->silent.empty()) return std::nullopt;
    result.size = *load->smallest;
    result.offered = load->offered;
    if (told)
        for (const Index p : loaded) result.inputs.push_back(loads[p]->offered.id);
    return result;
}

}  // namespace

Term enough_for(const Fleet& fleet, const Term& typical, const Term& peak, Recorder r) {
    return assess::most(assess::ceil(r(buffer(fleet, r)) * typical), assess::ceil(peak) + r.literal(1));
}

namespace {

/// A peak with the room above it that a share's provider advises.
Term with_room(const Term& peak, const ShareAdvice& advice, Recorder r) {
    const Figure<double> room{1 + advice.room,
                              r.constant(assess::constant_key(Name::share_room),
                                         assess::measured(Measure::ratio, 1 + advice.room), advice.source)};
    return assess::ceil(r(room) * assess::high(peak));
}

/// Connections that sessions keep with the recommended sizes, and by whose drivers they may be kept.
Term kept_after(const Fleet& fleet, const std::vector<Index>& pins, const std::vector<PoolSize>& sizes, Recorder r) {
    std::vector<Term> kept;
    for (const Index p : pins) {
        const Index service = fleet.pools[p].service;
        const Term instances = r(assess::service_instances(fleet, service, r)),
                   processes = r(assess::service_processes(fleet, service, r));
        kept.push_back(assess::over_copies(fleet, p, instances, processes, r(*sizes[p]), r));
    }
    return assess::sum(kept, r.figures());
}

}  // namespace

std::optional<PoolerUse> pooler_use(const Fleet& fleet, const Plan& plan, const PoolLoads& loads, Index index,
                                    const std::vector<PoolSize>& sizes, std::optional<Connections> clients,
                                    Connections max_planned, Sizer& sizer, Recorder r) {
    const Pooler& pooler = fleet.poolers[index];
    const std::int64_t parts = server_pools(pooler);
    PoolerUse result;
    result.pools = parts;
    std::vector<Index> loaded, kept;
    std::vector<Term> typical, peaks;
    for (const Index p : plan.topology.clients[index]) {
        const Pool& pool = fleet.pools[p];
        if (assess::pinned(fleet, pool) == Pinned::yes) {
            // RDS Proxy keeps a client that needs its session on one connection, busy or not.
            if (!sizes[p] || !plan.pools[p].declared) return std::nullopt;
            kept.push_back(p);
        } else if (!loads[p] && assess::pinned(fleet, pool) == Pinned::may) {
            return std::nullopt;
        } else if (loads[p]) {
            if (*pool.workload->nested > 0) return std::nullopt;
            loaded.push_back(p);
        } else if (pool.in_use) {
            const assess::BusyInAll busy = assess::busy_in_all(fleet, p, r);
            typical.push_back(busy.typical);
            peaks.push_back(busy.peak);
            const DriverDefault* driver = pool.driver_default;
            result.for_requests |= driver != nullptr && driver->holds == DriverDefault::Holds::request;
        } else {
            result.silent.push_back(p);
        }
    }
    if (typical.empty() && (kept.empty() || !loaded.empty())) return std::nullopt;
    const auto load = by_load(fleet, loaded, loads, parts, sizer, r.on());
    if (!load) return std::nullopt;
    const auto of_each = [&](const std::vector<Term>& terms) {
        const Term all = assess::sum(terms, r.figures());
        return parts == 1 ? all : all / r.literal(static_cast<double>(parts));
    };
    std::vector<Term> needs;
    double low = 0, high = 0;
    if (!typical.empty()) {
        const Term use = of_each(typical), peak = of_each(peaks);
        low = use.value.low;
        high = peak.value.high;
        const Term enough = enough_for(fleet, use, peak, r);
        const auto* advice = platform::pooler_kind(pooler.kind).share;
        needs.push_back(advice == nullptr ? enough : assess::most(enough, with_room(peak, *advice, r)));
    }
    if (load->size.value > 0) {
        const Figure<Connections> figure{
            load->size, r.by_model(assess::pooler_key(index, Name::pooler_needed_load), assess::measured(load->size),
                                   Model::smallest_together, {}, load->inputs)};
        needs.push_back(r(figure));
    }
    if (!kept.empty()) {
        const Pins pins = pins_of(fleet, plan, index, [&](Index p) { return sizes[p]; });
        result.pinned = pins.today;
        result.pinned_after = pins.after;
        needs.push_back(kept_after(fleet, kept, sizes, r));
    }
    result.enough = r.keep<Connections>(assess::pooler_key(index, Name::pooler_needed),
                                        needs.size() == 1 ? needs.front() : assess::sum(needs, r.figures()));
    const auto whole = [](double use) { return Connections(static_cast<std::int64_t>(std::ceil(use - assess::hair))); };
    result.typical = whole(low + load->offered.value) + result.pinned;
    result.peak = whole(high) + load->size + result.pinned;
    result.size = size_of_one(pooler, max_planned);
    result.held = clients && clients->value <= result.size.value * parts;
    return result;
}

}  // namespace poolfit::plan
