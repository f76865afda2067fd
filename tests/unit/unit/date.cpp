#include <poolfit/unit/date.hpp>

#include <limits>

#include <doctest/doctest.h>

using namespace poolfit;
using namespace poolfit::unit;

TEST_CASE("date: only real days are read") {
    CHECK(parse_date("2026-11-24") == Date{2026, 11, 24});
    CHECK(parse_date("1970-01-01") == Date{1970, 1, 1});
    CHECK(parse_date("9999-12-31") == Date{9999, 12, 31});
    CHECK(parse_date("2024-02-29") == Date{2024, 2, 29});
    CHECK(parse_date("2000-02-29") == Date{2000, 2, 29});
    for (const char* text : {"", "2026-1-24", "2026-11-2", "2026-02-29", "2100-02-29", "1969-12-31", "2026-00-01",
                             "2026-13-01", "2026-01-00", "2026-04-31", "2026/11/24", " 2026-11-24", "2026-11-24 ",
                             "2026-11-2x", "-026-11-24", "20261-11-24", "2026-11-+4"}) {
        INFO(text);
        CHECK_FALSE(parse_date(text).has_value());
    }
}

TEST_CASE("date: days since 1970 and back") {
    CHECK(days_since_epoch({1970, 1, 1}) == 0);
    CHECK(days_since_epoch({2000, 3, 1}) == 11017);
    CHECK(days_since_epoch({2026, 11, 24}) == 20781);
    CHECK(days_since_epoch({9999, 12, 31}) == 2932896);
    Date last{1969, 12, 31};
    for (long long day = 0; day <= 2932896; ++day) {
        const Date date = date_of_epoch_seconds(day * 86400 + day % 86400);
        if (!(last < date) || days_since_epoch(date) != day || (day % 997 == 0 && parse_date(print(date)) != date)) {
            FAIL("day ", day, " is ", print(date));
        }
        last = date;
    }
}

TEST_CASE("date: seconds outside the years stay at the edge") {
    CHECK(date_of_epoch_seconds(-1) == Date{1970, 1, 1});
    CHECK(date_of_epoch_seconds(86399) == Date{1970, 1, 1});
    CHECK(date_of_epoch_seconds(86400) == Date{1970, 1, 2});
    CHECK(date_of_epoch_seconds(std::numeric_limits<long long>::max()) == Date{9999, 12, 31});
    CHECK(date_of_epoch_seconds(std::numeric_limits<long long>::min()) == Date{1970, 1, 1});
    CHECK(print(Date{2026, 1, 5}) == "2026-01-05");
}
