#include "mysql.hpp"

#include "../version_text.hpp"

namespace poolfit::platform::mysql {

std::variant<EngineVersion, std::string> version(std::string_view text) {
    const auto parts = numbers(without_suffix(text, "-rds."));
    if (!parts || parts->size() > 3) return "is not a MySQL version";
    if (parts->size() < 2) return "does not name a MySQL series, such as 8.0 or 8.4";
    const Series series{parts->at(0), parts->at(1)};
    if (series < Series{5, 7} || series.major > 99) return "is not one of MySQL 5.7 to 99";
    return EngineVersion{series, parts->size() == 3 ? parts->back() : -1};
}

}  // namespace poolfit::platform::mysql
