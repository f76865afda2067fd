// Memory on other classes, by hand. PostgreSQL: a quarter of what the engine sees (tests/unit/assess/limits.cpp) is
// shared_buffers: db.m5.large 1,954,640,691–2,047,249,613, db.t3.medium 923,313,766–989,813,145, db.t3.micro
// 166,644,941–213,988,147 bytes. The guest OS does not see 399,507,456, 282,066,944 and 125,829,120 bytes of their
// labels. At rest are 220–810 MiB: 230,686,720–849,346,560.
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/assess/leaves.hpp>

#include "inventory.hpp"

using namespace poolfit;
using test::cls;
using test::inventory;
using test::plan_text;
using test::Planned;

namespace {

Planned free(std::string_view memory, std::string_view policy = "") {
    return plan_text(
        inventory("db.m5.large", fmt::format("[database.observed]\nfreeable_memory = \"{}\"", memory), "", policy));
}

void check_bytes(const std::optional<Figure<Interval<Bytes>>>& figure, std::int64_t low, std::int64_t high) {
    REQUIRE(figure.has_value());
    CHECK(figure->value.low.value == low);
    CHECK(figure->value.high.value == high);
}

/// With so many connections more in a deploy than today.
Projection with_more(const Planned& planned, std::string_view name, std::int64_t more, Recorder r = {}) {
    const Market& market = *planned.plan.market;
    DatabaseDemand now = planned.plan.databases[0].demand, after = now;
    now.deploy_peak = Figure<Connections>{Connections(20), {}};
    after.deploy_peak = Figure<Connections>{Connections(20 + more), {}};
    return assess::project(planned.fleet, market, 0, market.offer(0, cls(name)), now, after, Phase::after, r);
}

}  // namespace

TEST_CASE("memory: what is in use stays, but for the buffers that do not fit") {
    // 3 GiB used, 2,821,718,016 of what the OS sees. Less the buffers that are too many, 964,827,546–1,123,935,847:
    // 1,697,782,169–1,856,890,470; what is at rest and full buffers are less than that, up to 1,839,159,705.
    const Planned planned = free("5 GiB");
    const Projection same = planned.on(0, "db.m5.large");
    check_bytes(same.memory_used, 3221225472, 3221225472);
    check_bytes(same.freeable, 5368709120, 5368709120);
    const Projection small = planned.on(0, "db.t3.medium");
    check_bytes(small.memory_used, 282066944 + 1697782169, 282066944 + 1856890470);
    check_bytes(small.freeable, 4294967296 - 2138957414, 4294967296 - 1979849113);
    const Check* share = small.find(Dimension::memory);
    REQUIRE(share != nullptr);
    CHECK(share->allowed == 0.85);
    CHECK(share->of == 4294967296.0);
    CHECK(*share->limit == doctest::Approx(0.85 * 4294967296.0));
    CHECK(share->value->high == 2138957414.0);
    CHECK(share->share == doctest::Approx(2138957414.0 / (0.85 * 4294967296.0)));
    CHECK(share->standing == Standing::inside);
    CHECK(small.find(Dimension::freeable_memory) == nullptr);  // the policy has no floor
}

TEST_CASE("memory: buffers that were never filled can not be taken off") {
    // 1 GiB used, 674,234,368 of what the OS sees: less than is at rest with full buffers, so that all of it stays;
    // but at the high end no less than 1,434 MiB, which an idle server of 4 GiB may use.
    check_bytes(free("7 GiB").on(0, "db.t3.medium").memory_used, 282066944 + 674234368, 1434 * bytes_per_mib);
    // 1–2 GiB used, up to 1,747,976,192: with buffers of 1,954,640,691 today nothing says that more are full than fit.
    check_bytes(free("6 GiB-7 GiB").on(0, "db.t3.medium").memory_used, 282066944 + 674234368, 282066944 + 1747976192);
    // 1–4 GiB used: up to 3,895,459,840, less 964,827,546.
    check_bytes(free("4 GiB-7 GiB").on(0, "db.t3.medium").memory_used, 282066944 + 674234368,
                282066944 + 3895459840 - 964827546);
}

TEST_CASE("memory: no class is used less than an idle server of it") {
    const Planned planned = free("7.9 GiB");  // 0.1 GiB used: what nobody can believe, but somebody may write
    check_bytes(planned.on(0, "db.t3.micro").memory_used, 836 * bytes_per_mib, 972 * bytes_per_mib);
    check_bytes(planned.on(0, "db.t3.small").memory_used, 836 * bytes_per_mib, 1138 * bytes_per_mib);
    check_bytes(planned.on(0, "db.t3.micro").freeable, 52 * bytes_per_mib, 188 * bytes_per_mib);
    check_bytes(planned.on(0, "db.m5.large").freeable, 8482560410, 8482560410);  // today's is measured
}

