#include "cloud_sql.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace poolfit::platform::cloud_sql {
namespace {

constexpr std::string_view prefix = "db-custom-";
constexpr std::int64_t most_vcpus = 96, step_mib = 256, least_mib = 3840;

/// 0.9 GiB for each vCPU, rounded up to the step; 3.75 GiB at least.
std::int64_t least_memory(std::int64_t vcpus) {
    const std::int64_t tenths = vcpus * 9 * 1024;  // of MiB
    return std::max((tenths + step_mib * 10 - 1) / (step_mib * 10) * step_mib, least_mib);
}
std::int64_t most_memory(std::int64_t vcpus) { return vcpus * 6656; }

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.front() < '0' || text.front() > '9' || read.ec != std::errc{} ||
        read.ptr != text.data() + text.size() || value > 1'000'000'000)
        return std::nullopt;
    return value;
}

std::string named(std::int64_t vcpus, std::int64_t mib) { return fmt::format("{}{}-{}", prefix, vcpus, mib); }

std::string nearest(std::int64_t vcpus, std::int64_t mib) {
    const std::int64_t cores = vcpus <= 1 ? 1 : std::min((vcpus + 1) / 2 * 2, most_vcpus);
    const std::int64_t rounded = (mib + step_mib - 1) / step_mib * step_mib;
    return named(cores, std::clamp(rounded, least_memory(cores), most_memory(cores)));
}

}  // namespace

std::optional<std::variant<CustomClasses::Shape, CustomClasses::Wrong>> shape(std::string_view name) {
    if (!name.starts_with(prefix)) return std::nullopt;
    const std::string_view rest = name.substr(prefix.size());
    const auto dash = rest.find('-');
    if (dash == rest.npos) return std::nullopt;
    const auto vcpus = number(rest.substr(0, dash)), mib = number(rest.substr(dash + 1));
    if (!vcpus || !mib) return std::nullopt;
    std::string wrong;
    if (*vcpus < 1 || *vcpus > most_vcpus || (*vcpus > 1 && *vcpus % 2 != 0))
        wrong = fmt::format("has {} vCPUs; it can have 1, or an even number to {}", *vcpus, most_vcpus);
    else if (*mib % step_mib != 0)
        wrong = fmt::format("has {} MiB of memory, which is not a multiple of {}", *mib, step_mib);
    else if (*mib < least_memory(*vcpus) || *mib > most_memory(*vcpus))
        wrong = fmt::format("has {} MiB of memory; with {} vCPU it can have {} to {}", *mib, *vcpus,
                            least_memory(*vcpus), most_memory(*vcpus));
    // A leading zero is another name for the same class.
    else if (const std::string own = named(*vcpus, *mib); own != name)
        return CustomClasses::Wrong{"is not how Cloud SQL writes it", own};
    if (!wrong.empty()) return CustomClasses::Wrong{std::move(wrong), nearest(*vcpus, *mib)};
    return CustomClasses::Shape{static_cast<int>(*vcpus), Bytes(*mib * bytes_per_mib)};
}

// cloud.google.com/sql/docs: "Introduction to Cloud SQL editions" and "Upgrade overview", as of 2026-11.
std::string_view move_changes(const InstanceClass& from, const InstanceClass& to) {
    if (from.category == to.category) return {};
    if (to.category == "enterprise-plus")
        return "the edition, to Enterprise Plus: another machine series and storage, seconds to minutes of downtime, "
               "and another price of storage";
    return "the edition, to Enterprise: another machine series, minutes of downtime, an SLA of 99.95 % instead of "
           "99.99 %, 7 days of point-in-time recovery instead of 35, and no data cache";
}

bool is_region(std::string_view name) {
    // https://cloud.google.com/sql/docs/postgres/locations, as of 2026-11
    constexpr std::array<std::string_view, 8> areas{"africa", "asia",         "australia",    "europe",
                                                    "me",     "northamerica", "southamerica", "us"};
    constexpr std::array<std::string_view, 9> directions{"north",     "south",     "east",      "west",     "central",
                                                         "northeast", "southeast", "northwest", "southwest"};
    const auto dash = name.find('-');
    if (dash == name.npos || std::ranges::find(areas, name.substr(0, dash)) == areas.end()) return false;
    const std::string_view rest = name.substr(dash + 1);
    const auto digit = rest.find_first_of("0123456789");
    if (digit == rest.npos || rest[digit] == '0' || rest.size() - digit > 2) return false;
    return rest.find_first_not_of("0123456789", digit) == rest.npos &&
           std::ranges::find(directions, rest.substr(0, digit)) != directions.end();
}

}  // namespace poolfit::platform::cloud_sql
