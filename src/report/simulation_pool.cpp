#include "simulation_pool.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/workload.hpp>
#include <poolfit/sizing/pool.hpp>

#include "simulation_formula.hpp"
#include "simulation_goal.hpp"
#include "simulation_story.hpp"

namespace poolfit::report {

namespace {

namespace sim = poolfit::simulate;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr sim::Estimate unknown{not_a_number, not_a_number};
constexpr double histogram_error = 0.004;  // of a simulated quantile
/// What makes no difference that is worth a sentence.
constexpr double least_stretch = 1.002, least_pooler_wait = 0.001;

constexpr std::array<FigureRow, pool_figures> rows{{
    {PoolFigure::throughput, "throughput_per_s", FigureRow::Unit::per_second},
    {PoolFigure::utilization, "utilization", FigureRow::Unit::share},
    {PoolFigure::p_wait, "p_wait", FigureRow::Unit::share},
    {PoolFigure::wait_mean, "wait_mean_ms", FigureRow::Unit::milliseconds},
    {PoolFigure::wait_p50, "wait_p50_ms", FigureRow::Unit::milliseconds},
    {PoolFigure::wait_p95, "wait_p95_ms", FigureRow::Unit::milliseconds},
    {PoolFigure::wait_p99, "wait_p99_ms", FigureRow::Unit::milliseconds},
    {PoolFigure::timeouts, "timeouts", FigureRow::Unit::share},
}};

sim::Estimate simulated(const sim::ServiceReport& report, PoolFigure figure) {
    const auto in_ms = [](sim::Estimate e) { return sim::Estimate{e.value * 1000, e.half_width * 1000}; };
    switch (figure) {
        case PoolFigure::throughput:
            return report.throughput;
        case PoolFigure::utilization:
            return report.utilization;
        case PoolFigure::p_wait:
            return report.wait_probability;
        case PoolFigure::wait_mean:
            return in_ms(report.wait_mean);
        case PoolFigure::wait_p50:
            return in_ms(report.wait_p50);
        case PoolFigure::wait_p95:
            return in_ms(report.wait_p95);
        case PoolFigure::wait_p99:
            return in_ms(report.wait_p99);
        case PoolFigure::timeouts:
            break;
    }
    return report.timeouts;
}

bool is_quantile(PoolFigure figure) {
    return figure == PoolFigure::wait_p50 || figure == PoolFigure::wait_p95 || figure == PoolFigure::wait_p99;
}

/// A 95 % interval misses by more half widths than this once in ten million.
constexpr double no_chance = 2.75;

/// `far`: a difference of many half widths, which is not chance.
Deviation deviation_of(const sim::FleetSystem& system, const sim::SystemRun& run, std::size_t i, const Known& known,
                       bool far) {
    using Ignored = Deviation::Ignored;
    const sim::ServiceModel& s = system.system.services[i];
    Deviation result;
    const auto add = [&](Ignored ignored) { result.ignored.push_back(ignored); };
    if (!system.system.surges.empty()) add({Ignored::Kind::deploy});
    if (!system.system.failovers.empty()) add({Ignored::Kind::failover});
    if (s.nested > 0) add({Ignored::Kind::nested});
    if (s.nested == 0 && s.at_a_time > 0 && known.threads == Known::Threads::not_known)
        add({Ignored::Kind::threads, s.at_a_time});
    std::size_t database = s.target;
    if (s.through_pooler) {
        const double wait = run.poolers[s.target].wait_mean.value;
        database = system.system.poolers[s.target].database;
        if (wait > least_pooler_wait * sim::mean_of(s.rest))
            add({Ignored::Kind::pooler_wait, 0, system.poolers[s.target], Millis(wait * 1000)});
    }
    const double stretch = run.databases[database].stretch.value;
    if (known.shares_cpu && stretch > least_stretch)
        add({Ignored::Kind::cpu, 0, system.databases[database], {}, stretch});
    const bool chance = result.ignored.empty() && !known.slower;
    if (chance) {
        result.kind = !run.warmed_up || far ? Deviation::Kind::not_settled : Deviation::Kind::chance;
        return result;
    }
    if (result.ignored.empty()) add({Ignored::Kind::resources});
    result.kind = Deviation::Kind::ignored;
    return result;
}

void add_notes(const Pool& pool, SimulatedPool& into) {
    const DriverDefault* driver = pool.driver_default;
    if (!into.size) into.notes.push_back(PoolNote::no_size);
    if (pool.workload->acquire_timeout) return;
    if (into.acquire_timeout)
        into.notes.push_back(PoolNote::default_timeout);
    else if (driver != nullptr && !driver->acquire_timeout.empty())
        into.notes.push_back(PoolNote::no_timeout);
}

}  // namespace

const std::array<FigureRow, pool_figures>& figure_rows() { return rows; }

std::optional<double> shown_difference(const Compared& figure) {
    return figure.simulated.value == 0 && !figure.outside ? std::nullopt : figure.difference;
}

bool is_marked(const Compared& figure) {
    constexpr double worth_a_mark = 0.01;
    return figure.outside && (!figure.difference || std::fabs(*figure.difference) > worth_a_mark);
}

SimulatedPool simulated_pool(const Fleet& fleet, const sim::FleetSystem& system, const sim::SystemRun& run,
                             std::size_t i, const SimulationRequest& request) {
    const Pool& pool = fleet.pools[system.pools[i]];
    const sim::ServiceModel& model = system.system.services[i];
    const sim::ServiceReport& report = run.services[i];
    SimulatedPool result;
    result.pool = system.pools[i];
    result.processes = static_cast<std::int64_t>(model.instances) * model.processes;
    if (model.connections != sim::no_limit) result.size = Connections(model.connections);
    result.overloaded = report.overloaded;
    result.full = full_part(system, run, i);
    if (model.acquire_timeout < sim::never) result.acquire_timeout = Millis(model.acquire_timeout * 1000);
    const double all = static_cast<double>(result.processes) * model.connections;
    result.failures = report.failures;
    result.refused = report.refused;
    result.busy = {report.utilization.value * all, report.utilization.half_width * all};
    if (model.nested > 0) {
        result.deadlocked = report.deadlocked;
        result.deadlock_after = report.deadlock_time;
        result.hangs = report.deadlocked.value > 0 && model.acquire_timeout == sim::never;
        result.deadlock_floor = deadlock_floor(model);
    }

    std::optional<sizing::Figures> formula;
    // As `plan` asks it, and with the timeout where it stays exact.
    sizing::Load load =
        plan::load_of(pool, *fleet.databases[model::database_of(fleet, pool)].type, plan::End::pessimistic);
    if (load.users == 0) load.cpu = Millis(0);  // alone: what the CPU does to it is the simulation's to show
    const bool has_timeout = model.acquire_timeout < sim::never;
    if (has_timeout && (load.users == 0 || pool.workload->acquire_timeout))
        load.acquire_timeout = Millis(model.acquire_timeout * 1000);
    if (load.users == 0) load.rate = load.rate * (1.0 / (1 + model.nested));  // transactions, not checkouts
    const Known known = known_of(system, i, is_story(system));
    Connections servers(model.connections);
    if (!known.story && known.threads == Known::Threads::servers) {
        // Requests waiting for a thread do not time out, and those with a thread have a connection.
        servers = std::min(servers, Connections(model.at_a_time));
        load.acquire_timeout.reset();
    }
    if (result.size) {
        sizing::Question question;
        question.seed = request.seed;
        question.threads = request.threads;
        question.precision = request.precision;
        question.transactions = request.transactions;
        const auto answer = sizing::evaluate(load, servers, question);
        if (const auto* bad = std::get_if<queue::BadInput>(&answer)) result.no_formula = *bad;
        if (const auto* refused = std::get_if<sizing::Refused>(&answer)) result.no_formula = *refused;
        if (const auto* figures = std::get_if<sizing::Figures>(&answer)) formula = *figures;
    } else {
        result.no_formula = NoLimit{};
    }
    if (formula) result.method = sizing::name(formula->method);
    bool outside = false, far = false;
    for (const FigureRow& row : rows) {
        const double tolerance =
            (formula ? formula->error_bound.value_or(0) : 0) + (is_quantile(row.figure) ? histogram_error : 0);
        Compared& into = result.figures[static_cast<std::size_t>(row.figure)];
        const bool is_known =
            !result.hangs || row.figure == PoolFigure::throughput || row.figure == PoolFigure::utilization;
        into = compared(is_known ? simulated(report, row.figure) : unknown,
                        result.size ? expected(row.figure, formula, known, model, report) : Expected{}, tolerance);
        result.bounded = result.bounded || (into.formula && into.bound != Bound::exact);
        outside = outside || into.outside;
        far = far ||
              (into.outside && std::abs(into.simulated.value - *into.formula) > no_chance * into.simulated.half_width);
    }
    if (outside || result.bounded) result.deviation = deviation_of(system, run, i, known, far);
    add_notes(pool, result);
    return result;
}

}  // namespace poolfit::report
