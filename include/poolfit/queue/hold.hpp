// What is known about a hold time, as a law with moments and quantiles: a mean and a coefficient of variation; three
// percentiles; a histogram.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

struct HoldMoments {
    Millis mean{};
    double scv = 0.0;  ///< variance / mean^2
};

/// Mean and cv (standard deviation / mean, 0..100): the lognormal law with these moments, exact in both.
struct LognormalHold {
    double mu = 0.0;     ///< of ln(hold in ms)
    double sigma = 0.0;  ///< 0 is a constant hold
};
Answer<LognormalHold> lognormal_hold(Millis mean, double cv);

/// Percentiles p50 <= p95 <= p99. The law passes through all three, is lognormal in pieces (ln of the hold is linear in
/// the normal score between p50 and p95, on down to 0, and between p95 and p99), and has an exponential tail beyond p99
/// whose rate continues the hazard there, at most a mean of p99 long. Three percentiles say nothing about the tail
/// beyond the last, and the scv rests on that tail; with it the mean is never above p99.
struct PercentileHold {
    Millis p50{}, p95{}, p99{};
    double sigma_low = 0.0;   ///< below p95
    double sigma_high = 0.0;  ///< p95 to p99
    Millis tail{};            ///< mean excess beyond p99
};
Answer<PercentileHold> percentile_hold(Millis p50, Millis p95, Millis p99);

/// Bins in rising order, low < high <= the next low; weights >= 0, of any sum above 0. Evenly spread inside a bin.
/// At most 10^5 bins.
struct HoldBin {
    Millis low{}, high{};
    double weight = 0.0;
};
struct HistogramHold {
    std::vector<HoldBin> bins{};  ///< weights sum to 1
};
Answer<HistogramHold> histogram_hold(std::span<const HoldBin> bins);

/// Exact for the law as described.
HoldMoments moments(const LognormalHold& law);
HoldMoments moments(const PercentileHold& law);
HoldMoments moments(const HistogramHold& law);

/// The hold that a share p does not exceed, 0 < p < 1, else NaN: the inverse of the law, for drawing samples too.
Millis hold_quantile(const LognormalHold& law, double p);
Millis hold_quantile(const PercentileHold& law, double p);
Millis hold_quantile(const HistogramHold& law, double p);

/// "lognormal", "fitted to the percentiles", "histogram": how a report names the law.
std::string_view name(const LognormalHold& law);
std::string_view name(const PercentileHold& law);
std::string_view name(const HistogramHold& law);

}  // namespace poolfit::queue
