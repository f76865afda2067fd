// CPU and credits on other classes, by hand. CoreMark per vCPU: db.m5.large 14,235, db.m5.xlarge 14,780, db.t3.large
// 13,646, db.t3.medium 14,582; db.m3.large has none. db.t3.large: baseline 30 % of a vCPU, 36 credits an hour, 864 at
// most; db.t3.medium: 20 %, 24, 576. A surplus credit hour is $0.075 a vCPU.
#include <doctest/doctest.h>

#include <poolfit/assess/cpu.hpp>

#include "inventory.hpp"

using namespace poolfit;
using test::cls;
using test::inventory;
using test::plan_text;
using test::Planned;

namespace {

Planned observed(std::string_view today, std::string_view keys, std::string_view policy = "") {
    return plan_text(inventory(today, fmt::format("[database.observed]\n{}", keys), "", policy));
}

const Check& check(const Projection& projection, Dimension dimension) {
    const Check* found = projection.find(dimension);
    REQUIRE(found != nullptr);
    return *found;
}

Standing standing(const Projection& projection, Dimension dimension) { return check(projection, dimension).standing; }

}  // namespace

TEST_CASE("CPU by vCPUs, and by the law within its band") {
    const Planned planned = observed("db.m5.large", "cpu_mean = \"10%-20%\"\ncpu_peak = \"50%\"");
    const Projection same = planned.on(0, "db.m5.large");
    CHECK(same.cpu_peak->value.high.value == 0.5);
    CHECK(same.cpu_mean->value.low.value == 0.1);
    CHECK(same.cpu_move == CpuMove::none);
    const Projection larger = planned.on(0, "db.m5.xlarge");
    const double ratio = 2.0 / 4;  // one family has one speed; below 50 % no thread shares a core, so the law is a line
    CHECK(larger.cpu_peak->value.high.value == doctest::Approx(0.5 * ratio * 1.4));
    CHECK(larger.cpu_peak->value.low.value == doctest::Approx(0.5 * ratio * 0.85));
    CHECK(larger.cpu_mean->value.low.value == doctest::Approx(0.1 * ratio * 0.85));
    CHECK(larger.cpu_mean->value.high.value == doctest::Approx(0.2 * ratio * 1.4));
    CHECK(larger.cpu_move == CpuMove::same_family);
    // 0.5 of m5 is 1/1.3 of its capacity; t3 is slower by 14,589 / 14,120, and past 1/1.3 each percent costs more.
    const Projection slower = planned.on(0, "db.t3.large");
    const double there = 0.5 + (14589.0 / 14120 / 2 - 0.5) / 0.3;
    CHECK(slower.cpu_peak->value.high.value == doctest::Approx(there * 1.4));
    CHECK(slower.cpu_peak->value.low.value == 0.5);  // no lower than on the faster class
    CHECK(check(slower, Dimension::cpu_peak).share == doctest::Approx(there * 1.4 / 0.6));
    CHECK(check(slower, Dimension::cpu_peak).caveat == Caveat::none);
    Figures figures;
    const Recorder r(&figures);
    const Market& market = *planned.plan.market;
    const DatabaseDemand& demand = planned.plan.databases[0].demand;
    const Projection told = assess::project(planned.fleet, market, 0, market.offer(0, cls("db.m5.xlarge")), demand,
                                            demand, Phase::after, r);
    CHECK(figures[told.cpu_peak->id].remark.note == Note::cpu_band);
    const auto part = [&](Name name) {
        const auto found = figures.find(
            {{Subject::Kind::database, 0}, name, Phase::now, &cls("db.m5.xlarge"), assess::text(Name::cpu_peak)});
        REQUIRE(found.has_value());
        return figures[*found].value.high;
    };
    CHECK(part(Name::cpu_by_vcpus) == 0.25);
    CHECK(part(Name::cpu_by_coremark) == doctest::Approx(0.5 * ratio));
}

