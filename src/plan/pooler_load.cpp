// The load of several pools on one server pool behind them.
#include <algorithm>
#include <cmath>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/plan/workload.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {
namespace {

struct Moments {
    double mean = 0, scv = 0;
};

/// Of the law that is used for it.
std::optional<Moments> moments_of(const sizing::Hold& hold) {
    const auto mean = sizing::mean_hold(hold);
    const Millis* value = std::get_if<Millis>(&mean);
    if (value == nullptr || !(value->value > 0)) return std::nullopt;
    if (const auto* law = std::get_if<sizing::MeanHold>(&hold)) return Moments{value->value, law->cv * law->cv};
    const auto* known = std::get_if<sizing::PercentileHold>(&hold);
    if (known == nullptr) return std::nullopt;
    if (!known->p95 || !known->p99) {  // lognormal: mean = p50 e^(s²/2), scv = e^(s²) − 1
        const double ratio = value->value / known->p50.value;
        return Moments{value->value, ratio * ratio - 1};
    }
    const auto law = queue::percentile_hold(known->p50, *known->p95, *known->p99);
    const auto* fitted = std::get_if<queue::PercentileHold>(&law);
    if (fitted == nullptr) return std::nullopt;
    return Moments{value->value, queue::moments(*fitted).scv};
}

/// Holds of several laws, by how often each comes.
class Mixture {
public:
    void add(const sizing::Hold& hold, const Moments& moments, double rate) {
        if (rate_ == 0) first_ = hold, only_ = moments;
        alike_ = alike_ && std::abs(moments.mean - only_.mean) <= 1e-9 * only_.mean &&
                 std::abs(moments.scv - only_.scv) <= 1e-9 && hold.index() == first_.index();
        rate_ += rate;
        mean_ += rate * moments.mean;
        square_ += rate * (1 + moments.scv) * moments.mean * moments.mean;
    }
    double rate() const { return rate_; }
    double busy() const { return mean_ / 1000; }
    /// One law as it is; of several, the law of phases with their first two moments.
    sizing::Hold hold() const {
        if (alike_) return first_;
        const double mean = mean_ / rate_, scv = square_ / rate_ / (mean * mean) - 1;
        sizing::MeanHold law{Millis(mean), std::sqrt(std::max(0.0, scv)), {}};
        if (std::abs(law.cv - 1) < 1e-6) law.cv = 1;
        if (scv >= 1.0 / 16 && scv <= 1e4) law.law = sizing::MeanHold::Law::phases;
        return law;
    }

private:
    sizing::Hold first_;
    Moments only_;
    bool alike_ = true;
    double rate_ = 0, mean_ = 0, square_ = 0;
};

std::optional<sizing::Figures> figures_of(const sizing::Answer<sizing::Figures>& answer) {
    const auto* figures = std::get_if<sizing::Figures>(&answer);
    return figures == nullptr ? std::nullopt : std::optional(*figures);
}

}  // namespace

std::optional<PoolerLoad> summed_load(const Fleet& fleet, const std::vector<Index>& pools, const PoolLoads& loads,
                                      double parts, Sizer& sizer) {
    PoolerLoad result;
    Mixture mixture;
    for (const Index i : pools) {
        const auto moments = loads[i] ? moments_of(loads[i]->held_for) : std::nullopt;
        if (!moments) {
            result.silent.push_back(i);
            continue;
        }
        const sizing::Load& load = loads[i]->load;
        const auto copies = static_cast<double>(model::copies(fleet, fleet.pools[i]));
        const double each = load.users > 0 ? static_cast<double>(load.users) * 1000 / (load.think.value + moments->mean)
                                           : load.rate.value;
        result.open = result.open && load.users == 0;
        mixture.add(loads[i]->held_for, *moments, copies * each / parts);
    }
    if (!(mixture.rate() > 0)) return std::nullopt;
    result.load.rate = PerSecond(mixture.rate());
    result.load.hold = mixture.hold();
    result.offered = Erlangs(mixture.busy());
    result.question = question_of(fleet.policy);
    if (const auto found = figures_of(sizer.smallest(result.load, result.question))) result.smallest = found->size;
    return result;
}

std::int64_t server_pools(const Pooler& pooler) {
    if (pooler.kind == Pooler::Kind::proxy) return 1;
    return std::max<std::int64_t>(1, pooler.instances->low) * *pooler.pairs;
}

