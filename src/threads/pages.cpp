#include <poolfit/threads/pages.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

#if defined(__linux__) && defined(__GLIBC__) && defined(MADV_HUGEPAGE) && UINTPTR_MAX > UINT32_MAX
#define POOLFIT_ASKS_FOR_LARGE_PAGES
#endif

namespace poolfit::threads {

namespace detail {

std::atomic<bool> much_memory_expected = false;

#ifdef POOLFIT_ASKS_FOR_LARGE_PAGES
void ask_for_large_pages() {
    constexpr std::uintptr_t page = 4 << 10;
    // A thread's heap has this size and begins at a multiple of it; the program's own, below all others, ends at
    // sbrk(0).
    constexpr std::uintptr_t heap = 64 << 20;
    // Not from the lists of small blocks, nor large enough for a mapping of its own, or to set off a tidying up.
    constexpr std::size_t some = 32 << 10;
    struct Range {
        std::uintptr_t first, last;
    };
    static thread_local Range asked{};
    void* const block = std::malloc(some);
    const auto at = reinterpret_cast<std::uintptr_t>(block);
    std::free(block);
    if (at == 0 || (at >= asked.first && at < asked.last)) return;
    const std::uintptr_t first = at & ~(page - 1);
    const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
    const std::uintptr_t last = at < end ? end & ~(page - 1) : (at & ~(heap - 1)) + heap;
    if (first >= last) return;
    madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
    asked = {first, last};
}
#else
void ask_for_large_pages() {}
#endif

}  // namespace detail

bool has_large_pages() {
#ifdef POOLFIT_ASKS_FOR_LARGE_PAGES
    return sysconf(_SC_PAGESIZE) == 4096;
#else
    return false;
#endif
}

void expect_much_memory(bool much) {
    detail::much_memory_expected = much && has_large_pages();
    ask_for_large_pages();
}

}  // namespace poolfit::threads
