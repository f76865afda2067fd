// Rows under column heads. A column that may go goes when the page is too narrow; when even that doesn't help,
// each row becomes a line of its first cell and, below it, the others behind their heads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "layout.hpp"

namespace poolfit::render {

struct Column {
    std::string head;
    bool right = false;     ///< numbers stand at the right
    int drop = 0;           ///< the highest is left out first; 0 never
    bool wraps = false;     ///< only the last column may: its text continues below itself
    bool headless = false;  ///< in a record its cells need no head before them
};

class Table {
public:
    explicit Table(std::vector<Column> columns, int margin = 2);
    /// As many cells as columns; where there are fewer, the last one runs on to the end of the line.
    void add(std::vector<std::string> cells);
    /// A cell for each column, of them the last in colours.
    void add(std::vector<std::string> cells, Pieces last);
    /// A cell for each column, each in one colour.
    void add_coloured(Pieces cells);
    bool empty() const { return rows_.empty(); }
    /// As a table; else `print` writes records.
    bool fits(const Page& page) const { return fit(page).fits; }
    /// Heads of the columns that a print on this page leaves out.
    std::vector<std::string> dropped(const Page& page) const;
    void print(Page& page, bool heads = true) const;

private:
    struct Fit {
        std::vector<bool> kept;
        std::vector<int> widths;
        int gap = 2;
        bool fits = false;
    };
    Fit fit(const Page& page) const;
    void print_row(Page& page, const Fit& fit, const Pieces& cells, const Pieces& last) const;
    void print_record(Page& page, const Pieces& cells) const;

    std::vector<Column> columns_;
    std::vector<Pieces> rows_;
    std::vector<Pieces> painted_;  ///< of each row: its last cell in colours, or nothing
    int margin_;
};

}  // namespace poolfit::render
