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

/// Two series files that an import wrote, as one in order of time.
struct JoinedSeries {
    std::string text;
    std::size_t added = 0, replaced = 0, kept = 0;  ///< rows of the new one, of both, of the old one alone
};
/// Where both have a value of one time, the new one's counts. Nothing if the old text is no such file.
std::optional<JoinedSeries> join_series(std::string_view old, std::string_view text);

}  // namespace poolfit::imports
