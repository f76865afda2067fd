// `--stream`: an inventory a line in, a report a line out, whatever their number.
#pragma once

#include <string>
#include <variant>

#include "commands.hpp"
#include "inputs.hpp"

namespace poolfit::cli {

/// What `plan` and `check` do with one inventory: its report as JSON.
using OneReport = std::variant<std::string, Failure> (*)(Context&, Inputs&);

/// Reads the file, or standard input, line by line. The exit code is the worst of all lines.
Answer stream(Context& context, OneReport make);

}  // namespace poolfit::cli
