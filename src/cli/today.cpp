#include "today.hpp"

#include <charconv>

#include <fmt/format.h>

#include "environment.hpp"

namespace poolfit::cli {

std::variant<std::optional<Date>, Failure> today_of(Context& context) {
    const std::string_view epoch = variable("SOURCE_DATE_EPOCH");
    if (context.options.today || epoch.empty()) return context.options.today;
    long long seconds = 0;
    const auto [end, error] = std::from_chars(epoch.data(), epoch.data() + epoch.size(), seconds);
    constexpr long long year_10000 = 253'402'300'800;
    if (error == std::errc{} && end == epoch.data() + epoch.size() && seconds >= 0 && seconds < year_10000)
        return std::optional(unit::date_of_epoch_seconds(seconds));
    return fail(context.diagnostics, "usage", fmt::format("SOURCE_DATE_EPOCH: {} is not a number of seconds", epoch),
                "unset it, or use --today 2026-11-24");
}

}  // namespace poolfit::cli
