#include "../postgresql/postgresql.hpp"
#include "../rows.hpp"
#include "../self_managed/self_managed.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{13}, {14}, {15}, {16}, {17}, {18}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::pgbouncer};

constexpr self_managed::Row own{
    .id = "self-managed-postgresql",
    .mainstream = mainstream,
    .least_connections = 1,
    .untouched_connections = 100,
    .poolers = poolers,
    .tools = &self_managed::postgresql_tools,
};

}  // namespace

constinit const Platform rows::self_managed_postgresql = self_managed::row(postgresql::engine, own);

}  // namespace poolfit::platform
