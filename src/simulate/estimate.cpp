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

Estimate controlled(std::span<const double> replications, std::span<const double> controls, double confidence) {
    const Estimate plain = estimate(replications, confidence);
    const double n = static_cast<double>(replications.size());
    if (replications.size() < 8) return plain;
    double control = 0;
    for (double x : controls) control += x;
    control /= n;
    double both = 0, square = 0;
    for (std::size_t i = 0; i < controls.size(); ++i) {
        const double off = controls[i] - control;
        square += off * off;
        both += off * (replications[i] - plain.value);
    }
    if (!(square > 0)) return plain;
    const double slope = both / square;
    double rest = 0;
    for (std::size_t i = 0; i < controls.size(); ++i) {
        const double error = replications[i] - plain.value - slope * (controls[i] - control);
        rest += error * error;
    }
    const double t = student_score((1 + confidence) / 2, static_cast<int>(replications.size()) - 2);
    return {plain.value - slope * control, t * std::sqrt(rest / (n - 2) * (1 / n + control * control / square))};
}

}  // namespace poolfit::simulate
