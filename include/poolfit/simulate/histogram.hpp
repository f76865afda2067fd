// A histogram whose bins have equal ratios, 128 an octave: values to within 0.4 %, whatever their size, in fixed
// memory. (The idea is HdrHistogram's; here a bin is the exponent and seven bits of the mantissa of a double.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace poolfit::simulate {

class Histogram {
public:
    /// Waits are counted in `unit`s: from 2^-22 (what is below counts as 0) to 2^22 of them (what is above, as that).
    explicit Histogram(double unit = 1);

    void add(double wait) { ++bins_[index(wait)]; }
    void add_bin(std::size_t bin, std::uint64_t count) { bins_[bin] += count; }
    void add(const Histogram& other);
    void clear();

    std::uint64_t count() const;
    /// The value that a share `probability` of all does not exceed; linear inside a bin. 0 when empty.
    double quantile(double probability) const;
    /// The share of all that exceed `wait`.
    double above(double wait) const;
    /// The part of the wait's bin that exceeds it, 0 to 1; 0 of bin 0, whose waits count as 0.
    double above_in_bin(double wait) const;
    double unit() const { return unit_; }
    bool operator==(const Histogram&) const = default;

    /// Where a bin begins, in units; bin 0 is 0.
    static double bin_start(std::size_t bin);
    std::size_t index(double wait) const;

private:
    double unit_;
    std::vector<std::uint64_t> bins_;
};

}  // namespace poolfit::simulate
