// The values of the flags of `pool`, each by itself; pool.cpp checks them together.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <poolfit/queue/hold.hpp>
#include <poolfit/sizing/load.hpp>
#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit::cli {

struct PoolOptions {
    std::optional<Interval<PerSecond>> rate;
    std::optional<std::int64_t> users;
    std::optional<Millis> think;

    std::optional<Interval<Millis>> hold;
    std::optional<double> cv;
    std::optional<sizing::MeanHold::Law> law;
    std::optional<Millis> p50, p95, p99;
    std::vector<queue::HoldBin> histogram;

    std::optional<Millis> wait, mean_wait, acquire_timeout;
    std::optional<Fraction> probability, utilization, timeouts;

    std::optional<std::int64_t> size;
    std::optional<double> peak, batch;
    std::optional<Millis> cpu;
    std::optional<std::int64_t> vcpus, nested, threads;

    std::optional<Interval<std::int64_t>> instances;
    std::optional<std::int64_t> processes, pooler;
};

}  // namespace poolfit::cli
