// Prices and days as providers write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace poolfit::imports {

/// A catalog file takes no higher price for an hour or a month of anything, in nano-USD.
inline constexpr std::int64_t highest_price = 1'000'000LL * 1'000'000'000LL;
/// Nano-USD of "0.1780000000"; nothing where it is no price.
std::optional<std::int64_t> nano_of(std::string_view text);
/// "2026-11-20" of "2026-11-20T21:00:00Z"; nothing where it is no date.
std::optional<std::string> day_of(std::string_view time);
/// 20261120 of "2026-11-20"; 0 where there is none.
std::uint32_t day_number(std::string_view day);

}  // namespace poolfit::imports
