// Which column is what: by --map, else by its heading.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/csv.hpp>

#include "cells.hpp"
#include "targets.hpp"

namespace poolfit::imports {

/// Where the values of a target come from.
struct Origin {
    const Target* target = nullptr;
    std::optional<std::size_t> column;
    std::string heading;    ///< of the column
    std::string_view unit;  ///< of cells without one; empty: none was named
    /// --default, for cells without a value: its text, and the value's place in it.
    const SourceText* source = nullptr;
    Place place{};
    std::string value;
};

struct Mapping {
    std::vector<Origin> origins;  ///< in the order of the targets, those that there are
    std::vector<std::string> ignored;

    const Origin* find(std::string_view key) const;
};

/// Nothing after an error.
std::optional<Mapping> map_columns(const Sheet& sheet, const CsvOptions& options, Sources& sources,
                                   Diagnostics& diagnostics);

}  // namespace poolfit::imports
