// AVX-512: vectors of eight doubles. What is shared comes first, so that none of it is compiled for this processor.
#include "kernel.hpp"

#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl")
#endif

#define POOLFIT_WIDTH 8
#include "kernel_body.hpp"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace poolfit::simulate {

const Kernel kernel_avx512{run, "AVX-512"};

}  // namespace poolfit::simulate

#endif
