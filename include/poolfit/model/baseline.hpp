// Findings that a gate no longer fails for: those of the day on which it was introduced.
#pragma once

#include <string>
#include <vector>

#include <poolfit/diag/source.hpp>

namespace poolfit {

struct KnownFinding {
    std::string fingerprint;  ///< as lint::fingerprints
    std::string rule;         ///< its id: "PF101"
    std::string target;
    Place place;
};
using Baseline = std::vector<KnownFinding>;

}  // namespace poolfit
