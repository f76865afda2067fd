// Words of the command line to options. args.cpp is the only file that knows the parser's library.
#pragma once

#include <string>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>

#include "options.hpp"

namespace poolfit::cli {

/// Total: errors go to the diagnostics, and the options hold what could be read, so that `--help` and
/// `--json` count wherever they stand.
Options parse(std::vector<std::string> words, Diagnostics& diagnostics);

}  // namespace poolfit::cli
