// The names of figures, as users write them in `poolfit explain`.
#include <iterator>

#include <fmt/format.h>

#include <poolfit/assess/key.hpp>
#include <poolfit/assess/node.hpp>
#include <poolfit/platform/platform.hpp>

#include "name_rows.hpp"

namespace poolfit::assess {

namespace {

/// The engine where a fleet has more than one: figures of the first database's platform have plain names.
std::string engine_part(const Fleet& fleet, Index database) {
    const Platform* platform = fleet.databases[database].platform;
    return platform == fleet.databases.front().platform ? std::string() : fmt::format("{}.", platform->label);
}

std::string subject_text(const Key& key, const Fleet& fleet) {
    const Index i = key.subject.index;
    using Kind = Subject::Kind;
    switch (key.subject.kind) {
        case Kind::constant:
        case Kind::strategy:
            return {};
        case Kind::policy:
            return "policy";
        case Kind::growth:
            return "growth";
        case Kind::fleet:
            return "fleet";
        case Kind::totals:
            return "totals";
        case Kind::database:
            return fmt::format("database.{}", *fleet.databases[i].name);
        case Kind::service:
            return fmt::format("service.{}", *fleet.services[i].name);
        case Kind::pool:
            return fmt::format("service.{}.pool.{}", *fleet.services[fleet.pools[i].service].name,
                               *fleet.pools[i].name);
        case Kind::pooler:
            return fmt::format("pooler.{}", *fleet.poolers[i].name);
        case Kind::host:
            return fmt::format("host.{}", *fleet.hosts[i].name);
        case Kind::cls:
            return fmt::format("class.{}{}", fleet.databases.empty() ? std::string() : engine_part(fleet, i),
                               key.cls->name);
        case Kind::engine:
            return fmt::format("engine.{}", fleet.databases[i].platform->label);
        case Kind::driver:
            return fmt::format("driver.{}", key.detail);
        case Kind::host_type:
            return fmt::format("host_type.{}", key.detail);
        case Kind::price: {
            const Database& database = fleet.databases[i];
            return fmt::format("price.{}.{}{}.{}.{}", *database.region, engine_part(fleet, i), key.cls->name,
                               platform::deployment(*database.platform, *database.multi_az).key, key.detail);
        }
        case Kind::credit_price:
            // Most fleets have one.
            if (i == 0) return fmt::format("price.credits.{}", key.cls->family);
            return fmt::format("price.credits.{}.{}{}", *fleet.databases[i].region, engine_part(fleet, i),
                               key.cls->family);
        case Kind::support_price:
            return fmt::format("price.extended_support.{}.{}.{}", *fleet.databases[i].region,
                               fleet.databases[i].platform->label, key.detail);
        case Kind::threshold:
            return fmt::format("threshold.{}", key.detail);
        case Kind::commitment: {
            const std::string& own = *fleet.commitments[i].name;
            return fmt::format("commitment.{}", own.empty() ? std::to_string(i + 1) : own);
        }
        case Kind::runway:
            return fmt::format("runway.{}.{}.{}", name(key.phase), *fleet.databases[i].name, key.detail);
    }
    return {};
}

std::string phase_text(Phase phase) {
    if (phase == Phase::now) return {};
    if (phase == Phase::after || phase == Phase::right_sized) return std::string(name(phase));
    return fmt::format("strategy.{}", name(phase));
}

}  // namespace

std::string_view name(Phase phase) {
    constexpr std::string_view names[] = {"now",     "after",  "conservative", "aggressive",
                                          "monitor", "pooler", "right_sized"};
    return names[static_cast<std::size_t>(phase)];
}

std::string_view name(Origin::Kind kind) {
    constexpr std::string_view names[] = {"", "input", "catalog", "constant"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view text(Name name) { return rows[static_cast<std::size_t>(name)].text; }

std::string_view variable(const Key& key) {
    switch (key.name) {
        case Name::vcpu_column:
            return "TOTAL_VCPUS";
        case Name::vcpus:
            return key.subject.kind == Subject::Kind::host ? "TOTAL_VCPUS" : "DB_VCPUS";
        case Name::cores:
        case Name::cores_at:
            return "TOTAL_CORES";
        case Name::instances:
            return "INSTANCES";
        case Name::processes:
            return "PROCESSES";
        case Name::variable:
            return key.detail;
        case Name::memory:
        case Name::engine_memory:
            return "DBInstanceClassMemory";
        default:
            return {};
    }
}

std::string name(const Key& key, const Fleet& fleet) {
    const Row& row = rows[static_cast<std::size_t>(key.name)];
    std::string text;
    const auto add = [&](std::string_view part) {
        if (part.empty()) return;
        if (!text.empty()) text += '.';
        text += part;
    };
    if (row.style == Style::strategy) add(fmt::format("strategy.{}", name(key.phase)));
    add(subject_text(key, fleet));
    const bool has_class = key.cls != nullptr && key.subject.kind == Subject::Kind::database;
    if (has_class) add(fmt::format("on.{}", key.cls->name));
    if (row.style == Style::workload || row.style == Style::rated) add("workload");
    if (row.style == Style::rated) add(name(key.phase));
    if (row.style == Style::plain && key.subject.kind != Subject::Kind::runway) add(phase_text(key.phase));
    const std::size_t hole = row.text.find("{}");
    // A constant that is another on each platform: the first's has the plain name.
    const bool of_platform = key.subject.kind == Subject::Kind::constant && !key.detail.empty();
    add(hole == std::string_view::npos
            ? std::string(row.text) + (of_platform ? fmt::format("_{}", key.detail) : std::string())
            : fmt::format("{}{}{}", row.text.substr(0, hole), key.detail, row.text.substr(hole + 2)));
    return text;
}

}  // namespace poolfit::assess
