// PF035: a pooler's server connections are a pool too.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
#include "../poolers.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pooler_too_small{
    "PF035",
    "pooler-too-small",
    Severity::error,
    "0.1.0",
    "Under the combined load or use of all its clients, transactions wait too long for a pooler's server "
    "connections.",
    "The server side of a pooler is a queue like any pool, under the combined load of all clients. If the load exceeds "
    "its capacity, waits grow without bound, however large the clients' own pools are: an error. If it handles the "
    "load, but more transactions wait than the policy allows, that is a warning.\n\nPgBouncer has one such pool for "
    "each pair of database and user and for each of its processes; the load is assumed to spread evenly over them, "
    "with "
    "the minimum number of processes. reserve_pool_size does not count: it opens only after reserve_pool_timeout (5 "
    "s). "
    "Users of a closed workload arrive as fast as they could without waiting. A pair needs at least one connection, so "
    "a max_db_connections below the number of pairs leaves some without.\n\nClients that set in_use instead of a "
    "workload are checked by the sum of their use. Fewer connections than they typically use together, with the "
    "minimum number of instances, keep some of them waiting all the time: an error. If a client's driver keeps a "
    "connection for a whole request, between transactions too, they may wait: a warning. Fewer than the sum of their "
    "peaks, with the maximum number of instances, is a warning: each process has its own peak, so they queue only if "
    "the peaks coincide. Sessions that RDS Proxy pins, because of features that clients declare, count with all "
    "connections that their pools can open. The size needed is max(⌈observed_buffer × typical⌉, peak + 1).",
    "Set the pool size (default_pool_size, an alias's pool_size, RDS Proxy's max_connections_percent) to the size in "
    "the finding, if the server has room; or hold connections for a shorter time.",
    check,
};

