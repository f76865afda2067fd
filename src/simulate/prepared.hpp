// What the replications of a system share, and what each counts.
#pragma once

#include <cstdint>
#include <vector>

#include <poolfit/simulate/system.hpp>

#include "kernel.hpp"
#include "sampler.hpp"

namespace poolfit::simulate {

/// Samplers, and where things are in their arrays. Processes come first among the stations
/// (a service's own, then those of its surges), then the poolers.
struct Prepared {
    explicit Prepared(const SystemModel& model);
    struct Service {
        Sampler gap, cpu, external, rest, nested_hold;
        double hold = 0;  // mean of cpu, external and rest
        std::uint32_t first_process = 0, processes = 0, extra_processes = 0;
    };
    const SystemModel& model;
    std::vector<Service> services;
    std::vector<std::uint32_t> service_of;  // of a process
    std::vector<double> pooler_unit;
    std::uint32_t first_pooler = 0;

    double unit(std::size_t service) const { return services[service].hold > 0 ? services[service].hold : 1; }
    std::size_t database_of(const ServiceModel& s) const {
        return s.through_pooler ? model.poolers[s.target].database : s.target;
    }
};

/// The waits of one queue in bins.
struct WaitCount {
    void add(const Histogram& scale, double wait) {
        if (bins.empty()) bins.resize(Bins::count);
        ++bins[scale.index(wait)];
        ++asked;
        waited += wait > 0;
        sum += wait;
    }
    std::vector<std::uint32_t> bins;
    std::uint64_t asked = 0, waited = 0;
    double sum = 0;
};

struct ServiceCount {
    WaitCount wait;
    std::uint64_t ended = 0, timeouts = 0, failures = 0, refused = 0, turned_away = 0;
    double response = 0, capacity = 0;  // capacity: connections × time
};

}  // namespace poolfit::simulate
