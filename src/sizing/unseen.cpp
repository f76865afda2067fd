#include "unseen.hpp"

#include <algorithm>

#include <poolfit/simulate/unseen.hpp>

namespace poolfit::sizing {
void allow_for_unseen(simulate::PoolRun& run, const Asked& asked, Connections size, double busy) {
    if (!(run.unseen_load > 0)) return;
    const Load& load = asked.load;
    simulate::SteadyPool pool;
    pool.connections = size.value;
    pool.users = load.users;
    pool.think = load.think.value;
    pool.load = asked.offered.value;
    pool.hold = asked.shape.mean.value;
    pool.scv = asked.shape.scv;
    pool.wait = run.wait_mean.value;
    const double length = pool.hold * (1.0 + pool.scv) * run.unseen_square / run.unseen_load;
    simulate::Unseen unseen = simulate::unseen(pool, {busy * run.unseen_load, length});
    const double timeout = load.acquire_timeout ? load.acquire_timeout->value : simulate::never;
    if (load.acquire_timeout) {
        unseen.wait = std::min(unseen.wait, unseen.share * timeout);
        run.timeout_probability.half_width += std::min(1.0, unseen.share + run.unseen_load);
    }
    simulate::widen({run.wait_mean, run.wait_probability, run.wait_over, run.wait_p50, run.wait_p95, run.wait_p99,
                     run.waits, timeout},
                    unseen);
    run.throughput.half_width += load.users > 0 || load.acquire_timeout ? run.throughput.value * run.unseen_load : 0.0;
}

}  // namespace poolfit::sizing
