// What a figure is of its subject.
#pragma once

#include <cstdint>

namespace poolfit {

/// The quantities that figures have; their texts are in src/assess/name_rows.hpp, in this order.
enum class Name : std::uint16_t {
    // A pool or a service.
    size_max,
    vcpu_max,
    merged_max,
    in_use_per_process,
    in_use,
    waste,
    allocated,
    deploy_peak,
    instances,
    instances_min,
    processes,
    service_rate,
    databases,  ///< that a process has a pool each for
    threads,
    max_surge,
    deploy_instances,
    variable,
    at_vcpus,
    observed_size,
    can_hold,
    has_to_hold,
    recommended,
    default_max,
    // A pool's workload.
    users,
    think,
    rate,
    hold,
    hold_p50,
    hold_p95,
    hold_p99,
    cv,
    cpu_time,
    nested,
    acquire_timeout,
    offered,
    in_flight,
    deadlock_floor,
    knee,
    size_for_wait,
    size,
    active,
    pool_cpu_demand,
    rated_utilization,
    rated_wait_mean,
    rated_wait_p99,
    rated_p_over,
    // A pooler.
    pairs,
    default_pool_size,
    reserve_pool_size,
    max_db_connections,
    max_connections_percent,
    pooler_size,         ///< the value of its setting that the load of its clients asks for
    pooler_needed,       ///< connections that its clients need together
    pooler_needed_load,  ///< of those, what clients with a workload need
    server_connections,
    server_connections_deploy,
    server_connections_deploy_of,  ///< while the service that Key::detail names is deployed alone
    max_client_conn,
    clients,
    clients_deploy,
    clients_accepted,
    pooler_pinned,      ///< server connections that sessions keep to themselves
    pooler_in_need,     ///< those, and what other sessions have busy at once
    pooler_cost,        ///< of a managed pooler, a month
    pooler_unit_price,  ///< of a vCPU or a unit of capacity of its target, for a month
    // A database's connections.
    connections_services,
    connections_allocated,
    connections_deploy_peak,
    connections_deploy_of,  ///< while the service that Key::detail names is deployed alone
    connections_allocated_at_least,
    connections_deploy_at_least,
    connections_failover_peak,
    connections_failover_from,
    other_connections,
    connections_in_use,
    connections_in_use_at_least,
    connections_waste,
    connections_observed,
    connections_explained,
    connections_explained_peak,
    connections_unexplained,
    connections_utilization,
    connections_utilization_nominal,
    connections_headroom,
    connections_copies,
    connections_copies_nominal,
    connections_max_observed,
    connections_max_planned,
    connections_max_in_chain,   ///< by default, of a replica chain
    connections_max_for_today,  ///< a max_connections that carries today's pools
    connections_reserved,
    connections_usable,
    connections_usable_nominal,
    connections_steady_limit,
    connections_deploy_limit,
    connections_failover_limit,
    // A database's CPU, memory, disk and network.
    cpu_mean,
    cpu_p95,
    cpu_p99,
    cpu_peak,
    cpu_by_vcpus,     ///< on another class; Key::detail is the text of the figure that it is a part of
    cpu_of_capacity,  ///< the same
    cpu_by_coremark,  ///< the same
    cpu_speed,
    cpu_failover_law,      ///< with the load of the server that Key::detail names, by the law alone
    cpu_failover,          ///< the same with the band
    credits_failover_law,  ///< the same two of the load that credits are judged by
    credits_failover_load,
    credits_failover_burned,  ///< an hour
    credits_failover_hours,
    credits_failover_surplus,
    credits_failover_lowest,  ///< over the series of both
    credits_failover_short,
    credits_failover_short_hours,
    credits_burned_per_hour,
    credits_hours_to_empty,
    credits_surplus,
    credits_lowest,       ///< of the balance over the CPU series
    credits_short,        ///< a month, over the series
    credits_short_hours,  ///< the same
    memory_freeable,
    memory_swap,
    memory_used,
    memory_in_use,
    memory_connections,
    memory_buffers,
    memory_new_connections,
    memory_new_today,       ///< the same of today's pools: what they may still open
    memory_used_today,      ///< with that
    memory_freeable_today,  ///< beside that
    memory_failover,        ///< with the connections of the server that Key::detail names
    observed_ebs_throughput,
    observed_iops,
    observed_network,
    observed_window,  ///< days
    load_cpu_busy,
    load_cpu_demand,
    load_active_mean,
    load_active_high,
    load_knee,
    load_sizes,
    load_cpu_stretch,
    load_now_cpu_stretch,
    extended_support,       ///< a month, of the version on the class
    extended_support_next,  ///< the same, at the next stage of its life cycle
    extended_support_from,  ///< the same, from a day on
    list_price,             ///< of the class, with the factor of its storage
    cost,                   ///< of the class, with Extended Support and the surplus credits that a known mean takes
    saves_per_month,
    saves_per_year,
    peak_per_year,    ///< more to pay than by `cost`, if the peak lasted all the time
    cost_of_none,     ///< of a database that is deleted
    idle_saves,       ///< a month, of what is deleted: with its volume
    idle_io,          ///< of that, I/O requests of a reader on its cluster's volume
    stop_saves,       ///< a month, while a database outside production is stopped
    stop_held_saves,  ///< the same of a schedule that is not advised, after commitments
    serverless_cost,
    serverless_saves,
    capacity,  ///< that follows the load, in units on average
    capacity_min,
    capacity_max,
    capacity_cost,
    capacity_price,  ///< of a unit for a month
    capacity_support,
    capacity_support_price,  ///< of a unit for a month
    uncapped_limit,          ///< max_connections with a minimum that does not cap it
    uncapped_cost,           ///< of capacity, with that minimum
    // What commitments cover of it.
    units,          ///< normalized units an hour of its class
    covered_share,  ///< of its list price, by reserved instances
    by_units,       ///< the same, a month
    plan_rate,      ///< of its class under a savings plan, a month
    plan_share,     ///< of what reserved instances leave, by savings plans
    by_plan,        ///< the same, a month
    // Where capacity that follows the load takes the most.
    plan_share_most,
    by_plan_most,
    paid,        ///< what is left of its cost
    paid_saves,  ///< what all pay less after its change
    // A commitment.
    units_count,  ///< instances
    units_owned,
    units_used,
    plan_commitment,           ///< that a savings plan pays, a month
    plan_spent,                ///< of what all of them pay, what has a use
    plan_spent_most,           ///< the same where capacity that follows the load takes the most
    commitment_paid,           ///< a month, of reserved instances
    commitment_used,           ///< the share of it that has a use
    commitment_unused,         ///< of what is paid, a month
    commitment_days,           ///< until its end
    commitment_unused_to_end,  ///< of what is paid, until then
    // A database's volume; Key::detail of a price is its kind.
    storage_size,  ///< GiB
    storage_max_size,
    storage_provisioned_iops,
    storage_provisioned_mibps,
    storage_iops,         ///< always there
    storage_mibps,        ///< the same
    storage_burst,        ///< IOPS for a while
    storage_usable_iops,  ///< of them, what the class lets through
    storage_usable_iops_today,
    storage_needed_iops,  ///< with room above what was observed
    storage_requests,     ///< a month
    storage_per_gib,
    storage_per_iops,
    storage_per_mibps,
    storage_per_million,
    storage_cost,
    storage_cost_as,
    storage_saves,
    storage_saves_today,  ///< the same, on today's instances
    storage_instances,    ///< the list price of all instances on the volume, before the factor of its kind
    storage_break_even,
    storage_break_even_requests,
    // A class, a host, a price.
    class_units,  ///< normalized units an hour of one instance
    vcpus,
    cores,
    cores_at,  ///< of a host with as many vCPUs as Key::detail says
    memory,
    os_visible_memory,
    unseen_memory,  ///< of the label, that the guest OS does not see
    idle_memory,    ///< in use on an idle server
    engine_memory,
    buffers,  ///< Key::detail is the platform's name for them
    max_nominal,
    max_expected,
    max_uncapped,          ///< before limit_cap
    max_uncapped_nominal,  ///< the same of max_nominal
    limit_seen,            ///< a max_connections below what the formula gives, that a server was seen with
    limit_cap,             ///< what max_connections is held down to while the least capacity is low
    coremark_per_vcpu,
    threads_per_core,
    baseline,
    credits_per_hour,
    max_credits,
    ebs_baseline,
    ebs_baseline_iops,
    network_baseline,
    price,
    price_single,
    price_standard,  ///< before the factor of I/O-Optimized storage
    parameter,
    // The policy, growth, the fleet, totals.
    observed_buffer,
    wait,
    wait_probability,
    steady_max,
    deploy_max,
    non_production_hours,  ///< a week
    services_per_year,
    load_per_month,
    services,
    pools,
    known_pools,
    fleet_connections,
    total_now,
    total_after,
    total_saves_per_month,
    total_saves_per_year,
    total_peak_per_year,
    total_capacity,
    total_upgrades_save_per_month,
    total_upgrades_save_capacity_per_month,
    total_paid_now,  ///< beside commitments
    total_paid_after,
    total_paid_saves,
    total_paid_capacity_now,  ///< of capacity that follows the load
    total_paid_capacity_after,
    total_paid_now_from,  ///< Key::detail is the day
    total_paid_after_from,
    total_paid_saves_from,
    total_commitments,  ///< what all commitments cost
    total_storage,
    total_bill_now,    ///< instances and storage
    total_bill_after,  ///< the same
    total_bill_saves,
    total_storage_saves,
    total_stops_save_per_month,
    total_serverless_saves_per_month,
    total_elastic_poolers,
    total_poolers_now,
    total_poolers_after,
    // A strategy: "strategy.pooler.database.primary.server_side".
    strategy_connections,
    strategy_change,
    strategy_saves_per_year,
    strategy_server_connections,
    strategy_server_deploy,
    strategy_allocated,
    strategy_deploy_peak,
    strategy_client_side,
    strategy_load_size,
    strategy_server_side,
    strategy_listeners,
    strategy_size,
    strategy_raised,
    strategy_pairs,  ///< that the new pooler has a server pool each for
    strategy_pool_size,
    strategy_max_client_conn,
    host_price,  ///< of a host type
    // Thresholds, the runway, constants.
    threshold_at,
    threshold_distance,
    months,
    hours_per_month,
    hours_per_week,
    proxy_least_vcpus,  ///< that a managed pooler is charged for
    proxy_least_units,
    least_share,  ///< percent of max_connections that a managed pooler is to have
    share_room,   ///< above the use of its clients
    credits_per_vcpu_hour,
    second_thread_gain,
    tight,     ///< share of a limit
    cpu_band,  ///< Key::detail is the kind of move
    memory_per_connection,
    memory_at_rest,
    units_per_vcpu,
    unit_memory,
    connection_memory_high,
    buffers_divisor,  ///< the same
    no_pools,
    no_users,
    no_pinned,
    nothing_listed,
    // What a kind of volume gives: Key::detail is its kind, or its range of sizes.
    volume_iops_per_gib,
    volume_least_iops,
    volume_most_iops,
    volume_iops,
    volume_mibps,
    volume_class_factor,
    volume_room,
    vcpu_column,
    // Worlds.
    worlds,  ///< how many
    worlds_seed,
    worlds_inside,        ///< the share of them in which a class is inside the policy
    worlds_inside_one,    ///< inside the limit that Key::detail names
    worlds_inside_grown,  ///< as worlds_inside, after growth
    worlds_cost,          ///< the mean of what the class costs
    worlds_regret,
    cost_of_trouble,
};

}  // namespace poolfit
