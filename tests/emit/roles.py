#!/usr/bin/env python3
"""The limits of `emit roles` on a real PostgreSQL: roles.py BINARY.

For each role as many connections as its limit are opened, and the next one is refused; what the limits leave is what the
plan leaves. A superuser is not bound, and a replication connection does not count. Exit 77 where no server can be had.
"""
import sys
import tempfile

from emitted import document, report, skip
from server import Console, Missing, Refused, Server

# On `main`: api 2 pods x 2 processes x 3 = 12, and a rolling deploy of 25 % adds one pod: 18. The worker is stopped
# before its new instance starts: 2 x 2 = 4. Its name has to be quoted.
INVENTORY = '''schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 60
[[service]]
name = "api"
instances = 2
processes = 2
[[service.pool]]
name = "main"
database = "main"
driver = "pg"
max = 3
[[service]]
name = "We.ird-role"
instances = 2
deploy = "recreate"
[[service.pool]]
name = "main"
database = "main"
driver = "pg"
max = 2
'''
LIMITS = {"api": 18, "We.ird-role": 4}


def opened(server, role, most):
    """How many connections the role can have, up to `most`, and what the server says to the next one."""
    connections, refused = [], None
    try:
        while len(connections) < most:
            connections.append(Console(server.port, "postgres", role))
    except Refused as why:
        refused = str(why)
    count = len(connections)
    for connection in connections:
        connection.close()
    return count, refused


def results(binary, server, folder):
    statements = [line for line in document(binary, "roles", INVENTORY, folder)["files"][0]["text"].splitlines()
                  if line and not line.startswith("--")]
    yield "one statement a role", None if len(statements) == len(LIMITS) else str(statements)
    for role in LIMITS:
        server.ask('CREATE ROLE "' + role.replace('"', '""') + '" LOGIN')
    for statement in statements:
        server.ask(statement)
    for role, limit in LIMITS.items():
        count, refused = opened(server, role, limit + 3)
        right = count == limit and refused == f'too many connections for role "{role}"'
        yield f"{role}: {limit} connections", None if right else f"{count}, then {refused}"
    server.ask("CREATE ROLE standby REPLICATION LOGIN CONNECTION LIMIT 1")
    sender = Console(server.port, "postgres", "standby\0replication\0true")  # one more parameter of the start
    count, refused = opened(server, "standby", 3)
    yield "replication connections do not count", None if count == 1 and refused else f"{count}, then {refused}"
    sender.close()
    server.ask("CREATE ROLE root SUPERUSER LOGIN CONNECTION LIMIT 1")
    count, refused = opened(server, "root", 3)
    yield "a superuser is not bound", None if count == 3 and not refused else f"{count}, then {refused}"


def main():
    binary = sys.argv[1]
    try:
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            return report(list(results(binary, server, folder)))
    except Missing as why:
        skip(why)


if __name__ == "__main__":
    sys.exit(main())
