// The strategies, the phases and the runway, in a few lines each.
#pragma once

#include <optional>
#include <string>

#include <poolfit/report/report.hpp>

#include "block.hpp"

namespace poolfit::render {

/// "51 → 31", or one of the two where they are alike.
std::string before_after(const std::optional<Figure<Connections>>& before,
                         const std::optional<Figure<Connections>>& after);
/// "−39 %", "0 %"; empty where it is not known.
std::string change_text(const Strategy& strategy);
/// That no strategy is recommended, and why.
std::string none_text(const Report& report);

/// With details also when each of the others takes over.
void print_strategies(Page& page, const Report& report, const Extent& extent);
void print_phases(Page& page, const Report& report, const Extent& extent);
/// The limit that binds first, of today's plan and of the recommended.
void print_runway(Page& page, const Report& report, const Extent& extent);

}  // namespace poolfit::render
