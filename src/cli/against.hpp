// Where the inventory parts from files of what is deployed, for `check --against`.
#pragma once

#include <variant>
#include <vector>

#include <poolfit/model/drift.hpp>

#include "failure.hpp"
#include "inputs.hpp"

namespace poolfit::cli {

std::variant<std::vector<Drift>, Failure> drifts_of(Context& context, const Inputs& inputs);

}  // namespace poolfit::cli
