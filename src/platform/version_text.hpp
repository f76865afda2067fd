// Reading version numbers.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace poolfit::platform {

/// "10.11.8" → {10, 11, 8}; nothing for anything but numbers with single dots between them.
std::optional<std::vector<int>> numbers(std::string_view text);
/// The text without `mark` and the digits after it, where it ends so: "16.8-R2" is "16.8".
std::string_view without_suffix(std::string_view text, std::string_view mark);

}  // namespace poolfit::platform
