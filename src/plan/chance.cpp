#include <algorithm>
#include <cmath>

#include <poolfit/plan/worlds.hpp>

namespace poolfit::plan {

Chance chance(std::int64_t worlds, std::int64_t of) {
    constexpr double z = 1.959963984540054;  // of the normal distribution, 95 %
    const double n = static_cast<double>(of), p = static_cast<double>(worlds) / n;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    // Where all or none are, the interval ends there.
    return {worlds, of, worlds == 0 ? 0.0 : std::max(0.0, middle - half),
            worlds == of ? 1.0 : std::min(1.0, middle + half)};
}

std::string_view name(Worlds::Law law) {
    constexpr std::string_view names[] = {"uniform", "lognormal_in_band", "lognormal"};
    return names[static_cast<std::size_t>(law)];
}

}  // namespace poolfit::plan
