// CPU on another class: one law and one band per kind of move, used for every question about a load on another class.
// CPU is a share of all vCPUs, 0 to 1; above 1 it is the demand of the load, and no class is that busy.
//
// The law. CoreMark is taken with all vCPUs loaded. Where a core runs two threads, a vCPU whose twin idles is faster
// than that: half of the vCPUs busy already does 1/G of all that the class can do, and the other half adds the rest,
//   capacity(u) = (2/G) × (min(u, ½) + (G − 1) × max(0, u − ½)),   capacity(u) = u with one thread a core.
// What is done today is then spread over the vCPUs and speed of the other class, and read back there. Where a class has
// no figure of speed, vCPUs are counted. All sizes of a family have one speed a vCPU, so two with as many vCPUs get the
// same range, and more vCPUs never a higher one (the class that the load runs on keeps what was measured).
//
// The band. How far measured CPU was from the law: docs/accuracy.md has the moves, one by one.
#pragma once

#include <span>
#include <string_view>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

/// Kinds of moves that differ in how far the law can be trusted.
enum class CpuMove : std::uint8_t {
    none,         ///< the same class: what was measured stays
    same_cpu,     ///< as many vCPUs of one processor or generation: m5 and r5
    same_family,  ///< another size of it
    arm_to_arm,
    x86_to_x86,
    x86_to_arm,
    arm_to_x86,
    by_count,  ///< a class without a figure of speed: vCPUs are counted
};

namespace assess {

/// What a core's second thread brings it to: 1.3 times one thread's work. Long queries gain less (0.9 to 1.1), short
/// statements more (1.6 to 2.2): that difference is most of the band.
inline constexpr double second_thread_gain = 1.3;

/// Capacity that `busy` uses of a class, as a share of what it can do at most.
double capacity_share(int threads_per_core, double busy);
/// The busy that uses this share; the share itself where that is over 1.
double busy_at(int threads_per_core, double share);

CpuMove cpu_move(const InstanceClass& from, const InstanceClass& to);
/// Measured CPU is the law's × this, for nine moves in ten; 1 for the same class.
Interval<double> cpu_band(CpuMove move);
Figure<Interval<double>> cpu_band_figure(CpuMove move, Recorder recorder);
/// The band's own law, of moves that are inside it: lognormal, with 5 % of moves below its low end and 5 % above its
/// high one, which are left out. So its middle is √(low × high), a little above the law's figure, as measured moves
/// are. `cpu_band_share` turns a number that is uniform on (0, 1) into a share of the way from one end to the other, as
/// a ratio; the factor there is `cpu_band_at`.
double cpu_band_share(double uniform);
double cpu_band_at(CpuMove move, double share);
/// "x86_to_arm", as figures have it.
std::string_view name(CpuMove move);

/// `key` names the figure of `busy` on `to`; its parts are named after it. `busy` is what was measured on `from`, and
/// `move` the kind of move.
Figure<Interval<Fraction>> cpu_on(const Key& key, const InstanceClass& from, const InstanceClass& to, CpuMove move,
                                  const Figure<Interval<Fraction>>& busy, Recorder recorder);
/// The same in numbers alone.
Interval<double> cpu_on(const InstanceClass& from, const InstanceClass& to, const Interval<double>& busy,
                        Recorder recorder = {});
/// A load as it was measured on a class.
struct CpuLoad {
    const InstanceClass* on;
    Figure<Interval<Fraction>> busy;
    Key key;  ///< names what `busy` is measured of
};
/// Two loads that come together on `to`: they add up as work, and the band of their moves (of several kinds: each by
/// its share of the work) multiplies the result. `law` names the result without the band.
Figure<Interval<Fraction>> cpu_together(const Key& key, const Key& law, const InstanceClass& to,
                                        std::span<const CpuLoad, 2> loads, Recorder recorder);
/// The same in numbers alone, at the high end, for many pairs of loads on the same classes.
class CpuTogether {
public:
    CpuTogether(const InstanceClass& to, const InstanceClass& one, const InstanceClass& other);
    double operator()(double one, double other) const;

private:
    struct Part {
        int threads = 1, threads_there = 1;  ///< per core, before and after `factor`
        double factor = 1, band = 1;
        double share(double busy) const;
    };
    int threads_;
    Part parts_[2];
};
/// The most that a load may take on `from` for its high end on `to` to be `busy`.
double cpu_before(const InstanceClass& from, const InstanceClass& to, double busy);
/// By the law, `to` does at least what `from` does, at any load.
bool as_fast(const InstanceClass& from, const InstanceClass& to);

/// A peak from here on is a lower bound: whatever more the load asks for could not be seen.
inline constexpr Fraction saturated{0.95};
inline bool is_saturated(const Maybe<Interval<Fraction>>& seen) { return seen && seen->value.high >= saturated; }
/// The peak, or the mean, that was seen is one.
inline bool is_saturated(const Observed& observed) {
    return is_saturated(observed.cpu_peak) || is_saturated(observed.cpu_mean);
}

/// From here on threads share cores on a class that has two a core, and what is left is less than it looks.
inline constexpr Fraction threads_share{0.5};

}  // namespace assess
}  // namespace poolfit
