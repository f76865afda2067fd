#include "simulation_formula.hpp"

#include <algorithm>
#include <cmath>

namespace poolfit::report {

namespace {

namespace sim = poolfit::simulate;

constexpr double full = 0.99;  // of the time

double processes_of(const sim::ServiceModel& s) { return static_cast<double>(s.instances) * s.processes; }

/// Transactions of it that have a connection at a time, at most.
double most_held(const sim::ServiceModel& s) {
    const double of_pool = s.users > 0 ? std::min(s.users, s.connections) : s.connections;
    return processes_of(s) * of_pool;
}

std::size_t database_of(const sim::FleetSystem& system, const sim::ServiceModel& s) {
    return s.through_pooler ? system.system.poolers[s.target].database : s.target;
}

/// Of the pooler: what its clients can hold at a time.
double asked_of(const sim::FleetSystem& system, std::size_t pooler) {
    double sum = 0;
    for (const sim::ServiceModel& s : system.system.services)
        if (s.through_pooler && s.target == pooler) sum += most_held(s);
    return sum;
}

/// Can more transactions need the CPU of the database than it has vCPUs?
bool can_fill_cpu(const sim::FleetSystem& system, std::size_t database) {
    double most = 0;
    for (const sim::ServiceModel& s : system.system.services)
        if (!s.through_pooler && s.target == database && sim::mean_of(s.cpu) > 0) most += most_held(s);
    for (std::size_t p = 0; p < system.system.poolers.size(); ++p)
        if (system.system.poolers[p].database == database)
            most += std::min<double>(asked_of(system, p), system.system.poolers[p].connections);
    return most > system.system.databases[database].vcpus;
}

/// All arrivals get through: none times out or fails, and what they wait for is not full.
bool gets_through(const sim::ServiceModel& s, const sim::ServiceReport& report) {
    return s.users == 0 && s.acquire_timeout == sim::never && !report.overloaded && report.failures.value == 0 &&
           !(s.nested > 0 && report.deadlocked.value > 0);
}

std::optional<double> milliseconds(const std::optional<Millis>& t) {
    return t ? std::optional(t->value) : std::nullopt;
}

/// Of a saturated pool there is no wait.
std::optional<double> wait_figure(const sizing::Figures& f, PoolFigure figure) {
    if (f.overloaded) return std::nullopt;
    switch (figure) {
        case PoolFigure::throughput:
        case PoolFigure::utilization:
            break;
        case PoolFigure::p_wait:
            return f.p_wait;
        case PoolFigure::wait_mean:
            return f.wait_mean.value;
        case PoolFigure::wait_p50:
            return milliseconds(f.wait_p50);
        case PoolFigure::wait_p95:
            return milliseconds(f.wait_p95);
        case PoolFigure::wait_p99:
            return milliseconds(f.wait_p99);
        case PoolFigure::timeouts:
            return f.p_timeout.value_or(0.0);
    }
    return std::nullopt;
}

Expected throughput(const std::optional<sizing::Figures>& figures, const Known& known, const sim::ServiceModel& model,
                    const sim::ServiceReport& report) {
    const double processes = processes_of(model);
    if (!known.story && gets_through(model, report)) return {processes / sim::mean_of(model.gap), Bound::exact};
    if (!figures) return {};
    const bool less = !known.story && (known.slower || known.threads == Known::Threads::not_known);
    return {figures->throughput.value * processes, less ? Bound::at_most : Bound::exact};
}

/// Connections × hold: each of 1 + nested connections of a transaction is kept until its end.
double connection_holds(const sim::ServiceModel& s) {
    const double n = s.nested, hold = sim::mean_of(s.cpu) + sim::mean_of(s.external) + sim::mean_of(s.rest);
    return (1 + n) * hold + n * (n + 1) / 2 * sim::mean_of(s.nested_hold);
}

Expected utilization(const std::optional<sizing::Figures>& figures, const Known& known, const sim::ServiceModel& model,
                     const sim::ServiceReport& report) {
    const Bound bound = !known.story && known.slower ? Bound::at_least : Bound::exact;
    const bool by_rate = known.threads == Known::Threads::not_known || model.nested > 0;
    if (!known.story && by_rate && model.users == 0) {
        if (!gets_through(model, report)) return {};
        return {std::min(1.0, connection_holds(model) / sim::mean_of(model.gap) / model.connections), bound};
    }
    if (!figures || (!known.story && known.threads == Known::Threads::not_known)) return {};
    const double share = std::min(1.0, figures->utilization.value);
    const bool of_threads = !known.story && known.threads == Known::Threads::servers;
    return {of_threads ? share * model.at_a_time / model.connections : share, bound};
}

}  // namespace

Known known_of(const sim::FleetSystem& system, std::size_t i, bool story) {
    const sim::ServiceModel& s = system.system.services[i];
    Known known;
    known.story = story;
    const bool alone = system.pools.size() == 1 && s.instances == 1 && s.processes == 1;
    // The formula of users gives each process the CPU to itself.
    known.shares_cpu =
        sim::mean_of(s.cpu) > 0 && !(s.users > 0 && alone) && can_fill_cpu(system, database_of(system, s));
    const bool queues_there =
        s.through_pooler && asked_of(system, s.target) > system.system.poolers[s.target].connections;
    known.slower = known.shares_cpu || queues_there || s.nested > 0;
    if (s.at_a_time == 0) return known;
    known.never_waits = s.nested == 0 && s.at_a_time <= s.connections;
    bool own = s.pools_of_process == 1 && s.threads_of == sim::ServiceModel::own_threads;
    for (const sim::ServiceModel& other : system.system.services) own = own && other.threads_of != i;
    known.threads = own && s.nested == 0 ? Known::Threads::servers : Known::Threads::not_known;
    return known;
}

Expected expected(PoolFigure figure, const std::optional<sizing::Figures>& figures, const Known& known,
                  const sim::ServiceModel& model, const sim::ServiceReport& report) {
    const bool of_connections = figure == PoolFigure::throughput || figure == PoolFigure::utilization;
    if (figure == PoolFigure::throughput) return throughput(figures, known, model, report);
    if (figure == PoolFigure::utilization) return utilization(figures, known, model, report);
    // The waits of a saturated pool are those of a queue that was cut off: not what a formula is about.
    if (!of_connections && report.overloaded) return {};
    if (!known.story && known.never_waits) return {0.0, Bound::exact};
    if (!figures || (!known.story && known.threads != Known::Threads::enough)) return {};
    return {wait_figure(*figures, figure), !known.story && known.slower ? Bound::at_least : Bound::exact};
}

Compared compared(const sim::Estimate& simulated, const Expected& expected, double tolerance) {
    Compared result{simulated, expected.value, {}, false, expected.bound};
    if (expected.bound == Bound::at_least && expected.value && !(*expected.value > 0)) result.formula.reset();
    if (!result.formula || !std::isfinite(simulated.value)) return result;
    const double formula = *expected.value;
    if (formula > 0) result.difference = simulated.value / formula - 1;
    const double above = simulated.value - formula, most = simulated.half_width + tolerance * std::fabs(formula);
    result.outside =
        (expected.bound != Bound::at_least && above > most) || (expected.bound != Bound::at_most && -above > most);
    return result;
}

bool asks_too_much_cpu(const sim::FleetSystem& system, std::size_t database) {
    double asked = 0;
    for (const sim::ServiceModel& s : system.system.services)
        if (s.users == 0 && database_of(system, s) == database) asked += sim::offered_rate(s) * sim::mean_of(s.cpu);
    return asked >= system.system.databases[database].vcpus;
}

bool asks_too_much(const sim::FleetSystem& system, std::size_t pooler) {
    double asked = 0;
    for (const sim::ServiceModel& s : system.system.services)
        if (s.users == 0 && s.through_pooler && s.target == pooler)
            asked += processes_of(s) * connection_holds(s) / sim::mean_of(s.gap);
    return asked >= system.system.poolers[pooler].connections;
}

FullPart full_part(const sim::FleetSystem& system, const sim::SystemRun& run, std::size_t i) {
    const sim::ServiceModel& s = system.system.services[i];
    const sim::ServiceReport& report = run.services[i];
    if (!report.overloaded && !(report.utilization.value > full)) return FullPart::none;
    if (run.databases[database_of(system, s)].cpu_utilization.value > full) return FullPart::cpu;
    if (s.through_pooler && run.poolers[s.target].utilization.value > full) return FullPart::pooler;
    return FullPart::pool;
}

Compared cpu_compared(const sim::FleetSystem& system, const sim::SystemRun& run, std::size_t k, bool story) {
    if (story) return compared(run.databases[k].cpu_utilization, {}, 0);
    double asked = 0;
    bool all = true;
    for (std::size_t i = 0; i < system.system.services.size(); ++i) {
        const sim::ServiceModel& s = system.system.services[i];
        if (database_of(system, s) != k || !(sim::mean_of(s.cpu) > 0)) continue;
        asked += sim::offered_rate(s) * sim::mean_of(s.cpu);
        all = all && gets_through(s, run.services[i]);
    }
    if (!(asked > 0)) return compared(run.databases[k].cpu_utilization, {}, 0);
    const double share = asked / system.system.databases[k].vcpus;
    if (share >= 1) return compared(run.databases[k].cpu_utilization, {}, 0);  // "at most 100 %" says nothing
    return compared(run.databases[k].cpu_utilization, {share, all ? Bound::exact : Bound::at_most}, 0);
}

}  // namespace poolfit::report
