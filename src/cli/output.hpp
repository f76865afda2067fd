// One document for each output asked for.
#pragma once

#include <poolfit/render/format.hpp>

#include "commands.hpp"

namespace poolfit::cli {

/// What the command has to say, in each of the formats asked for.
Answer rendered(const Context& context, const render::Content& content);

}  // namespace poolfit::cli
