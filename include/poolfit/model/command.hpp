// Commands that a report names: pasted as they stand, they read the same inputs.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// "poolfit plan infra/poolfit.toml --env staging primary": `verb` on the fleet's files and environment, then `rest`.
std::string command(const Fleet& fleet, std::string_view verb, std::string_view rest = {});

/// A command of a platform's with its "{region}" or the like filled in, wherever it has it.
std::string filled(std::string text, std::string_view hole, std::string_view value);
/// A word as a shell reads it back.
std::string in_shell(std::string_view word);
/// A path as a shell and a command read it back, so "./-x" for "-x"; "-" for "<stdin>".
std::string file_in_shell(std::string_view path);
/// Where the catalog file of an inventory is looked for: poolfit.catalog.json beside it.
std::string own_catalog(std::string_view inventory);

}  // namespace poolfit::model
