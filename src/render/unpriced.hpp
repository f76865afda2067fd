// Classes that were not considered for want of a price: told once, with what gets it.
#pragma once

#include <string>
#include <vector>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// "151 classes of RDS PostgreSQL in eu-central-1 not considered, for want of a price"; of several regions or engines
/// one of them, and how many others there are.
/// ", without orders: no price, without audit: class not known": what the sums leave out.
std::string without_text(const Report& report, std::string (*name)(const std::string&));
std::string unpriced_text(const std::vector<Unpriced>& all);
/// The one that is named: the first whose platform has commands that fetch prices, else the first.
const Unpriced& unpriced_named(const std::vector<Unpriced>& all);
/// In one line: "154 classes have no price here: -v shows what gets it".
std::string unpriced_brief(const std::vector<Unpriced>& all);
/// The commands that fetch the prices and put them beside the inventory; none where a platform has no such command.
std::vector<std::string> price_commands(const Fleet& fleet, const Unpriced& which);

}  // namespace poolfit::render
