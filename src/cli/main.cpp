#include <cstdlib>  // says whether this is glibc

#include "run.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/resource.h>
#endif

int main(int argc, char** argv) {
#ifdef __GLIBC__
    // glibc keeps eight heaps a CPU for threads, and what one frees is of no use to another. Two take 40 MiB less for
    // 10,000 databases, and no longer.
    mallopt(M_ARENA_MAX, 2);
    // A heap is as large as it may become from the start, and does not grow by a page at a time: with thousands of
    // databases each step is a system call that stops all threads, and takes a twentieth of the run. Memory that is not
    // touched is not taken, but counts where addresses are limited. Naming one of these stops glibc from adapting the
    // others.
    rlimit addresses{};
    if (getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur == RLIM_INFINITY) {
        mallopt(M_TOP_PAD, 64 << 20);
        mallopt(M_TRIM_THRESHOLD, 256 << 20);
        mallopt(M_MMAP_THRESHOLD, 32 << 20);
    }
#endif
    return poolfit::cli::run(argc, argv);
}
