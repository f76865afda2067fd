// PF024: a number that arrives as text.
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::postgresjs_max_as_text{
    "PF024",
    "postgresjs-max-as-text",
    Severity::error,
    "0.1.0",
    "postgres.js takes max from a URL or the environment as text, and opens a single connection.",
    "With ?max=3 in the URL, or PGMAX=3 in the environment, postgres.js gets the text \"3\" and makes a pool of "
    "one: measured with postgres.js 3.4.9, six queries of 0.3 s took 1.9 s instead of 0.8 s. There is no "
    "error, only queries that run one after the other. The size in the inventory is then not what "
    "runs, either.",
    "Pass max as a number in code: postgres(url, { max: 3 }), or Number(process.env.…).",
    check,
    true,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const Pool& pool = input.fleet.pools[i];
        const PoolSize& size = input.plan.pools[i].declared;
        if (!pool.max || model::max_arrives(pool) != DriverDefault::Arrives::as_text || !size) continue;
        if (size->value.value <= 1) continue;
        const bool url = **pool.set_in == "url";
        Finding finding =
            found(table::postgresjs_max_as_text, {model::database_of(input.fleet, pool)},
                  pool_target(input.fleet, pool), pool.set_in->place,
                  fmt::format("max = {} in the {} opens 1 connection per process, not {}", unit::print(size->value),
                              url ? "URL" : "environment", unit::print(size->value)));
        finding.label = fmt::format("{} reaches postgres.js as text", url ? "?max=" : "PGMAX");
        finding.fix = fmt::format("postgres(url, {{ max: {} }}) in code, and {}", size->value.value,
                                  assign(pool.set_in->place, "set_in", "\"code\""));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
