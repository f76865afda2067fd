// Sixty-four replications of one pool: eight blocks of eight lanes, and what they add up to.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include <poolfit/simulate/pool.hpp>

#include "kernel.hpp"

namespace poolfit::simulate {

class Replications {
public:
    static constexpr int blocks = 8, count = blocks * lanes;

    Replications(const PoolModel& model, const Options& options, const Kernel& kernel);

    /// Each replication takes so many more transactions (rounded up to a whole chunk).
    void run(std::uint64_t transactions, bool counted);
    /// Everything that is known so far. What follows from the means of the laws is taken from them: see pool.hpp.
    void report(PoolRun& result) const;

    double hold_mean() const { return hold_mean_; }
    double hold_scv() const { return hold_scv_; }
    double gap_mean() const { return gap_.mean(); }
    double gap_scv() const { return gap_.scv(); }

private:
    struct Free {
        void operator()(void* p) const { ::operator delete[](p, std::align_val_t{64}); }
    };
    template <class T>
    using Aligned = std::unique_ptr<T[], Free>;
    struct Block {
        Lanes state{};
        Aligned<double> servers, users, cpu;
        std::vector<std::uint32_t> bins;
    };
    using PerReplication = std::array<double, count>;
    /// As near the steady state as is known beforehand: connections that are busy are so with what is left of a hold.
    void start(Lanes& lanes, int lane, Generator& chance) const;
    /// By Little's law, from `held` (closed with a CPU: how long a connection is held) and the estimates of the waits.
    void balance(PoolRun& r, const Estimate& held) const;
    /// What is to be added to the interval of a share, since some replications saw no such event; `events` of each.
    double rare(const PoolRun& r, const PerReplication& events) const;
    template <class T>
    static Aligned<T> aligned(std::size_t size);

    const PoolModel& model_;
    const Options& options_;
    const Kernel& kernel_;
    Sampler gap_, hold_, cpu_;
    Residual left_;  // of a hold
    double hold_mean_, hold_scv_;
    std::uint64_t taken_ = 0;  // of each replication, counted
    std::vector<Block> blocks_;
};

/// As simulate_pool, with a kernel of one's choice.
PoolRun simulate_pool(const PoolModel& model, const Options& options, const Kernel& kernel);

}  // namespace poolfit::simulate
