// Times as they are read and written.
#include <poolfit/series/series.hpp>

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/date.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::series {
namespace {

constexpr std::int64_t day = 86'400;
constexpr Instant earliest = 631'152'000, latest = 4'102'444'800;  // 1990, 2100

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
    if (at + count > text.size()) return false;
    out = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        out = out * 10 + (text[i] - '0');
    }
    return true;
}

/// Of the civil calendar, without a check of the day of the month.
std::int64_t days_of(int year, int month, int day_of_month) {
    year -= month <= 2 ? 1 : 0;
    const int era = year / 400;
    const int of_era = year - era * 400;
    const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    const int within = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return static_cast<std::int64_t>(era) * 146'097 + within - 719'468;
}

std::optional<Instant> in_range(double seconds) {
    if (!(seconds >= static_cast<double>(earliest)) || seconds >= static_cast<double>(latest)) return std::nullopt;
    return static_cast<Instant>(std::floor(seconds));
}

std::optional<Instant> since_epoch(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return in_range(value >= 1e11 ? value / 1000 : value);
}

}  // namespace

std::optional<Instant> parse_time(std::string_view text) {
    int year = 0, month = 0, of_month = 0, hours = 0, minutes = 0, seconds = 0;
    if (text.size() < 16 || text[4] != '-') return since_epoch(text);
    if (!digits(text, 0, 4, year) || !digits(text, 5, 2, month) || text[7] != '-' || !digits(text, 8, 2, of_month) ||
        (text[10] != 'T' && text[10] != ' ' && text[10] != 't') || !digits(text, 11, 2, hours) || text[13] != ':' ||
        !digits(text, 14, 2, minutes))
        return std::nullopt;
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || hours > 23 || minutes > 59) return std::nullopt;
    const bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (of_month < 1 || of_month > lengths[month - 1] + (leap ? 1 : 0)) return std::nullopt;
    std::size_t at = 16;
    if (at < text.size() && text[at] == ':') {
        if (!digits(text, 17, 2, seconds) || seconds > 60) return std::nullopt;
        at = 19;
        if (at < text.size() && text[at] == '.') {
            const std::size_t dot = at++;
            while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
            if (at == dot + 1) return std::nullopt;
        }
    }
    std::int64_t offset = 0;
    if (at < text.size() && text[at] == ' ') ++at;
    const std::string_view zone = text.substr(at);
    if (!zone.empty() && zone != "Z" && zone != "z" && zone != "UTC") {
        int off_hours = 0, off_minutes = 0;
        if ((zone[0] != '+' && zone[0] != '-') || !digits(zone, 1, 2, off_hours)) return std::nullopt;
        const std::size_t minutes_at = zone.size() > 3 && zone[3] == ':' ? 4 : 3;
        if (zone.size() > 3 && (!digits(zone, minutes_at, 2, off_minutes) || zone.size() != minutes_at + 2))
            return std::nullopt;
        if (off_hours > 14 || off_minutes > 59) return std::nullopt;
        offset = (off_hours * 60 + off_minutes) * 60 * (zone[0] == '-' ? -1 : 1);
    }
    const std::int64_t whole = days_of(year, month, of_month) * day + hours * 3'600 + minutes * 60 + seconds - offset;
    return in_range(static_cast<double>(whole));
}

std::string print(Instant at) {
    const std::int64_t of_day = at % day;
    return fmt::format("{} {:02}:{:02}", unit::print(unit::date_of_epoch_seconds(at)), of_day / 3'600,
                       of_day / 60 % 60);
}

std::string print(const Habit& habit) {
    constexpr std::string_view names[] = {"Mondays", "Tuesdays",  "Wednesdays", "Thursdays",
                                          "Fridays", "Saturdays", "Sundays"};
    const std::string end = habit.hours > 1 ? fmt::format("–{:02}:00", (habit.hour + habit.hours) % 24) : std::string();
    return fmt::format("{} {:02}:00{} UTC",
                       habit.weekday    ? names[static_cast<std::size_t>(*habit.weekday)]
                       : habit.workdays ? std::string_view("weekdays")
                                        : std::string_view("daily"),
                       habit.hour, end);
}

std::string print_days(double days) {
    const bool short_one = days < 1;
    const double value = short_one ? days * 24 : days;
    const double step = value < 10 ? 100 : value < 100 ? 10 : 1;
    return fmt::format("{} {}", unit::print_number(std::floor(value * step + 1e-6) / step), short_one ? "h" : "d");
}

std::string print_period(std::int64_t seconds) {
    if (seconds % day == 0 && seconds > 0) return fmt::format("{} d", seconds / day);
    if (seconds % 3'600 == 0 && seconds > 0) return fmt::format("{} h", seconds / 3'600);
    if (seconds % 60 == 0 && seconds > 0) return fmt::format("{} min", seconds / 60);
    return fmt::format("{} s", seconds);
}

}  // namespace poolfit::series
