// PF019: no one chose this size.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/budget.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::untuned_default{
    "PF019",
    "untuned-default",
    Severity::info,
    "0.1.0",
    "A pool has its driver's default size, and its use is unknown.",
    "A default is one number for everyone: 10 in most JavaScript and Java libraries, 100 "
    "in Npgsql, 64 in Odoo, a multiple of the CPUs in others. Nothing known here shows it to be too "
    "small or too large, and a library update may change it (Prisma 7 went from the CPUs to "
    "10).",
    "Set max, even to the same number, so that it is a decision; or set in_use and let poolfit size it.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (!holds(input, i, PoolTrouble::untuned)) continue;
        const Pool& pool = input.fleet.pools[i];
        const Connections size = input.plan.pools[i].declared->value;
        Finding finding = found(
            table::untuned_default, {model::database_of(input.fleet, pool)}, pool_target(input.fleet, pool),
            size_place(pool),
            fmt::format("max is not set: {} opens up to {} per process", pool.driver_default->name, unit::print(size)));
        finding.label = std::string(pool.driver_default->text);
        if (const auto fewer = assess::size_with_fewer_cores(input.fleet, i); fewer && *fewer != size)
            finding.notes.emplace_back("cores", fmt::format("{} if a core runs two threads, {} if it runs one: set "
                                                            "threads_per_core on the host",
                                                            unit::print(*fewer), unit::print(size)));
        finding.fix = assign(size_place(pool), "max", std::to_string(size.value));
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
