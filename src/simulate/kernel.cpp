#include "kernel.hpp"

namespace poolfit::simulate {

namespace {

struct Runnable {
    const Kernel* list[3] = {&kernel_portable, nullptr, nullptr};
    std::size_t count = 1;
    Runnable() {
#if defined(__x86_64__)
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx2")) list[count++] = &kernel_avx2;
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl"))
            list[count++] = &kernel_avx512;
#endif
    }
};

const Runnable& runnable() {
    static const Runnable found;
    return found;
}

}  // namespace

const Kernel& best_kernel() { return *runnable().list[runnable().count - 1]; }

const Kernel* const* runnable_kernels(std::size_t& count) {
    count = runnable().count;
    return runnable().list;
}

}  // namespace poolfit::simulate
