#include <poolfit/threads/pages.hpp>

#include <cstddef>
#include <cstdint>

#if defined(__GLIBC__) && UINTPTR_MAX > UINT32_MAX
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>
#endif

namespace poolfit::threads {

namespace detail {

std::atomic<bool> much_memory_expected = false;

#if defined(__GLIBC__) && UINTPTR_MAX > UINT32_MAX
void ask_for_large_pages() {
    // glibc's heaps for threads have this size and begin at a multiple of it; the program's own heap ends at sbrk(0).
    constexpr std::uintptr_t heap = 64 << 20;
    // Neither from a list of small blocks nor a mapping of its own, and freeing it tidies nothing up.
    constexpr std::size_t some = 32 << 10;
    struct Asked {
        std::uintptr_t heap, end;
    };
    static thread_local Asked asked{};
    void* const block = std::malloc(some);
    const auto at = reinterpret_cast<std::uintptr_t>(block) & ~(heap - 1);
    std::free(block);
    const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
    if (block == nullptr || (at == asked.heap && end == asked.end)) return;
    madvise(reinterpret_cast<void*>(at), heap, MADV_HUGEPAGE);  // there may be gaps: what is there counts
    asked = {at, end};
}
#else
void ask_for_large_pages() {}
#endif

}  // namespace detail

void expect_much_memory() {
    detail::much_memory_expected = true;
    ask_for_large_pages();
}

}  // namespace poolfit::threads
