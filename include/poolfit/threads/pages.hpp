// Memory for thousands of databases, in fewer and larger pages: a tenth of such a run was the kernel's, page by page.
#pragma once

#include <atomic>

namespace poolfit::threads {

/// Can this build, on this machine, ask for large pages: glibc on Linux, pages of 4 KiB (large ones have 2 MiB then; of
/// larger pages they have 32 MiB or more, which is too much for a plan).
bool has_large_pages();

/// Is a lot of memory about to be needed? At first not: the first large page would be more than a small run needs.
void expect_much_memory(bool much);

namespace detail {
extern std::atomic<bool> much_memory_expected;
void ask_for_large_pages();
}  // namespace detail

/// If much memory is expected, asks the kernel for large pages for the heap that this thread's memory comes from. The
/// kernel may have none to give. Cheap: mostly it was asked before.
inline void ask_for_large_pages() {
    if (detail::much_memory_expected.load(std::memory_order_relaxed)) detail::ask_for_large_pages();
}

}  // namespace poolfit::threads
