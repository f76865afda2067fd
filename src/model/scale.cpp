#include <poolfit/model/scale.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

namespace poolfit::model {
namespace {

constexpr double most_users = 1e7, most_rate = 1e9;  // as an inventory may have them

/// Values that a series gave, after it was scaled.
void scale_series(Observed& observed, double factor) {
    const auto scaled = std::make_shared<const series::Watched>(series::scaled(*observed.watched, factor));
    const auto again = [&](std::string_view key, auto& value) {
        if (!value || !value->place || value->place.source->name() != scaled->file) return;
        const series::Watched::Given* given = scaled->find(key);
        if (given == nullptr) return;
        if constexpr (requires { value->value.low.value; }) {
            value->value.low.value = given->low;
            value->value.high.value = given->high;
        } else {
            value->value = {given->low, given->high};
        }
    };
    again("cpu_mean", observed.cpu_mean);
    again("cpu_p95", observed.cpu_p95);
    again("cpu_p99", observed.cpu_p99);
    again("cpu_peak", observed.cpu_peak);
    again("ebs_throughput", observed.ebs_throughput);
    again("network", observed.network);
    again("iops", observed.iops);
    if (observed.iops && observed.read_iops && observed.write_iops && observed.iops->place &&
        observed.iops->place.source->name() == scaled->file && scaled->find("iops") == nullptr)
        observed.iops->value = {observed.iops->value.low * factor, observed.iops->value.high * factor};
    again("read_iops", observed.read_iops);
    again("write_iops", observed.write_iops);
    observed.watched = scaled;
}

}  // namespace

void scale_load(Fleet& fleet, double factor) {
    const auto times = [&](PerSecond rate) { return PerSecond(std::min(most_rate, rate.value * factor)); };
    fleet.load_scale *= factor;
    for (Database& database : fleet.databases)
        if (database.observed.watched && factor != 1) scale_series(database.observed, factor);
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
