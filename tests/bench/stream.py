#!/usr/bin/env python3
"""A big fleet in shards: stream.py BINARY [--databases N] [--each N] [--jobs N] [--lines FILE].

Writes the seeded fleet of fleet.py as lines of inventories, each with an id, and plans it with `--stream`: in one process,
where it is not too big for that, and under GNU parallel. Prints seconds, the largest resident size and the sums of the
reports. No test: it never fails on time. It fails where a line is lost, comes twice, or has an error.
"""
import argparse
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from fleet import inventory  # noqa: E402

MOST_IN_ONE_PROCESS = 20_000  # databases


def write(path, databases, each):
    with open(path, "w", encoding="utf-8") as out:
        for number in range(-(-databases // each)):
            count = min(each, databases - number * each)
            document = tomllib.loads(inventory(count, 2 * count, seed=number + 1))
            out.write(json.dumps({"id": f"shard-{number:06}", "inventory": document}, separators=(",", ":")) + "\n")


def summed(path):
    """What all reports say together, and a hash that is the same for any order of the lines."""
    ids, databases, now, after, steady, errors = set(), 0, 0.0, 0.0, 0, 0
    print_of = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            answer = json.loads(line)
            if answer["id"] in ids:
                raise SystemExit(f"{answer['id']} came twice")
            ids.add(answer["id"])
            if answer["error"]:
                errors += 1
                continue
            report = answer["report"]
            databases += len(report["databases"])
            now += report["totals"]["usd_per_month_now"] or 0
            after += report["totals"]["usd_per_month_after"] or 0
            steady += sum(d["connections"]["allocated"] or 0 for d in report["databases"])
            # Lines are counted anew in each process.
            text = re.sub(r'("line": ?|<stdin>:)[0-9]+', r"\g<1>0", line)
            digest = hashlib.sha256(text.encode()).digest()
            print_of ^= int.from_bytes(digest[:8], "big")
    return {"lines": len(ids), "databases": databases, "errors": errors, "connections": steady,
            "usd_per_month_now": round(now, 2), "usd_per_month_after": round(after, 2), "hash": f"{print_of:016x}"}


def timed(command, out):
    """Seconds, and the largest resident size of one of its processes in MiB."""
    script = ("import resource, subprocess, sys\n"
              "code = subprocess.run(sys.argv[1:]).returncode\n"
              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n"
              "sys.exit(code)\n")
    begin = time.monotonic()
    with open(out, "wb") as target:
        done = subprocess.run([sys.executable, "-c", script, "bash", "-c", command], stdout=target,
                              stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"exit code {done.returncode}: {done.stderr[:1000]}")
    return time.monotonic() - begin, int(done.stderr.split()[-1]) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("binary")
    parser.add_argument("--databases", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=20, help="databases in a line")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    if shutil.which("parallel") is None:
        raise SystemExit("GNU parallel is not installed")
    binary = pathlib.Path(given.binary).resolve()
    with tempfile.TemporaryDirectory() as folder:
        lines = pathlib.Path(folder) / "fleet.ndjson"
        write(lines, given.databases, given.each)
        print(f"{given.databases:,} databases, {given.each} a line, {lines.stat().st_size / 1e6:.0f} MB")
        runs = {f"parallel -j{given.jobs}":
                f"parallel --pipe --keep-order -j{given.jobs} --block 1M '{binary}' plan --stream < {lines}"}
        if given.databases <= MOST_IN_ONE_PROCESS:
            runs["one process"] = f"'{binary}' plan --stream < {lines}"
        sums = {}
        for name, command in runs.items():
            out = pathlib.Path(folder) / "out.ndjson"
            seconds, resident = timed(command, out)
            size = out.stat().st_size / 1e6
            sums[name] = summed(out)
            print(f"{name:14} {seconds:7.1f} s  {given.databases / seconds:7.0f} databases/s  "
                  f"{resident:5.0f} MiB each  {size:6.0f} MB out  {json.dumps(sums[name])}")
        for name, each in sums.items():
            if each["errors"] or each["lines"] != -(-given.databases // given.each):
                raise SystemExit(f"{name}: lines are lost, or have errors")
        if len({json.dumps(each) for each in sums.values()}) > 1:
            raise SystemExit("the runs differ")


if __name__ == "__main__":
    main()
