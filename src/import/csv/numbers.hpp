// Numbers as spreadsheets of any language write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace poolfit::imports {

enum class Mark { none, comma, point };
/// What stands before the decimals of the numbers in the text, where that is certain: "1,234" may be either.
Mark decimal_mark(std::string_view text);

/// The text with its numbers as poolfit reads them: "1,234.5" is "1234.5", "3.76E+09" is "3760000000". Nothing if a
/// number is in no such form.
std::optional<std::string> plain_numbers(std::string_view text, bool decimal_comma);

/// A number without exponent and with at most six decimals, trailing zeros left out.
std::string decimal(double number);

}  // namespace poolfit::imports
