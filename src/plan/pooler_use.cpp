// What the clients of a pooler were seen to use together.
#include <algorithm>
#include <cmath>

#include <poolfit/assess/budget.hpp>
#include <poolfit/model/session_needs.hpp>

#include "pooler_size.hpp"
#include "pools.hpp"

namespace poolfit::plan {

std::int64_t typical_use(const Fleet& fleet, const Plan& plan, Index pooler) {
    double sum = 0;
    for (const Index p : plan.topology.clients[pooler]) {
        const Pool& pool = fleet.pools[p];
        const Service& service = fleet.services[pool.service];
        if (pool.in_use) sum += static_cast<double>(service.instances->high * *service.processes) * (**pool.in_use).low;
    }
    return static_cast<std::int64_t>(std::ceil(sum / static_cast<double>(server_pools(fleet.poolers[pooler])))) + 1;
}

PoolSize pooler_use(const Fleet& fleet, const Plan& plan, const PoolLoads& loads, Index index, const Demand& now,
                    Sizer& sizer, Recorder r) {
    using assess::Term;
    const Pooler& pooler = fleet.poolers[index];
    const bool proxy = pooler.kind == Pooler::Kind::proxy;
    const std::int64_t parts = server_pools(pooler);
    std::vector<Index> loaded;
    std::vector<Term> uses;
    for (const Index p : plan.topology.clients[index]) {
        const Pool& pool = fleet.pools[p];
        if (loads[p]) {
            if (*pool.workload->nested > 0) return std::nullopt;
            loaded.push_back(p);
            continue;
        }
        // RDS Proxy keeps a client that needs its session on one connection, busy or not.
        if (!pool.in_use || (proxy && !model::session_needs(pool).empty())) return std::nullopt;
        uses.push_back(r(*assess::pool_use(fleet, p, now.pools[p], r).in_use));
    }
    if (uses.empty()) return std::nullopt;
    Connections by_load;
    std::vector<FigureId> inputs;
    if (!loaded.empty()) {
        const auto load = summed_load(fleet, loaded, loads, static_cast<double>(parts), sizer);
        if (!load || !load->smallest || !load->silent.empty()) return std::nullopt;
        by_load = *load->smallest;
        if (r.on())
            for (const Index p : loaded) inputs.push_back(loads[p]->offered.id);
    }
    const Term use = assess::sum(uses, r.figures());
    const Term each = parts == 1 ? use : use / r.literal(static_cast<double>(parts));
    Term size = assess::most(assess::ceil(r(buffer(fleet, r)) * assess::low(each)),
                             assess::ceil(assess::high(each)) + r.literal(1));
    const auto key = [&](std::string_view part) {
        return Key{{Subject::Kind::pooler, index}, Name::pooler_size, Phase::now, nullptr, part};
    };
    if (by_load.value > 0) {
        const Figure<Connections> figure{by_load,
                                         r.by_model(key("load"), assess::measured(by_load), Model::smallest_together,
                                                    "the method that fits them", inputs)};
        size = size + r(figure);
    }
    return r.keep<Connections>(key("use"), size);
}

}  // namespace poolfit::plan