TEST_CASE("a peak that was all that could be seen is a lower bound") {
    const Planned planned = observed("db.m5.large", "cpu_peak = \"80%-96%\"");
    CHECK(check(planned.on(0, "db.m5.large"), Dimension::cpu_peak).at_least);
    const Check there = check(planned.on(0, "db.m5.2xlarge"), Dimension::cpu_peak);
    CHECK(there.at_least);
    CHECK(there.standing == Standing::inside);
    CHECK(planned.plan.databases[0].recommendation.risk != Risk::low);
    CHECK_FALSE(
        check(observed("db.m5.large", "cpu_peak = \"94.9%\"").on(0, "db.m5.large"), Dimension::cpu_peak).at_least);
}

TEST_CASE("past half of its vCPUs a class with two threads a core has less left than it looks") {
    const auto shared = [](std::string_view today) {
        const Planned planned = observed(today, "cpu_peak = \"58%\"\nfreeable_memory = \"5 GiB\"\nwindow = \"30 d\"");
        for (const RiskReason& reason : planned.plan.databases[0].recommendation.risk_reasons)
            if (reason.kind == RiskReason::Kind::shared_threads) return reason.capacity.value;
        return 0.0;
    };
    CHECK(shared("db.m5.large") == doctest::Approx((0.5 + 0.3 * 0.08) * 2 / 1.3));
    CHECK(shared("db.m6g.large") == 0);
}

TEST_CASE("the peak is judged by the policy; at the limit is inside") {
    const auto at = [](std::string_view peak) {
        return standing(observed("db.m5.large", fmt::format("cpu_peak = \"{}\"", peak)).on(0, "db.m5.large"),
                        Dimension::cpu_peak);
    };
    CHECK(at("60%") == Standing::inside);
    CHECK(at("60.01%") == Standing::over);
    CHECK(at("10%-61%") == Standing::over);  // the pessimistic end
    const Planned range = observed("db.m5.large", "cpu_peak = \"30%-45%\"");
    CHECK(check(range.on(0, "db.m5.large"), Dimension::cpu_peak).share == doctest::Approx(0.75));
    CHECK(check(range.on(0, "db.m5.large"), Dimension::cpu_peak).value->low == 0.3);
    const Planned strict = observed("db.m5.large", "cpu_peak = \"50%\"", "cpu_peak_max = \"40%\"");
    CHECK(standing(strict.on(0, "db.m5.large"), Dimension::cpu_peak) == Standing::over);
    CHECK(check(strict.on(0, "db.m5.large"), Dimension::cpu_peak).limit == 0.4);
}

TEST_CASE("a class without CoreMark cannot be judged beside one that has it") {
    const Planned planned = observed("db.m5.large", "cpu_peak = \"50%\"");
    const Check peak = check(planned.on(0, "db.m3.large"), Dimension::cpu_peak);
    CHECK(peak.standing == Standing::unknown);
    CHECK(peak.missing == Missing::coremark);
    CHECK_FALSE(peak.value.has_value());
    CHECK(planned.on(0, "db.m3.large").cpu_peak->value.high.value == doctest::Approx(0.5 * 1.65));
    // Not even where its use is not given.
    const Check blind = check(observed("db.m5.large", "iops = 1").on(0, "db.m3.large"), Dimension::cpu_peak);
    CHECK(blind.standing == Standing::unknown);
    CHECK(blind.missing == Missing::coremark);
}

TEST_CASE("today's class has no CoreMark: vCPUs count, with a caveat") {
    const Planned planned = observed("db.m3.large", "cpu_peak = \"50%\"");
    const Check there = check(planned.on(0, "db.m5.xlarge"), Dimension::cpu_peak);
    CHECK(there.standing == Standing::inside);
    CHECK(there.value->high == doctest::Approx(0.25 * 1.65));
    CHECK(there.caveat == Caveat::by_vcpu_count);
    CHECK(check(planned.on(0, "db.m3.large"), Dimension::cpu_peak).caveat == Caveat::none);
    CHECK(standing(planned.on(0, "db.m3.medium"), Dimension::cpu_peak) == Standing::over);  // 100 % of one vCPU
}