namespace {

std::string asked(const PoolerLoad& load) {
    const auto mean = sizing::mean_hold(load.load.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    return fmt::format(
        "{} × {} = {} erlangs on {}{}{}", unit::print(load.load.rate), unit::print(hold == nullptr ? Millis(0) : *hold),
        unit::print_number(load.offered.value), count(load.size.value, "connection", "connections"),
        load.pinned.value > 0 ? fmt::format(", {} of them pinned", unit::print(load.pinned)) : std::string(),
        load.pools > 1 ? fmt::format(", in each of {} pools", load.pools) : std::string());
}

/// By what its clients were seen to use.
std::optional<Finding> by_use(const LintInput& input, Index i) {
    const Pooler& pooler = input.fleet.poolers[i];
    const PoolerPlan& plan = input.plan.poolers[i];
    if (!plan.used || plan.session || !plan.used->queues_at_peak()) return std::nullopt;
    const PoolerUse& use = *plan.used;
    const bool proxy = pooler.kind == Pooler::Kind::proxy;
    const auto& share = pooler.max_connections_percent;
    const Place where = proxy ? (share ? share->place : pooler.kind_place) : model::size_place(pooler);
    const std::string has = fmt::format("it has {}", unit::print(use.size));
    const std::string least = use.measured() ? "" : "at least ";
    std::string message =
        use.for_requests && use.size < use.typical
            ? fmt::format(
                  "its clients typically check out {}{} together, {}: they queue where more are in a transaction",
                  least, count(use.typical.value, "connection", "connections"), has)
        : use.queues_always()
            ? fmt::format("its clients typically use {}{} together, but {}: some wait all the time", least,
                          count(use.typical.value, "server connection", "server connections"), has)
            : fmt::format("its clients may use {}{} together, but {}: they queue if their peaks coincide", least,
                          count(use.peak.value, "server connection", "server connections"), has);
    Finding finding = found(table::pooler_too_small, {pooler.database}, *pooler.name, where, std::move(message));
    if (!use.queues_always()) finding.severity = Severity::warning;
    finding.label = fmt::format(
        "{} in use, typical to the sum of all peaks{}{}", unit::print(Interval<Connections>{use.typical, use.peak}),
        use.pinned.value > 0 ? fmt::format(", {} of them pinned", unit::print(use.pinned)) : std::string(),
        use.pools > 1 ? fmt::format(", in each of {} pools", use.pools) : std::string());
    if (!use.measured()) finding.notes.emplace_back("not counted", pool_list(input.fleet, use.silent));
    finding.fix = as_planned(input, i);
    if (finding.fix.empty())
        finding.fix = fmt::format("its server has no room for {}: {}, or keep the size if no clients wait at peak ({})",
                                  unit::print(use.enough.value), more_connections(input, pooler.database),
                                  proxy ? "DatabaseConnectionsBorrowLatency" : "cl_waiting of SHOW POOLS");
    else if (use.for_requests)
        finding.fix += fmt::format("; fewer are enough if requests are rarely in a transaction ({})",
                                   proxy ? "DatabaseConnectionsCurrentlyBorrowed" : "sv_active of SHOW POOLS");
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const Policy& policy = input.fleet.policy;
    for (Index i = 0; i < input.fleet.poolers.size(); ++i) {
        const Pooler& pooler = input.fleet.poolers[i];
        const auto& load = input.plan.poolers[i].load;
        // One finding, by what is most certain: a load without end, then use, then waits.
        const bool no_end = load && plan::is_overloaded(*load);
        if (auto finding = no_end ? std::nullopt : by_use(input, i)) {
            findings.push_back(std::move(*finding));
            continue;
        }
        if (!load || !load->shares) continue;
        if (!no_end && load->nesting && load->nesting->locks_up) continue;  // PF011, with the same size
        const bool none = load->size.value <= 0, all_pinned = !none && load->size <= load->pinned;
        const bool overloaded = none || all_pinned || (load->now && load->now->overloaded);
        if (!overloaded && !plan::is_short(*load)) continue;
        // Where the database's CPU is full no size helps: PF029.
        const auto& demand = input.plan.databases[pooler.database].load;
        if (demand && demand->cpu_demand.value >= Fraction(1)) continue;
        const bool proxy = pooler.kind == Pooler::Kind::proxy;
        const auto& share = pooler.max_connections_percent;
        const auto& stop = pooler.max_db_connections;
        const Place where = proxy          ? (share ? share->place : pooler.kind_place)
                            : none && stop ? stop->place
                                           : model::size_place(pooler);
        std::string message;
        if (none && proxy)
            message = "its share of max_connections is less than one connection: its clients wait forever";
        else if (none && stop)
            message = fmt::format("{} of database and user share {}: some get none",
                                  count(model::pairs_of_database(pooler), "pair", "pairs"),
                                  count(**stop, "connection", "connections"));
        else if (all_pinned)
            message = fmt::format("pinned sessions keep {}, and it has {}: its other clients wait forever",
                                  count(load->pinned.value, "server connection", "server connections"),
                                  unit::print(load->size));
        else if (overloaded)
            message = fmt::format(
                "its clients' load is {} of the capacity of {}: waits grow without bound",
                unit::print(load->now->utilization),
                count((load->size - load->pinned).value,
                      load->pinned.value > 0 ? "server connection left by pinned sessions" : "server connection",
                      load->pinned.value > 0 ? "server connections left by pinned sessions" : "server connections"));
        else
            message = fmt::format(
                "{} of its clients' transactions wait longer than {} for a server connection, the "
                "policy allows {}",
                unit::print_probability(load->now->p_over.value_or(load->now->p_wait)), unit::print(*policy.wait),
                unit::print_probability(policy.wait_probability->value));
        Finding finding = found(table::pooler_too_small, {pooler.database}, *pooler.name, where, std::move(message));
        if (!plan::is_overloaded(*load)) finding.severity = Severity::warning;
        finding.label = asked(*load);
        if (load->now && !overloaded) finding.notes.emplace_back("wait", wait_text(*load->now));
        if (!load->silent.empty()) finding.notes.emplace_back("not counted", pool_list(input.fleet, load->silent));
        finding.fix = as_planned(input, i);
        if (finding.fix.empty()) {
            const auto least = asked_for(input.plan.poolers[i]);
            finding.fix = least ? enlarge(input, i, *least) : "a larger pool, or less load: it could not be sized";
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
