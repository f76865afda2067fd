// What the replications of a system share, and what each counts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <poolfit/simulate/system.hpp>

#include "kernel.hpp"
#include "sampler.hpp"

namespace poolfit::simulate {

/// Samplers, and where things are in their arrays. Processes come first among the stations
/// (a service's own, then those of its surges), then the poolers.
struct Prepared {
    static constexpr std::uint32_t no_gate = 0xffffffff;
    explicit Prepared(const SystemModel& model);
    struct Service {
        Sampler gap, cpu, external, rest, nested_hold;
        double hold = 0;  // mean of cpu, external and rest, and of the square of their sum
        double square = 0;
        double scv() const { return hold > 0 ? std::max(0.0, square / (hold * hold) - 1) : 0; }
        std::uint32_t first_process = 0, processes = 0, extra_processes = 0;
        std::uint32_t first_gate = no_gate;  // of its processes' threads, one for each process
    };
    const SystemModel& model;
    std::vector<Service> services;
    std::vector<std::uint32_t> service_of;  // of a process
    std::vector<double> pooler_unit;
    std::uint32_t first_pooler = 0, gates = 0;

    /// Of the pool `process`, counted from its service's first.
    std::uint32_t gate_of(std::size_t service, std::uint32_t process) const {
        const std::uint32_t first = services[service].first_gate;
        return first == no_gate
                   ? no_gate
                   : first + process / static_cast<std::uint32_t>(model.services[service].pools_of_process);
    }
    double unit(std::size_t service) const { return services[service].hold > 0 ? services[service].hold : 1; }
    /// What the longest holds add to `hold` and `square`: of parts that are drawn apart, those of one part, the one
    /// that adds most, so rare as `upper`.
    LongPart longest(std::size_t service, double upper) const;
    std::size_t database_of(const ServiceModel& s) const {
        return s.through_pooler ? model.poolers[s.target].database : s.target;
    }
};

/// The waits of one queue in bins.
struct WaitCount {
    void add(const Histogram& scale, double wait, double watched = never) {
        if (bins.empty()) bins.resize(Bins::count);
        ++bins[scale.index(wait)];
        ++asked;
        waited += wait > 0;
        over += wait > watched;
        sum += wait;
    }
    std::vector<std::uint32_t> bins;
    std::uint64_t asked = 0, waited = 0, over = 0;
    double sum = 0;
};

struct ServiceCount {
    /// One that got a connection after such a wait, for so long if the CPU is its own.
    void grant(const Histogram& scale, double waited, double watched, double hold) {
        wait.add(scale, waited, watched);
        ++granted;
        squares += hold * hold;
    }
    WaitCount wait;
    std::uint64_t granted = 0;
    double squares = 0;  // of the holds of these
    std::uint64_t ended = 0, timeouts = 0, failures = 0, refused = 0, turned_away = 0;
    double response = 0, capacity = 0;  // capacity: connections × time
};

}  // namespace poolfit::simulate
