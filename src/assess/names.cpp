// The names of figures, as users write them in `poolfit explain`.
#include <array>

#include <fmt/format.h>

#include <poolfit/assess/key.hpp>
#include <poolfit/assess/node.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::assess {

namespace {

/// How the parts of a key stand in its name. "{}" in a text is the key's detail.
enum class Style : std::uint8_t {
    plain,     ///< subject[.on.class][.phase].text
    workload,  ///< subject.workload.text
    rated,     ///< subject.workload.phase.text
    strategy,  ///< strategy.name.[subject.]text
};

struct Row {
    std::string_view text;
    Style style = Style::plain;
};

// In order of Name.
constexpr std::array rows{
    Row{"max"},
    Row{"vcpu_max"},
    Row{"merged_max"},
    Row{"in_use_per_process"},
    Row{"in_use"},
    Row{"waste"},
    Row{"allocated"},
    Row{"deploy_peak"},
    Row{"instances"},
    Row{"instances_min"},
    Row{"processes"},
    Row{"rate"},
    Row{"databases"},
    Row{"threads"},
    Row{"max_surge"},
    Row{"deploy_instances"},
    Row{"vars.{}"},
    Row{"at_{}_vcpus"},
    Row{"observed_size"},
    Row{"can_hold"},
    Row{"has_to_hold"},
    Row{"recommended"},
    Row{"default_max"},
    Row{"users", Style::workload},
    Row{"think", Style::workload},
    Row{"rate", Style::workload},
    Row{"hold", Style::workload},
    Row{"hold_p50", Style::workload},
    Row{"hold_p95", Style::workload},
    Row{"hold_p99", Style::workload},
    Row{"cv", Style::workload},
    Row{"cpu", Style::workload},
    Row{"nested", Style::workload},
    Row{"acquire_timeout", Style::workload},
    Row{"offered", Style::workload},
    Row{"in_flight", Style::workload},
    Row{"deadlock_floor", Style::workload},
    Row{"knee", Style::workload},
    Row{"size_for_wait", Style::workload},
    Row{"size", Style::workload},
    Row{"active", Style::workload},
    Row{"cpu_demand", Style::workload},
    Row{"utilisation", Style::rated},
    Row{"wait_mean", Style::rated},
    Row{"wait_p99", Style::rated},
    Row{"p_wait_over", Style::rated},
    Row{"pairs"},
    Row{"default_pool_size"},
    Row{"reserve_pool_size"},
    Row{"max_db_connections"},
    Row{"max_connections_percent"},
    Row{"size_for_load"},
    Row{"server_connections"},
    Row{"server_connections_deploy"},
    Row{"server_connections_deploy.of.{}"},
    Row{"max_client_conn"},
    Row{"clients"},
    Row{"clients_deploy"},
    Row{"clients_accepted"},
    Row{"pinned"},
    Row{"bill"},
    Row{"bill.unit_price"},
    Row{"connections.services"},
    Row{"connections.allocated"},
    Row{"connections.deploy_peak"},
    Row{"connections.deploy_peak.of.{}"},
    Row{"connections.allocated_at_least"},
    Row{"connections.deploy_at_least"},
    Row{"connections.failover_peak"},
    Row{"connections.failover_peak.from.{}"},
    Row{"other_connections"},
    Row{"connections.in_use"},
    Row{"connections.in_use_at_least"},
    Row{"connections.waste"},
    Row{"connections.observed"},
    Row{"connections.explained"},
    Row{"connections.explained_peak"},
    Row{"connections.unexplained"},
    Row{"connections.utilization"},
    Row{"connections.utilization_nominal"},
    Row{"connections.headroom"},
    Row{"connections.copies"},
    Row{"connections.copies_nominal"},
    Row{"connections.max_observed"},
    Row{"connections.max_planned"},
    Row{"connections.max_for_today"},
    Row{"connections.reserved"},
    Row{"connections.usable"},
    Row{"connections.usable_nominal"},
    Row{"connections.steady_limit"},
    Row{"connections.deploy_limit"},
    Row{"connections.failover_limit"},
    Row{"cpu.mean"},
    Row{"cpu.p95"},
    Row{"cpu.p99"},
    Row{"cpu.peak"},
    Row{"{}_by_vcpus"},
    Row{"{}_of_capacity"},
    Row{"{}_by_coremark"},
    Row{"cpu.speed"},
    Row{"cpu.failover_law.from.{}"},
    Row{"cpu.failover.from.{}"},
    Row{"credits.failover_law.from.{}"},
    Row{"credits.failover_load.from.{}"},
    Row{"credits.failover_burned.from.{}"},
    Row{"credits.failover_hours.from.{}"},
    Row{"credits.failover_surplus.from.{}"},
    Row{"credits.burned_per_hour"},
    Row{"credits.hours_to_empty"},
    Row{"credits.surplus"},
    Row{"memory.freeable"},
    Row{"memory.swap"},
    Row{"memory.used"},
    Row{"memory.in_use"},
    Row{"memory.connections"},
    Row{"memory.buffers"},
    Row{"memory.new_connections"},
    Row{"memory.failover.from.{}"},
    Row{"observed.ebs_throughput"},
    Row{"observed.iops"},
    Row{"observed.network"},
    Row{"load.cpu_busy"},
    Row{"load.cpu_demand"},
    Row{"load.active_mean"},
    Row{"load.active_high"},
    Row{"load.knee"},
    Row{"load.sizes"},
    Row{"load.cpu_stretch"},
    Row{"load.now.cpu_stretch"},
    Row{"extended_support"},
    Row{"extended_support_next"},
    Row{"list_price"},
    Row{"cost"},
    Row{"recommendation.saves_per_month"},
    Row{"recommendation.saves_per_year"},
    Row{"recommendation.peak_per_year"},
    Row{"recommendation.cost"},
    Row{"stop.saves_per_month"},
    Row{"serverless.cost"},
    Row{"serverless.saves_per_month"},
    Row{"capacity.units"},
    Row{"{}_min"},
    Row{"{}_max"},
    Row{"capacity.cost"},
    Row{"capacity.unit_price"},
    Row{"capacity.extended_support"},
    Row{"capacity.extended_support_price"},
    Row{"commitments.units"},
    Row{"commitments.covered"},
    Row{"commitments.by_units"},
    Row{"commitments.plan_rate"},
    Row{"commitments.plan_share"},
    Row{"commitments.by_plan"},
    Row{"commitments.paid"},
    Row{"commitments.saves_per_month"},
    Row{"count"},
    Row{"units"},
    Row{"used"},
    Row{"committed"},
    Row{"storage.size_gib"},
    Row{"storage.provisioned_iops"},
    Row{"storage.provisioned_mib_per_s"},
    Row{"storage.iops"},
    Row{"storage.mib_per_s"},
    Row{"storage.usable_iops"},
    Row{"storage.usable_iops_today"},
    Row{"storage.needed_iops"},
    Row{"storage.io_requests"},
    Row{"storage.{}.usd_per_gib"},
    Row{"storage.{}.usd_per_iops"},
    Row{"storage.{}.usd_per_mib_per_s"},
    Row{"storage.{}.usd_per_million_requests"},
    Row{"storage.price"},
    Row{"storage.price_as.{}"},
    Row{"storage.saves_per_month"},
    Row{"storage.instances"},
    Row{"storage.break_even"},
    Row{"storage.break_even_requests"},
    Row{"normalized_units"},
    Row{"vcpus"},
    Row{"cores"},
    Row{"cores_at_{}_vcpus"},
    Row{"memory"},
    Row{"os_visible_memory"},
    Row{"unseen_memory"},
    Row{"idle_memory"},
    Row{"engine_memory"},
    Row{"{}"},
    Row{"max_nominal"},
    Row{"max_expected"},
    Row{"max_uncapped"},
    Row{"limit_cap"},
    Row{"coremark_per_vcpu"},
    Row{"threads_per_core"},
    Row{"baseline"},
    Row{"credits_per_hour"},
    Row{"max_credits"},
    Row{"ebs_baseline"},
    Row{"ebs_baseline_iops"},
    Row{"network_baseline"},
    Row{""},
    Row{"single"},
    Row{"standard_storage"},
    Row{"{}"},
    Row{"observed_buffer"},
    Row{"wait"},
    Row{"wait_probability"},
    Row{"connections_steady_max"},
    Row{"connections_deploy_max"},
    Row{"non_production_hours"},
    Row{"services_per_year"},
    Row{"load_per_month"},
    Row{"services"},
    Row{"pools"},
    Row{"known_pools"},
    Row{"connections"},
    Row{"now"},
    Row{"after"},
    Row{"saves_per_month"},
    Row{"saves_per_year"},
    Row{"peak_per_year"},
    Row{"capacity"},
    Row{"upgrades_save_per_month"},
    Row{"paid_now"},
    Row{"paid_after"},
    Row{"paid_saves_per_month"},
    Row{"storage"},
    Row{"bill_now"},
    Row{"bill_after"},
    Row{"storage_saves_per_month"},
    Row{"stops_save_per_month"},
    Row{"serverless_saves_per_month"},
    Row{"elastic_poolers"},
    Row{"poolers_now"},
    Row{"poolers_after"},
    Row{"connections", Style::strategy},
    Row{"change", Style::strategy},
    Row{"saves_per_year", Style::strategy},
    Row{"connections", Style::strategy},
    Row{"deploy", Style::strategy},
    Row{"allocated", Style::strategy},
    Row{"deploy_peak", Style::strategy},
    Row{"client_side", Style::strategy},
    Row{"load_size", Style::strategy},
    Row{"server_side", Style::strategy},
    Row{"listeners", Style::strategy},
    Row{"size", Style::strategy},
    Row{"raised", Style::strategy},
    Row{"pairs", Style::strategy},
    Row{"default_pool_size", Style::strategy},
    Row{"max_client_conn", Style::strategy},
    Row{"price"},
    Row{"at"},
    Row{"distance"},
    Row{""},
    Row{"hours_per_month"},
    Row{"hours_per_week"},
    Row{"proxy_least_vcpus"},
    Row{"proxy_least_acu"},
    Row{"credits_per_vcpu_hour"},
    Row{"second_thread_gain"},
    Row{"tight"},
    Row{"cpu_band_{}"},
    Row{"memory_per_connection"},
    Row{"memory_at_rest"},
    Row{"{}_per_vcpu"},
    Row{"{}_memory"},
    Row{"connection_memory_high_{}"},
    Row{"{}_divisor"},
    Row{"no_pools"},
    Row{"{}_iops_per_gib"},
    Row{"{}_least_iops"},
    Row{"{}_most_iops"},
    Row{"{}_iops"},
    Row{"{}_mib_per_s"},
    Row{"{}_class_factor"},
    Row{"iops_room"},
    Row{"vcpus.{}"},
    Row{"worlds"},
    Row{"seed"},
    Row{"worlds.inside"},
    Row{"worlds.inside.{}"},
    Row{"worlds.inside_in_12_months"},
    Row{"worlds.cost"},
    Row{"worlds.regret"},
    Row{"cost_of_trouble"},
};
static_assert(rows.size() == static_cast<std::size_t>(Name::cost_of_trouble) + 1);

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
            return fmt::format("price.credits.{}", key.cls->family);
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
