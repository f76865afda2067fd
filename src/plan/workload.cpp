// The size that each workload asks for.
#include <poolfit/plan/workload.hpp>

#include <algorithm>
#include <cmath>

#include <poolfit/assess/holding.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/model/workload.hpp>
#include <poolfit/queue/busy.hpp>
#include <poolfit/queue/deadlock.hpp>

#include "contention.hpp"
#include "within.hpp"
#include "workload_figures.hpp"

namespace poolfit::plan {
namespace {

using assess::ceil;
using assess::high;
using assess::least;
using assess::most;
using Term = assess::Term;

/// More requests than this are in flight one time in a million: what a nested checkout has to be safe for.
constexpr double rarely_in_flight = 1e-6;
// A plan looks at every pool, so it simulates less closely than `poolfit pool` does: 20 to 60 ms a pool. All of these
// transactions are taken, since the goal is about the few long waits, not about the mean.
constexpr double plan_transactions = 2e6;
constexpr double beyond_p99 = 0.01;

std::optional<sizing::Figures> figures_in(const sizing::Answer<sizing::Figures>& answer) {
    const auto* figures = std::get_if<sizing::Figures>(&answer);
    return figures == nullptr ? std::nullopt : std::optional<sizing::Figures>(*figures);
}

Millis hold_of(const sizing::Hold& law) {
    const auto mean = sizing::mean_hold(law);
    const Millis* hold = std::get_if<Millis>(&mean);
    return hold == nullptr ? Millis(0) : *hold;
}

std::string why(const sizing::Answer<sizing::Figures>& answer) {
    if (const auto* bad = std::get_if<queue::BadInput>(&answer)) return queue::describe(*bad);
    if (const auto* refused = std::get_if<sizing::Refused>(&answer)) return refused->why;
    return {};
}

bool has_ranges(const Workload& w) {
    const auto range = [](const auto& given) { return given && !given->value.is_point(); };
    return range(w.rate) || range(w.think) || range(w.hold);
}

Figure<Fraction> probability_leaf(const Fleet& fleet, Recorder r) {
    const auto& share = fleet.policy.wait_probability;
    return {*share, r.input({{Subject::Kind::policy, 0}, Name::wait_probability},
                            assess::measured(Measure::probability, share->value), share.place)};
}

Figure<Millis> wait_leaf(const Fleet& fleet, Recorder r) {
    const auto& wait = fleet.policy.wait;
    return {*wait, r.input({{Subject::Kind::policy, 0}, Name::wait}, assess::measured(*wait), wait.place)};
}

/// The size of one pool with a workload.
class Sized {
public:
    Sized(const Fleet& fleet, Index index, const InstanceClass& cls, const Contention& cpu, Sizer& sizer, Recorder r)
        : fleet_(fleet), index_(index), pool_(fleet.pools[index]), cls_(cls), cpu_(cpu), sizer_(sizer), r_(r) {}

    PoolLoad make(const PoolSize& today) {
        load_.base = load_of(pool_, cls_, End::pessimistic);
        load_.load = shared(load_.base, cpu_, {});
        load_.cpu_full = cpu_.full;
        load_.held_for = load_.base.hold;
        if (load_.load.others > 0 || (load_.base.users == 0 && pool_.workload->cpu)) {
            load_.cpu_stretch = cpu_.stretch;
            load_.held_for = plan::held(load_.base, cpu_);
        }
        load_.question = question_of(fleet_.policy);
        load_.offered = offered_figure(fleet_, index_, load_.base, r_);
        knee();
        timeout();
        by_wait();
        if (load_.for_wait) deadlock();
        settle(today);
        return std::move(load_);
    }

private:
    Key key(Name name) const { return assess::pool_key(index_, name); }

    /// With this many active, the database's CPU is never idle.
    void knee() {
        const auto hold = sizing::mean_hold(load_.base.hold);
        const Millis* mean = std::get_if<Millis>(&hold);
        if (mean == nullptr || !pool_.workload->cpu || load_.base.cpu.value <= 0.0) return;
        const Term vcpus = r_(assess::class_vcpus(cls_, r_)),
                   held = high(r_(hold_figure(fleet_, index_, load_.base, r_))),
                   on_cpu = high(r_(cpu_figure(fleet_, index_, r_)));
        load_.knee = r_.keep<Connections>(
            key(Name::knee), least(ceil(vcpus * held / on_cpu), r_.literal(static_cast<double>(max_pool))));
    }

