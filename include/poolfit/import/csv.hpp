// A spreadsheet of instances, saved as CSV, to an inventory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/load/document.hpp>

namespace poolfit::imports {

/// What the sheet does not say by itself.
struct CsvOptions {
    std::vector<std::string> maps;      ///< THEIRS=OURS[:UNIT]; THEIRS=- leaves a column out; #3 is the third column
    std::vector<std::string> defaults;  ///< OURS=VALUE: what rows get whose cell is empty, or that have no such column
    std::vector<std::string> only, exclude;  ///< globs on the names of the rows, as the sheet has them
};

/// Longest and widest sheet that is read: rows below the header, and columns.
inline constexpr std::size_t most_rows = 200'000, most_columns = 1'000;

/// One [[database]] for each row below the header, in the order of the file. Errors point at cells; all are reported in
/// one go, and nothing is returned if there is one. What load::check() finds wrong in the result is an error too, at
/// the cell that it comes from. Columns that are not read and names that were changed are said as info.
std::optional<load::Document> csv(const SourceText& sheet, const CsvOptions& options, const Catalog& catalog,
                                  Sources& sources, Diagnostics& diagnostics);

/// Keys of `maps` and `defaults`.
std::vector<std::string_view> csv_keys();

}  // namespace poolfit::imports
