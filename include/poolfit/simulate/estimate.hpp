// What a run says of one figure, and how long it runs.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace poolfit::simulate {

inline constexpr double never = std::numeric_limits<double>::infinity();

/// A figure with its confidence interval: value ± half_width.
struct Estimate {
    double value = 0;
    double half_width = 0;

    double low() const { return value - half_width; }
    double high() const { return value + half_width; }
    bool covers(double x) const { return x >= low() && x <= high(); }
};

/// How well a wait is known: its half width as a share of it, or of a tenth of a hold where the wait is shorter.
inline double spread(const Estimate& wait, double hold) {
    const double least = 0.1 * hold;
    return wait.half_width / (wait.value > least ? wait.value : least);
}

/// The mean of independent replications, with Student's t interval. One replication alone: an infinite interval.
Estimate estimate(std::span<const double> replications, double confidence);

/// The same, less what a control explains: figures of the replications whose own mean is known to be 0, as far as the
/// estimates follow them in a line. The interval is that of a regression at 0, so it grows with the distance of what
/// was drawn. Source: Lavenberg and Welch 1981. Both of one length; controls that are all alike explain nothing.
Estimate controlled(std::span<const double> replications, std::span<const double> controls, double confidence);

struct Options {
    std::uint64_t seed = 1;
    int threads = 1;  ///< the answer is the same, to the bit, for any number
    double confidence = 0.95;
    double precision = 0.01;    ///< stop when mean and p99 of the wait are known to this share; 0: use all transactions
    double transactions = 1e8;  ///< at most so many in all, about
};

}  // namespace poolfit::simulate