    void timeout() {
        const Key name = key(Name::acquire_timeout);
        if (const auto& given = pool_.workload->acquire_timeout) {
            load_.acquire_timeout = {**given, r_.input(name, assess::measured(**given), given->place)};
        } else if (pool_.driver_default != nullptr) {
            if (const auto& time = pool_.driver_default->gives_up_after)
                load_.acquire_timeout = {*time, r_.row(name, assess::measured(*time), pool_.driver_default->row,
                                                       {Note::default_of, pool_.driver_default->name})};
        }
    }

    void by_wait() {
        const auto& answer = sizer_.smallest(load_.load, load_.question);
        const auto found = figures_in(answer);
        if (!found) {
            load_.refused = PoolLoad::Refused::by_method;
            load_.method_says = why(answer);
            return;
        }
        load_.at_size = found;
        load_.for_wait = {found->size, {}};
        by_timeout();
        if (!load_.for_timeout) load_.for_wait->id = size_node(*found);
        if (!has_ranges(*pool_.workload)) return;
        const auto best =
            figures_in(sizer_.smallest(shared(load_of(pool_, cls_, End::optimistic), cpu_, {}), load_.question));
        if (best && best->size < found->size) load_.at_best = best->size;
    }

    /// A goal that is laxer than the timeout would have checkouts give up: their p99 stays inside it.
    void by_timeout() {
        if (!load_.acquire_timeout || load_.acquire_timeout->value.value <= 0) return;
        sizing::Question patient = load_.question;
        patient.goals.wait = queue::WaitGoal{load_.acquire_timeout->value, beyond_p99};
        const auto larger = figures_in(sizer_.smallest(load_.load, patient));
        if (!larger || larger->size <= load_.for_wait->value) return;
        const auto rated = figures_in(sizer_.evaluate(load_.load, larger->size, load_.question));
        if (!rated) return;
        load_.at_size = rated;
        load_.for_timeout = true;
        load_.for_wait = {larger->size, {}};
        if (!r_.on()) return;
        const FigureId inputs[] = {load_.offered.id, load_.acquire_timeout->id};
        load_.for_wait->id =
            r_.by_model(key(Name::size_for_wait), assess::measured(larger->size), Model::smallest_in_time,
                        sizing::name(larger->method), inputs, {Note::free_text, sizing::formula(larger->method)});
    }

    FigureId size_node(const sizing::Figures& found) {
        if (!r_.on()) return {};
        std::vector<FigureId> inputs{load_.offered.id, wait_leaf(fleet_, r_).id, probability_leaf(fleet_, r_).id};
        if (!model::has_percentiles(*pool_.workload)) inputs.push_back(spread_figure(fleet_, index_, r_).id);
        if (pool_.workload->cpu) {
            inputs.push_back(cpu_figure(fleet_, index_, r_).id);
            if (load_.load.vcpus > 0) inputs.push_back(assess::class_vcpus(cls_, r_).id);
            if (load_.load.others > 0 && cpu_.figure) inputs.push_back(cpu_.figure);
        }
        return r_.by_model(key(Name::size_for_wait), assess::measured(found.size), Model::smallest_size,
                           sizing::name(found.method), inputs, {Note::free_text, sizing::formula(found.method)});
    }

    void deadlock() {
        if (*pool_.workload->nested == 0 || !model::has_setting(pool_)) return;
        const Key name = key(Name::in_flight);
        if (pool_.workload->users) {
            load_.in_flight = r_.keep<std::int64_t>(name, r_(users_figure(fleet_, index_, r_)));
        } else {
            const auto most = queue::busy_quantile(load_.offered.value, rarely_in_flight);
            const auto* value = std::get_if<Connections>(&most);
            if (value == nullptr) return;
            // What the runtime admits at a time is a limit; a number that is exceeded now and then is not.
            const auto admitted = model::at_a_time(fleet_.services[pool_.service]);
            load_.never_safe = !admitted;
            if (admitted)
                load_.in_flight = r_.keep<std::int64_t>(name, assess::served_at_a_time(fleet_, index_, r_),
                                                        {Note::capped_by_runtime});
            else
                load_.in_flight = {value->value,
                                   r_.by_model(name, assess::measured(value->value), Model::poisson_in_flight, {},
                                               std::span(&load_.offered.id, 1))};
        }
        const auto floor = queue::deadlock_floor(load_.in_flight->value, *pool_.workload->nested + 1);
        if (std::get_if<Connections>(&floor) == nullptr) return;
        load_.deadlock_floor = r_.keep<Connections>(
            key(Name::deadlock_floor),
            r_(*load_.in_flight) * r_(assess::nested_checkouts(fleet_, index_, r_)) + r_.literal(1));
    }

