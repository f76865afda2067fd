#include "mariadb.hpp"

#include "../version_text.hpp"

namespace poolfit::platform::mariadb {

std::variant<EngineVersion, std::string> version(std::string_view text) {
    const auto parts = numbers(without_suffix(text, "-rds."));
    if (!parts || parts->size() > 3) return "is not a MariaDB version";
    if (parts->size() < 2) return "does not name a MariaDB series, such as 10.11 or 11.4";
    const Series series{parts->at(0), parts->at(1)};
    // The limit of 10.4 and older is another formula.
    if (series < Series{10, 5} || series.major > 99) return "is not one of MariaDB 10.5 to 99";
    return EngineVersion{series, parts->size() == 3 ? parts->back() : -1};
}

}  // namespace poolfit::platform::mariadb
