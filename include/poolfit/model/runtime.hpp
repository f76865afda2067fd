// What a process can do at a time, by its runtime.
#pragma once

#include <optional>

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// The most connections that one process can hold at a time: a runtime that serves one request at a time holds one, and
/// one more for each nested checkout. Nothing where the runtime sets no such limit.
inline std::optional<Connections> runtime_cap(const Fleet& fleet, const Pool& pool) {
    const Runtime runtime = fleet.services[pool.service].runtime;
    if (runtime != Runtime::processes && runtime != Runtime::serverless) return std::nullopt;
    return Connections(1 + (pool.workload ? *pool.workload->nested : 0));
}

}  // namespace poolfit::model
