// Commands that a report names: pasted as they stand, they read the same inputs.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// "poolfit plan infra/poolfit.toml --env staging primary": `verb` on the fleet's files and environment, then `rest`.
std::string command(const Fleet& fleet, std::string_view verb, std::string_view rest = {});

}  // namespace poolfit::model
