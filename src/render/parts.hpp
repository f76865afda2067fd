// Long documents in parts, which several threads write.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <vector>

#include <poolfit/threads/parallel.hpp>

namespace poolfit::render {

/// `make(first, last)` for ranges of the numbers under `count`, and `take` of each result, in their order. Few results
/// wait to be taken, so the document is hardly more than once in memory.
template <class Make, class Take>
void in_parts(std::size_t count, int threads, const Make& make, const Take& take,
              std::size_t size = threads::databases_at_once) {
    using Part = std::invoke_result_t<Make, std::size_t, std::size_t>;
    const std::size_t most = 8 * size;
    for (std::size_t begin = 0; begin < count; begin += most) {
        const std::size_t part_of = std::min(most, count - begin);
        std::vector<std::optional<Part>> parts((part_of + size - 1) / size);
        threads::in_ranges(part_of, size, threads, [&](std::size_t first, std::size_t last) {
            parts[first / size].emplace(make(begin + first, begin + last));
        });
        for (std::optional<Part>& part : parts) {
            take(*part);
            part.reset();
        }
    }
}

}  // namespace poolfit::render
