// How figures are computed and, where a run asks for it, recorded: the operations that compute a value also record it,
// so that a derivation cannot disagree with its value. Without Figures a Recorder only computes; with a World it
// computes with that world's values, where there are ranges else.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <poolfit/assess/node.hpp>
#include <poolfit/assess/world.hpp>

namespace poolfit {

namespace assess {

/// More connections than any server has: sums and products stop here, so that nothing overflows.
inline constexpr double most_connections = 1e12;

/// A value in the course of a computation.
struct Term {
    Interval<double> value;
    FigureId id;
    Figures* figures = nullptr;
};

/// The operation, recorded where the terms are.
Term apply(Op op, std::span<const Term> terms);

// The same for one term and two; a run that does not record only computes. Always inline: where a term stays in
// registers, an operation is an instruction or two.
[[gnu::always_inline]] inline Term apply(Op op, const Term& a) {
    if (a.figures == nullptr) return {evaluate(op, a.value), {}, nullptr};
    return apply(op, std::span(&a, 1));
}
[[gnu::always_inline]] inline Term apply(Op op, const Term& a, const Term& b) {
    if (a.figures == nullptr) return {evaluate(op, a.value, b.value), {}, nullptr};
    const Term both[] = {a, b};
    return apply(op, both);
}
[[gnu::always_inline]] inline Term operator+(const Term& a, const Term& b) { return apply(Op::sum, a, b); }
[[gnu::always_inline]] inline Term operator-(const Term& a, const Term& b) { return apply(Op::difference, a, b); }
[[gnu::always_inline]] inline Term operator*(const Term& a, const Term& b) { return apply(Op::product, a, b); }
[[gnu::always_inline]] inline Term operator/(const Term& a, const Term& b) { return apply(Op::quotient, a, b); }
[[gnu::always_inline]] inline Term floor(const Term& a) { return apply(Op::floor, a); }
[[gnu::always_inline]] inline Term ceil(const Term& a) { return apply(Op::ceil, a); }
[[gnu::always_inline]] inline Term least(const Term& a, const Term& b) { return apply(Op::least, a, b); }
[[gnu::always_inline]] inline Term most(const Term& a, const Term& b) { return apply(Op::most, a, b); }
[[gnu::always_inline]] inline Term low(const Term& a) { return apply(Op::low, a); }
[[gnu::always_inline]] inline Term high(const Term& a) { return apply(Op::high, a); }
[[gnu::always_inline]] inline Term between(const Term& low, const Term& high) { return apply(Op::between, low, high); }
/// Of any number of terms. Of none it is 0: a constant that says of what there is nothing.
Term sum(const std::vector<Term>& terms, Figures* figures, Grounds none = Grounds::nothing_listed);

}  // namespace assess

/// Keeps what is computed, where it has Figures; a value type, passed by copy.
class Recorder {
public:
    Recorder() = default;
    explicit Recorder(Figures* figures) : figures_(figures) {}
    /// Computes in a world, and records nothing. The world outlives it.
    explicit Recorder(const World& world) : world_(&world) {}
    bool on() const { return figures_ != nullptr; }
    Figures* figures() const { return figures_; }

    const World* world() const { return world_; }
    /// The same without records.
    Recorder silent() const { return world_ != nullptr ? Recorder(*world_) : Recorder(); }

    using Term = assess::Term;
    /// A range that a model leaves open: in a world the value there.
    template <class T>
    Interval<T> drawn(Doubt doubt, const Interval<T>& range) const {
        if (world_ == nullptr) return range;
        return Interval<T>(assess::value_at(range.low, range.high, world_->at(doubt)));
    }
    Term drawn(Doubt doubt, const Term& term) const {
        if (world_ == nullptr) return term;
        return {drawn(doubt, term.value), {}, nullptr};
    }
    /// The same of what was measured on a server, at the load that the world puts on it.
    template <class T>
    Interval<T> drawn(Index database, Doubt doubt, const Interval<T>& range) const {
        if (world_ == nullptr) return range;
        const World::Server& server = world_->of(database);
        const T value = assess::value_at(range.low, range.high, server.at[static_cast<std::size_t>(doubt)]);
        return Interval<T>(assess::grows(doubt) ? assess::grown(value, server.load) : value);
    }
    /// A pool's workload: in a world the one there.
    const Workload& workload(const Fleet& fleet, Index pool) const {
        if (world_ != nullptr)
            for (const World::Load& load : world_->loads)
                if (load.pool == pool) return load.workload;
        return *fleet.pools[pool].workload;
    }

    /// A figure as a term of the next computation.
    template <class T>
    Term operator()(const Figure<T>& figure) const;
    /// A literal number in a formula: the 1 of "peak + 1".
    Term literal(double value) const {
        if (figures_ == nullptr) return {Interval<double>(value), {}, nullptr};
        return note_literal(value);
    }

    // Leaves. A value without a place is a default of the inventory format. The test is inline, so that a run that
    // does not record makes neither the call nor the key.
    FigureId input(const Key& key, const Measured& value, const Place& place, const Remark& remark = {}) const {
        return figures_ == nullptr ? FigureId{} : note_input(key, value, place, remark);
    }
    FigureId row(const Key& key, const Measured& value, const Provenance& row, const Remark& remark = {}) const {
        return figures_ == nullptr ? FigureId{} : note_row(key, value, row, remark);
    }
    FigureId constant(const Key& key, const Measured& value, std::string_view source, const Remark& remark = {}) const {
        return figures_ == nullptr ? FigureId{} : note_constant(key, value, source, Grounds::none, remark);
    }
    FigureId constant(const Key& key, const Measured& value, Grounds grounds, const Remark& remark = {}) const {
        return figures_ == nullptr ? FigureId{} : note_constant(key, value, {}, grounds, remark);
    }

