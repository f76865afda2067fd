#include <poolfit/model/scale.hpp>

#include <algorithm>
#include <cmath>

namespace poolfit::model {
namespace {

constexpr double most_users = 1e7, most_rate = 1e9;  // as an inventory may have them

}  // namespace

void scale_load(Fleet& fleet, double factor) {
    const auto times = [&](PerSecond rate) { return PerSecond(std::min(most_rate, rate.value * factor)); };
    fleet.load_scale *= factor;
    for (Service& service : fleet.services)
        if (auto& rate = service.rate) rate->value = {times(rate->value.low), times(rate->value.high)};
    for (Pool& pool : fleet.pools) {
        if (!pool.workload) continue;
        if (auto& rate = pool.workload->rate) rate->value = {times(rate->value.low), times(rate->value.high)};
        if (auto& users = pool.workload->users) {
            const double scaled = std::round(static_cast<double>(users->value) * factor);
            users->value = static_cast<std::int64_t>(std::clamp(scaled, 1.0, most_users));
        }
    }
}

}  // namespace poolfit::model
