// Files that are written once, and then belong to the user.
#pragma once

#include <optional>
#include <string>

#include "commands.hpp"

namespace poolfit::cli {

/// A failure if there is anything under that name.
std::optional<Failure> must_be_new(Context& context, const std::string& path);

}  // namespace poolfit::cli
