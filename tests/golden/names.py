#!/usr/bin/env python3
"""Asks `explain` for every number of `plan --json`: names.py BINARY [FILE…].

Each number of a report has a name in `explain` that gives the same value, or stands in NAMELESS with a reason, and no
two figures have one name. The
inventories are the examples and those of tests/cli, or the files given.
"""
import collections
import json
import math
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
GIB = 2.0 ** 30

# Paths whose numbers have no name, and why. "*" is one name or index.
NAMELESS = {
    "databases.*.series.*": "counts of a file's points, no figures: its values are those of observed",
    "schema": "no figure of the plan",
    "databases.*.candidates.*.*": "classes that were only considered: database.NAME.on.CLASS.… gives each of their figures",
    "databases.*.candidates.*.reasons.*.*": "the same",
    "databases.*.recommendation.projected.checks.*.value": "the figure of the check's dimension, named elsewhere",
    "databases.*.recommendation.projected.checks.*.limit": "the policy's share of a named figure",
    "databases.*.recommendation.projected.checks.*.share": "value ÷ limit of the same check",
    "databases.*.capacity.class_usd_per_month": "of a class that is only named: the catalog's list price, with Extended Support",
    "databases.*.capacity.uncapped.min_units": "the platform's: the least minimum above the one that caps max_connections",
    "databases.*.storage.rejected.*.*": "of another volume: computed to compare, not recorded",
    "databases.*.storage.advice.size_gib": "the same: from where the kind gives more IOPS",
    "databases.*.instances.*": "of other numbers of instances: computed to compare, not recorded",
    "databases.*.instances.at.*.*": "the same",
    "unpriced_classes.*.classes": "a count of classes",
    "outages.*.ways.*.steady": "of ways that the plan does not take: computed to compare, not recorded",
    "outages.*.ways.*.usable": "the same",
    "runway.*.now": "the named figure of its dimension",
    "runway.*.limit": "the policy's share of a named figure",
    "strategies.*.thresholds.*.now": "the figure that the threshold is about; threshold.NAME.distance has it as input",
    "services.*.pools.*.workload.now.*": "workload.now.… where a formula gives it; a simulated figure has no derivation",
    "services.*.pools.*.workload.after.*": "the same",
    "services.*.pools.*.workload.*": "workload.…, of which a pool has only those that its law asks for",
    "services.*.pools.*.workload.lock_up.*": "simulated: no derivation",
    "services.*.pools.*.workload.lock_up_after.*": "simulated: no derivation",
    "vcpu_table.vcpus.*": "the columns",
    "commitments.*.units_used_now": "units × used_now",
    "commitments.*.units_used_after": "the same",
    "commitments.*.units_unused_after": "units less those",
    "databases.*.recommendation.serverless.acu_min": "what limits and connections ask for, to type in",
    "databases.*.recommendation.serverless.acu_max": "the same",
    "phases.*.phase": "an order",
    "phases.*.saves_usd_per_month": "of an upgrade and of a cluster's schedule: what recommendation.upgrade and stop have, in sum; of a class with its managed pooler: saves_per_month and what the pooler's price changes by",
    "phases.*.saves_usd_per_year": "the same of a class with its managed pooler",
    "gate.*": "counts of findings",
    "findings.*.location.*": "a place in the inventory",
    "inventory.load_scale": "an argument",
}

# Names of the figures in `effective`.
EFFECTIVE = {"usd_per_month": "paid", "usd_per_month_range": "paid", "units": "units", "covered_by_units": "covered", "by_units_usd_per_month": "by_units",
             "by_savings_plans_usd_per_month": "by_plan"}


def quoted(name):
    """A record's name as a part of a figure's."""
    escaped = re.sub(r'(["\\\\])', r"\\\1", name)
    return f'"{escaped}"' if "." in name else name


def leaves(value, path=()):
    """(path, value) of each number; a range {"low", "high"} is one."""
    if isinstance(value, dict):
        if set(value) == {"low", "high"}:
            yield path, (value["low"], value["high"])
            return
        for key, part in value.items():
            yield from leaves(part, path + (key,))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from leaves(part, path + (i,))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, (value, value)


def at(report, path):
    for part in path:
        report = report[part]
    return report


