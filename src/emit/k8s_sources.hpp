// What an imported inventory says of the manifest that a value came from: the comment beside it, as `poolfit import`
// writes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <poolfit/model/fleet.hpp>

namespace poolfit::emit {

struct Workload {
    std::string kind = "Deployment", space, name;  ///< `space`: the namespace; empty: not known
    bool known = false;                            ///< from a manifest, not assumed
};
/// The workload that the service was imported from; else a Deployment of its name.
Workload workload_of(const Service& service);

/// A variable that gives a pool's size, or a part of it.
struct SizeVariable {
    std::string name;
    std::int64_t value = 0;  ///< today
};
/// "DB_POOL_SIZE 5 + DB_MAX_OVERFLOW 5": both; nothing where the size did not come from variables.
std::vector<SizeVariable> size_variables_of(const Pool& pool);

}  // namespace poolfit::emit
