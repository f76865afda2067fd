// Memory for thousands of databases, in fewer and larger pages: a tenth of such a run was the kernel's, page by page.
#pragma once

#include <atomic>

namespace poolfit::threads {

/// To be called before a lot of memory is needed. For a small run 2 MiB at a time would be more than it takes.
void expect_much_memory();

namespace detail {
extern std::atomic<bool> much_memory_expected;
void ask_for_large_pages();
}  // namespace detail

/// Asks the kernel for pages of 2 MiB where this thread's next memory comes from, once for each 64 MiB of it. Only
/// asks: where the kernel has none to give, or another allocator is in use, nothing changes. Does nothing if
/// expect_much_memory was not called.
inline void ask_for_large_pages() {
    if (detail::much_memory_expected.load(std::memory_order_relaxed)) detail::ask_for_large_pages();
}

}  // namespace poolfit::threads
