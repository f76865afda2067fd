// Where a host inside the cluster leads to: through a Service, an ExternalName, the pods that it selects.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "workload.hpp"

namespace poolfit::imports::kubernetes {

struct Lead {
    std::string host;                    ///< in place of the given one, by an ExternalName; else empty
    const Workload* workload = nullptr;  ///< what the Service selects
    std::string id;                      ///< what has the name, of which no Service is in the files
};
Lead lead_of(std::string_view host, std::string space, const Cluster& cluster, const std::deque<Workload>& workloads);

}  // namespace poolfit::imports::kubernetes
