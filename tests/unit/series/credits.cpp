// Credit balances against tables worked out by hand, and against the closed form for a steady load.
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/series/credits.hpp>

using namespace poolfit;

namespace {

constexpr series::Instant monday = 1'777'852'800;

series::CreditRun run(const std::vector<double>& busy, series::CreditRules rules, std::int64_t period = 3'600) {
    series::TimeSeries series;
    series.period = period;
    for (std::size_t i = 0; i < busy.size(); ++i)
        series.points.push_back({monday + static_cast<std::int64_t>(i) * period, busy[i], 0});
    return series::run_credits(series, busy, rules);
}

// 2 vCPUs, 24 an hour earned, 576 kept: t3.small. An hour at 20 % spends 24.
constexpr series::CreditRules unlimited{24, 576, 120, true}, standard{24, 576, 120, false};

}  // namespace

TEST_CASE("a burst that the balance carries: nothing is short") {
    // 23 hours at 10 % earn 12 each, an hour at 100 % spends 96 net: sum +180, so it begins and ends full.
    std::vector<double> day(24, 0.10);
    day[9] = 1.0;
    const auto got = run(day, unlimited);
    CHECK(got.lowest == doctest::Approx(576 - 96));
    CHECK(series::print(got.lowest_at) == "2026-05-04 09:00");
    CHECK(got.short_credits == 0);
    CHECK(got.short_hours == 0);
    CHECK(got.hours == 24);
    CHECK(got.spent_per_hour == doctest::Approx((23 * 12 + 120) / 24.0));
}

