// A run of a real pool, predicted before it happens: throughput and mean wait, and how much a window of that length
// moves by chance alone. Times in ms, rates per second.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <poolfit/simulate/law.hpp>

namespace accuracy {

struct Experiment {
    int users = 0;  ///< closed: so many clients, each thinking between transactions; 0: open, Poisson arrivals
    int connections = 1;
    double gap_ms = 0;  ///< mean think time (exponential), or mean time between two arrivals
    poolfit::simulate::Law hold;
    double window_ms = 0;
};

struct Prediction {
    std::string refused;  ///< why there is none: an experiment that cannot be run, or a queue without end
    double per_second = 0;
    double wait_ms = 0;
    /// Standard deviation of one window, relative to its mean: the simulator's, over `windows` windows of that length.
    double per_second_sd = 0;
    double wait_sd = 0;
};

struct Effort {
    double precision = 0.003;  ///< of the wait's mean and p99
    double transactions = 3e7;
    int windows = 400;  ///< the standard deviation is then known to 3.5 %
    std::uint64_t seed = 1;
    int threads = 2;
};

Prediction predict(const Experiment& experiment, const Effort& effort);

/// A hold's law by name, mean `mean_ms`, and what each transaction costs besides: `constant`, `exponential`,
/// `geometric` (whole ms from 1 on), `lognormal CV`, or any cv (0 constant, below 1 gamma, above 1 lognormal) as `cv X`
/// with the number given in `cv`. Throws for another name.
poolfit::simulate::Law hold_law(std::string_view name, double mean_ms, double besides_ms, double cv = 1);

struct Measured {
    double per_second = 0;
    double wait_ms = 0;
};

/// How far a prediction is off, in standard deviations of the run's own noise, (predicted - measured) / (sd x
/// measured), and whether that is inside 3 of them + 1 % (throughput), or + 3 %, at least 1 ms (mean wait).
struct Verdict {
    std::optional<double> per_second_z;  ///< none where chance moves a run by less than `least_sd`
    std::optional<double> wait_z;        ///< none for waits below `least_wait_ms`
    bool per_second_inside = false;
    bool wait_inside = false;
    bool inside() const { return per_second_inside && wait_inside; }
};
Verdict judge(const Prediction& predicted, const Measured& measured);
// Below these the machine's own jitter is larger than chance: a saturated pool with constant holds always ends the
// same number of transactions, and a wait of 0.1 ms is the time that a packet takes.
inline constexpr double least_sd = 0.001;
inline constexpr double least_wait_ms = 1;

/// Root of the mean square of what is added.
class Rms {
public:
    void add(std::optional<double> z) {
        if (!z) return;
        squares_ += *z * *z;
        ++count_;
    }
    double value() const;
    int count() const { return count_; }

private:
    double squares_ = 0;
    int count_ = 0;
};

}  // namespace accuracy
