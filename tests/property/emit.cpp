// What is emitted is the plan: no size, limit or text that it does not have.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/emit/emit.hpp>

#include "../support/fleet.hpp"
#include "../support/fleets.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// Numbers behind `mark`, at the end of a line but for a semicolon.
std::int64_t sum_behind(const std::string& text, std::string_view mark) {
    std::int64_t sum = 0;
    for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at + 1))
        sum += std::stoll(text.substr(at + mark.size()));
    return sum;
}

/// Every pool connects by itself, and no server has another one beside it: then the limits are the deploy's sum.
bool is_plain(const Report& report) {
    const Fleet& fleet = *report.fleet;
    const bool replicas =
        std::ranges::any_of(fleet.databases, [](const Database& d) { return d.replica_of.has_value(); });
    const bool adds =
        std::ranges::any_of(report.strategies, [](const Strategy& s) { return s.recommended && !s.poolers.empty(); });
    return !replicas && !adds && *fleet.policy.deploys_together;
}

}  // namespace

TEST_CASE("what is emitted is the plan") {
    int compared = 0;
    for_seeds(4'013, [&](std::uint64_t seed, Generator& generator) {
        if (seed >= 300) return;  // each is composed as a whole
        CAPTURE(seed);
        const Planned planned = plan_text(toml(seed % 2 == 0 ? random_fleet(generator) : rich_fleet(generator)));
        const Report report = report::compose(planned.fleet, test::catalog(), {});
        emit::Request request;
        request.report = &report;
        request.databases.assign(planned.fleet.databases.size(), 1);
        request.services.assign(planned.fleet.services.size(), 1);
        for (const emit::Kind& kind : emit::kinds()) {
            const emit::Emission emission = kind.emit(request);
            for (const emit::File& file : emission.files) {
                CHECK(file.text.find("{{") == std::string::npos);
                CHECK(emit::path_part(file.path) == file.path);
                CHECK(std::ranges::count(emission.files, file.path, &emit::File::path) == 1);
            }
        }
        for (const emit::PoolSetting& each : emit::find_kind("pools")->emit(request).pools) {
            const PoolSize& size = report.plan.pools[each.pool].recommended();
            REQUIRE(each.max.has_value() == size.has_value());
            if (size) CHECK(*each.max == size->value);
        }
        if (!is_plain(report)) return;
        std::int64_t limits = 0, demand = 0;
        bool over = false;
        const emit::Emission roles = emit::find_kind("roles")->emit(request);
        for (const emit::File& file : roles.files) {
            limits += sum_behind(file.text, "CONNECTION LIMIT ");
            limits += sum_behind(file.text, "MAX_USER_CONNECTIONS ");
        }
        for (Index i = 0; i < planned.fleet.databases.size(); ++i) {
            const auto& deploy = report.plan.databases[i].after.deploy_peak;
            if (!deploy) return;
            const std::int64_t own = deploy->value.value - planned.fleet.databases[i].other_connections->value;
            const Limits& server = report.plan.databases[i].chosen.limits;
            over = over || (server.known && own > 0 && deploy->value > server.usable.value);
            demand += own;
        }
        // More than a server holds is said, and a limit above that is left out.
        CHECK(roles.gaps.empty() != over);
        if (over) {
            CHECK(limits <= demand);
            return;
        }
        CHECK(limits == demand);
        compared += 1;
    });
    CHECK(compared > 0);
}
