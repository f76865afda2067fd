// The plan in phases: what to do first, what to watch, when it worked, how to go back; and how long it lasts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/strategy.hpp>

namespace poolfit {

struct Phase {
    std::string title;  ///< "primary: db.m5.xlarge → db.t3.large"
    std::vector<Index> databases;
    std::vector<std::string> steps;
    std::string effort;
    Risk risk = Risk::low;
    std::optional<Figure<MicroUsdPerMonth>> saves_per_year;
    std::string downtime;              ///< the truth about it: "single-AZ: the instance restarts, minutes"
    std::vector<std::string> watch;    ///< metric, limit
    std::vector<std::string> success;  ///< criteria, with numbers
    std::string rollback;
};

/// When a limit binds, under the inventory's growth.
struct Runway {
    Index database = 0;
    Dimension dimension{};
    std::optional<int> months;  ///< from now; nothing: not within 10 years
    std::string text;
};

namespace plan {

/// In order of gain over risk; prerequisites first (a primary that grows after its replicas).
std::vector<Phase> phases(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies);
/// Nothing without [growth]. First the limit that binds first.
std::vector<Runway> runway(const Fleet& fleet, const Catalog& catalog, Plan& plan);

}  // namespace plan
}  // namespace poolfit
