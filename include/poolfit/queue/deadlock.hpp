// Nested checkouts: a thread that holds a connection and asks the same pool for another.
#pragma once

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

/// The smallest pool in which `threads` threads, each holding up to `held` connections of it at a time, can never
/// all wait for each other: T (C - 1) + 1. One less can deadlock: each thread holds C - 1 and wants one more.
/// Exact. Source: HikariCP wiki, "About Pool Sizing". 1 <= threads, 1 <= held, the answer <= 10^12.
Answer<Connections> deadlock_floor(std::int64_t threads, std::int64_t held);

/// The most threads that this pool keeps safe: floor((size - 1)/(C - 1)), and any number (`most_users`) when C = 1.
Answer<std::int64_t> most_threads_without_deadlock(Connections size, std::int64_t held);

}  // namespace poolfit::queue
