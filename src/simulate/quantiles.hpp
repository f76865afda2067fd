// Quantiles of a wait with intervals, from histograms that the replications kept apart.
#pragma once

#include <algorithm>
#include <vector>

#include <poolfit/simulate/estimate.hpp>
#include <poolfit/simulate/histogram.hpp>

#include "kernel.hpp"

namespace poolfit::simulate {

/// How far the share of waits above the quantile scatters between the replications gives an interval of that share, and
/// the quantiles of its ends one of the quantile; the farther end is the half width. `bins(i, b)` is what replication i
/// counted in bin b, `sizes[i]` what it counted in all; `scatter_of(shares)`, of the replications that counted any, is
/// the half width of the share.
template <class CountOf, class ScatterOf>
Estimate quantile_of(const Histogram& all, double level, const std::vector<double>& sizes, const CountOf& bins,
                     const ScatterOf& scatter_of) {
    const double q = all.quantile(level);
    const std::size_t bin = all.index(q);
    const double low = Histogram::bin_start(bin), high = Histogram::bin_start(bin + 1);
    const double part = bin == 0 ? 0 : (high - q / all.unit()) / (high - low);
    std::vector<double> above;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i] <= 0) continue;
        double more = part * bins(i, bin);
        for (std::size_t b = bin + 1; b < Bins::count; ++b) more += bins(i, b);
        above.push_back(more / sizes[i]);
    }
    const double scatter = scatter_of(above);
    const double up = all.quantile(std::min(1.0, level + scatter)), down = all.quantile(std::max(0.0, level - scatter));
    return {q, std::max(up - q, q - down)};
}

}  // namespace poolfit::simulate
