// Axes: where a value stands, and at which values there are ticks.
#pragma once

#include <string>
#include <vector>

#include <poolfit/svg/svg.hpp>

namespace poolfit::svg {

class Scale {
public:
    /// From pixel `from` to pixel `to`, for these values and what the axis asks for.
    Scale(const Axis& axis, const std::vector<double>& values, double from, double to);
    double at(double value) const;
    double low() const { return low_; }
    double high() const { return high_; }
    /// About so many, at round values.
    std::vector<double> ticks(int about) const;

private:
    double low_ = 0, high_ = 1, from_, to_;
    bool logarithmic_, whole_;
};

}  // namespace poolfit::svg
