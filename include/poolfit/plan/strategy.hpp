// The four ways to go from here, side by side, and when another one takes over.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit {

/// One pool under a strategy. A service's pools on one database may be merged into one.
struct StrategyPool {
    Index pool = 0;             ///< into Fleet::pools; of a merged one, the first
    std::vector<Index> merged;  ///< the others that went into it
    PoolSize size;              ///< per process
    std::string reason;         ///< formula or rule with its numbers
};

struct StrategyDatabase {
    Index database = 0;
    std::optional<Figure<Connections>> before, after;  ///< allocated
    std::optional<Figure<Connections>> deploy_after;
};

enum class Effort : std::uint8_t { minutes, hours, days, weeks };

/// A measured quantity at which this strategy takes over from the recommended one, and today's distance to it.
struct Threshold {
    std::string_view name;  ///< connections, new_services, services, max_connections_share, cpu_peak
    std::string quantity;   ///< "connections in all", "services", "peak CPU of replica"
    std::optional<double> now;  ///< nothing where it is not measured
    double at = 0;
    Measure measure = Measure::count;
    bool reached = false;
    std::string text;   ///< "200 connections in all: 51 today (31 right-sized), 149 to go"
    std::string brief;  ///< "200 connections in all (149 to go)"
    FigureId figure = 0;
};

struct Strategy {
    std::string_view name;   ///< conservative, aggressive, monitor, pooler
    std::string_view title;  ///< "Right-size each pool to what it uses"
    bool applicable = true;  ///< can be done in this inventory at all
    std::vector<StrategyPool> pools;
    std::vector<StrategyDatabase> databases;
    std::optional<Figure<Connections>> before, after;  ///< sum over servers: what the services open in all
    std::optional<Figure<Fraction>> change;            ///< (after − before) / before
    std::optional<Figure<MicroUsdPerMonth>>
        saves_per_year;  ///< of the pools alone; negative: it costs (a pooler's host)
    Effort effort = Effort::hours;
    std::string effort_text;
    Risk risk = Risk::low;
    std::string risk_text;                ///< why that much
    std::vector<std::string> pros, cons;  ///< from this inventory's numbers
    std::vector<std::string> changes;     ///< what to do, one a line
    std::vector<std::string> decides;     ///< findings that would change the decision, one a line
    std::vector<Threshold> thresholds;    ///< at which it takes over from the recommended one
    bool recommended = false;
    std::string why;  ///< why it is recommended now, or why not
};

/// A pool's size at several vCPU counts of its host, by its formula.
struct VcpuRow {
    Index pool = 0;
    std::vector<PoolSize> sizes;  ///< as vcpu_counts
    bool scales = false;
    std::string formula;  ///< "" where it has none
};
inline constexpr int vcpu_counts[] = {2, 4, 8, 16};

namespace plan {

std::vector<Strategy> strategies(const Fleet& fleet, const Catalog& catalog, Plan& plan);
std::vector<VcpuRow> vcpu_table(const Fleet& fleet, Plan& plan);

std::string_view name(Effort effort);

}  // namespace plan
}  // namespace poolfit
