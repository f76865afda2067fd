// Files that are written once, and then belong to the user.
#pragma once

#include <optional>
#include <string>

#include "commands.hpp"

namespace poolfit::cli {

/// A failure, with this fix, if there is a file under that name; and if there is a folder.
std::optional<Failure> must_be_new(Context& context, const std::string& path,
                                   std::string fix = "name another file, or - for standard output");

}  // namespace poolfit::cli
