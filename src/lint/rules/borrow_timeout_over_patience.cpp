// PF041: RDS Proxy waits longer for a server connection than its clients wait for theirs.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/sizing/pool.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::borrow_timeout_over_patience{
    "PF041",
    "borrow-timeout-over-patience",
    Severity::info,
    "0.1.0",
    "RDS Proxy lets a query wait longer for a server connection than its clients wait for a connection of their pool.",
    "A query that waits in the proxy holds a connection of its own pool. If that pool's checkouts time out first, the "
    "errors name the pool, which is not what is short, and the queue in the proxy goes on growing. With a borrow "
    "timeout "
    "below the clients' the error names the proxy. 120 s is its default; 0 waits without end.",
    "Set ConnectionBorrowTimeout of the proxy below the shortest acquire_timeout of its clients, and borrow_timeout in "
    "the inventory.",
    check,
};

namespace {

struct Patience {
    Millis time;
    Index pool;
};

std::optional<Millis> patience(const Pool& pool) {
    if (pool.workload && pool.workload->acquire_timeout) return pool.workload->acquire_timeout->value;
    return pool.driver_default != nullptr ? pool.driver_default->gives_up_after : std::nullopt;
}

/// The share of transactions that would wait longer than that in the proxy; nothing where it is not known.
std::optional<double> waits_over(const PoolerPlan& plan, Millis time) {
    if (!plan.load || plan.load->size <= plan.load->pinned) return std::nullopt;
    sizing::Load load = plan.load->load;
    load.acquire_timeout = time;
    const auto answer = sizing::evaluate(load, plan.load->size - plan.load->pinned, plan.load->question);
    const auto* figures = std::get_if<sizing::Figures>(&answer);
    return figures == nullptr ? std::nullopt : figures->p_timeout;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.poolers.size(); ++i) {
        const Pooler& pooler = input.fleet.poolers[i];
        if (pooler.kind != Pooler::Kind::proxy) continue;
        std::optional<Patience> least;
        for (const Index p : input.plan.topology.clients[i])
            if (const auto time = patience(input.fleet.pools[p]); time && (!least || *time < least->time))
                least = Patience{*time, p};
        const Millis borrow = *pooler.borrow_timeout;
        if (!least || (borrow.value > 0 && borrow < least->time)) continue;
        const Pool& pool = input.fleet.pools[least->pool];
        Finding finding =
            found(table::borrow_timeout_over_patience, {pooler.database}, *pooler.name,
                  pooler.borrow_timeout.place ? pooler.borrow_timeout.place : pooler.kind_place,
                  fmt::format("a query waits {} for a server connection, and checkouts of {} time out after {}",
                              borrow.value > 0 ? "up to " + unit::print(borrow) : std::string("without end"),
                              pool_target(input.fleet, pool), unit::print(least->time)));
        if (!pooler.borrow_timeout.place) finding.label = "the default of RDS Proxy";
        if (!(pool.workload && pool.workload->acquire_timeout))
            finding.notes.emplace_back("timeout", fmt::format("default of {}", pool.driver_default->name));
        if (const auto share = waits_over(input.plan.poolers[i], least->time))
            finding.notes.emplace_back("load", fmt::format("{} of its transactions would wait longer than {}",
                                                           unit::print_probability(*share), unit::print(least->time)));
        // Whole seconds, as the proxy takes it, under the clients'.
        const auto seconds = static_cast<std::int64_t>(least->time.value / 1000 * 0.9);
        finding.fix = seconds >= 1 ? assign(pooler.borrow_timeout.place ? pooler.borrow_timeout.place : pooler.place,
                                            "borrow_timeout", fmt::format("\"{} s\"", seconds))
                                   : std::string("give its clients a longer acquire_timeout");
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
