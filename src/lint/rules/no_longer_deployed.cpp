// PF403: a record of the inventory came from one of the files, which no longer has it.
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../drift.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::no_longer_deployed{
    "PF403",
    "no-longer-deployed",
    Severity::info,
    "0.1.0",
    "A record of the inventory came from one of the files, which no longer has it.",
    "It may have been removed, renamed or moved to a file that was not named. As long as it stays, its "
    "connections are counted, and that is the safe side; so this is a note, and no import removes a record. "
    "Where the file has it and it is not taken, such as a Deployment with 0 replicas, the note says why.",
    "Remove the record if it no longer runs; else name the file that has it, or remove the comment behind its "
    "name.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    return found_drifts(table::no_longer_deployed, input, Drift::Kind::gone, [](const Drift& drift) {
        const std::string_view word =
            drift.record == "alias" ? "database of the pooler" : std::string_view(drift.record);
        if (drift.deployed.empty()) return fmt::format("{} does not have this {}", drift.source, word);
        return fmt::format("{} no longer gives this {}: {}", drift.source, word, drift.deployed);
    });
}

}  // namespace
}  // namespace poolfit::lint
