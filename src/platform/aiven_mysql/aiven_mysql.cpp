#include "../mysql/mysql.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{8, 0}, {8, 4}};

constexpr self_managed::Row own{
    .id = "aiven-mysql",
    .mainstream = mainstream,
    .least_connections = 1,
    .untouched_connections = 0,
    .poolers = {},
};

constexpr Leaving leaving{"a dump (mysqldump)", "the dump",
                          " elsewhere: do not count on backups of a service that is deleted."};

}  // namespace

/// No classes: a plan is vCPUs and memory, and the limit follows the memory.
constinit const Platform rows::aiven_mysql = [] {
    Platform row = self_managed::row(mysql::engine, own);
    row.provider = "aiven";
    row.leaving = &leaving;
    row.names = {"Aiven for MySQL", "Aiven MySQL", mysql::engine.name, "Aiven"};
    row.words.settings = "advanced configuration";
    row.words.monitoring = "Aiven's Metrics page";
    return row;
}();

}  // namespace poolfit::platform
