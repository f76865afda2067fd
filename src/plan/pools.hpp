// The size that a pool should have.
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// The policy's factor on typical use.
Figure<double> buffer(const Fleet& fleet, Recorder recorder);

/// What a server's limit leaves of a size.
struct Forced {
    Connections size;
    FigureId usable;  ///< of the server, on the recommended class
};
/// By workload, formula or use, as far as they are known; `forced`: that and no more.
PoolAdvice advise(const Fleet& fleet, Index pool, const PoolSize& declared, const PoolLoad* load,
                  const std::optional<Forced>& forced, Recorder recorder);

}  // namespace poolfit::plan
