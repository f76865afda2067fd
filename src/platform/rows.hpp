// The rows, each in its folder. A new one is named here and listed in registry.cpp.
#pragma once

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform::rows {

extern const Platform rds_postgresql, self_managed_postgresql;
extern const Platform rds_mysql, self_managed_mysql;
extern const Platform rds_mariadb, self_managed_mariadb;
extern const Platform aurora_postgresql, aurora_serverless_postgresql;
extern const Platform aurora_mysql, aurora_serverless_mysql;
extern const Platform cloud_sql_postgresql, cloud_sql_mysql;
extern const Platform azure_postgresql;
extern const Platform neon_postgresql;
extern const Platform aiven_mysql;

}  // namespace poolfit::platform::rows
