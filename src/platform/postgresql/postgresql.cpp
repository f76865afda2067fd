#include "postgresql.hpp"

#include "../version_text.hpp"

namespace poolfit::platform::postgresql {

std::variant<EngineVersion, std::string> version(std::string_view text) {
    const auto parts = numbers(without_suffix(text, "-R"));
    if (!parts || parts->size() > 2) return "is not a PostgreSQL version";
    const int major = parts->front();
    if (major < 10 || major > 99) return "is not one of PostgreSQL 10 to 99";
    return EngineVersion{{major, 0}, parts->size() == 2 ? parts->back() : -1};
}

}  // namespace poolfit::platform::postgresql
