// What a smaller class does to the memory that holds data, and what is said of it.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

/// An almost idle server of 16 GiB.
Planned idle(std::string_view engine, std::string_view observed) {
    return plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n{}\nclass "
                    "= \"db.m5.xlarge\"\n"
                    "[database.observed]\ncpu_mean = \"2%\"\ncpu_peak = \"5%\"\nwindow = \"30 "
                    "d\"\n{}\n[[service]]\nname = \"app\"\n"
                    "[[service.pool]]\nname = \"main\"\ndatabase = \"db\"\nmax = 10\n",
                    engine, observed));
}
constexpr std::string_view postgresql = "engine = \"postgresql\"\nversion = \"16.4\"";

const RiskReason* cache_of(const Planned& planned) {
    const auto& reasons = planned.plan.databases[0].recommendation.risk_reasons;
    const auto found = std::ranges::find(reasons, RiskReason::Kind::cache, &RiskReason::kind);
    return found == reasons.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("an idle server of 16 GiB does not fit into one of 1 GiB, which needs most of it at rest") {
    const Planned planned = idle(postgresql, "freeable_memory = \"13 GiB\"");
    const Recommendation& recommendation = planned.plan.databases[0].recommendation;
    CHECK(recommendation.verdict == Verdict::resize);
    CHECK(recommendation.cls->memory.value >= 2 * bytes_per_gib);
    CHECK(recommendation.cls->memory.value <= 4 * bytes_per_gib);
    CHECK(recommendation.risk == Risk::high);
    const RiskReason* cache = cache_of(planned);
    REQUIRE(cache != nullptr);
    CHECK(cache->level == Risk::high);
    CHECK_FALSE(cache->reads.has_value());
}

TEST_CASE("disk reads lower the risk, data that fit end it, data that do not fit raise it") {
    const auto level = [](std::string_view more) {
        const Planned planned = idle(postgresql, fmt::format("freeable_memory = \"13 GiB\"\n{}", more));
        const RiskReason* cache = cache_of(planned);
        return cache == nullptr ? Risk::low : cache->level;
    };
    CHECK(level("") == Risk::high);
    CHECK(level("iops = 40") == Risk::medium);
    CHECK(level("data_size = \"300 MiB\"") == Risk::low);
    CHECK(level("data_size = \"40 GiB\"") == Risk::high);
    CHECK(level("data_size = \"40 GiB\"\niops = 40") == Risk::high);
    // 11 of 16 GiB free, of which 8 GiB have to stay: about three quarters.
    const Planned half = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nfreeable_memory_min = \"4 GiB\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.m5.xlarge\"\n"
        "[database.observed]\ncpu_mean = \"2%\"\ncpu_peak = \"5%\"\nfreeable_memory = \"11 GiB\"\nwindow = \"30 d\"\n");
    REQUIRE(cache_of(half) != nullptr);
    CHECK(cache_of(half)->level == Risk::medium);
}

TEST_CASE("the data in InnoDB's buffer pool do not vanish: what held them is looked at, not what is freeable") {
    const Planned planned = idle("engine = \"mysql\"\nversion = \"8.0.40\"", "freeable_memory = \"9-11 GiB\"");
    const DatabasePlan& plan = planned.plan.databases[0];
    // 5–7 GiB used, of which 3–6 GiB are data: no class under 8 GiB holds what is in use.
    CHECK(plan.recommendation.cls->memory.value >= 8 * bytes_per_gib);
    REQUIRE(plan.now.cache.has_value());
    CHECK(plan.now.cache->low.value > 2 * bytes_per_gib);
    CHECK(plan.now.cache->high.value < 7 * bytes_per_gib);
    // 13 GiB free of 16: 1–2 GiB of data at most, and the pool of the smaller class is as large.
    const Planned small = idle("engine = \"mysql\"\nversion = \"8.0.40\"", "freeable_memory = \"13 GiB\"");
    CHECK(small.plan.databases[0].now.cache->high.value < 3 * bytes_per_gib);
}