class Names:
    """The name of each number of a report, with what its value is multiplied with to give the JSON's."""

    def __init__(self, report):
        self.report = report
        self.derived = {derivation["figure"] for derivation in report["derivations"] or []}
        self.several = len({self.platform_of(database) for database in report["databases"]}) > 1
        self.classes = {d["name"]: (d["class"], d["recommendation"]["class"]) for d in report["databases"]}

    @staticmethod
    def platform_of(database):
        """What names of figures call its platform: the engine on AWS, else with the provider."""
        serverless = bool(database["capacity"]) and not database["capacity"]["instead_of_class"]
        if serverless and database["provider"] == "aws":
            return "aurora-serverless-" + database["engine"].removeprefix("aurora-")
        provider = {"aws": "", "gcp": "cloud-sql-"}.get(database["provider"], database["provider"] + "-")
        return provider + database["engine"]

    def of(self, path):
        report, area = self.report, path[0]
        rest = path[2:]
        if area == "databases":
            return self.of_database(at(report, path[:2]), rest)
        if area == "services":
            return self.of_service(at(report, path[:2]), rest)
        if area == "poolers":
            pooler = at(report, path[:2])
            key = path[2]
            setting = pooler["setting"]
            setting = "default_pool_size" if setting == "pool_size" else setting
            unit = 100 if setting == "max_connections_percent" else 1
            names = {"size": (setting, unit), "size_after": ("after." + setting, unit),
                     "server_connections": ("server_connections", 1),
                     "server_connections_after": ("after.server_connections", 1),
                     "usd_per_month": ("bill", 1), "usd_per_month_after": ("after.bill", 1),
                     "pinned_connections": ("pinned", 1),
                     "pinned_and_busy_connections": ("pinned_and_busy", 1),
                     "max_client_conn": ("max_client_conn", 1),
                     "max_client_conn_after": ("after.max_client_conn", 1)}
            return f"pooler.{quoted(pooler['name'])}.{names[key][0]}", names[key][1]
        if area == "strategies":
            strategy = at(report, path[:2])
            return self.of_strategy(strategy, rest), 1
        if area == "vcpu_table" and path[1] == "pools":
            row = at(report, path[:3])
            return f"service.{quoted(row['service'])}.pool.{quoted(row['pool'])}.at_{report['vcpu_table']['vcpus'][path[4]]}_vcpus", 1
        if area == "outages" and path[-1] == "max_connections":
            # Not the plan's own way, which is the first: for today's pools.
            beside = at(report, path[:4])["kind"] == "max_connections" and path[3] > 0
            what = "connections.max_for_today" if beside else "after.connections.max_planned"
            return f"database.{quoted(at(report, path[:2])['database'])}.{what}", 1
        if area == "phases" and rest[-1] != "phase":
            phase = at(report, path[:2])
            if rest[-1] == "saves_usd_per_month":
                return self.of_phase_month(phase)
            return self.of_phase(phase), 1
        if area == "runway":
            line = at(report, path[:2])
            if path[-1] == "months":
                when = "after" if line["plan"] == "recommended" else "now"
                return f"runway.{when}.{quoted(line['database'])}.{line['dimension']}", 1
        if area == "life_cycle_events":
            return f"database.{quoted(at(report, path[:2])['database'])}.extended_support_next", 1
        if area == "commitments":
            return self.of_commitment(at(report, path[:2]), path[1], rest[0])
        if area == "totals" and path[1] == "after_commitments" and path[2] == "periods":
            day = at(report, path[:4])["from"]
            names = {"usd_per_month_now": "paid_now_from", "usd_per_month_after": "paid_after_from",
                     "saves_usd_per_month": "paid_saves_per_month_from"}
            return f"totals.{names[path[4].removesuffix('_range')]}.{day}", 1
        if area == "totals" and path[1] == "after_commitments" and path[2] == "commitments_usd_per_month":
            return ("totals.commitments" if at(report, path) else "?"), 1
        if area == "totals" and path[1] == "after_commitments":
            names = {"usd_per_month_now": "paid_now", "usd_per_month_after": "paid_after",
                     "saves_usd_per_month": "paid_saves_per_month",
                     "capacity_usd_per_month_now": "paid_capacity_now",
                     "capacity_usd_per_month_after": "paid_capacity_after"}
            key = path[2].removesuffix("_range")
            return (f"totals.{names[key]}" if len(path) == 3 and key in names else None), 1
        if area == "totals":
            names = {"usd_per_month_now": "now", "usd_per_month_after": "after",
                     "saves_usd_per_month": "saves_per_month", "saves_usd_per_year": "saves_per_year",
                     "at_peak_usd_per_year": "peak_per_year",
                     "capacity_usd_per_month": "capacity", "capacity_usd_per_month_after": "after.capacity",
                     "upgrades_save_usd_per_month": "upgrades_save_per_month",
                     "upgrades_save_capacity_usd_per_month": "upgrades_save_capacity_per_month",
                     "storage_usd_per_month": "storage", "storage_usd_per_month_after": "after.storage",
                     "elastic_poolers_usd_per_month": "elastic_poolers", "bill_usd_per_month_now": "bill_now",
                     "bill_usd_per_month_after": "bill_after", "bill_saves_usd_per_month": "bill_saves_per_month",
                     "storage_saves_usd_per_month": "storage_saves_per_month",
                     "stops_save_usd_per_month": "stops_save_per_month",
                     "serverless_saves_usd_per_month": "serverless_saves_per_month",
                     "poolers_usd_per_month_now": "poolers_now",
                     "poolers_usd_per_month_after": "poolers_after"}
            return f"totals.{names[path[1]]}", 1
        return None, 1

    def of_strategy(self, strategy, rest):
        head = f"strategy.{strategy['name']}"
        if rest[0] == "databases":
            server = strategy["databases"][rest[1]]
            names = {"connections": f"{head}.database.{quoted(server['name'])}.connections",
                     "before": f"database.{quoted(server['name'])}.connections.allocated",
                     "deploy_after": f"{head}.database.{quoted(server['name'])}.deploy"}
            return names[rest[2]]
        if rest[0] == "pools":
            pool = strategy["pools"][rest[1]]
            return f"{head}.service.{quoted(pool['service'])}.pool.{quoted(pool['pool'])}.size"
        if rest[0] == "poolers":
            pooler = strategy["poolers"][rest[1]]
            return f"{head}.database.{quoted(pooler['database'])}.{rest[2]}"
        if rest[0] == "thresholds":
            threshold = strategy["thresholds"][rest[1]]
            return f"threshold.{threshold['name']}.at" if rest[2] == "at" else None
        return {"connections": f"{head}.connections", "before": "fleet.connections", "change": f"{head}.change",
                "saves_usd_per_year": f"{head}.saves_per_year"}.get(rest[0])

    def moves_pooler(self, phase):
        """Does the price of a pooler in front change with the class?"""
        return phase["kind"] == "instance" and any(
            each["database"] in phase["databases"] and each["usd_per_month"] != each["usd_per_month_after"]
            for each in self.report["poolers"])

    def of_phase(self, phase):
        if self.moves_pooler(phase):
            return None
        if phase["kind"] in ("instance", "remove"):
            return f"database.{quoted(phase['databases'][0])}.recommendation.saves_per_year"
        titled = re.match(r"pools, (\w+):", phase["title"])
        return f"strategy.{titled[1]}.saves_per_year" if titled else None

    def idle(self, name):
        return next(each["recommendation"]["idle"] for each in self.report["databases"] if each["name"] == name)

    def of_phase_month(self, phase):
        names = {"instance": "recommendation.saves_per_month", "remove": "recommendation.saves_per_month",
                 "serverless": "serverless.saves_per_month", "storage": "storage.saves_per_month"}
        if phase["kind"] == "remove" and self.idle(phase["databases"][0])["saves_usd_per_month"]:
            return f"database.{quoted(phase['databases'][0])}.idle.saves_per_month", 1
        if self.moves_pooler(phase):
            return None, 1
        if phase["kind"] in names:
            return f"database.{quoted(phase['databases'][0])}.{names[phase['kind']]}", 1
        if phase["kind"] == "stop" and len(phase["databases"]) == 1:
            return f"database.{quoted(phase['databases'][0])}.stop.saves_per_month", 1
        if phase["kind"] in ("upgrade", "stop"):
            return None, 1
        return self.of_phase(phase), 1 / 12  # of a strategy only a year has a figure

    @staticmethod
    def paid(value):
        """Is it more than nothing?"""
        return bool(value["high"] if isinstance(value, dict) else value)

    @staticmethod
    def of_commitment(commitment, index, key):
        """Of what has ended nothing is recorded; of several in one pool the first has the units."""
        name = commitment["name"] or ""
        name = f'"{name}"' if name.isdigit() else quoted(name)
        head = f"commitment.{name or index + 1}"
        if commitment["ended"]:
            return "?", 1
        paid = "usd_per_month" if commitment["kind"] == "reserved" else "committed"
        names = {"usd_per_month": paid, "used_now": "used_share", "used_after": "after.used_share",
                 "unused_usd_per_month_now": "unused_per_month", "unused_usd_per_month_after": "after.unused_per_month",
                 "unused_usd_until_end": "after.unused_until_end"}
        if key == "units":
            return f"?{head}.owned", 1
        if key in ("used_now_range", "used_after_range"):
            return f"{head}.{'after.' if 'after' in key else ''}used_share", 1
        if key in ("used_now", "used_after") and commitment["used_at_least"]:
            return "?", 1  # the low end of the range
        return (f"{head}.{names[key]}" if key in names else None), 1

    def of_service(self, service, rest):
        head = f"service.{quoted(service['name'])}"
        if rest[0] == "instances":
            low = rest[1] == "min" and service["instances"]["min"] != service["instances"]["max"]
            return f"{head}.{'instances_min' if low else 'instances'}", 1
        if rest[0] != "pools":
            return f"{head}.{rest[0]}", 1
        pool = service["pools"][rest[1]]
        names = {"max": "max", "allocated": "allocated", "deploy_peak": "deploy_peak", "in_use": "in_use",
                 "waste": "waste", "recommended": "recommended", "allocated_after": "after.allocated",
                 "deploy_after": "after.deploy_peak", "vcpu_max": "vcpu_max", "databases": "databases"}
        key = rest[2]
        if key in names:
            return f"{head}.pool.{quoted(pool['name'])}.{names[key]}", 1
        if key == "workload" and len(rest) == 5 and rest[3] in ("now", "after"):
            known = {"utilization": "utilisation", "wait_mean_ms": "wait_mean", "wait_p99_ms": "wait_p99"}
            if rest[4] in known:
                return f"?{head}.pool.{quoted(pool['name'])}.workload.{rest[3]}.{known[rest[4]]}", 1
        return None, 1

    def of_database(self, database, rest):
        head = f"database.{quoted(database['name'])}"
        now, then = self.classes[database["name"]]
        area = rest[0]
        platform = self.platform_of(database) + "." if self.several else ""
        if area in ("vcpus", "memory_gib"):
            return f"class.{now}.{'vcpus' if area == 'vcpus' else 'memory'}", 1 if area == "vcpus" else 1 / GIB
        if area == "connections":
            in_chain = f"{head}.connections.max_in_chain"
            if rest[1] == "max_expected" and in_chain in self.derived:
                return in_chain, 1
            if rest[1] in ("max_nominal", "max_expected"):
                return f"class.{platform}{now}.{rest[1]}", 1
            if rest[1] == "observed" and rest[2] != "open":
                return f"{head}.connections.{rest[2]}", 1
            return f"{head}.connections.{rest[1]}", 1
        if area == "after":
            return f"{head}.after.connections.{rest[2]}", 1
        if area == "cpu":
            return f"{head}.cpu.{rest[1]}", 1
        if area == "memory":
            return f"{head}.memory.{rest[1][:-4]}", 1 / GIB
        if area == "load":
            name = {"pool_sizes": "sizes"}.get(rest[1], rest[1])
            return f"{head}.load.{name}", 1
        if area == "losses":
            return self.of_loss(head, database["losses"][rest[1]], rest[-1], "")
        if area == "price" and rest[1] == "effective":
            return f"{head}.commitments.{EFFECTIVE[rest[2]]}" if self.paid(database["price"]["effective"][rest[2]]) else "?", 1
        if area == "price" and rest[1] == "extended_support_usd_per_month":
            return f"{head}.extended_support" if database["price"][rest[1]] else "?", 1
        if area == "price":
            return (f"{head}.cost" if rest[1] == "usd_per_month" else self.price(database, now)), 1
        if area == "capacity" and rest[1] == "uncapped":
            return {"max_connections": f"{head}.capacity.uncapped.max_connections",
                    "usd_per_month": f"{head}.capacity.uncapped.cost"}.get(rest[2]), 1
        if area == "capacity" and rest[1] != "class_usd_per_month":
            name = {"usd_per_month": "cost", "extended_support_usd_per_month": "extended_support"}.get(rest[1], rest[1])
            return f"{head}.capacity.{name}", 1
        if area == "storage":
            storage, key = database["storage"], rest[-1]
            names = {"size_gib": "size_gib", "max_size_gib": "max_size_gib", "burst_iops": "burst_iops",
                     "provisioned_iops": "provisioned_iops", "iops": "iops",
                     "throughput_mib_per_s": "mib_per_s", "usable_iops": "usable_iops_today",
                     "usable_iops_after": "usable_iops", "usd_per_month": "price",
                     "usd_per_month_after": "price",
                     "usd_per_gib_month": f"{storage['type']}.usd_per_gib", "io_requests_per_month": "io_requests",
                     "io_requests_per_month_after": "io_requests",
                     "break_even_usd_per_month": "break_even", "break_even_io_requests_per_month": "break_even_requests"}
            if rest[1] == "advice":
                names = {"iops": "iops", "throughput_mib_per_s": "mib_per_s",
                         "provisioned_throughput_mib_per_s": "provisioned_mib_per_s",
                         "provisioned_iops": "provisioned_iops", "saves_usd_per_month": "saves_per_month",
                         "usd_per_month": f"price_as.{storage['advice']['type']}"}
            if key not in names or rest[1] == "rejected":
                return None, 1
            after = "after." if rest[1] == "advice" and key in (
                "iops", "throughput_mib_per_s", "provisioned_iops", "provisioned_throughput_mib_per_s") else ""
            if key.endswith("_after") and key != "usable_iops_after" and key[:-6] in storage and storage[key] != storage[key[:-6]]:
                after = "after."
            if key == "usd_per_month_after" and database["recommendation"]["verdict"] == "idle":
                after = "after."
            return f"{head}.{after}storage.{names[key]}", 1
        if area == "recommendation":
            return self.of_recommendation(head, database, rest[1:], now, then)
        return None, 1

    def price(self, database, cls):
        zones = "multi-az" if database["multi_az"] else "single-az"
        platform = self.platform_of(database) + "." if self.several else ""
        return f"?price.{database['region']}.{platform}{cls}.{zones}"

    @staticmethod
    def of_loss(head, loss, key, phase, endless=False):
        names = {"cpu": ("cpu.failover", 1), "memory_gib": (phase + "memory.failover", 1 / GIB),
                 "connections": ("?" if endless else phase + "connections.failover_peak", 1),
                 "hours_to_empty": ("credits.failover_hours", 1),
                 "surplus_usd_per_month": ("credits.failover_surplus", 1),
                 "lowest_balance": ("credits.failover_lowest_balance", 1),
                 "short_credits_per_month": ("credits.failover_short_credits_per_month", 1),
                 "short_hours_per_month": ("credits.failover_short_hours_per_month", 1)}
        if names[key][0] == "?":  # a pool has no limit: at least so many
            return "?", 1
        return f"{head}.{names[key][0]}.from.{quoted(loss['of'])}", names[key][1]

    def of_recommendation(self, head, database, rest, now, then):
        on = f"{head}.on.{then}" if now != then else head
        advice = database["recommendation"]
        key = rest[0]
        if key == "max_connections":
            return f"{head}.after.connections.max_planned", 1
        if key in ("saves_usd_per_month", "saves_usd_per_year", "at_peak_usd_per_year"):
            name = {"saves_usd_per_month": "saves_per_month", "saves_usd_per_year": "saves_per_year",
                    "at_peak_usd_per_year": "peak_per_year"}[key]
            return f"{head}.recommendation.{name}", 1
        if key == "saves_after_commitments_usd_per_month":
            return f"{head}.commitments.saves_per_month", 1
        if key == "effective":
            return f"{head}.after.commitments.{EFFECTIVE[rest[1]]}" if self.paid(advice[key][rest[1]]) else "?", 1
        if key == "spare":
            return f"{head}.observed.window_days", 1
        if key == "idle":
            return f"{head}.idle.saves_per_month" if rest[1] == "saves_usd_per_month" else f"{head}.observed.window_days", 1
        if key == "usd_per_month" and advice["idle"]:
            return f"{head}.recommendation.cost", 1
        if key == "stop_held" and rest[1] != "hours_per_week":
            return f"{head}.stop.held_saves_per_month", 1
        if key in ("stop", "stop_held"):
            return ("policy.non_production_hours" if rest[1] == "hours_per_week" else f"{head}.stop.saves_per_month"), 1
        if key == "serverless" and rest[1] in ("usd_per_month", "saves_usd_per_month"):
            return f"{head}.serverless.{'cost' if rest[1] == 'usd_per_month' else 'saves_per_month'}", 1
        if key == "usd_per_month":
            return f"{head}.after.cost", 1
        if key == "extended_support_usd_per_month":  # 0 where none is charged
            return f"{on}.extended_support" if advice[key] else "?", 1
        if key == "upgrade" and rest[1] == "saves_capacity_usd_per_month":
            return f"{head}.capacity.extended_support", 1
        if key == "upgrade":
            return f"{on}.extended_support", 1
        if key == "list_usd_per_month":
            return self.price(database, then), 1
        if key != "projected":
            return None, 1
        area = rest[1]
        if area == "cpu":
            if rest[2] == "band":
                return f"cpu_band_{advice['projected']['cpu']['move']}", 1
            return f"{head}.after.cpu.{rest[2]}", 1
        if area == "memory":
            return f"{head}.after.memory.{rest[2][:-4]}", 1 / GIB
        if area == "connections":
            return f"{head}.after.connections.{rest[2]}", 1
        if area == "credits":
            if rest[2] in ("baseline", "earned_per_hour"):
                return f"class.{then}.{'baseline' if rest[2] == 'baseline' else 'credits_per_hour'}", 1
            name = {"surplus_usd_per_month": "surplus"}.get(rest[2], rest[2])
            return f"{on}.credits.{name}", 1
        if area == "losses":
            loss = advice["projected"]["losses"][rest[2]]
            endless = database["after"]["connections"]["allocated"] is None
            if advice["serverless"]:  # those of the capacity that is planned
                on = f"{head}.on.{advice['serverless']['class']}"
            return self.of_loss(head if rest[3] == "connections" else on, loss, rest[-1], "after.", endless)
        return None, 1


