// One document for each output asked for.
#pragma once

#include <poolfit/render/format.hpp>

#include "commands.hpp"

namespace poolfit::cli {

/// What the command has to say, in each of the formats asked for. A format that streams does so later:
/// what the content then points to is kept to the end.
Answer rendered(const Context& context, const render::Content& content);

}  // namespace poolfit::cli
