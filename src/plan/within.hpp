// What a process has to hold and what it can, and a size brought between the two.
#pragma once

#include <poolfit/plan/workload.hpp>

namespace poolfit::plan {

struct Within {
    assess::Term size;
    Held held = Held::no;
};

/// `today` is the pool's size as it is declared.
Within within_process(const Fleet& fleet, Index pool, const PoolSize& today, const assess::Term& size,
                      Recorder recorder);

/// Connections that a process can hold at a time, where a pool of `size` has as many. Nothing where its load, or the
/// use that was seen, says that it can hold more.
std::optional<Connections> one_for_each(const Fleet& fleet, const Pool& pool, Connections size);

Remark remark_of(Held held);

}  // namespace poolfit::plan
