// PF103: the same class, a generation later.
#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::old_generation{
    "PF103",
    "old-generation",
    Severity::info,
    "0.1.0",
    "A newer generation of the same class costs no more.",
    "Newer generations of a family are faster per vCPU for the same money, and old ones are the first that new engine "
    "versions drop. The rule looks for classes of the same line, size and architecture, in the "
    "region and for the engine version, that pass every limit and cost no more. Not reported if another class "
    "saves money anyway (PF101). A class whose support has ended is a warning, with a successor or without.",
    "Change the class at the next maintenance window.",
    check,
};

namespace {

std::string_view line(const InstanceClass& cls) {
    return cls.family.substr(0, std::min(cls.family.find_first_of("0123456789"), cls.family.size()));
}
std::string_view size(const InstanceClass& cls) { return cls.name.substr(cls.name.rfind('.') + 1); }

bool succeeds(const Candidate& candidate, const InstanceClass& today, MicroUsdPerMonth price) {
    const InstanceClass& cls = *candidate.cls;
    // What one list of two has is to be asked about, not to be moved to by a fix.
    return candidate.fits && candidate.doubt() != Offer::Doubt::one_list && candidate.doubt() != Offer::Doubt::sold &&
           candidate.ranked_by && *candidate.ranked_by <= price && cls.generation > today.generation &&
           cls.arch == today.arch && line(cls) == line(today) && size(cls) == size(today) && cls.vcpus >= today.vcpus &&
           cls.memory >= today.memory;
}

/// "$306.00/mo instead of $321.20/mo"; what prints alike is the same price.
std::string price_text(MicroUsdPerMonth then, MicroUsdPerMonth now) {
    const std::string to = unit::print(then), from = unit::print(now);
    return to == from ? fmt::format("the same {}/mo", to) : fmt::format("{}/mo instead of {}/mo", to, from);
}

const EndedClasses* ended(const Database& database, Date today) {
    for (const EndedClasses& classes : database.platform->ended_classes)
        if (classes.family == database.type->family && classes.on < today) return &classes;
    return nullptr;
}

std::string ended_text(const Database& database, const EndedClasses& classes) {
    const std::string on = unit::print(classes.on);
    if (classes.moved)
        return fmt::format("{} has moved servers off {} since {}", database.platform->names.keeper, classes.family, on);
    return fmt::format("{}'s support for {} ended on {}", database.platform->names.keeper, classes.family, on);
}

Finding no_longer_supported(const LintInput& input, Index i, const EndedClasses& classes) {
    const Database& database = input.fleet.databases[i];
    Finding finding = found(table::old_generation, {i}, *database.name, class_place(input.fleet, database),
                            fmt::format("{}: {}", database.type->name, ended_text(database, classes)));
    finding.severity = Severity::warning;
    finding.fix = "change to a class of a current generation";
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const DatabasePlan& own = input.plan.databases[i];
        const Database& database = input.fleet.databases[i];
        const bool moves = own.recommendation.cls != nullptr && own.recommendation.cls != database.type;
        if (moves || own.recommendation.idle) continue;
        const EndedClasses* const classes = ended(database, input.plan.market->today());
        if (!own.now.cost) {
            if (classes != nullptr) findings.push_back(no_longer_supported(input, i, *classes));
            continue;
        }
        const Candidate* best = nullptr;
        for (const Candidate& candidate : own.candidates)
            if (succeeds(candidate, *database.type, own.now.cost->value) &&
                (!best || *candidate.ranked_by < *best->ranked_by ||
                 (*candidate.ranked_by == *best->ranked_by && candidate.cls->generation > best->cls->generation)))
                best = &candidate;
        if (!best) {
            if (classes != nullptr) findings.push_back(no_longer_supported(input, i, *classes));
            continue;
        }
        // What commitments cover costs less than by list price.
        const auto paid = plan::saves_beside_commitments(input.fleet, input.plan, i, *best);
        if (paid && paid->value < 0) continue;
        Finding finding = found(table::old_generation, {i}, *database.name, class_place(input.fleet, database),
                                fmt::format("{} is the newer {}, at {}", best->cls->name, database.type->name,
                                            price_text(*best->ranked_by, own.now.cost->value)));
        finding.label = fmt::format("generation {}", database.type->generation);
        if (classes != nullptr) {
            finding.severity = Severity::warning;
            finding.notes.emplace_back("ended", ended_text(database, *classes));
        }
        finding.fix = assign(class_place(input.fleet, database), "class", fmt::format("\"{}\"", best->cls->name));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
