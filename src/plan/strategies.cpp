// The strategies, as rows of a table; one file makes each.
#include <array>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

struct Row {
    std::string_view name, title;
    void (*make)(const Scene&, Strategy&);
};

constexpr std::array<Row, 4> table{{
    {"conservative", "Right-size each pool to what it uses", make_conservative},
    {"aggressive", "Merge pools, size by vCPUs, and measure", make_aggressive},
    {"monitor", "Measure first, change nothing yet", make_monitor},
    {"pooler", "PgBouncer or RDS Proxy in between", make_pooler},
}};

}  // namespace

std::vector<Strategy> strategies(const Fleet& fleet, const Catalog& catalog, Plan& plan) {
    std::vector<Strategy> all;
    if (fleet.pools.empty()) return all;
    const Scene scene{fleet, catalog, plan};
    for (const Row& row : table) {
        Strategy& strategy = all.emplace_back();
        strategy.name = row.name;
        strategy.title = row.title;
        row.make(scene, strategy);
    }
    choose(scene, all);
    return all;
}

std::string_view name(Effort effort) {
    switch (effort) {
        case Effort::minutes:
            return "minutes";
        case Effort::hours:
            return "hours";
        case Effort::days:
            return "days";
        case Effort::weeks:
            return "weeks";
    }
    return {};
}

}  // namespace poolfit::plan
