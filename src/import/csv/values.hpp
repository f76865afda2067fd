// The text of a cell to the value that the inventory has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/unit/interval.hpp>

#include "mapping.hpp"

namespace poolfit::imports {

/// Does the cell say that there is no value? "-", "n/a" and the like do.
bool is_blank(std::string_view text);

/// Do numbers of the columns that are read have a comma before their decimals ("12,5")?
bool has_decimal_commas(const Sheet& sheet, const Mapping& mapping);

struct Trouble {
    std::string message;      ///< "expected a percentage, such as 12.4%"
    std::string fix;          ///< may be empty
    bool lacks_unit = false;  ///< a number that could be read in two ways
    double number = 0;        ///< which is that
};

struct Reading {
    load::Value value{};
    std::optional<Interval<double>> range{};  ///< of plain numbers
    std::string version{};                    ///< what stands behind the engine in one cell: "PostgreSQL 16.8"
};

/// `unit` is that of a number without one, or empty.
std::variant<Reading, Trouble> read_value(const Target& target, std::string_view text, std::string_view unit,
                                          bool decimal_comma, const Catalog& catalog);

/// A number of an observation, or a range of them: 120, "120-180".
load::Value number_value(const Interval<double>& range);

}  // namespace poolfit::imports
