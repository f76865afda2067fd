// Words that the renderers and the files for other tools share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace poolfit::render {

/// "1 database", "3 databases".
std::string counted(std::size_t n, std::string_view noun);
/// "1 process", "1,200 processes".
std::string counted(std::int64_t n, std::string_view one, std::string_view many);

}  // namespace poolfit::render
