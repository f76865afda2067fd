#!/usr/bin/env python3
"""The files of `emit pgbouncer`, read by a real PgBouncer: pgbouncer.py BINARY.

PgBouncer starts with each file, and its SHOW CONFIG and SHOW DATABASES have each value of it; the sizes are those that
`plan --json` says. Lines behind the file as it stands give another port, no socket and another way to log in. Several
users at once then open as many connections of a real PostgreSQL as the plan has, and no more. Exit 77 where no PgBouncer
can be had.
"""
import json
import pathlib
import re
import sys
import tempfile
import threading
import time

from emitted import document, report, run, skip
from server import Console, Missing, Server, Servers, free_port, program

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "tests/cli/emit-pgbouncer"
# Two aliases with sizes of their own, one with a name to be quoted; what is not given is its pooler's.
ALIASES = (CASES / "aliases.toml").read_text(encoding="utf-8")
# The load of its clients asks for another size: 200/s x 20 ms is 4 busy; and there are more clients than it takes.
LOADED = (CASES / "loads.toml").read_text(encoding="utf-8")
NEW = (ROOT / "data/examples/agora/poolfit.toml").read_text(encoding="utf-8")
USERS = ("a", "b", "c")
CLIENTS, ROUNDS, SLEEP = 12, 3, 0.2  # of each user and database: more than a pool of 8 holds
# Three services with users of their own, and no word of that (pairs): 8 and 2 in reserve for each database.
SEVERAL = """schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 90
[[pooler]]
name = "bouncer"
kind = "pgbouncer"
database = "main"
mode = "transaction"
default_pool_size = 8
reserve_pool_size = 2
max_client_conn = 200
""" + "".join(f"""[[service]]
name = "{user}"
instances = 4
[[service.pool]]
name = "main"
database = "bouncer"
max = 5
databases = DATABASES
""" for user in USERS)


class Bouncer(Servers):
    def __init__(self, ini, users=()):
        super().__init__([])
        self.ini, self.users = ini, users

    def _start(self):
        pgbouncer = program("pgbouncer")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolfit-emit-"))
        self.unprivileged = self._unprivileged()
        self._give_away(self.folder)
        self.bouncer_port = free_port()
        # The last section is [pgbouncer], and the later of two values counts.
        self._write("pgbouncer.ini", f"""{self.ini}
listen_port = {self.bouncer_port}
unix_socket_dir =
auth_type = any
""" + ("auth_type = trust\nauth_file = users.txt\nadmin_users = bench\n" if self.users else ""))
        self._write("users.txt", "".join(f'"{user}" ""\n' for user in (*self.users, "bench")))
        self._run("pgbouncer", [pgbouncer, self.folder / "pgbouncer.ini"])
        self._answers(self.bouncer_port, "pgbouncer", "pgbouncer")
        self.console = Console(self.bouncer_port, "pgbouncer")


def values_of(ini):
    """(settings, databases): key to text; name to its keys."""
    settings, databases, section = {}, {}, ""
    for line in ini.splitlines():
        if line.startswith("[") or not line or line.startswith(";"):
            section = line.strip("[]") if line.startswith("[") else section
            continue
        key, _, value = line.partition(" = ")
        if section == "databases":
            pairs = re.findall(r"(\w+)=('(?:[^']|'')*'|\S+)", value)
            databases[key.strip('"').replace('""', '"')] = {k: v.strip("'").replace("''", "'") for k, v in pairs}
        else:
            settings[key] = value
    return settings, databases


COLUMNS = {"host": "host", "port": "port", "dbname": "database", "pool_size": "pool_size", "min_pool_size": "min_pool_size",
           "reserve_pool": "reserve_pool", "pool_mode": "pool_mode", "max_db_connections": "max_connections"}
OTHERS = {"auth_type", "listen_port"}  # that the test sets


def shown(what, ini):
    settings, databases = values_of(ini)
    with Bouncer(ini) as bouncer:
        config = {row["key"]: row["value"] for row in bouncer.console.rows("SHOW CONFIG")}
        rows = {row["name"]: row for row in bouncer.console.rows("SHOW DATABASES")}
        log = bouncer.log("pgbouncer")
    for key, value in settings.items():
        if key not in OTHERS:
            yield f"{what}: {key} = {value}", None if config.get(key) == value else f"SHOW CONFIG says {config.get(key)}"
    for name, keys in databases.items():
        if name == "*":  # shown once a client has asked for a database
            continue
        for key, value in keys.items():
            have = rows.get(name, {}).get(COLUMNS[key], rows.get(name, {}).get(COLUMNS[key] + "_size"))
            yield f"{what}: {name}, {key} = {value}", None if have == value else f"SHOW DATABASES says {have}"
    bad = re.search(r"(WARNING|ERROR|FATAL) (?!kernel file descriptor|syslog)[^\n]{0,120}", log)
    missing_users = bad and "userlist.txt" in bad[0]
    yield f"{what}: nothing is wrong with the file", None if not bad or missing_users else bad[0]


