// PF018: two pools where one would do.
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::duplicate_pools{
    "PF018",
    "duplicate-pools",
    Severity::warning,
    "0.1.0",
    "A service has several pools on one database.",
    "Each pool keeps spare connections for its own peak, and the peaks rarely coincide. Two pools of ten hold "
    "twenty connections for a load that one pool of thirteen would handle. The usual case is a job queue or a "
    "second ORM that brings a pool of its own.",
    "Share one pool: most libraries take an existing one (pg-boss: db: { executeSql }; Prisma and Drizzle: a "
    "pg.Pool). Set merged_max to the size of the shared pool, and poolfit plans with it.",
    check,
};

namespace {

/// The service's pools that end at a database directly, database by database, as they come. A pool for each of many
/// databases is none for one.
std::vector<std::vector<Index>> by_database(const Fleet& fleet, const Service& service) {
    std::vector<std::vector<Index>> groups;
    std::map<std::pair<Index, std::int64_t>, std::size_t> at;
    for (const Index i : service.pools) {
        const auto& database = fleet.pools[i].database;
        if (!database) continue;
        const auto [group, fresh] = at.try_emplace({*database, *fleet.pools[i].databases}, groups.size());
        if (fresh) groups.emplace_back();
        groups[group->second].push_back(i);
    }
    return groups;
}

std::string merged(const LintInput& input, const Service& service, Index database) {
    if (!service.merged_max) return "one pool for both";
    const auto size = model::evaluate(*service.merged_max, model::size_variables(input.fleet, service, database));
    const auto* value = std::get_if<Connections>(&size);
    if (!value) return "one pool for both";
    const std::string text = service.merged_max->formula.text(), number = unit::print(*value);
    return text == number ? fmt::format("one pool of {}", number) : fmt::format("one pool of {} = {}", text, number);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (const Service& service : input.fleet.services) {
        for (const std::vector<Index>& pools : by_database(input.fleet, service)) {
            if (pools.size() < 2) continue;
            const Index database = *input.fleet.pools[pools.front()].database;
            std::string sum;
            std::vector<std::string> names;
            Connections total;
            for (const Index i : pools) {
                const Pool& pool = input.fleet.pools[i];
                names.push_back(*pool.name);
                const PoolSize& size = input.plan.pools[i].declared;
                if (size) total += size->value;
                sum +=
                    fmt::format("{}{} {}", sum.empty() ? "" : " + ", *pool.name, size ? unit::print(size->value) : "∞");
            }
            const Pool& second = input.fleet.pools[pools[1]];
            Finding finding = found(
                table::duplicate_pools, {database}, *service.name, second.target_place,
                fmt::format("{} pools on {}: {}", pools.size(), *input.fleet.databases[database].name, list(names)));
            finding.label = fmt::format("{} = {} per process", sum, unit::print(total));
            const auto& taken = input.plan.pools[pools.front()].taken;
            finding.fix =
                taken && !taken->merged.empty() ? fix_of_size(input, pools.front()) : merged(input, service, database);
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
