// The simulator on the rows of the known answers: for each figure its interval and the exact value.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <poolfit/simulate/estimate.hpp>

#include "table.hpp"

namespace accuracy {

/// How much of a table is run, and how long.
struct Extent {
    double most_utilization = 0.95;  ///< open pools nearer to saturation take minutes
    double most_connections = 400;
    double longest = 0;  ///< transactions that a row may take only to reach its steady state: 0, no more than the usual
    int threads = 2;
};
/// What docs/accuracy.md runs.
inline constexpr Extent whole_extent{0.99, 2000, 1e9, 2};

struct SimulatedFigure {
    const char* name = "";
    poolfit::simulate::Estimate seen;
    double exact = 0;
    double slack = 0;  ///< what the table itself may be off by
    /// The run can tell it from nothing: an event that is expected ten times or more, a quantile that is not 0.
    bool visible = true;

    bool covered() const { return seen.low() - slack <= exact && exact <= seen.high() + slack; }
};

struct SimulatedRow {
    std::string name;
    std::vector<SimulatedFigure> figures;
};

struct SimulatedTable {
    const char* file;
    const char* what;

    /// Row `index` of the table, with a seed of its own and 99 % intervals; nothing when it is beyond the extent.
    std::optional<SimulatedRow> (*run)(const known::Row& row, std::size_t index, const Extent& extent);
};

std::span<const SimulatedTable> simulated_tables();

/// How often intervals cover: of a table, or of one of its figures.
struct Coverage {
    std::string name;
    int visible = 0, covered = 0;
    int unseen = 0, unseen_covered = 0;  ///< of those the run cannot see
    std::vector<double> differences;     ///< |seen - exact| / exact of the visible ones
    std::string missed;                  ///< a line for each that is not covered

    void add(const SimulatedFigure& figure, const std::string& row);
    double mean_difference() const;
    double median_difference() const;
};

/// First the whole table's, then that of each of its figures. Every `step`th row.
std::vector<Coverage> cover(const SimulatedTable& table, const Extent& extent, std::size_t step = 1);

}  // namespace accuracy
