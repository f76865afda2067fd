#include "../postgresql/postgresql.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{13}, {14}, {15}, {16}, {17}, {18}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::pgbouncer};

}  // namespace

constinit const Platform rows::self_managed_postgresql{
    .id = "self-managed-postgresql",
    .provider = own_provider,
    .engine = postgresql::engine,
    .names = {postgresql::name, postgresql::name, postgresql::name, {}},
    .versions = {postgresql::version_example, postgresql::version, 0, mainstream},
    .has_classes = false,
    .class_prefix = {},
    .class_example = {},
    .region_example = {},
    .deployments = self_managed::deployments,
    .terms = {},
    .limit = self_managed::limit(1, 262'143, 100),
    .buffers_name = "shared_buffers",
    .buffers = nullptr,
    .rest = nullptr,
    .reads_past_page_cache = false,
    .connection_memory = postgresql::connection_memory,
    .connection_source = postgresql::connection_source,
    .standby_needs_limit = true,
    .overrun = nullptr,
    .poolers = poolers,
    .words = self_managed::words(postgresql::limit_command, "postgresql.conf", "numbackends of pg_stat_database",
                                 postgresql::activity, postgresql::by_client),
};

}  // namespace poolfit::platform
