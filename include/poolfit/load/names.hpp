// What a record may be called.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace poolfit::load {

/// Longest name of a record, in characters.
inline constexpr std::size_t longest_name = 64;

/// The first byte that no name has there: letters, digits, '.', '_' and '-', a letter or a digit first. The size of the
/// text if there is none.
std::size_t not_of_a_name(std::string_view text);

/// The name nearest to a text: "orders db" is "orders-db". Empty if the text has no letter and no digit.
std::string as_name(std::string_view text);

}  // namespace poolfit::load
