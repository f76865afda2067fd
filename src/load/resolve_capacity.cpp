// A server whose capacity follows the load: a machine as large as its most capacity.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "resolve_server.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

/// A range of capacity: its end, on the platform's steps.
bool fits(Context& context, std::string_view key, const Maybe<double>& value, double least, const Elastic& elastic) {
    if (!value) return false;
    const double steps = **value / elastic.step;
    if (**value >= least && **value <= elastic.most && std::floor(steps) == steps) return true;
    context.out.error(
        value->place,
        fmt::format("{}: {} is not {} to {} {} in steps of {}", key, unit::print_number(**value),
                    unit::print_number(least), unit::print_number(elastic.most), elastic.unit,
                    unit::print_number(elastic.step)),
        context.assign(key, unit::print_number(std::clamp(std::ceil(steps) * elastic.step, least, elastic.most))));
    return false;
}

const DatabaseDraft::End* end_of(const DatabaseDraft& own, std::string_view key) {
    const auto at = std::ranges::find(own.capacity, key, &DatabaseDraft::End::name);
    return at == own.capacity.end() ? nullptr : &*at;
}

}  // namespace

void resolve_capacity(Context& context, const DatabaseDraft& own, const DatabaseDraft* primary, Database& out) {
    const Platform& platform = *out.platform;
    const Elastic& elastic = *platform.elastic;
    check_standby(context, out);
    for (const Place& key : {own.vcpus_key, own.memory_key})
        if (key)
            context.out.error(key, fmt::format("vcpus and memory follow the capacity of {}", elastic.class_name),
                              fmt::format("remove them, and write {} and {}", elastic.min_key, elastic.max_key));
    for (const auto& end : own.capacity)
        if (end.name != elastic.min_key && end.name != elastic.max_key)
            context.out.error(end.key, fmt::format("{} is not a key of {}", end.name, platform.names.full),
                              fmt::format("write {} and {}", elastic.min_key, elastic.max_key));
    if (own.has_class && elastic.class_name.find('.') == elastic.class_name.npos)
        context.out.error(own.cls ? own.cls->place : out.place,
                          fmt::format("class: a {} compute has no class", platform.names.full),
                          fmt::format("write {} and {} instead", elastic.min_key, elastic.max_key));
    // One range holds for all instances of a cluster.
    const bool as_primary = primary != nullptr && end_of(*primary, elastic.min_key) &&
                            end_of(*primary, elastic.max_key) && own.capacity.empty();
    const DatabaseDraft& given = as_primary ? *primary : own;
    const auto *least = end_of(given, elastic.min_key), *highest = end_of(given, elastic.max_key);
    const bool says_nothing = own.capacity.empty() && !own.has_class && !own.vcpus_key && !own.memory_key;
    if (says_nothing && !least && !highest) {
        if (!own.has_replica_of) leave_open(out);
        return;
    }
    if (!least) needs(context, out, elastic.min_key, unit::print_number(elastic.usual_min));
    if (!highest) needs(context, out, elastic.max_key, unit::print_number(elastic.usual_max));
    if (!least || !highest) return;
    if (!as_primary) {
        const bool low = fits(context, elastic.min_key, least->value, elastic.least_min, elastic);
        const bool high = fits(context, elastic.max_key, highest->value, elastic.least_max, elastic);
        if (!low || !high) return;
        if (**least->value > **highest->value) {
            context.note(context.out.error(highest->value->place,
                                           fmt::format("{} is less than {}", elastic.max_key, elastic.min_key),
                                           context.assign(elastic.max_key, unit::print_number(**least->value))),
                         std::string(elastic.min_key), least->value->place);
            return;
        }
        if (elastic.widest != 0 && **highest->value - **least->value > elastic.widest) {
            context.note(
                context.out.error(highest->value->place,
                                  fmt::format("{}: more than {} {} above {}", elastic.max_key,
                                              unit::print_number(elastic.widest), elastic.unit, elastic.min_key),
                                  context.assign(elastic.max_key, unit::print_number(**least->value + elastic.widest))),
                std::string(elastic.min_key), least->value->place);
            return;
        }
    }
    if (!least->value || !highest->value || **highest->value < elastic.least_max) return;
    if (!as_primary && elastic.scales_to != 0 && **highest->value > elastic.scales_to &&
        **highest->value != **least->value) {
        const std::string same = unit::print_number(**highest->value);
        context.note(
            context.out.error(highest->value->place,
                              fmt::format("{}: {} scales to {} {}; above that a compute has one size", elastic.max_key,
                                          elastic.name, unit::print_number(elastic.scales_to), elastic.unit),
                              **least->value <= elastic.scales_to
                                  ? context.assign(elastic.max_key, unit::print_number(elastic.scales_to))
                                  : context.assign(elastic.min_key, same)),
            std::string(elastic.min_key), least->value->place);
        return;
    }
    auto machine = std::make_shared<Machine>();
    const double most = **highest->value;
    machine->capacity = Capacity{*least->value, *highest->value};
    machine->name = fmt::format("{}, {} to {} {}", elastic.class_name, unit::print_number(**least->value),
                                unit::print_number(most), elastic.unit);
    machine->cls.name = machine->name;
    machine->cls.vcpus = static_cast<int>(std::ceil(most / elastic.units_per_vcpu));
    machine->cls.threads_per_core = 1;  // not known: no vCPU counts for more than another
    machine->cls.memory = Bytes(static_cast<std::int64_t>(most * static_cast<double>(elastic.unit_memory.value)));
    machine->cls.support = InstanceClass::Support::yes;
    machine->cls.versions = context.catalog.capacity_versions(platform);
    machine->cls.support_text = context.catalog.capacity_versions_text(platform);
    machine->cls.row.source = elastic.source;
    machine->cls.row.place = highest->value->place;
    machine->cls.limit = context.catalog.limit_by_units(platform, *platform::deciding(elastic, *machine->capacity));
    // Sources differ on what the limit follows: the plan counts with the low end.
    const double wide = std::min(most, elastic.limit_times * **least->value);
    if (elastic.limit_by_min && machine->cls.limit && wide > **least->value)
        if (const auto high = context.catalog.limit_by_units(platform, wide)) {
            machine->cls.limit->range.high = high->range.high;
            machine->cls.limit->row = high->row;
        }
    out.cls = {machine->name, own.cls ? own.cls->place : platform::deciding(elastic, *machine->capacity).place};
    out.type = &machine->cls;
    if (out.version && catalog::supports(platform, machine->cls, out.version->value) == catalog::Supported::no)
        context.out.error(out.version->place,
                          fmt::format("version: {} does not run on {}", out.version_text, elastic.class_name),
                          machine->cls.support_text.find(platform.names.engine) != std::string_view::npos
                              ? fmt::format("one of {}", machine->cls.support_text)
                              : fmt::format("one of {} {}", platform.names.engine, machine->cls.support_text));
    out.machine = std::move(machine);
}

}  // namespace poolfit::load
