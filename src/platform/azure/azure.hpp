// What Azure's flexible servers share.
#pragma once

#include "../engine.hpp"
#include "../unmeasured.hpp"

namespace poolfit::platform::azure {

// A standby is billed as its primary is: MicrosoftDocs/azure-databases-docs
// articles/postgresql/high-availability/how-to-configure-high-availability.md, 2025-11-04 (billing quantities × 2).
inline constexpr Deployment deployments[] = {{"single", "one server"}, {"high-availability", "high availability"}};
inline constexpr PriceTerm terms[] = {PriceTerm::list};

extern const Volumes volumes;
extern const Tools tools;

/// "westeurope": a place with directions before or after it, and sometimes a number.
bool is_region(std::string_view name);

}  // namespace poolfit::platform::azure
