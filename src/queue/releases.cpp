#include "releases.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tails.hpp"

namespace poolfit::queue {
namespace {

constexpr double negligible = 1e-18;

}  // namespace

// With h(k) = k! H(k) e^-a: h(k) = P(Poisson(a) <= v - k) + t(k), where t, the part with more present than vCPUs, is
//   t(0) = p_v a/(v - a),   t(k) = (k t(k - 1) + (v + 1) p_{v-k+1})/(v - a),   p_b = P(Poisson(a) = b).
CpuSpeed::CpuSpeed(double vcpus, double others, double others_most)
    : vcpus_(vcpus), others_(others), others_most_(others_most) {
    if (others <= 0.0) return;
    const auto v = static_cast<std::size_t>(vcpus);
    std::vector<double> weight(v + 1), at_most(v + 1);
    for (std::size_t b = 0; b <= v; ++b) {
        weight[b] = std::exp(ln_poisson(static_cast<double>(b), others));
        at_most[b] = weight[b] + (b > 0 ? at_most[b - 1] : 0.0);
    }
    double past = weight[v] * others / (vcpus - others), before = at_most[v] + past;
    speed_.assign(v + 1, 0.0);
    for (std::size_t k = 1; k <= v; ++k) {
        const auto own = static_cast<double>(k);
        past = (own * past + (vcpus + 1.0) * weight[v - k + 1]) / (vcpus - others);
        const double now = at_most[v - k] + past;
        speed_[k] = own * before / now;
        before = now;
    }
}

double CpuSpeed::operator()(std::size_t k) const {
    const auto own = static_cast<double>(k);
    if (k == 0) return 0.0;
    const double all = speed_.empty() ? std::min(own, vcpus_) : k < speed_.size() ? speed_[k] : vcpus_ - others_;
    return std::max(all, own * std::min(1.0, vcpus_ / (own + others_most_)));
}

Releases::Releases(double cpu, double elsewhere, CpuSpeed speed)
    : cpu_(cpu), elsewhere_(elsewhere), speed_(std::move(speed)) {}

double Releases::operator()(std::size_t n) {
    while (known_.size() <= n) known_.push_back(of(static_cast<double>(known_.size())));
    return known_[n];
}

/// The law of the number on the CPU, from its mode outwards as far as it counts.
double Releases::of(double n) {
    if (cpu_ == 0.0) return n / elsewhere_;
    if (elsewhere_ == 0.0) return speed_(known_.size()) / cpu_;
    const auto most = static_cast<std::size_t>(n);
    const auto ratio = [&](std::size_t k) {
        return (n - static_cast<double>(k)) * cpu_ / (elsewhere_ * speed_(k + 1));
    };
    while (mode_ < most && ratio(mode_) > 1.0) ++mode_;
    double total = 1.0, served = speed_(mode_), p = 1.0;
    for (std::size_t k = mode_; k < most; ++k) {
        p *= ratio(k);
        if (p < negligible) break;
        total += p;
        served += p * speed_(k + 1);
    }
    p = 1.0;
    for (std::size_t k = mode_; k > 0; --k) {
        p /= ratio(k - 1);
        if (p < negligible) break;
        total += p;
        served += p * speed_(k - 1);
    }
    return served / total / cpu_;
}

}  // namespace poolfit::queue
