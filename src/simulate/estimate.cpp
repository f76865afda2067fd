#include <poolfit/simulate/estimate.hpp>

#include <cmath>
#include <limits>

#include "elementary.hpp"

namespace poolfit::simulate {

Estimate estimate(std::span<const double> replications, double confidence) {
    const double n = static_cast<double>(replications.size());
    if (replications.empty()) return {};
    double sum = 0, square = 0;
    for (double x : replications) sum += x;
    const double mean = sum / n;
    if (replications.size() == 1) return {mean, std::numeric_limits<double>::infinity()};
    for (double x : replications) square += (x - mean) * (x - mean);
    const double t = student_score((1 + confidence) / 2, static_cast<int>(replications.size()) - 1);
    return {mean, t * std::sqrt(square / (n - 1) / n)};
}

}  // namespace poolfit::simulate
