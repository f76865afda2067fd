// CSV as spreadsheets write it (RFC 4180, and what they do besides) to rows of cells with places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>

namespace poolfit::imports {

/// Bytes of the text; of a cell in quotes those between them.
struct Cell {
    std::uint32_t begin = 0, end = 0;
    bool in_quotes = false;
};

struct Sheet {
    const SourceText* source = nullptr;
    char separator = ',';
    std::vector<Cell> header;
    std::vector<Cell> cells;  ///< below the header: as many to a row as the header has

    std::size_t width() const { return header.size(); }
    std::size_t rows() const { return header.empty() ? 0 : cells.size() / header.size(); }
    const Cell& at(std::size_t row, std::size_t column) const { return cells[row * header.size() + column]; }
    /// Without quotes, and without blanks around it.
    std::string text(const Cell& cell) const;
    Place place(const Cell& cell) const { return {source, {cell.begin, cell.end}}; }
};

/// Rows without any text are left out. An error names what the file is, if it is no CSV, and each row that has more or
/// fewer cells than the header.
std::optional<Sheet> read_sheet(const SourceText& source, Diagnostics& diagnostics);

/// A text in a message or a comment: cut, if it is long.
std::string shown(std::string_view text);

/// Without blanks at both ends, no-break spaces among them.
std::string_view trimmed(std::string_view text);

}  // namespace poolfit::imports
