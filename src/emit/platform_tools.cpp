#include "platform_tools.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>

namespace poolfit::emit {
namespace {

const Tools* tools_of(const Database& database) { return database.platform->tools; }

}  // namespace

std::vector<Index> databases_of(const Request& request) {
    std::vector<Index> all;
    for (Index i = 0; i < request.fleet().databases.size(); ++i)
        if (request.wants_database(i)) all.push_back(i);
    return all;
}

const CommandLine* command_line_of(const Database& database) {
    const Tools* tools = tools_of(database);
    return tools != nullptr ? tools->command_line : nullptr;
}
const Terraform* terraform_of(const Database& database) {
    const Tools* tools = tools_of(database);
    return tools != nullptr ? tools->terraform : nullptr;
}
const CloudFormation* cloudformation_of(const Database& database) {
    const Tools* tools = tools_of(database);
    return tools != nullptr ? tools->cloudformation : nullptr;
}
const Metrics* metrics_of(const Database& database) {
    const Tools* tools = tools_of(database);
    return tools != nullptr ? tools->metrics : nullptr;
}

bool refuses_strategy(const Request& request, Emission& emission) {
    if (request.strategy == nullptr || request.strategy->recommended) return false;
    const auto& all = request.report->strategies;
    const auto own = std::ranges::find(all, true, &Strategy::recommended);
    emission.refusal =
        fmt::format("phases, limits and checks belong to the recommended plan{}, not to the strategy {}",
                    own != all.end() ? fmt::format(" ({})", own->name) : std::string(), request.strategy->name);
    return true;
}

std::optional<VolumeChange> volume_change(const Request& request, Index database) {
    const auto& storage = request.report->plan.databases[database].storage;
    if (!storage || !storage->advice || !storage->kept) return std::nullopt;
    const StorageAdvice& advice = *storage->advice;
    VolumeChange change;
    if (advice.to != nullptr && advice.to != storage->volume.kind)
        change.kind = advice.to->in_api.empty() ? advice.to->name : advice.to->in_api;
    if (advice.gib) change.gib = digits(std::ceil(*advice.gib));
    if (advice.provisioned) change.iops = digits(*advice.provisioned);
    if (advice.provisioned_mibps) change.mibps = digits(*advice.provisioned_mibps);
    if (const Storage* today = storage->given; today != nullptr && !change.kind.empty()) {
        change.drops_iops = today->iops && !change.iops;
        change.drops_mibps = today->throughput && !change.mibps;
    }
    return change;
}

std::string digits(double value) { return fmt::format("{:.0f}", value); }

std::string number(double value) {
    std::string text = fmt::format("{:.4f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text == "-0" ? "0" : text;
}

double cpu_in(const Metric& metric, double share) { return metric.unit == Metric::Unit::percent ? share * 100 : share; }

double memory_in(const Metric& metric, Bytes free, Bytes total) {
    const double used = 1 - static_cast<double>(free.value) / static_cast<double>(total.value);
    switch (metric.unit) {
        case Metric::Unit::percent_used:
            return used * 100;
        case Metric::Unit::ratio_used:
            return used;
        default:
            return static_cast<double>(free.value);
    }
}

bool falls(const Metric& metric) {
    return metric.unit == Metric::Unit::bytes_free || metric.what == Watched::credits ||
           metric.what == Watched::free_storage;
}

std::optional<Bytes> free_memory(const DatabasePlan& plan) {
    std::optional<Bytes> least;
    const auto keep = [&](double bytes) {
        const Bytes free(static_cast<std::int64_t>(bytes));
        if (!least || free > *least) least = free;
    };
    // Of memory in use the limit is what the policy allows, of free memory what has to be left.
    const Check* used = plan.chosen.find(Dimension::memory);
    const Check* free = plan.chosen.find(Dimension::freeable_memory);
    if (used != nullptr && used->limit) keep(static_cast<double>(plan.chosen.cls->memory.value) - *used->limit);
    if (free != nullptr && free->limit) keep(*free->limit);
    return least;
}

}  // namespace poolfit::emit
