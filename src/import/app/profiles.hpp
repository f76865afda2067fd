// Profiles of Spring, by name and as expressions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../tree/sealed.hpp"

namespace poolfit::imports {

/// The names between commas.
std::vector<std::string> profile_names(std::string_view list);
/// "!prod", "prod & eu", and no plain name?
bool is_profile_expression(std::string_view name);
/// Does it hold where these profiles run?
bool profile_expression_holds(std::string_view expression, const std::vector<std::string>& active);
/// One for other places than production?
bool is_profile_of_tests(std::string_view name);
/// A list of profiles as a note may show it; "?" where it is no such thing.
std::string profiles_of(const Sealed& value);

}  // namespace poolfit::imports
