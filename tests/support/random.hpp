// Numbers for generated inputs: seeded, the same on every machine.
#pragma once

#include <cstdint>
#include <vector>

namespace poolfit::test {

struct Random {
    std::uint64_t state;

    /// Below `end`.
    std::uint64_t next(std::uint64_t end) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33) % end;
    }
    int number(int least, int most) {
        return least + static_cast<int>(next(static_cast<std::uint64_t>(most - least + 1)));
    }
    bool coin() { return next(2) == 0; }
    template <class T>
    const T& of(const std::vector<T>& all) {
        return all[next(all.size())];
    }
};

}  // namespace poolfit::test
