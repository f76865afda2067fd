// The CPU of a database, shared by all workloads on it: how much longer a transaction holds its connection for that.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/plan/workload.hpp>

namespace poolfit::plan {

/// CPU time with waiting for it, over CPU time alone, on a database of `vcpus`: 1 + C(m, a)/(m - a), Erlang's C of m
/// processors and a busy ones, the mean of M/M/m (and of processors that are shared equally). What is busy depends on
/// it where users wait: the fixed point is solved. Exact for one open load; with closed ones a mean-value
/// approximation.
struct Contention {
    double stretch = 1;       ///< 1 or more
    double busy = 0;          ///< vCPUs, on average, by all workloads
    bool full = false;        ///< open loads alone ask for all of the CPU, or more: nothing can be said of waits
    std::size_t sharers = 0;  ///< processes whose workload takes CPU there
    FigureId figure;          ///< of the stretch; only where there are sharers and it is not full
};

/// As Fleet::databases, on these classes; `name` is the figure's, of today's classes or of the recommended ones.
std::vector<Contention> contention(const Fleet& fleet, const Classes& classes, Name name, Recorder recorder);

/// The load with what else is on the CPU: all that is busy except this process. `others`: the most connections of
/// others that can be active, where they have a limit. A closed load that is alone stays: its formula knows the CPU.
sizing::Load shared(const sizing::Load& base, const Contention& contention, std::optional<double> others);

/// The hold with its mean wait for the CPU.
sizing::Hold held(const sizing::Load& base, const Contention& contention);

}  // namespace poolfit::plan
