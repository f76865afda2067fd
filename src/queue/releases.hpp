// How fast connections come back to a pool whose transactions share a CPU.
#pragma once

#include <cstddef>
#include <vector>

namespace poolfit::queue {

/// What k transactions of a pool get of `vcpus`, in vCPUs, where others keep `others` of them busy at random, at most
/// `others_most` of them at a time. Formula and source: shared_cpu.hpp. Cost: vcpus.
class CpuSpeed {
public:
    CpuSpeed(double vcpus, double others, double others_most);
    double operator()(std::size_t k) const;

private:
    double vcpus_, others_, others_most_;
    std::vector<double> speed_;  ///< of 0..vcpus; empty where there are no others
};

/// Transactions that end per ms with n connections held, for n = 0, 1, 2 … as far as they are asked for: the closed
/// network of n that are on the CPU or elsewhere. Cost: sqrt(n) each.
class Releases {
public:
    /// Mean times in ms, one of them more than 0.
    Releases(double cpu, double elsewhere, CpuSpeed speed);
    double operator()(std::size_t n);

private:
    double of(double n);

    double cpu_, elsewhere_;
    CpuSpeed speed_;
    std::size_t mode_ = 0;  ///< the likeliest number on the CPU; it grows with n
    std::vector<double> known_{0.0};
};

}  // namespace poolfit::queue
