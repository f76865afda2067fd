// What Azure's flexible servers share.
#pragma once

#include "../engine.hpp"
#include "../unmeasured.hpp"

namespace poolfit::platform::azure {

inline constexpr Deployment deployments[] = {{"single", "one server"}, {"high-availability", "high availability"}};
inline constexpr PriceTerm terms[] = {PriceTerm::list};

/// "westeurope": a place with directions before or after it, and sometimes a number.
bool is_region(std::string_view name);

}  // namespace poolfit::platform::azure
