#!/usr/bin/env python3
"""Writes an inventory of a made-up fleet: fleet.py DATABASES SERVICES [--seed N] [--workloads] [--whole-bill].

The same arguments give the same bytes on every machine. Record i depends on the seed and on i alone, and what it
refers to is near it, so a fleet of ten times as many databases has ten times the work, not a hundred times. A third of
the databases are replicas, one in eight has a pooler; a service has one to four pools on its own database, that one's
replicas and pooler, and now and then on a neighbour. With --workloads one pool in four has one instead of `in_use`.
With --whole-bill there is, beside that fleet, all that a bill may have: commitments, storage of every type, environments,
databases that are idle or may stop, Aurora clusters with readers, serverless capacity, other clouds, RDS Proxy.
"""
import argparse
import random
import sys

FAMILIES = {  # weight, memory per vCPU in GiB, sizes with vCPUs
    "t3": (20, 4, {"medium": 2, "large": 2, "xlarge": 4, "2xlarge": 8}),
    "t4g": (12, 4, {"medium": 2, "large": 2, "xlarge": 4, "2xlarge": 8}),
    "m4": (4, 4, {"large": 2, "xlarge": 4, "2xlarge": 8}),
    "m5": (26, 4, {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}),
    "m6g": (14, 4, {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}),
    "r5": (16, 8, {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}),
    "r6g": (8, 8, {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}),
}
MEMORY = {"t3.medium": 4, "t3.large": 8, "t4g.medium": 4, "t4g.large": 8}  # GiB, where it is not per vCPU
REGIONS = {"us-east-1": 5, "eu-central-1": 3, "eu-west-1": 2}
VERSIONS = {"13.14": 1, "14.11": 2, "15.6": 3, "16.8": 5, "": 1}
HOSTS = {"t3.medium": 2, "t3.large": 2, "m5.large": 2, "c5.xlarge": 4, "c5.2xlarge": 8}
DRIVERS = {  # by runtime
    "event-loop": ["postgres.js", "pg", "knex", "sequelize", "prisma-6", "asyncpg"],
    "threads": ["HikariCP", "pgxpool", "database/sql", "npgsql", "sqlx", "sqlalchemy"],
    "processes": ["activerecord", "sqlalchemy", "django", "psycopg_pool"],
    "serverless": ["pg", "postgres.js"],
}
TEN_BY_DEFAULT = {"postgres.js", "pg", "HikariCP", "asyncpg"}
DOMAINS = ["orders", "billing", "search", "users", "mail", "media", "stock", "audit", "chat", "maps", "ads", "feed"]
ROLES = ["api", "worker", "cron", "web", "sync", "report"]


COMMITTED = {"postgresql": ["m5", "r5", "t3", "m6g", "r6g"], "aurora-postgresql": ["r6g", "r5"]}
RATED = ["db.r7g.large", "db.m7g.large", "db.m7g.xlarge"]
EXTRAS = ["rds", "aurora", "idle", "serverless", "rds", "mysql", "aurora", "gcp", "azure", "rds"]


class Dice:
    """Draws of one record. Only random.random() is promised to stay the same from one Python to the next."""

    def __init__(self, *key):
        self.next = random.Random("/".join(str(part) for part in key)).random

    def whole(self, low, high):
        return low + int(self.next() * (high - low + 1))

    def chance(self, share):
        return self.next() < share

    def one_of(self, options):
        """One of a list, or a key of a dictionary by weight."""
        if not isinstance(options, dict):
            return options[int(self.next() * len(options))]
        rest = self.next() * sum(options.values())
        for option, weight in options.items():
            rest -= weight
            if rest < 0:
                return option
        return next(reversed(options))


def value(thing):
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, (int, float)):
        return str(thing)
    if isinstance(thing, dict):
        return "{ " + ", ".join(f"{key} = {value(inner)}" for key, inner in thing.items()) + " }"
    if isinstance(thing, list):
        return "[" + ", ".join(value(inner) for inner in thing) + "]"
    return f'"{thing}"'


def table(head, pairs):
    return "\n".join([head, *(f"{key} = {value(thing)}" for key, thing in pairs.items()), "", ""])


def span(low, high, unit=""):
    return f"{low}{unit}" if low == high else f"{low}-{high}{unit}"


