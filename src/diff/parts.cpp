#include "parts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/plan/plan.hpp>

namespace poolfit::diff {
namespace {

std::string units_of(const Target& target) {
    return target.units ? fmt::format("{:.9g}-{:.9g} units", target.units->first, target.units->second) : std::string();
}

/// It is charged for the capacity, else for the vCPUs.
std::string now_of(const Target& target) {
    if (target.units) return units_of(target);
    return target.vcpus ? fmt::format("{} vCPUs", *target.vcpus) : std::string();
}

std::string after_of(const Target& target) {
    if (target.verdict == plan::name(Verdict::idle)) return target.verdict;
    return target.cls_after;
}

/// In one order, whatever that of the inventory is.
std::string lines(const std::vector<Target>& targets, std::string (*of)(const Target&)) {
    std::vector<std::string> all;
    for (const Target& each : targets) all.push_back(of(each));
    std::ranges::sort(all);
    std::string text;
    for (const std::string& each : all) text += each + '\n';
    return text;
}

}  // namespace

std::string what_of_instance(const Server& server) {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", server.provider, server.engine, server.version, server.cls,
                       server.region, server.multi_az);
}

std::string what_of_storage(std::string_view type, const std::array<double, 4>& numbers) {
    return fmt::format("{}\n{:.9g}\n{:.9g}\n{:.9g}\n{:.9g}", type, numbers[0], numbers[1], numbers[2], numbers[3]);
}

void add_pooler(Bill& bill, std::string_view name, const Server& server, const std::vector<Target>& targets,
                const Cost& now, const Cost& after) {
    add(bill.now, now);
    add(bill.after, after);
    if (now.presence == Presence::none && after.presence == Presence::none) return;
    bill.what +=
        fmt::format("{}\n{}\n{}\n{}\n{}", name, server.provider, server.engine, server.region, lines(targets, now_of));
    bill.what_after += lines(targets, after_of);
}

void add(Cost& sum, const Cost& part) {
    if (part.presence == Presence::none || sum.presence == Presence::unknown) return;
    if (part.presence == Presence::unknown) {
        sum = part;
    } else if (part.presence == Presence::open) {
        if (sum.presence == Presence::none) sum.presence = Presence::open;
    } else {
        sum.value = sum.value + part.value;
        sum.presence = Presence::known;
    }
}

}  // namespace poolfit::diff
