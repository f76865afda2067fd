// What is wrong with the inventory is wrong in the sheet: places in the one to places in the other.
#pragma once

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>

#include "records.hpp"

namespace poolfit::imports {

/// Adds to `out` what was found in the text of the records, at the cells. Of rows that have an error already, nothing.
void blame_cells(const Diagnostics& found, const SourceText& text, const Sheet& sheet, const Mapping& mapping,
                 const Records& records, Diagnostics& out);

}  // namespace poolfit::imports
