// Inputs without which no class can be judged.
#pragma once

#include <vector>

#include "recommend.hpp"

namespace poolfit::plan {

/// What a class cannot be judged without: which one the server is of, or how large it is; for a replica that has to let
/// in as many connections as its primary, of that one as well.
std::vector<MissingInput> missing_server(const Fleet& fleet, Index database);
/// What the class's checks lack, each once, in order. Disk and network only bind where they are given, so theirs lack
/// no measurement.
std::vector<MissingInput> missing_inputs(const Situation& situation, const DatabasePlan& plan, const Candidate& current,
                                         const Checks& checks);

}  // namespace poolfit::plan
