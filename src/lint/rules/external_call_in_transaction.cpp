// PF028: a connection is held while the application waits for something that is not the database.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

// A hold that is outside the database for less than this is not a problem for a pool.
constexpr double least_share = 0.10;

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::external_call_in_transaction{
    "PF028",
    "external-call-in-transaction",
    Severity::warning,
    "0.1.0",
    "Transactions stay open across a call to another system, and keep their connections idle.",
    "An HTTP call, a queue, a file, a person: while a transaction waits for it (workload.external), its connection is "
    "\"idle in transaction\", and the pool fills up while the database has nothing to do. The pool then fails as soon "
    "as the other system is slow. Row locks and old snapshots are held just as long. A larger pool does cure the "
    "queue, but uses up the database's connections.",
    "Make the call before the transaction begins or after it ends (an outbox table, a job), and set max to the size "
    "in the finding.",
    check,
};

namespace {

/// The pool that would be enough if the call were made outside, within the database's knee.
std::optional<Connections> without_call(const PoolLoad& load, Millis hold, Millis external) {
    sizing::Load rest = load.load;
    rest.hold = sizing::MeanHold{hold - external, 1.0, {}};
    rest.cpu = std::min(rest.cpu, hold - external);
    rest.think += external;  // a user still waits for the call
    const auto answer = sizing::smallest(rest, load.question);
    const auto* figures = std::get_if<sizing::Figures>(&answer);
    if (figures == nullptr) return std::nullopt;
    if (rest.cpu.value <= 0.0) return figures->size;
    const double knee = std::ceil(rest.vcpus * (hold - external).value / rest.cpu.value - 1e-9);
    return std::min(figures->size, Connections(std::max<std::int64_t>(1, static_cast<std::int64_t>(knee))));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const auto& load = input.plan.pools[i].load;
        if (!load || !input.fleet.pools[i].workload->external) continue;
        const Pool& pool = input.fleet.pools[i];
        const Millis hold = mean_hold(*load), external = std::min((*pool.workload->external)->high, hold);
        const double share = external.value / hold.value;
        if (!(share >= least_share)) continue;
        Finding finding =
            found(table::external_call_in_transaction, {model::database_of(input.fleet, pool)},
                  pool_target(input.fleet, pool), pool.workload->external->place,
                  fmt::format("{} of each hold is spent outside the database", unit::print(Fraction(share))));
        finding.label = fmt::format("{} of {}, with the transaction open", unit::print(external), unit::print(hold));
        finding.notes.emplace_back("idle", fmt::format("{} connections per process idle in transaction, on average",
                                                       unit::print_number(load->offered.value.value * share)));
        finding.fix = "make the call before the transaction or after it";
        const auto left = hold > external ? without_call(*load, hold, external) : std::nullopt;
        if (left && input.plan.pools[i].declared)
            finding.fix +=
                fmt::format("  →  {} instead of {}", count(left->value, "connection", "connections"),
                            unit::print(load->for_wait ? load->for_wait->value : input.plan.pools[i].declared->value));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
