// PF011: transactions that ask for a second connection while they hold one can wait for each other for ever.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/queue/deadlock.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
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
    "A pool is small enough for its transactions to hold all connections and wait for one more, for ever.",
    "A transaction that asks the same pool for another connection while it holds one (workload.nested) is safe only "
    "as long as somebody can finish. With T requests in flight, each holding up to C connections, T × (C − 1) + 1 are "
    "enough; with one less, all T can hold C − 1 and want one more. Nothing ends that but a timeout: it is the one "
    "cause of a full pool that does not go away when the load does, and it needs no CPU at all.\n\n"
    "Requests in flight are the users of a closed workload; of an open one, the number that is exceeded one time in a "
    "million.",
    "Pass on the connection that is held (the transaction's handle), so that nothing is nested. Where that cannot be "
    "done, set max to what the finding says, or admit fewer requests at a time.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const auto& load = input.plan.pools[i].load;
        const PoolSize& size = input.plan.pools[i].declared;
        if (!load || !load->deadlock_floor || !size || size->value >= load->deadlock_floor->value) continue;
        const Pool& pool = input.fleet.pools[i];
        const std::int64_t nested = *pool.workload->nested;
        Finding finding =
            found(table::nested_checkout_deadlock, {model::database_of(input.fleet, pool)},
                  pool_target(input.fleet, pool), size_place(pool),
                  fmt::format("nested checkouts can lock up {} for good, {} {}",
                              count(size->value.value, "connection", "connections"),
                              unit::print(load->deadlock_floor->value), pool.workload->users ? "can not" : "hardly"));
        finding.label =
            fmt::format("{} in flight × {} nested + 1 = {}", unit::print(Connections(load->in_flight->value)), nested,
                        unit::print(load->deadlock_floor->value));
        const auto safe = queue::most_threads_without_deadlock(size->value, nested + 1);
        if (const auto* most = std::get_if<std::int64_t>(&safe))
            finding.notes.emplace_back("safe", *most == 0 ? "with this size, not even one request is"
                                                          : fmt::format("with this size, up to {} in flight", *most));
        finding.fix = "pass on the connection that is held";
        const PoolSize& advised = input.plan.pools[i].advice.size;
        if (advised && advised->value >= load->deadlock_floor->value)
            finding.fix += fmt::format("; or {}", fix_of_size(input, i));
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
