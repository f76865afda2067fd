// The plan in phases: what to do first, what to watch, when it worked, how to go back; and how long it lasts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/strategy.hpp>

namespace poolfit {

struct Phase {
    enum class Kind : std::uint8_t { instance, pools, pooler, measure } kind = Kind::instance;
    std::string title;  ///< "primary: db.m5.xlarge → db.t3.large"
    std::vector<Index> databases;
    std::vector<std::string> steps;
    std::string effort;
    Risk risk = Risk::low;
    std::string risk_text;  ///< why that much; may be empty
    std::string gain;       ///< "saves $2,196.00 a year", "20 connections fewer"
    std::optional<Figure<MicroUsdPerMonth>> saves_per_year;
    std::string downtime;              ///< the truth about it: "single-AZ: the instance restarts, minutes"
    std::vector<std::string> watch;    ///< metric, limit
    std::vector<std::string> success;  ///< criteria, with numbers
    std::string rollback;
};

/// When a limit binds, under the inventory's growth.
struct Runway {
    Index database = 0;
    bool after = false;                  ///< false: today's class and pools; true: the recommended ones
    const InstanceClass* cls = nullptr;  ///< the class that the limit is of
    Dimension dimension{};
    std::optional<int> months;  ///< from now, whole; 0: over it already; nothing: not within 10 years
    double now = 0, limit = 0;  ///< the pessimistic end that grows, and what it grows towards
    Measure measure = Measure::count;
    FigureId figure = 0;
    std::string text;
};

namespace plan {

std::string_view name(Phase::Kind kind);

/// In order of gain over risk; prerequisites first (a primary that grows after its replicas).
std::vector<Phase> phases(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies);
/// Nothing without [growth]. First the limit that binds first.
std::vector<Runway> runway(const Fleet& fleet, const Catalog& catalog, Plan& plan);

}  // namespace plan
}  // namespace poolfit
