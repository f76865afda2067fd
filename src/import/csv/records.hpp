// Rows to records of an inventory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/load/document.hpp>

#include "cells.hpp"
#include "mapping.hpp"

namespace poolfit::imports {

struct Records {
    load::Document document;
    std::vector<std::size_t> rows;     ///< of the sheet, of each record
    std::vector<char> failed;          ///< of each record: has its row an error?
    std::vector<std::string> renamed;  ///< "orders db → orders-db"
    std::size_t left_out = 0;          ///< rows, by --only and --exclude
};

Records read_records(const Sheet& sheet, const Mapping& mapping, const CsvOptions& options, const Catalog& catalog,
                     Diagnostics& diagnostics);

/// The cell that a key of a record comes from, or the default's text; of any other key the cell of the name.
Place origin_of(const Sheet& sheet, const Mapping& mapping, std::size_t row, std::string_view key);

}  // namespace poolfit::imports
