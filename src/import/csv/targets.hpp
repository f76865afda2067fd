// What a column can become, as rows of a table: a key of the inventory, how its cells are read, and the headings that
// spreadsheets give it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "heading.hpp"

namespace poolfit::imports {

/// How a cell is read; its units.
enum class Reads : std::uint8_t {
    name,
    engine,
    provider,
    environment,
    version,
    cls,
    region,
    yes_no,
    reference,
    whole,
    numbers,
    percent,
    bytes,
    rate,
    days
};

struct Target {
    std::string_view key;      ///< of --map and --default
    std::string_view written;  ///< the inventory's key
    bool observed = false;     ///< of [database.observed]
    Reads reads{};
    std::string_view wholes;    ///< headings, all of their words run together
    std::string_view subjects;  ///< headings by what they are about, the best first
    std::string_view
        statistics;  ///< of the subject, the best first: '-' none, 'a' mean, 'x' high, 'n' low, '5' p95, '9' p99
    /// The high end of a range whose low end is another target's, with the same key.
    bool high_end = false;
    bool rounds_up = false;  ///< of bytes, where more is the worse case
};

std::span<const Target> targets();
const Target* find_target(std::string_view key);
/// Units of its cells, as unit_of() has them; none for what has no unit.
std::vector<std::string_view> units_of(Reads reads);

/// How well a heading fits a target: 0 is best. Nothing if it does not fit.
std::optional<std::size_t> fit(const Heading& heading, const Target& target);
/// Headings that are about the CPU and do not say which statistic.
bool is_some_cpu(const Heading& heading);

}  // namespace poolfit::imports
