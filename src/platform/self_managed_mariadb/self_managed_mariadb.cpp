#include "../mariadb/mariadb.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{10, 6}, {10, 11}, {11, 4}, {11, 8}};

}  // namespace

constinit const Platform rows::self_managed_mariadb{
    .id = "self-managed-mariadb",
    .provider = own_provider,
    .engine = mariadb::engine,
    .names = {mariadb::name, mariadb::name, mariadb::name, {}},
    .versions = {mariadb::version_example, mariadb::version, 0, mainstream},
    .has_classes = false,
    .class_prefix = {},
    .class_example = {},
    .region_example = {},
    .deployments = self_managed::deployments,
    .terms = {},
    .limit = self_managed::limit(10, 100'000, 151),
    .buffers_name = "innodb_buffer_pool_size",
    .buffers = nullptr,
    .rest = nullptr,
    .reads_past_page_cache = true,
    .connection_memory = mariadb::connection_memory,
    .connection_source = mariadb::connection_source,
    .standby_needs_limit = false,
    .overrun = nullptr,
    .poolers = {},
    .words = self_managed::words(mariadb::limit_command, "my.cnf", "Threads_connected", mariadb::activity,
                                 mariadb::by_client),
};

}  // namespace poolfit::platform
