#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules.hpp"

namespace poolfit::lint {
namespace {

/// In order of id.
constexpr std::array every_rule{
    &table::deploy_over_usable,
    &table::steady_over_usable,
    &table::steady_over_policy,
    &table::failover_over_usable,
    &table::pooler_clients_over_limit,
    &table::pooler_servers_over_usable,
    &table::no_operator_reserve,
    &table::memory_over_policy,
    &table::deploy_over_policy,
    &table::pool_too_small,
    &table::nested_checkout_deadlock,
    &table::unlimited_pool,
    &table::transaction_pooling,
    &table::pool_over_runtime,
    &table::per_process_pools,
    &table::autoscaling_over_usable,
    &table::duplicate_pools,
    &table::untuned_default,
    &table::cpu_over_policy,
    &table::mean_cpu_over_baseline,
    &table::pool_ignores_vcpus,
    &table::unmonitored_pool,
    &table::postgresjs_max_as_text,
    &table::node_postgres_max_in_url,
    &table::pool_saturated,
    &table::acquire_timeout_under_wait,
    &table::external_call_in_transaction,
    &table::cpu_demand_over_vcpus,
    &table::replica_smaller_than_primary,
    &table::replica_without_reads,
    &table::active_past_knee,
    &table::session_mode_shares_nothing,
    &table::pool_under_threads,
    &table::pooler_too_small,
    &table::session_clients_wait,
    &table::out_of_credits,
    &table::failover_over_cpu,
    &table::instance_over_connector,
    &table::lifetime_behind_proxy,
    &table::borrow_timeout_over_patience,
    &table::storage_iops_short,
    &table::iops_over_class,
    &table::storage_next_range,
    &table::retired_storage,
    &table::pinned_clients,
    &table::share_under_minimum,
    &table::class_over_provisioned,
    &table::pool_over_provisioned,
    &table::old_generation,
    &table::arm_cheaper,
    &table::idle_database,
    &table::multi_az_outside_production,
    &table::runs_all_week,
    &table::serverless_cheaper,
    &table::provisioned_iops_dear,
    &table::iops_over_provisioned,
    &table::storage_configuration,
    &table::io_requests_unknown,
    &table::stranded_commitment,
    &table::commitment_ends,
    &table::unused_commitment,
    &table::limit_not_observed,
    &table::short_window,
    &table::stale_price,
    &table::unexplained_connections,
    &table::threads_not_set,
    &table::extended_support,
    &table::nothing_connected,
    &table::class_not_given,
    &table::declared_differs,
    &table::not_declared,
    &table::no_longer_deployed,
    &table::left_open,
    &table::unused_suppression,
    &table::expired_suppression,
    &table::unexplained_suppression,
    &table::stale_baseline,
};

void check_reference(const Located<std::string>& rule, Diagnostics& diagnostics) {
    if (!select(*rule).empty()) return;
    const std::string_view near = nearest_rule(*rule);
    auto& made = diagnostics.error(rule.place, fmt::format("no rule '{}'", *rule));
    if (near.empty()) {
        made.fix = "use a rule id, such as PF101";
    } else {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = fmt::format("write {}", near);
    }
    made.notes.emplace_back("rules", "docs/rules.md");
}

}  // namespace

std::span<const Rule* const> rules() { return every_rule; }

const Rule* find_rule(std::string_view id_or_name) {
    const auto at = std::ranges::find_if(
        every_rule, [&](const Rule* rule) { return rule->id == id_or_name || rule->name == id_or_name; });
    return at == every_rule.end() ? nullptr : *at;
}

std::vector<const Rule*> select(std::string_view selector) {
    if (const Rule* rule = find_rule(selector)) return {rule};
    std::vector<const Rule*> selected;
    const bool prefix = selector.size() > 2 && selector.starts_with("PF");
    for (const Rule* rule : every_rule)
        if (prefix && rule->id.starts_with(selector)) selected.push_back(rule);
    return selected;
}

std::string_view nearest_rule(std::string_view selector) {
    std::string upper(selector);
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (const Rule* rule = find_rule(upper)) return rule->id;
    std::vector<std::string_view> words;
    for (const Rule* rule : every_rule) {
        words.push_back(rule->id);
        words.push_back(rule->name);
    }
    return diag::nearest(selector, words);
}

void check_references(const Fleet& fleet, Diagnostics& diagnostics) {
    for (const RuleSeverity& severity : fleet.policy.severities) check_reference(severity.rule, diagnostics);
    for (const Ignore& ignore : fleet.ignores) check_reference(ignore.rule, diagnostics);
}

}  // namespace poolfit::lint
