#include <poolfit/simulate/law.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <poolfit/queue/hold.hpp>

#include "elementary.hpp"
#include "sampler.hpp"

namespace poolfit::simulate {

namespace {

Law simple(Law::Kind kind, double mean, double cv) {
    Law law;
    law.kind = kind;
    law.mean = mean;
    law.cv = cv;
    return law;
}

// p1 e^{-x r1} + p2 e^{-x r2} = upper. The logarithm of the left side is convex and falling, so Newton's steps from
// a point below the root come up to it and never pass it.
double hyperexponential_quantile(double mean, double cv, double upper) {
    const double scv = cv * cv, p1 = (1 + std::sqrt((scv - 1) / (scv + 1))) / 2, p2 = 1 - p1;
    const double r1 = 2 * p1 / mean, r2 = 2 * p2 / mean;
    double x = std::max({0.0, natural_log(p1 / upper) / r1, natural_log(p2 / upper) / r2});
    for (int i = 0; i < 60; ++i) {
        const double e1 = p1 * exponential_of(-x * r1), e2 = p2 * exponential_of(-x * r2);
        const double step = natural_log((e1 + e2) / upper) * (e1 + e2) / (e1 * r1 + e2 * r2);
        x += step;
        if (std::fabs(step) <= 1e-12 * x) break;
    }
    return x;
}

// The gamma law with unit scale: Newton's steps on the logarithm of the smaller tail, in ln x, kept inside a bracket.
double gamma_quantile(double shape, double upper) {
    const bool lower = upper > 0.5;
    const double goal = natural_log(lower ? 1 - upper : upper);
    double low = -700, high = natural_log(shape + 60 + 60 * std::sqrt(shape));
    const double cube = 1 - 1 / (9 * shape) - normal_score(upper) / (3 * std::sqrt(shape));  // Wilson and Hilferty
    double y = cube > 0.1 ? natural_log(shape * cube * cube * cube)
                          : (goal * (lower ? 1 : 0) + natural_log(shape)) / std::max(shape, 0.05);
    for (int i = 0; i < 200; ++i) {
        if (!(y > low && y < high)) y = (low + high) / 2;
        const double x = exponential_of(y), tail = gamma_tail(shape, x, lower);
        const double error = tail > 0 ? natural_log(tail) - goal : -std::numeric_limits<double>::infinity();
        ((error > 0) == lower ? high : low) = y;
        const double slope = gamma_density(shape, x) * x / tail * (lower ? 1 : -1), step = error / slope;
        if (std::fabs(step) < 1e-6 || high - low < 1e-12) return exponential_of(y - (std::isfinite(step) ? step : 0));
        y = std::isfinite(step) ? y - step : (low + high) / 2;
    }
    return exponential_of(y);
}

double piecewise_quantile(const std::vector<LawNode>& nodes, double upper) {
    const auto after = std::find_if(nodes.begin(), nodes.end(), [&](const LawNode& n) { return n.upper <= upper; });
    if (after == nodes.begin()) return nodes.front().value;
    if (after == nodes.end()) return nodes.back().value;
    const auto before = after - 1;
    const double share = (before->upper - upper) / (before->upper - after->upper);
    return before->value + share * (after->value - before->value);
}

double quantile_between(const Law& law, double upper) {
    const std::vector<LawNode>& nodes = law.nodes;
    if (nodes.size() == 1) return nodes[0].value;
    if (upper < law.tail_from) return nodes.back().value + law.tail * natural_log(law.tail_from / upper);
    const double z = -normal_score(upper);
    std::size_t i = 1;
    while (i + 1 < nodes.size() && nodes[i].upper < z) ++i;
    const LawNode &a = nodes[i - 1], &b = nodes[i];
    const double la = natural_log(a.value), lb = natural_log(b.value);
    return exponential_of(la + (lb - la) * (z - a.upper) / (b.upper - a.upper));
}

bool good(double x) { return std::isfinite(x) && x >= 0 && x < 1e15; }

}  // namespace

Law constant(double value) { return simple(Law::Kind::constant, value, 0); }
Law exponential(double mean) { return simple(Law::Kind::exponential, mean, 1); }
Law erlang(int stages, double mean) { return gamma(mean, 1 / std::sqrt(static_cast<double>(stages))); }
Law gamma(double mean, double cv) { return simple(Law::Kind::gamma, mean, cv); }
Law lognormal(double mean, double cv) { return simple(Law::Kind::lognormal, mean, cv); }
Law hyperexponential(double mean, double cv) { return simple(Law::Kind::hyperexponential, mean, cv); }

Law uniform(double low, double high) {
    Law law = simple(Law::Kind::uniform, (low + high) / 2, 0);
    law.low = low;
    law.high = high;
    return law;
}

Law discrete(std::vector<Weighted> values) {
    std::vector<HistogramClass> classes;
    for (const Weighted& v : values) classes.push_back({v.value, v.value, v.weight});
    return histogram(std::move(classes));
}

Law histogram(std::vector<HistogramClass> classes) {
    Law law = simple(Law::Kind::piecewise, 0, 0);
    std::sort(classes.begin(), classes.end(),
              [](const HistogramClass& x, const HistogramClass& y) { return x.low < y.low; });
    double total = 0, left = 0;
    for (const HistogramClass& c : classes) total += c.weight;
    for (auto c = classes.rbegin(); c != classes.rend(); ++c) {  // from above: small upper probabilities stay exact
        law.nodes.push_back({c->high, left / total});
        left += c->weight;
        law.nodes.push_back({c->low, left / total});
    }
    std::reverse(law.nodes.begin(), law.nodes.end());
    return law;
}

Law quantiles(std::vector<Quantile> known) {
    Law law = simple(Law::Kind::quantiles, 0, 0);
    std::sort(known.begin(), known.end(),
              [](const Quantile& x, const Quantile& y) { return x.probability < y.probability; });
    for (const Quantile& q : known) {
        const bool inside = q.probability > 0 && q.probability < 1;
        law.nodes.push_back({q.value, inside ? normal_score(q.probability) : std::numeric_limits<double>::quiet_NaN()});
    }
    return law;
}

Law by_mean_and_cv(double mean, double cv) {
    if (cv == 0) return constant(mean);
    if (cv == 1) return exponential(mean);
    return lognormal(mean, cv);
}

Law by_percentiles(double p50, std::optional<double> p95, std::optional<double> p99) {
    std::vector<Quantile> known{{0.5, p50}};
    if (p95) known.push_back({0.95, *p95});
    if (p99) known.push_back({0.99, *p99});
    if (known.front().value == known.back().value) return constant(p50);
    Law law = quantiles(std::move(known));
    if (!p95 || !p99) return law;
    const auto fitted = queue::percentile_hold(Millis(p50), Millis(*p95), Millis(*p99));
    if (const auto* found = std::get_if<queue::PercentileHold>(&fitted)) {
        law.tail = found->tail.value;
        law.tail_from = 1 - 0.99;
    }
    return law;
}

Law shifted(Law law, double offset) {
    law.offset += offset;
    return law;
}

Law stretched(Law law, double factor) {
    law.mean *= factor;
    law.low *= factor;
    law.high *= factor;
    law.offset *= factor;
    law.tail *= factor;
    for (LawNode& node : law.nodes) node.value *= factor;
    return law;
}

std::string problem(const Law& law) {
    if (!good(law.offset)) return "the offset of a law must be 0 or more";
    switch (law.kind) {
        case Law::Kind::constant:
        case Law::Kind::exponential:
            return good(law.mean) ? "" : "a mean must be 0 or more, and finite";
        case Law::Kind::gamma:
        case Law::Kind::lognormal:
            if (!good(law.mean) || law.mean == 0) return "a mean must be more than 0, and finite";
            return law.cv >= 0.01 && law.cv <= 30 ? "" : "a coefficient of variation must be from 0.01 to 30";
        case Law::Kind::hyperexponential:
            if (!good(law.mean) || law.mean == 0) return "a mean must be more than 0, and finite";
            return law.cv >= 1 && law.cv <= 30 ? ""
                                               : "a hyperexponential law needs a coefficient of variation from 1 to 30";
        case Law::Kind::uniform:
            return good(law.low) && good(law.high) && law.low <= law.high ? "" : "a uniform law needs 0 <= low <= high";
        case Law::Kind::piecewise:
        case Law::Kind::quantiles:
            if (!good(law.tail)) return "the tail of a law must be 0 or more, and finite";
            break;
    }
    if (law.nodes.empty()) return "a law needs at least one value";
    const bool scores = law.kind == Law::Kind::quantiles;
    for (std::size_t i = 0; i < law.nodes.size(); ++i) {
        const LawNode& node = law.nodes[i];
        if (!good(node.value) || (scores && node.value == 0)) return "the values of a law must be positive and finite";
        if (!std::isfinite(node.upper))
            return scores ? "a probability must be between 0 and 1" : "weights must be 0 or more";
        if (i == 0) continue;
        if (node.value < law.nodes[i - 1].value) return "the values of a law must rise";
        if (scores ? node.upper <= law.nodes[i - 1].upper : node.upper > law.nodes[i - 1].upper)
            return scores ? "a probability is given twice" : "weights must be 0 or more";
    }
    return "";
}

double upper_quantile(const Law& law, double upper) {
    const bool end = upper >= 1;
    switch (law.kind) {
        case Law::Kind::constant:
            return law.offset + law.mean;
        case Law::Kind::exponential:
            return law.offset + (end ? 0 : -law.mean * natural_log(upper));
        case Law::Kind::gamma: {
            const double scale = law.mean * law.cv * law.cv;
            return law.offset + (end ? 0 : scale * gamma_quantile(1 / (law.cv * law.cv), upper));
        }
        case Law::Kind::lognormal: {
            const double variance = natural_log(1 + law.cv * law.cv);
            return law.offset +
                   (end ? 0 : law.mean * exponential_of(-variance / 2 - std::sqrt(variance) * normal_score(upper)));
        }
        case Law::Kind::hyperexponential:
            return law.offset + (end ? 0 : hyperexponential_quantile(law.mean, law.cv, upper));
        case Law::Kind::uniform:
            return law.offset + law.low + (law.high - law.low) * (1 - upper);
        case Law::Kind::piecewise:
            return law.offset + piecewise_quantile(law.nodes, upper);
        case Law::Kind::quantiles:
            if (end && law.nodes.size() > 1) return law.offset;
            return law.offset + quantile_between(law, end ? 0.5 : upper);
    }
    return 0;
}

double mean_of(const Law& law) { return Sampler(law).mean(); }

}  // namespace poolfit::simulate
