// What the strategies are made with: names, sums over servers, and the records that they share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/plan/strategy.hpp>

namespace poolfit::plan {

struct Scene {
    const Fleet& fleet;
    const Catalog& catalog;
    Plan& plan;
};

/// What the pool has to carry is known: its use was measured, or its workload sizes it.
bool is_known(const Plan& plan, const Fleet& fleet, Index pool);
std::size_t count_unknown(const Plan& plan, const Fleet& fleet);
/// "api/primary".
std::string label(const Fleet& fleet, const Pool& pool);
/// "postgres.js", or "its driver" where none is named.
std::string driver_of(const Pool& pool);
/// "a, b and c"; past six the number of the others.
std::string listed(const std::vector<std::string>& texts);
/// "1 pool", "3 pools".
std::string counted(std::size_t n, std::string_view noun);
/// "31 → 21 on primary, 20 → 10 on replica".
std::string per_server(const Fleet& fleet, const Strategy& strategy);
/// "strategy.conservative.connections".
std::string figure_name(const Strategy& strategy, std::string_view figure);
/// "−39 %", "+4.1 %", "no change".
std::string change_text(const Strategy& strategy);

/// Sizes of a plan's recommendation, one a pool.
std::vector<PoolSize> recommended_sizes(const Plan& plan);

/// Fills before, after, deploy_after, per server and in all, and the change, from the demand that the strategy
/// leads to.
void measure(const Scene& scene, Strategy& strategy, const std::vector<DatabaseDemand>& after);

/// Pools under the strategy, as changed from today; "api/primary: max 10 → 5", one a line of `changes`.
void list_pools(const Scene& scene, Strategy& strategy, const std::vector<PoolSize>& sizes,
                const std::vector<std::string>& reasons);

/// A sum that costs and saves nothing: connections have no price of their own.
void saves_nothing(const Scene& scene, Strategy& strategy);

/// The limits of a database on the class to be on.
const Limits& limits_after(const Plan& plan, Index database);
/// Does every server carry what the strategy opens on it, in a deploy too, by the policy?
bool fits(const Scene& scene, const Strategy& strategy);

/// Services with a pool that gets another size.
std::size_t changed_services(const Fleet& fleet, const Strategy& strategy, const Plan& plan);

// The rows of the table.
void make_conservative(const Scene& scene, Strategy& strategy);
void make_aggressive(const Scene& scene, Strategy& strategy);
void make_monitor(const Scene& scene, Strategy& strategy);
void make_pooler(const Scene& scene, Strategy& strategy);

/// Thresholds of every strategy, which one is recommended, and why each is or is not.
void choose(const Scene& scene, std::vector<Strategy>& strategies);

}  // namespace poolfit::plan
