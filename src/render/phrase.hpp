// What a finding says, with the words of the plan in it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <poolfit/report/gate.hpp>

namespace poolfit::render {

std::string in_full(const Fleet& fleet, const Plan& plan, const Phrase& phrase);
/// Notes, in full.
std::vector<std::pair<std::string, std::string>> notes_of(const Fleet& fleet, const Plan& plan, const Finding& finding);

}  // namespace poolfit::render
