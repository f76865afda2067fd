#include <poolfit/plan/workload.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/model/workload.hpp>
#include <poolfit/queue/busy.hpp>
#include <poolfit/queue/deadlock.hpp>
#include <poolfit/unit/parse.hpp>

#include "contention.hpp"
#include "workload_figures.hpp"

namespace poolfit::plan {
namespace {

/// More requests than this are in flight one time in a million: what a nested checkout has to be safe for.
constexpr double rarely_in_flight = 1e-6;
// A plan looks at every pool, so it simulates less closely than `poolfit pool` does: 20 to 60 ms a pool. All of these
// transactions are taken, since the goal is about the few long waits, not about the mean.
constexpr double plan_transactions = 2e6;

sizing::Question question_of(const Policy& policy) {
    sizing::Question question;
    question.goals.wait = queue::WaitGoal{*policy.wait, policy.wait_probability->value};
    question.precision = 0;
    question.transactions = plan_transactions;
    return question;
}

std::optional<sizing::Figures> figures_of(const sizing::Answer<sizing::Figures>& answer) {
    const auto* figures = std::get_if<sizing::Figures>(&answer);
    return figures == nullptr ? std::nullopt : std::optional<sizing::Figures>(*figures);
}

Millis hold_of(const sizing::Load& load) {
    const auto mean = sizing::mean_hold(load.hold);
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

Figure<Connections> derived(const Fleet& fleet, const Pool& pool, std::string_view figure, Connections value,
                            std::string formula, std::vector<FigureId> inputs, Ledger& ledger, std::string note = {}) {
    return {value, ledger.derive(load_name(fleet, pool, figure), assess::measured(value), std::move(formula),
                                 std::move(inputs), std::move(note))};
}

/// ceil(vcpus * hold / cpu): with so many active, the database's CPU has no moment to spare.
std::optional<Figure<Connections>> knee_of(const Fleet& fleet, const Pool& pool, const InstanceClass& cls,
                                           const sizing::Load& load, Ledger& ledger) {
    const auto hold = sizing::mean_hold(load.hold);
    const Millis* mean = std::get_if<Millis>(&hold);
    if (mean == nullptr || !pool.workload->cpu || load.cpu.value <= 0.0) return std::nullopt;
    const double most = std::min(cls.vcpus * mean->value / load.cpu.value, static_cast<double>(max_pool));
    return derived(
        fleet, pool, "knee", Connections(static_cast<std::int64_t>(std::ceil(most - 1e-9))), "⌈vcpus * hold / cpu⌉",
        {vcpus_figure(cls, ledger), hold_figure(fleet, pool, load, ledger), cpu_figure(fleet, pool, ledger)}, ledger);
}

void keep_from_deadlock(const Fleet& fleet, const Pool& pool, PoolLoad& result, Ledger& ledger) {
    const std::int64_t nested = *pool.workload->nested;
    if (nested == 0) return;
    const auto figure = [&](std::int64_t value, std::string formula, std::vector<FigureId> inputs) {
        return Figure<std::int64_t>{value, ledger.derive(load_name(fleet, pool, "in_flight"),
                                                         assess::measured(Measure::count, static_cast<double>(value)),
                                                         std::move(formula), std::move(inputs))};
    };
    if (pool.workload->users) {
        const std::int64_t users = **pool.workload->users;
        result.in_flight = figure(users, "users", {*ledger.find(load_name(fleet, pool, "users"))});
    } else {
        const auto most = queue::busy_quantile(result.offered.value, rarely_in_flight);
        const auto* value = std::get_if<Connections>(&most);
        if (value == nullptr) return;
        result.in_flight =
            figure(value->value, "more are in flight one time in a million: Poisson(offered)", {result.offered.id});
    }
    const auto floor = queue::deadlock_floor(result.in_flight->value, nested + 1);
    const auto* least = std::get_if<Connections>(&floor);
    if (least == nullptr) return;
    result.deadlock_floor = derived(fleet, pool, "deadlock_floor", *least, "in_flight * nested + 1",
                                    {result.in_flight->id, nested_figure(fleet, pool, ledger)}, ledger);
}

FigureId wait_figure(const Fleet& fleet, Ledger& ledger) {
    const auto& wait = fleet.policy.wait;
    return ledger.input("policy.wait", assess::measured(Measure::milliseconds, wait->value), wait.place);
}

void size_by_wait(const Fleet& fleet, const Pool& pool, const InstanceClass& cls, PoolLoad& result, Ledger& ledger) {
    const auto answer = sizing::smallest(result.load, result.question);
    const auto found = figures_of(answer);
    if (!found) {
        result.refused = why(answer);
        return;
    }
    result.at_size = found;
    const auto& share = fleet.policy.wait_probability;
    std::vector<FigureId> inputs{
        result.offered.id, wait_figure(fleet, ledger),
        ledger.input("policy.wait_probability", assess::measured(Measure::probability, share->value), share.place)};
    if (!model::has_percentiles(*pool.workload)) inputs.push_back(spread_figure(fleet, pool, ledger));
    if (pool.workload->cpu) {
        inputs.push_back(cpu_figure(fleet, pool, ledger));
        const Database& database = fleet.databases[model::database_of(fleet, pool)];
        const auto stretch = ledger.find(fmt::format("database.{}.load.cpu_stretch", *database.name));
        if (result.load.vcpus > 0)
            inputs.push_back(vcpus_figure(cls, ledger));
        else if (stretch)
            inputs.push_back(*stretch);
    }
    result.for_wait = derived(
        fleet, pool, "size_for_wait", found->size,
        fmt::format("smallest n with P(W > policy.wait) <= policy.wait_probability by {}", sizing::name(found->method)),
        std::move(inputs), ledger, std::string(sizing::formula(found->method)));
    if (!has_ranges(*pool.workload)) return;
    const auto best = figures_of(sizing::smallest(load_of(pool, cls, End::optimistic), result.question));
    if (best && best->size < found->size) result.at_best = best->size;
}

/// One request at a time: what such a process can hold.
std::optional<Connections> runtime_cap(const Fleet& fleet, const Pool& pool) {
    const Runtime runtime = fleet.services[pool.service].runtime;
    if (runtime != Runtime::processes && runtime != Runtime::serverless) return std::nullopt;
    return Connections(1 + *pool.workload->nested);
}

void settle(const Fleet& fleet, const Pool& pool, const PoolSize& today, PoolLoad& result, Ledger& ledger) {
    if (!result.for_wait) return;
    const Connections wanted = result.for_wait->value;
    Connections size = wanted;
    std::vector<FigureId> inputs{result.for_wait->id};
    std::string formula = "size_for_wait";
    if (result.knee && result.knee->value < wanted) {
        Connections ceiling = result.knee->value;
        inputs.push_back(result.knee->id);
        formula = "min(size_for_wait, knee)";
        if (today && today->value > ceiling) {
            ceiling = today->value;
            inputs.push_back(today->id);
            formula = "min(size_for_wait, max)";
        }
        size = std::min(size, ceiling);
        if (size < wanted) result.cap = PoolLoad::Cap::knee;
    }
    if (result.deadlock_floor) {
        size = std::max(size, result.deadlock_floor->value);
        formula = fmt::format("max({}, deadlock_floor)", formula);
        inputs.push_back(result.deadlock_floor->id);
    }
    if (const auto cap = runtime_cap(fleet, pool); cap && *cap < size) {
        size = *cap;
        formula = "1 + nested: its runtime serves one request at a time";
        inputs.push_back(nested_figure(fleet, pool, ledger));
        result.cap = PoolLoad::Cap::runtime;
    }
    if (size.value > max_pool) {
        result.refused = fmt::format("it asks for more than {} connections", max_pool);
        return;
    }
    result.size = derived(fleet, pool, "size", size, std::move(formula), std::move(inputs), ledger);
}

std::optional<Figure<Millis>> timeout_of(const Fleet& fleet, const Pool& pool, Ledger& ledger) {
    const auto figure = [](Millis t) { return assess::measured(Measure::milliseconds, t.value); };
    const std::string name = load_name(fleet, pool, "acquire_timeout");
    if (const auto& given = pool.workload->acquire_timeout)
        return Figure<Millis>{**given, ledger.input(name, figure(**given), given->place)};
    if (pool.driver_default == nullptr) return std::nullopt;
    const auto words = acquire_timeout(*pool.driver_default);
    if (!words) return std::nullopt;
    return Figure<Millis>{*words, ledger.catalog(name, figure(*words), pool.driver_default->row,
                                                 fmt::format("default of {}", pool.driver_default->name))};
}

PoolLoad load_pool(const Fleet& fleet, const Pool& pool, const InstanceClass& cls, const Contention& contention,
                   const PoolSize& today, Ledger& ledger) {
    PoolLoad result;
    result.base = load_of(pool, cls, End::pessimistic);
    result.load = shared(result.base, contention, {});
    result.cpu_full = contention.full;
    if (result.load.vcpus == 0 && pool.workload->cpu) result.cpu_stretch = contention.stretch;
    result.question = question_of(fleet.policy);
    result.offered = offered_figure(fleet, pool, result.base, ledger);
    result.knee = knee_of(fleet, pool, cls, result.base, ledger);
    result.acquire_timeout = timeout_of(fleet, pool, ledger);
    size_by_wait(fleet, pool, cls, result, ledger);
    if (result.for_wait) keep_from_deadlock(fleet, pool, result, ledger);
    settle(fleet, pool, today, result, ledger);
    return result;
}

std::optional<RatedPool> rated(const Fleet& fleet, const Pool& pool, const PoolLoad& load, const sizing::Load& on,
                               const Contention& cpu, const PoolSize& size, std::string_view when, Ledger& ledger) {
    if (!size) return std::nullopt;
    const bool known = load.at_size && load.at_size->size == size->value && on.vcpus == load.load.vcpus &&
                       hold_of(on) == hold_of(load.load);
    const auto figures = known ? load.at_size : figures_of(sizing::evaluate(on, size->value, load.question));
    if (!figures) return std::nullopt;
    const std::string method(sizing::name(figures->method)), note(sizing::formula(figures->method));
    const auto figure = [&](std::string_view name, Measured value, std::string formula, bool by_method,
                            std::vector<FigureId> more) {
        std::vector<FigureId> inputs{load.offered.id, size->id};
        if (cpu.figure != 0 && pool.workload->cpu) inputs.push_back(cpu.figure);
        inputs.insert(inputs.end(), more.begin(), more.end());
        return ledger.derive(load_name(fleet, pool, fmt::format("{}.{}", when, name)), value, std::move(formula),
                             std::move(inputs), by_method ? note : std::string());
    };
    const auto time = [](Millis t) { return assess::measured(Measure::milliseconds, t.value); };
    const bool open =
        load.load.users == 0 && hold_of(on) == hold_of(load.base) && figures->method != sizing::Method::simulation;
    RatedPool result{on, *figures, 0, {}, {}, {}};
    result.utilisation =
        figure("utilisation", assess::measured(figures->utilisation),
               open ? std::string("offered / max") : fmt::format("busy of max by {}", method), !open, {});
    if (figures->overloaded) return result;
    result.wait_mean =
        figure("wait_mean", time(figures->wait_mean), fmt::format("E[W] at offered on max by {}", method), true, {});
    if (figures->wait_p99)
        result.wait_p99 = figure("wait_p99", time(*figures->wait_p99),
                                 fmt::format("p99 of W at offered on max by {}", method), true, {});
    if (figures->p_over)
        result.p_over = figure("p_wait_over", assess::measured(Measure::probability, *figures->p_over),
                               fmt::format("P(W > policy.wait) at offered on max by {}", method), true,
                               {wait_figure(fleet, ledger)});
    return result;
}

}  // namespace

sizing::Load load_of(const Pool& pool, const InstanceClass& database, End end) {
    const Workload& given = *pool.workload;
    const bool worst = end == End::pessimistic;
    const auto longer = [&](const Interval<Millis>& t) { return worst ? t.high : t.low; };
    sizing::Load load;
    if (given.users) {
        load.users = **given.users;
        load.think = worst ? (*given.think)->low : (*given.think)->high;
    } else {
        // Each further checkout of a transaction asks the pool again.
        const PerSecond rate = worst ? (*given.rate)->high : (*given.rate)->low;
        load.rate = rate * static_cast<double>(1 + *given.nested);
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
    if (!given.cpu) return load;
    const auto mean = sizing::mean_hold(load.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    load.cpu = hold == nullptr ? Millis(0) : std::min(longer(**given.cpu), *hold);
    load.vcpus = database.vcpus;
    return load;
}

std::optional<Millis> acquire_timeout(const DriverDefault& driver) {
    std::string_view words = driver.acquire_timeout;
    const std::size_t remark = words.find(" (");
    if (remark != std::string_view::npos) words = words.substr(0, remark);
    const auto parsed = unit::parse<Millis>(words);
    const auto* time = std::get_if<Millis>(&parsed);
    if (time == nullptr || time->value <= 0.0) return std::nullopt;
    return *time;
}

std::vector<std::optional<PoolLoad>> load_pools(const Fleet& fleet, const Classes& classes,
                                                const std::vector<PoolSize>& declared, Ledger& ledger) {
    const std::vector<Contention> shared_cpu = contention(fleet, classes, "", ledger);
    std::vector<std::optional<PoolLoad>> loads(fleet.pools.size());
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        const Index database = model::database_of(fleet, pool);
        if (pool.workload)
            loads[i] = load_pool(fleet, pool, *classes[database], shared_cpu[database], declared[i], ledger);
    }
    return loads;
}

namespace {

/// Connections that can be active on each database at a time, of the pools that take its CPU; nothing without a limit.
std::vector<std::optional<double>> most_active(const Fleet& fleet, const std::vector<PoolSize>& sizes) {
    std::vector<std::optional<double>> most(fleet.databases.size(), 0.0);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (!pool.workload || !pool.workload->cpu) continue;
        auto& sum = most[model::database_of(fleet, pool)];
        if (!sizes[i]) sum.reset();
        const Service& service = fleet.services[pool.service];
        if (sum)
            *sum += static_cast<double>(sizes[i]->value.value) * static_cast<double>(*service.processes) *
                    static_cast<double>(service.instances->high);
    }
    return most;
}

}  // namespace

void rate_pools(const Fleet& fleet, const Classes& classes, const std::vector<PoolSize>& declared,
                const std::vector<PoolSize>& recommended, std::vector<std::optional<PoolLoad>>& loads, Ledger& ledger) {
    Classes today;
    for (const Database& database : fleet.databases) today.push_back(database.type);
    const auto cpu_now = contention(fleet, today, "now.", ledger), cpu_then = contention(fleet, classes, "", ledger);
    const auto most_now = most_active(fleet, declared), most_then = most_active(fleet, recommended);
    for (std::size_t i = 0; i < loads.size(); ++i) {
        if (!loads[i]) continue;
        const Pool& pool = fleet.pools[i];
        const Index database = model::database_of(fleet, pool);
        const auto rate = [&](const sizing::Load& base, const Contention& cpu, const std::optional<double>& most,
                              const PoolSize& size, std::string_view when) -> std::optional<RatedPool> {
            if (cpu.full && pool.workload->cpu) return std::nullopt;
            return rated(fleet, pool, *loads[i], shared(base, cpu, most), cpu, size, when, ledger);
        };
        const sizing::Load base_now = load_of(pool, *today[database], End::pessimistic);
        loads[i]->now = rate(base_now, cpu_now[database], most_now[database], declared[i], "now");
        loads[i]->after = rate(loads[i]->base, cpu_then[database], most_then[database], recommended[i], "after");
    }
}

}  // namespace poolfit::plan
