// The flags, as rows of a table: spelling, value, help text and what a value does to the options.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/unit/parse.hpp>

#include "options.hpp"

namespace poolfit::cli {

enum class Flag : std::uint8_t {
    config,
    env,
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
    derivations,
    all_candidates,
    summary,
    worlds,
    fail_on,
    baseline,
    rule,
    no_rule,
    engine,
    provider,
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
    // The rows of these are in pool_flags.cpp.
    rate,
    users,
    think,
    hold,
    cv,
    law,
    hold_p50,
    hold_p95,
    hold_p99,
    hold_histogram,
    wait,
    probability,
    mean_wait,
    max_utilization,
    timeouts,
    acquire_timeout,
    size,
    peak,
    batch,
    cpu,
    vcpus,
    nested,
    threads,
    instances,
    processes,
    pooler,
    seed,
    precision,
    // The rows of these are in simulate_flags.cpp.
    scale,
    seconds,
    jobs,
    deploy,
    failover,
    // The rows of these are in import_flags.cpp.
    map,
    fallback,
    automatic,
    into,
    overwrite,
    dry_run,
    service,
    against,
    series,
    // The rows of these are in diff_flags.cpp.
    max_increase,
    stream,
    // The rows of these are in emit_flags.cpp.
    database,
    strategy,
    end,  ///< no flag: how many there are
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
    std::string_view alias = {};  ///< another spelling, not listed
};

/// Are these the rows of the flags from `first` up to `next`, in the order of `Flag`? `row_of` counts on it.
template <std::size_t N>
consteval bool in_order(const std::array<FlagRow, N>& rows, Flag first, Flag next) {
    const auto at = static_cast<std::size_t>(first);
    for (std::size_t i = 0; i < N; ++i)
        if (static_cast<std::size_t>(rows[i].flag) != at + i) return false;
    return static_cast<std::size_t>(next) == at + N;
}

const FlagRow& row_of(Flag flag);
/// The row of "--config", "--config=FILE", "-c" or "-cFILE"; null where there is none.
const FlagRow* find_flag(std::string_view word);

// What the takers of values share.

/// A value that its parser refused.
void refuse(std::string_view flag, const unit::ParseError& error, Diagnostics& diagnostics);
template <class T>
struct Choice {
    std::string_view name;
    T value;
};
void no_such_choice(std::string_view flag, const std::string& given, const std::vector<std::string_view>& names,
                    Diagnostics& diagnostics);
/// One of a few names; an error says which there are and which is nearest.
template <class T>
void choose(std::string_view flag, std::span<const Choice<T>> choices, const std::string& given, T& into,
            Diagnostics& diagnostics) {
    std::vector<std::string_view> names;
    for (const Choice<T>& choice : choices) {
        if (choice.name == given) {
            into = choice.value;
            return;
        }
        names.push_back(choice.name);
    }
    no_such_choice(flag, given, names, diagnostics);
}
template <class T, std::size_t N>
void choose(std::string_view flag, const std::array<Choice<T>, N>& choices, const std::string& given, T& into,
            Diagnostics& diagnostics) {
    choose(flag, std::span<const Choice<T>>(choices), given, into, diagnostics);
}

/// The rows from Flag::rate on, in the order of `Flag`.
std::span<const FlagRow> pool_flag_rows();
/// The rows from Flag::scale on, in the order of `Flag`.
std::span<const FlagRow> simulate_flag_rows();
/// The rows from Flag::map on, in the order of `Flag`.
std::span<const FlagRow> import_flag_rows();
/// The rows from Flag::max_increase on, in the order of `Flag`.
std::span<const FlagRow> diff_flag_rows();
/// The rows from Flag::database on, in the order of `Flag`.
std::span<const FlagRow> emit_flag_rows();

}  // namespace poolfit::cli
