#include "scale.hpp"

#include <algorithm>
#include <cmath>

namespace poolfit::svg {
namespace {

/// The least of 1, 2, 2.5 and 5 with noughts that is not below the value.
double round_step(double value) {
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double each : {1.0, 2.0, 2.5, 5.0})
        if (each * power >= value * (1 - 1e-9)) return each * power;
    return 10 * power;
}

}  // namespace

Scale::Scale(const Axis& axis, const std::vector<double>& values, double from, double to)
    : from_(from), to_(to), logarithmic_(axis.logarithmic), whole_(axis.whole) {
    std::vector<double> all = values;
    for (const auto& asked : {axis.low, axis.high})
        if (asked) all.push_back(*asked);
    if (logarithmic_) std::erase_if(all, [](double value) { return !(value > 0); });
    if (all.empty()) all.push_back(1);
    const auto [least, most] = std::minmax_element(all.begin(), all.end());
    if (logarithmic_) {
        low_ = std::pow(10, std::floor(std::log10(*least) + 1e-9));
        high_ = std::pow(10, std::ceil(std::log10(*most) - 1e-9));
        if (high_ <= low_) high_ = low_ * 10;
        return;
    }
    low_ = axis.low ? std::min(*axis.low, *least) : std::min(0.0, *least);
    high_ = *most > low_ ? *most : low_ + 1;
    // A little room, so that nothing stands on the edge.
    high_ += (high_ - low_) * (axis.high && *axis.high >= *most ? 0 : 0.04);
}

double Scale::at(double value) const {
    const double share =
        logarithmic_ ? (std::log10(std::max(value, low_)) - std::log10(low_)) / (std::log10(high_) - std::log10(low_))
                     : (value - low_) / (high_ - low_);
    return from_ + (to_ - from_) * std::clamp(share, 0.0, 1.0);
}

std::vector<double> Scale::ticks(int about) const {
    std::vector<double> all;
    if (logarithmic_) {
        const auto first = static_cast<int>(std::lround(std::log10(low_)));
        const auto last = static_cast<int>(std::lround(std::log10(high_)));
        const int step = std::max(1, (last - first + about - 1) / about);
        for (int power = first; power <= last; power += step) all.push_back(std::pow(10, power));
        return all;
    }
    double step = round_step((high_ - low_) / about);
    if (whole_) step = std::max(1.0, std::ceil(step - 1e-9));
    const auto first = static_cast<long>(std::ceil(low_ / step - 1e-9));
    const auto last = static_cast<long>(std::floor(high_ / step + 1e-9));
    for (long k = first; k <= last; ++k) all.push_back(static_cast<double>(k) * step);
    return all;
}

}  // namespace poolfit::svg
