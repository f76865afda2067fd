#!/usr/bin/env python3
"""docs/scale.md under GNU parallel: scale.py BINARY. Shards give the reports that one process gives.

Skipped where GNU parallel is not installed.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

POOLFIT = str(pathlib.Path(sys.argv[1]).resolve())
LINES = 40


def line(i):
    return json.dumps({"id": f"shard-{i}", "inventory": {
        "schema": "poolfit-inventory/1", "region": "us-east-1",
        "ignore": [{"rule": "PF303", "reason": f"$(exit 3) ' \" {i}"}],
        "database": [{"name": f"db-{i}", "engine": "postgresql", "class": "db.t3.medium", "max_connections": 100}],
        "service": [{"name": "api", "instances": 1 + i % 4, "pool": [{"name": "main", "database": f"db-{i}",
                                                                     "max": 10}]}]}}) + "\n"


def reports(text):
    """Without the numbers of lines, which each process counts for itself."""
    return [json.loads(re.sub(r'("line": ?|<stdin>:)[0-9]+', r"\g<1>0", each)) for each in text.splitlines()]


def main():
    if shutil.which("parallel") is None:
        print("GNU parallel is not installed")
        return 77
    fleet = "".join(line(i) for i in range(LINES))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HOME": folder, "LC_ALL": "C.UTF-8"}
        run = lambda *words: subprocess.run(words, input=fleet, capture_output=True, text=True, check=True, timeout=120,
                                            env=environment, cwd=folder).stdout
        alone = reports(run(POOLFIT, "plan", "--stream"))
        shards = reports(run("parallel", "--pipe", "--keep-order", "-j2", "-N7", POOLFIT, "plan", "--stream"))
    failed = [] if len(alone) == LINES and alone == shards else ["shards differ from one process"]
    if [each["id"] for each in shards] != [f"shard-{i}" for i in range(LINES)]:
        failed.append("lines are lost, or in another order")
    print("\n".join([*failed, f"{2 - len(failed)} passed, {len(failed)} failed"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
