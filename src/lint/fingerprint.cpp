#include <poolfit/lint/fingerprint.hpp>

#include <cstdint>
#include <map>
#include <string_view>

#include <fmt/format.h>

namespace poolfit::lint {
namespace {

/// FNV-1a.
std::uint64_t hash(std::string_view text) {
    std::uint64_t value = 0xcbf29ce484222325ULL;
    for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return value;
}

}  // namespace

std::vector<std::string> fingerprints(const Fleet& fleet, const std::vector<Finding>& findings) {
    std::vector<std::string> all;
    all.reserve(findings.size());
    std::map<std::string, int> seen;
    for (const Finding& finding : findings) {
        // Names have no line breaks.
        std::string about = fmt::format("{}\n{}", finding.rule->id, finding.target);
        for (const Index database : finding.databases) about += fmt::format("\n{}", *fleet.databases[database].name);
        if (const int before = seen[about]++; before > 0) about += fmt::format("\n\n{}", before);
        all.push_back(fmt::format("{:016x}", hash(about)));
    }
    return all;
}

}  // namespace poolfit::lint
