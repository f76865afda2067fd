// The names of figures, as users write them in `poolfit explain`.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <poolfit/assess/key.hpp>
#include <poolfit/assess/node.hpp>
#include <poolfit/platform/platform.hpp>

#include "name_rows.hpp"

namespace poolfit::assess {

namespace {

bool has_several_platforms(const Fleet& fleet) {
    return std::ranges::any_of(fleet.databases, [&](const Database& database) {
        return database.platform != fleet.databases.front().platform;
    });
}

/// Are there credits at prices of several regions or platforms?
bool has_several_markets(const Fleet& fleet) {
    const auto& first = fleet.databases.front();
    return std::ranges::any_of(fleet.databases, [&](const Database& database) {
        return database.platform != first.platform || *database.region != *first.region;
    });
}

/// Of a class: what depends on its hardware alone is the same on every platform.
bool follows_engine(Name name) {
    switch (name) {
        case Name::engine_memory:
        case Name::idle_memory:
        case Name::buffers:
        case Name::max_nominal:
        case Name::max_expected:
        case Name::max_uncapped:
        case Name::max_uncapped_nominal:
            return true;
        default:
            return false;
    }
}

/// A record's name within that of a figure.
std::string part(std::string_view record, Spelling spelling) {
    return spelling == Spelling::full ? quoted(record) : std::string(record);
}

/// The platform's label, where the fleet has several platforms: no order of databases decides.
std::string platform_part(const Fleet& fleet, Index database, Spelling spelling) {
    if (spelling == Spelling::brief || !has_several_platforms(fleet)) return {};
    return fmt::format("{}.", fleet.databases[database].platform->label);
}

std::string subject_text(const Key& key, const Fleet& fleet, Spelling spelling) {
    const Index i = key.subject.index;
    const auto named = [&](const auto& record) { return part(*record.name, spelling); };
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
            return fmt::format("database.{}", named(fleet.databases[i]));
        case Kind::service:
            return fmt::format("service.{}", named(fleet.services[i]));
        case Kind::pool:
            return fmt::format("service.{}.pool.{}", named(fleet.services[fleet.pools[i].service]),
                               named(fleet.pools[i]));
        case Kind::pooler:
            return fmt::format("pooler.{}", named(fleet.poolers[i]));
        case Kind::host:
            return fmt::format("host.{}", named(fleet.hosts[i]));
        case Kind::cls:
            return fmt::format("class.{}{}",
                               follows_engine(key.name) ? platform_part(fleet, i, spelling) : std::string(),
                               key.cls->name);
        case Kind::engine:
            return fmt::format("engine.{}", fleet.databases[i].platform->label);
        case Kind::driver:
            return fmt::format("driver.{}", key.detail);
        case Kind::host_type:
            return fmt::format("host_type.{}", key.detail);
        case Kind::price: {
            const Database& database = fleet.databases[i];
            return fmt::format("price.{}.{}{}.{}.{}", *database.region, platform_part(fleet, i, spelling),
                               key.cls->name, platform::deployment(*database.platform, *database.multi_az).key,
                               key.detail);
        }
        case Kind::credit_price:
            // Most fleets have one.
            if (spelling == Spelling::brief || !has_several_markets(fleet))
                return fmt::format("price.credits.{}", key.detail);
            return fmt::format("price.credits.{}.{}{}", *fleet.databases[i].region, platform_part(fleet, i, spelling),
                               key.detail);
        case Kind::support_price:
            return fmt::format("price.extended_support.{}.{}.{}", *fleet.databases[i].region,
                               fleet.databases[i].platform->label, key.detail);
        case Kind::threshold:
            return fmt::format("threshold.{}", key.detail);
        case Kind::commitment: {
            const std::string& own = *fleet.commitments[i].name;
            if (own.empty()) return fmt::format("commitment.{}", i + 1);
            // A name of digits is none of the numbers that stand for others.
            if (spelling == Spelling::full && own.find_first_not_of("0123456789") == own.npos)
                return fmt::format("commitment.\"{}\"", own);
            return fmt::format("commitment.{}", part(own, spelling));
        }
        case Kind::runway:
            return fmt::format("runway.{}.{}.{}", name(key.phase), named(fleet.databases[i]), key.detail);
    }
    return {};
}

/// Does subject_text have the key's detail, or is it a constant's platform?
bool is_in_subject(Subject::Kind kind) {
    switch (kind) {
        case Subject::Kind::constant:
        case Subject::Kind::driver:
        case Subject::Kind::host_type:
        case Subject::Kind::price:
        case Subject::Kind::credit_price:
        case Subject::Kind::support_price:
        case Subject::Kind::threshold:
        case Subject::Kind::runway:
            return true;
        default:
            return false;
    }
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

std::string quoted(std::string_view record) {
    if (record.find('.') == record.npos) return std::string(record);
    std::string text = "\"";
    for (const char c : record) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

bool is_of_strategy(Name name) { return rows[static_cast<std::size_t>(name)].style == Style::strategy; }

std::string name(const Key& key, const Fleet& fleet, Spelling spelling) {
    const Row& row = rows[static_cast<std::size_t>(key.name)];
    std::string text;
    const auto add = [&](std::string_view part) {
        if (part.empty()) return;
        if (!text.empty()) text += '.';
        text += part;
    };
    if (row.style == Style::strategy) add(fmt::format("strategy.{}", name(key.phase)));
    add(subject_text(key, fleet, spelling));
    const bool has_class = key.cls != nullptr &&
                           (key.subject.kind == Subject::Kind::database || key.subject.kind == Subject::Kind::pooler);
    if (has_class) add(fmt::format("on.{}", key.cls->name));
    if (row.style == Style::workload || row.style == Style::rated) add("workload");
    if (row.style == Style::rated) add(name(key.phase));
    if (row.style == Style::plain && key.subject.kind != Subject::Kind::runway) add(phase_text(key.phase));
    const std::size_t hole = row.text.find("{}");
    if (hole == std::string_view::npos) {
        // A constant that is another on each platform.
        const bool of_platform = key.subject.kind == Subject::Kind::constant && !key.detail.empty() &&
                                 spelling == Spelling::full && has_several_platforms(fleet);
        add(std::string(row.text) + (of_platform ? fmt::format("_{}", key.detail) : std::string()));
        if (!key.detail.empty() && !is_in_subject(key.subject.kind)) add(part(key.detail, spelling));
        return text;
    }
    const bool of_record = row.text.ends_with(".of.{}") || row.text.ends_with(".from.{}");
    add(fmt::format("{}{}{}", row.text.substr(0, hole),
                    of_record ? part(key.detail, spelling) : std::string(key.detail), row.text.substr(hole + 2)));
    return text;
}

}  // namespace poolfit::assess
