#include <poolfit/queue/deadlock.hpp>

#include "checks.hpp"

namespace poolfit::queue {
namespace {

Checked check_held(std::int64_t held) {
    return check_range("connections held by one thread", static_cast<double>(held), 1.0,
                       static_cast<double>(most_servers));
}

}  // namespace

Answer<Connections> deadlock_floor(std::int64_t threads, std::int64_t held) {
    if (const auto bad = check_held(held)) return *bad;
    if (const auto bad =
            check_range("number of threads", static_cast<double>(threads), 1.0, static_cast<double>(most_users))) {
        return *bad;
    }
    return Connections(threads * (held - 1) + 1);
}

Answer<std::int64_t> most_threads_without_deadlock(Connections size, std::int64_t held) {
    if (const auto bad = check_held(held)) return *bad;
    if (const auto bad = check_servers(size)) return *bad;
    return held == 1 ? most_users : (size.value - 1) / (held - 1);
}

}  // namespace poolfit::queue
