// One document for each output asked for.
#pragma once

#include <poolfit/render/format.hpp>

#include "commands.hpp"

namespace poolfit::cli {

/// The result of the command, in each of the requested formats. A streaming format renders later: what the content then
/// points to is kept to the end.
Answer rendered(Context& context, const render::Content& content);

}  // namespace poolfit::cli
