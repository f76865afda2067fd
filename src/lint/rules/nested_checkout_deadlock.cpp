// PF011: transactions that take a second connection while holding one can wait for each other forever.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/queue/deadlock.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
#include "../poolers.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::nested_checkout_deadlock{
    "PF011",
    "nested-checkout-deadlock",
    Severity::error,
    "0.1.0",
    "Transactions can hold all connections of a pool while each waits for one more, forever.",
    "A transaction that asks the same pool for another connection while it holds one (workload.nested) is safe only "
    "as long as at least one can finish. With T requests in flight, each holding up to C connections, T × (C − 1) + 1 "
    "are enough; with one less, all T can hold C − 1 and wait for one more. Only a timeout ends that: it is the one "
    "cause of a full pool that does not go away with the load, and it uses no CPU at all.\n\n"
    "Requests in flight are the users of a closed workload, or what the runtime admits at a time. With open "
    "arrivals nothing limits them, and no size is safe: if the database stalls for size / rate, each arrival takes one "
    "connection, the pool fills with half-done transactions, and they wait forever, even after the stall. "
    "Without any stall the same happens by chance; how long that takes on average is simulated (forward flux sampling, "
    "Allen, Warren and ten Wolde 2005, of the pool as `poolfit simulate` runs it; about 15 % standard error). A larger "
    "pool only delays it.\n\nBehind a pooler that shares connections, the transactions of all processes use the same "
    "server connections, so those need the same minimum, however large the clients' own pools are: T is then summed "
    "over all processes and clients that nest, and assumed to spread evenly over the pooler's processes and pairs. A "
    "process that gets more than its share can still lock up. A client of one database is in one pair.",
    "Use one connection per transaction: pass the held one (the transaction's handle) along, so that nothing is "
    "nested. If that is not possible, set max to the size in the finding, or admit no more requests at a time than "
    "the pool is safe for.",
    check,
};

