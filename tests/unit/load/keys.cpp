// Every key of the inventory: a wrong type, a wrong unit or format, a value out of range, a typo. Each gives one
// error at the marked bytes, with a fix.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "../../../src/load/reader.hpp"
#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Row {
    std::string_view section;  ///< of inventory_with()
    std::string_view lines;    ///< the bad value between « and »
    std::string_view message;
};

constexpr Row rows[] = {
    // The top of the file.
    {"", "schema = «1»", "schema: expected text in quotes, found the number 1"},
    {"", "schema = «\"poolfit-inventory/2\"»", "schema: 'poolfit-inventory/2' is not one this version reads"},
    {"", "name = «true»", "name: expected text in quotes, found true"},
    {"", "name = «\"\"»", "name is empty"},
    {"", "provider = «1»", "provider: expected text in quotes, found the number 1"},
    {"", "provider = «\"heroku\"»", "provider: unknown provider 'heroku'"},
    {"", "region = «5»", "region: expected text in quotes, found the number 5"},
    {"", "region = «\"eu-centrl-1\"»", "region: 'eu-centrl-1' is not a region in the catalog"},
    {"", "environment = «true»", "environment: expected text in quotes, found true"},
    {"", "environment = «\"prod\"»", "environment: 'prod' is not one of its values"},
    {"", "include = «3»", "include: expected a list of texts, found the number 3"},
    {"", "include = [\"x.toml\", «3»]", "include: expected text in quotes, found the number 3"},
    // policy
    {"policy", "connections_steady_max = «true»", "connections_steady_max: expected a share, found true"},
    {"policy", "connections_steady_max = \"80«GiB»\"", "connections_steady_max: unknown unit 'GiB'"},
    {"policy", "connections_steady_max = «\"101%\"»", "connections_steady_max: 101 % is more than 100 %"},
    {"policy", "connections_deploy_max = «[1]»", "connections_deploy_max: expected a share, found a list"},
    {"policy", "connections_deploy_max = \"«x»\"", "connections_deploy_max: expected a number, found 'x'"},
    {"policy", "connections_deploy_max = «0»", "connections_deploy_max: must be more than 0 %"},
    {"policy", "deploys_at_once = «2»",
     "deploys_at_once: expected 1 (one service at a time) or \"all\", found the number 2"},
    {"policy", "deploys_at_once = «true»",
     "deploys_at_once: expected 1 (one service at a time) or \"all\", found true"},
    {"policy", "deploys_at_once = «\"one\"»", "deploys_at_once: 'one' is not one of its values"},
    {"policy", "cpu_peak_max = «false»", "cpu_peak_max: expected a share, found false"},
    {"policy", "cpu_peak_max = \"60 «ms»\"", "cpu_peak_max: unknown unit 'ms'"},
    {"policy", "cpu_peak_max = «60»", "cpu_peak_max: 6,000 % is more than 100 %"},
    {"policy", "memory_max = «{}»", "memory_max: expected a share, found a table"},
    {"policy", "memory_max = \"8«o%»\"", "memory_max: unknown unit 'o%'"},
    {"policy", "memory_max = «85»", "memory_max: 8,500 % is more than 100 %"},
    {"policy", "freeable_memory_min = «true»", "freeable_memory_min: expected a size, found true"},
    {"policy", "freeable_memory_min = \"4 «Gi»\"", "freeable_memory_min: unknown unit 'Gi'"},
    {"policy", "freeable_memory_min = \"«-4» GiB\"", "freeable_memory_min: -4 can't be negative"},
    {"policy", "observed_buffer = «\"2.5\"»", "observed_buffer: expected a number, found the text '2.5'"},
    {"policy", "observed_buffer = «0.5»", "observed_buffer: 0.5 is less than 1"},
    {"policy", "observed_buffer = «nan»", "observed_buffer: not a finite number"},
    {"policy", "wait = «true»", "wait: expected a time, found true"},
    {"policy", "wait = «5»", "wait: expected a unit after 5"},
    {"policy", "wait = «\"25 h\"»", "wait: 25 h is more than 24 h"},
    {"policy", "wait_probability = «true»", "wait_probability: expected a share, found true"},
    {"policy", "wait_probability = \"1 «/s»\"", "wait_probability: unknown unit '/s'"},
    {"policy", "wait_probability = «\"100%\"»", "wait_probability: must be less than 100 %"},
    {"policy", "allow_burstable = «1»", "allow_burstable: expected true or false, found the number 1"},
    {"policy", "allow_burstable = «\"yes\"»", "allow_burstable: expected true or false, found the text 'yes'"},
    {"policy", "survive_failover = «1»", "survive_failover: expected true or false, found the number 1"},
    {"policy", "allow_arm = «\"false\"»", "allow_arm: expected true or false, found the text 'false'"},
    {"policy", "allow = «\"db.m*\"»", "allow: expected a list of texts, found the text 'db.m*'"},
    {"policy", "allow = [«1»]", "allow: expected text in quotes, found the number 1"},
    {"policy", "deny = «true»", "deny: expected a list of texts, found true"},
    {"policy", "deny = [\"a\", «\"\"»]", "deny: an empty text"},
    {"policy", "min_savings_per_month = «\"10 USD\"»",
     "min_savings_per_month: expected a number, found the text '10 USD'"},
    {"policy", "min_savings_per_month = «-1»", "min_savings_per_month: −1 is less than 0"},
    {"policy", "min_savings = «true»", "min_savings: expected a share, found true"},
    {"policy", "min_savings = \"10 «USD»\"", "min_savings: unknown unit 'USD'"},
    {"policy", "min_savings = «10»", "min_savings: 1,000 % is more than 100 %"},
    {"policy", "cost_of_trouble = «\"much\"»", "cost_of_trouble: expected a number, found the text 'much'"},
    {"policy", "cost_of_trouble = «-1»", "cost_of_trouble: −1 is less than 0"},
    {"policy", "non_production_hours = «\"60 h\"»", "non_production_hours: expected a number, found the text '60 h'"},
    {"policy", "non_production_hours = «169»", "non_production_hours: 169 is more than 168"},
    {"policy", "severity = «\"info\"»", "severity: expected one table, found the text 'info'"},
    {"policy", "severity = { PF101 = «1» }", "PF101: expected text in quotes, found the number 1"},
    {"policy", "severity = { PF101 = «\"fatal\"» }", "PF101: 'fatal' is not one of its values"},
    {"policy", "severity = { «\"PF 1\"» = \"info\" }", "severity: 'PF 1' is not the id or name of a rule"},
    // host
    {"host", "name = «1»", "name: expected text in quotes, found the number 1"},
    {"host", "class = «2»", "class: expected text in quotes, found the number 2"},
    {"host", "class = «\"t3.mediun\"»", "class: 't3.mediun' is not a host class in the catalog"},
    {"host", "class = «\"db.t3.medium\"»", "class: 'db.t3.medium' is not a host class in the catalog"},
    {"host", "vcpus = «\"2\"»", "vcpus: expected a whole number, found the text '2'"},
    {"host", "vcpus = «2.5»", "vcpus: expected a whole number, found the number 2.5"},
    {"host", "vcpus = «0»", "vcpus: 0 is less than 1"},
    {"host", "threads_per_core = «0»", "threads_per_core: 0 is less than 1"},
    {"host", "threads_per_core = «9»", "threads_per_core: 9 is more than 8"},
    {"host", "provider = «true»", "provider: expected text in quotes, found true"},
    {"host", "provider = «\"azur\"»", "provider: unknown provider 'azur'"},
    // database
    {"database", "name = «[]»", "name: expected text in quotes, found a list"},
    {"database", "provider = «1»", "provider: expected text in quotes, found the number 1"},
    {"database", "provider = «\"gpc\"»", "provider: unknown provider 'gpc'"},
    {"database", "engine = «1»", "engine: expected text in quotes, found the number 1"},
    {"database", "engine = «\"postgres\"»", "engine: 'postgres' is not supported"},
    {"database", "engine = «\"oracle\"»", "engine: 'oracle' is not supported"},
    {"database", "vcpus = «\"two\"»", "vcpus: expected a whole number, found the text 'two'"},
    {"database", "acu_min = «\"half\"»", "acu_min: expected a number, found the text 'half'"},
    {"database", "acu_max = «true»", "acu_max: expected a number, found true"},
    {"database", "cu_min = «\"half\"»", "cu_min: expected a number, found the text 'half'"},
    {"database", "cu_max = «true»", "cu_max: expected a number, found true"},
    {"database", "«cu_max» = 4", "cu_min and cu_max are the capacity of Neon"},
    {"database", "«acu_max» = 4", "acu_min and acu_max are the capacity of Aurora Serverless v2"},
    {"database", "memory = \"«16»\"", "memory: 16 without a unit would be bytes"},
    {"database", "«vcpus» = 4", "vcpus and class are both set: the class defines the vCPUs"},
    {"database", "«memory» = \"16 GiB\"", "memory and class are both set: the class defines the memory"},
    {"database", "version = «16.8»", "version: expected text in quotes, found the number 16.8"},
    {"database", "version = «\"16.x\"»", "version: '16.x' is not a PostgreSQL version"},
    {"database", "version = «\"9.6\"»", "version: '9.6' is not one of PostgreSQL 10 to 99"},
    {"database", "class = «5»", "class: expected text in quotes, found the number 5"},
    {"database", "class = «\"m5.xlarge\"»", "class: 'm5.xlarge' is not in the catalog"},
    {"database", "class = «\"db.m5.xlage\"»", "class: 'db.m5.xlage' is not in the catalog"},
    {"database", "region = «true»", "region: expected text in quotes, found true"},
    {"database", "region = «\"europe\"»", "region: 'europe' is not a region in the catalog"},
    {"database", "multi_az = «\"no\"»", "multi_az: expected true or false, found the text 'no'"},
    {"database", "environment = «\"uat\"»", "environment: 'uat' is not one of its values"},
    {"database", "failover_target = «1»", "failover_target: expected true or false, found the number 1"},
    {"database", "failover_target = «true»", "failover_target: only a replica can take over"},
    {"replica", "replica_of = «1»", "replica_of: expected text in quotes, found the number 1"},
    {"replica", "replica_of = «\"primry\"»", "replica_of: no database named 'primry'"},
    {"replica", "replica_of = «\"replica\"»", "replica_of: 'replica' can't be a replica of itself"},
    {"replica", "replica_of = «\"bouncer\"»", "replica_of: 'bouncer' is a pooler"},
    {"database", "max_connections = «\"1700\"»", "max_connections: expected a whole number, found the text '1700'"},
    {"database", "max_connections = «100.5»", "max_connections: expected a whole number, found the number 100.5"},
    {"database", "max_connections = «5»", "max_connections: 5 is less than 6"},
    {"database", "max_connections = «262144»", "max_connections: 262,144 is more than 262,143"},
    {"database", "reserved_connections = «true»", "reserved_connections: expected a whole number, found true"},
    {"database", "reserved_connections = «-1»", "reserved_connections: −1 is less than 0"},
    {"database", "max_connections = 100\nreserved_connections = «100»",
     "reserved_connections: leaves nothing of max_connections"},
    {"database", "other_connections = «\"few\"»", "other_connections: expected a whole number, found the text 'few'"},
    {"database", "other_connections = «-1»", "other_connections: −1 is less than 0"},
    {"database", "max_connections = 100\nother_connections = «100»",
     "other_connections: leaves nothing of max_connections"},
    // database.observed
    {"observed", "cpu_mean = «true»", "cpu_mean: expected a share or a range of shares, found true"},
    {"observed", "cpu_mean = \"4-5 «GiB»\"", "cpu_mean: unknown unit 'GiB'"},
    {"observed", "cpu_mean = «\"4-5\"»", "cpu_mean: CPU without a percent sign"},
    {"observed", "cpu_mean = «\"120%\"»", "cpu_mean: 120 % is more than 100 %"},
    {"observed", "cpu_mean = \"«5-4%»\"", "cpu_mean: the low end of the range is above its high end"},
    {"observed", "cpu_mean = «[0.1, 0.2, 0.3]»", "cpu_mean: a range is a list of two, low and high"},
    {"observed", "cpu_mean = [0.1, «true»]", "cpu_mean: expected a share, found true"},
    {"observed", "cpu_mean = «[0.2, 0.1]»", "cpu_mean: the low end of the range is above its high end"},
    {"observed", "cpu_p95 = «true»", "cpu_p95: expected a share or a range of shares, found true"},
    {"observed", "cpu_p95 = «15»", "cpu_p95: CPU without a percent sign"},
    {"observed", "cpu_p95 = «\"40%\"»\ncpu_peak = \"20%\"", "cpu_p95: p95 is above the peak"},
    {"observed", "cpu_p95 = «\"40%\"»\ncpu_p99 = \"30%\"\ncpu_peak = \"50%\"", "cpu_p95: p95 is above p99"},
    {"observed", "cpu_p99 = «true»", "cpu_p99: expected a share or a range of shares, found true"},
    {"observed", "cpu_p99 = «\"40%\"»\ncpu_peak = \"20%\"", "cpu_p99: p99 is above the peak"},
    {"observed", "cpu_peak = «{}»", "cpu_peak: expected a share or a range of shares, found a table"},
    {"observed", "cpu_peak = \"5 «s»\"", "cpu_peak: unknown unit 's'"},
    {"observed", "cpu_peak = «1.2»", "cpu_peak: CPU without a percent sign"},
    {"observed", "cpu_peak = «inf»", "cpu_peak: inf is not a finite number"},
    {"observed", "cpu_mean = «\"40%\"»\ncpu_peak = \"20%\"", "cpu_mean: the mean is above the peak"},
    {"observed", "connections = «true»", "connections: expected a number or a range of numbers, found true"},
    {"observed", "connections = \"120 «open»\"", "connections: expected a plain number, found 'open' after it"},
    {"observed", "connections = «-1»", "connections: -1 can't be negative"},
    {"observed", "connections = «300000»", "connections: 300,000 is more than 262,143"},
    {"observed", "freeable_memory = «11»", "freeable_memory: 11 without a unit would be bytes"},
    {"observed", "freeable_memory = «true»", "freeable_memory: expected a size or a range of sizes, found true"},
    {"observed", "freeable_memory = \"11 «%»\"", "freeable_memory: unknown unit '%'"},
    {"observed", "swap = «90»", "swap: 90 without a unit would be bytes"},
    {"observed", "swap = \"«-90» MiB\"", "swap: -90 can't be negative"},
    {"observed", "data_size = \"40 «G»\"", "data_size: unknown unit 'G'"},
    {"observed", "freeable_memory = «\"17 GiB\"»", "freeable_memory: 17 GiB is more than the 16 GiB of db.m5.xlarge"},
    {"observed", "ebs_throughput = «true»",
     "ebs_throughput: expected a throughput or a range of throughputs, found true"},
    {"observed", "ebs_throughput = «120»", "ebs_throughput: expected a unit after 120"},
    {"observed", "ebs_throughput = \"120 «GiB»\"", "ebs_throughput: unknown unit 'GiB'"},
    {"observed", "ebs_throughput = «\"99999 Gbps\"»", "ebs_throughput: 99,999,000 Mbps is more than 10,000,000 Mbps"},
    {"observed", "iops = «true»", "iops: expected a number or a range of numbers, found true"},
    {"observed", "iops = \"900 «/s»\"", "iops: expected a plain number, found '/s' after it"},
    {"observed", "iops = «-1»", "iops: -1 can't be negative"},
    {"observed", "read_iops = «true»\nwrite_iops = 1",
     "read_iops: expected a number or a range of numbers, found true"},
    {"observed", "read_iops = «100»", "read_iops: limits are of both; write_iops is missing"},
    {"observed", "read_iops = 1\nwrite_iops = «-1»", "write_iops: -1 can't be negative"},
    {"observed", "read_iops = 100\nwrite_iops = 50\niops = «400»", "iops: not the sum of read_iops and write_iops"},
    {"observed", "network = «false»", "network: expected a throughput or a range of throughputs, found false"},
    {"observed", "network = \"1 «G»\"", "network: unknown unit 'G'"},
    {"observed", "series = «5»", "series: expected text in quotes, found the number 5"},
    {"observed", "replica_lag = «5»", "replica_lag: expected a unit after 5"},
    {"observed", "window = «14»", "window: expected a unit after 14"},
    {"observed", "window = «true»", "window: expected a number of days, found true"},
    {"observed", "window = \"14 «ms»\"", "window: unknown unit 'ms'"},
    {"observed", "window = «\"0 d\"»", "window: must be more than 0 d"},
    // storage
    {"storage", "type = «3»", "type: expected text in quotes, found the number 3"},
    {"storage", "type = «\"gp4\"»", "type: 'gp4' is not a kind of storage of RDS for PostgreSQL"},
    {"storage", "type = «\"io-optimized\"»", "type: 'io-optimized' is not a kind of storage of RDS for PostgreSQL"},
    {"storage", "size = «500»", "size: 500 without a unit would be bytes"},
    {"storage", "size = «\"10 GiB\"»", "size: gp3 of 10 GiB; RDS takes 20 to 65,536 GiB"},
    {"storage", "size = «\"70 TiB\"»", "size: gp3 of 71,680 GiB; RDS takes 20 to 65,536 GiB"},
    {"storage", "max_size = «true»", "max_size: expected a size, found true"},
    {"storage", "max_size = «\"400 GiB\"»", "max_size: 400 GiB is less than size"},
    {"storage", "type = \"magnetic\"\nmax_size = «\"900 GiB\"»", "max_size: magnetic storage does not grow by itself"},
    {"storage", "iops = «\"many\"»", "iops: expected a number, found the text 'many'"},
    {"storage", "type = \"gp2\"\niops = «3000»", "iops: gp2 has 3 IOPS per GiB, and none are provisioned"},
    {"storage", "size = \"200 GiB\"\niops = «12000»",
     "iops: gp3 under 400 GiB has 3,000 IOPS and 125 MiB/s, and no more can be provisioned"},
    {"storage", "iops = «64001»", "iops: 64,001: gp3 takes at most 64,000"},
    {"storage", "size = \"400 GiB\"\niops = «3000»", "iops: 3,000: gp3 takes at least 12,000, which it has anyway"},
    {"storage", "type = \"io1\"\niops = «25001»", "iops: 25,001: io1 takes at most 50 per GiB, 25,000 at 500 GiB"},
    {"storage", "type = \"io1\"\niops = «900»", "iops: 900: io1 takes at least 1,000"},
    {"storage", "type = \"io1\"\nsize = \"4000 GiB\"\niops = «1999»",
     "iops: 1,999: io1 takes at least 0.5 per GiB, 2,000 at 4,000 GiB"},
    {"storage", "type = \"io2\"\nsize = \"100 GiB\"\niops = «100001»",
     "iops: 100,001: io2 takes at most 1,000 per GiB, 100,000 at 100 GiB"},
    {"storage", "type = \"io2\"\niops = «256001»", "iops: 256,001: io2 takes at most 256,000"},
    {"storage", "type = \"io1\"\nsize = \"1000 GiB\"\nmax_size = \"4000 GiB\"\niops = «1500»",
     "iops: 1,500: io1 takes at least 0.5 per GiB, also at max_size, 4,000 GiB"},
    {"storage", "throughput = «500»", "throughput: expected a unit after 500"},
    {"storage", "throughput = «\"4001 MiB/s\"»", "throughput: 4,001 MiB/s: gp3 takes at most 4,000 MiB/s"},
    {"storage", "iops = 12000\nthroughput = «\"3001 MiB/s\"»",
     "throughput: 3,001 MiB/s: at most 0.25 of the IOPS, 3,000 MiB/s with 12,000"},
    {"storage", "throughput = «\"125 MiB/s\"»", "throughput: 125 MiB/s: gp3 has 500 MiB/s anyway"},
    {"storage", "type = \"io1\"\niops = 1000\nthroughput = «\"500 MiB/s\"»", "throughput: io1 has what its IOPS give"},
    {"storage", "io_requests = «\"5M/month\"»", "io_requests: gp3 does not charge by request"},
    {"storage", "type = \"magnetic\"\nio_requests = «5»",
     "io_requests: expected I/O requests by month or second, found the number 5"},
    {"storage", "type = \"magnetic\"\nio_requests = «\"5M\"»",
     "io_requests: expected I/O requests by month or second, found the text '5M'"},
    // service
    {"service", "name = «true»", "name: expected text in quotes, found true"},
    {"service", "name = \"a«/»b\"",
     "name: a name is made of letters, digits, '.', '_' and '-', a letter or digit first"},
    {"service", "name = \"«-»a\"",
     "name: a name is made of letters, digits, '.', '_' and '-', a letter or digit first"},
    {"service", "host = «1»", "host: expected text in quotes, found the number 1"},
    {"service", "host = «\"ap\"»", "host: no host named 'ap'"},
    {"service", "runtime = «1»", "runtime: expected text in quotes, found the number 1"},
    {"service", "runtime = «\"event-lop\"»", "runtime: 'event-lop' is not one of its values"},
    {"service", "instances = «\"4\"»", "instances: expected a number or min and max, found the text '4'"},
    {"service", "instances = «1.5»", "instances: expected a whole number, found the number 1.5"},
    {"service", "instances = «0»", "instances: 0 is less than 1"},
    {"service", "instances = «1000001»", "instances: 1,000,001 is more than 1,000,000"},
    {"service", "instances = { min = «4», max = 2 }", "instances: min is above max"},
    {"service", "instances = { min = 1, max = «\"2\"» }", "max: expected a whole number, found the text '2'"},
    {"service", "instances = { min = 1, «maxx» = 2, max = 2 }", "unknown key 'maxx' in instances"},
    {"service", "instances = «{ min = 1 }»", "instances has no max"},
    {"service", "processes = «true»", "processes: expected a whole number, found true"},
    {"service", "processes = «0»", "processes: 0 is less than 1"},
    {"service", "processes = «10001»", "processes: 10,001 is more than 10,000"},
    {"service", "threads = «true»", "threads: expected a whole number, found true"},
    {"service", "threads = «0»", "threads: 0 is less than 1"},
    {"service", "threads = «100001»", "threads: 100,001 is more than 100,000"},
    {"service", "runtime = \"event-loop\"\nthreads = «5»", "threads: an event loop serves its requests without them"},
    {"service", "runtime = \"processes\"\nthreads = «2»", "threads: this runtime serves one request at a time"},
    {"service", "runtime = \"serverless\"\nthreads = «2»", "threads: this runtime serves one request at a time"},
    {"service", "kind = «true»", "kind: expected text in quotes, found true"},
    {"service", "kind = «\"cron\"»", "kind: 'cron' is not one of its values"},
    {"service", "rate = «true»", "rate: expected a rate or a range of rates, found true"},
    {"service", "rate = «600»", "rate: expected a unit after 600"},
    {"service", "rate = «\"0/s\"»", "rate: must be more than 0/s"},
    {"service", "deploy = «2»", "deploy: expected text in quotes, found the number 2"},
    {"service", "deploy = «\"rollin\"»", "deploy: 'rollin' is not one of its values"},
    {"service", "connector = «1»", "connector: expected text in quotes, found the number 1"},
    {"service", "connector = «\"alloydb\"»", "connector: 'alloydb' is not one of its values"},
    {"service", "connector = «\"cloud-sql\"»",
     "connector: the built-in Cloud SQL connection leads to none of the databases of api"},
    {"service", "max_surge = «true»", "max_surge: expected a whole number, found true"},
    {"service", "max_surge = «\"3\"»", "max_surge: expected a share or a whole number, found the text '3'"},
    {"service", "max_surge = «0.25»", "max_surge: 0.25 is not a whole number of instances"},
    {"service", "max_surge = «\"125%\"»", "max_surge: 125 % is more than 100 %"},
    {"service", "max_surge = «-1»", "max_surge: −1 is less than 0"},
    {"service", "merged_max = «true»", "merged_max: expected a number or a formula, found true"},
    {"service", "merged_max = \"«BATCH_SIZ» + 5\"", "merged_max: 'BATCH_SIZ' is not a variable here"},
    {"service", "merged_max = «0»", "merged_max: a pool of 0 connections can't serve"},
    {"vars", "«TOTAL_VCPUS» = 4", "vars: TOTAL_VCPUS is set by poolfit"},
    {"vars", "«TOTAL_CORES» = 4", "vars: TOTAL_CORES is set by poolfit"},
    {"vars", "«ceil» = 4", "vars: ceil is a formula function"},
    {"vars", "«BATCH-SIZE» = 4", "vars: 'BATCH-SIZE' can't be used in a formula"},
    {"vars", "X = «\"4\"»", "X: expected a number, found the text '4'"},
    {"vars", "X = «inf»", "X: not a finite number"},
    // pool
    {"pool", "name = «1»", "name: expected text in quotes, found the number 1"},
    {"pool", "database = «1»", "database: expected text in quotes, found the number 1"},
    {"pool", "database = «\"primry\"»", "database: no database or pooler named 'primry'"},
    {"pool", "driver = «10»", "driver: expected text in quotes, found the number 10"},
    {"pool", "driver = «\"postgres.jss\"»", "driver: 'postgres.jss' is not in the catalog"},
    {"pool", "max = «true»", "max: expected a number or a formula, found true"},
    {"pool", "max = «0»", "max: a pool of 0 connections can't serve"},
    {"pool", "max = «-5»", "max: −5 is less than 1 connection"},
    {"pool", "max = «4.5»", "max: 4.5 is not a whole number"},
    {"pool", "max = «1000001»", "max: 1,000,001 is more than 1,000,000 connections"},
    {"pool", "max = «inf»", "max: not a number of connections"},
    {"pool", "max = \"«TOTAL_VCPU» * 2\"", "max: 'TOTAL_VCPU' is not a variable here"},
    {"pool", "max = \"«TOTAL_VCPUS / 4»\"", "max: 0.5 is less than 1 connection"},
    {"pool", "max = \"«TOTAL_VCPUS * 1.25»\"", "max: 2.5 is not a whole number"},
    {"pool", "in_use = «true»", "in_use: expected a number or a range of numbers, found true"},
    {"pool", "in_use = \"2-3 «%»\"", "in_use: expected a plain number, found '%' after it"},
    {"pool", "in_use = «-1»", "in_use: -1 can't be negative"},
    {"pool", "vcpu_max = «true»", "vcpu_max: expected a number or a formula, found true"},
    {"pool", "vcpu_max = \"max(5, 2 * «VCPUS»)\"", "vcpu_max: 'VCPUS' is not a variable here"},
    {"pool", "vcpu_max = «0»", "vcpu_max: a pool of 0 connections can't serve"},
    {"pool", "max_lifetime = «5»", "max_lifetime: expected a unit after 5"},
    {"pool", "monitored = «1»", "monitored: expected true or false, found the number 1"},
    {"pool", "set_in = «true»", "set_in: expected text in quotes, found true"},
    {"pool", "set_in = «\"file\"»", "set_in: 'file' is not one of its values"},
    {"pool", "features = «\"listen\"»", "features: expected a list of texts, found the text 'listen'"},
    {"pool", "features = [\"listen\", «\"preparedd\"»]", "features: 'preparedd' is not one of its values"},
    {"pool", "features = [«1»]", "features: expected text in quotes, found the number 1"},
    // workload
    {"workload", "rate = «120»", "rate: expected a unit after 120"},
    {"workload", "rate = «true»", "rate: expected a rate or a range of rates, found true"},
    {"workload", "rate = \"120 «ms»\"", "rate: unknown unit 'ms'"},
    {"workload", "rate = «\"0/s\"»", "rate: must be more than 0/s"},
    {"workload", "-rate\nusers = «\"28\"»\nthink = \"1 s\"", "users: expected a whole number, found the text '28'"},
    {"workload", "-rate\nusers = «0»\nthink = \"1 s\"", "users: 0 is less than 1"},
    {"workload", "-rate\n«users» = 28", "users without think: how long between two requests of a user?"},
    {"workload", "-rate\n«think» = \"1 s\"", "think without users"},
    {"workload", "«users» = 28\nthink = \"1 s\"", "a workload is open (rate) or closed (users and think), not both"},
    {"workload", "-rate\nusers = 28\nthink = «1»", "think: expected a unit after 1"},
    {"workload", "-rate\nusers = 28\nthink = «true»", "think: expected a time or a range of times, found true"},
    {"workload", "hold = «20»", "hold: expected a unit after 20"},
    {"workload", "hold = «[]»", "hold: a range is a list of two, low and high"},
    {"workload", "hold = \"20 «/s»\"", "hold: unknown unit '/s'"},
    {"workload", "hold = «\"0 ms\"»", "hold: must be more than 0 ms"},
    {"workload", "hold_p50 = «20»", "hold_p50: expected a unit after 20"},
    {"workload", "hold_p50 = «true»", "hold_p50: expected a time, found true"},
    {"workload", "hold_p50 = «\"0 s\"»", "hold_p50: must be more than 0 ms"},
    {"workload", "hold_p95 = «false»", "hold_p95: expected a time, found false"},
    {"workload", "hold_p95 = \"8 «x»\"", "hold_p95: unknown unit 'x'"},
    {"workload", "hold_p50 = \"20 ms\"\nhold_p95 = «\"10 ms\"»", "hold_p95 is below hold_p50"},
    {"workload", "hold_p99 = «{}»", "hold_p99: expected a time, found a table"},
    {"workload", "hold_p99 = \"1«y»\"", "hold_p99: unknown unit 'y'"},
    {"workload", "hold_p95 = \"20 ms\"\nhold_p99 = «\"10 ms\"»", "hold_p99 is below hold_p95"},
    {"workload", "-hold\n«hold_p50» = \"20 ms\"", "one percentile does not define the spread"},
    {"workload", "cv = «\"1\"»", "cv: expected a number, found the text '1'"},
    {"workload", "cv = «-0.5»", "cv: −0.5 is less than 0"},
    {"workload", "cpu = «5»", "cpu: expected a unit after 5"},
    {"workload", "cpu = «true»", "cpu: expected a time or a range of times, found true"},
    {"workload", "cpu = \"5 «GiB»\"", "cpu: unknown unit 'GiB'"},
    {"workload", "cpu = «\"25 ms\"»", "cpu and external are parts of the hold, but longer than it"},
    {"workload", "external = «1»", "external: expected a unit after 1"},
    {"workload", "external = «false»", "external: expected a time or a range of times, found false"},
    {"workload", "external = «\"30 ms\"»", "cpu and external are parts of the hold, but longer than it"},
    {"workload", "nested = «\"1\"»", "nested: expected a whole number, found the text '1'"},
    {"workload", "nested = «-1»", "nested: −1 is less than 0"},
    {"workload", "acquire_timeout = «2»", "acquire_timeout: expected a unit after 2"},
    {"workload", "acquire_timeout = «true»", "acquire_timeout: expected a time, found true"},
    {"workload", "acquire_timeout = «\"0 s\"»", "acquire_timeout: must be more than 0 ms"},
    // pooler
    {"pooler", "name = «1»", "name: expected text in quotes, found the number 1"},
    {"pooler", "name = «\"primary\"»", "database 'primary' is given twice"},
    {"pooler", "kind = «true»", "kind: expected text in quotes, found true"},
    {"pooler", "kind = «\"pgbouncr\"»", "kind: 'pgbouncr' is not one of its values"},
    {"pooler", "database = «1»", "database: expected text in quotes, found the number 1"},
    {"pooler", "database = «\"primry\"»", "database: no database named 'primry'"},
    {"pooler", "database = «\"bouncer\"»",
     "database: 'bouncer' is a pooler; a pooler behind a pooler is not supported"},
    {"pooler", "instances = «true»", "instances: expected a number or min and max, found true"},
    {"pooler", "instances = «0»", "instances: 0 is less than 1"},
    {"pooler", "mode = «1»", "mode: expected text in quotes, found the number 1"},
    {"pooler", "mode = «\"transacton\"»", "mode: 'transacton' is not one of its values"},
    {"pooler", "default_pool_size = «\"20\"»", "default_pool_size: expected a whole number, found the text '20'"},
    {"pooler", "default_pool_size = «0»", "default_pool_size: 0 is less than 1"},
    {"pooler", "min_pool_size = «true»", "min_pool_size: expected a whole number, found true"},
    {"pooler", "min_pool_size = «-1»", "min_pool_size: −1 is less than 0"},
    {"pooler", "reserve_pool_size = «true»", "reserve_pool_size: expected a whole number, found true"},
    {"pooler", "reserve_pool_size = «-1»", "reserve_pool_size: −1 is less than 0"},
    {"pooler", "max_client_conn = «\"x\"»", "max_client_conn: expected a whole number, found the text 'x'"},
    {"pooler", "max_client_conn = «0»", "max_client_conn: 0 is less than 1"},
    {"pool", "databases = «0»", "databases: 0 is less than 1"},
    {"pool", "databases = «100001»", "databases: 100,001 is more than 100,000"},
    {"pool", "databases = «2.5»", "databases: expected a whole number, found the number 2.5"},
    {"pooler", "built_in = «1»", "built_in: expected true or false, found the number 1"},
    {"pooler", "built_in = «true»", "built_in: RDS for PostgreSQL has no pooler of its own"},
    {"pooler", "pairs = «true»", "pairs: expected a whole number, found true"},
    {"pooler", "pairs = «0»", "pairs: 0 is less than 1"},
    {"pooler", "max_db_connections = «true»", "max_db_connections: expected a whole number, found true"},
    {"pooler", "max_db_connections = «-1»", "max_db_connections: −1 is less than 0"},
    {"pooler", "kind = \"rds-proxy\"\nborrow_timeout = «\"2 h\"»", "borrow_timeout: 120 min is more than 60 min"},
    {"pooler", "kind = \"rds-proxy\"\nmax_connections_percent = «true»",
     "max_connections_percent: expected a share, found true"},
    {"pooler", "kind = \"rds-proxy\"\nmax_connections_percent = «90»",
     "max_connections_percent: 9,000 % is more than 100 %"},
    // pooler.database
    {"alias", "name = «1»", "name: expected text in quotes, found the number 1"},
    {"alias", "name = \"a«/»b\"", "name: a name is made of letters, digits, '.', '_' and '-', a letter or digit first"},
    {"alias", "database = «true»", "database: expected text in quotes, found true"},
    {"alias", "database = «\"primry\"»", "database: no database named 'primry'"},
    {"alias", "pool_size = «\"20\"»", "pool_size: expected a whole number, found the text '20'"},
    {"alias", "pool_size = «0»", "pool_size: 0 is less than 1"},
    {"alias", "min_pool_size = «true»", "min_pool_size: expected a whole number, found true"},
    {"alias", "min_pool_size = «-1»", "min_pool_size: −1 is less than 0"},
    {"alias", "reserve_pool_size = «-1»", "reserve_pool_size: −1 is less than 0"},
    {"alias", "max_db_connections = «-1»", "max_db_connections: −1 is less than 0"},
    {"alias", "pool_mode = «\"transacton\"»", "pool_mode: 'transacton' is not one of its values"},
    {"alias", "pairs = «0»", "pairs: 0 is less than 1"},
    // price
    {"price", "engine = «\"oracle\"»", "engine: 'oracle' is not supported"},
    {"price", "class = «1»", "class: expected text in quotes, found the number 1"},
    {"price", "class = «\"t3.large\"»", "class: 't3.large' is not in the catalog"},
    {"price", "usd_per_month = «\"$123\"»", "usd_per_month: expected a number, found the text '$123'"},
    {"price", "usd_per_month = «-1»", "usd_per_month: −1 is less than 0"},
    {"price", "-usd_per_month\nusd_per_hour = «true»", "usd_per_hour: expected a number, found true"},
    {"price", "-usd_per_month\nusd_per_hour = «-0.1»", "usd_per_hour: −0.1 is less than 0"},
    {"price", "usd_per_hour = «0.1»", "usd_per_hour and usd_per_month are both set"},
    {"price", "term = «1»", "term: expected text in quotes, found the number 1"},
    {"price", "term = «\"ri2\"»", "term: 'ri2' is not one of its values"},
    {"price", "multi_az = «1»", "multi_az: expected true or false, found the number 1"},
    // growth
    {"commitment", "name = «1»", "name: expected text in quotes, found the number 1"},
    {"commitment", "kind = «\"spot\"»", "kind: 'spot' is not one of its values"},
    {"commitment", "engine = «\"oracle\"»", "engine: 'oracle' is not supported"},
    {"commitment", "class = «\"t3.large\"»", "class: 't3.large' is not in the catalog"},
    {"commitment", "-class\n-count\nunits = 4\nfamily = «\"m55\"»",
     "family: 'm55' is not a family of classes in the catalog"},
    {"commitment", "region = «1»", "region: expected text in quotes, found the number 1"},
    {"commitment", "count = «\"2\"»", "count: expected a whole number, found the text '2'"},
    {"commitment", "multi_az = «1»", "multi_az: expected true or false, found the number 1"},
    {"commitment", "-count\nunits = «\"4\"»", "units: expected a number, found the text '4'"},
    {"commitment", "ends = «1»", "ends: expected a date, found the number 1"},
    {"commitment", "usd_per_hour = «-0.1»", "usd_per_hour: −0.1 is less than 0"},
    {"commitment", "usd_per_month = «true»", "usd_per_month: expected a number, found true"},
    {"rate", "class = «\"db.m5.large\"»", "class: a Database Savings Plan does not cover db.m5.large, of generation 5"},
    {"rate", "engine = «\"oracle\"»", "engine: 'oracle' is not supported"},
    {"rate", "region = «1»", "region: expected text in quotes, found the number 1"},
    {"rate", "multi_az = «1»", "multi_az: expected true or false, found the number 1"},
    {"rate", "usd_per_hour = «\"1\"»", "usd_per_hour: expected a number, found the text '1'"},
    {"growth", "services_per_year = «\"3\"»", "services_per_year: expected a number, found the text '3'"},
    {"growth", "services_per_year = «-3»", "services_per_year: −3 is less than 0"},
    {"growth", "load = «0.1»", "load: expected a share per month, found the number 0.1"},
    {"growth", "load = «\"10%\"»", "load: '10%' has no period"},
    {"growth", "load = \"10% /« week»\"", "load: unknown period 'week'"},
    {"growth", "load = \"10 «GiB» / month\"", "load: unknown unit 'GiB'"},
    {"growth", "load = «\"110% / month\"»", "load: growth must be 0 % to 100 % per month"},
    // ignore
    {"ignore", "rule = «101»", "rule: expected text in quotes, found the number 101"},
    {"ignore", "rule = «\"PF 101\"»", "rule: 'PF 101' is not the id or name of a rule"},
    {"ignore", "target = «true»", "target: expected text in quotes, found true"},
    {"ignore", "until = «20261231»", "until: expected a date, found the number 20261231"},
    {"ignore", "until = «\"2026-02-29\"»", "until: '2026-02-29' is not a date"},
    {"ignore", "until = «\"31.12.2026\"»", "until: '31.12.2026' is not a date"},
    {"ignore", "owner = «1»", "owner: expected text in quotes, found the number 1"},
    {"ignore", "reason = «\"\"»", "reason is empty"},
    {"ignore", "reason = «1»", "reason: expected text in quotes, found the number 1"},
};

}  // namespace

