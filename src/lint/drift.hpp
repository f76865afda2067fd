// What rules about inventories and deployed files share: see poolfit/model/drift.hpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>
#include <poolfit/model/drift.hpp>

namespace poolfit::lint {

/// A finding for each difference of this kind, with the databases that it is about; `message` has its words.
std::vector<Finding> found_drifts(const Rule& rule, const LintInput& input, Drift::Kind kind,
                                  const std::function<std::string(const Drift&)>& message);

/// Only `check --against` can find anything by it.
bool is_about_files(const Rule& rule);

}  // namespace poolfit::lint
