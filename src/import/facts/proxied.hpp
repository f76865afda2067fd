// What a Cloud SQL proxy in a container of its own, or beside one, leads to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "program.hpp"

namespace poolfit::imports {

/// An instance of Cloud SQL, as "project:region:name", and the port that the proxy has for it, if it says that.
struct Proxied {
    std::string instance;
    std::optional<std::int64_t> port;
};

/// The instances that a proxy's command line or variables name.
std::vector<Proxied> proxied_instances(const Program& proxy);
/// Makes the instance behind a proxy the host of an address: of several the one on its port. Where none is meant, the
/// address has no host and says why.
void lead_through(const std::vector<Proxied>& instances, Address& address);

}  // namespace poolfit::imports