    /// max(min(for_wait, max(knee, today's size)) within what a process can hold, deadlock_floor).
    void settle(const PoolSize& today) {
        if (!load_.for_wait) return;
        Term size = r_(*load_.for_wait);
        if (load_.knee && load_.knee->value < load_.for_wait->value) {
            const bool larger_today = today && today->value > load_.knee->value;
            size = least(size, r_(larger_today ? *today : *load_.knee));
            if (size.value.high < r_(*load_.for_wait).value.high) load_.cap = PoolLoad::Cap::knee;
        }
        size = held(size, today);
        if (load_.deadlock_floor) size = most(size, r_(*load_.deadlock_floor));
        if (load_.never_safe && today) size = most(size, r_(*today));
        if (size.value.high > static_cast<double>(max_pool)) {
            load_.refused = PoolLoad::Refused::too_large;
            return;
        }
        load_.size = r_.keep<Connections>(key(Name::size), size, remark_of(load_.held));
    }

    Term held(const Term& size, const PoolSize& today) {
        const Within within = within_process(fleet_, index_, today, size, r_);
        load_.held = within.held;
        return within.size;
    }

    const Fleet& fleet_;
    Index index_;
    const Pool& pool_;
    const InstanceClass& cls_;
    const Contention& cpu_;
    Sizer& sizer_;
    Recorder r_;
    PoolLoad load_;
};

/// What a pool of some size does, and the nodes of its figures.
std::optional<RatedPool> rated(const Fleet& fleet, Index index, const PoolLoad& load, const sizing::Load& on,
                               const Contention& cpu, const PoolSize& size, Phase phase, Sizer& sizer, Recorder r) {
    if (!size) return std::nullopt;
    const bool known = load.at_size && load.at_size->size == size->value && on.vcpus == load.load.vcpus &&
                       on.others == load.load.others && on.others_most == load.load.others_most &&
                       hold_of(on.hold) == hold_of(load.load.hold);
    const auto figures = known ? load.at_size : figures_in(sizer.evaluate(on, size->value, load.question));
    if (!figures) return std::nullopt;
    RatedPool result{on, *figures, {}, {}, {}, {}, {}};
    if (!figures->overloaded) result.one_for_each = one_for_each(fleet, fleet.pools[index], size->value);
    if (!r.on()) return result;
    std::vector<FigureId> inputs{load.offered.id, size->id};
    if (cpu.figure && fleet.pools[index].workload->cpu) inputs.push_back(cpu.figure);
    const std::string_view method = sizing::name(figures->method);
    const Remark remark{Note::free_text, sizing::formula(figures->method)};
    const auto figure = [&](Name name, const Measured& value, Model model) {
        return r.by_model(assess::pool_key(index, name, phase), value, model, method, inputs, remark);
    };
    const bool open = on.users == 0 && on.cpu.value <= 0 && figures->method != sizing::Method::simulation;
    result.utilization =
        open ? r.keep<Fraction>(assess::pool_key(index, Name::rated_utilization, phase), r(load.offered) / r(*size)).id
             : figure(Name::rated_utilization, assess::measured(figures->utilization), Model::utilization);
    if (figures->overloaded) return result;
    result.wait_mean = figure(Name::rated_wait_mean, assess::measured(figures->wait_mean), Model::wait_mean);
    if (figures->wait_p99)
        result.wait_p99 = figure(Name::rated_wait_p99, assess::measured(*figures->wait_p99), Model::wait_p99);
    if (!figures->p_over) return result;
    inputs.insert(inputs.begin() + 2, wait_leaf(fleet, r).id);
    result.p_over =
        figure(Name::rated_p_over, assess::measured(Measure::probability, *figures->p_over), Model::p_wait_over);
    return result;
}

/// When nested checkouts lock up a pool of this size that never is safe.
std::optional<HangingPool> hanging(const Pool& pool, const PoolLoad& load, const PoolSize& size, Sizer& sizer) {
    if (!load.never_safe || !size || size->value.value > simulate::most_lock_up_connections) return std::nullopt;
    const double rate = (*pool.workload->rate)->high.value / static_cast<double>(*pool.databases),
                 hold = hold_of(load.held_for).value / 1000;
    const auto connections = static_cast<int>(size->value.value);
    if (connections < 1) return std::nullopt;
    const simulate::NestedPool asked{rate, hold, static_cast<int>(*pool.workload->nested), connections};
    return HangingPool{sizer.lock_up(asked), Millis(connections / rate * 1000)};
}

/// Connections that can be active on each database at a time, of the pools that take its CPU; nothing without a limit.
std::vector<std::optional<double>> most_active(const Fleet& fleet, const std::vector<PoolSize>& sizes) {
    std::vector<std::optional<double>> most(fleet.databases.size(), 0.0);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (!pool.workload || !pool.workload->cpu) continue;
        auto& sum = most[model::database_of(fleet, pool)];
        if (!sizes[i]) sum.reset();
        if (sum) *sum += static_cast<double>(sizes[i]->value.value) * static_cast<double>(model::copies(fleet, pool));
    }
    return most;
}

}  // namespace