TEST_CASE("the peak is not known: what does at least what today's class does is no worse, by vCPUs and CoreMark") {
    const auto at = [](std::string_view today, std::string_view then) {
        return standing(observed(today, "iops = 1").on(0, then), Dimension::cpu_peak);
    };
    CHECK(at("db.m5.large", "db.m5.large") == Standing::no_worse);
    CHECK(at("db.m5.large", "db.m5.xlarge") == Standing::no_worse);
    CHECK(at("db.t3.large", "db.m5.large") == Standing::no_worse);  // two faster vCPUs
    CHECK(at("db.m5.large", "db.t3.medium") == Standing::unknown);  // two slower ones
    CHECK(at("db.m5.large", "db.t3.large") == Standing::unknown);   // of the same processor
    CHECK(at("db.m5.xlarge", "db.m5.large") == Standing::unknown);
    CHECK(at("db.m5.large", "db.m6g.large") == Standing::unknown);  // faster when full, slower where threads are alone
    CHECK(at("db.m6g.large", "db.m6g.large") == Standing::no_worse);
    CHECK(at("db.m3.large", "db.t3.large") == Standing::no_worse);  // no CoreMark: the vCPUs alone
    CHECK(at("db.m3.xlarge", "db.t3.large") == Standing::unknown);
    CHECK(check(observed("db.m5.large", "iops = 1").on(0, "db.m5.large"), Dimension::cpu_peak).missing ==
          Missing::cpu_peak);
}

TEST_CASE("credits: earned, burned, hours to empty and what a month of surplus costs") {
    // 40–50 % of two vCPUs: 0.4 × 2 × 60 = 48 to 60 an hour; 60 − 36 = 24 off 864: 36 hours.
    // (0.5 − 0.3) × 2 vCPUs × 730 h × $0.075 = $21.90.
    const Planned planned = observed("db.t3.large", "cpu_mean = \"40%-50%\"\ncpu_peak = \"55%\"");
    const Projection projection = planned.on(0, "db.t3.large");
    REQUIRE(projection.credits.has_value());
    const Credits& credits = *projection.credits;
    CHECK(credits.baseline.value.value == doctest::Approx(0.3));
    CHECK(credits.earned_per_hour.value == 36);
    CHECK(credits.burned_per_hour.value.low == doctest::Approx(48));
    CHECK(credits.burned_per_hour.value.high == doctest::Approx(60));
    CHECK(credits.mean_known);
    CHECK(credits.lives_on_credits);
    CHECK(credits.hours_to_empty->value == doctest::Approx(36));
    CHECK(credits.surplus->value.value == 21'900'000);
    const Check& there = check(projection, Dimension::credits);
    CHECK(there.standing == Standing::inside);  // a price, no limit
    CHECK(there.share == doctest::Approx(0.5 / 0.3));
    CHECK(there.value->low == doctest::Approx(0.4));
    CHECK(*there.limit == doctest::Approx(0.3));
    CHECK(*there.hours_to_empty == doctest::Approx(36));
    CHECK(there.surplus->value == 21'900'000);
    CHECK(there.caveat == Caveat::surplus);
    CHECK(projection.cost->value.value == projection.list->value.value + 21'900'000);
}

TEST_CASE("credits: at the baseline nothing drains; a class that is not burstable has none") {
    const Planned at = observed("db.t3.large", "cpu_mean = \"30%\"\ncpu_peak = \"55%\"");
    const Projection projection = at.on(0, "db.t3.large");
    CHECK(standing(projection, Dimension::credits) == Standing::inside);
    CHECK_FALSE(projection.credits->lives_on_credits);
    CHECK_FALSE(projection.credits->hours_to_empty.has_value());
    CHECK_FALSE(projection.credits->surplus.has_value());
    CHECK(check(projection, Dimension::credits).share == doctest::Approx(1));
    CHECK(at.on(0, "db.m5.large").find(Dimension::credits) == nullptr);
    CHECK_FALSE(at.on(0, "db.m5.large").credits.has_value());
    const Planned over = observed("db.t3.large", "cpu_mean = \"31%\"\ncpu_peak = \"55%\"");
    CHECK(check(over.on(0, "db.t3.large"), Dimension::credits).caveat == Caveat::surplus);
    CHECK(over.on(0, "db.t3.large").credits->hours_to_empty->value == doctest::Approx(864 / 1.2));
}