def plan_of(binary, inventory, folder):
    path = pathlib.Path(folder) / "poolfit.toml"
    path.write_text(inventory, encoding="utf-8")
    return json.loads(run([binary, "plan", path, "--json"]).stdout)


def one(document):
    return values_of(document["files"][0]["text"])


def client(port, database, user, errors):
    try:
        console = Console(port, database, user, 60)
        for _ in range(ROUNDS):
            console.rows(f"select pg_sleep({SLEEP})")
        console.close()
    except Exception as error:
        errors.append(f"{user} on {database}: {error}")


def crowd(binary, count, folder):
    """All users at once on `count` databases behind the emitted file, whose server is the one thing put in."""
    inventory = SEVERAL.replace("DATABASES", str(count))
    ini = document(binary, "pgbouncer", inventory, folder)["files"][0]["text"]
    planned = plan_of(binary, inventory, folder)["poolers"][0]["server_connections_after"]
    yield f"crowd, {count}: the plan", None if planned == 10 * count else str(planned)
    databases = [f"shop{number}" for number in range(count)]
    with Server(max_connections=90) as server:
        for user in USERS:
            server.ask(f"CREATE ROLE {user} LOGIN")
        for database in databases:
            server.ask(f"CREATE DATABASE {database}")
        ini = ini.replace("host='main.invalid' port=5432", f"host=127.0.0.1 port={server.port}")
        with Bouncer(ini, USERS) as bouncer:
            errors, seen, watch = [], [], Console(server.port, "postgres")
            clients = [threading.Thread(target=client, args=(bouncer.bouncer_port, database, user, errors))
                       for database in databases for user in USERS for _ in range(CLIENTS)]
            for each in clients:
                each.start()
            while any(each.is_alive() for each in clients):
                rows = watch.rows("select count(*) as n from pg_stat_activity where usename in ('a', 'b', 'c')")
                seen.append(int(rows[0]["n"]))
                time.sleep(0.02)
            watch.close()
    yield f"crowd, {count}: every query is answered", errors[0] if errors else None
    most = max(seen, default=0)
    yield f"crowd, {count}: {planned} connections", None if most == planned else f"{most} at the most"


def results(binary, folder):
    aliases = document(binary, "pgbouncer", ALIASES, folder)
    settings, databases = one(aliases)
    yield "aliases: pool sizes", None if {n: d["pool_size"] for n, d in databases.items()} == {
        "orders": "40", "the-users": "5"} else str(databases)
    planned = {p["name"].split("/")[1]: p for p in plan_of(binary, ALIASES, folder)["poolers"]}
    for name, keys in databases.items():
        yield f"aliases: the plan's mode of {name}", None if keys["pool_mode"] == planned[name]["mode_after"] else str(keys)
    # The inventory's own; and of a size of 5 with 3 in reserve.
    yield "aliases: max_db_connections", None if {n: d["max_db_connections"] for n, d in databases.items()} == {
        "orders": "45", "the-users": "8"} else str(databases)
    yield from shown("aliases", aliases["files"][0]["text"])

    loaded = document(binary, "pgbouncer", LOADED, folder)
    settings, _ = one(loaded)
    pooler = plan_of(binary, LOADED, folder)["poolers"][0]
    yield "loaded: the plan's size", None if settings["default_pool_size"] == str(pooler["size_after"]) else \
        f"{settings['default_pool_size']}, and the plan has {pooler['size_after']}"
    yield "loaded: the plan's clients", None if settings["max_client_conn"] == str(pooler["max_client_conn_after"]) else \
        f"{settings['max_client_conn']}, and the plan has {pooler['max_client_conn_after']}"
    yield "loaded: another size than today's", None if settings["default_pool_size"] != "60" else "60"
    yield from shown("loaded", loaded["files"][0]["text"])

    new = document(binary, "pgbouncer", NEW, folder, "--strategy", "pooler", "--database", "primary")
    settings, _ = one(new)
    strategy = next(s for s in plan_of(binary, NEW, folder)["strategies"] if s["name"] == "pooler")
    wanted = next(p for p in strategy["poolers"] if p["database"] == "primary")
    for key in ("default_pool_size", "max_client_conn"):
        yield f"new: {key}", None if settings[key] == str(wanted[key]) else f"{settings[key]}, and the plan has {wanted}"
    yield from shown("new", new["files"][0]["text"])

    for count in (1, 2):
        yield from crowd(binary, count, folder)


def main():
    binary = sys.argv[1]
    try:
        with tempfile.TemporaryDirectory() as folder:
            return report(list(results(binary, folder)))
    except Missing as why:
        skip(why)


if __name__ == "__main__":
    sys.exit(main())
