#include <poolfit/simulate/system.hpp>

#include <cmath>

#include <poolfit/threads/parallel.hpp>

#include "system_report.hpp"
#include "system_unseen.hpp"

namespace poolfit::simulate {

namespace {

// In all: how many may pass before progress is reported, and before the first look at the precision.
constexpr double slice_transactions = 200'000, first_transactions = 50'000;

constexpr double full = 0.99;                // of a pool's connections, on average
constexpr double least_transactions = 1000;  // of a service: fewer say little of a p99
// Acquire timeouts that a full pool needs: to reach its steady state, and to be measured in it.
constexpr double timeouts_to_settle = 3, timeouts_to_measure = 5;

std::string problem(const ServiceModel& s, const SystemModel& m) {
    if (s.instances < 1 || s.processes < 1 || s.connections < 1)
        return "instances, processes and connections are at least 1";
    if (static_cast<double>(s.instances) * s.processes > 1e5 || s.connections > 1000000)
        return "at most 100000 processes";
    if (s.users < 0 || static_cast<double>(s.users) * s.instances * s.processes > 1e6) return "at most 1000000 users";
    if (s.target >= (s.through_pooler ? m.poolers.size() : m.databases.size()))
        return "its database or pooler is missing";
    if (s.pools_of_process < 1 || s.processes % s.pools_of_process != 0)
        return "a process has one pool at least, and as many as the others";
    if (s.threads_of != ServiceModel::own_threads) {
        const auto self = static_cast<std::size_t>(&s - m.services.data());
        if (s.threads_of >= self) return "it shares the threads of a service that does not come before it";
        const ServiceModel& other = m.services[s.threads_of];
        if (other.at_a_time != s.at_a_time || other.threads_of != ServiceModel::own_threads ||
            other.instances != s.instances ||
            other.processes / other.pools_of_process != s.processes / s.pools_of_process)
            return "it shares the threads of a service with other processes";
    }
    if (!(s.acquire_timeout >= 0)) return "an acquire timeout must be 0 or more";
    if (s.nested < 0 || !(s.nested_share >= 0 && s.nested_share <= 1))
        return "nested must be 0 or more, and its share from 0 to 1";
    for (const Law* law : {&s.gap, &s.cpu, &s.external, &s.rest, &s.nested_hold})
        if (std::string p = simulate::problem(*law); !p.empty()) return p;
    if (s.users == 0 && !(mean_of(s.gap) > 0)) return "the gap between arrivals must be more than 0";
    if (!(mean_of(s.gap) + mean_of(s.cpu) + mean_of(s.external) + mean_of(s.rest) > 0))
        return "its transactions take no time";
    return "";
}

// Ten relaxation times of a database's CPU, as if its load were Poisson arrivals.
double warm_up_of(const Prepared& prepared, std::size_t database) {
    double load = 0, rate = 0;
    for (std::size_t i = 0; i < prepared.services.size(); ++i) {
        const ServiceModel& m = prepared.model.services[i];
        const Prepared::Service& p = prepared.services[i];
        if (prepared.database_of(m) != database || p.cpu.never_positive()) continue;
        const double cycle = p.gap.mean() + (m.users > 0 ? p.hold : 0),
                     each = p.processes * std::max(1, m.users) / cycle;
        rate += each;
        load += each * p.cpu.mean();
    }
    if (rate == 0) return 0;
    const double vcpus = prepared.model.databases[database].vcpus,
                 distance = 1 - std::sqrt(std::min(0.95, load / vcpus));
    return 10 * load / rate * (1 + 1 / (vcpus * distance * distance));
}

// Until the slowest service and database have forgotten how they began: see warm_up in pool.cpp.
double warm_up_of(const Prepared& prepared) {
    double longest = 0;
    for (std::size_t i = 0; i < prepared.model.databases.size(); ++i)
        longest = std::max(longest, warm_up_of(prepared, i));
    for (std::size_t i = 0; i < prepared.services.size(); ++i) {
        const ServiceModel& m = prepared.model.services[i];
        const Prepared::Service& p = prepared.services[i];
        if (m.users > 0) {
            const double at_once = m.at_a_time > 0 ? std::min(m.connections * m.pools_of_process, m.at_a_time)
                                                   : m.connections * m.pools_of_process;
            const double users = static_cast<double>(m.users) * m.pools_of_process;
            longest = std::max(longest, 20 * std::max(p.gap.mean() + p.hold, p.hold * users / at_once));
            longest = std::max(longest, p.hold * (1 + p.scv()));  // long holds were begun long ago
            continue;
        }
        const double load = p.hold / (p.gap.mean() * m.connections), distance = 1 - std::sqrt(std::min(0.999999, load));
        const bool gives_up = m.acquire_timeout < never && p.hold > 0;
        // Past saturation without a timeout there is no steady state to wait for.
        const double spread = std::max(1.0, (1 + p.scv()) / 2);
        double relaxation = load < 1 || gives_up ? spread / (m.connections * distance * distance) : 1;
        if (gives_up) {
            const double bound = m.acquire_timeout / p.hold + 1;
            relaxation = std::min(relaxation, bound * bound * m.connections / (5 * spread));
            if (load > 1) relaxation = std::min(relaxation, bound * load / (load - 1));  // until the queue has filled
        }
        longest = std::max(longest, 10 * p.hold * (1 + relaxation) + 100 * p.gap.mean());
    }
    return longest;
}

// A pool that is full, or that deadlocked, is set going again by its timeouts: in time spans of these, not of holds.
// (Where arrivals are turned away the queue is cut off before they matter, but for a deadlock.)
double timeout_of_full_pools(const SystemRun& run, const Prepared& prepared) {
    double longest = 0;
    for (std::size_t i = 0; i < run.services.size(); ++i) {
        const ServiceReport& r = run.services[i];
        const double timeout = prepared.model.services[i].acquire_timeout;
        if (timeout < never && ((r.utilization.value > full && !r.overloaded) || r.deadlocked.value > 0))
            longest = std::max(longest, timeout);
    }
    return longest;
}

constexpr double least_unseen = 0.01;  // a share that makes no difference worth the name

enum class Known { no, as_far_as_it_goes, yes };

// Of a pool that hangs for good nothing more is to be known, and none of it precisely.
Known known(const SystemRun& run, const Prepared& prepared, double precision) {
    Known result = Known::yes;
    for (std::size_t i = 0; i < run.services.size(); ++i) {
        const ServiceReport& r = run.services[i];
        if (r.deadlocked.value == 1 && prepared.model.services[i].acquire_timeout == never) {
            result = Known::as_far_as_it_goes;
            continue;
        }
        if (static_cast<double>(r.waits.count()) < least_transactions) return Known::no;
        if (!(spread(r, prepared.unit(i)) <= precision)) return Known::no;
    }
    return result;
}

}  // namespace

double spread(const ServiceReport& r, double hold) {
    const auto of = [](double share) { return share == share ? share : never; };  // nothing counted: not known
    if (r.overloaded) return of(r.throughput.half_width / r.throughput.value);  // its waits have no end to come near to
    return std::max(of(spread(r.wait_mean, hold)), of(spread(r.wait_p99, hold)));
}

double offered_rate(const ServiceModel& s) {
    const double processes = static_cast<double>(s.instances) * s.processes, gap = mean_of(s.gap);
    if (s.users == 0) return processes / gap;
    const double hold = mean_of(s.cpu) + mean_of(s.external) + mean_of(s.rest);
    const double cycle = gap + hold + s.nested * mean_of(s.nested_hold);
    const int at_once = s.at_a_time > 0 ? std::min(s.at_a_time, s.connections) : s.connections;
    return processes * std::min(s.users / cycle, at_once / (cycle - gap));
}

double seconds_for(const SystemModel& system, double transactions, int replications) {
    double rate = 0;
    for (const ServiceModel& s : system.services) rate += offered_rate(s);
    return transactions / (rate * replications);
}

std::string problem(const SystemModel& m, const SystemOptions& o) {
    if (m.services.empty() || m.databases.empty()) return "a system has at least one service and one database";
    for (const DatabaseModel& d : m.databases)
        if (!(d.vcpus > 0) || !std::isfinite(d.vcpus)) return d.name + ": vCPUs must be more than 0";
    for (const PoolerModel& p : m.poolers) {
        if (p.connections < 1 || !(p.wait_timeout >= 0))
            return p.name + ": at least 1 connection, and no negative timeout";
        if (p.database >= m.databases.size()) return p.name + ": its database is missing";
    }
    for (const ServiceModel& s : m.services)
        if (const std::string p = problem(s, m); !p.empty()) return s.name + ": " + p;
    for (const Surge& s : m.surges)
        if (s.service >= m.services.size() || !(s.start >= 0) || !(s.end >= s.start) || s.extra_instances < 0)
            return "a surge needs a service, a start, an end after it and 0 or more instances";
    for (const Failover& f : m.failovers)
        if (f.database >= m.databases.size() || f.to >= m.databases.size() || !(f.at >= 0) || !(f.outage >= 0))
            return "a failover needs two databases, a time and an outage of 0 or more";
    if (!(o.confidence >= 0.5 && o.confidence < 1)) return "a confidence must be from 0.5 to below 1";
    if (!(o.seconds > 0) || !std::isfinite(o.seconds) || !std::isfinite(o.warm_up))
        return "the time must be more than 0";
    if (!(o.precision >= 0) || o.replications < 2 || o.replications > 100000) return "2 to 100000 replications";
    return "";
}

SystemRun simulate_system(const SystemModel& model, const SystemOptions& options) {
    if (std::string p = problem(model, options); !p.empty()) {
        SystemRun refused;
        refused.reason = std::move(p);
        return refused;
    }
    const Prepared prepared(model);
    const bool transient = options.transient || !model.surges.empty() || !model.failovers.empty();
    double needed = transient ? 0 : warm_up_of(prepared);
    double warm_up = options.warm_up < 0 ? std::min(options.seconds, needed) : options.warm_up;
    Runs runs(static_cast<std::size_t>(options.replications));
    double done = 0;       // of the time to measure
    bool settled = false;  // full pools have had the time that their timeouts need
    const double slice = seconds_for(model, slice_transactions, options.replications);
    const auto advance_slice = [&](double until) {
        const auto one = [&](int i) {
            auto& run = runs[static_cast<std::size_t>(i)];
            if (!run) {
                run = std::make_unique<Replication>(prepared, options.seed, i, transient ? 0 : options.most_waiting);
                run->advance(warm_up);
                if (warm_up > 0) run->forget();
            }
            run->advance(warm_up + until);
            if (transient && until >= options.seconds)
                run->release();  // so that few replications' queues are kept at once
        };
        threads::in_parallel(options.replications, options.threads, one, [&](int pieces) {
            if (options.progress)
                options.progress((done + (until - done) * pieces / options.replications) / options.seconds);
        });
        done = until;
    };
    const auto advance = [&](double until) {
        while (!transient && until - done > 1.5 * slice) advance_slice(done + slice);
        advance_slice(until);
    };
    const bool whole = transient || options.precision == 0;
    const double first = std::min(options.seconds / 64, seconds_for(model, first_transactions, options.replications));
    double measured = whole ? options.seconds : std::min(options.seconds, std::max(warm_up, first));
    for (;;) {
        advance(measured);
        SystemRun result = report(prepared, runs, options);
        result.warm_up = warm_up;
        result.warmed_up = options.warm_up >= 0 || warm_up >= needed;
        allow_for_unseen(result, prepared, runs);
        if (whole) return result;
        const double timeout = timeout_of_full_pools(result, prepared), enough = timeouts_to_measure * timeout;
        if (timeout > 0 && !settled && options.warm_up < 0) {
            // What was measured so far was warm-up, and counting starts again.
            settled = true;
            if (warm_up < timeouts_to_settle * timeout) {
                const double more = std::min(options.seconds, timeouts_to_settle * timeout) - warm_up;
                if (more > done) advance(more);
                for (const auto& run : runs) run->forget();
                warm_up += done;
                needed = std::max(needed, timeouts_to_settle * timeout);
                done = 0;
                measured = std::min(options.seconds, std::max(measured, enough));
                continue;
            }
        }
        const Known now = known(result, prepared, options.precision);
        const bool stop = now != Known::no && measured >= enough && result.warmed_up;
        result.precise = stop && now == Known::yes && !result.waits_unseen &&
                         result.unseen <= std::max(options.precision, least_unseen);
        if (stop || measured >= options.seconds) return result;
        measured = std::max(measured, std::min(enough, options.seconds) / 1.5);
        measured = std::min(options.seconds, measured * 1.5);
    }
}

}  // namespace poolfit::simulate
