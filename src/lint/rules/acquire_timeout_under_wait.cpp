// PF027: checkouts time out before the pool can serve them.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::acquire_timeout_under_wait{
    "PF027",
    "acquire-timeout-under-wait",
    Severity::warning,
    "0.1.0",
    "A pool's acquire timeout is shorter than the p99 wait under its workload.",
    "A request that does not get a connection in time fails and is usually retried: the pool then determines the "
    "error rate, not the database. The timeout is compared with the wait, at today's size, without any timeout.",
    "Make the pool large enough for its load, or the hold shorter; a longer timeout turns errors into slowness. If "
    "you want to fail fast, say so: # poolfit: ignore[PF027] reason=\"…\".",
    check,
};

namespace {

/// The share that gives up, by the formula that knows the timeout.
std::optional<double> late(const PoolLoad& load) {
    sizing::Load patient = load.now->load;
    patient.acquire_timeout = load.acquire_timeout->value;
    const auto answer = sizing::evaluate(patient, load.now->figures.size, load.question);
    const auto* figures = std::get_if<sizing::Figures>(&answer);
    return figures == nullptr ? std::nullopt : figures->p_timeout;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const auto& load = input.plan.pools[i].load;
        if (!load || !load->now || !load->acquire_timeout) continue;
        const sizing::Figures& now = load->now->figures;
        const Millis timeout = load->acquire_timeout->value;
        if (now.overloaded) continue;  // PF010 reports it: in the end all of them time out
        if (!now.wait_p99 || *now.wait_p99 <= timeout) continue;
        const Pool& pool = input.fleet.pools[i];
        std::string message = fmt::format("checkouts time out after {}, but their p99 wait is {}", unit::print(timeout),
                                          unit::print(*now.wait_p99));
        const auto& given = pool.workload->acquire_timeout;
        Finding finding =
            found(table::acquire_timeout_under_wait, {model::database_of(input.fleet, pool)},
                  pool_target(input.fleet, pool), given ? given->place : size_place(pool), std::move(message));
        if (const auto share = late(*load))
            finding.label = fmt::format("{} of them time out", unit::print_probability(*share));
        if (!given) finding.notes.emplace_back("timeout", fmt::format("default of {}", pool.driver_default->name));
        finding.notes.emplace_back("load", load_text(*load));
        const PoolSize then = input.plan.pools[i].recommended();
        const auto& taken = input.plan.pools[i].taken;
        const bool merged = taken && (taken->into || !taken->merged.empty());
        const bool grows = merged || (then && then->value > now.size);
        finding.fix = grows ? fix_of_size(input, i) : "hold each connection for a shorter time";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
