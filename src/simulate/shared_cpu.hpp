// The CPU of a database: so many vCPUs, shared equally by all that need one, never more than one each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <poolfit/simulate/estimate.hpp>

namespace poolfit::simulate {

/// Time is counted as progress: the service that each transaction present has received. It runs at speed 1 while there
/// is a vCPU for each and slower otherwise, and an arrival's end is known as a value of progress.
class SharedCpu {
public:
    explicit SharedCpu(double vcpus) : vcpus_(vcpus) {}

    void enter(double now, std::uint32_t transaction, double demand) {
        advance(now);
        jobs_.push_back({progress_ + demand, order_++, transaction});
        std::push_heap(jobs_.begin(), jobs_.end(), later);
        demand_ += demand;
        schedule();
    }
    /// When the next one is done, if none arrives before.
    double due() const { return due_; }
    std::uint32_t take_done() {
        advance(due_);
        std::pop_heap(jobs_.begin(), jobs_.end(), later);
        const Job job = jobs_.back();
        jobs_.pop_back();
        progress_ = jobs_.empty() ? 0 : job.done_at;
        schedule();
        return job.transaction;
    }
    void drop_all(double now) {
        advance(now);
        jobs_.clear();
        progress_ = 0;
        schedule();
    }
    void advance(double now) {
        const double n = static_cast<double>(jobs_.size()), passed = now - last_;
        busy_ += passed * std::min(n, vcpus_);
        present_ += passed * n;
        progress_ += passed * speed();
        last_ = now;
    }
    void forget(double now) {
        advance(now);
        busy_ = present_ = demand_ = 0;
    }
    double busy() const { return busy_; }        ///< vCPU time used
    double present() const { return present_; }  ///< time of all that were here
    double demand() const { return demand_; }    ///< of all that came

private:
    struct Job {
        double done_at;
        std::uint64_t order;
        std::uint32_t transaction;
    };
    static bool later(const Job& a, const Job& b) {
        return a.done_at > b.done_at || (a.done_at == b.done_at && a.order > b.order);
    }
    double speed() const {
        const double n = static_cast<double>(jobs_.size());
        return n <= vcpus_ ? 1 : vcpus_ / n;
    }
    void schedule() {
        due_ = jobs_.empty() ? never : last_ + std::max(0.0, jobs_.front().done_at - progress_) / speed();
    }

    double vcpus_, progress_ = 0, last_ = 0, due_ = never, busy_ = 0, present_ = 0, demand_ = 0;
    std::uint64_t order_ = 0;
    std::vector<Job> jobs_;
};

}  // namespace poolfit::simulate
