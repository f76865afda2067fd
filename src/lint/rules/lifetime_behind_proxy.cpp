// PF040: connections that live longer than RDS Proxy lets them.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::lifetime_behind_proxy{
    "PF040",
    "lifetime-behind-proxy",
    Severity::warning,
    "0.1.0",
    "A pool behind RDS Proxy keeps connections for 24 hours or longer.",
    "RDS Proxy closes a client connection after 24 hours, and no setting changes that. A pool that does not replace "
    "its "
    "connections before hands out closed ones, and a query fails once a day. A lifetime that the inventory gives is an "
    "error in waiting; where only the driver's default is known to have no end, the finding is info.",
    "Set the pool's maximum lifetime under 24 hours, such as 23 h or less, and max_lifetime in the inventory.",
    check,
};

namespace {

constexpr Millis longest(24 * 3'600'000.0);  // fixed by RDS Proxy

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const Pool& pool = input.fleet.pools[i];
        if (!pool.pooler || input.fleet.poolers[*pool.pooler].kind != Pooler::Kind::proxy) continue;
        const DriverDefault* driver = pool.driver_default;
        std::optional<Millis> lifetime = driver != nullptr ? driver->max_lifetime : std::nullopt;
        if (pool.max_lifetime) lifetime = pool.max_lifetime->value;
        if (!lifetime || (lifetime->value > 0 && *lifetime < longest)) continue;
        const Pooler& pooler = input.fleet.poolers[*pool.pooler];
        Finding finding =
            found(table::lifetime_behind_proxy, {pooler.database}, pool_target(input.fleet, pool),
                  pool.max_lifetime ? pool.max_lifetime->place : pool.driver->place,
                  lifetime->value > 0
                      ? fmt::format("keeps connections for {}, and {} closes them after 24 h", unit::print(*lifetime),
                                    *pooler.name)
                      : fmt::format("never closes a connection, and {} closes them after 24 h", *pooler.name));
        finding.pools = {i};
        const Place& place = pool.max_lifetime ? pool.max_lifetime->place : pool.place;
        finding.fix = assign(place, "max_lifetime", "\"23 h\"");
        if (!pool.max_lifetime) {
            finding.severity = Severity::info;
            finding.label = fmt::format("by default of {}", driver->name);
        }
        if (driver != nullptr && !driver->lifetime_option.empty())
            finding.fix =
                fmt::format("set {} of {} under 24 h, and {}", driver->lifetime_option, driver->name, finding.fix);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
