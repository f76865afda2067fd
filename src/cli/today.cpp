#include "today.hpp"

#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "environment.hpp"

namespace poolfit::cli {

namespace {

/// The day of SOURCE_DATE_EPOCH; nothing where that is no number of seconds.
std::optional<Date> day_of_epoch(std::string_view epoch) {
    long long seconds = 0;
    const auto [end, error] = std::from_chars(epoch.data(), epoch.data() + epoch.size(), seconds);
    constexpr long long year_10000 = 253'402'300'800;
    if (error != std::errc{} || end != epoch.data() + epoch.size() || seconds < 0 || seconds >= year_10000)
        return std::nullopt;
    return unit::date_of_epoch_seconds(seconds);
}

}  // namespace

std::variant<std::optional<Date>, Failure> today_of(Context& context) {
    const std::string_view epoch = variable("SOURCE_DATE_EPOCH");
    if (context.options.today || epoch.empty()) return context.options.today;
    if (const auto day = day_of_epoch(epoch)) return day;
    return fail(context.diagnostics, "usage", fmt::format("SOURCE_DATE_EPOCH: {} is not a number of seconds", epoch),
                "unset it, or use --today 2026-11-24");
}

void warn_of_future(Context& context, const SourceText& source, std::string_view newest) {
    const auto today = context.options.today ? context.options.today : day_of_epoch(variable("SOURCE_DATE_EPOCH"));
    const auto date = unit::parse_date(newest);
    if (!today || !date || *date <= *today) return;
    const std::size_t at = source.text().find(newest);
    if (at == std::string_view::npos) return;  // of another file
    context.diagnostics.warning(
        Place{&source, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + newest.size())}},
        fmt::format("as_of: {} is after {}, the day of this run", newest, unit::print(*today)),
        "correct it, or --today: the newest of two rows counts");
}

}  // namespace poolfit::cli
