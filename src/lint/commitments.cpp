#include "commitments.hpp"

#include <cmath>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::lint {

std::string commitment_target(const Fleet& fleet, Index index) {
    const Commitment& commitment = fleet.commitments[index];
    if (!commitment.name->empty()) return *commitment.name;
    return commitment.kind == Commitment::Kind::reserved ? *commitment.family : std::string("savings-plan");
}

std::string part_text(const Fleet& fleet, Index index, const CommitmentUse& use, double share) {
    const Commitment& commitment = fleet.commitments[index];
    const bool all = share > 1 - least_share;
    if (commitment.kind == Commitment::Kind::reserved) {
        const std::string whole = unit::print_number(use.units);
        const std::string part =
            all ? whole : fmt::format("{} of {}", unit::print_number(std::round(use.units * share * 100) / 100), whole);
        return fmt::format("{} units of {}", part, *commitment.family);
    }
    const MicroUsdPerMonth paid = **commitment.paid;
    const MicroUsdPerMonth part(std::llround(static_cast<double>(paid.value) * share));
    return all ? fmt::format("a savings plan of {}/mo", unit::print(paid))
               : fmt::format("{} of the {}/mo of a savings plan", unit::print(part), unit::print(paid));
}

std::vector<Index> databases_of(const LintInput& input, Index index) {
    const Commitment& commitment = input.fleet.commitments[index];
    std::vector<Index> databases;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        const bool plan = commitment.kind == Commitment::Kind::savings_plan;
        if (plan ? database.platform->commitment != nullptr
                 : database.platform == commitment.platform && *database.region == *commitment.region)
            databases.push_back(i);
    }
    return databases;
}

}  // namespace poolfit::lint
