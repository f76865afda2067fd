// AVX2: vectors of four doubles. What is shared comes first, so that none of it is compiled for this processor.
#include "kernel.hpp"

#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#define POOLFIT_WIDTH 4
#include "kernel_body.hpp"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace poolfit::simulate {

const Kernel kernel_avx2{run, "AVX2"};

}  // namespace poolfit::simulate

#endif
