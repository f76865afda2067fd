// What an import says of a file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/prices.hpp>

namespace poolfit::cli {

std::string counted(std::size_t count, std::string_view noun);
/// What was kept, by kind of row.
std::string kept_text(const catalog::OverlayRows& rows);
bool has_nothing(const catalog::OverlayRows& rows);
/// What was not, and why.
std::vector<std::string> left_out(const imports::Imported& file);
/// Classes that have a price in `rows`, and none in a list of all prices of the same engines and regions.
std::vector<std::string> without_price_now(const catalog::OverlayRows& rows, const imports::Imported& file);
/// "a, b, c and 4 more"
std::string first_few(const std::vector<std::string>& names, std::size_t most);

}  // namespace poolfit::cli
