// Long documents in parts, which several threads write.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <poolfit/threads/parallel.hpp>

namespace poolfit::render {

/// `make(first, last)` for ranges of the numbers under `count`, and `take` of each result, in their order and one at a
/// time, on any of the threads. A result waits for those before it: where one takes long, what others made meanwhile is
/// in memory. `size` of them are worth a thread.
template <class Make, class Take>
void in_parts(std::size_t count, int threads, const Make& make, const Take& take,
              std::size_t size = threads::databases_at_once) {
    using Part = std::invoke_result_t<Make, std::size_t, std::size_t>;
    const std::size_t at_once = std::max<std::size_t>(size / 4, 1);  // so that the threads end at about the same time
    std::vector<std::optional<Part>> parts((count + at_once - 1) / at_once);
    std::mutex taking;
    std::size_t taken = 0;
    threads::in_ranges(count, at_once, count > size ? threads : 1, [&](std::size_t first, std::size_t last) {
        Part part = make(first, last);
        const std::scoped_lock lock(taking);
        parts[first / at_once].emplace(std::move(part));
        while (taken < parts.size() && parts[taken]) {
            const std::size_t next = std::exchange(taken, parts.size());  // where `take` throws, none follows
            take(*parts[next]);
            parts[next].reset();
            taken = next + 1;
        }
    });
}

}  // namespace poolfit::render
