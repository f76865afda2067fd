#include "../mysql/mysql.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{8, 0}, {8, 4}};

constexpr self_managed::Row own{
    .id = "self-managed-mysql",
    .mainstream = mainstream,
    .least_connections = 1,
    .untouched_connections = 151,
    .poolers = {},
    .tools = &self_managed::mysql_tools,
};

}  // namespace

constinit const Platform rows::self_managed_mysql = self_managed::row(mysql::engine, own);

}  // namespace poolfit::platform
