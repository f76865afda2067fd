// The result of `check`: findings, their counts, and whether the gate fails.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/lint/rule.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

struct Gate {
    const Fleet* fleet = nullptr;           ///< outlives the gate
    const Plan* plan = nullptr;             ///< the same; words of it stand in findings
    std::vector<Finding> findings;          ///< suppressed ones too, marked
    std::vector<std::string> fingerprints;  ///< of each, as lint::fingerprints
    lint::Count count;
    std::optional<Severity> fail_on;  ///< nothing: never fails
    bool failed = false;              ///< a finding at or above fail_on that is neither suppressed nor known
    std::size_t databases = 0, services = 0;
    std::vector<const Rule*> rules;  ///< that looked, by id
    bool has_baseline = false;       ///< were the findings compared with one?
    std::string folder{};            ///< where poolfit runs, "/home/me/shop/"; empty: not known
};

namespace report {

/// `databases` are the indices looked at, empty for all.
Gate gate(const Fleet& fleet, const Plan& plan, std::vector<Finding> findings, std::optional<Severity> fail_on,
          const std::vector<Index>& databases);
/// The rules that are not among those that looked, by id.
std::vector<const Rule*> silent(const std::vector<const Rule*>& looked);

}  // namespace report
}  // namespace poolfit
