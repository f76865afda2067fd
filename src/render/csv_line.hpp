// Lines of a CSV file by RFC 4180.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/unit/quantity.hpp>

namespace poolfit::render {

std::string csv_line(const std::vector<std::string>& fields);
std::string csv_number(double value);
std::string csv_usd(MicroUsdPerMonth amount);

}  // namespace poolfit::render
