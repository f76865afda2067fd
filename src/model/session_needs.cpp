#include <poolfit/model/session_needs.hpp>

#include <algorithm>

#include <poolfit/model/driver.hpp>

namespace poolfit::model {

std::vector<SessionNeed> session_needs(const Pool& pool) {
    std::vector<SessionNeed> needs;
    for (const Located<std::string>& feature : pool.features) {
        SessionNeed& need = needs.emplace_back();
        need.place = feature.place;
        if (*feature == "listen") need.kind = SessionNeed::Kind::listen;
        if (*feature == "session") need.kind = SessionNeed::Kind::session;
        need.loses = need.kind != SessionNeed::Kind::prepared;
    }
    if (!pool.driver || pool.driver_default == nullptr || !needs.empty()) return needs;
    // A driver's own LISTEN is not a setting that a list could turn off.
    if (pool.features_place && !pool.driver_default->listens) return needs;
    if (!pool.driver_default->session_use.empty())
        needs.push_back({SessionNeed::Kind::driver, pool.driver_default->listens, pool.driver->place});
    return needs;
}

bool session_needs_known(const Pool& pool) { return pool.features_place || pool.driver_default != nullptr; }

bool keeps_session(const Pool& pool) {
    if (pool.driver_default != nullptr && pool.driver_default->listens) return true;
    return std::ranges::any_of(pool.features, [](const auto& feature) { return *feature == "session"; });
}

}  // namespace poolfit::model
