// A size for every pool: by its workload, from observed use, from its formula, from its driver's default.
#include "pools.hpp"

#include <algorithm>
#include <cmath>

namespace poolfit::plan {

namespace {

using assess::ceil;
using assess::high;
using assess::low;
using assess::most;
using Term = assess::Term;

Key pool_key(Index pool, Name name) { return {{Subject::Kind::pool, pool}, name}; }

class Adviser {
public:
    Adviser(const Fleet& fleet, Index index, const PoolSize& declared, const PoolLoad* load, Recorder r)
        : fleet_(fleet), index_(index), pool_(fleet.pools[index]), declared_(declared), load_(load), r_(r) {}

    PoolAdvice advise(const std::optional<Forced>& forced) const {
        if (!forced) return freely(&Adviser::take);
        // The size that is not taken has no name of its own: the recommended one is another.
        const PoolAdvice free = freely(&Adviser::untold);
        PoolAdvice advice = free;
        advice.basis = Basis::limit;
        advice.forced_from = free.basis;
        advice.unforced = free.size->value;
        advice.size = Figure<Connections>{forced->size, {}};
        if (!r_.on()) return advice;
        const FigureId inputs[] = {free.size->id, forced->usable};
        advice.size->id = r_.by_model(pool_key(index_, Name::recommended), assess::measured(forced->size),
                                      Model::largest_that_fits, {}, inputs);
        return advice;
    }

private:
    using Take = PoolAdvice (Adviser::*)(const Figure<Connections>&, Basis) const;

    PoolAdvice freely(Take taken) const {
        const auto take = [&](const Figure<Connections>& size, Basis basis) { return (this->*taken)(size, basis); };
        if (load_ && load_->size) return at_least_peak(*load_->size, Basis::workload, taken);
        if (pool_.max && pool_.max->is_formula && declared_) return at_least_peak(*declared_, Basis::formula, taken);
        if (pool_.in_use) return take(observed(above_use()), Basis::observed);
        if (!declared_) return {std::nullopt, Basis::unlimited, {}, {}, {}, {}, {}};
        return take(*declared_, pool_.max ? Basis::declared : Basis::driver_default);
    }

    Term in_use() const {
        const auto& given = *pool_.in_use;
        return r_(Figure<Interval<double>>{
            *given, r_.input(pool_key(index_, Name::in_use_per_process), {*given, Measure::connections}, given.place)});
    }
    /// Room above what was seen, and never the peak itself.
    Term above_use() const {
        const Term room = r_(buffer(fleet_, r_)), use = low(in_use());
        return most(ceil(room * use), above_peak());
    }
    Term above_peak() const { return ceil(high(in_use())) + r_.literal(1); }

    Figure<Connections> observed(const Term& size) const {
        const Term within = assess::least(size, r_.literal(static_cast<double>(max_pool)));
        return r_.keep<Connections>(pool_key(index_, Name::observed_size), within);
    }

    PoolAdvice untold(const Figure<Connections>& size, Basis basis) const { return {size, basis, {}, {}, {}, {}, {}}; }

    PoolAdvice take(const Figure<Connections>& size, Basis basis) const {
        return {r_.keep<Connections>(pool_key(index_, Name::recommended), r_(size), {Note::basis, name(basis)}),
                basis,
                {},
                {},
                {},
                {},
                {}};
    }

    /// A size that stands, but is raised to hold the peak that was seen. A workload's is sized anew with each plan; a
    /// formula that its use refutes gives way to a number, and that has to be what the use asks for, or the next plan
    /// would move it again.
    PoolAdvice at_least_peak(const Figure<Connections>& size, Basis basis, Take taken) const {
        if (!pool_.in_use || size.value.value >= observed_peak(pool_) + 1) return (this->*taken)(size, basis);
        PoolAdvice advice = (this->*taken)(
            observed(basis == Basis::formula ? above_use() : most(r_(size), above_peak())), Basis::observed);
        advice.raised_from = basis;
        advice.unraised = size.value;
        advice.peak = Connections(observed_peak(pool_));
        return advice;
    }

    const Fleet& fleet_;
    Index index_;
    const Pool& pool_;
    const PoolSize& declared_;
    const PoolLoad* load_;  ///< null without a workload
    Recorder r_;
};

}  // namespace

std::int64_t observed_peak(const Pool& pool) {
    return pool.in_use ? static_cast<std::int64_t>(std::ceil((*pool.in_use)->high - 1e-9)) : 0;
}

Figure<double> buffer(const Fleet& fleet, Recorder r) {
    const auto& given = fleet.policy.observed_buffer;
    return {*given, r.input({{Subject::Kind::policy, 0}, Name::observed_buffer},
                            assess::measured(Measure::ratio, *given), given.place)};
}

PoolAdvice advise(const Fleet& fleet, Index pool, const PoolSize& declared, const PoolLoad* load,
                  const std::optional<Forced>& forced, Recorder recorder) {
    return Adviser(fleet, pool, declared, load, recorder).advise(forced);
}

std::string_view name(Basis basis) {
    constexpr std::string_view names[] = {"workload",       "observed",  "formula", "declared",
                                          "driver_default", "unlimited", "limit"};
    return names[static_cast<std::size_t>(basis)];
}

}  // namespace poolfit::plan
