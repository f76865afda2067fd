// Where a host inside the cluster leads to: through a Service, an ExternalName, the pods that it selects.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "workload.hpp"

namespace poolfit::imports::kubernetes {

struct Lead {
    std::string host;                    ///< in place of the given one, by an ExternalName; else empty
    const Workload* workload = nullptr;  ///< what the Service selects
    std::string id;                      ///< what has the name, of which no Service is in the files
    const Object* service = nullptr;     ///< that selects the workload

    /// The port of the pods behind one of the Service.
    std::optional<std::int64_t> target_port(std::optional<std::int64_t> port) const;
};
Lead lead_of(std::string_view host, std::string space, const Cluster& cluster, const std::deque<Workload>& workloads);

}  // namespace poolfit::imports::kubernetes