class Fleet:
    def __init__(self, databases, services, seed, workloads, whole_bill=False):
        self.databases, self.services, self.seed, self.workloads = databases, services, seed, workloads
        self.whole_bill = whole_bill
        self.hosts = max(1, (services + 3) // 4)

    def dice(self, *key):
        return Dice(self.seed, *key)

    def is_replica(self, index):
        return index % 3 != 0 and self.dice("is-replica", index).chance(0.5)

    def primary_of(self, index):
        return index - index % 3

    def database_name(self, index):
        domain = DOMAINS[self.primary_of(index) // 3 % len(DOMAINS)]
        return f"{domain}-{index}" + ("-replica" if self.is_replica(index) else "")

    def has_pooler(self, index):
        return self.dice("has-pooler", index).chance(1 / 8)

    def pooler_name(self, index):
        return f"pooler-{index}"

    def class_of(self, index):
        """(class, vCPUs, GiB)"""
        dice = self.dice("class", index)
        family = dice.one_of({name: row[0] for name, row in FAMILIES.items()})
        _, per_vcpu, sizes = FAMILIES[family]
        size = dice.one_of(list(sizes))
        short = f"{family}.{size}"
        return f"db.{short}", sizes[size], MEMORY.get(short, sizes[size] * per_vcpu)

    def head(self):
        dice = self.dice("head")
        text = table(f"# {self.databases} databases and {self.services} services, seed {self.seed}: "
                     "made by tests/bench/fleet.py", {
            "schema": "poolfit-inventory/1",
            "name": f"fleet-{self.databases}",
            "provider": "aws",
            "region": "us-east-1",
        })
        text += table("[policy]", {"allow_arm": dice.chance(0.5), "cpu_peak_max": f"{dice.whole(10, 14) * 5}%"})
        if dice.chance(0.5):
            text += table("[growth]", {"services_per_year": dice.whole(1, 9), "load": f"{dice.whole(1, 4)}% / month"})
        return text

    def host(self, index):
        dice = self.dice("host", index)
        pairs = {"name": f"host-{index}"}
        cls = dice.one_of(list(HOSTS))
        pairs.update({"vcpus": HOSTS[cls]} if dice.chance(0.2) else {"class": cls})
        return table("[[host]]", pairs)

    def database(self, index):
        dice, replica = self.dice("database", index), self.is_replica(index)
        cls, vcpus, memory = self.class_of(self.primary_of(index) if replica else index)
        pairs = {"name": self.database_name(index)}
        if replica:
            pairs["replica_of"] = self.database_name(self.primary_of(index))
        else:
            pairs["engine"] = "postgresql"
            version = dice.one_of(VERSIONS)
            if version:
                pairs["version"] = version
            region = dice.one_of(REGIONS)
            if region != "us-east-1":
                pairs["region"] = region
        if not replica or dice.chance(0.5):
            pairs["class"] = cls
        if dice.chance(0.3):
            pairs["multi_az"] = True
        if dice.chance(0.25):
            pairs["max_connections"] = dice.whole(2, 40) * 10 * vcpus
        if dice.chance(0.05):
            pairs["reserved_connections"] = dice.whole(3, 12)
        if dice.chance(0.4):
            pairs["other_connections"] = dice.whole(1, 12)
        text = table("[[database]]", pairs)
        if dice.chance(0.9):
            peak = dice.whole(3, dice.one_of([25, 25, 50, 90]))
            low = max(1, peak - dice.whole(0, 6))
            free = memory * dice.whole(20, 75) / 100
            observed = {}
            if dice.chance(0.8):
                mean = max(1, peak * dice.whole(20, 80) // 100)
                observed["cpu_mean"] = span(max(1, mean - dice.whole(0, 2)), mean, "%")
            observed["cpu_peak"] = span(low, peak, "%")
            if dice.chance(0.9):
                observed["freeable_memory"] = span(f"{free * 0.9:.2f}", f"{free:.2f}", " GiB")
            if dice.chance(0.3):
                observed["iops"] = span(dice.whole(50, 200), dice.whole(200, 900))
            if dice.chance(0.2):
                observed["ebs_throughput"] = f"{dice.whole(5, 120)} Mbps"
            if dice.chance(0.2):
                observed["network"] = f"0.{dice.whole(1, 6)} Gbps"
            if dice.chance(0.8):
                observed["window"] = f"{dice.one_of([7, 14, 30])} d"
            text += table("[database.observed]", observed)
        return text

    def pooler(self, index):
        dice = self.dice("pooler", index)
        pairs = {"name": self.pooler_name(index), "kind": dice.one_of({"pgbouncer": 3, "rds-proxy": 1}),
                 "database": self.database_name(index)}
        if pairs["kind"] == "pgbouncer":
            pairs["instances"] = dice.whole(1, 3)
            pairs["mode"] = dice.one_of(["session", "transaction", "transaction"])
            pairs["default_pool_size"] = dice.whole(2, 8) * 5
            if dice.chance(0.3):
                pairs["reserve_pool_size"] = dice.whole(1, 5)
            pairs["max_client_conn"] = dice.whole(2, 20) * 100
            if dice.chance(0.2):
                pairs["max_db_connections"] = dice.whole(4, 12) * 10
        else:
            pairs["max_connections_percent"] = f"{dice.whole(3, 9) * 10}%"
        return table("[[pooler]]", pairs)

    def targets(self, index):
        """What service `index` may have its pools on: the databases and poolers of its own group of three."""
        own = min(self.databases - 1, index * self.databases // self.services)
        first = self.primary_of(own)
        group = [first] + [at for at in range(first + 1, min(first + 3, self.databases)) if self.is_replica(at)]
        if not self.is_replica(own):
            group = [own]
        names = [self.database_name(at) for at in group]
        return names + [self.pooler_name(at) for at in group if self.has_pooler(at)], own

    def service(self, index):
        dice = self.dice("service", index)
        runtime = dice.one_of({"event-loop": 5, "threads": 4, "processes": 3, "serverless": 1})
        pairs = {"name": f"{dice.one_of(ROLES)}-{index}"}
        if runtime != "serverless":
            pairs["host"] = f"host-{index % self.hosts}"
        if dice.chance(0.9):
            pairs["runtime"] = runtime
        low = dice.whole(1, 4)
        if dice.chance(0.3):
            pairs["instances"] = {"min": low, "max": low + dice.whole(1, 6)}
        elif low > 1:
            pairs["instances"] = low
        if runtime == "processes":
            pairs["processes"] = dice.whole(2, 4)
        pairs["deploy"] = dice.one_of({"recreate": 2, "rolling": 5, "blue-green": 1})
        if pairs["deploy"] == "rolling" and dice.chance(0.4):
            pairs["max_surge"] = dice.one_of(["25%", "50%", "100%", 1, 2])
        pools, batch = dice.one_of({1: 6, 2: 3, 3: 2, 4: 1}), dice.whole(2, 8)
        merged, has_vars = pools > 1 and dice.chance(0.3), dice.chance(0.2)
        if merged:
            pairs["merged_max"] = "BATCH_SIZE + TOTAL_VCPUS" if has_vars and "host" in pairs else dice.whole(8, 30)
        text = table("[[service]]", pairs)
        if has_vars:
            text += table("[service.vars]", {"BATCH_SIZE": batch})
        names, own = self.targets(index)
        for at in range(pools):
            target = dice.one_of(names)
            if dice.chance(0.05):
                target = self.database_name(min(self.databases - 1, own + 1))
            text += self.pool(dice, at, target, runtime, "host" in pairs, has_vars)
        return text

    def pool(self, dice, at, target, runtime, has_host, has_vars):
        pairs = {"name": ["main", "jobs", "reads", "reports"][at], "database": target,
                 "driver": dice.one_of(DRIVERS[runtime])}
        most = dice.whole(3, 20)
        kind = dice.next()
        if kind < 0.4 and pairs["driver"] in TEN_BY_DEFAULT:
            most = 10
        elif kind < 0.6 and has_host:
            pairs["max"] = f"max({most}, 2 * TOTAL_VCPUS)"
        elif kind < 0.7 and has_vars:
            pairs["max"] = f"BATCH_SIZE + {most}"
        else:
            pairs["max"] = most
        workload = self.workloads and dice.chance(0.25)
        if not workload and dice.chance(0.8):
            typical = dice.whole(1, max(1, most // 3))
            pairs["in_use"] = span(typical, typical + dice.whole(0, most // 2))
        if has_host and dice.chance(0.3):
            pairs["vcpu_max"] = dice.one_of(["max(3, 2 * TOTAL_VCPUS)", "max(3, ceil(TOTAL_VCPUS * 1.5))"])
        if dice.chance(0.5):
            pairs["monitored"] = dice.chance(0.7)
        if dice.chance(0.4):
            pairs["set_in"] = dice.one_of(["code", "url", "env"])
        if dice.chance(0.15):
            pairs["features"] = dice.one_of([["prepared"], ["listen"], ["prepared", "session"]])
        text = table("[[service.pool]]", pairs)
        if workload:
            hold = dice.whole(2, 60)
            load = {"hold": span(hold, hold + dice.whole(0, hold), " ms")}
            if dice.chance(0.75):
                load["rate"] = f"{dice.whole(5, 100)}/s"
            else:
                load.update({"users": dice.whole(3, 30), "think": f"{dice.whole(1, 10) * 100} ms"})
            if dice.chance(0.5):
                load["cpu"] = f"{dice.whole(1, hold)} ms"
            text += table("[service.pool.workload]", load)
        return text

    def storage(self, dice, engine):
        """A volume that the provider takes."""
        if engine.startswith("aurora"):
            pairs = {"type": dice.one_of(["standard", "io-optimized"]), "size": f"{dice.whole(10, 900)} GiB"}
            if pairs["type"] == "standard" and dice.chance(0.7):
                pairs["io_requests"] = f"{dice.whole(1, 2000)}M/month"
            return table("[database.storage]", pairs)
        kind = dice.one_of(["gp2", "gp3", "gp3", "io1", "io2", "magnetic"])
        size = dice.whole(100, 800)
        pairs = {"type": kind, "size": f"{size} GiB"}
        if kind in ("io1", "io2"):
            pairs["iops"] = dice.whole(10, min(size // 2, 300)) * 100
        elif kind == "gp3" and size >= 400 and dice.chance(0.5):
            pairs["iops"] = dice.whole(120, 300) * 100
            if dice.chance(0.5):
                pairs["throughput"] = dice.one_of(["1000 MiB/s", "8000 Mbps"])
        elif kind in ("gp2", "gp3") and dice.chance(0.3):
            pairs["max_size"] = f"{size + dice.whole(1, 6) * 100} GiB"
        return table("[database.storage]", pairs)

    def observed(self, dice, memory, silent):
        peak = dice.whole(2, 70)
        pairs = {"cpu_mean": f"{max(1, peak // dice.whole(2, 6))}%", "cpu_peak": f"{peak}%",
                 "freeable_memory": f"{memory * dice.whole(20, 70) / 100:.2f} GiB", "window": f"{dice.one_of([7, 14, 30])} d"}
        if silent:
            pairs = {"connections": 0, "window": f"{dice.one_of([7, 14, 30])} d"}
            if dice.chance(0.3):
                pairs["cpu_mean"] = f"{dice.whole(1, 40)}%"
        if dice.chance(0.6):
            pairs["iops"] = span(dice.whole(1, 90), dice.whole(91, 9000)) if not silent else dice.whole(0, 90)
        if dice.chance(0.2):
            pairs["ebs_throughput"] = f"{dice.whole(1, 8)} Mbps" if silent else f"{dice.whole(5, 1500)} Mbps"
        return table("[database.observed]", pairs)

    def extra(self, index):
        """One more database, or a cluster: with a service of its own now and then."""
        dice, kind, name = self.dice("extra", index), EXTRAS[index % len(EXTRAS)], f"extra-{index}"
        classes = {"db.m5.large": 8, "db.m5.2xlarge": 32, "db.r5.xlarge": 32, "db.t3.large": 8, "db.m7g.large": 8}
        engine = {"rds": "postgresql", "idle": "postgresql", "mysql": "mysql", "gcp": "postgresql", "azure": "postgresql"}
        pairs = {"name": name, "engine": engine.get(kind, "aurora-postgresql")}
        pairs["version"] = "8.4.5" if kind == "mysql" else "16" if kind in ("gcp", "azure") else "16.8"
        memory = 16
        if kind == "gcp":
            pairs.update({"provider": "gcp", "class": "db-custom-4-16384", "region": "us-central1"})
        elif kind == "azure":
            pairs.update({"provider": "azure", "class": "Standard_D4ds_v5", "region": "eastus"})
        elif kind == "serverless":
            pairs.update({"class": "db.serverless", "acu_min": dice.one_of([0.5, 1, 2]), "acu_max": 8})
        elif kind == "aurora":
            pairs["class"] = dice.one_of(["db.r6g.large", "db.r6g.xlarge", "db.r5.xlarge"])
            memory = 16
        else:
            pairs["class"] = dice.one_of(list(classes))
            memory = classes[pairs["class"]]
        if kind in ("rds", "idle", "mysql") and dice.chance(0.4):
            pairs["multi_az"] = True
        if dice.chance(0.6):
            pairs["environment"] = dice.one_of(["production", "staging", "development", "test"])
        silent = kind == "idle"
        text = table("[[database]]", pairs)
        if kind not in ("gcp", "azure") and dice.chance(0.8):
            text += self.storage(dice, pairs["engine"])
        text += self.observed(dice, memory, silent)
        readers = dice.whole(0, 2) if kind in ("aurora", "serverless") else 1 if kind == "rds" and dice.chance(0.4) else 0
        for at in range(readers):
            text += table("[[database]]", {"name": f"{name}-reader-{at}", "replica_of": name})
            if kind == "rds" and dice.chance(0.6):
                text += self.storage(dice, "postgresql")
            text += self.observed(dice, memory, dice.chance(0.3))
        target = name
        if kind in ("rds", "aurora", "serverless", "mysql") and dice.chance(0.4):
            target = f"proxy-{index}"
            text += table("[[pooler]]", {"name": target, "kind": "rds-proxy", "database": name})
        if not silent or dice.chance(0.2):
            driver = "HikariCP" if kind == "mysql" else "pg"
            text += table("[[service]]", {"name": f"extra-service-{index}", "instances": dice.whole(1, 3)})
            text += table("[[service.pool]]", {"name": "main", "database": target, "driver": driver,
                                               "max": dice.whole(3, 12)})
        return text

    def commitments(self):
        dice, text, seen = self.dice("commitments"), "", set()
        for at in range(2 + self.databases // 10):
            engine = dice.one_of(list(COMMITTED))
            pairs = {"kind": "reserved", "engine": engine, "ends": f"{dice.whole(2026, 2029)}-{dice.whole(10, 12)}-15"}
            family = dice.one_of(COMMITTED[engine])
            if dice.chance(0.5):
                pairs.update({"class": f"db.{family}.large", "count": dice.whole(1, 6), "multi_az": dice.chance(0.3)})
            else:
                pairs.update({"family": family, "units": dice.whole(1, 20) * 4})
            if dice.chance(0.6):
                pairs["usd_per_month"] = dice.whole(50, 900)
            text += table("[[commitment]]", pairs)
        for at in range(2):
            text += table("[[commitment]]", {"name": f"plan-{at}", "kind": "savings-plan",
                                             "usd_per_hour": dice.whole(1, 9) / 10, "ends": f"{2027 + at}-03-31"})
            for cls in RATED if at == 0 else []:
                if cls not in seen and dice.chance(0.7):
                    seen.add(cls)
                    text += table("[[commitment.rate]]", {"class": cls, "usd_per_hour": dice.whole(9, 20) / 100})
        return text

    def parts(self):
        yield self.head()
        for index in range(self.hosts):
            yield self.host(index)
        for index in range(self.databases):
            yield self.database(index)
        for index in range(self.databases):
            if self.has_pooler(index):
                yield self.pooler(index)
        for index in range(self.services):
            yield self.service(index)
        if self.whole_bill:
            for index in range(max(len(EXTRAS), self.databases // 2)):
                yield self.extra(index)
            yield self.commitments()


def inventory(databases, services, seed=1, workloads=False, whole_bill=False):
    return "".join(Fleet(databases, services, seed, workloads, whole_bill).parts())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("databases", type=int)
    parser.add_argument("services", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workloads", action="store_true", help="some pools have a workload")
    parser.add_argument("--whole-bill", action="store_true", help="and all that a bill may have")
    given = parser.parse_args()
    if given.databases < 1 or given.services < 0:
        parser.error("at least one database, and no negative number of services")
    sys.stdout.write(inventory(given.databases, given.services, given.seed, given.workloads, given.whole_bill))


if __name__ == "__main__":
    main()
