#include <algorithm>

#include <poolfit/platform/tools.hpp>

namespace poolfit::platform {

const Metric* find_metric(const Metrics& metrics, Watched what) {
    const auto found = std::ranges::find(metrics.all, what, &Metric::what);
    return found == metrics.all.end() ? nullptr : &*found;
}

}  // namespace poolfit::platform