    /// Gives the term its key; the value is rounded to what T holds.
    template <class T>
    Figure<T> keep(const Key& key, const Term& term, const Remark& remark = {}) const;
    /// The same, measured otherwise than T is by itself.
    template <class T>
    Figure<T> keep(const Key& key, Measure measure, const Term& term, const Remark& remark = {}) const;
    /// A value that a formula of the inventory, the catalog or a driver gave for these variables.
    FigureId by_formula(const Key& key, const Measured& value, std::string_view text, Formula::Dialect dialect,
                        const Origin& origin, std::span<const FigureId> variables, Remark remark = {}) const;
    /// A value that a model gave for these inputs.
    FigureId by_model(const Key& key, const Measured& value, Model model, std::string_view method,
                      std::span<const FigureId> inputs, Remark remark = {}, const Provenance* row = nullptr) const;

private:
    Term note_literal(double value) const;
    FigureId note_input(const Key& key, const Measured& value, const Place& place, const Remark& remark) const;
    FigureId note_row(const Key& key, const Measured& value, const Provenance& row, const Remark& remark) const;
    FigureId note_constant(const Key& key, const Measured& value, std::string_view source, Grounds grounds,
                           const Remark& remark) const;
    bool is_literal(FigureId id) const;
    FigureId keep_node(const Key& key, Measure measure, const Interval<double>& value, const Term& term,
                       const Remark& remark) const;
    Figures* figures_ = nullptr;
    const World* world_ = nullptr;
};

/// Where an input stands, as an origin.
Origin origin_of(const Place& place);
Origin origin_of(const Provenance& row);

namespace assess {
/// As std::llround, without its call.
inline std::int64_t rounded(double value) {
    if (!(std::abs(value) < 9e18)) return std::llround(value);
    const auto whole = static_cast<std::int64_t>(value);
    const double rest = value - static_cast<double>(whole);
    return whole + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0);
}
}  // namespace assess

// How the types that figures have become numbers, and back.
template <class T>
struct FigureType;

template <class Q, Measure M>
struct WholeFigure {
    static constexpr Measure measure = M;
    static Interval<double> number(Q v) { return Interval<double>(static_cast<double>(v.value)); }
    static Q value(const Interval<double>& v) { return Q(static_cast<typename Q::rep>(assess::rounded(v.high))); }
};
template <class Q, Measure M>
struct RealFigure {
    static constexpr Measure measure = M;
    static Interval<double> number(Q v) { return Interval<double>(v.value); }
    static Q value(const Interval<double>& v) { return Q(v.high); }
};
template <>
struct FigureType<Bytes> : WholeFigure<Bytes, Measure::bytes> {};
template <>
struct FigureType<MicroUsdPerMonth> : WholeFigure<MicroUsdPerMonth, Measure::usd_per_month> {};
template <>
struct FigureType<Fraction> : RealFigure<Fraction, Measure::fraction> {};
template <>
struct FigureType<Erlangs> : RealFigure<Erlangs, Measure::erlangs> {};
template <>
struct FigureType<Millis> : RealFigure<Millis, Measure::milliseconds> {};
template <>
struct FigureType<Connections> : WholeFigure<Connections, Measure::connections> {
    static Connections value(const Interval<double>& v) {
        return Connections(assess::rounded(std::min(v.high, assess::most_connections)));
    }
};
template <>
struct FigureType<double> {
    static constexpr Measure measure = Measure::count;
    static Interval<double> number(double v) { return Interval<double>(v); }
    static double value(const Interval<double>& v) { return v.high; }
};
template <>
struct FigureType<std::int64_t> {
    static constexpr Measure measure = Measure::count;
    static Interval<double> number(std::int64_t v) { return Interval<double>(static_cast<double>(v)); }
    static std::int64_t value(const Interval<double>& v) { return assess::rounded(v.high); }
};
template <class T>
struct FigureType<Interval<T>> {
    static constexpr Measure measure = FigureType<T>::measure;
    static Interval<double> number(const Interval<T>& v) {
        return {FigureType<T>::number(v.low).low, FigureType<T>::number(v.high).high};
    }
    static Interval<T> value(const Interval<double>& v) {
        return {FigureType<T>::value(Interval<double>(v.low)), FigureType<T>::value(Interval<double>(v.high))};
    }
};

namespace assess {
template <class T>
Measured measured(const T& value) {
    return {FigureType<T>::number(value), FigureType<T>::measure};
}
}  // namespace assess

template <class T>
inline Recorder::Term Recorder::operator()(const Figure<T>& figure) const {
    return {FigureType<T>::number(figure.value), figure.id, figures_};
}

template <class T>
inline Figure<T> Recorder::keep(const Key& key, Measure measure, const Term& term, const Remark& remark) const {
    const T value = FigureType<T>::value(term.value);
    if (figures_ == nullptr) return {value, {}};
    return {value, keep_node(key, measure, FigureType<T>::number(value), term, remark)};
}

template <class T>
inline Figure<T> Recorder::keep(const Key& key, const Term& term, const Remark& remark) const {
    return keep<T>(key, FigureType<T>::measure, term, remark);
}

}  // namespace poolfit
