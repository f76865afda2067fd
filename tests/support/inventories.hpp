// Parts of inventories that several rooms' tests have in common.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace poolfit::test {

/// The head of an inventory with one database, "main"; what it is of follows.
inline constexpr std::string_view main_database = R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
version = "16.8"
)";

/// "main" with 100 usable connections, 4 of which others open.
inline std::string main_of_100() {
    return fmt::format(
        "{}class = \"db.m5.large\"\nmax_connections = 105\nreserved_connections = 5\nother_connections = 4\n",
        main_database);
}

/// A reader of `primary`, with its own max_connections.
inline std::string reader(std::string_view name, std::string_view primary, int max_connections, int reserved) {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nreplica_of = \"{}\"\nmax_connections = {}\nreserved_connections = {}\n", name,
        primary, max_connections, reserved);
}

/// A pool of the service before it.
inline std::string pool(std::string_view name, std::string_view database, int max) {
    return fmt::format("[[service.pool]]\nname = \"{}\"\ndatabase = \"{}\"\nmax = {}\n", name, database, max);
}

/// A service of one instance that is recreated in a deploy; its pools follow.
inline std::string recreated(std::string_view name) {
    return fmt::format("[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n", name);
}

/// A reader "replica" beside "main", of 100 usable connections, and a service with 60 on "main" and 50 on the reader.
inline std::string main_and_reader() {
    return reader("replica", "main", 105, 5) + "other_connections = 1\n" + recreated("api") + pool("main", "main", 60) +
           pool("read", "replica", 50);
}

}  // namespace poolfit::test
