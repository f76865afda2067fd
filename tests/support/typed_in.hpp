// A plan, typed into its inventory as a user would who reads its phases.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/diag/source.hpp>
#include <poolfit/lint/rule.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/plan/action.hpp>
#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/strategy.hpp>

namespace poolfit::test {

/// All that `plan` and `check` say of an inventory, without derivations.
struct Answer {
    std::unique_ptr<Sources> sources;
    const SourceText* source = nullptr;
    Fleet fleet;
    Plan plan;
    std::vector<Strategy> strategies;
    std::vector<Action> phases;
    std::vector<Runway> runway;
    std::vector<Finding> findings;  ///< point into the answer
    std::vector<Finding> in_code;   ///< of them, those that `plan` says no plan ends
};

/// Nothing where the text does not load.
std::unique_ptr<Answer> answer(std::string text, plan::Depth depth = plan::Depth::decide);
/// What is wrong with a text that does not load.
std::string problems(std::string text);

/// The inventory once every phase is carried out: the class, max_connections, sizes, poolers and instances that the
/// phases name, and what was projected as what is then measured. A server that the phases leave alone keeps what it
/// has. With `phases`: only the first so many.
std::string typed_in(const Answer& answer, std::size_t phases = static_cast<std::size_t>(-1));
/// A fault of the applied plan as a test reports it: `least` is the smallest inventory with it, `again` what is wrong
/// there.
std::string shrunk(std::uint64_t seed, const std::string& fault, const std::string& least, const std::string& again);

}  // namespace poolfit::test
