#include <poolfit/model/holding.hpp>

#include <algorithm>
#include <cmath>

#include <poolfit/model/driver.hpp>

namespace poolfit::model {
namespace {

using Holds = DriverDefault::Holds;

std::int64_t nested(const Pool& pool) { return pool.workload ? *pool.workload->nested : 0; }

/// A connection that LISTENs never returns to the pool.
std::int64_t listeners(const Pool& pool) {
    return std::ranges::any_of(pool.features, [](const auto& feature) { return *feature == "listen"; }) ? 1 : 0;
}

Connections bounded(std::int64_t size) { return Connections(std::clamp<std::int64_t>(size, 1, max_pool)); }

/// Connections of a process that an open load keeps busy on average, over all its databases, at least: of percentiles
/// the median stands for the mean.
double busy_on_average(const Pool& pool) {
    if (!pool.workload || !pool.workload->rate) return 0;
    const Workload& load = *pool.workload;
    const Millis hold = load.hold_p50 ? **load.hold_p50 : load.hold ? (**load.hold).high : Millis(0);
    return ((**load.rate).high * hold).value * static_cast<double>(1 + *load.nested);
}

/// Does what was seen come so near to a connection for each that all may have one?
bool all_may_hold(const Fleet& fleet, const Pool& pool, std::int64_t requests) {
    return pool.in_use &&
           *fleet.policy.observed_buffer * static_cast<double>(observed_peak(pool)) >= static_cast<double>(requests);
}

/// Of its requests, those of one database where all have as many.
std::int64_t evenly(const Pool& pool, std::int64_t requests) {
    return (requests + *pool.databases - 1) / *pool.databases;
}

/// The floor, before it is held under the ceiling.
std::int64_t floor_of(FloorBy by, const Pool& pool, std::int64_t requests, std::optional<Connections> today) {
    switch (by) {
        case FloorBy::none:
            break;
        case FloorBy::nested:
            return requests * nested(pool) + 1;
        case FloorBy::each:
            return has_setting(pool) ? evenly(pool, requests) : requests;
        case FloorBy::today:
            return today->value;
    }
    return 1;
}

}  // namespace

std::int64_t observed_peak(const Pool& pool) {
    return pool.in_use ? static_cast<std::int64_t>(std::ceil((*pool.in_use)->high - 1e-9)) : 0;
}

std::int64_t over_peak(const Pool& pool) { return pool.in_use ? evenly(pool, observed_peak(pool) + 1) : 1; }

std::optional<std::int64_t> at_a_time(const Service& service) {
    switch (service.runtime) {
        case Runtime::processes:
        case Runtime::serverless:
            return 1;
        case Runtime::threads:
            if (service.threads) return **service.threads;
            break;
        case Runtime::unstated:
        case Runtime::event_loop:
            break;
    }
    return std::nullopt;
}

bool is_fixed(const DriverDefault& driver) {
    return driver.kind == DriverDefault::Kind::number && driver.max_option.empty();
}

bool has_setting(const Pool& pool) {
    const DriverDefault* const driver = pool.driver_default;
    if (pool.max || driver == nullptr) return true;
    if (is_fixed(*driver)) return observed_peak(pool) > driver->number * *pool.databases;
    return driver->kind != DriverDefault::Kind::thread;
}

std::optional<Connections> most_by_runtime(const Fleet& fleet, const Pool& pool) {
    const auto requests = at_a_time(fleet.services[pool.service]);
    if (!requests) return std::nullopt;
    if (!has_setting(pool)) return bounded(*requests);  // a thread has its one connection, whatever it nests
    return bounded(*requests * (1 + nested(pool)) + listeners(pool));
}

std::optional<Connections> most_of_process(const Fleet& fleet, const Pool& pool) {
    const auto requests = at_a_time(fleet.services[pool.service]);
    if (!requests) return std::nullopt;
    // A thread keeps its connection to each database that it was in.
    if (!has_setting(pool)) return bounded(*requests * *pool.databases);
    return bounded(*requests * (1 + nested(pool)) + listeners(pool) * *pool.databases);
}

FloorBy floor_by(const Fleet& fleet, const Pool& pool, std::optional<Connections> today) {
    const auto requests = at_a_time(fleet.services[pool.service]);
    if (!requests) return FloorBy::none;
    if (!has_setting(pool)) return FloorBy::each;
    const FloorBy all = nested(pool) > 0 ? FloorBy::nested : FloorBy::each;
    const Holds holds = pool.driver_default != nullptr ? pool.driver_default->holds : Holds::unknown;
    if (holds == Holds::transaction) return nested(pool) > 0 ? FloorBy::nested : FloorBy::none;
    if (holds == Holds::request || all == FloorBy::nested || all_may_hold(fleet, pool, *requests)) return all;
    if (!today) return FloorBy::none;
    return today->value < evenly(pool, *requests) ? FloorBy::today : FloorBy::each;
}

Holding holding(const Fleet& fleet, const Pool& pool, std::optional<Connections> today) {
    Holding result;
    const auto most = most_by_runtime(fleet, pool);
    if (!most) return result;
    const std::int64_t requests = *at_a_time(fleet.services[pool.service]);
    result.floor = std::min(bounded(floor_of(floor_by(fleet, pool, today), pool, requests, today)), *most);
    const std::int64_t of_process = most_of_process(fleet, pool)->value;
    if (has_setting(pool) && observed_peak(pool) > of_process) return result;
    result.ceiling = most;
    if (!has_setting(pool) || busy_on_average(pool) < static_cast<double>(of_process)) return result;
    result.ceiling = today ? std::optional(std::max(*most, *today)) : std::nullopt;
    return result;
}

}  // namespace poolfit::model
