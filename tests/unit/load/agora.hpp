// One inventory with every key, in both syntaxes.
#pragma once

#include <string_view>

namespace poolfit::test {

inline constexpr std::string_view agora_toml = R"toml(schema   = "poolfit-inventory/1"
name     = "agora"
provider = "aws"                    # default of hosts and databases
region   = "eu-central-1"
environment = "production"
include  = []
[policy]
connections_steady_max = "80%"      # of usable
connections_deploy_max = 0.95
cpu_peak_max           = "60%"
memory_max             = "85%"
freeable_memory_min    = "4 GiB"
observed_buffer        = 3
wait                   = "5 ms"
wait_probability       = "0.1%"
allow_burstable        = true
survive_failover       = false
allow_arm              = true
allow = ["db.m*", "db.t*"]
deny  = ["*.micro"]
min_savings_per_month  = 12.34
min_savings            = "5%"
cost_of_trouble        = 150
non_production_hours   = 50
severity               = { PF101 = "error", unmonitored-pool = "off" }
deploys_at_once        = 1
[[host]]
name  = "app"
class = "t3.medium"

[[host]]
name     = "metal"
provider = "aws"
vcpus    = 48
threads_per_core = 2

[[database]]
name      = "primary"
provider  = "aws"
engine    = "postgresql"
version   = "16.8"
class     = "db.m5.xlarge"
multi_az  = true
max_connections      = 1700
reserved_connections = 9
other_connections    = 3
[database.observed]
cpu_mean        = "4-5%"
cpu_p95         = "12%"
cpu_p99         = "15%"
cpu_peak        = "[5%, 20%]"
connections     = "120-180"
freeable_memory = "11 GiB"
swap            = "0-90 MiB"
data_size       = "40 GiB"
ebs_throughput  = "30-40 MB/s"
iops            = [200, 900]
read_iops       = "100-500"
write_iops      = "100-400"
network         = "0.2 Gbps"
replica_lag     = "0-2 s"
window          = "14 d"
series          = "primary.csv"

[[database]]
name       = "replica"
replica_of = "primary"
environment = "staging"
failover_target = true
class      = "db.m5.large"
region     = "eu-west-1"
storage    = { type = "gp3", size = "500 GiB", max_size = "1 TiB", iops = 20000, throughput = "1000 MiB/s" }

[[database]]
name            = "own"
engine          = "postgresql"
vcpus           = 4
memory          = "16 GiB"
max_connections = 200

[[database]]
name    = "burst"
engine  = "aurora-mysql"
class   = "db.serverless"
acu_min = 0.5
acu_max = 8
storage = { io_requests = "5M/month" }

[[database]]
name            = "sql"
provider        = "gcp"
engine          = "mysql"
class           = "db-custom-2-7680"
region          = "us-central1"
max_connections = 500

[[database]]
name     = "compute"
provider = "neon"
engine   = "postgresql"
cu_min   = 1
cu_max   = 4

[[service]]
name      = "math-updater"
host      = "app"
runtime   = "event-loop"
instances = 1
processes = 1
deploy    = "recreate"
merged_max = "BATCH_SIZE + TOTAL_VCPUS + 5"
[service.vars]
BATCH_SIZE = 6
[[service.pool]]
name     = "drizzle"
database = "primary"
driver   = "postgres.js"
max      = 10
in_use   = "2-3"
vcpu_max = "max(5, 2 * TOTAL_VCPUS)"
monitored = true
max_lifetime = "30 min"
set_in   = "code"
features = ["prepared", "listen"]
[service.pool.workload]
rate = "120/s"
hold = "30-80 ms"
hold_p50 = "30 ms"
hold_p95 = "70 ms"
hold_p99 = "90 ms"
cv   = 1.5
cpu      = "5 ms"
external = "0 ms"
nested   = 1
acquire_timeout = "2 s"
[[service.pool]]
name = "pg-boss"
database = "bouncer"
driver = "pg-boss"
max  = "BATCH_SIZE + 5"
[service.pool.workload]
users = 28
think = "1 s"
hold  = "500 ms"

[[service]]
name      = "api"
instances = { min = 2, max = 10 }
processes = 4
threads   = 6
deploy    = "rolling"
max_surge = "50%"
[[service.pool]]
name = "main"
database = "replica"
driver = "pg"
databases = 3

[[service]]
name      = "run"
connector = "cloud-sql"
[[service.pool]]
name = "main"
database = "sql"
max  = 5

[[pooler]]
name = "bouncer"
kind = "pgbouncer"
database = "primary"
instances = 2
mode = "transaction"
default_pool_size = 20
reserve_pool_size = 5
max_client_conn = 100
pairs = 2
max_db_connections = 50

[[pooler]]
name = "proxy"
kind = "rds-proxy"
database = "primary"
max_connections_percent = "90%"
borrow_timeout = "20 s"

[[pooler]]
name = "gate"
kind = "pgbouncer"
min_pool_size = 1
[[pooler.database]]
name = "orders"
database = "replica"
pool_size = 12
min_pool_size = 2
reserve_pool_size = 3
max_db_connections = 40
pool_mode = "statement"
pairs = 3
[[pooler.database]]
name = "users"
database = "primary"

[[pooler]]
name = "pooled"
kind = "pgbouncer"
database = "compute"
built_in = true

[[price]]
class = "db.t3.large"
engine = "postgresql"
usd_per_month = 123
term = "ri1"
multi_az = true

[[price]]
class = "db.t3.large"
usd_per_hour = 0.168

[[commitment]]
name = "m5"
kind = "reserved"
engine = "postgresql"
class = "db.m5.xlarge"
region = "eu-west-1"
count = 2
multi_az = true
ends = 2027-06-30
usd_per_month = 100

[[commitment]]
kind = "reserved"
engine = "mysql"
family = "r5"
units = 12.5
ends = "2027-03-31"
usd_per_hour = 0.25

[[commitment]]
kind = "savings-plan"
ends = "2027-10-31"
usd_per_hour = 0.5
[[commitment.rate]]
class = "db.m7g.large"
engine = "postgresql"
region = "us-east-1"
multi_az = true
usd_per_hour = 0.142

[growth]
services_per_year = 3
load = "10% / month"

[[ignore]]
rule = "PF101"
target = "replica"
until = 2026-12-31
owner = "dana"
reason = "measure after the freeze"

[bindings]
"service.api.instances" = "k8s.yaml: spec.replicas = 2"

[env.staging]
name = "agora staging"
)toml";