TEST_CASE("memory: what is swapped out is in use") {
    const Planned planned =
        plan_text(inventory("db.m5.large", "[database.observed]\nfreeable_memory = \"5 GiB\"\nswap = \"0-90 MiB\""));
    constexpr std::int64_t swapped = 90 * bytes_per_mib;
    check_bytes(planned.on(0, "db.m5.large").memory_used, 3221225472, 3221225472 + swapped);
    check_bytes(planned.on(0, "db.m5.large").freeable, 5368709120, 5368709120);
    check_bytes(planned.on(0, "db.t3.medium").memory_used, 282066944 + 1697782169, 282066944 + 1856890470 + swapped);
}

TEST_CASE("memory: more connections in a deploy than ever today take memory") {
    // 3,947 KiB each at the most: ten are 40,417,280.
    const Planned planned = free("5 GiB");
    const Projection same = with_more(planned, "db.m5.large", 10);
    check_bytes(same.memory_used, 3221225472, 3221225472 + 40417280);
    check_bytes(same.freeable, 5368709120 - 40417280, 5368709120);
    check_bytes(with_more(planned, "db.t3.medium", 10).memory_used, 1979849113, std::int64_t{2138957414} + 40417280);
    check_bytes(with_more(planned, "db.t3.medium", 1).memory_used, 1979849113, std::int64_t{2138957414} + 4041728);
    check_bytes(with_more(planned, "db.m5.large", 0).memory_used, 3221225472, 3221225472);
    check_bytes(with_more(planned, "db.m5.large", -5).memory_used, 3221225472, 3221225472);
    Figures figures;
    with_more(planned, "db.t3.medium", 10, Recorder(&figures));
    CHECK(figures.conflicts().empty());
    const auto more = figures.find({{Subject::Kind::database, 0}, Name::memory_new_connections});
    REQUIRE(more.has_value());
    CHECK(figures[*more].value == Interval<double>{0, 40417280});
    const auto each =
        figures.find(assess::constant_key(Name::memory_per_connection, *planned.fleet.databases[0].platform));
    REQUIRE(each.has_value());
    CHECK(figures[*each].value == Interval<double>{1306 * 1024, 3947 * 1024});
    const auto at_rest = figures.find(assess::constant_key(Name::memory_at_rest, *planned.fleet.databases[0].platform));
    REQUIRE(at_rest.has_value());
    CHECK(figures[*at_rest].value == Interval<double>{230686720, 849346560});
}

TEST_CASE("memory: connections that were not seen were not in what is free") {
    // 20 in a deploy today, of which 15 were seen: five take 20,208,640, fifteen 60,625,920.
    const Planned few = free("5 GiB\"\nconnections = \"3-15");
    check_bytes(with_more(few, "db.m5.large", 0).memory_used, 3221225472, 3221225472 + 20208640);
    check_bytes(with_more(few, "db.m5.large", 10).memory_used, 3221225472, 3221225472 + 60625920);
    check_bytes(with_more(few, "db.m5.large", -5).memory_used, 3221225472, 3221225472);
    // What was measured stays what it was.
    check_bytes(with_more(few, "db.m5.large", 10).memory_seen, 3221225472, 3221225472);
    check_bytes(with_more(few, "db.m5.large", 10).freeable_seen, 5368709120, 5368709120);
    CHECK_FALSE(with_more(few, "db.t3.medium", 10).memory_seen);
    // What nothing listed opens stays when pools grow.
    const Planned many = free("5 GiB\"\nconnections = \"40");
    check_bytes(with_more(many, "db.m5.large", 0).memory_used, 3221225472, 3221225472);
    check_bytes(with_more(many, "db.m5.large", 10).memory_used, 3221225472, 3221225472 + 40417280);
    Figures figures;
    with_more(few, "db.t3.medium", 10, Recorder(&figures));
    CHECK(figures.conflicts().empty());
}

TEST_CASE("memory: constants of a platform are told apart by its label, the first one's too") {
    const Planned planned = plan_text(
        inventory("db.m5.large", "[database.observed]\nfreeable_memory = \"5 GiB\"",
                  "[[database]]\nname = \"my\"\nengine = \"mysql\"\nversion = \"8.0.40\"\nclass = \"db.m5.large\"\n"
                  "[database.observed]\nfreeable_memory = \"3 GiB\"\n"));
    const auto names = [&](Index database) {
        Figures figures;
        const Market& market = *planned.plan.market;
        const DatabaseDemand& now = planned.plan.databases[database].demand;
        assess::project(planned.fleet, market, database,
                        market.offer(database, cls("db.r5.large", planned.fleet.databases[database].platform->id)), now,
                        now, Phase::after, Recorder(&figures));
        std::vector<std::string_view> details;
        for (const Node& node : figures.all())
            if (node.key.name == Name::memory_at_rest || node.key.name == Name::memory_per_connection)
                details.push_back(node.key.detail);
        return details;
    };
    CHECK(names(0) == std::vector<std::string_view>{"postgresql", "postgresql"});
    CHECK(names(1) == std::vector<std::string_view>{"mysql", "mysql"});
}

