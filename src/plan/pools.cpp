// A size for every pool: by its workload, from observed use, from its formula, from its driver's default.
#include "pools.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/assess/holding.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/holding.hpp>

#include "within.hpp"

namespace poolfit::plan {

namespace {

using assess::ceil;
using assess::high;
using assess::low;
using assess::most;
using Term = assess::Term;

Key key_of(Index pool, Name name) { return {{Subject::Kind::pool, pool}, name}; }

class Adviser {
public:
    Adviser(const Fleet& fleet, Index index, const PoolSize& declared, const PoolLoad* load, Recorder r)
        : fleet_(fleet), index_(index), pool_(fleet.pools[index]), declared_(declared), load_(load), r_(r) {}

    PoolAdvice advise(const std::optional<Forced>& forced) {
        if (!forced) return freely();
        // The size that is not taken has no name of its own: the recommended one is another.
        told_ = false;
        const PoolAdvice free = freely();
        PoolAdvice advice = free;
        advice.basis = Basis::limit;
        advice.forced_from = free.basis;
        advice.unforced = free.size->value;
        advice.size = Figure<Connections>{forced->size, {}};
        if (!r_.on()) return advice;
        const FigureId inputs[] = {free.size->id, forced->usable};
        advice.size->id = r_.by_model(key_of(index_, Name::recommended), assess::measured(forced->size),
                                      Model::largest_that_fits, {}, inputs);
        return advice;
    }

private:
    PoolAdvice freely() const {
        const Basis given = pool_.max ? Basis::declared : Basis::driver_default;
        if (!model::has_setting(pool_)) return declared_ ? take(r_(*declared_), given) : none();
        if (load_ && load_->size) return at_least_peak(*load_->size, Basis::workload, load_->held);
        if (pool_.max && pool_.max->is_formula && declared_) return as_set(Basis::formula);
        if (pool_.in_use) return by_use();
        return declared_ ? as_set(given) : by_process();
    }

    Term in_use() const {
        const auto& given = *pool_.in_use;
        return r_(Figure<Interval<double>>{
            *given, r_.input(key_of(index_, Name::in_use_per_process), {*given, Measure::connections}, given.place)});
    }
    /// Room above what was seen, and never the peak itself.
    Term above_use() const {
        const Term room = r_(buffer(fleet_, r_)), use = low(in_use());
        return most(ceil(room * use), above_peak());
    }
    Term above_peak() const { return ceil(high(in_use())) + r_.literal(1); }
    bool has_tenants() const { return *pool_.databases > 1; }
    /// What was seen over all databases, in pools that all have as much of it: the least that each needs.
    Term evenly(const Term& all) const {
        return has_tenants() ? ceil(all / r_(assess::pool_databases(fleet_, index_, r_))) : all;
    }

    Within held(const Term& size) const { return within_process(fleet_, index_, declared_, size, r_); }

    Term observed(const Term& size) const {
        const Term within = assess::least(size, r_.literal(static_cast<double>(max_pool)));
        return r_(r_.keep<Connections>(key_of(index_, Name::observed_size), within));
    }

    static PoolAdvice none() {
        PoolAdvice advice;
        advice.basis = Basis::unlimited;
        return advice;
    }

    /// One of several databases may have any part of what was seen: no pool needs more than all of it, nor less than an
    /// even part, and between the two nothing known changes the size.
    PoolAdvice by_use() const {
        const Term all = above_use();
        if (has_tenants() && declared_) {
            const Term even = evenly(all), today = r_(*declared_);
            if (today.value.high < all.value.high && today.value.high >= even.value.high) {
                const Within within = held(today);
                if (within.held == Held::no) return take(today, pool_.max ? Basis::declared : Basis::driver_default);
                return take(within.size, Basis::runtime, within.held);
            }
            if (today.value.high < even.value.high) {
                const Within within = held(even);
                PoolAdvice advice = take(observed(within.size), Basis::observed, within.held);
                advice.evenly = true;
                return advice;
            }
        }
        const Within within = held(all);
        return take(observed(within.size), Basis::observed, within.held);
    }

    /// Without a limit and without use: what its process can hold, where that is known.
    PoolAdvice by_process() const {
        if (!model::holding(fleet_, pool_, {}).ceiling) return none();
        return take(r_(assess::can_hold(fleet_, index_, r_)), Basis::runtime, Held::at_most);
    }

    /// The inventory's own size, as far as a process can hold it.
    PoolAdvice as_set(Basis basis) const {
        const Within within = held(r_(*declared_));
        if (within.held == Held::no) return at_least_peak(*declared_, basis, Held::no);
        // A formula that contradicts its process is replaced by a number, which the next plan sizes by its use.
        if (pool_.in_use) return by_use();
        return take(within.size, Basis::runtime, within.held);
    }

    PoolAdvice take(const Term& size, Basis basis, Held held = Held::no) const {
        PoolAdvice advice;
        advice.size = told_ ? r_.keep<Connections>(key_of(index_, Name::recommended), size, {Note::basis, name(basis)})
                            : Figure<Connections>{Connections(static_cast<std::int64_t>(size.value.high)), size.id};
        advice.basis = basis;
        advice.held = held;
        return advice;
    }

    /// A size that is kept, but raised to hold the observed peak. A workload's size is computed again by each plan; a
    /// formula that contradicts the use is replaced by a number, which has to be what the use needs, or the next plan
    /// would change it again.
    PoolAdvice at_least_peak(const Figure<Connections>& size, Basis basis, Held held_before) const {
        const std::int64_t peak = model::observed_peak(pool_);
        if (!pool_.in_use || size.value.value * *pool_.databases > peak) return take(r_(size), basis, held_before);
        const Within raised =
            held(basis == Basis::formula ? evenly(above_use()) : most(r_(size), evenly(above_peak())));
        if (raised.size.value.high <= static_cast<double>(size.value.value)) return take(r_(size), basis, held_before);
        PoolAdvice advice = take(observed(raised.size), Basis::observed, raised.held);
        advice.evenly = has_tenants();
        advice.raised_from = basis;
        advice.unraised = size.value;
        advice.peak = Connections(peak);
        return advice;
    }

    const Fleet& fleet_;
    Index index_;
    const Pool& pool_;
    const PoolSize& declared_;
    const PoolLoad* load_;  ///< null without a workload
    Recorder r_;
    bool told_ = true;  ///< the size is the one that is recommended
};

}  // namespace

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
    constexpr std::string_view names[] = {"workload",       "observed",  "formula", "runtime", "declared",
                                          "driver_default", "unlimited", "limit",   "strategy"};
    return names[static_cast<std::size_t>(basis)];
}

}  // namespace poolfit::plan