TEST_CASE("balances are those at the end of each point") {
    // 24 are earned each hour, and 0, 120, 4 and 4 spent: 32 more than earned. The window repeats, so the balance falls
    // to the end of surplus, -576, where 32 are charged; then it rises by 20, 20 and, at the beginning, 24.
    series::TimeSeries series;
    series.period = 3'600;
    const std::vector<double> busy{0, 1, 1.0 / 30, 1.0 / 30};
    for (std::size_t i = 0; i < busy.size(); ++i)
        series.points.push_back({monday + static_cast<std::int64_t>(i) * 3'600, busy[i], 0});
    std::vector<double> balances;
    const auto got = series::run_credits(series, busy, unlimited, &balances);
    REQUIRE(balances.size() == 4);
    CHECK(balances[0] == doctest::Approx(-512));
    CHECK(balances[1] == doctest::Approx(-576));
    CHECK(balances[2] == doctest::Approx(-556));
    CHECK(balances[3] == doctest::Approx(-536));
    CHECK(got.lowest == doctest::Approx(-576));
    CHECK(got.short_credits == doctest::Approx(32));
}

TEST_CASE("a series thinned to stretches has the same balance and the same shortage") {
    std::uint32_t state = 7;
    const auto next = [&] {
        return static_cast<double>((state = state * 1'664'525u + 1'013'904'223u) >> 8) / (1 << 24);
    };
    for (int round = 0; round < 200; ++round) {
        series::TimeSeries series;
        series.period = 300;
        std::vector<double> busy;
        double level = 0;
        for (int i = 0; i < 400; ++i) {
            if (next() < 0.05) level = next() * 1.2;
            busy.push_back(level * (0.8 + 0.4 * next()) * (round % 2 == 0 ? 1 : 0.4));
            series.points.push_back({monday + i * 300, busy.back(), 0});
        }
        for (const series::CreditRules& kept : {unlimited, standard}) {
            series::CreditRules rules = kept;
            rules.most = 40 + round;
            const auto all = series::run_credits(series, busy, rules);
            const series::CreditSteps few = series::credit_steps(series, busy, rules);
            const auto thin = series::run_credits(few, rules);
            CHECK(few.size() <= busy.size());
            CHECK(thin.short_credits == doctest::Approx(all.short_credits).epsilon(1e-9));
            CHECK(thin.hours == doctest::Approx(all.hours));
            CHECK(thin.lowest == doctest::Approx(all.lowest).epsilon(1e-9));
        }
    }
}

TEST_CASE("surplus that the next day's earnings repay is not charged") {
    // 8 hours at 100 % take 768 net, 16 idle hours earn 384 each day: with two idle days, 40 × 24 = 960 > 768.
    std::vector<double> days(48, 0.0);
    for (int i = 0; i < 8; ++i) days[static_cast<std::size_t>(i)] = 1.0;
    const auto got = run(days, unlimited);
    // It begins full, since 960 > 768: 576 − 768 = −192, which is repaid in 8 hours.
    CHECK(got.lowest == doctest::Approx(-192));
    CHECK(got.short_credits == 0);
    // The same on a class that is throttled: 576 last 6 hours of the 8, 2 hours are short by 96 each.
    const auto held = run(days, standard);
    CHECK(held.lowest == doctest::Approx(0));
    CHECK(held.short_hours == doctest::Approx(2));
    CHECK(held.short_credits == doctest::Approx(192));
}

TEST_CASE("surplus beyond 24 hours of earnings is charged though the mean is below the baseline") {
    // 14 hours at 100 %: 14 × 96 = 1,344 net; 86 idle hours earn 2,064. Full at first: 576 + 576 are there, 192 are
    // charged, in the last 2 of the hours. The mean is 14 %, the baseline 20 %.
    std::vector<double> hours(100, 0.0);
    for (std::size_t i = 0; i < 14; ++i) hours[i] = 1.0;
    const auto got = run(hours, unlimited);
    CHECK(got.lowest == doctest::Approx(-576));
    CHECK(got.short_credits == doctest::Approx(192));
    CHECK(got.short_hours == doctest::Approx(2));
}

TEST_CASE("a steady load is the closed form, whatever the period and however long the window") {
    for (const double busy : {0.05, 0.20, 0.21, 0.5, 1.0, 1.7})
        for (const std::int64_t period : {60, 300, 3'600})
            for (const std::size_t count : {2, 50, 1'000}) {
                CAPTURE(busy);
                CAPTURE(period);
                CAPTURE(count);
                const auto got = run(std::vector<double>(count, busy), unlimited, period);
                const double over = std::max(0.0, std::min(1.0, busy) * 120 - 24);
                CHECK(got.short_credits == doctest::Approx(over * got.hours).epsilon(1e-9));
                if (over > 0) CHECK(got.short_hours == doctest::Approx(got.hours));
                const auto held = run(std::vector<double>(count, busy), standard, period);
                CHECK(held.spent_per_hour == doctest::Approx(std::min(std::min(1.0, busy) * 120, 24.0)));
            }
}

TEST_CASE("load beyond all vCPUs waits, so that the mean is what is spent") {
    // A day at 10 % with an hour at 300 %: 23 × 12 + 360 = 636 credits, of 24 × 24 = 576 earned: 60 short a day.
    std::vector<double> day(24, 0.10);
    day[9] = 3.0;
    const auto got = run(day, unlimited);
    CHECK(got.spent_per_hour == doctest::Approx(636 / 24.0));
    CHECK(got.short_credits == doctest::Approx(60));
    // At the end of the window it waits for its beginning: the same load, begun at another hour.
    std::vector<double> late(24, 0.10);
    late[23] = 3.0;
    CHECK(run(late, unlimited).short_credits == doctest::Approx(60));
}

TEST_CASE("an hourly point spends for an hour among points by the minute") {
    // 10 hours at 50 %: 600 credits; 10 minutes at 0.
    series::TimeSeries series;
    std::vector<double> busy;
    for (int i = 0; i < 10; ++i) series.points.push_back({monday + i * 3'600, 0.5, 0});
    for (int i = 0; i < 30; ++i) series.points.push_back({monday + 36'000 + i * 60, 0, 0});
    series.period = 60;
    for (const series::Point& point : series.points) busy.push_back(point.value);
    const auto got = series::run_credits(series, busy, unlimited);
    CHECK(got.hours == doctest::Approx(10.5));
    CHECK(got.spent_per_hour == doctest::Approx(600 / 10.5));
}
