#include "../mysql/mysql.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{8, 0}, {8, 4}};

}  // namespace

constinit const Platform rows::self_managed_mysql{
    .id = "self-managed-mysql",
    .provider = own_provider,
    .engine = mysql::engine,
    .names = {mysql::name, mysql::name, mysql::name, {}},
    .versions = {mysql::version_example, mysql::version, 0, mainstream},
    .has_classes = false,
    .class_prefix = {},
    .class_example = {},
    .region_example = {},
    .deployments = self_managed::deployments,
    .terms = {},
    .limit = self_managed::limit(1, 100'000, 151),
    .buffers_name = "innodb_buffer_pool_size",
    .buffers = nullptr,
    .rest = nullptr,
    .reads_past_page_cache = true,
    .connection_memory = mysql::connection_memory,
    .connection_source = mysql::connection_source,
    .standby_needs_limit = false,
    .overrun = nullptr,
    .poolers = {},
    .words =
        self_managed::words(mysql::limit_command, "my.cnf", "Threads_connected", mysql::activity, mysql::by_client),
};

}  // namespace poolfit::platform
