#include "run.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(int argc, char** argv) {
#ifdef __GLIBC__
    // glibc keeps eight heaps a CPU for threads, and what one frees is of no use to another. Two take 40 MiB less for
    // 10,000 databases, and no longer.
    mallopt(M_ARENA_MAX, 2);
#endif
    return poolfit::cli::run(argc, argv);
}
