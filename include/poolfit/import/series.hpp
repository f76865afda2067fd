// Series beside the inventory: what `[database.observed] series = "cpu.csv"` names.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::imports {

/// The text of a file that a key names; null after an error, which was said.
using OpenSeries = std::function<const SourceText*(const Located<std::string>& path)>;

/// Reads the series that databases name, and gives them the observed values that their keys do not. Where a key and the
/// series differ, the key counts, with a warning. False after an error.
bool attach_series(Fleet& fleet, const OpenSeries& open, Diagnostics& diagnostics);

/// Two texts of one series file as one: all rows and columns of both, at the same time the later value.
struct MergedSeries {
    std::string text;
    std::size_t rows = 0, kept = 0;  ///< in all, and of them those that the earlier one alone has
};
/// Nothing where one is not as `import` writes such files.
std::optional<MergedSeries> merge_series(std::string_view earlier, std::string_view later);

}  // namespace poolfit::imports
