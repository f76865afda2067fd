// The rows of the rule table; one file each in rules/.
#pragma once

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

namespace table {

// Capacity.
extern const Rule deploy_over_usable, steady_over_usable, steady_over_policy, failover_over_usable;
extern const Rule pooler_clients_over_limit, pooler_servers_over_usable, no_operator_reserve, memory_over_policy;
extern const Rule deploy_over_policy, unlimited_pool, transaction_pooling, pool_over_runtime, per_process_pools;
extern const Rule autoscaling_over_usable, duplicate_pools, untuned_default, cpu_over_policy, mean_cpu_over_baseline;
extern const Rule pool_ignores_vcpus, unmonitored_pool, postgresjs_max_as_text, node_postgres_max_in_url;
extern const Rule pool_saturated, replica_smaller_than_primary, replica_without_reads, out_of_credits;
extern const Rule failover_over_cpu, instance_over_connector;
// Capacity, by workloads.
extern const Rule pool_too_small, nested_checkout_deadlock, acquire_timeout_under_wait, external_call_in_transaction;
extern const Rule cpu_demand_over_vcpus, active_past_knee, pool_under_threads;
// Poolers.
extern const Rule session_mode_shares_nothing, pooler_too_small, session_clients_wait, share_under_minimum;
// Storage.
extern const Rule storage_iops_short, iops_over_class, storage_next_range, retired_storage, provisioned_iops_dear,
    iops_over_provisioned, storage_configuration, io_requests_unknown;
extern const Rule pinned_clients, lifetime_behind_proxy, borrow_timeout_over_patience;
// Cost.
extern const Rule class_over_provisioned, pool_over_provisioned, old_generation, arm_cheaper;
extern const Rule stranded_commitment, commitment_ends, unused_commitment;
extern const Rule idle_database, multi_az_outside_production, runs_all_week, serverless_cheaper;
// Data.
extern const Rule extended_support, limit_not_observed, short_window, stale_price, unexplained_connections,
    threads_not_set, nothing_connected, class_not_given;
// What is deployed.
extern const Rule declared_differs, not_declared, no_longer_deployed, left_open;
// Suppressions.
extern const Rule unused_suppression, expired_suppression, unexplained_suppression, stale_baseline;

}  // namespace table

/// PF901 is found by what the other rules found.
Finding found_unused(const Ignore& ignore);

}  // namespace poolfit::lint
