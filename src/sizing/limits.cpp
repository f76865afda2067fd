#include <algorithm>

#include <poolfit/sizing/pool.hpp>

#include "exact.hpp"

namespace poolfit::sizing {
namespace {

template <class T>
std::optional<T> known(const queue::Answer<T>& answer) {
    const T* value = std::get_if<T>(&answer);
    return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

std::optional<Shape> exponential(const Load& load) {
    const auto hold = known(shape(load.hold));
    if (!hold || hold->kind != Shape::Kind::exponential || load.acquire_timeout || load.batch > 1.0)
        return std::nullopt;
    return hold;
}

}  // namespace

std::vector<Connections> around(const Load& load, Connections size, std::size_t count) {
    const std::int64_t most = load.users > 0 ? std::max(load.users, size.value) : queue::most_servers;
    const std::int64_t step = std::max<std::int64_t>(1, size.value / 20);
    const auto half = static_cast<std::int64_t>(count / 2);
    std::vector<Connections> sizes;
    const auto add = [&](std::int64_t value) {
        if (value >= 1 && value <= most) sizes.emplace_back(value);
    };
    if (half > 0) add(size.value / 2);
    for (std::int64_t i = 1 - half; i < half; ++i) add(size.value + i * step);
    if (half == 0) add(size.value);
    if (half > 0) add(size.value * 2);
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
}

Reach reach(const Load& load, Connections size, const Question& question) {
    Reach reach;
    const auto hold = exponential(load);
    if (!hold) return reach;
    if (load.users == 0) {
        reach.largest_rate = known(queue::largest_rate(size, hold->mean, question.goals));
        reach.longest_hold = known(queue::longest_hold(size, load.rate, question.goals));
    } else if (load.vcpus == 0 || load.cpu.value == 0.0) {
        reach.most_users = known(queue::most_users_served(size, load.think, hold->mean, question.goals));
    }
    return reach;
}

Knee knee(const Load& load, Connections size) {
    Knee knee;
    const auto hold = known(mean_hold(load.hold));
    if (!hold) return knee;
    const auto connections = static_cast<double>(size.value);
    if (load.users == 0) {
        knee.rate_of_pool = PerSecond(connections / hold->value * 1000.0);
        return knee;
    }
    const double round = (load.think + *hold).value;
    knee.users_of_pool = connections * round / hold->value;
    if (load.vcpus > 0 && load.cpu.value > 0.0)
        knee.users_of_cpu = static_cast<double>(load.vcpus) * round / load.cpu.value;
    return knee;
}

}  // namespace poolfit::sizing
