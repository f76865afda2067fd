#pragma once

#include <poolfit/render/format.hpp>

namespace poolfit::cli {

/// The build writes the body (scripts/commit.py).
render::BuiltFrom built_from();
/// What `--version` prints.
std::string version_line();

}  // namespace poolfit::cli
