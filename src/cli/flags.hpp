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
    // The rows of these are in simulate_flags.cpp.
    scale,
    run_seed,
    seconds,
    run_precision,
    run_threads,
    deploy,
    failover,
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

const FlagRow& row_of(Flag flag);
/// The row of "--config", "--config=FILE", "-c" or "-cFILE"; null where there is none.
const FlagRow* find_flag(std::string_view word);

/// The rows from Flag::scale on, in the order of `Flag`.
std::span<const FlagRow> simulate_flag_rows();

}  // namespace poolfit::cli
