// Any processor: what the compiler makes of vectors of two doubles (SSE2 on x86-64, NEON on ARM).
#include "kernel.hpp"

#define POOLFIT_WIDTH 2
#include "kernel_body.hpp"

namespace poolfit::simulate {

const Kernel kernel_portable{run, "portable"};

}  // namespace poolfit::simulate
