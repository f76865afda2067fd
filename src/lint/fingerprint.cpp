#include <poolfit/lint/fingerprint.hpp>

#include <map>

#include <fmt/format.h>

#include <poolfit/unit/hash.hpp>

namespace poolfit::lint {

std::vector<std::string> fingerprints(const Fleet& fleet, const std::vector<Finding>& findings) {
    std::vector<std::string> all;
    all.reserve(findings.size());
    std::map<std::string, int> seen;
    for (const Finding& finding : findings) {
        // Names have no line breaks.
        std::string about = fmt::format("{}\n{}", finding.rule->id, finding.target);
        for (const Index database : finding.databases) about += fmt::format("\n{}", *fleet.databases[database].name);
        if (const int before = seen[about]++; before > 0) about += fmt::format("\n\n{}", before);
        all.push_back(fmt::format("{:016x}", unit::hash(about)));
    }
    return all;
}

}  // namespace poolfit::lint