namespace {

/// "25 minutes": two digits are more than a simulation knows.
std::string about(double seconds) {
    struct Unit {
        double seconds;
        std::string_view one, many;
    };
    constexpr Unit units[] = {{31'557'600, "year", "years"},
                              {86'400, "day", "days"},
                              {3600, "hour", "hours"},
                              {60, "minute", "minutes"},
                              {1, "second", "seconds"}};
    for (const Unit& unit : units) {
        const double number = std::round(seconds / unit.seconds);
        if (seconds < 1.5 * unit.seconds) continue;
        if (number >= 1000) return fmt::format("more than a thousand {}", unit.many);
        const double step = number >= 100 ? 10 : 1;
        return fmt::format("{:.0f} {}", std::round(number / step) * step, unit.many);
    }
    return "a second";
}

/// Open arrivals, and nothing that limits who is in flight.
Finding never_safe(const LintInput& input, Index index) {
    const Pool& pool = input.fleet.pools[index];
    const PoolLoad& load = *input.plan.pools[index].load;
    const std::int64_t size = input.plan.pools[index].declared->value.value;
    const std::int64_t pools = model::copies(input.fleet, pool);
    const PerSecond rate = (*pool.workload->rate)->high * (1 / static_cast<double>(*pool.databases));
    const auto& hangs = load.hangs_now;  // nothing where it is too large to simulate
    const std::string time = hangs
                                 ? fmt::format(", after {}{} on average", hangs->time.at_least ? "at least " : "about ",
                                               about(hangs->time.seconds))
                                 : std::string();
    Finding finding = found(table::nested_checkout_deadlock, {model::database_of(input.fleet, pool)},
                            pool_target(input.fleet, pool), size_place(pool),
                            fmt::format("nested checkouts lock up {} forever{}; no size is safe",
                                        count(size, "connection", "connections"), time));
    const Millis stall(static_cast<double>(size) / rate.value * 1000);
    finding.label = fmt::format("a stall of {} ÷ {} = {} fills it with half-done transactions, forever",
                                unit::print(Connections(size)), unit::print(rate),
                                unit::print(stall.value < 10 ? stall : Millis(std::round(stall.value))));
    if (pools > 1 && hangs)
        finding.notes.emplace_back(
            *pool.databases > 1 ? "pools" : "processes",
            fmt::format("{} of them: the first locks up after {}{}", unit::print(Connections(pools)),
                        hangs->time.at_least ? "at least " : "about ",
                        about(hangs->time.seconds / static_cast<double>(pools))));
    if (load.acquire_timeout)
        finding.notes.emplace_back("timeout",
                                   fmt::format("requests time out after waiting {}, which ends the lock-up with errors",
                                               unit::print(load.acquire_timeout->value)));
    finding.notes.emplace_back("larger", "a larger pool or shorter holds only delay it");
    finding.fix = "use one connection per transaction: pass the held one along";
    finding.pools = {index};
    return finding;
}

/// What a server without room for that size needs.
std::string where_it_fits(const LintInput& input, Index pool, Connections size) {
    const Index database = model::database_of(input.fleet, input.fleet.pools[pool]);
    if (!input.fleet.pools[pool].database) return {};  // its pooler decides what comes to the server
    plan::Change change;
    change.of.pool = pool;
    change.of.database = database;
    change.size = size.value;
    const auto demands = plan::demand_with(input.fleet, input.plan, {change});
    return plan::no_worse(input.plan, demands) ? std::string()
                                               : fmt::format(", and {} for it", more_connections(input, database));
}

/// Behind a pooler that shares, transactions of all processes take from the same connections.
std::optional<Finding> behind(const LintInput& input, Index index) {
    const auto& load = input.plan.poolers[index].load;
    if (!load || !load->shares || !load->nesting || !load->nesting->locks_up) return std::nullopt;
    if (load->size <= load->pinned) return std::nullopt;  // sessions keep all that it has: PF035
    const PoolerNesting& nesting = *load->nesting;
    const Pooler& pooler = input.fleet.poolers[index];
    const bool proxy = pooler.kind == Pooler::Kind::proxy;
    const auto& share = pooler.max_connections_percent;
    const Connections has = load->size - load->pinned;
    Finding finding = found(table::nested_checkout_deadlock, {pooler.database}, *pooler.name,
                            proxy ? (share ? share->place : pooler.kind_place) : model::size_place(pooler),
                            fmt::format("nested checkouts of its clients can lock up {} forever; {} {}",
                                        count(has.value, "server connection", "server connections"),
                                        unit::print(nesting.floor), "are safe"));
    const std::string each = load->pools > 1 ? fmt::format(", in each of {} pools", load->pools) : std::string();
    finding.label =
        nesting.nested > 0
            ? fmt::format("{} in flight in all processes × {} nested{}", unit::print(Connections(nesting.in_flight)),
                          nesting.nested, load->pools > 1 ? each : fmt::format(" + 1 = {}", unit::print(nesting.floor)))
            : fmt::format("{} in flight in all processes{}", unit::print(Connections(nesting.in_flight)), each);
    finding.notes.emplace_back("nest", pool_list(input.fleet, nesting.pools));
    if (!proxy && pooler.instances->low > 1)
        finding.notes.emplace_back("spread", fmt::format("assumed even over {} processes: one that gets more can "
                                                         "still lock up",
                                                         pooler.instances->low));
    finding.fix = "pass the held connection along";
    std::string size = as_planned(input, index);
    const std::int64_t least = asked_for(input.plan.poolers[index]).value_or(plan::least_carrying(*load));
    if (size.empty() && least <= max_pool) size = enlarge(input, index, least);
    if (!size.empty()) finding.fix += "; or " + size;
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.poolers.size(); ++i)
        if (auto finding = behind(input, i)) findings.push_back(std::move(*finding));
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const auto& load = input.plan.pools[i].load;
        const PoolSize& size = input.plan.pools[i].declared;
        if (!load || !load->deadlock_floor || !size) continue;
        if (load->never_safe) {
            findings.push_back(never_safe(input, i));
            continue;
        }
        if (size->value >= load->deadlock_floor->value) continue;
        const Pool& pool = input.fleet.pools[i];
        const std::int64_t nested = *pool.workload->nested;
        Finding finding = found(table::nested_checkout_deadlock, {model::database_of(input.fleet, pool)},
                                pool_target(input.fleet, pool), size_place(pool),
                                fmt::format("nested checkouts can lock up {} forever; {} {}",
                                            count(size->value.value, "connection", "connections"),
                                            unit::print(load->deadlock_floor->value), "are safe"));
        finding.label =
            fmt::format("{} in flight × {} nested + 1 = {}", unit::print(Connections(load->in_flight->value)), nested,
                        unit::print(load->deadlock_floor->value));
        const auto safe = queue::most_threads_without_deadlock(size->value, nested + 1);
        if (const auto* most = std::get_if<std::int64_t>(&safe))
            finding.notes.emplace_back("safe", *most == 0 ? "with this size, not even one request is"
                                                          : fmt::format("with this size, up to {} in flight", *most));
        finding.fix = "pass the held connection along";
        const auto& taken = input.plan.pools[i].taken;
        const PoolSize advised = input.plan.pools[taken && taken->into ? *taken->into : i].recommended();
        if (advised && advised->value >= load->deadlock_floor->value)
            finding.fix += fmt::format("; or {}{}", fix_of_size(input, i), where_it_fits(input, i, advised->value));
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
