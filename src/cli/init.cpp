#include <fmt/format.h>

#include <poolfit/model/command.hpp>

#include "commands.hpp"
#include "new_file.hpp"

namespace poolfit::cli {
namespace {

// A starter that plans as it is; every line is there to be changed.
constexpr std::string_view starter = R"toml(# An inventory of databases and the services in front of them.
#   poolfit plan         the whole answer
#   poolfit check        the gate, for CI
# Every key: man 5 poolfit-inventory. Unknown keys are errors, so nothing here is silently ignored.
# Completion in an editor with Taplo (Even Better TOML): poolfit schema inventory > inventory.schema.json,
# and "#:schema ./inventory.schema.json" as the first line of this file.

schema   = "poolfit-inventory/1"
name     = "my-system"
provider = "aws"
region   = "eu-central-1"           # which prices to use

[policy]                            # all optional; these are the defaults
connections_steady_max = "80%"      # of the connections that applications can use
connections_deploy_max = "95%"      # while old and new instances run side by side
cpu_peak_max           = "60%"
memory_max             = "85%"
allow_arm              = false      # true: Graviton classes may be recommended

[[host]]                            # where services run; gives TOTAL_VCPUS to formulas
name  = "app"
class = "t3.medium"                 # or vcpus = 2 and threads_per_core = 2

[[database]]
name    = "primary"
engine  = "postgresql"
version = "16.8"                    # decides which classes run it, and how many slots are reserved
class   = "db.m5.large"
# max_connections = 830             # what SHOW max_connections prints; overrides the formula
other_connections = 3               # migrations, psql, exporters, cron

[database.observed]                 # CloudWatch, two weeks or more; ranges like "4-5%" are fine
cpu_mean        = "10%"             # CPUUtilization, average
cpu_peak        = "25%"             # CPUUtilization, maximum
freeable_memory = "4 GiB"           # FreeableMemory, minimum
window          = "14 d"

[[service]]
name      = "api"
host      = "app"
runtime   = "event-loop"            # event-loop, threads, processes or serverless
instances = 2                       # or { min = 2, max = 10 }: the maximum counts
processes = 1                       # workers per instance; each has its own pool
# threads = 5                       # per process, with runtime = "threads": requests served at a time
deploy    = "rolling"               # recreate, rolling or blue-green
max_surge = "25%"

[[service.pool]]
name      = "main"
database  = "primary"
driver    = "postgres.js"           # its default max applies when max is absent
max       = 10                      # per process: a number, or a formula: "max(3, ceil(TOTAL_VCPUS * 1.5))"
in_use    = "2-3"                   # busy connections seen, per process: typical-peak
monitored = true                    # is the pool monitored?
# databases = 50                    # one pool of max per database and process: tenants with their own connection strings
# [service.pool.workload]           # load of one process; the pool is then sized by it
# rate     = "120/s"                # transactions arriving; or users = 28 and think = "1 s"
# hold     = "20 ms"                # how long each holds a connection; or hold_p50, hold_p95 and hold_p99
# cpu      = "5 ms"                 # the part of it on the database's CPU
# external = "0 ms"                 # the part spent outside the database, with the transaction open
)toml";

}  // namespace

Answer init(Context& context) {
    const Options& options = context.options;
    const Output& output = options.outputs.front();
    if (!options.arguments.empty() && !output.path.empty())
        return fail(context.diagnostics, "usage", "two names for one file", "remove --output");
    std::string path = output.path;
    if (!options.arguments.empty()) path = options.arguments.front();
    const bool to_stdout = path == "-" || (path.empty() && options.output_path.has_value());
    if (path.empty() && !to_stdout) path = usual_name;
    if (to_stdout) return std::vector<Document>{{"", std::string(starter)}};
    if (auto failure = must_be_new(context, path)) return std::move(*failure);
    return std::vector<Document>{
        {path, std::string(starter)},
        {"", fmt::format("wrote {}; now: poolfit plan {}\n", path, model::file_in_shell(path))}};
}

}  // namespace poolfit::cli
