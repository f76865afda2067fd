// What the tools of AWS say alike of instances of RDS and of Aurora.
#pragma once

#include <string_view>

namespace poolfit::platform::aws {

/// Terraform::applied.
inline constexpr std::string_view applied = "a change waits for the maintenance window unless apply_immediately is set";

}  // namespace poolfit::platform::aws