def is_nameless(path):
    def fits(pattern):
        parts = pattern.split(".")
        return len(parts) == len(path) and all(p == "*" or p == str(q) for p, q in zip(parts, path))
    return any(fits(pattern) for pattern in NAMELESS)


def explained(binary, file, names):
    """(name: (low, high)) of what `explain` gives; names that it does not know are left out."""
    names, unknown = list(names), []
    while names:
        done = subprocess.run([binary, "explain", "-c", str(file), "--json", *names], capture_output=True, text=True,
                              check=False)
        answer = json.loads(done.stdout)
        if "error" not in answer:
            break
        lost = re.match(r"no target named '(.*)'$", answer["error"]["message"])
        if lost is None or lost[1] not in names:
            sys.exit(f"{file}: {answer['error']['message']}")
        names.remove(lost[1])
        unknown.append(lost[1])
    else:
        return {}
    return {f["figure"]: f["value"] for f in answer["derivations"]}


def near(a, b):
    return all(math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9) for x, y in zip(a, b))


def ends(value):
    return (value["low"], value["high"]) if isinstance(value, dict) else (value, value)


def check(binary, file):
    done = subprocess.run([binary, "plan", "-c", str(file), "--json"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    report = json.loads(done.stdout)
    if len(report["databases"]) > 20:
        return None
    names = Names(report)
    wanted, faults, count = {}, [], 0
    for name, times in collections.Counter(figure["figure"] for figure in report["derivations"]).items():
        if times > 1:
            faults.append(f"{name}: the name of {times} figures")
    for path, value in leaves({k: v for k, v in report.items() if k != "derivations"}):
        name, unit = names.of(path)
        if name is None:
            if not is_nameless(path):
                faults.append(f"{'.'.join(map(str, path))} = {value}: no name")
            continue
        wanted.setdefault(name, []).append((path, value, unit))
    # "?": where a formula gives it, or of a price's term; it has no other value.
    found = explained(binary, file, [n.lstrip("?") for n in wanted if n != "?"])
    for known, uses in wanted.items():
        name = known.lstrip("?")
        if known.startswith("?") and name not in found:
            continue
        for path, value, unit in uses:
            count += 1
            where = ".".join(map(str, path))
            if name not in found:
                faults.append(f"{where} = {value}: explain has no {name}")
            elif not near([v * unit for v in ends(found[name])], value):
                faults.append(f"{where} = {value}: explain says {ends(found[name])} of {name}")
    return count, faults


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    files = [pathlib.Path(f) for f in sys.argv[2:]] or sorted(
        [*(ROOT / "data/examples").rglob("*.toml"), *(ROOT / "tests/cli").rglob("*.toml")])
    passed = failed = 0
    for file in files:
        result = check(binary, file)
        if result is None:
            continue
        passed += result[0] - len(result[1])
        failed += len(result[1])
        for fault in result[1]:
            print(f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}: {fault}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
