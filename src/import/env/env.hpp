// Files of variables, as `docker run --env-file`, Compose and dotenv libraries read them.
#pragma once

#include <functional>

#include "../facts/program.hpp"

namespace poolfit::imports {

/// `export NAME="value" # comment` and the like; of a name that is there twice the last counts.
Variables read_variables(std::string_view text, const std::function<Place(std::size_t)>& at);

}  // namespace poolfit::imports