TEST_CASE("memory: the policy's share, and its floor of what is freeable") {
    const auto at = [](std::string_view memory, std::string_view policy, Dimension dimension) {
        const Projection projection = free(memory, policy).on(0, "db.m5.large");
        const Check* check = projection.find(dimension);
        REQUIRE(check != nullptr);
        return check->standing;
    };
    // 8 GiB: 75 % are 6 GiB used.
    CHECK(at("2 GiB", "memory_max = \"75%\"", Dimension::memory) == Standing::inside);
    CHECK(at("1.99 GiB", "memory_max = \"75%\"", Dimension::memory) == Standing::over);
    CHECK(at("1.99 GiB-3 GiB", "memory_max = \"75%\"", Dimension::memory) == Standing::over);
    constexpr std::string_view floor = "freeable_memory_min = \"2 GiB\"";
    CHECK(at("2 GiB", floor, Dimension::freeable_memory) == Standing::inside);
    CHECK(at("1.99 GiB", floor, Dimension::freeable_memory) == Standing::over);
    CHECK(at("1.99 GiB-3 GiB", floor, Dimension::freeable_memory) == Standing::over);
    const Projection half = free("5 GiB", floor).on(0, "db.m5.large");
    CHECK(half.find(Dimension::freeable_memory)->share == doctest::Approx(0.5));  // 3 of the 6 GiB that it leaves
    CHECK(half.find(Dimension::freeable_memory)->value->low == 5368709120.0);
    // A floor that no memory is left above.
    const Projection none = free("5 GiB", "freeable_memory_min = \"4 GiB\"").on(0, "db.t3.medium");
    CHECK(none.find(Dimension::freeable_memory)->share == 1e9);
    CHECK(none.find(Dimension::freeable_memory)->standing == Standing::over);
}

TEST_CASE("memory: not observed: a class with as much is no worse") {
    const Planned planned = plan_text(inventory("db.m5.large", "", "", "freeable_memory_min = \"1 GiB\""));
    for (const Dimension dimension : {Dimension::memory, Dimension::freeable_memory}) {
        const auto at = [&](std::string_view name) { return planned.on(0, name).find(dimension)->standing; };
        CHECK(at("db.m5.large") == Standing::no_worse);
        CHECK(at("db.t3.large") == Standing::no_worse);
        CHECK(at("db.m5.xlarge") == Standing::no_worse);
        CHECK(at("db.t3.medium") == Standing::unknown);
        CHECK(planned.on(0, "db.t3.medium").find(dimension)->missing == Missing::freeable_memory);
    }
    CHECK_FALSE(planned.on(0, "db.t3.medium").memory_used.has_value());
    CHECK_FALSE(planned.on(0, "db.t3.medium").freeable.has_value());
}

TEST_CASE("memory: MySQL's buffer pool is three quarters, in whole chunks") {
    // db.m5.large, 8.0: ¾ of 7,818,562,765–8,188,998,452 are 5,863,922,073–6,141,748,839, in steps of 1 GiB from
    // 5,368,709,120. db.t3.medium: 2,769,941,298–2,969,439,435, from 2,147,483,648.
    std::string text = inventory("db.m5.large", "[database.observed]\nfreeable_memory = \"1 GiB\"");
    const std::string given = "engine = \"postgresql\"\nversion = \"16.8\"";
    text.replace(text.find(given), given.size(), "engine = \"mysql\"\nversion = \"8.0.40\"");
    const Planned planned = plan_text(text);
    // 7 GiB used, 7,116,685,312 of what the OS sees, less 2,399,269,685–3,994,265,191 of the pool that do not fit.
    check_bytes(planned.on(0, "db.t3.medium").memory_used, 282066944 + 7116685312 - 3994265191,
                282066944 + 7116685312 - 2399269685);
    // What the pool holds today: 7,116,685,312 less 510–1,170 MiB at rest, and no more than its size.
    CHECK(*planned.on(0, "db.m5.large").cache == Interval<Bytes>{Bytes(5368709120), Bytes(6141748839)});
    CHECK(*planned.on(0, "db.t3.medium").cache == Interval<Bytes>{Bytes(2147483648), Bytes(2969439435)});
    CHECK(planned.plan.databases[0].budget.limits.reserved.value.value == 0);
}
