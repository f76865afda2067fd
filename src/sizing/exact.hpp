// The formulas, one function per method: figures, or nothing where the formula does not reach (too many connections or
// states, too near saturation). The load has been checked: its hold is `shape`, its offered load is `load`.
#pragma once

#include <optional>

#include <poolfit/sizing/pool.hpp>

#include "hold.hpp"

namespace poolfit::sizing {

/// A checked load.
struct Asked {
    const Load& load;
    Shape shape;
    Erlangs offered;
};

/// The method that is exact for the load; Method::simulation where none is.
Method exact_method(const Asked& asked);

/// What is exact at this size, whatever the law: one connection of an open pool, and a connection for each user of a
/// closed one. Nothing where neither is so.
std::optional<Figures> exact_at(const Asked& asked, Connections size, const Question& question);

std::optional<Figures> exact(const Asked& asked, Method method, Connections size, const Question& question);

}  // namespace poolfit::sizing
