// The smallest inventory that still shows what a large one does.
#pragma once

#include <functional>
#include <string>

namespace poolfit::test {

/// Leaves out records and lines as long as `shows` stays true of what is left; `shows(text)` is true at the start.
std::string shrunk(std::string text, const std::function<bool(const std::string&)>& shows);

}  // namespace poolfit::test
