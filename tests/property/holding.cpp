// Sizes of generated services stay between what their processes have to hold and what they can.
#include <array>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/assess/holding.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/plan/fit.hpp>

#include "../support/fleet.hpp"
#include "../support/inventories.hpp"
#include "../support/random_fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int cases = sampled(400);

template <std::size_t N>
const char* one_of(Generator& g, const std::array<const char*, N>& all) {
    return all[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(N) - 1))];
}

/// A service with one pool and, of each key, any value or none.
std::string service(Generator& g) {
    const int threads = uniform(g, 1, 30);
    std::string text = "[[service]]\nname = \"s\"\n";
    switch (uniform(g, 0, 4)) {
        case 0:
            text += fmt::format("threads = {}\n", threads);
            break;
        case 1:
            text += fmt::format("runtime = \"threads\"\nthreads = {}\n", threads);
            break;
        default:
            text +=
                fmt::format("runtime = \"{}\"\n", one_of<4>(g, {"threads", "event-loop", "processes", "serverless"}));
    }
    text += fmt::format("processes = {}\ninstances = {}\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\n",
                        uniform(g, 1, 4), uniform(g, 1, 4));
    const bool has_driver = uniform(g, 0, 3) > 0;
    if (has_driver)
        text += fmt::format("driver = \"{}\"\n",
                            one_of<5>(g, {"activerecord", "django", "hikaricp", "database/sql", "sqlalchemy"}));
    if (!has_driver || uniform(g, 0, 1) == 0) text += fmt::format("max = {}\n", uniform(g, 1, 40));
    if (uniform(g, 0, 5) == 0) text += "features = [\"listen\"]\n";
    if (uniform(g, 0, 1) == 0) {
        const int low = uniform(g, 0, 10);
        text += fmt::format("in_use = \"{}-{}\"\n", low, low + uniform(g, 0, 10));
    }
    if (uniform(g, 0, 2) == 0)
        text += fmt::format("workload = {{ rate = \"{}/s\", hold = \"{} ms\", nested = {} }}\n", uniform(g, 1, 200),
                            uniform(g, 1, 60), uniform(g, 0, 3) == 0 ? 1 : 0);
    if (uniform(g, 0, 3) == 0) text += fmt::format("databases = {}\n", uniform(g, 2, 12));
    return text;
}

void check(const Planned& planned, const std::string& text) {
    const Fleet& fleet = planned.fleet;
    const Pool& pool = fleet.pools[0];
    const PoolPlan& plan = planned.plan.pools[0];
    const auto today = plan.declared ? std::optional(plan.declared->value) : std::nullopt;
    const model::Holding holding = model::holding(fleet, pool, today);
    CHECK(holding.floor.value >= 1);
    if (holding.ceiling) CHECK(holding.floor <= *holding.ceiling);
    // The figure is the number.
    Figures figures;
    const Recorder r(&figures);
    const auto floor = assess::has_to_hold(fleet, 0, plan.declared, r);
    CHECK(floor.value == holding.floor);
    CHECK(figures[floor.id].value.high == static_cast<double>(holding.floor.value));
    if (const auto most = model::most_by_runtime(fleet, pool)) {
        const auto ceiling = assess::can_hold(fleet, 0, r);
        CHECK(ceiling.value == *most);
        CHECK(figures[ceiling.id].value.high == static_cast<double>(most->value));
    }
    CHECK(figures.conflicts().empty());
    CHECK(planned.figures->conflicts().empty());

    if (!model::has_setting(pool)) {
        CHECK(plan.advice.size.has_value() == plan.declared.has_value());
        if (plan.advice.size) CHECK(plan.advice.size->value == *today);
    }
    if (!plan.advice.size) return;
    const Connections advised = plan.advice.size->value;
    // Below it only where today's is, and the server has no room for more.
    CHECK((advised >= holding.floor || (today && advised >= *today)));
    if (advised < holding.floor)
        CHECK(!plan::no_worse(planned.plan,
                              plan::demand_with(fleet, planned.plan, {{{0, {}, 0, {}, {}}, holding.floor.value}})));
    const bool locks_up = plan.load && plan.load->deadlock_floor && holding.ceiling &&
                          plan.load->deadlock_floor->value > *holding.ceiling;
    if (holding.ceiling && !locks_up) CHECK(advised <= *holding.ceiling);
    // A fix that makes it smaller does not go below, or below what the server has room for.
    for (const plan::Consumer& consumer : plan::consumers(fleet, planned.plan, 0))
        CHECK(plan::slope(fleet, planned.plan, consumer).least >= std::min(holding.floor, advised).value);
    // Whoever applies it is told to keep it.
    if (!model::has_setting(pool)) return;
    const Planned applied = plan_text(text, {fmt::format("service.s.pool.p.max={}", advised.value)});
    CHECK(applied.plan.pools[0].advice.size->value == advised);
}

}  // namespace

TEST_CASE("property: an advised size is between what a process has to hold and what it can") {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator g(seed * 1'000'003 + 71);
        const std::string text = main_of_100() + service(g);
        INFO("seed " << seed << "\n" << text);
        check(plan_text(text), text);
    }
}
