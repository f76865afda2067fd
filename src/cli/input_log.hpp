// What `--verbose` says: which inputs, and where each setting comes from.
#pragma once

#include "inputs.hpp"

namespace poolfit::cli {

void log_inputs(Context& context, const Inputs& inputs);

}  // namespace poolfit::cli
