// Independent pieces of work on a few threads. Who does what is left to chance; each piece writes to its own place, so
// the result is the same for any number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace poolfit::simulate {

template <class Work>
void in_parallel(int pieces, int threads, const Work& work) {
    std::atomic<int> next{0};
    const auto take = [&] {
        for (int i = next++; i < pieces; i = next++) work(i);
    };
    std::vector<std::thread> others;
    for (int i = 1; i < std::min(threads, pieces); ++i) others.emplace_back(take);
    take();
    for (std::thread& t : others) t.join();
}

}  // namespace poolfit::simulate
