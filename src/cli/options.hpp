// What the command line asks for, as plain values. args.cpp fills it in; no other file knows the parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diff/allowance.hpp>
#include <poolfit/model/catalog.hpp>
#include <poolfit/report/overview.hpp>
#include <poolfit/unit/date.hpp>

#include "pool_options.hpp"
#include "simulate_options.hpp"

namespace poolfit::cli {

struct Command;

enum class Colour { automatic, always, never };

/// A format and where its text goes.
struct Output {
    std::string format;
    std::string path;         ///< empty: standard output
    bool empty_path = false;  ///< written as "html="
};

struct Options {
    const Command* command = nullptr;
    std::string group;                   ///< "catalog", where only the first word of a command was given
    std::vector<std::string> arguments;  ///< the words after the command that are not flags

    std::vector<std::string> configs;  ///< the first is the inventory, the others join it
    std::string environment;           ///< of [env.NAME]
    std::vector<std::string> catalogs;
    std::vector<Output> outputs;  ///< as written, then checked: one at least, one to standard output at most
    std::optional<std::string> output_path;
    std::vector<std::string> settings;  ///< `--set`, and flags that stand for one
    std::vector<std::string> only, exclude;
    PriceTerm price = PriceTerm::list;
    std::optional<Date> today;
    std::string baseline;                               ///< a file; empty: none
    std::optional<Severity> fail_on = Severity::error;  ///< nothing: `none`
    std::vector<std::string> rules, without_rules;
    std::optional<std::string_view> provider;  ///< of `catalog list` and `catalog show`; the usual one
    std::string_view engine = platform::usual().engine;
    std::vector<std::string_view> engines;  ///< all of `--engine`, for `catalog import`
    std::vector<std::string> regions;       ///< each `--region`, for `catalog import` too
    catalog::Query query;                   ///< filters of `catalog list`; region of `catalog show`
    std::optional<std::size_t> top;
    std::optional<Order> order;          ///< of `plan`'s databases
    bool summary = false;                ///< of `plan`: no block for each database
    std::optional<double> scale;         ///< of every workload
    std::optional<std::int64_t> worlds;  ///< to draw
    std::optional<std::int64_t> seed;    ///< of simulations and worlds
    std::optional<Fraction> precision;   ///< of simulations
    PoolOptions pool;
    SimulateOptions simulate;
    std::vector<std::string> maps, defaults;  ///< of `import`
    std::string series;                       ///< of `import`: the folder for series files
    bool auto_kinds = false;                  ///< of `import`: arguments are files alone
    std::optional<std::string> into;          ///< of `import`: the inventory to merge into
    bool overwrite = false, dry_run = false;
    std::string service;               ///< of `import`: what a file of pools alone is about; of `emit`: the only one
    std::vector<std::string> against;  ///< of `check`: kinds, each followed by its files
    bool stream = false;               ///< of `plan` and `check`: an inventory a line
    std::vector<diff::Allowance> max_increase;  ///< of `diff`: one of each kind at most

    std::string kind;                    ///< of `emit`
    std::vector<std::string> databases;  ///< of `emit`
    std::string strategy;                ///< of `emit`; empty: the plan's

    Colour colour = Colour::automatic;
    std::optional<int> width;
    bool derivations = false, all_candidates = false;  ///< of JSON
    bool quiet = false;
    bool verbose = false;
    bool json = false;  ///< a failure is also a document on standard output
    bool help = false;
    bool version = false;
};

}  // namespace poolfit::cli
