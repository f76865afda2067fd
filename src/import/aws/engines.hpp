// Engines, regions and dates in the words of AWS.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <poolfit/platform/platform.hpp>

#include "../stream/fields.hpp"

namespace poolfit::imports::aws {

/// The row with classes of "PostgreSQL", "Aurora MySQL"; null for engines that poolfit does not know.
const Platform* by_name(std::string_view name);
/// The same of a name without its spaces, as usage types have it: "AuroraMySQL".
const Platform* by_usage(std::string_view name);
/// Of the API's "postgres", "aurora-mysql".
const Platform* by_word(std::string_view word);

/// "eu-central-1" of "EU (Frankfurt)"; empty where the place is not known.
std::string_view region_of(std::string_view location);
/// "eu-west-1" of "eu-west-1a".
std::string region_of_zone(std::string_view zone);

/// What fetches the page that an answer's token is of; nothing where it has none.
std::string next_page(std::string_view key, std::string_view token);

using imports::day_of;

}  // namespace poolfit::imports::aws
