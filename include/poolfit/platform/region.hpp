// Names of regions.
#pragma once

#include <string_view>

namespace poolfit::platform {

/// Has it the form of an AWS region, such as "mx-central-1": an area, a direction and a number? A region that the
/// catalog has no prices for is one all the same.
bool is_region_name(std::string_view name);

}  // namespace poolfit::platform
