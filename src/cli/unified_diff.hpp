// Two texts as a unified diff, as `diff -u` and `patch` have it.
#pragma once

#include <string>
#include <string_view>

namespace poolfit::cli {

/// Empty where the two are equal. Lines of context: 3.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name);

}  // namespace poolfit::cli
