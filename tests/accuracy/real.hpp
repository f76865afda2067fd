// The measurements on a real PostgreSQL behind a real PgBouncer (tests/known-answers/real), as experiments.
#pragma once

#include <string>
#include <vector>

#include "predict.hpp"

namespace accuracy {

inline constexpr double closed_besides_ms = 1.45;  ///< what a transaction costs there besides its sleep: the median
inline constexpr double open_hold_ms = 20.65;      ///< the same for the open runs: 20 ms and 0.65 ms

struct RealRun {
    std::string name;
    std::string law;
    Experiment experiment;
    Measured measured;
    bool rate_is_own = false;  ///< a calibration run: its rate was not set, so only its wait is predicted
};

std::vector<RealRun> closed_runs();  ///< closed_hold.csv: think as drawn
std::vector<RealRun> open_runs();    ///< open_poisson.csv

/// sampling_noise.csv: what 40 windows of another simulator say of the same chance; 0 where it has none.
struct Noise {
    std::string name;
    Experiment experiment;
    double per_second_sd = 0;
    double wait_sd = 0;
    double wait_ms = 0;
};
std::vector<Noise> noise_table();

/// cpu_bound.csv: clients without a think time, transactions that need CPU only, 2 vCPUs. The model is the closed
/// network of queue/closed_pool.hpp; a hold's time besides the CPU is that of the runs with one connection.
struct CpuBound {
    int connections = 0;
    int runs = 0;
    double measured = 0;  ///< per second, mean of the runs
    double own_cpu = 0;   ///< predicted with the CPU time a transaction took in the very runs
    double one_cpu = 0;   ///< predicted with the CPU time that it took with one connection: a priori
};
std::vector<CpuBound> cpu_bound();

}  // namespace accuracy
