// A pair of inventories for every rule: one that it catches, at the marked bytes and in these words, and one much like
// it that it lets pass. A rule without a pair fails.
#pragma once

#include <string_view>
#include <utility>

namespace poolfit::test {

struct Pair {
    std::string_view rule, target;
    std::string_view catches;              ///< «…» are the bytes under the caret; " | " is a line's end
    std::string_view message, label, fix;  ///< "" is not looked at
    std::string_view spares;
    std::string_view against = {};  ///< what is deployed: a manifest, or an answer of RDS; "": nothing is compared
};

/// Words of the inventories below. 100 connections are usable on `main`: 80 by the policy in the steady state, 95 in a
/// deploy; 4 are taken.
inline constexpr std::pair<std::string_view, std::string_view> words[] = {
    {"$main", R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | )"
              R"(class = "db.m5.large" | max_connections = 105 | reserved_connections = 5 | )"
              "other_connections = 4"},
    {"$cloud", R"([[database]] | name = "main" | provider = "gcp" | region = "us-central1" | engine = "postgresql" | )"
               R"(version = "16.8" | class = "db-custom-8-32768" | max_connections = 600)"},
    {"$server", R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8")"},
    {"$replica", R"([[database]] | name = "replica" | replica_of = "main")"},
    {"$api", R"([[service]] | name = "api")"},
    {"$pool", R"([[service.pool]] | name = "main" | database = "main")"},
    {"$through", R"([[service.pool]] | name = "main" | database = "proxy")"},
    {"$client", R"([[service.pool]] | name = "main" | database = "bouncer")"},
    {"$proxy", R"([[pooler]] | name = "proxy")"},
    {"$deployment",
     R"(apiVersion: apps/v1 | kind: Deployment | metadata: {name: api} | spec: |   replicas: 21 | )"
     R"(  strategy: {type: Recreate} |   template: {spec: {containers: [{name: api, image: api, env: )"
     R"([{name: DATABASE_URL, value: "postgres://main.c9x.us-east-1.rds.amazonaws.com/x"}, {name: DB_POOL_SIZE, value: "4"}]}]}})"},
    {"$instances", R"({"DBInstances": [{"DBInstanceIdentifier": "main", "DBInstanceClass": "db.m5.large", )"
                   R"("Engine": "postgres", "EngineVersion": "16.8", "DBInstanceStatus": "available", )"
                   R"("DBInstanceArn": "arn:aws:rds:us-east-1:1:db:main"}]})"},
    {"$bouncer", R"([[pooler]] | name = "bouncer" | kind = "pgbouncer" | database = "main")"},
};

// clang-format off
inline constexpr Pair pairs[] = {
    {"PF001", "main",
     "$main | $api | instances = 8 | $pool | max = «10»",
     "a deploy needs 104 connections; only 100 are usable",
     "10 pods × 10 = 100 while old and new pods overlap (the default max_surge, 25 %)",
     "max = 9  →  94 of 100 (94 %)",
     R"($main | $api | instances = 8 | deploy = "recreate" | $pool | max = 10)"},
    {"PF002", "main",
     R"($main | $api | instances = 4 | processes = 3 | deploy = "recreate" | $pool | )"
     R"(driver = «"postgres.js"»)",
     "its pools can open 124 connections; only 100 are usable",
     "4 pods × 3 procs × 10 = 120",
     "max = 6  →  76 of 100 (76 %)",
     R"($main | $api | instances = 3 | processes = 3 | deploy = "recreate" | $pool | )"
     R"(driver = "postgres.js")"},
    {"PF003", "main",
     R"($main | $api | instances = 2 | deploy = "recreate" | $pool | max = «40»)",
     "its pools can open 84 connections, the policy allows 80",
     "2 pods × 40 = 80",
     "max = 38  →  80 of 100 (80 %)",
     R"($main | $api | instances = 2 | deploy = "recreate" | $pool | max = 38)"},
    {"PF004", "main",
     "$main | $replica | max_connections = 105 | reserved_connections = 5 | $api | "
     R"(deploy = "recreate" | $pool | max = «60» | [[service.pool]] | name = "read" | )"
     R"(database = "replica" | max = 50)",
     "a failover needs 114 connections; only 100 are usable",
     "1 pod × 60 = 60",
     "max = 46  →  100 of 100 (100 %)",
     "$main | $replica | max_connections = 105 | reserved_connections = 5 | $api | "
     R"(deploy = "recreate" | $pool | max = 50 | [[service.pool]] | name = "read" | )"
     R"(database = "replica" | max = 46)"},
    {"PF005", "bouncer",
     R"($main | $bouncer | mode = "session" | max_client_conn = «100» | $api | instances = 8 | )"
     "$client | max = 11",
     "its clients can open 110 connections in a deploy, but it accepts only 100",
     "1 instance × 100 = 100",
     "max_client_conn = 116",
     "$main | $bouncer | instances = 2 | max_client_conn = 100 | $api | instances = 8 | $client | "
     "max = 11"},
    {"PF006", "bouncer",
     R"($main | $bouncer | mode = "transaction" | instances = 2 | pairs = 3 | default_pool_size = «20» | )"
     R"(max_client_conn = 1000 | $api | deploy = "recreate" | $client | max = 500)",
     "it can open 120 connections on main; only 100 are usable",
     "2 instances × 3 pairs × 20 = 120",
     "default_pool_size = 12  →  76 of 100 (76 %)",
     "$main | $bouncer | instances = 2 | pairs = 3 | default_pool_size = 12 | "
     R"(max_client_conn = 1000 | $api | deploy = "recreate" | $client | max = 500)"},
    {"PF007", "main",
     R"([policy] | connections_deploy_max = "100%" | connections_steady_max = "100%" | $server | )"
     R"(class = "db.m5.large" | max_connections = 25 | reserved_connections = 5 | $api | )"
     R"(deploy = "recreate" | $pool | max = «19»)",
     "a deploy leaves 1 of 20 connections, operators need 3",
     "1 pod × 19 = 19",
     "max = 17  →  17 of 20 (85 %)",
     R"([policy] | connections_deploy_max = "100%" | connections_steady_max = "100%" | $server | )"
     R"(class = "db.m5.large" | max_connections = 25 | reserved_connections = 5 | $api | )"
     R"(deploy = "recreate" | $pool | max = 17)"},
    {"PF008", "main",
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_peak = "50%" | )"
     R"(freeable_memory = «"1 GiB"» | window = "14 d")",
     "memory 7 GiB used (limit 6.8 GiB, 85 % of 8 GiB)",
     "of 8 GiB on db.m5.large",
     "",
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_peak = "50%" | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")"},
    {"PF009", "main",
     "$main | $api | instances = 4 | max_surge = 1 | $pool | max = «19»",
     "a deploy needs 99 connections, the policy allows 95",
     "5 pods × 19 = 95 while old and new pods overlap",
     "max = 18  →  94 of 100 (94 %)",
     "$main | $api | instances = 4 | max_surge = 1 | $pool | max = 18"},
    {"PF010", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | max = «4» | workload = { rate = "300/s", hold = "8 ms" })",
     "10.6 % of its checkouts wait longer than 5 ms, the policy allows 0.1 %",
     "utilization 60 %, mean wait 1.44 ms, p99 16.8 ms",
     "max = 7  →  7 connections instead of 4",
     R"($main | $api | deploy = "recreate" | $pool | max = 7 | workload = { rate = "300/s", hold = "8 ms" })"},
    {"PF010", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | max = «10» | workload = { rate = "300/s", hold = "50 ms" })",
     "its load is 150 % of the capacity of 10 connections: waits grow without bound",
     "utilization 150 %",
     "",
     // The CPU is full: more connections would not help, and PF029 tells.
     R"($main | $api | deploy = "recreate" | $pool | max = 10 | )"
     R"(workload = { rate = "300/s", hold = "50 ms", cpu = "10 ms" })"},
    {"PF011", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | max = «10» | )"
     R"(workload = { users = 28, think = "1 s", hold = "100 ms", nested = 1 })",
     "nested checkouts can lock up 10 connections forever; 29 are safe",
     "28 in flight × 1 nested + 1 = 29",
     "pass the held connection along; or max = 29  →  29 connections instead of 10",
     R"($main | $api | deploy = "recreate" | $pool | max = 29 | )"
     R"(workload = { users = 28, think = "1 s", hold = "100 ms", nested = 1 })"},
    {"PF012", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | driver = «"database/sql"»)",
     "max is not set, and database/sql has no default limit",
     "MaxOpenConns 0 = no limit",
     "max = 10, with db.SetMaxOpenConns(n)",
     R"($main | $api | deploy = "recreate" | $pool | driver = "database/sql" | max = 10)"},
    {"PF013", "api.main",
     R"($main | $bouncer | mode = "transaction" | $api | deploy = "recreate" | $client | max = 5 | )"
     R"(features = ["prepared", «"listen"»])",
     "LISTEN receives nothing, behind bouncer (transaction pooling)",
     "",
     "LISTEN in a pool of its own with max = 1 and database = \"main\", and no \"listen\" here  →  10 of 100 (10 %)",
     R"($main | $bouncer | mode = "session" | $api | deploy = "recreate" | $client | max = 5 | )"
     R"(features = ["prepared", "listen"])"},
    {"PF015", "api.main",
     R"($main | $api | runtime = "processes" | deploy = "recreate" | $pool | max = «4»)",
     "4 connections per process, but its runtime can keep only 1 busy",
     "one request at a time can hold 1",
     "max = 1  →  1 connection instead of 4",
     R"($main | $api | runtime = "processes" | deploy = "recreate" | $pool | max = 4 | )"
     R"(in_use = "1-3")"},
    {"PF016", "api.main",
     R"($main | $api | processes = 6 | deploy = "recreate" | $pool | max = «5»)",
     "5 connections in each of 6 processes can add up to 30 of 100 (30 %)",
     "1 pod × 6 procs × 5 = 30",
     R"~(max = "max(1, floor(5 / PROCESSES))", if 5 was meant for all processes of a pod)~",
     R"($main | $api | processes = 5 | deploy = "recreate" | $pool | max = 5)"},
    {"PF017", "main",
     R"($main | $api | instances = «{ min = 2, max = 12 }» | deploy = "recreate" | $pool | max = 10)",
     "with 12 instances of api, its pools can open 124 connections; only 100 are usable",
     "12 pods × 10 = 120",
     "api.main: max = 6  →  76 of 100 (76 %); or at most 7 instances of api  →  74 of 100 (74 %)",
     R"($main | $api | instances = { min = 2, max = 7 } | deploy = "recreate" | $pool | max = 10)"},
    {"PF018", "api",
     R"($main | $api | deploy = "recreate" | $pool | max = 5 | [[service.pool]] | name = "queue" | )"
     R"(database = «"main"» | driver = "pg-boss")",
     "2 pools on main: main and queue",
     "main 5 + queue 10 = 15 per process",
     "one pool for both",
     R"($main | $api | deploy = "recreate" | $pool | max = 5 | [[service]] | name = "worker" | )"
     R"(deploy = "recreate" | [[service.pool]] | name = "queue" | database = "main" | )"
     R"(driver = "pg-boss")"},
    {"PF019", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | driver = «"hikaricp"»)",
     "max is not set: HikariCP opens up to 10 per process",
     "",
     "max = 10",
     R"($main | $api | deploy = "recreate" | $pool | driver = "hikaricp" | max = 10)"},
    {"PF020", "main",
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_peak = «"70%"» | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")",
     "peak CPU 70 % (limit 60 %)",
     "of 2 vCPUs on db.m5.large",
     "",
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_peak = "50%" | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")"},
    {"PF020", "main",
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_p95 = «"65%"» | cpu_peak = "90%" | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")",
     "p95 CPU 65 % (limit 60 %)",
     "of 2 vCPUs on db.m5.large",
     "",
     // A short peak over it rejects nothing.
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_p95 = "50%" | cpu_p99 = "80%" | cpu_peak = "100%" | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")"},
    {"PF021", "main",
     R"($server | class = "db.t3.medium" | max_connections = 105 | reserved_connections = 5 | )"
     R"(other_connections = 4 | [database.observed] | cpu_mean = «"30%"» | cpu_peak = "50%" | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")",
     "mean CPU 30 % over the 20 % baseline: credits run out in 48 h, then $10.95/mo surplus",
     "earns 24 credits an hour, burns up to 36",
     "",
     R"($server | class = "db.t3.medium" | max_connections = 105 | reserved_connections = 5 | )"
     R"(other_connections = 4 | [database.observed] | cpu_mean = "12%" | cpu_peak = "50%" | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")"},
    {"PF022", "api",
     R"([[host]] | name = "app" | vcpus = 4 | $main | $api | host = "app" | deploy = "recreate" | )"
     "$pool | max = «10»",
     "1 pool has the same size on any host: main",
     "10 on 4 vCPUs, and the same on any other host",
     R"~(max = "ceil(10 * TOTAL_VCPUS / 4)")~",
     R"([[host]] | name = "app" | vcpus = 4 | $main | $api | host = "app" | deploy = "recreate" | )"
     R"($pool | max = "2 * TOTAL_VCPUS + 2")"},
    {"PF023", "api",
     R"($main | $api | deploy = "recreate" | $pool | max = 5 | monitored = «false»)",
     "1 pool is not monitored: main",
     "",
     "measure busy and waiting connections, then monitored = true",
     R"($main | $api | deploy = "recreate" | $pool | max = 5 | monitored = true)"},
    {"PF024", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | driver = "postgres.js" | max = 5 | )"
     R"(set_in = «"url"»)",
     "max = 5 in the URL opens 1 connection per process, not 5",
     "?max= reaches postgres.js as text",
     R"(postgres(url, { max: 5 }) in code, and set_in = "code")",
     R"($main | $api | deploy = "recreate" | $pool | driver = "postgres.js" | max = 5 | )"
     R"(set_in = "code")"},
    {"PF025", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | driver = "node-postgres" | max = 3 | )"
     R"(set_in = «"url"»)",
     "max = 3 in the URL is ignored: the pool opens up to 10 per process",
     "",
     R"(new Pool({ connectionString, max: 3 }) in code, and set_in = "code")",
     R"($main | $api | deploy = "recreate" | $pool | driver = "node-postgres" | max = 3 | )"
     R"(set_in = "env")"},
    {"PF026", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | max = «4» | in_use = "2-4")",
     "4 of 4 connections per process were busy at its peak",
     "max(⌈2.5 × 2⌉, 4 + 1) = 5",
     "max = 5  →  5 connections instead of 4",
     R"($main | $api | deploy = "recreate" | $pool | max = 5 | in_use = "2-4")"},
    {"PF027", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | max = 4 | )"
     R"(workload = { rate = "300/s", hold = "8 ms", acquire_timeout = «"10 ms"» })",
     "checkouts time out after 10 ms, but their p99 wait is 16.8 ms",
     "",
     "max = 7  →  7 connections instead of 4",
     R"($main | $api | deploy = "recreate" | $pool | max = 4 | )"
     R"(workload = { rate = "300/s", hold = "8 ms", acquire_timeout = "2 s" })"},
    {"PF027", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | driver = "hikaricp" | max = «4» | )"
     R"(workload = { rate = "79.99/s", hold = "50 ms" })",
     "", "", "",
     R"($main | $api | deploy = "recreate" | $pool | driver = "pg" | max = 4 | )"
     R"(workload = { rate = "79.99/s", hold = "50 ms" })"},
    {"PF028", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | max = 19 | )"
     R"(workload = { users = 28, think = "2.5 s", hold = "1520 ms", cpu = "20 ms", external = «"1500 ms"» })",
     "99 % of each hold is spent outside the database",
     "1.5 s of 1.52 s, with the transaction open",
     "make the call before the transaction or after it  →  2 connections instead of 19",
     R"($main | $api | deploy = "recreate" | $pool | max = 19 | )"
     R"(workload = { users = 28, think = "2.5 s", hold = "1520 ms", cpu = "20 ms", external = "100 ms" })"},
    {"PF029", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | class = «"db.m5.large"» | $api | $pool | max = 10 | )"
     R"(workload = { rate = "300/s", hold = "20 ms", cpu = "8 ms" })",
     "its workloads need 120 % of its 2 vCPUs",
     "6 active × 0.4 vCPU each, on 2 vCPUs",
     "",
     R"($main | $api | $pool | max = 10 | workload = { rate = "200/s", hold = "20 ms", cpu = "8 ms" })"},
    {"PF030", "replica",
     R"($server | class = "db.m5.xlarge" | $replica | class = «"db.m5.large"»)",
     "",
     "",
     R"(class = "db.m5.xlarge")",
     R"($server | class = "db.m5.xlarge" | $replica)"},
    {"PF031", "replica",
     R"($main | [[database]] | name = "replica" | replica_of = «"main"»)",
     "",
     "main serves everything",
     "",
     "$main | $replica | other_connections = 2"},
    {"PF032", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | class = «"db.m5.large"» | $api | $pool | max = 10 | )"
     R"(workload = { rate = "200/s", hold = "20 ms", cpu = "8 ms" })",
     "1 % of the time 9 or more connections are active; 5 keep its 2 vCPUs busy",
     "4 active on average; its pools allow 10",
     "pools of 5 in total, or a pooler in transaction mode with default_pool_size = 5",
     R"($main | $api | $pool | max = 5 | workload = { rate = "200/s", hold = "20 ms", cpu = "8 ms" })"},
    {"PF034", "api.main",
     R"($main | $api | threads = 5 | deploy = "recreate" | $pool | driver = "activerecord" | max = «3»)",
     "5 threads share 3 connections: beyond that they wait for each other",
     "a thread keeps its connection until its request ends",
     "max = 5  →  5 connections instead of 3; or threads = 3",
     R"($main | $api | threads = 5 | deploy = "recreate" | $pool | driver = "activerecord" | max = 5)"},
    {"PF033", "bouncer",
     R"($main | $bouncer | mode = «"session"» | instances = 2 | default_pool_size = 80 | max_client_conn = 1000 | $api | )"
     R"(deploy = "recreate" | $client | max = 500)",
     "in session mode each of its 500 clients holds a connection on main; only 100 are usable",
     "it opens up to 160 connections for them",
     R"(mode = "transaction", default_pool_size = 38  →  80 of 100 (80 %); check that no more are busy at once: not measured for api.main; it breaks LISTEN, SET, temporary tables, advisory locks, WITH HOLD cursors and prepared statements, if used (unknown for api.main))",
     R"($main | $bouncer | mode = "transaction" | instances = 2 | default_pool_size = 38 | max_client_conn = 1000 | )"
     R"($api | deploy = "recreate" | $client | max = 500)"},
    {"PF035", "bouncer",
     R"($main | $bouncer | mode = "transaction" | default_pool_size = «5» | max_client_conn = 1000 | $api | )"
     R"(instances = 4 | $client | max = 10 | workload = { rate = "30/s", hold = "50 ms" })",
     "its clients' load is 120 % of the capacity of 5 server connections: waits grow without bound",
     "120/s × 50 ms = 6 erlangs on 5 connections",
     "default_pool_size = 15  →  19 of 100 (19 %)",
     R"($main | $bouncer | mode = "transaction" | default_pool_size = 15 | max_client_conn = 1000 | $api | )"
     R"(instances = 4 | $client | max = 10 | workload = { rate = "30/s", hold = "50 ms" })"},
    {"PF036", "bouncer",
     R"($main | $bouncer | mode = «"session"» | default_pool_size = 20 | max_client_conn = 1000 | $api | )"
     R"(deploy = "recreate" | $client | max = 50)",
     "in session mode 50 clients each hold a connection, but it opens only 20",
     "30 wait until a client disconnects",
     "",
     R"($main | $bouncer | mode = "session" | default_pool_size = 50 | max_client_conn = 1000 | $api | )"
     R"(deploy = "recreate" | $client | max = 50)"},
    {"PF037", "main",
     R"($server | class = "db.t2.large" | max_connections = 105 | reserved_connections = 5 | )"
     R"(other_connections = 4 | [database.observed] | cpu_mean = «"40%"» | cpu_peak = "50%" | )"
     R"(freeable_memory = "4 GiB" | window = "14 d")",
     "mean CPU 40 % over the 30 % baseline: credits run out in 72 h, then it is capped at 30 %",
     "earns 36 credits an hour, burns up to 48",
     "",
     R"($server | class = "db.t3.large" | max_connections = 105 | reserved_connections = 5 | )"
     R"(other_connections = 4 | [database.observed] | cpu_mean = "40%" | cpu_peak = "50%" | )"
     R"(freeable_memory = "4 GiB" | window = "14 d")"},
    {"PF038", "main",
     R"($server | class = "db.m5.xlarge" | [database.observed] | cpu_peak = «"40%"» | )"
     R"(freeable_memory = "8 GiB" | window = "14 d" | $replica | class = "db.m5.2xlarge" | [database.observed] | )"
     R"(cpu_peak = "30%" | freeable_memory = "16 GiB" | window = "14 d")",
     "after the loss of replica, both peaks need 140–191 % of its CPU",
     "of 4 vCPUs on db.m5.xlarge",
     "",
     R"($server | class = "db.m5.xlarge" | [database.observed] | cpu_peak = "15%" | )"
     R"(freeable_memory = "8 GiB" | window = "14 d" | $replica | class = "db.m5.2xlarge" | [database.observed] | )"
     R"(cpu_peak = "15%" | freeable_memory = "16 GiB" | window = "14 d")"},
    {"PF042", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.observed] | iops = «"900-1600"» | [database.storage] | type = "gp2" | size = "200 GiB")",
     "1,600 IOPS observed; its volume always gives 600, and 3,000 while burst credits last",
     "gp2 of 200 GiB",
     R"(type = "gp3"  →  3,000 IOPS)",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.observed] | iops = "300-600" | [database.storage] | type = "gp2" | size = "200 GiB")"},
    {"PF043", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.storage] | type = "io1" | size = "500 GiB" | iops = «10000»)",
     "10,000 IOPS are provisioned; db.m5.xlarge always lets through 6,000",
     "up to 18,750 in a burst",
     R"()",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.storage] | type = "io1" | size = "500 GiB" | iops = 6000)"},
    {"PF044", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.storage] | type = "gp3" | size = "200 GiB" | max_size = «"500 GiB"»)",
     "its gp3 volume grows past 400 GiB: 12,000 IOPS then, not 3,000",
     "autoscaling may grow it to 500 GiB",
     R"(grow it at a quiet hour: RDS moves the data to other volumes; or max_size = "399 GiB")",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.storage] | type = "gp3" | size = "200 GiB" | max_size = "399 GiB")"},
    {"PF045", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.storage] | type = «"magnetic"» | size = "100 GiB")",
     "magnetic storage was deprecated on 2026-04-30: RDS moves it to gp3 by force",
     "",
     R"(type = "gp3")",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge" | [database.storage] | type = "gp3" | size = "100 GiB")"},
    {"PF039", "api",
     R"($cloud | $api | connector = "cloud-sql" | processes = 4 | $pool | max = «30»)",
     "an instance can open 120 connections to main, but the built-in Cloud SQL connection has 100",
     "1 pod × 4 procs × 30 = 120",
     "max = 25 at most, or a connection by private IP",
     R"($cloud | $api | connector = "cloud-sql" | processes = 4 | $pool | max = 25)"},
    {"PF046", "proxy",
     R"($main | $proxy | kind = «"rds-proxy"» | database = "main" | $api | instances = 4 | deploy = "recreate" | )"
     R"($through | max = 5 | features = ["session"])",
     "20 of 20 clients are pinned, and keep a server connection each",
     "20 server connections",
     "switch off what pins them: api.main (session)",
     // The protocol's prepared statements do not pin on PostgreSQL.
     R"($main | $proxy | kind = "rds-proxy" | database = "main" | $api | instances = 4 | deploy = "recreate" | )"
     R"($through | driver = "postgres.js" | max = 5 | features = ["prepared"])"},
    {"PF040", "api.main",
     R"($main | $proxy | kind = "rds-proxy" | database = "main" | $api | $through | max = 5 | max_lifetime = «"24 h"»)",
     "keeps connections for 24 h, and proxy closes them after 24 h",
     "",
     R"(max_lifetime = "23 h")",
     R"($main | $proxy | kind = "rds-proxy" | database = "main" | $api | $through | max = 5 | max_lifetime = "23 h")"},
    {"PF041", "proxy",
     R"($main | $proxy | kind = "rds-proxy" | database = "main" | borrow_timeout = «"30 s"» | $api | $through | )"
     R"(driver = "HikariCP" | max = 5)",
     "a query waits up to 30 s for a server connection, and checkouts of api.main time out after 30 s",
     "",
     R"(borrow_timeout = "27 s")",
     R"($main | $proxy | kind = "rds-proxy" | database = "main" | borrow_timeout = "29 s" | $api | $through | )"
     R"(driver = "HikariCP" | max = 5)"},
    {"PF047", "proxy",
     R"($main | $proxy | kind = "rds-proxy" | database = "main" | max_connections_percent = «"15%"» | $api | )"
     R"($through | max = 5)",
     "15 % of max_connections; AWS advises at least 20 % on db.m5.large",
     "",
     "max_connections_percent of 20 % or more, as far as the limits of main allow",
     R"($main | $proxy | kind = "rds-proxy" | database = "main" | max_connections_percent = "20%" | $api | )"
     R"($through | max = 5)"},
    {"PF101", "main",
     R"($server | class = «"db.m5.4xlarge"» | [database.observed] | cpu_mean = "1%" | cpu_peak = "2%" | )"
     R"(freeable_memory = "60 GiB" | window = "14 d")",
     "",
     "",
     "",
     R"([policy] | min_savings_per_month = 10000 | $server | class = "db.m5.4xlarge" | [database.observed] | )"
     R"(cpu_mean = "1%" | cpu_peak = "2%" | freeable_memory = "60 GiB" | window = "14 d")"},
    {"PF102", "api.main",
     R"($main | $api | deploy = "recreate" | $pool | max = «12» | in_use = "2-3")",
     "12 per process, but its use needs 5",
     "max(⌈2.5 × 2⌉, 3 + 1) = 5",
     "max = 5  →  5 connections instead of 12",
     R"($main | $api | deploy = "recreate" | $pool | max = 7 | in_use = "2-3")"},
    {"PF103", "main",
     R"($server | class = «"db.m4.large"»)",
     "",
     "",
     "",
     R"($server | class = "db.m6i.large")"},
    {"PF104", "main",
     R"($server | class = «"db.m5.large"» | [database.observed] | cpu_mean = "12%" | )"
     R"(cpu_peak = "30%" | freeable_memory = "2 GiB" | window = "14 d")",
     "",
     "",
     "",
     R"([policy] | allow_arm = true | $server | class = "db.m5.large" | [database.observed] | )"
     R"(cpu_mean = "12%" | cpu_peak = "50%" | freeable_memory = "2 GiB" | window = "14 d")"},
    {"PF116", "m5",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.2xlarge" | )"
     R"([database.observed] | cpu_mean = "3%" | cpu_peak = "5%" | freeable_memory = "28 GiB" | window = "30 d" | )"
     R"([[commitment]] | kind = «"reserved"» | engine = "postgresql" | family = "m5" | units = 8 | )"
     R"(ends = "2027-12-31" | usd_per_month = 100)",
     "the plan leaves 4 of 8 units of m5 unused until 2027-12-31", "",
     "use it for another database, or make the change when the term ends",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.2xlarge" | )"
     R"([[commitment]] | kind = "reserved" | engine = "postgresql" | family = "m5" | units = 8 | ends = "2027-12-31")"},
    {"PF117", "m5",
     R"($main | [[commitment]] | kind = "reserved" | engine = "postgresql" | family = "m5" | units = 4 | )"
     R"(ends = «"2027-03-31"»)",
     "4 units of m5 end on 2027-03-31", "", "plan with --today 2027-04-01 before you renew it",
     R"($main | [[commitment]] | kind = "reserved" | engine = "postgresql" | family = "m5" | units = 4 | )"
     R"(ends = "2027-12-31")"},
    {"PF118", "m5",
     R"($main | [[commitment]] | kind = «"reserved"» | engine = "postgresql" | family = "m5" | units = 8 | )"
     R"(ends = "2027-12-31" | usd_per_month = 100)",
     "no database uses 4 of 8 units of m5", "$50.00/mo unused",
     "check its engine, family and region, or do not renew it",
     R"($main | [[commitment]] | kind = "reserved" | engine = "postgresql" | family = "m5" | units = 4 | )"
     R"(ends = "2027-12-31")"},
    {"PF112", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | region = "us-east-1" | class = "db.m5.xlarge" | [database.storage] | type = «"io1"» | size = "500 GiB" | iops = 6000)",
     "6,000 IOPS with io1 cost $662.50/mo; with gp3 $57.50/mo",
     "gp3 has 500 MiB/s",
     R"(type = "gp3", without iops  →  saves $605.00/mo)",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | region = "us-east-1" | class = "db.m5.xlarge" | [database.storage] | type = "gp3" | size = "500 GiB")"},
    {"PF113", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | region = "us-east-1" | class = "db.m5.xlarge" | [database.observed] | iops = 8000 | [database.storage] | type = "gp3" | size = "500 GiB" | iops = «20000»)",
     "20,000 IOPS are provisioned, at most 8,000 were used",
     "",
     R"(without iops  →  saves $160.00/mo)",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | region = "us-east-1" | class = "db.m5.xlarge" | [database.observed] | iops = 16000 | [database.storage] | type = "gp3" | size = "500 GiB" | iops = 20000)"},
    {"PF114", "main",
     R"([[database]] | name = "main" | engine = "aurora-postgresql" | version = "16.8" | region = "us-east-1" | class = "db.r6g.large" | [database.storage] | type = «"standard"» | size = "500 GiB" | io_requests = "900M/month")",
     "io-optimized costs $60.56/mo less than standard",
     "900 million I/O requests a month; both cost the same at 597 million",
     R"(type = "io-optimized")",
     R"([[database]] | name = "main" | engine = "aurora-postgresql" | version = "16.8" | region = "us-east-1" | class = "db.r6g.large" | [database.storage] | type = "standard" | size = "500 GiB" | io_requests = "500M/month")"},
    {"PF115", "main",
     R"([[database]] | name = "main" | engine = "aurora-postgresql" | version = "16.8" | region = "us-east-1" | class = "db.r6g.large" | [database.storage] | type = «"standard"» | size = "500 GiB")",
     "I/O requests not known: which storage configuration is cheaper is open",
     "both cost the same at 597 million a month, $119.44/mo of I/O",
     R"()",
     R"([[database]] | name = "main" | engine = "aurora-postgresql" | version = "16.8" | region = "us-east-1" | class = "db.r6g.large" | [database.storage] | type = "standard" | size = "500 GiB" | io_requests = "500M/month")"},
    {"PF105", "main",
     R"($server | class = "db.m5.large" | [database.observed] | connections = «0» | window = "14 d")",
     "nothing connects to it, and no connection was open in 14 d: $129.94/mo for nothing",
     "",
     "take a last snapshot and delete it",
     // A part of a connection is one.
     R"($server | class = "db.m5.large" | [database.observed] | connections = "0-0.1" | window = "14 d")"},
    {"PF106", "main",
     R"($server | class = "db.m5.large" | multi_az = «true» | environment = "staging")",
     "a Multi-AZ standby outside production (staging)",
     "",
     "multi_az = false  →  saves $129.94/mo on db.m5.large",
     R"($server | class = "db.m5.large" | multi_az = true | environment = "production")"},
    {"PF107", "main",
     R"($server | class = "db.m5.large" | environment = «"test"»)",
     "test, and it runs all week: stopping it for 108 of 168 hours saves $83.53/mo",
     "",
     "stop it outside 60 hours a week",
     R"([policy] | non_production_hours = 168 | $server | class = "db.m5.large" | environment = "test")"},
    {"PF108", "main",
     R"([policy] | allow = ["db.r6g.*"] | [[database]] | name = "main" | engine = "aurora-postgresql" | )"
     R"(version = "16.8" | class = «"db.r6g.xlarge"» | [database.observed] | cpu_mean = "3%" | cpu_peak = "10%" | )"
     R"(freeable_memory = "30 GiB" | window = "14 d")",
     "db.serverless costs $43.80–$140.16/mo, db.r6g.xlarge $378.87/mo",
     "",
     R"(class = "db.serverless", acu_min = 0.5, acu_max = 3)",
     R"([policy] | allow = ["db.r6g.*"] | [[database]] | name = "main" | engine = "aurora-postgresql" | )"
     R"(version = "16.8" | class = "db.r6g.xlarge" | [database.observed] | cpu_mean = "30%" | cpu_peak = "50%" | )"
     R"(freeable_memory = "20 GiB" | window = "14 d")"},
    {"PF301", "main",
     R"($server | class = «"db.m5.large"»)",
     "",
     "",
     "",
     "$main"},
    {"PF302", "main",
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_peak = "50%" | )"
     R"(freeable_memory = "2 GiB" | window = «"3 d"»)",
     "observed for only 3 d; at least 14 d needed",
     "",
     R"(window = "14 d", once that is true)",
     R"($main | [database.observed] | cpu_mean = "12%" | cpu_peak = "50%" | )"
     R"(freeable_memory = "2 GiB" | window = "14 d")"},
    {"PF303", "main",
     R"($server | class = «"db.m5.large"»)",
     "",
     "",
     "",
     R"([[price]] | class = "db.m5.large" | usd_per_month = 130 | $server | class = "db.m5.large")"},
    {"PF304", "main",
     R"($main | [database.observed] | connections = «"50-60"» | $api | instances = 4 | deploy = "recreate" | )"
     "$pool | max = 8",
     "19 connections that no pool explains",
     "50 typical, 60 at the peak; the inventory explains at most 41",
     "add the service that opens them; or other_connections = 23  →  55 of 100 (55 %)",
     R"($main | [database.observed] | connections = "41" | $api | instances = 4 | deploy = "recreate" | )"
     "$pool | max = 8"},
    {"PF304", "main",
     R"($main | [database.observed] | connections = «"30-60"» | $api | instances = 4 | $pool | max = 8)",
     "11 connections that no pool explains",
     "30 typical, 60 at the peak; the inventory explains at most 41, 49 in a deploy",
     "add the service that opens them; or other_connections = 15  →  47 of 100 (47 %)",
     // A pool without a limit explains any number.
     R"($main | [database.observed] | connections = "30-60" | $api | instances = 4 | $pool | driver = "database/sql")"},
    {"PF305", "api.main",
     R"($main | $api | runtime = «"threads"» | instances = 12 | deploy = "recreate" | $pool | driver = "activerecord" | )"
     "max = 10",
     "the plan makes it 6 instead of 10, and threads is not set", "activerecord gives each thread a connection",
     "set threads of api to what one process runs, or in_use of the pool",
     R"($main | $api | runtime = "threads" | threads = 6 | instances = 12 | deploy = "recreate" | $pool | )"
     R"(driver = "activerecord" | max = 10)"},
    {"PF306", "main",
     R"([[database]] | name = "main" | engine = "postgresql" | version = «"12.22"» | class = "db.m5.xlarge")",
     "PostgreSQL 12.22 is in Extended Support: $292.00/mo, $584.00/mo from 2027-03-01 on",
     "",
     "upgrade to PostgreSQL 15 or newer",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.xlarge")"},
    {"PF307", "main",
     R"($server | class = "db.m5.large" | [database.observed] | connections = «0» | window = "14 d" | $api | $pool | )"
     "max = 5",
     "no connection was open in 14 d, and the inventory opens 5 connections",
     "",
     "write DatabaseConnections of this server, or remove the services that no longer run",
     R"($server | class = "db.m5.large" | [database.observed] | connections = 0 | window = "7 d" | $api | $pool | )"
     "max = 5"},
    {"PF308", "main",
     R"(«[[database]]» | name = "main" | engine = "postgresql" | version = "16.8" | $api | $pool | max = 5)",
     "what it runs on is not given: no limit of it is checked",
     "",
     R"(its class, such as class = "db.m5.large"; max_connections = … alone for the connections)",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16.8" | class = "db.m5.large" | $api | )"
     "$pool | max = 5"},
    {"PF401", "api",
     R"($main | $api | instances = «2» | deploy = "recreate" | $pool | max = 4)",
     "instances is 2 here, 21 deployed",
     "kubernetes-1:5, spec.replicas",
     "instances = 21",
     R"($main | $api | instances = 21 | deploy = "recreate" | $pool | max = 4)",
     "$deployment"},
    {"PF402", "api.main",
     R"($main | [[service]] | name = «"api"» | instances = 21 | deploy = "recreate")",
     "the pool is deployed and not in the inventory",
     "kubernetes-1:7, DATABASE_URL",
     "poolfit import --into",
     R"($main | $api | instances = 21 | deploy = "recreate" | $pool | max = 4)",
     "$deployment"},
    {"PF403", "worker",
     R"($main | [[service]] | name = «"worker"»  # from kubernetes-1: Deployment = worker | $api | instances = 21 | )"
     R"(deploy = "recreate" | $pool | max = 4)",
     "kubernetes-1 does not have this service",
     "",
     "remove the record if it no longer runs",
     R"($main | [[service]] | name = "worker" | $api | instances = 21 | deploy = "recreate" | $pool | max = 4)",
     "$deployment"},
    {"PF404", "main",
     R"([[database]] | name = «"main"» | engine = "postgresql" | class = "db.m5.large")",
     "version is not stated here, 16.8 deployed",
     "rds-1:1, EngineVersion",
     R"(version = "16.8", or poolfit import --into)",
     R"([[database]] | name = "main" | engine = "postgresql" | version = "16" | class = "db.m5.large")",
     "$instances"},
    {"PF901", "PF102",
     R"($main | «[[ignore]]» | rule = "PF102" | target = "nowhere" | reason = "x")",
     "no finding PF102 for nowhere to suppress",
     "",
     "remove it",
     R"($main | [[ignore]] | rule = "PF302" | reason = "x")"},
    {"PF902", "PF302",
     R"($main | [[ignore]] | rule = "PF302" | owner = "dana" | reason = "x" | until = «"2026-11-23"»)",
     "the suppression of PF302 ended on 2026-11-23",
     "ask dana",
     "fix what it hides, or set a later date and a reason",
     R"($main | [[ignore]] | rule = "PF302" | reason = "x" | until = "2026-11-24")"},
    {"PF903", "PF302",
     R"($main | «[[ignore]]» | rule = "PF302")",
     "the suppression of PF302 has no reason",
     "",
     R"(reason = "…")",
     R"($main | [[ignore]] | rule = "PF302" | reason = "x")"},
};
// clang-format on

}  // namespace poolfit::test