TEST_CASE("load: the inventory with holes is good as it stands") {
    const auto loaded = load_text(inventory_with("", ""));
    CHECK(loaded.list() == "");
    CHECK(loaded.fleet.has_value());
}

TEST_CASE("load: a bad value of each key is one error at its bytes") {
    for (const auto& row : rows) {
        CAPTURE(row.lines);
        const auto marked = unmark(inventory_with(row.section, row.lines));
        const auto loaded = load_text(marked.text);
        CHECK(loaded.list() == fmt::format("{} {}\n", marked.position, row.message));
        REQUIRE(!loaded.diagnostics.all().empty());
        const auto& made = loaded.diagnostics.all()[0];
        CHECK(made.place.span.begin == marked.begin);
        CHECK(made.place.span.end == marked.end);
        CHECK(made.fix != "");
    }
}

TEST_CASE("load: a mistyped key is found, with the key it may be") {
    for (const auto& table : load::inventory_keys()) {
        for (const auto key : table.keys) {
            CAPTURE(table.header);
            CAPTURE(key);
            const auto typo =
                std::string(key.substr(0, key.size() - 1)) + "_" + std::string(key.substr(key.size() - 1));
            const auto marked = unmark(inventory_with(section_of(table.header), "«" + typo + "» = 1"));
            const auto loaded = load_text(marked.text);
            const auto expected = fmt::format("{} unknown key '{}' in {}\n", marked.position, typo, table.header);
            CHECK(loaded.list() == expected);
            REQUIRE(!loaded.diagnostics.all().empty());
            const auto& made = loaded.diagnostics.all()[0];
            CHECK(made.place.span.end == marked.end);
            CHECK(made.label == fmt::format("did you mean {}?", key));
            CHECK(made.fix == fmt::format("write {}", key));
            CHECK(made.notes == std::vector<std::pair<std::string, std::string>>{{"allowed", load::join(table.keys)}});
        }
    }
}

TEST_CASE("load: every key of the inventory has a bad value above") {
    std::set<std::string> tried;
    for (const auto& row : rows) {
        const auto mark = row.lines.find("«");
        auto line =
            row.lines.substr(row.lines.rfind('\n', mark) == row.lines.npos ? 0 : row.lines.rfind('\n', mark) + 1);
        if (line.starts_with("«")) line.remove_prefix(2);
        tried.insert(std::string(row.section == "replica" ? "database" : row.section) + '.' +
                     std::string(line.substr(0, line.find_first_of(" ="))));
    }
    for (const auto& table : load::inventory_keys())
        for (const auto key : table.keys) {
            const auto name = std::string(section_of(table.header)) + '.' + std::string(key);
            // Tables and lists of tables are tried in shapes.cpp.
            const std::set<std::string_view> shapes{"policy", "host",   "database", "service",  "pooler",     "price",
                                                    "growth", "ignore", "env",      "observed", "commitment", "rate",
                                                    "vars",   "pool",   "workload", "storage",  "bindings"};
            if (shapes.contains(key) && name != "pool.database" && name != "pooler.database" && name != "service.host")
                continue;
            CAPTURE(name);
            CHECK(tried.contains(name));
        }
}
