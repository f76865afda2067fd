// Independent pieces of work on a few threads. Who does what is left to chance; each piece writes to its own place, so
// the result is the same for any number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace poolfit::simulate {

/// `told` hears on the calling thread how many pieces are done, each time that thread has done one.
template <class Work, class Told>
void in_parallel(int pieces, int threads, const Work& work, const Told& told) {
    std::atomic<int> next{0}, done{0};
    const auto take = [&](bool calling) {
        for (int i = next++; i < pieces; i = next++) {
            work(i);
            ++done;
            if (calling) told(done.load());
        }
    };
    std::vector<std::thread> others;
    for (int i = 1; i < std::min(threads, pieces); ++i) others.emplace_back(take, false);
    take(true);
    for (std::thread& t : others) t.join();
}

template <class Work>
void in_parallel(int pieces, int threads, const Work& work) {
    in_parallel(pieces, threads, work, [](int) {});
}

}  // namespace poolfit::simulate