sizing::Question question_of(const Policy& policy) {
    sizing::Question question;
    question.goals.wait = queue::WaitGoal{*policy.wait, policy.wait_probability->value};
    question.precision = 0;
    question.transactions = plan_transactions;
    return question;
}

sizing::Load load_of(const Pool& pool, const InstanceClass& database, End end) {
    return load_of(pool, *pool.workload, database, end);
}

sizing::Load load_of(const Pool& pool, const Workload& given, const InstanceClass& database, End end) {
    const bool worst = end == End::pessimistic;
    const auto longer = [&](const Interval<Millis>& t) { return worst ? t.high : t.low; };
    sizing::Load load;
    if (given.users) {
        load.users = **given.users;
        load.think = worst ? (*given.think)->low : (*given.think)->high;
    } else {
        // Each further checkout of a transaction asks the pool again. Of several databases each has as much of it.
        const PerSecond rate = worst ? (*given.rate)->high : (*given.rate)->low;
        load.rate = rate * (static_cast<double>(1 + *given.nested) / static_cast<double>(*pool.databases));
    }
    if (!model::has_percentiles(given)) {
        load.hold = sizing::MeanHold{longer(**given.hold), *given.cv, {}};
    } else {
        sizing::PercentileHold hold;
        hold.p50 = **given.hold_p50;
        if (given.hold_p95) hold.p95 = **given.hold_p95;
        if (given.hold_p99) hold.p99 = **given.hold_p99;
        load.hold = hold;
    }
    if (!given.cpu || database.unknown) return load;
    const auto mean = sizing::mean_hold(load.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    load.cpu = hold == nullptr ? Millis(0) : std::min(longer(**given.cpu), *hold);
    load.vcpus = database.vcpus;
    return load;
}

PoolLoads load_pools(const Fleet& fleet, const Classes& classes, const std::vector<PoolSize>& declared, Sizer& sizer,
                     Recorder r) {
    PoolLoads loads(fleet.pools.size());
    if (std::none_of(fleet.pools.begin(), fleet.pools.end(), [](const Pool& p) { return p.workload.has_value(); }))
        return loads;
    const std::vector<Contention> cpu = contention(fleet, classes, Name::load_cpu_stretch, r);
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        if (!fleet.pools[i].workload) continue;
        const Index database = model::database_of(fleet, fleet.pools[i]);
        loads[i] =
            std::make_shared<PoolLoad>(Sized(fleet, i, *classes[database], cpu[database], sizer, r).make(declared[i]));
    }
    return loads;
}

void rate_pools(const Fleet& fleet, const Classes& classes, const std::vector<PoolSize>& declared,
                const std::vector<PoolSize>& recommended, PoolLoads& loads, Sizer& sizer, Recorder r, Phase then) {
    if (std::none_of(loads.begin(), loads.end(), [](const auto& load) { return load != nullptr; })) return;
    Classes today;
    for (const Database& database : fleet.databases) today.push_back(database.type);
    const auto cpu_now = contention(fleet, today, Name::load_now_cpu_stretch, r),
               cpu_then = contention(fleet, classes, Name::load_cpu_stretch, r);
    const auto most_now = most_active(fleet, declared), most_then = most_active(fleet, recommended);
    for (Index i = 0; i < loads.size(); ++i) {
        if (!loads[i]) continue;
        const Pool& pool = fleet.pools[i];
        const Index database = model::database_of(fleet, pool);
        loads[i]->hangs_now = hanging(pool, *loads[i], declared[i], sizer);
        loads[i]->hangs_after = hanging(pool, *loads[i], recommended[i], sizer);
        const auto rate = [&](const sizing::Load& base, const Contention& cpu, const std::optional<double>& most,
                              const PoolSize& size, Phase phase) -> std::optional<RatedPool> {
            if ((cpu.full && pool.workload->cpu) || !size) return std::nullopt;
            std::optional<double> others = most;
            if (others) *others -= static_cast<double>(size->value.value);
            return rated(fleet, i, *loads[i], shared(base, cpu, others), cpu, size, phase, sizer, r);
        };
        const sizing::Load base_now = load_of(pool, *today[database], End::pessimistic);
        loads[i]->now = rate(base_now, cpu_now[database], most_now[database], declared[i], Phase::now);
        loads[i]->after = rate(loads[i]->base, cpu_then[database], most_then[database], recommended[i], then);
    }
}

}  // namespace poolfit::plan
