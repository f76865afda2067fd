#include <vector>

#include <doctest/doctest.h>

#include <poolfit/series/series.hpp>

using namespace poolfit;

namespace {

constexpr series::Instant monday = 1'777'852'800;  // 2026-05-04 00:00 UTC

series::TimeSeries hourly(int hours, double (*value)(int)) {
    std::vector<series::Point> points;
    for (int i = 0; i < hours; ++i) points.push_back({monday + i * 3'600, value(i), 0});
    series::Repeats repeats;
    return series::in_order(std::move(points), repeats);
}

}  // namespace

TEST_CASE("times are read as tools write them") {
    CHECK(series::parse_time("2026-05-04T00:00:00Z") == monday);
    CHECK(series::parse_time("2026-05-04T00:00:00+00:00") == monday);
    CHECK(series::parse_time("2026-05-04T02:00:00+02:00") == monday);
    CHECK(series::parse_time("2026-05-03T19:30:00-0430") == monday);
    CHECK(series::parse_time("2026-05-04 00:00") == monday);
    CHECK(series::parse_time("2026-05-04T00:00:00.250Z") == monday);
    CHECK(series::parse_time("1777852800") == monday);
    CHECK(series::parse_time("1777852800.5") == monday);
    CHECK(series::parse_time("1777852800000") == monday);
    CHECK(series::print(monday) == "2026-05-04 00:00");
    for (const char* wrong : {"", "2026-05-04", "2026-02-30T00:00:00Z", "2026-05-04T24:00:00Z", "2026-13-04T00:00:00Z",
                              "2026-05-04T00:00:00+99:00", "1", "nan", "yesterday", "2026-05-04T00:00:00Zulu"}) {
        CAPTURE(wrong);
        CHECK_FALSE(series::parse_time(wrong));
    }
}

TEST_CASE("points in any order, repeats once, of two values the higher one") {
    series::Repeats repeats;
    const auto series = series::in_order(
        {{monday + 600, 3, 30}, {monday, 1, 10}, {monday + 300, 2, 20}, {monday, 1, 40}, {monday + 300, 5, 50}},
        repeats);
    REQUIRE(series.points.size() == 3);
    CHECK(series.period == 300);
    CHECK(series.points[1].value == 5);
    CHECK(repeats.same == 1);
    CHECK(repeats.differ == 1);
    REQUIRE(repeats.one);
    CHECK(repeats.one->value == 2);
}

TEST_CASE("percentiles are nearest rank") {
    std::vector<double> values;
    for (int i = 1; i <= 100; ++i) values.push_back(i);
    CHECK(series::percentile(values, 50) == 50);
    CHECK(series::percentile(values, 95) == 95);
    CHECK(series::percentile(values, 99) == 99);
    CHECK(series::percentile({7}, 95) == 7);
    CHECK(series::percentile({1, 2, 3}, 50) == 2);
}

TEST_CASE("mean, window, peak and gaps") {
    // 10:00 and 11:00 of the first day are missing.
    std::vector<series::Point> points;
    for (int i = 0; i < 24; ++i)
        if (i != 10 && i != 11) points.push_back({monday + i * 3'600, i == 15 ? 50.0 : 10.0, 0});
    series::Repeats repeats;
    const series::Summary summary = series::summarize(series::in_order(points, repeats));
    CHECK(summary.points == 22);
    CHECK(summary.days() == 1);
    CHECK(summary.mean == doctest::Approx((21 * 10.0 + 50) / 22));
    CHECK(summary.highest.value == 50);
    CHECK(series::print(summary.highest.at) == "2026-05-04 15:00");
    REQUIRE(summary.gaps.size() == 1);
    CHECK(summary.gaps[0].points == 2);
    CHECK(series::print(summary.gaps[0].from) == "2026-05-04 10:00");
    CHECK(series::print(summary.gaps[0].to) == "2026-05-04 12:00");
    CHECK(summary.missing == 2);
    CHECK(summary.quality == series::Quality::insufficient);
    CHECK_FALSE(summary.daily);
    CHECK_FALSE(summary.weekly);
}

TEST_CASE("how much a series says") {
    using series::Quality;
    CHECK(series::quality(2.9, 100, 0) == Quality::insufficient);
    CHECK(series::quality(3, 100, 0) == Quality::brief);
    CHECK(series::quality(7, 100, 0) == Quality::adequate);
    CHECK(series::quality(14, 100, 0) == Quality::good);
    CHECK(series::quality(14, 90, 10) == Quality::good);
    CHECK(series::quality(14, 89, 11) == Quality::adequate);
    CHECK(series::may_flip(Quality::good, 1.04));
    CHECK_FALSE(series::may_flip(Quality::good, 1.06));
    CHECK(series::may_flip(Quality::insufficient, 0.8));
    CHECK_FALSE(series::may_flip(Quality::brief, 0.8));
}

TEST_CASE("a peak of every week, and of every day, is named only where it comes back") {
    const auto weekly = series::summarize(hourly(24 * 14, [](int i) { return i % 168 == 9 ? 80.0 : 20.0; }));
    REQUIRE(weekly.weekly);
    CHECK(series::print(*weekly.weekly) == "Mondays 09:00 UTC");
    const auto daily = series::summarize(hourly(24 * 14, [](int i) { return i % 24 == 9 ? 80.0 : 20.0; }));
    REQUIRE(daily.daily);
    CHECK(series::print(*daily.daily) == "daily 09:00 UTC");
    CHECK_FALSE(daily.weekly);
    const auto once = series::summarize(hourly(24 * 14, [](int i) { return i == 9 ? 80.0 : 20.0; }));
    CHECK_FALSE(once.weekly);
    CHECK_FALSE(once.daily);
    const auto flat = series::summarize(hourly(24 * 14, [](int) { return 20.0; }));
    CHECK_FALSE(flat.weekly);
    CHECK_FALSE(flat.daily);
}

TEST_CASE("no peak of a week before two weeks, and none of a day before three days") {
    const auto monday_peak = [](int i) { return i % 168 == 9 ? 80.0 : 20.0; };
    CHECK_FALSE(series::summarize(hourly(24 * 14 - 1, monday_peak)).weekly);
    CHECK(series::summarize(hourly(24 * 14, monday_peak)).weekly);
    const auto daily_peak = [](int i) { return i % 24 == 9 ? 80.0 : 20.0; };
    CHECK_FALSE(series::summarize(hourly(24 * 2, daily_peak)).daily);
    CHECK_FALSE(series::summarize(hourly(24 * 3 - 1, daily_peak)).daily);
    CHECK(series::summarize(hourly(24 * 3, daily_peak)).daily);
    // Both, at their own hours: 09:00 every day, and 15:00 on Fridays.
    const auto both = series::summarize(hourly(24 * 14, [](int i) {
        return i % 168 == 111 ? 95.0 : i % 24 == 9 ? 60.0 : 20.0;
    }));
    REQUIRE(both.weekly);
    CHECK(series::print(*both.weekly) == "Fridays 15:00 UTC");
    REQUIRE(both.daily);
    CHECK(series::print(*both.daily) == "daily 09:00 UTC");
}

TEST_CASE("two series at the same times") {
    series::Repeats repeats;
    const auto hour = hourly(3, [](int i) { return i + 1.0; });
    std::vector<series::Point> quarters;
    for (int i = 0; i < 8; ++i) quarters.push_back({monday + i * 900, static_cast<double>(i), 0});
    const series::Pair both = series::at_once(hour, series::in_order(quarters, repeats));
    // Quarters of the third hour are missing: it is left out.
    REQUIRE(both.one.points.size() == 2);
    CHECK(both.one.period == 3'600);
    CHECK(both.other == std::vector<double>{1.5, 5.5});
    // The other way round an hour covers each of its quarters.
    const series::Pair back = series::at_once(series::in_order(quarters, repeats), hour);
    CHECK(back.other == std::vector<double>{1, 1, 1, 1, 2, 2, 2, 2});
}

TEST_CASE("levels show the highest of each part, and what is missing") {
    series::Repeats repeats;
    const auto series =
        series::in_order({{monday, 0, 0}, {monday + 60, 4, 0}, {monday + 120, 8, 0}, {monday + 240, 8, 0}}, repeats);
    const auto levels = series::levels(series, 5, 8);
    CHECK(levels == std::vector<std::uint8_t>{1, 5, 8, 0, 8});
}

TEST_CASE("where a tool changed its period, each point counts for the time that it stands for") {
    // 13 days by the hour at 50 %, then a day by the minute at 5 %: (13 × 50 + 1 × 5) / 14 = 46.79 %.
    std::vector<series::Point> points;
    for (int i = 0; i < 13 * 24; ++i) points.push_back({monday + i * 3'600, 0.5, 0});
    for (int i = 0; i < 24 * 60; ++i) points.push_back({monday + 13 * 86'400 + i * 60, 0.05, 0});
    series::Repeats repeats;
    const auto mixed = series::in_order(points, repeats);
    const auto all = series::stretches(mixed);
    REQUIRE(all.size() == 2);
    CHECK(all[0].span == 3'600);
    CHECK(all[0].end == 13 * 24);
    CHECK(all[1].span == 60);
    const series::Summary summary = series::summarize(mixed);
    CHECK(summary.mean == doctest::Approx(655.0 / 1400));
    CHECK(summary.p50 == 0.5);
    CHECK(summary.missing == 0);
    CHECK(summary.gaps.empty());
    CHECK(summary.days() == 14);
    CHECK(summary.quality == series::Quality::good);
    CHECK(summary.period == 60);
    CHECK(summary.longest_period == 3'600);
}

TEST_CASE("gaps here and there are no period of their own") {
    // Every fifth point is missing: 4 of 5 distances are the period.
    std::vector<series::Point> points;
    for (int i = 0; i < 300; ++i)
        if (i % 5 != 4) points.push_back({monday + i * 60, 0.1, 0});
    series::Repeats repeats;
    const auto series = series::in_order(points, repeats);
    CHECK(series::stretches(series).size() == 1);
    CHECK(series::summarize(series).missing == 59);  // the last is not between two points
}

TEST_CASE("a plateau is named as a whole, and one that is every working day's is no Monday's") {
    const auto plateau =
        series::summarize(hourly(24 * 14, [](int i) { return i % 24 >= 8 && i % 24 < 18 ? 50.0 + i % 3 : 5.0; }));
    REQUIRE(plateau.daily);
    CHECK(series::print(*plateau.daily) == "daily 08:00–18:00 UTC");
    CHECK_FALSE(plateau.weekly);
    const auto working = series::summarize(
        hourly(24 * 14, [](int i) { return i % 24 >= 8 && i % 24 < 18 && i / 24 % 7 < 5 ? 50.0 : 5.0; }));
    CHECK_FALSE(working.weekly);
    const auto mondays = series::summarize(
        hourly(24 * 14, [](int i) { return i % 24 >= 8 && i % 24 < 11 && i / 24 % 7 == 0 ? 50.0 : 5.0; }));
    REQUIRE(mondays.weekly);
    CHECK(series::print(*mondays.weekly) == "Mondays 08:00–11:00 UTC");
    // What is busy for most of the day is the usual load.
    CHECK_FALSE(series::summarize(hourly(24 * 14, [](int i) { return i % 24 < 15 ? 50.0 : 5.0; })).daily);
}

TEST_CASE("office hours are named as those of weekdays, and a peak over midnight as a whole") {
    const auto office = [](int i) { return i % 24 >= 8 && i % 24 < 18 && i / 24 % 7 < 5 ? 50.0 : 8.0; };
    for (const int days : {7, 14, 18, 21}) {
        CAPTURE(days);
        const auto summary = series::summarize(hourly(24 * days, office));
        REQUIRE(summary.daily);
        CHECK(series::print(*summary.daily) == "weekdays 08:00–18:00 UTC");
        CHECK_FALSE(summary.weekly);
    }
    // Before a weekend was seen, every day is all that can be said.
    const auto five = series::summarize(hourly(24 * 5, office));
    REQUIRE(five.daily);
    CHECK(series::print(*five.daily) == "daily 08:00–18:00 UTC");
    const auto night =
        series::summarize(hourly(24 * 21, [](int i) { return i % 168 == 23 || i % 168 == 24 ? 80.0 : 10.0; }));
    REQUIRE(night.weekly);
    CHECK(series::print(*night.weekly) == "Mondays 23:00–01:00 UTC");
    const auto end =
        series::summarize(hourly(24 * 21, [](int i) { return i % 168 == 167 || i % 168 == 0 ? 80.0 : 10.0; }));
    REQUIRE(end.weekly);
    CHECK(series::print(*end.weekly) == "Sundays 23:00–01:00 UTC");
}

TEST_CASE("a period of some hours stands for each of them, where every day has the same ones") {
    const auto every = [](int period, double (*value)(int)) {
        std::vector<series::Point> points;
        for (int i = 0; i < 24 * 14; i += period) points.push_back({monday + i * 3'600, value(i), 0});
        series::Repeats repeats;
        return series::summarize(series::in_order(std::move(points), repeats));
    };
    const auto morning = [](int i) { return i % 24 >= 8 && i % 24 < 12 ? 60.0 : 10.0; };
    for (const int period : {1, 2, 4}) {
        CAPTURE(period);
        const auto summary = every(period, morning);
        REQUIRE(summary.daily);
        CHECK(series::print(*summary.daily) == "daily 08:00–12:00 UTC");
    }
    CHECK_FALSE(every(5, morning).daily);
    CHECK_FALSE(every(24, morning).daily);
}

TEST_CASE("a length is rounded down, so that it agrees with the quality") {
    CHECK(series::print_days(13.99) == "13.9 d");
    CHECK(series::print_days(14) == "14 d");
    CHECK(series::print_days(2.999) == "2.99 d");
    CHECK(series::print_days(6.9999) == "6.99 d");
    CHECK(series::print_days(0.5) == "12 h");
    CHECK(series::print_days(120.9) == "120 d");
}
