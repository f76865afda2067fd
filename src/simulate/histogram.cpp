#include <poolfit/simulate/histogram.hpp>

#include <algorithm>
#include <numeric>

#include "kernel.hpp"

namespace poolfit::simulate {

Histogram::Histogram(double unit) : unit_(unit), bins_(static_cast<std::size_t>(Bins::count), 0) {}

std::size_t Histogram::index(double wait) const {
    const double x = std::min(std::max(wait / unit_, Bins::smallest), Bins::largest);
    return (to_bits(x) >> CellTable::shift) - Bins::first;
}

double Histogram::bin_start(std::size_t bin) {
    return bin == 0 ? 0.0 : from_bits((Bins::first + static_cast<Bits>(bin)) << CellTable::shift);
}

void Histogram::add(const Histogram& other) {
    for (std::size_t i = 0; i < bins_.size(); ++i) bins_[i] += other.bins_[i];
}

void Histogram::clear() { std::fill(bins_.begin(), bins_.end(), 0); }

std::uint64_t Histogram::count() const { return std::accumulate(bins_.begin(), bins_.end(), std::uint64_t{0}); }

double Histogram::quantile(double probability) const {
    const double rank = probability * static_cast<double>(count());
    double below = 0;
    for (std::size_t i = 0; i < bins_.size(); ++i) {
        const double here = static_cast<double>(bins_[i]);
        if (here > 0 && below + here >= rank) {
            if (i == 0) return 0;
            const double low = bin_start(i), high = bin_start(i + 1);
            return unit_ * (low + (high - low) * std::max(0.0, rank - below) / here);
        }
        below += here;
    }
    return 0;
}

double Histogram::above(double wait) const {
    const std::uint64_t all = count();
    if (all == 0) return 0;
    const std::size_t bin = index(wait);
    std::uint64_t more = 0;
    for (std::size_t i = bin + 1; i < bins_.size(); ++i) more += bins_[i];
    return (static_cast<double>(more) + static_cast<double>(bins_[bin]) * above_in_bin(wait)) /
           static_cast<double>(all);
}

double Histogram::above_in_bin(double wait) const {
    const std::size_t bin = index(wait);
    if (bin == 0) return 0;
    const double low = bin_start(bin), high = bin_start(bin + 1);
    return std::clamp((high - wait / unit_) / (high - low), 0.0, 1.0);
}

}  // namespace poolfit::simulate
