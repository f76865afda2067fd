#include "prepared.hpp"

#include <algorithm>

namespace poolfit::simulate {

namespace {

using Parts = std::vector<const Sampler*>;

/// The parts of a hold, those together that one random number is drawn for.
std::vector<Parts> drawn_apart(const Prepared::Service& p, const ServiceModel& s) {
    if (!s.one_draw) return {{&p.cpu}, {&p.external}, {&p.rest}};
    if (s.cpu_apart) return {{&p.cpu}, {&p.external, &p.rest}};
    return {{&p.cpu, &p.external, &p.rest}};
}

/// Of the sum of parts that are drawn together.
LongPart longest_of(Parts parts, double upper) {
    std::erase_if(parts, [](const Sampler* part) { return part->never_positive(); });
    if (parts.empty()) return {};
    if (parts.size() == 1) return parts.front()->longest(upper);
    LongPart sum;
    const auto at = [&](double u) {
        double value = 0;
        for (const Sampler* part : parts) value += part->at(u);
        return value;
    };
    const double least = std::min(upper, CellTable::smallest);
    sum = {least * at(least), least * at(least) * at(least)};
    for (int i = 0; i < CellTable::cells; ++i) {
        const double low = CellTable::start(i), high = std::min(CellTable::start(i + 1), upper);
        if (low >= upper) break;
        // Each part is a line in the cell, or nearly: the means of the sum and of its square are those of a line.
        const double a = at(low + (high - low) / 4), b = at(high - (high - low) / 4), middle = (a + b) / 2,
                     reach = a - b;
        sum.first += (high - low) * middle;
        sum.second += (high - low) * (middle * middle + reach * reach / 3);
    }
    return sum;
}

}  // namespace

LongPart Prepared::longest(std::size_t service, double upper) const {
    const Service& p = services[service];
    LongPart most;
    for (const Parts& parts : drawn_apart(p, model.services[service])) {
        const LongPart rare = longest_of(parts, upper), whole = longest_of(parts, 1);
        const double beside = p.hold - whole.first;  // what the others are meanwhile
        const LongPart here{rare.first, rare.second + 2 * rare.first * beside};
        if (here.second > most.second) most = here;
    }
    return most;
}

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
        for (const Parts& parts : drawn_apart(p, s)) {
            const LongPart all = longest_of(parts, 1);
            p.square += all.second + 2 * p.hold * all.first;
            p.hold += all.first;
        }
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
