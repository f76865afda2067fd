// A size for every pool: by its workload, from observed use, from its formula, from its driver's default.
#include "pools.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/assess/holding.hpp>
#include <poolfit/model/holding.hpp>

#include "within.hpp"

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
    Adviser(const Fleet& fleet, Index index, const PoolSize& declared, const PoolLoad* load, Grow grow, Recorder r)
        : fleet_(fleet),
          index_(index),
          pool_(fleet.pools[index]),
          declared_(declared),
          load_(load),
          grow_(grow),
          r_(r) {}

    PoolAdvice advise() const {
        const Basis given = pool_.max ? Basis::declared : Basis::driver_default;
        if (!model::has_setting(pool_)) return declared_ ? take(*declared_, given) : none();
        if (load_ && load_->size) return at_least_peak(*load_->size, Basis::workload, load_->held);
        if (pool_.max && pool_.max->is_formula && declared_) return as_set(Basis::formula);
        if (pool_.in_use) return by_use();
        return declared_ ? as_set(given) : by_process();
    }

private:
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

    Within held(const Term& size) const {
        const Within within = within_process(fleet_, index_, declared_, size, r_);
        if (grow_ == Grow::yes || within.held != Held::at_least || !declared_) return within;
        return {most(size, r_(*declared_)), Held::no};
    }

    Figure<Connections> observed(const Term& size) const {
        const Term within = assess::least(size, r_.literal(static_cast<double>(max_pool)));
        return r_.keep<Connections>(pool_key(index_, Name::observed_size), within);
    }

    static PoolAdvice none() { return {std::nullopt, Basis::unlimited, {}, {}, {}, Held::no}; }

    PoolAdvice by_use() const {
        const Within within = held(above_use());
        PoolAdvice advice = take(observed(within.size), Basis::observed);
        advice.held = within.held;
        return advice;
    }

    /// Without a limit and without use: what its process can hold, where that is known.
    PoolAdvice by_process() const {
        if (!model::holding(fleet_, pool_, {}).ceiling) return none();
        const Term all = r_(assess::can_hold(fleet_, index_, r_));
        return {r_.keep<Connections>(pool_key(index_, Name::recommended), all, {Note::basis, name(Basis::runtime)}),
                Basis::runtime,
                {},
                {},
                {},
                Held::at_most};
    }

    /// The inventory's own size, as far as a process can hold it.
    PoolAdvice as_set(Basis basis) const {
        const Within within = held(r_(*declared_));
        if (within.held == Held::no) return at_least_peak(*declared_, basis, Held::no);
        PoolAdvice advice{
            r_.keep<Connections>(pool_key(index_, Name::recommended), within.size, {Note::basis, name(Basis::runtime)}),
            Basis::runtime,
            {},
            {},
            {},
            within.held};
        return advice;
    }

    PoolAdvice take(const Figure<Connections>& size, Basis basis) const {
        return {r_.keep<Connections>(pool_key(index_, Name::recommended), r_(size), {Note::basis, name(basis)}),
                basis,
                {},
                {},
                {},
                Held::no};
    }

    /// A size that stands, but is raised to hold the peak that was seen.
    PoolAdvice at_least_peak(const Figure<Connections>& size, Basis basis, Held held_before) const {
        const auto as_it_is = [&] {
            PoolAdvice advice = take(size, basis);
            advice.held = held_before;
            return advice;
        };
        if (!pool_.in_use || size.value.value > model::observed_peak(pool_)) return as_it_is();
        const Within raised = held(most(r_(size), above_peak()));
        if (raised.size.value.high <= static_cast<double>(size.value.value)) return as_it_is();
        PoolAdvice advice = take(observed(raised.size), Basis::observed);
        advice.raised_from = basis;
        advice.unraised = size.value;
        advice.peak = Connections(model::observed_peak(pool_));
        advice.held = raised.held;
        return advice;
    }

    const Fleet& fleet_;
    Index index_;
    const Pool& pool_;
    const PoolSize& declared_;
    const PoolLoad* load_;  ///< null without a workload
    Grow grow_;
    Recorder r_;
};

}  // namespace

Figure<double> buffer(const Fleet& fleet, Recorder r) {
    const auto& given = fleet.policy.observed_buffer;
    return {*given, r.input({{Subject::Kind::policy, 0}, Name::observed_buffer},
                            assess::measured(Measure::ratio, *given), given.place)};
}

PoolAdvice advise(const Fleet& fleet, Index pool, const PoolSize& declared, const PoolLoad* load, Grow grow,
                  Recorder recorder) {
    return Adviser(fleet, pool, declared, load, grow, recorder).advise();
}

std::string_view name(Basis basis) {
    constexpr std::string_view names[] = {"workload", "observed",       "formula",  "runtime",
                                          "declared", "driver_default", "unlimited"};
    return names[static_cast<std::size_t>(basis)];
}

}  // namespace poolfit::plan
