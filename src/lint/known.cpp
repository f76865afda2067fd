#include "known.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

#include <poolfit/lint/fingerprint.hpp>
#include <poolfit/model/command.hpp>

#include "finding.hpp"
#include "rules.hpp"

namespace poolfit::lint {

std::vector<Finding> compare(const LintInput& input, const std::vector<const Rule*>& looking,
                             std::vector<Finding>& findings) {
    const std::vector<std::string> prints = fingerprints(input.fleet, findings);
    std::set<std::string> in_baseline, there(prints.begin(), prints.end());
    for (const KnownFinding& each : *input.baseline) in_baseline.insert(each.fingerprint);
    for (std::size_t i = 0; i < findings.size(); ++i)
        findings[i].known = !findings[i].suppressed && in_baseline.contains(prints[i]);
    std::vector<Finding> stale;
    for (const KnownFinding& each : *input.baseline) {
        if (there.contains(each.fingerprint)) continue;
        const bool looked =
            std::ranges::any_of(looking, [&](const Rule* rule) { return rule->id == std::string_view(each.rule); });
        if (!looked && find_rule(each.rule) != nullptr) continue;
        Finding finding = found(table::stale_baseline, {}, each.target, each.place,
                                fmt::format("the baseline has {} of {}, which is gone", each.rule, each.target));
        const std::string& file = each.place.source->name();
        finding.fix = model::command(input.fleet, "baseline",
                                     file == "<stdin>" ? std::string() : "--output " + model::file_in_shell(file));
        stale.push_back(std::move(finding));
    }
    return stale;
}

}  // namespace poolfit::lint
