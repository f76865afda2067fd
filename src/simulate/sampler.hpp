// Draws from a law by inversion: one uniform number, one value, falling in the number. So two systems that see the
// same numbers see the same order of long and short holds.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include <poolfit/simulate/generator.hpp>
#include <poolfit/simulate/law.hpp>

#include "logarithm.hpp"

namespace poolfit::simulate {

/// value = base + slope · upper inside one cell of the upper probability.
struct Cell {
    double base = 0;
    double slope = 0;
};

/// The quantile function in straight pieces: each of 40 octaves of the upper probability [2^-41, 1) in 128 cells, so
/// the tail is as fine as the body. A cell keeps the law's mean inside it exactly (smooth laws: by Simpson's rule).
/// What is rarer than 2^-41 is drawn as 2^-41.
struct CellTable {
    static constexpr int cells_per_octave = 128, octaves = 41, cells = octaves * cells_per_octave;
    static constexpr int shift = 45;  // of a double's bits: exponent and seven bits of mantissa remain
    static constexpr double smallest = 0x1p-41;
    static constexpr Bits first = 0x3d60000000000000 >> shift;  // the bits of `smallest`
    /// Where the cell `i` begins.
    static double start(int i) { return from_bits((first + static_cast<Bits>(i)) << shift); }
};

/// What a law's longest draws add to its first two moments.
struct LongPart {
    double first = 0, second = 0;
};

class Sampler {
public:
    enum class Kind { constant, exponential, table };

    Sampler() = default;  ///< always 0
    explicit Sampler(const Law& law);

    double draw(Generator& generator) const { return at(generator.uniform()); }
    /// The value that this upper probability stands for.
    double at(double upper) const {
        if (kind_ == Kind::constant) return offset_;
        if (kind_ == Kind::exponential) return offset_ - scale_ * ln(upper);
        const double v = std::max(upper, CellTable::smallest);
        const Cell& cell = (*cells_)[(to_bits(v) >> CellTable::shift) - CellTable::first];
        return cell.base + cell.slope * v;
    }

    Kind kind() const { return kind_; }
    double scale() const { return scale_; }    ///< exponential: the mean without the offset
    double offset() const { return offset_; }  ///< constant: the value
    const Cell* cells() const { return cells_ ? cells_->data() : nullptr; }
    double mean() const { return mean_; }  ///< of what is drawn
    double scv() const { return scv_; }    ///< squared coefficient of variation of what is drawn
    bool never_positive() const { return mean_ == 0; }
    /// Of the draws whose upper probability is below `upper`.
    LongPart longest(double upper) const;

private:
    Kind kind_ = Kind::constant;
    double scale_ = 0, offset_ = 0, mean_ = 0, scv_ = 0;
    std::shared_ptr<const std::vector<Cell>> cells_;
};

/// What is left of a duration at a moment that knows nothing of it: the density of x is P(longer than x)/mean. It is an
/// even share of a duration that was chosen in proportion to its length (a cell's are taken to be alike).
class Residual {
public:
    explicit Residual(const Sampler& sampler);
    double draw(Generator& generator) const;

private:
    const Sampler& sampler_;
    std::vector<double> below_;  // table: the mean of all cells up to this one, smallest values first
};

}  // namespace poolfit::simulate
