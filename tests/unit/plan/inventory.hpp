// Small inventories as text, for tests of advice: one database `db`, services with one pool each.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace poolfit::test {

inline std::string one_database(std::string_view cls, std::string_view keys = "", std::string_view rest = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n{}\n{}",
        cls, keys, rest);
}

/// A service of its own with one pool on `db`, deployed without a second instance beside the first.
inline std::string one_pool(std::string_view service, std::string_view keys, std::string_view of_service = "") {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n{}\n[[service.pool]]\nname = \"p\"\ndatabase = "
        "\"db\"\n{}\n",
        service, of_service, keys);
}

}  // namespace poolfit::test