Connections size_of_one(const Pooler& pooler, Connections max_planned) {
    if (pooler.kind == Pooler::Kind::proxy) {
        const double share = model::share_of(pooler) * static_cast<double>(max_planned.value);
        return Connections(static_cast<std::int64_t>(std::floor(share + 1e-9)));
    }
    std::int64_t size = *pooler.default_pool_size;
    const auto& stop = pooler.max_db_connections;
    if (stop && **stop > 0) size = std::min(size, **stop / model::pairs_of_database(pooler));
    return Connections(size);
}

namespace {

std::int64_t floor_of(const PoolerLoad& load) { return std::min(load.nesting->floor.value, max_pool); }

/// The smallest size for clients that share it: what their load and their nested checkouts need. Nothing where it is
/// unknown.
std::optional<Connections> smallest_of(const PoolerLoad& load) {
    if (!load.smallest || !load.nesting) return load.smallest;
    if (load.nesting->floor.value > max_pool || load.nesting->floor.value <= 0) return std::nullopt;
    return std::max(*load.smallest, load.nesting->floor);
}

}  // namespace

std::optional<PoolerLoad> load_pooler(const Fleet& fleet, const Plan& plan, Index index, const PoolLoads& loads,
                                      const std::vector<PoolSize>& sizes, Connections max_planned, Sizer& sizer) {
    const Pooler& pooler = fleet.poolers[index];
    const std::int64_t parts = server_pools(pooler);
    const SizeOf size = [&](Index p) { return sizes[p]; };
    const Pins pins = pins_of(fleet, plan, index, size);
    auto result = summed_load(fleet, pins.sharing, loads, static_cast<double>(parts), sizer);
    if (!result) return result;
    result->pools = parts;
    result->shares = pooler.kind == Pooler::Kind::proxy || pooler.mode != Pooler::Mode::session;
    result->size = size_of_one(pooler, max_planned);
    result->pinned = pins.today;
    result->pinned_after = pins.after;
    const std::optional<Connections> clients = opened_by(fleet, pins.sharing, size);
    result->nesting = nested_checkouts(fleet, pooler, pins.sharing, loads, clients);
    const std::int64_t left = result->size.value - result->pinned.value;
    const bool all_held = clients && clients->value <= left * parts;
    // Spread evenly; of several pairs one may have all that nest.
    const bool of_each = all_held && (pooler.kind == Pooler::Kind::proxy || *pooler.pairs == 1);
    if (result->nesting)
        result->nesting->locks_up = result->nesting->limited && !of_each && left < result->nesting->floor.value;
    if (!all_held && left > 0)
        result->now = figures_of(sizer.evaluate(result->load, Connections(left), result->question));
    const std::optional<Connections> by_waits = result->smallest, smallest = smallest_of(*result);
    result->smallest.reset();
    if (!smallest || !pins.known) return result;
    result->smallest = *smallest + pins.after;
    result->by_nesting = result->nesting && !result->nesting->never_safe && result->nesting->floor >= *by_waits;
    if (pins.unsaid.value == 0) return result;
    // Sessions that a driver is known for may be kept, too: then the others share what is left.
    Connections all = pins.after + pins.unsaid;
    if (const auto rest = summed_load(fleet, pins.surely_sharing, loads, 1, sizer)) {
        PoolerLoad others = *rest;
        others.nesting =
            nested_checkouts(fleet, pooler, pins.surely_sharing, loads, opened_by(fleet, pins.surely_sharing, size));
        const std::optional<Connections> of_others = smallest_of(others);
        if (!of_others)
            result->smallest.reset();
        else
            all += *of_others;
    }
    if (!result->smallest || *result->smallest >= all) return result;
    result->smallest = all;
    result->by_nesting = false;
    return result;
}

std::int64_t least_carrying(Erlangs offered) {
    return static_cast<std::int64_t>(std::floor(offered.value + assess::hair)) + 1;
}

std::int64_t least_carrying(const PoolerLoad& load) {
    std::int64_t least = least_carrying(load.offered);
    if (load.nesting) least = std::max(least, floor_of(load));
    return least + load.pinned_after.value;
}

bool carries(const PoolerLoad& load, Connections size) {
    return static_cast<double>((size - load.pinned_after).value) > load.offered.value + assess::hair;
}

bool is_overloaded(const PoolerLoad& load) {
    if (!load.shares) return false;
    return load.size <= load.pinned || load.size.value <= 0 || (load.open && load.now && load.now->overloaded);
}

bool is_short(const PoolerLoad& load) {
    if (!load.shares) return false;
    if (load.nesting && load.nesting->locks_up) return true;
    if (!load.smallest || *load.smallest <= load.size) return false;
    if (load.size <= load.pinned) return true;
    return load.now && !sizing::meets(*load.now, load.question);
}

}  // namespace poolfit::plan
