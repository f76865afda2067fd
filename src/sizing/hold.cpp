#include "hold.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/queue/phases.hpp>
#include <poolfit/queue/range.hpp>

namespace poolfit::sizing {
namespace {

using queue::BadInput;
using queue::check_range;
using queue::Flaw;

/// Normal scores of 95 % and 99 %.
constexpr double z95 = 1.6448536269514722, z99 = 2.3263478740408408;
constexpr double most_cv = 30.0;

std::optional<BadInput> check_time(std::string_view input, Millis time) {
    return check_range(input, time.value, queue::shortest_time, queue::longest_time);
}

queue::Answer<Shape> shape(const MeanHold& hold) {
    if (const auto bad = check_time("mean hold time", hold.mean)) return *bad;
    if (const auto bad = check_range("coefficient of variation", hold.cv, 0.0, most_cv)) return *bad;
    Shape result{Shape::Kind::other, hold.mean, hold.cv * hold.cv, simulate::by_mean_and_cv(hold.mean.value, hold.cv)};
    if (hold.cv == 1.0) {
        result.kind = Shape::Kind::exponential;
    } else if (hold.cv == 0.0) {
        result.kind = Shape::Kind::constant;
    } else if (hold.law == MeanHold::Law::phases) {
        const auto fitted = queue::fit_phases(result.scv);
        if (const auto* bad = std::get_if<BadInput>(&fitted)) return *bad;
        result.kind = Shape::Kind::phases;
        if (result.scv > 1.0) result.law = simulate::hyperexponential(hold.mean.value, hold.cv);
    }
    return result;
}

queue::Answer<Shape> shape(const PercentileHold& hold) {
    const Millis high = hold.p99 ? *hold.p99 : hold.p95.value_or(Millis(0));
    if (const auto bad = check_time("median hold time (p50)", hold.p50)) return *bad;
    if (!hold.p95 && !hold.p99) return BadInput{"p95 or p99 of the hold time", Flaw::nothing_given, 0.0, 0.0};
    if (hold.p95) {
        if (const auto bad = check_time(high_p95, *hold.p95)) return *bad;
        if (*hold.p95 < hold.p50) return BadInput{high_p95, Flaw::out_of_order, hold.p95->value, hold.p50.value};
    }
    if (hold.p99) {
        if (const auto bad = check_time(high_p99, *hold.p99)) return *bad;
        const Millis below = hold.p95.value_or(hold.p50);
        if (*hold.p99 < below) return BadInput{high_p99, Flaw::out_of_order, hold.p99->value, below.value};
    }
    const auto value = [](const std::optional<Millis>& known) {
        return known ? std::optional(known->value) : std::nullopt;
    };
    Shape result;
    result.law = simulate::by_percentiles(hold.p50.value, value(hold.p95), value(hold.p99));
    if (hold.p50 == high) {
        result.mean = hold.p50;
        result.kind = Shape::Kind::constant;
        return result;
    }
    if (hold.p95 && hold.p99) {
        const auto law = queue::percentile_hold(hold.p50, *hold.p95, *hold.p99);
        if (const auto* bad = std::get_if<BadInput>(&law)) return *bad;
        const queue::HoldMoments moments = queue::moments(std::get<queue::PercentileHold>(law));
        result.mean = moments.mean;
        result.scv = moments.scv;
    } else {
        const double z = hold.p99 ? z99 : z95, sigma = std::log(high.value / hold.p50.value) / z;
        // The mean of the lognormal law is p50 e^(sigma^2/2), and may not be above the percentile that was given.
        const double most = hold.p50.value * std::exp(2.0 * z * z);
        if (high.value > most) return BadInput{hold.p99 ? high_p99 : high_p95, Flaw::too_large, high.value, most};
        result.mean = Millis(hold.p50.value * std::exp(0.5 * sigma * sigma));
        result.scv = std::expm1(sigma * sigma);
    }
    if (const auto bad = check_time("mean hold time", result.mean)) return *bad;
    return result;
}

queue::Answer<Shape> shape(const HistogramHold& hold) {
    const auto law = queue::histogram_hold(hold.bins);
    if (const auto* bad = std::get_if<BadInput>(&law)) return *bad;
    const queue::HoldMoments moments = queue::moments(std::get<queue::HistogramHold>(law));
    if (const auto bad = check_time("mean hold time", moments.mean)) return *bad;
    std::vector<simulate::HistogramClass> classes;
    for (const queue::HoldBin& bin : hold.bins)
        if (bin.weight > 0.0) classes.push_back({bin.low.value, bin.high.value, bin.weight});
    Shape result{Shape::Kind::other, moments.mean, moments.scv, simulate::histogram(std::move(classes))};
    return result;
}

/// Ends of the ranges, as upper probabilities from almost 1 down to almost 0.
std::vector<double> octaves() {
    constexpr int an_octave = 8, above = 40, below = 12;
    std::vector<double> uppers;
    for (int i = below * an_octave; i > an_octave; --i) uppers.push_back(1.0 - std::exp2(-i / double{an_octave}));
    for (int i = an_octave; i <= above * an_octave; ++i) uppers.push_back(std::exp2(-i / double{an_octave}));
    return uppers;
}

}  // namespace

queue::HistogramHold bins(const Shape& shape) {
    queue::HistogramHold law;
    const auto add = [&](double low, double high, double weight) {
        if (weight > 0.0) law.bins.push_back({Millis(low), Millis(high), weight});
    };
    const auto& nodes = shape.law.nodes;
    if (shape.law.kind == simulate::Law::Kind::constant) {
        add(shape.mean.value, shape.mean.value, 1.0);
    } else if (shape.law.kind == simulate::Law::Kind::piecewise) {
        for (std::size_t i = 1; i < nodes.size(); ++i)
            add(nodes[i - 1].value, nodes[i].value, nodes[i - 1].upper - nodes[i].upper);
    } else {
        double upper = 1.0, value = simulate::upper_quantile(shape.law, 1.0);
        for (const double next : octaves()) {
            const double longer = simulate::upper_quantile(shape.law, next);
            add(value, longer, upper - next);
            upper = next;
            value = longer;
        }
        add(value, value, upper);
    }
    return law;
}

queue::Answer<Shape> shape(const Hold& hold) {
    return std::visit([](const auto& given) { return shape(given); }, hold);
}

queue::Answer<Millis> mean_hold(const Hold& hold) {
    const auto made = shape(hold);
    if (const auto* bad = std::get_if<BadInput>(&made)) return *bad;
    return std::get<Shape>(made).mean;
}

}  // namespace poolfit::sizing
