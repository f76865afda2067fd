#include "input_log.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::cli {
namespace {

std::string shown(double value) { return unit::print_number(value); }
std::string shown(bool value) { return value ? "true" : "false"; }
template <class Q>
std::string shown(Q value) {
    return unit::print(value);
}

std::string from(const Place& place) { return place ? diag::print(place) : std::string("default"); }

template <class T>
void log_key(Context& context, std::string_view key, const Located<T>& setting) {
    context.log.push_back(fmt::format("policy     {} = {} ({})", key, shown(*setting), from(setting.place)));
}

void log_globs(Context& context, std::string_view key, const std::vector<Located<std::string>>& globs) {
    for (const auto& glob : globs) {
        context.log.push_back(fmt::format("policy     {} {} ({})", key, *glob, from(glob.place)));
    }
}

void log_policy(Context& context, const Policy& policy) {
    log_key(context, "connections_steady_max", policy.connections_steady_max);
    log_key(context, "connections_deploy_max", policy.connections_deploy_max);
    context.log.push_back(fmt::format("policy     deploys_at_once = {} ({})", *policy.deploys_together ? "all" : "1",
                                      from(policy.deploys_together.place)));
    log_key(context, "cpu_peak_max", policy.cpu_peak_max);
    log_key(context, "memory_max", policy.memory_max);
    log_key(context, "freeable_memory_min", policy.freeable_memory_min);
    log_key(context, "observed_buffer", policy.observed_buffer);
    log_key(context, "wait", policy.wait);
    log_key(context, "wait_probability", policy.wait_probability);
    log_key(context, "allow_burstable", policy.allow_burstable);
    log_key(context, "survive_failover", policy.survive_failover);
    log_key(context, "allow_arm", policy.allow_arm);
    log_globs(context, "allow", policy.allow);
    log_globs(context, "deny", policy.deny);
    log_key(context, "min_savings_per_month", policy.min_savings_per_month);
    log_key(context, "min_savings", policy.min_savings);
    if (policy.cost_of_trouble) log_key(context, "cost_of_trouble", *policy.cost_of_trouble);
}

}  // namespace

void log_inputs(Context& context, const Inputs& inputs) {
    const Options& options = context.options;
    std::vector<std::string>& log = context.log;
    log.push_back(fmt::format("inventory  {} ({})", inputs.fleet.path, inputs.inventory.named_by));
    for (const Inventory& file : inputs.more)
        log.push_back(fmt::format("inventory  {} ({})", file.path, file.named_by));
    if (!options.environment.empty()) log.push_back(fmt::format("environment {} (--env)", options.environment));
    log.push_back(fmt::format("catalog    built in, as of {}", inputs.catalog.as_of()));
    for (const std::string_view file : inputs.catalog.overlays()) {
        const bool named = std::ranges::find(options.catalogs, file) != options.catalogs.end();
        log.push_back(fmt::format("catalog    {} ({})", file, named ? "--catalog" : "beside the inventory"));
    }
    log.push_back(fmt::format("price      {} ({})", platform::term(options.price).word,
                              options.price == PriceTerm::list ? "default" : "--price"));
    log_policy(context, inputs.fleet.policy);
}

}  // namespace poolfit::cli
