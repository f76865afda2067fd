// What pictures show beyond a report's own figures: numbers, found when a picture is asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <poolfit/report/report.hpp>
#include <poolfit/series/series.hpp>

namespace poolfit {

/// A class by what it costs and by the limit that is nearest on it.
struct CandidatePoint {
    std::size_t candidate = 0;  ///< into DatabasePlan::candidates
    MicroUsdPerMonth cost{};
    NearLimit nearest;
    enum class State : std::uint8_t {
        fits,
        against_policy,  ///< the policy alone rules it out
        not_judged,      ///< an input is missing
        rejected,
    } state = State::fits;
    bool today = false, chosen = false;
};

/// A pool at a size that it might have, under its load after the plan.
struct WaitPoint {
    Connections size{};
    Millis wait{};
    bool meets = false;  ///< the policy's goal
    bool today = false, chosen = false;
};
struct WaitCurve {
    std::vector<WaitPoint> points;          ///< ascending
    bool mean = false;                      ///< waits are means; else of the 99th percentile
    std::optional<Connections> overloaded;  ///< this many connections or fewer cannot carry the load
};

/// A series with so few points that a picture shows each; a line ends where points are missing.
using Thinned = std::vector<std::vector<std::pair<series::Instant, double>>>;

/// Credits of a class over a CPU series, at the high end of what the class may be as busy.
struct CreditLine {
    const InstanceClass* cls = nullptr;
    Thinned balances;  ///< of each part of the time the least
    double most = 0;   ///< that are kept
};

namespace report {

/// From this share of a limit on, a picture says that it is near.
inline constexpr double near_from = plan::tight;

/// Classes with a known cost and limit: today's, the recommended one, and of the others the `most` nearest to the
/// recommended one's cost; ascending by cost. Those at over three times the cost of both are left out where eight
/// others remain.
std::vector<CandidatePoint> candidate_points(const Report& report, Index database, std::size_t most);
/// Empty where the pool has no load, no formula solves it, or what waits in it waits for a thread.
WaitCurve wait_curve(const Report& report, Index pool);
/// InstancesView with each number of instances, to a little past the most that fit and three times today's; with steps
/// between them where those are many.
struct EachNumber {
    std::vector<InstancesView::Row> rows;
    std::vector<std::optional<Connections>> failover;  ///< of each row: after the worst failure of a related server
    std::size_t today = 0;                             ///< the row of today's most instances
};
std::optional<EachNumber> each_number(const Report& report, Index database);
/// On the recommended class; nothing where it has no credits, or the database no CPU series that decides.
std::optional<CreditLine> credit_line(const Report& report, Index database);
/// Of each part of the time the highest value.
Thinned thinned(const series::TimeSeries& series);

}  // namespace report
}  // namespace poolfit