inline constexpr std::string_view agora_json = R"json({
  "schema": "poolfit-inventory/1",
  "name": "agora",
  "provider": "aws",
  "region": "eu-central-1", "environment": "production", "include": [],
  "policy": {
    "connections_steady_max": "80%", "connections_deploy_max": 0.95, "cpu_peak_max": 0.6, "memory_max": "85%",
    "freeable_memory_min": "4 GiB", "observed_buffer": 3.0, "wait": "5 ms", "wait_probability": "0.1%",
    "allow_burstable": true, "survive_failover": false, "deploys_at_once": "1", "allow_arm": true, "allow": ["db.m*", "db.t*"],
    "deny": ["*.micro"], "min_savings_per_month": 12.34, "min_savings": 0.05, "non_production_hours": 50, "cost_of_trouble": 150,
    "severity": {"PF101": "error", "unmonitored-pool": "off"}
  },
  "host": [
    {"name": "app", "class": "t3.medium"},
    {"name": "metal", "provider": "aws", "vcpus": 48, "threads_per_core": 2}
  ],
  "database": [
    {
      "name": "primary", "provider": "aws", "engine": "postgresql", "version": "16.8", "class": "db.m5.xlarge",
      "multi_az": true, "max_connections": 1700, "reserved_connections": 9, "other_connections": 3,
      "observed": {
        "cpu_mean": "4-5%", "cpu_p95": "12%", "cpu_p99": "15%", "cpu_peak": ["5%", "20%"], "connections": "120-180",
        "freeable_memory": "11 GiB", "swap": "0-90 MiB",
        "data_size": "40 GiB", "ebs_throughput": "30-40 MB/s",
        "iops": "200-900", "read_iops": "100-500", "write_iops": "100-400", "network": "0.2 Gbps", "replica_lag": ["0 s", "2 s"], "window": "2 w", "series": "primary.csv"
      }
    },
    {"name": "replica", "replica_of": "primary", "environment": "staging", "failover_target": true, "class": "db.m5.large", "region": "eu-west-1", "storage": {"type": "gp3", "size": "500 GiB", "max_size": "1 TiB", "iops": 20000, "throughput": "1000 MiB/s"}},
    {"name": "own", "engine": "postgresql", "vcpus": 4, "memory": "16 GiB", "max_connections": 200},
    {"name": "burst", "engine": "aurora-mysql", "class": "db.serverless", "acu_min": 0.5, "acu_max": 8, "storage": {"io_requests": "5M/month"}},
    {"name": "sql", "provider": "gcp", "engine": "mysql", "class": "db-custom-2-7680", "region": "us-central1", "max_connections": 500},
    {"name": "compute", "provider": "neon", "engine": "postgresql", "cu_min": 1, "cu_max": 4}
  ],
  "service": [
    {
      "name": "math-updater", "host": "app", "runtime": "event-loop", "instances": 1, "processes": 1,
      "deploy": "recreate", "merged_max": "BATCH_SIZE + TOTAL_VCPUS + 5", "vars": {"BATCH_SIZE": 6},
      "pool": [
        {
          "name": "drizzle", "database": "primary", "driver": "postgres.js", "max": 10, "in_use": [2, 3],
          "vcpu_max": "max(5, 2 * TOTAL_VCPUS)", "monitored": true, "max_lifetime": "30 min", "set_in": "code",
          "features": ["prepared", "listen"],
          "workload": {
            "rate": "120/s", "hold": "30-80 ms", "hold_p50": "30 ms", "hold_p95": "70 ms", "hold_p99": "90 ms",
            "cv": 1.5, "cpu": "5 ms", "external": "0 ms", "nested": 1, "acquire_timeout": "2 s"
          }
        },
        {
          "name": "pg-boss", "database": "bouncer", "driver": "pg-boss", "max": "BATCH_SIZE + 5",
          "workload": {"users": 28, "think": "1 s", "hold": "500 ms"}
        }
      ]
    },
    {
      "name": "api", "instances": {"min": 2, "max": 10}, "processes": 4, "threads": 6,
      "deploy": "rolling", "max_surge": "50%",
      "pool": [{"name": "main", "database": "replica", "driver": "pg", "databases": 3}]
    },
    {"name": "run", "connector": "cloud-sql", "pool": [{"name": "main", "database": "sql", "max": 5}]}
  ],
  "pooler": [
    {
      "name": "bouncer", "kind": "pgbouncer", "database": "primary", "instances": 2, "mode": "transaction",
      "default_pool_size": 20, "reserve_pool_size": 5, "max_client_conn": 100, "pairs": 2, "max_db_connections": 50
    },
    {"name": "proxy", "kind": "rds-proxy", "database": "primary", "max_connections_percent": "90%", "borrow_timeout": "20 s"},
    {
      "name": "gate", "kind": "pgbouncer", "min_pool_size": 1,
      "database": [
        {
          "name": "orders", "database": "replica", "pool_size": 12, "min_pool_size": 2, "reserve_pool_size": 3,
          "max_db_connections": 40, "pool_mode": "statement", "pairs": 3
        },
        {"name": "users", "database": "primary"}
      ]
    },
    {"name": "pooled", "kind": "pgbouncer", "database": "compute", "built_in": true}
  ],
  "price": [
    {"class": "db.t3.large", "engine": "postgresql", "usd_per_month": 123, "term": "ri1", "multi_az": true},
    {"class": "db.t3.large", "usd_per_hour": 0.168}
  ],
  "commitment": [
    {
      "name": "m5", "kind": "reserved", "engine": "postgresql", "class": "db.m5.xlarge", "region": "eu-west-1",
      "count": 2, "multi_az": true, "ends": "2027-06-30", "usd_per_month": 100
    },
    {
      "kind": "reserved", "engine": "mysql", "family": "r5", "units": 12.5, "ends": "2027-03-31", "usd_per_hour": 0.25
    },
    {
      "kind": "savings-plan", "ends": "2027-10-31", "usd_per_hour": 0.5,
      "rate": [
        {
          "class": "db.m7g.large", "engine": "postgresql", "region": "us-east-1", "multi_az": true,
          "usd_per_hour": 0.142
        }
      ]
    }
  ],
  "growth": {"services_per_year": 3, "load": "10% / month"},
  "ignore": [
    {
      "rule": "PF101", "target": "replica", "until": "2026-12-31", "owner": "dana",
      "reason": "measure after the freeze"
    }
  ],
  "bindings": {"service.api.instances": "k8s.yaml: spec.replicas = 2"},
  "env": {"staging": {"name": "agora staging"}}
}
)json";

}  // namespace poolfit::test
