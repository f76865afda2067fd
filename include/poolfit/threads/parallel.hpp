// Independent pieces of work on a few threads. Which thread does which piece is left to chance; each piece writes to
// its own place, so the result is the same for any number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace poolfit::threads {

/// How many this machine runs at a time: at least 1, at most `most`.
inline int usable(int most) {
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, std::max(most, 1));
}

/// `work(i)` for each i under `pieces`; `told` hears on the calling thread how many are done, each time that thread has
/// done one. Throws what a piece has thrown, once all threads have ended.
template <class Work, class Told>
void in_parallel(int pieces, int threads, const Work& work, const Told& told) {
    std::atomic<int> next{0}, done{0};
    std::mutex failing;
    std::exception_ptr failure;
    const auto take = [&](bool calling) {
        try {
            for (int i = next++; i < pieces; i = next++) {
                work(i);
                ++done;
                if (calling) told(done.load());
            }
        } catch (...) {
            next = pieces;
            const std::scoped_lock lock(failing);
            if (!failure) failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            for (int i = 1; i < std::min(threads, pieces); ++i) others.emplace_back(take, false);
        } catch (const std::system_error&) {
            // No more threads are available: those that have started do the work.
        }
        take(true);
    }
    if (failure) std::rethrow_exception(failure);
}

template <class Work>
void in_parallel(int pieces, int threads, const Work& work) {
    in_parallel(pieces, threads, work, [](int) {});
}

/// `work(first, last)` for the numbers under `count`, in ranges of `size`. One range starts no thread.
template <class Work>
void in_ranges(std::size_t count, std::size_t size, int threads, const Work& work) {
    in_parallel(static_cast<int>((count + size - 1) / size), threads, [&](int piece) {
        const std::size_t first = static_cast<std::size_t>(piece) * size;
        work(first, std::min(first + size, count));
    });
}

/// So many databases are worth the start of a thread.
inline constexpr std::size_t databases_at_once = 32;

/// `work(first, last)` for the databases under `count`, a few at a time, so that the threads end at about the same
/// time. Where they are not worth a thread, none starts.
template <class Work>
void over_databases(std::size_t count, int threads, const Work& work) {
    in_ranges(count, databases_at_once / 4, count > databases_at_once ? threads : 1, work);
}

}  // namespace poolfit::threads
