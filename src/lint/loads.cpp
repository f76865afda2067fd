#include "loads.hpp"

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "finding.hpp"

namespace poolfit::lint {

Millis mean_hold(const PoolLoad& load) {
    const auto mean = sizing::mean_hold(load.base.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    return hold == nullptr ? Millis(0) : *hold;
}

std::string load_text(const PoolLoad& load) {
    const std::string hold = unit::print(mean_hold(load));
    if (load.base.users > 0)
        return fmt::format("{}, think {}, hold {}", count(load.base.users, "user", "users"),
                           unit::print(load.base.think), hold);
    return fmt::format("{} × {} = {} erlangs", unit::print(load.base.rate), hold,
                       unit::print_number(load.offered.value.value));
}

std::string wait_text(const sizing::Figures& figures) {
    std::string text = fmt::format("utilization {}", unit::print(figures.utilization));
    if (figures.overloaded) return text;
    text += fmt::format(", mean wait {}", unit::print(figures.wait_mean));
    if (figures.wait_p99) text += fmt::format(", p99 {}", unit::print(*figures.wait_p99));
    return text;
}

std::string cpu_each(const DatabaseLoad& load, const InstanceClass& cls) {
    return fmt::format("{} vCPU",
                       unit::print_number(load.cpu_demand.value.value * cls.vcpus / load.active_at_demand.value));
}

std::string largest_demand(const LintInput& input, Index database) {
    const DatabaseLoad& load = *input.plan.databases[database].load;
    double most = 0;
    std::string name;
    for (std::size_t k = 0; k < load.pools.size(); ++k) {
        if (load.demands[k].value <= most) continue;
        most = load.demands[k].value;
        name = pool_target(input.fleet, input.fleet.pools[load.pools[k]]);
    }
    return fmt::format("{}, {} vCPU", name, unit::print_number(most));
}

}  // namespace poolfit::lint
