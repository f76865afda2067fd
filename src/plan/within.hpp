// A size brought between what a process has to hold and what it can.
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

Remark remark_of(Held held);

}  // namespace poolfit::plan
