// The law of a duration: of a hold, a think time, a gap between arrivals. Any unit of time; one system, one unit.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace poolfit::simulate {

/// A point of a quantile function: the value, and the probability of a larger one. (Kind::quantiles keeps the normal
/// score of the lower probability in its place.)
struct LawNode {
    double value = 0;
    double upper = 0;
};

/// Made by the functions below, which prepare `nodes`.
struct Law {
    enum class Kind { constant, exponential, gamma, lognormal, hyperexponential, uniform, piecewise, quantiles };
    Kind kind = Kind::constant;
    double mean = 0;    ///< without the offset; not read for uniform, piecewise and quantiles
    double cv = 0;      ///< gamma, lognormal, hyperexponential: coefficient of variation
    double low = 0;     ///< uniform
    double high = 0;    ///< uniform
    double offset = 0;  ///< added to every draw
    /// Quantiles: beyond the upper probability `tail_from` exponential with this mean excess; 0: as before it.
    double tail = 0, tail_from = 0;
    std::vector<LawNode> nodes;
};

struct Weighted {
    double value = 0;
    double weight = 0;
};
struct Quantile {
    double probability = 0;  ///< of this value or less
    double value = 0;
};
struct HistogramClass {
    double low = 0;
    double high = 0;
    double weight = 0;
};

Law constant(double value);
Law exponential(double mean);
/// The sum of so many exponential stages.
Law erlang(int stages, double mean);
/// Any cv > 0.
Law gamma(double mean, double cv);
Law lognormal(double mean, double cv);
/// Two phases with balanced means (each phase carries half of the mean); cv >= 1.
Law hyperexponential(double mean, double cv);
Law uniform(double low, double high);
/// Values with weights; the weights need not sum to 1.
Law discrete(std::vector<Weighted> values);
/// From quantiles such as p50, p95 and p99: the logarithm of the value is linear in the normal score between two of
/// them and goes on so outside, so two quantiles give a lognormal law. One alone is a constant.
Law quantiles(std::vector<Quantile> known);
/// Classes with weights, none overlapping another, uniform within a class.
Law histogram(std::vector<HistogramClass> classes);
/// What people mostly have: mean and cv. cv 0 is constant, 1 exponential, any other lognormal.
Law by_mean_and_cv(double mean, double cv);
/// Or percentiles: of two the lognormal law through both, of three the law of queue::percentile_hold, whose tail is
/// bounded; constant where all are the same.
Law by_percentiles(double p50, std::optional<double> p95, std::optional<double> p99);
/// The same law, later by a constant.
Law shifted(Law law, double offset);

/// The same law, all values times `factor` > 0.
Law stretched(Law law, double factor);

/// Why the law cannot be used, or empty: negative or not finite values, no points, a cv out of range.
std::string problem(const Law& law);

/// The value that is exceeded with probability `upper` (0 < upper <= 1). Relative error below 1e-9.
double upper_quantile(const Law& law, double upper);
/// The mean, with the offset.
double mean_of(const Law& law);

}  // namespace poolfit::simulate
