#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "scope.hpp"

namespace poolfit::assess {

namespace {

/// Memory that the server allots itself by its size.
Figure<Interval<Bytes>> buffers(const Scope& scope, const InstanceClass& cls) {
    const Platform& platform = *scope.database.platform;
    const auto& version = scope.database.version;
    const BufferMemory made = platform.buffers(catalog::engine_memory(platform, cls).range,
                                               version ? std::optional(version->value) : std::nullopt);
    std::vector<FigureId> inputs{engine_memory(platform, cls, scope.ledger)};
    if (made.divisor != 0)
        inputs.push_back(scope.ledger.constant(fmt::format("{}_divisor", platform.buffers_name),
                                               measured(Measure::ratio, static_cast<double>(made.divisor)),
                                               made.source));
    return {made.range, scope.ledger.derive(fmt::format("{}.{}", class_name(cls), platform.buffers_name),
                                            measured(made.range), std::string(made.formula), std::move(inputs),
                                            std::string(made.divisor == 0 ? made.source : ""))};
}

/// Memory of connections that can not have been open in the time observed: today's deploys were in it.
std::optional<Figure<Interval<Bytes>>> growth(const Scope& scope, const DatabaseDemand& now,
                                              const DatabaseDemand& after) {
    if (!now.deploy_peak || !after.deploy_peak) return std::nullopt;
    const std::int64_t more = after.deploy_peak->value.value - now.deploy_peak->value.value;
    if (more <= 0) return std::nullopt;
    const Platform& platform = *scope.database.platform;
    const Interval<Bytes> bytes{Bytes(0), Bytes(more * platform.connection_memory.high.value)};
    const FigureId each = scope.ledger.constant("memory_per_connection", measured(platform.connection_memory),
                                                platform.connection_source);
    return Figure<Interval<Bytes>>{
        bytes, scope.ledger.derive(scope.today("memory.new_connections"), measured(bytes),
                                   "0 to (deploy_peak after − deploy_peak today) × memory_per_connection.high",
                                   {after.deploy_peak->id, now.deploy_peak->id, each})};
}

Bytes at_least_zero(Bytes b) { return std::max(b, Bytes(0)); }

Figure<Interval<Bytes>> used(const Scope& scope, const Figure<Interval<Bytes>>& today,
                             const std::optional<Figure<Interval<Bytes>>>& more) {
    Interval<Bytes> value = today.value;
    std::vector<FigureId> inputs{today.id};
    std::string formula = "used today";
    if (!scope.same()) {
        const std::string_view name = scope.database.platform->buffers_name;
        const auto before = buffers(scope, scope.now), then = buffers(scope, scope.cls);
        const Interval<Bytes> left = today.value - before.value;
        const Interval<Bytes> rest{at_least_zero(left.low), at_least_zero(left.high)};
        const FigureId rest_id = scope.ledger.derive(scope.today("memory.rest"), measured(rest),
                                                     fmt::format("used − {}", name), {today.id, before.id},
                                                     "connections, maintenance and the system: the same on any class");
        value = rest + then.value;
        inputs = {rest_id, then.id};
        formula = fmt::format("rest + {}", name);
        // A pool that is not full yet can be larger than all that is used; what RDS and the system keep is there
        // anyway.
        const Interval<Bytes> engine = catalog::engine_memory(*scope.database.platform, scope.cls).range;
        const Interval<Bytes> kept = Interval<Bytes>(scope.cls.memory) - engine;
        if (left.low < Bytes(0) && rest.low < kept.low) {
            value = Interval<Bytes>{std::max(rest.low, kept.low), std::max(rest.high, kept.high)} + then.value;
            const FigureId kept_id =
                scope.ledger.derive(scope.name("memory.kept"), measured(kept), "memory − engine_memory",
                                    {class_memory(scope.cls, scope.ledger),
                                     engine_memory(*scope.database.platform, scope.cls, scope.ledger)});
            inputs.push_back(kept_id);
            formula = fmt::format("max(rest, kept) + {}", name);
        }
    }
    if (more) {
        value = value + more->value;
        inputs.push_back(more->id);
        formula += " + new_connections";
    } else if (scope.same()) {
        return today;
    }
    const std::string name = scope.same() ? scope.today("after.memory.used") : scope.name("memory.used");
    return {value, scope.ledger.derive(name, measured(value), formula, std::move(inputs))};
}

void checks(const Scope& scope, Projection& projection) {
    const Policy& policy = scope.fleet.policy;
    const double memory = static_cast<double>(scope.cls.memory.value);
    const bool known = projection.memory_used.has_value();
    const bool as_much = scope.same() || scope.cls.memory >= scope.now.memory;

    Check share{Dimension::memory,
                Standing::inside,
                {},
                policy.memory_max->value * memory,
                Measure::bytes,
                0,
                false,
                {},
                {},
                0};
    Check floor{Dimension::freeable_memory,
                Standing::inside,
                {},
                static_cast<double>(policy.freeable_memory_min->value),
                Measure::bytes,
                0,
                false,
                {},
                {},
                0};
    if (!known) {
        share.standing = floor.standing = Scope::unknown(as_much);
        share.missing = floor.missing = "observed.freeable_memory";
        share.text = floor.text = "memory use is not known: observed.freeable_memory is not given";
    } else {
        const auto& used = projection.memory_used->value;
        const auto& freeable = projection.freeable->value;
        const double most = static_cast<double>(used.high.value), least = static_cast<double>(freeable.low.value);
        share.value = Interval<double>{static_cast<double>(used.low.value), most};
        share.figure = projection.memory_used->id;
        share.share = *share.limit > 0 ? most / *share.limit : 1e9;
        share.standing = over(most, *share.limit) ? Standing::over : Standing::inside;
        share.text = fmt::format("memory {} used of {} ({} of {})", unit::print(used),
                                 unit::print(Bytes(static_cast<std::int64_t>(*share.limit))),
                                 unit::print(*policy.memory_max), unit::print(scope.cls.memory));
        floor.value = Interval<double>{least, static_cast<double>(freeable.high.value)};
        floor.figure = projection.freeable->id;
        const double room = memory - *floor.limit;
        floor.share = room > 0 ? most / room : 1e9;
        floor.standing = over(*floor.limit, least) ? Standing::over : Standing::inside;
        floor.text = fmt::format("memory {} free, {} {}", unit::print(freeable),
                                 floor.standing == Standing::over ? "under the floor of" : "the floor is",
                                 unit::print(*policy.freeable_memory_min));
    }
    projection.checks.push_back(std::move(share));
    if (policy.freeable_memory_min->value > 0) projection.checks.push_back(std::move(floor));
}

}  // namespace

void project_memory(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after,
                    Projection& projection) {
    if (const auto& observed = scope.database.observed.freeable_memory) {
        const Interval<Bytes> label(scope.now.memory);
        const Interval<Bytes> today = label - **observed;
        const FigureId leaf = scope.ledger.input(scope.today("memory.freeable"), measured(**observed), observed->place);
        const Figure<Interval<Bytes>> used_today{
            today, scope.ledger.derive(scope.today("memory.used"), measured(today), "memory − freeable",
                                       {class_memory(scope.now, scope.ledger), leaf},
                                       fmt::format("{}, connections and what the hardware and the system keep",
                                                   scope.database.platform->buffers_name))};
        projection.memory_used = used(scope, used_today, growth(scope, now, after));
        Interval<Bytes> left = Interval<Bytes>(scope.cls.memory) - projection.memory_used->value;
        left = {at_least_zero(left.low), at_least_zero(left.high)};
        if (scope.same() && projection.memory_used->id == used_today.id) {
            projection.freeable = {**observed, leaf};
        } else {
            const std::string name =
                scope.same() ? scope.today("after.memory.freeable") : scope.name("memory.freeable");
            projection.freeable = {
                left, scope.ledger.derive(name, measured(left), "memory − used",
                                          {class_memory(scope.cls, scope.ledger), projection.memory_used->id})};
        }
    }
    checks(scope, projection);
}

}  // namespace poolfit::assess
