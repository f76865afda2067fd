#include "simulation_remarks.hpp"

#include <vector>

#include <fmt/format.h>

#include <poolfit/render/simulation.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::render {
namespace {

std::string ignored_text(const Fleet& fleet, const Deviation::Ignored& ignored) {
    using Kind = Deviation::Ignored::Kind;
    switch (ignored.kind) {
        case Kind::deploy:
            return "a deploy goes on for a third of the run";
        case Kind::failover:
            return "a database fails in the run";
        case Kind::nested:
            return "transactions take further connections while holding one";
        case Kind::threads:
            return fmt::format("a process serves {} at a time, so requests queue before they reach the pool",
                               ignored.at_a_time);
        case Kind::pooler_wait:
            return fmt::format("transactions wait for server connections of {}, {} on average",
                               *fleet.poolers[ignored.record].name, unit::print(ignored.wait));
        case Kind::cpu:
            return fmt::format("the CPU of {} is shared: CPU time takes {:.2f} × as long",
                               *fleet.databases[ignored.record].name, ignored.stretch);
        case Kind::resources:
            break;
    }
    return "resources behind the pool are shared, though little here";
}

}  // namespace

std::string_view label(PoolFigure figure) {
    switch (figure) {
        case PoolFigure::throughput:
            break;
        case PoolFigure::utilization:
            return "utilization";
        case PoolFigure::p_wait:
            return "P(wait)";
        case PoolFigure::wait_mean:
            return "wait mean";
        case PoolFigure::wait_p50:
            return "wait p50";
        case PoolFigure::wait_p95:
            return "wait p95";
        case PoolFigure::wait_p99:
            return "wait p99";
        case PoolFigure::timeouts:
            return "timeouts";
    }
    return "throughput";
}

std::string no_formula_text(const NoFormula& none) {
    if (std::holds_alternative<NoLimit>(none)) return "none for a pool without a limit";
    if (const auto* bad = std::get_if<queue::BadInput>(&none)) return queue::describe(*bad);
    if (const auto* refused = std::get_if<sizing::Refused>(&none)) return refused->why;
    return {};
}

std::string deviation_text(const Fleet& fleet, const Deviation& deviation) {
    std::vector<std::string> ignored;
    switch (deviation.kind) {
        case Deviation::Kind::none:
            break;
        case Deviation::Kind::not_settled:
            return "the run has not reached steady state, or is too short for waits like these";
        case Deviation::Kind::chance:
            return "probably chance: one in twenty 95 % intervals misses";
        case Deviation::Kind::ignored:
            for (const auto& each : deviation.ignored) ignored.push_back(ignored_text(fleet, each));
            return fmt::format("the formula ignores that {}", fmt::join(ignored, "; and that "));
    }
    return {};
}

std::string note_text(const Fleet& fleet, const SimulatedPool& simulated, PoolNote note) {
    const DriverDefault* driver = fleet.pools[simulated.pool].driver_default;
    switch (note) {
        case PoolNote::no_size:
            break;
        case PoolNote::default_timeout:
            return fmt::format("requests time out after waiting {}: the default of {}",
                               unit::print(*simulated.acquire_timeout), driver->name);
        case PoolNote::no_timeout:
            return fmt::format("acquire_timeout is not set, so requests never time out ({}: {})", driver->name,
                               driver->acquire_timeout);
    }
    return "no size is known: simulated without a limit, so there are no waits";
}

std::string note_text(const PoolerNote& note) {
    switch (note.kind) {
        case PoolerNote::Kind::none:
            break;
        case PoolerNote::Kind::session:
            return fmt::format(
                "session mode: {} pool connections share {} server connections, and each open one keeps its own. "
                "Simulated as if returned after each transaction: real waits are longer",
                note.clients, note.servers);
        case PoolerNote::Kind::one_queue:
            return "simulated as one queue for all its instances and (database, user) pairs; in reality each has its "
                   "own";
    }
    return {};
}

std::string_view note_text(RunNote note) {
    switch (note) {
        case RunNote::ranges:
            break;
        case RunNote::no_timeout:
            return "pools without a known acquire_timeout never time out";
    }
    return "ranges are simulated at their demanding end: most instances, highest rate, shortest think time, longest "
           "hold";
}

std::string not_simulated_text(const Fleet& fleet, const NotSimulated& none) {
    const auto service = [&]() -> const std::string& { return *fleet.services[none.record].name; };
    const auto database = [&]() -> const std::string& { return *fleet.databases[none.record].name; };
    switch (none.kind) {
        case NotSimulated::Kind::no_surge:
            return fmt::format("a deploy of {}: it adds no instances (deploy = recreate, or no surge)", service());
        case NotSimulated::Kind::short_run:
            return fmt::format("a failover of {} in {:g} s: it needs at least {:g} s", database(), none.seconds,
                               none.least_seconds);
        case NotSimulated::Kind::no_pool_of_service:
            return fmt::format("a deploy of {}: none of its pools is simulated", service());
        case NotSimulated::Kind::no_pool_of_database:
            return fmt::format("a failover of {}: no simulated pool connects to it or to its successor", database());
        case NotSimulated::Kind::too_large:
            return fmt::format("{}: {}", database(), none.says);
        case NotSimulated::Kind::refused:
            break;
    }
    return none.says;
}

}  // namespace poolfit::render
