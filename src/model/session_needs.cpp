#include <poolfit/model/session_needs.hpp>

#include <algorithm>

#include <poolfit/model/driver.hpp>

namespace poolfit::model {
namespace {

/// Drivers whose defaults need a session (data/drivers; docs of the drivers). PF013 has the setting that ends it.
struct Default {
    std::string_view driver;
    bool listens = false;
};
constexpr Default defaults[] = {
    {"postgres-js"},
    {"asyncpg"},
    {"tortoise"},
    {"psycopg-pool"},
    {"prisma-engine"},
    {"activerecord"},
    {"ecto"},
    {"pgxpool"},
    {"sqlx-rust"},
    {"npgsql"},
    {"hikaricp"},
    {"dbcp2"},
    {"tomcat-jdbc"},
    {"c3p0"},
    {"agroal"},
    {"quarkus"},
    {"graphile-worker", true},
    {"postgrest", true},
};

}  // namespace

std::optional<bool> driver_listens(std::string_view driver) {
    const auto* at = std::ranges::find(defaults, driver, &Default::driver);
    return at == std::end(defaults) ? std::nullopt : std::optional(at->listens);
}

std::vector<SessionNeed> session_needs(const Pool& pool) {
    std::vector<SessionNeed> needs;
    for (const Located<std::string>& feature : pool.features) {
        SessionNeed& need = needs.emplace_back();
        need.place = feature.place;
        if (*feature == "listen") need.kind = SessionNeed::Kind::listen;
        if (*feature == "session") need.kind = SessionNeed::Kind::session;
        need.loses = need.kind != SessionNeed::Kind::prepared;
    }
    if (!needs.empty() || !pool.driver || pool.driver_default == nullptr) return needs;
    if (const auto listens = driver_listens(pool.driver_default->id))
        needs.push_back({SessionNeed::Kind::driver, *listens, pool.driver->place});
    return needs;
}

bool session_needs_known(const Pool& pool) { return !pool.features.empty() || pool.driver_default != nullptr; }

}  // namespace poolfit::model
