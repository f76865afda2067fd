#include "../mariadb/mariadb.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{10, 6}, {10, 11}, {11, 4}, {11, 8}};

constexpr self_managed::Row own{
    .id = "self-managed-mariadb",
    .mainstream = mainstream,
    .least_connections = 10,
    .untouched_connections = 151,
    .poolers = {},
    .tools = &self_managed::mysql_tools,
};

}  // namespace

constinit const Platform rows::self_managed_mariadb = self_managed::row(mariadb::engine, own);

}  // namespace poolfit::platform
