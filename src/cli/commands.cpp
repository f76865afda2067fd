#include "commands.hpp"

#include <array>

namespace poolfit::cli {
namespace {

constexpr std::array plan_flags{
    Flag::config, Flag::env,   Flag::catalog,     Flag::format, Flag::json,        Flag::output,         Flag::set,
    Flag::scale,  Flag::only,  Flag::exclude,     Flag::sort,   Flag::top,         Flag::summary,        Flag::worlds,
    Flag::seed,   Flag::price, Flag::min_savings, Flag::today,  Flag::derivations, Flag::all_candidates, Flag::color,
    Flag::width,  Flag::quiet, Flag::verbose,     Flag::stream, Flag::help,        Flag::version};
constexpr std::array gate_flags{
    Flag::config,      Flag::env,     Flag::catalog,     Flag::format,         Flag::json,    Flag::output,
    Flag::set,         Flag::scale,   Flag::fail_on,     Flag::baseline,       Flag::rule,    Flag::no_rule,
    Flag::only,        Flag::against, Flag::map,         Flag::service,        Flag::exclude, Flag::price,
    Flag::min_savings, Flag::today,   Flag::derivations, Flag::all_candidates, Flag::color,   Flag::width,
    Flag::quiet,       Flag::verbose, Flag::stream,      Flag::help,           Flag::version};
constexpr std::array baseline_flags{Flag::config, Flag::env,    Flag::catalog, Flag::output, Flag::set,
                                    Flag::scale,  Flag::rule,   Flag::no_rule, Flag::price,  Flag::min_savings,
                                    Flag::today,  Flag::color,  Flag::width,   Flag::quiet,  Flag::verbose,
                                    Flag::help,   Flag::version};
constexpr std::array diff_flags{Flag::env,         Flag::catalog, Flag::format,       Flag::json,    Flag::output,
                                Flag::set,         Flag::scale,   Flag::max_increase, Flag::fail_on, Flag::price,
                                Flag::min_savings, Flag::today,   Flag::color,        Flag::width,   Flag::quiet,
                                Flag::verbose,     Flag::help,    Flag::version};
constexpr std::array explain_flags{Flag::config, Flag::env,         Flag::catalog, Flag::format, Flag::json,
                                   Flag::output, Flag::set,         Flag::scale,   Flag::worlds, Flag::seed,
                                   Flag::price,  Flag::min_savings, Flag::today,   Flag::color,  Flag::width,
                                   Flag::quiet,  Flag::verbose,     Flag::help,    Flag::version};
constexpr std::array pool_flags{Flag::rate,      Flag::users,
                                Flag::think,     Flag::hold,
                                Flag::cv,        Flag::law,
                                Flag::hold_p50,  Flag::hold_p95,
                                Flag::hold_p99,  Flag::hold_histogram,
                                Flag::wait,      Flag::probability,
                                Flag::mean_wait, Flag::max_utilization,
                                Flag::timeouts,  Flag::acquire_timeout,
                                Flag::size,      Flag::peak,
                                Flag::batch,     Flag::cpu,
                                Flag::vcpus,     Flag::nested,
                                Flag::threads,   Flag::instances,
                                Flag::processes, Flag::pooler,
                                Flag::seed,      Flag::precision,
                                Flag::format,    Flag::json,
                                Flag::output,    Flag::color,
                                Flag::width,     Flag::quiet,
                                Flag::verbose,   Flag::help,
                                Flag::version};
constexpr std::array simulate_flags{Flag::config,   Flag::env,     Flag::catalog,   Flag::format, Flag::json,
                                    Flag::output,   Flag::set,     Flag::scale,     Flag::only,   Flag::exclude,
                                    Flag::seed,     Flag::seconds, Flag::precision, Flag::jobs,   Flag::deploy,
                                    Flag::failover, Flag::color,   Flag::width,     Flag::quiet,  Flag::verbose,
                                    Flag::help,     Flag::version};
constexpr std::array list_flags{Flag::engine,  Flag::provider, Flag::vcpu,      Flag::memory, Flag::arch,
                                Flag::family,  Flag::region,   Flag::max_price, Flag::sort,   Flag::top,
                                Flag::catalog, Flag::format,   Flag::json,      Flag::output, Flag::color,
                                Flag::width,   Flag::quiet,    Flag::help,      Flag::version};
constexpr std::array show_flags{Flag::engine, Flag::provider, Flag::region, Flag::catalog, Flag::format, Flag::json,
                                Flag::output, Flag::color,    Flag::width,  Flag::quiet,   Flag::help,   Flag::version};
constexpr std::array platforms_flags{Flag::catalog, Flag::format, Flag::json, Flag::output, Flag::color,
                                     Flag::width,   Flag::quiet,  Flag::help, Flag::version};
constexpr std::array check_flags{Flag::format, Flag::json,  Flag::output, Flag::color,
                                 Flag::width,  Flag::quiet, Flag::help,   Flag::version};
constexpr std::array prices_flags{Flag::region, Flag::engine, Flag::family, Flag::today, Flag::output,
                                  Flag::color,  Flag::width,  Flag::quiet,  Flag::help,  Flag::version};
constexpr std::array validate_flags{Flag::config,  Flag::env,  Flag::catalog, Flag::format, Flag::json,
                                    Flag::output,  Flag::set,  Flag::color,   Flag::width,  Flag::quiet,
                                    Flag::verbose, Flag::help, Flag::version};
constexpr std::array import_flags{Flag::output, Flag::map,   Flag::fallback, Flag::only, Flag::exclude, Flag::catalog,
                                  Flag::color,  Flag::width, Flag::quiet,    Flag::help, Flag::version};
constexpr std::array kinds_flags{Flag::into,   Flag::overwrite, Flag::dry_run, Flag::service, Flag::automatic,
                                 Flag::map,    Flag::series,    Flag::set,     Flag::engine,  Flag::catalog,
                                 Flag::format, Flag::json,      Flag::output,  Flag::color,   Flag::width,
                                 Flag::quiet,  Flag::help,      Flag::version};
constexpr std::array emit_flags{Flag::config,   Flag::env,   Flag::catalog,     Flag::format,   Flag::json,
                                Flag::output,   Flag::set,   Flag::scale,       Flag::database, Flag::service,
                                Flag::strategy, Flag::price, Flag::min_savings, Flag::today,    Flag::color,
                                Flag::width,    Flag::quiet, Flag::verbose,     Flag::help,     Flag::version};
constexpr std::array text_flags{Flag::output, Flag::help, Flag::version};
constexpr std::array schema_flags{Flag::output, Flag::help, Flag::version};
constexpr std::array version_flags{Flag::format, Flag::json, Flag::output, Flag::help, Flag::version};

constexpr std::size_t any_number = 10'000;

constexpr std::array<Command, 20> table{{
    {"plan", "[FILE] [DB...]", "size pools, pick instances, and show the savings",
     "Reads an inventory of databases and services and shows for each database: how many connections its pools may "
     "open and how many it allows, how large each pool should be, and which instance class handles the load for the "
     "least money, with the reason for each rejected class.\n\n"
     "FILE is short for --config FILE. Without either, the inventory is POOLFIT_CONFIG, else the nearest poolfit.toml "
     "from this folder up to the repository's root. DB names databases; * and ? match. Totals count the databases "
     "shown.\n\n"
     "With --stream there is an inventory on each line, and a line with its report, or its error, for each: "
     "docs/scale.md.",
     "poolfit plan\n"
     "poolfit plan infra/poolfit.toml primary\n"
     "poolfit plan --set service.api.instances=8 --price ri1\n"
     "poolfit plan --summary --sort saving --top 10\n"
     "poolfit plan --worlds 1000 --set policy.cost_of_trouble=200\n"
     "poolfit plan --json | jq .totals\n"
     "poolfit plan --format markdown=PLAN.md",
     plan_flags, any_number, plan},
    {"check", "[FILE] [DB...]", "the gate: findings only, exit 1 at or above --fail-on",
     "Runs the rules on the inventory and prints each finding with its line, the arithmetic "
     "and a fix. Exit 1 when a finding is at or above --fail-on and not suppressed; 0 otherwise.\n\n"
     "To keep a finding, suppress it with a comment on its line or the line above, or with an [[ignore]] record. "
     "`poolfit explain PF001` explains a rule; docs/rules.md lists them all.\n\n"
     "With --against the inventory is also compared with files that `poolfit import` reads: what it declares and what "
     "is "
     "deployed differ by the rules PF401 to PF404, on its line and with the place in the file. --service NAME says "
     "whose the configuration of --against app is. FILE, where it is named, stands before --against. `poolfit import "
     "KIND FILE... --into` mends what they find.",
     "poolfit check\n"
     "poolfit check infra/poolfit.toml --fail-on warning\n"
     "poolfit check --format github --format json=check.json\n"
     "poolfit check --no-rule PF3 --today 2026-11-24\n"
     "poolfit check --against kubernetes rendered.yaml --against rds instances.json",
     gate_flags, any_number, check},
    {"baseline", "[FILE]", "today's findings, so that check fails for new ones only",
     "Writes the findings of today to a file for check --baseline: a gate on a fleet that has findings already then "
     "fails only for new ones. A finding is known by its rule, its databases and its target, not by its line or its "
     "values. One that is gone is a finding itself (PF904) until the file is written anew.\n\n"
     "FILE works as in plan. Suppressed findings are left out.",
     "poolfit baseline --output poolfit.baseline.json\n"
     "poolfit check --baseline poolfit.baseline.json",
     baseline_flags, 1, baseline},
    {"diff", "BASE [HEAD] [FILE...]", "what a change means: connections, money and findings",
     "Compares two states of an inventory: for each database and pool, and in total, how many connections are opened, "
     "with deploys and against the limit, what the classes cost a month today and after the plan, and which findings "
     "are "
     "new or gone.\n\n"
     "BASE and HEAD are inventories, JSON reports of plan or check, or git revisions: main, HEAD~1, "
     "v1.2:infra/poolfit.toml. main..HEAD is both, and main...HEAD compares HEAD with the commit where the two part. "
     "Without HEAD, a revision is compared with the files of the working tree, and a file with the inventory that plan "
     "would read. FILE names the inventory in both revisions; default POOLFIT_CONFIG, else the nearest poolfit.toml. "
     "Revisions are read from git's objects: nothing is checked out. --set, --env, --price and the like apply to both "
     "inventories; reports stay as they are.\n\n"
     "Exit 1 when a new finding is at or above --fail-on, or more is added than --max-increase allows: connections at "
     "the most instances or in deploys, whichever add more, summed over the databases that add some; dollars and "
     "percent net. A difference that is not known counts as over the limit, as does money at prices of another term, "
     "catalog or day. With --max-increase, the text is empty while no limit is exceeded, no database is worse and no "
     "finding is new, except with --verbose; Markdown is one line then.",
     "poolfit diff main\n"
     "poolfit diff main...HEAD infra/poolfit.toml --format markdown\n"
     "poolfit diff old/poolfit.toml new/poolfit.toml --fail-on warning\n"
     "poolfit diff main.json plan.json --json\n"
     "poolfit diff main --max-increase '$100' --max-increase '20 connections' --fail-on new",
     diff_flags, any_number, diff},
    {"pool", "", "size one pool from its load, without any file",
     "Sizes one connection pool from its load and how long each connection is held: the smallest size that keeps waits "
     "within the goal, the sizes around it, and the load it is good up to. The answer names the formula that is exact "
     "for the load; if there is none, the pool is simulated and the error is shown.\n\n"
     "The load is open (--rate) or closed (--users and --think). The hold is a mean with its spread (--hold, --cv), "
     "percentiles, or a histogram. Ranges are sized for the worse end. The default goal is --wait 5ms --probability "
     "0.1%. With --size the answer is about that size.",
     "poolfit pool --rate 300/s --hold 8ms\n"
     "poolfit pool --rate 100-120/s --hold 30-80ms --mean-wait 2ms --max-utilization 70%\n"
     "poolfit pool --users 28 --think 1s --hold 500ms --size 10\n"
     "poolfit pool --rate 120/s --hold-p50 8ms --hold-p99 90ms --json\n"
     "poolfit pool --users 28 --think 5s --hold 2s --cpu 1s --vcpus 4 --size 10",
     pool_flags, 0, pool},
    {"simulate", "[FILE] [SERVICE...]", "simulate pools event by event and compare with formulas",
     "Simulates every pool that has a workload, with its processes, its pooler and the CPU of its database, and prints "
     "throughput and waits of each with 95 % intervals, next to the formula for that pool alone. If the two differ, it "
     "names the reason: a shared CPU, a pooler, nested checkouts.\n\n"
     "FILE works as in plan. SERVICE names services; * and ? match. All pools that share a database are simulated "
     "together, no matter which are shown. Ranges use the more demanding end. The same seed gives the same "
     "figures.\n\n"
     "With --deploy or --failover the run is one scenario of 360 s, or of --seconds: a deploy runs its extra instances "
     "during the middle third, a failover starts after the first third.",
     "poolfit simulate infra/poolfit.toml\n"
     "poolfit simulate --scale 2x checkout\n"
     "poolfit simulate --set service.checkout.pool.main.max=6 --precision 5%\n"
     "poolfit simulate --deploy checkout --failover orders\n"
     "poolfit simulate --seconds 3600 --seed 7 --json",
     simulate_flags, any_number, simulate},
    {"explain", "[FILE] TARGET...", "derive figures down to inputs and sources",
     "TARGET is any name that poolfit prints. A database, a service, a pool (api.primary), a pooler or a commitment "
     "shows its figures as numbered lines; after a database, the names of its parts show these alone: "
     "demand, workload, pool, total, limit, use, cpu, credits, memory, failover, price, savings, support, commitments, "
     "storage, proxy, stop, serverless, rejected, worlds (with --worlds). A class shows why each database takes it or "
     "not. A figure shows its derivation tree, down to inventory lines, dated catalog rows and "
     "constants, and its name may be shortened from the left as long as few figures match. A strategy shows its sizes, "
     "pros and cons; a rule shows its rationale and, with an inventory, its findings.",
     "poolfit explain primary\n"
     "poolfit explain primary storage commitments\n"
     "poolfit explain primary worlds --worlds 1000\n"
     "poolfit explain db.t3.medium\n"
     "poolfit explain api.primary\n"
     "poolfit explain conservative\n"
     "poolfit explain infra/poolfit.toml PF001\n"
     "poolfit explain database.primary.connections.usable\n"
     "poolfit explain infra/poolfit.toml api --json",
     explain_flags, any_number, explain},
    {"emit", "KIND [FILE]", "files for other tools that apply the plan",
     "Writes what applies the plan, with the plan's own figures: what a driver, a server or a pooler reads. Without "
     "--output it is printed; several files are printed after each other, each after a comment with its name, or "
     "written into the folder that --output names.\n\n"
     "What is not known is left out: a comment in its place says what is missing, standard error too, and the exit "
     "code "
     "is 1. FILE works as in plan.",
     "poolfit emit roles infra/poolfit.toml --database orders\n"
     "poolfit emit roles --strategy aggressive --output roles.sql",
     emit_flags, 2, emit_files},
    {"catalog list", "", "instance classes by size, family and price",
     "Lists instance classes: vCPUs, memory, max_connections by the default formula and as "
     "expected on a real server, and the price in one region.",
     "poolfit catalog list --vcpu 2 --memory \"8 GiB\" --region eu-central-1\n"
     "poolfit catalog list --arch arm64 --max-price 100 --top 10\n"
     "poolfit catalog list --family t4g --format csv",
     list_flags, 0, catalog_list},
    {"catalog show", "CLASS", "everything known about one class, with sources",
     "Prints one instance class: size, processor, credits, throughput, engine versions, connections, and the prices "
     "of a region, each with its source and date. The \"db.\" of CLASS may be omitted.",
     "poolfit catalog show db.t4g.large\n"
     "poolfit catalog show m5.xlarge --region eu-central-1 --json",
     show_flags, 1, catalog_show},
    {"catalog platforms", "", "what is known of each engine and provider",
     "Lists each engine as each provider runs it: where max_connections comes from (a formula of the class's memory, a "
     "list by class or by capacity, the engine's default, or yours), how many slots are reserved, how many regions "
     "have "
     "prices and how new they are, what becomes of a burstable class without credits, what takes over at a failover, "
     "and whether the dates and fees of old versions are known.",
     "poolfit catalog platforms\n"
     "poolfit catalog platforms --json",
     platforms_flags, 0, catalog_platforms},
    {"catalog check", "FILE", "validate your own catalog file",
     "Reads a file for --catalog and reports what is wrong with it. `poolfit schema catalog` describes the format.",
     "poolfit catalog check prices.toml", check_flags, 1, catalog_check},
    {"catalog import", "KIND FILE...", "prices of today into poolfit.catalog.json",
     "Reads what a provider answers or publishes and writes a small catalog file that plan and check find by "
     "themselves: "
     "poolfit.catalog.json beside the inventory, meant to be committed with it. A file that is there is added to: of "
     "two rows for the same thing the newer one stays. FILE may be gigabytes; - is standard input.\n\n"
     "KIND is aws-prices: the price list of AmazonRDS as JSON or CSV, answers of `aws pricing get-products`, or of "
     "`aws savingsplans describe-savings-plans-offering-rates`, which savings plans of the inventory then pay at; "
     "azure-prices: answers of the Azure Retail Prices API; google-prices: the SKUs of Cloud SQL by the Cloud Billing "
     "Catalog API; orderable: answers of `aws rds describe-orderable-db-instance-options`, which say what versions run "
     "on a class; "
     "or ec2-instances: answers of `aws ec2 describe-instance-types`, for the sizes of classes that have a price "
     "and that the built-in catalog does not know.\n\n"
     "Rows have the date of the list. An answer that has none gets --today, else the day on which its file was "
     "written. Prices that poolfit has no use for are counted: other engines, backups, Aurora I/O-Optimized.",
     "aws pricing get-products --region us-east-1 --service-code AmazonRDS --filters "
     "Type=TERM_MATCH,Field=regionCode,Value=eu-central-1 > prices.json\n"
     "poolfit catalog import aws-prices prices.json\n"
     "poolfit catalog import aws-prices index.csv --region 'eu-*' --engine postgresql\n"
     "poolfit catalog import aws-prices rates.json --today 2026-11-30\n"
     "poolfit catalog import azure-prices prices.json\n"
     "poolfit catalog import orderable orderable.json --today 2026-11-30",
     prices_flags, any_number, catalog_import},
    {"import", "KIND FILE... [KIND FILE...]", "files of other tools to one inventory",
     "Reads files that you already have, merges them and writes one inventory: to standard output, or to a new file "
     "with --output. A comment behind each value names the file and the key that it is from. What was not taken is "
     "listed on standard error, with its place and the flag that completes it. - is standard input.\n\n"
     "A server that is in two files becomes one database: what an API answers wins over what is planned, and the "
     "difference is reported. A service is matched to its database by host name: endpoints of RDS, its clusters, "
     "readers and proxies, and Services of Kubernetes. If the host is not in the files, --map says which database it "
     "is; nothing is guessed from the name of a Secret.\n\n"
     "Metrics of CloudWatch, Performance Insights and Prometheus become [database.observed]: means, percentiles and "
     "peaks with their window. --series also keeps the points in files next to the inventory, so that burst credits "
     "can "
     "be followed over time. Files can be of any size.\n\n"
     "--into merges into an existing inventory and prints the difference: values that came from a file follow it, and "
     "new services, pools, poolers and databases are added. Your own values, comments and their order stay, and no "
     "record is removed. If the file does not exist, it is created.\n\n"
     "Passwords, tokens and addresses with credentials are never printed or written: error messages mask every word of "
     "a file that does not belong to its format.",
     "poolfit import rds instances.json kubernetes k8s.yaml -o poolfit.toml\n"
     "aws rds describe-db-instances | poolfit import rds - --set database.orders.max_connections=500\n"
     "helm template shop ./chart | poolfit import kubernetes - rds instances.json\n"
     "poolfit import rds instances.json kubernetes k8s.yaml --map secret:shop-db=orders\n"
     "poolfit import compose docker-compose.yml .env --set database.db.vcpus=2 --set 'database.db.memory=8 GiB'\n"
     "poolfit import kubernetes rendered.yaml --into infra/poolfit.toml\n"
     "poolfit import --auto instances.json k8s.yaml prod.env\n"
     "poolfit import rds instances.json cloudwatch cpu.json --series series -o poolfit.toml",
     kinds_flags, any_number, import_kinds},
    {"import csv", "FILE", "a spreadsheet of instances to an inventory",
     "Reads a spreadsheet that was saved as CSV, with a header row and a row for each instance, and writes an "
     "inventory: "
     "to standard output, or to a new file with --output. - is standard input.\n\n"
     "Columns are recognized by their headings, in any order: name, class, engine, version, region or availability "
     "zone, multi_az, replica_of, max_connections, cpu_mean, cpu_peak, freeable_memory and others, as spreadsheets and "
     "AWS call them. The comment at the top of the inventory says which column became what, and which were not read. "
     "--map names a column that was not recognized, or the unit of its numbers: THEIRS is a heading, or #3 for the "
     "third column; UNIT is %, share, bytes, GiB and the like; THEIRS=- leaves a column out. --default says what rows "
     "have that have no value.\n\n"
     "What is wrong is reported at its cell, and nothing is written: CPU has to say that it is percent, and every row "
     "needs a name, an engine, a class and a region.",
     "poolfit import csv instances.csv -o poolfit.toml\n"
     "poolfit import csv instances.csv --default engine=postgresql --default region=us-east-1\n"
     "poolfit import csv instances.csv --map 'Max CPU=cpu_peak:%' --map 'Free=freeable_memory:GiB'\n"
     "poolfit import csv instances.csv --exclude 'legacy-*' | poolfit plan -",
     import_flags, 1, import_csv},
    {"init", "[FILE]", "write a commented inventory to start from",
     "Writes an inventory that works as it is, with a comment on every key, to FILE or to poolfit.toml in this folder. "
     "An existing file is not touched; - is standard output.",
     "poolfit init\n"
     "poolfit init infra/poolfit.toml",
     text_flags, 1, init},
    {"validate", "[FILE]", "check an inventory for errors",
     "Reads the inventory as plan and check do, but plans nothing: exit 0 if it is valid, otherwise 2 with all its "
     "errors.",
     "poolfit validate\n"
     "poolfit validate infra/poolfit.toml --json",
     validate_flags, 1, validate},
    {"completion", "bash|zsh|fish", "print a completion script for a shell",
     "Prints a script that completes commands, flags and files.",
     "poolfit completion bash > /etc/bash_completion.d/poolfit\n"
     "poolfit completion fish > ~/.config/fish/completions/poolfit.fish",
     text_flags, 1, completion},
    {"schema", "report|inventory|catalog|pool|simulation|diff|emission|stream", "print a published JSON schema",
     "Prints the JSON schema (draft 2020-12) of the report that `plan --json` writes, of an inventory, of a catalog "
     "file, or of what `pool --json`, `simulate --json`, `diff --json`, `emit --json` or `plan --stream` writes. TOML "
     "files have the same tree as JSON ones.",
     "poolfit schema report > report.schema.json\n"
     "poolfit schema inventory",
     schema_flags, 1, schema},
    {"version", "", "print the version and the catalog's date",
     "Prints the version of poolfit and the dates of its built-in catalog.",
     "poolfit version\n"
     "poolfit version --json",
     version_flags, 0, version},
}};

}  // namespace

std::span<const Command> commands() { return table; }

}  // namespace poolfit::cli
