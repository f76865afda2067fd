// What the queue room answers for each row of the exact tables, and how close it has to be.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "table.hpp"

namespace accuracy {

/// Our figure for a column of the row. It is close enough when |ours - theirs| <= limit |theirs| + absolute.
struct Figure {
    std::string_view column;
    double ours = 0.0;
    double limit = 1e-9;
    double absolute = 0.0;
};
using Figures = std::vector<Figure>;

struct ExactTable {
    const char* file;
    const char* what;                       ///< which function of the queue room
    Figures (*figures)(const known::Row&);  ///< none for rows that are of another table here
};

/// Every table of tests/known-answers that has an exact answer.
std::span<const ExactTable> exact_tables();

}  // namespace accuracy
