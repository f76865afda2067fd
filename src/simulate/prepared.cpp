#include "prepared.hpp"

namespace poolfit::simulate {

Prepared::Prepared(const SystemModel& m) : model(m) {
    std::uint32_t process = 0;
    std::vector<double> work(m.poolers.size(), 0), weight(m.poolers.size(), 0);
    for (std::size_t i = 0; i < m.services.size(); ++i) {
        const ServiceModel& s = m.services[i];
        Service p;
        p.gap = Sampler(s.gap);
        p.cpu = Sampler(s.cpu);
        p.external = Sampler(s.external);
        p.rest = Sampler(s.rest);
        p.nested_hold = Sampler(s.nested_hold);
        p.hold = p.cpu.mean() + p.external.mean() + p.rest.mean();
        p.first_process = process;
        p.processes = static_cast<std::uint32_t>(s.instances * s.processes);
        for (const Surge& surge : m.surges)
            if (surge.service == i)
                p.extra_processes += static_cast<std::uint32_t>(surge.extra_instances * s.processes);
        process += p.processes + p.extra_processes;
        if (s.at_a_time > 0 && s.threads_of != ServiceModel::own_threads) {
            p.first_gate = services[s.threads_of].first_gate;
        } else if (s.at_a_time > 0) {
            p.first_gate = gates;
            gates += (p.processes + p.extra_processes) / static_cast<std::uint32_t>(s.pools_of_process);
        }
        service_of.insert(service_of.end(), p.processes + p.extra_processes, static_cast<std::uint32_t>(i));
        if (s.through_pooler) {
            work[s.target] += p.hold;
            weight[s.target] += 1;
        }
        services.push_back(p);
    }
    first_pooler = process;
    for (std::size_t i = 0; i < m.poolers.size(); ++i) pooler_unit.push_back(work[i] > 0 ? work[i] / weight[i] : 1);
}

}  // namespace poolfit::simulate
