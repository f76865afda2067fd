// A civil date without a clock: what `--today`, `until` and "as of" compare.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace poolfit {

struct Date {
    int year = 1970;
    int month = 1;  ///< 1–12
    int day = 1;    ///< 1–31
    constexpr auto operator<=>(const Date&) const = default;
};

namespace unit {
/// "2026-11-24", a real day of the Gregorian calendar from 1970 on; else nothing.
std::optional<Date> parse_date(std::string_view text);
std::string print(Date date);
/// Days since 1970-01-01.
long days_since_epoch(Date date);
Date date_of_epoch_seconds(long long seconds);
}  // namespace unit
}  // namespace poolfit
