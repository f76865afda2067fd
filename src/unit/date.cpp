#include <poolfit/unit/date.hpp>

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace poolfit::unit {
namespace {

constexpr Date first_day{1970, 1, 1};
constexpr Date last_day{9999, 12, 31};

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int days_in_month(int year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// Both directions count in eras of 400 years that begin on the first of March, so that the leap day is
// the last day of its year.
constexpr std::int64_t days_from_civil(Date date) {
    const std::int64_t year = std::int64_t{date.year} - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month_from_march = std::int64_t{date.month} + (date.month > 2 ? -3 : 9);
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

constexpr Date civil_from_days(std::int64_t days) {
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const std::int64_t month = month_from_march + (month_from_march < 10 ? 3 : -9);
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return {static_cast<int>(year), static_cast<int>(month), static_cast<int>(day)};
}

static_assert(days_from_civil(first_day) == 0);
static_assert(civil_from_days(days_from_civil({2000, 2, 29})) == Date{2000, 2, 29});

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    int parts[3] = {0, 0, 0};
    int part = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 4 || i == 7) {
            ++part;
            continue;
        }
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        parts[part] = parts[part] * 10 + (text[i] - '0');
    }
    const Date date{parts[0], parts[1], parts[2]};
    if (date.year < first_day.year || date.month < 1 || date.month > 12) return std::nullopt;
    if (date.day < 1 || date.day > days_in_month(date.year, date.month)) return std::nullopt;
    return date;
}

std::string print(Date date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

long days_since_epoch(Date date) { return static_cast<long>(days_from_civil(date)); }

Date date_of_epoch_seconds(long long seconds) {
    const long long days = seconds / 86400 - (seconds % 86400 < 0 ? 1 : 0);
    return civil_from_days(std::clamp<long long>(days, 0, days_from_civil(last_day)));
}

}  // namespace poolfit::unit
