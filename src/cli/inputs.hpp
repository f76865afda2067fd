// From the options to a checked fleet: which inventory, what is in it, which of its databases.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/fleet.hpp>

#include "commands.hpp"

namespace poolfit::cli {

/// The inventory's path and what named it.
struct Inventory {
    std::string path;
    std::string named_by;  ///< "the command line", "POOLFIT_CONFIG", "the nearest poolfit.toml"
};

/// What a report points into: it must not move.
struct Inputs {
    Catalog catalog;
    Fleet fleet;
    Inventory inventory;
    std::vector<Inventory> more;     ///< files that join it
    load::Files files;               ///< what it was read from
    std::vector<std::string> names;  ///< arguments that are not files
};

/// The inventory that a command without one reads: POOLFIT_CONFIG, else the nearest poolfit.toml; "" where there is
/// none.
std::string usual_inventory();
/// The built-in catalog with the user's files on top: the inventory's own, if there is one, then those of --catalog.
std::optional<Failure> load_catalog(Context& context, Catalog& catalog, const std::string& inventory);

/// Adds the files that an inventory includes.
std::optional<Failure> included(Context& context, const std::string& first, const SourceText& source,
                                std::vector<Inventory>& more);

/// Catalog and inventory; a first argument that is a file stands for --config.
std::optional<Failure> load_inputs(Context& context, Inputs& inputs);
/// The same of a text that is there, with inputs.inventory and inputs.catalog; what it includes and its series are
/// read.
std::optional<Failure> read_inputs(Context& context, Inputs& inputs, const SourceText& source);

/// Indices of the databases that `names`, --only and --exclude leave; every pattern has to match one.
std::variant<std::vector<Index>, Failure> choose_databases(Context& context, const Inputs& inputs);

/// The same for services.
std::variant<std::vector<Index>, Failure> choose_services(Context& context, const Inputs& inputs);

/// The service, or the database, that a flag names; `flag` is "--deploy: ".
std::variant<Index, Failure> find_service(Context& context, const Fleet& fleet, std::string_view flag,
                                          const std::string& name);
std::variant<Index, Failure> find_database(Context& context, const Fleet& fleet, std::string_view flag,
                                           const std::string& name);

/// A file's text as a source; "-" is standard input. An error says what named the file, unless that is obvious.
std::variant<const SourceText*, Failure> open_source(Context& context, const std::string& path, std::string_view kind,
                                                     std::string_view named_by, const Tree& tree = disk());

/// "prices.toml has 3 errors".
Failure has_errors(const Context& context, std::string_view kind, const std::string& name);

}  // namespace poolfit::cli
