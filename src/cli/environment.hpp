// Environment variables; read nowhere else.
#pragma once

#include <cstdlib>
#include <string_view>

namespace poolfit::cli {

/// Its value; "" where it is not set, which counts the same everywhere.
inline std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? std::string_view(value) : std::string_view();
}

}  // namespace poolfit::cli
