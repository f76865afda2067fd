// The flags, as rows of a table: spelling, value, help text and what a value does to the options.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>

#include "options.hpp"

namespace poolfit::cli {

enum class Flag : std::uint8_t {
    config,
    catalog,
    format,
    json,
    output,
    set,
    only,
    exclude,
    price,
    min_savings,
    today,
    fail_on,
    rule,
    no_rule,
    vcpu,
    memory,
    arch,
    family,
    region,
    max_price,
    sort,
    top,
    color,
    width,
    quiet,
    verbose,
    help,
    version,
};

struct FlagRow {
    Flag flag{};
    char letter = 0;         ///< 'c' of "-c", or 0
    std::string_view name;   ///< "--config"
    std::string_view value;  ///< "FILE"; empty for a switch
    bool repeats = false;    ///< else the last one counts
    std::string_view help;
    /// Takes a value ("" of a switch); a bad one is an error.
    void (*take)(Options&, const std::string& value, Diagnostics&) = nullptr;
};

/// In the order of `Flag`.
std::span<const FlagRow> flag_rows();
const FlagRow& row_of(Flag flag);
/// The row of "--config", "--config=FILE", "-c" or "-cFILE"; null where there is none.
const FlagRow* find_flag(std::string_view word);

}  // namespace poolfit::cli
