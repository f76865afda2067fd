// What a finding says, with the words of the plan in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/report/gate.hpp>

namespace poolfit::render {

/// "poolfit.toml + staging.toml (env staging)": which files the run is of, and which environment. `each` is how a name
/// is written.
std::string inputs_in(const Fleet& fleet, std::string (*each)(std::string_view));
std::string inputs_text(const Fleet& fleet);

std::string in_full(const Fleet& fleet, const Plan& plan, const Phrase& phrase);
/// Notes, in full.
std::vector<std::pair<std::string, std::string>> notes_of(const Fleet& fleet, const Plan& plan, const Finding& finding);

}  // namespace poolfit::render