TEST_CASE("credits: without a mean the peak is the most it can be, and only a caveat") {
    const Planned planned = observed("db.t3.large", "cpu_peak = \"50%\"");
    const Projection projection = planned.on(0, "db.t3.large");
    const Check& there = check(projection, Dimension::credits);
    CHECK_FALSE(projection.credits->mean_known);
    CHECK(there.standing == Standing::inside);
    CHECK(there.missing == Missing::cpu_mean);
    CHECK(there.caveat == Caveat::peak_over_baseline);
    CHECK(there.share == 0);
    CHECK(there.value->high == 0.5);
    CHECK(projection.credits->surplus->value.value == 21'900'000);
    const Planned low = observed("db.t3.large", "cpu_peak = \"29%\"");
    CHECK(check(low.on(0, "db.t3.large"), Dimension::credits).caveat == Caveat::none);
    CHECK(check(low.on(0, "db.t3.large"), Dimension::credits).missing == Missing::cpu_mean);
}

TEST_CASE("credits: nothing known of the load: no worse where the class is as fast and its baseline as high") {
    const auto at = [](std::string_view today, std::string_view then) {
        const Planned planned = observed(today, "iops = 1");
        const Projection projection = planned.on(0, then);
        CHECK_FALSE(projection.credits.has_value());
        CHECK(check(projection, Dimension::credits).missing == Missing::cpu_mean);
        return standing(projection, Dimension::credits);
    };
    CHECK(at("db.t3.large", "db.t3.large") == Standing::no_worse);
    CHECK(at("db.t3.large", "db.t3.xlarge") == Standing::no_worse);  // 4 × 40 % of 2 × 30 %
    CHECK(at("db.t3.large", "db.t4g.large") == Standing::unknown);   // as high, and faster only when it is full
    CHECK(at("db.t4g.large", "db.t4g.xlarge") == Standing::no_worse);
    CHECK(at("db.t3.large", "db.t3.medium") == Standing::unknown);  // 2 × 20 %, however fast
    CHECK(at("db.t3.xlarge", "db.t3.large") == Standing::unknown);
    CHECK(at("db.m5.large", "db.t3.2xlarge") == Standing::unknown);  // today's class does not live on credits
    CHECK(at("db.t3.medium", "db.t3.large") == Standing::no_worse);  // a higher baseline of the same vCPUs
}

TEST_CASE("credits: a class without a price of surplus credits has none") {
    // db.t2.large falls back to its baseline; the catalog prices the credits of t3 and t4g only.
    const Planned planned = observed("db.t3.large", "cpu_mean = \"50%\"\ncpu_peak = \"55%\"");
    const Projection projection = planned.on(0, "db.t2.large");
    CHECK(projection.credits->lives_on_credits);
    CHECK(projection.credits->hours_to_empty.has_value());
    CHECK_FALSE(projection.credits->surplus.has_value());
}

TEST_CASE("credits: with no CPU measured, a class as fast with as high a baseline is no worse than today's") {
    // Both two vCPUs at 20 %; a db.t3.xlarge has four at 40 %, a db.t3.micro two at 10 %.
    REQUIRE(assess::as_fast(cls("db.t3.small"), cls("db.t3.medium")));
    const Planned planned = observed("db.t3.small", "freeable_memory = \"1 GiB\"");
    const auto on = [&](std::string_view name) { return check(planned.on(0, name), Dimension::credits); };
    for (const char* name : {"db.t3.small", "db.t3.medium", "db.t3.xlarge"}) {
        CAPTURE(name);
        CHECK(on(name).standing == Standing::no_worse);
        CHECK(on(name).missing == Missing::cpu_mean);
    }
    CHECK(on("db.t3.micro").standing == Standing::unknown);
    // Who is not on credits today does not know.
    CHECK(standing(observed("db.m5.large", "freeable_memory = \"1 GiB\"").on(0, "db.t3.2xlarge"), Dimension::credits) ==
          Standing::unknown);
}
