// One database "db" in us-east-1, and what a test adds to it.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/assess/projection.hpp>

#include "../../support/fleet.hpp"

namespace poolfit::test {

/// `keys` go into the database's record, `rest` follows it.
inline std::string inventory(std::string_view cls, std::string_view keys, std::string_view rest = "",
                             std::string_view policy = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\n{}\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n{}\n{}\n",
        policy, cls, keys, rest);
}

/// A service with one pool "p" on "db".
inline std::string service(std::string_view name, std::string_view keys, std::string_view pool,
                           std::string_view target = "db") {
    return fmt::format("[[service]]\nname = \"{}\"\n{}\n[[service.pool]]\nname = \"p\"\ndatabase = \"{}\"\n{}\n", name,
                       keys, target, pool);
}

inline const InstanceClass& cls(std::string_view name, std::string_view platform = "rds-postgresql") {
    const InstanceClass* found = catalog().find_class(*platform::by_id(platform), name);
    REQUIRE_MESSAGE(found != nullptr, name);
    return *found;
}

}  // namespace poolfit::test
