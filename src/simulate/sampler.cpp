#include "sampler.hpp"

#include "elementary.hpp"

namespace poolfit::simulate {

namespace {

// The mean of the quantile function over [low, high] of the upper probability, without the offset.
double mean_between(const std::vector<LawNode>& nodes, double low, double high) {
    double sum = 0;
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        const LawNode &a = nodes[i - 1], &b = nodes[i];
        const double from = std::max(b.upper, low), to = std::min(a.upper, high);
        if (from >= to) continue;
        const double slope = (b.value - a.value) / (b.upper - a.upper);
        sum += (to - from) * (a.value + slope * ((from + to) / 2 - a.upper));
    }
    return sum / (high - low);
}

// The same for a smooth law, whose quantiles at the ends are known: Simpson's rule. The cell of the smallest values,
// where the quantile function may rise without bound, is cut ever finer towards its end.
double smooth_mean(const Law& law, double low, double high, double at_low, double at_high) {
    const double middle = upper_quantile(law, (low + high) / 2);
    if (high < 1) return (at_low + 4 * middle + at_high) / 6;
    double sum = 0, from = low;
    for (int i = 0; i < 24; ++i) {
        const double to = from + (high - from) / 2, at_to = upper_quantile(law, to);
        sum += (to - from) * (at_low + 4 * upper_quantile(law, (from + to) / 2) + at_to) / 6;
        from = to;
        at_low = at_to;
    }
    return (sum + (high - from) * (at_low + at_high) / 2) / (high - low);
}

}  // namespace

Sampler::Sampler(const Law& law) {
    offset_ = law.offset;
    if (law.kind == Law::Kind::constant || (law.kind == Law::Kind::exponential && law.mean == 0)) {
        offset_ += law.mean;
        mean_ = offset_;
        return;
    }
    if (law.kind == Law::Kind::exponential) {
        kind_ = Kind::exponential;
        scale_ = law.mean;
        mean_ = offset_ + scale_;
        scv_ = scale_ * scale_ / (mean_ * mean_);
        return;
    }
    kind_ = Kind::table;
    std::vector<Cell> cells(CellTable::cells);
    const bool pieces = law.kind == Law::Kind::piecewise;
    double square = 0, right = upper_quantile(law, 1.0);
    for (int i = CellTable::cells - 1; i >= 0; --i) {  // from the smallest values up
        const double low = from_bits((CellTable::first + static_cast<Bits>(i)) << CellTable::shift);
        const double high = from_bits((CellTable::first + static_cast<Bits>(i) + 1) << CellTable::shift);
        const double left = upper_quantile(law, low), width = high - low;
        const double middle =
            pieces ? law.offset + mean_between(law.nodes, low, high) : smooth_mean(law, low, high, left, right);
        const double half = high < 1 || pieces ? (left - right) / 2 : left - middle;  // what is below is not a line
        const double reach = std::min(half, middle - law.offset);                     // never below the smallest value
        cells[static_cast<std::size_t>(i)] = {middle + reach * (low + high) / width, -2 * reach / width};
        mean_ += width * middle;
        square += width * (middle * middle + reach * reach / 3);
        right = left;
    }
    mean_ += CellTable::smallest * right;
    square += CellTable::smallest * right * right;
    scv_ = mean_ > 0 ? std::max(0.0, square / (mean_ * mean_) - 1) : 0;
    cells_ = std::make_shared<const std::vector<Cell>>(std::move(cells));
}

LongPart Sampler::longest(double upper) const {
    LongPart part;
    upper = std::min(upper, 1.0);
    if (!(upper > 0)) return part;
    if (kind_ == Kind::constant) return {upper * offset_, upper * offset_ * offset_};
    if (kind_ == Kind::exponential) {
        const double l = -natural_log(upper), mean = scale_ * (1 + l), square = scale_ * scale_ * (l * l + 2 * l + 2);
        part.first = upper * (offset_ + mean);
        part.second = upper * (offset_ * offset_ + 2 * offset_ * mean + square);
        return part;
    }
    const double longest = at(CellTable::smallest), least = std::min(upper, CellTable::smallest);
    part = {least * longest, least * longest * longest};
    for (int i = 0; i < CellTable::cells; ++i) {
        const double low = CellTable::start(i), high = std::min(CellTable::start(i + 1), upper);
        if (low >= upper) break;
        const Cell& cell = (*cells_)[static_cast<std::size_t>(i)];
        const double width = high - low, middle = cell.base + cell.slope * (low + high) / 2;
        const double reach = cell.slope * width / 2;
        part.first += width * middle;
        part.second += width * (middle * middle + reach * reach / 3);
    }
    return part;
}

Residual::Residual(const Sampler& sampler) : sampler_(sampler) {
    if (sampler.kind() != Sampler::Kind::table) return;
    below_.reserve(CellTable::cells);
    double sum = 0;
    for (int i = CellTable::cells - 1; i >= 0; --i) {
        const double low = CellTable::start(i), high = CellTable::start(i + 1);
        sum += (high - low) * sampler.at((low + high) / 2);
        below_.push_back(sum);
    }
}

double Residual::draw(Generator& generator) const {
    const double share = generator.uniform(), u = generator.uniform();
    if (sampler_.kind() == Sampler::Kind::constant) return share * sampler_.offset();
    if (sampler_.kind() == Sampler::Kind::exponential) {
        const double offset = sampler_.offset(), fixed = offset / sampler_.mean();
        return u < fixed ? share * offset : offset - sampler_.scale() * ln(share);
    }
    const auto found = std::lower_bound(below_.begin(), below_.end(), u * below_.back());
    const int cell = CellTable::cells - 1 - static_cast<int>(std::min(found, below_.end() - 1) - below_.begin());
    return share * sampler_.at((CellTable::start(cell) + CellTable::start(cell + 1)) / 2);
}

}  // namespace poolfit::simulate
