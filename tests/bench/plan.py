#!/usr/bin/env python3
"""What `poolfit plan` and `check` cost: plan.py BINARY RESIDENT PARSE ROOT [--runs N] [--seconds N] [--fleets N…].

Prints ratios and targets, to be read by people: no test, and it never fails on time. First the whole process for the
example `agora` beside /bin/true; then fleets of fleet.py, with twice as many services as databases, beside /bin/true
and beside reading the same file with toml++ alone (PARSE, parse.cpp), which is the floor. All of a table runs
interleaved in random order. Wall time is that of the whole process; CPU time its own; memory the largest resident size,
by the program RESIDENT (resident.cpp); instructions are those that valgrind's callgrind counts in user space.
"""
import argparse
import contextlib
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import fleet

TRUE = "/bin/true"
SEED = 1
# databases: (seconds, MiB, MB of JSON) that a plan may take
TARGETS = {1000: (0.1, 64, 12), 10000: (1.2, 500, None)}
AGORA_RATIO, AGORA_INSTRUCTIONS, GROWTH = 5, 8e6, 1.3
WORLDS_MS = 20  # the whole run of one database


class Cost:
    """What the runs of one command took."""

    def __init__(self, command):
        self.command, self.wall, self.cpu, self.code, self.resident, self.instructions = command, [], [], 0, 0, None

    def run(self, folder, null):
        start = time.perf_counter()
        pid = os.posix_spawn(self.command[0], self.command, {"LC_ALL": "C.UTF-8", "HOME": folder, "PWD": folder},
                             file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)])
        _, status, usage = os.wait4(pid, 0)
        self.wall.append(time.perf_counter() - start)
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.code = os.waitstatus_to_exitcode(status)

    @property
    def median(self):
        return statistics.median(self.wall)

    @property
    def least(self):
        return min(self.wall)


def measure(commands, folder, resident, runs, seconds):
    """{name: Cost}: each once to warm up, then up to `runs` rounds in random order, while there is time."""
    null = os.open(os.devnull, os.O_RDWR)
    costs = {name: Cost(command) for name, command in commands.items()}
    for cost in costs.values():
        cost.run(folder, null)
        cost.wall.clear()
        cost.cpu.clear()
    order, end, done = list(costs.values()), time.monotonic() + seconds, 0
    while done < runs and (done < 3 or time.monotonic() < end):
        random.shuffle(order)
        for cost in order:
            cost.run(folder, null)
        done += 1
    os.close(null)
    for cost in costs.values():
        sizes = [subprocess.run([resident, *cost.command], capture_output=True, text=True, check=True).stdout
                 for _ in range(3 if cost.median < 1 else 1)]
        cost.resident = max(int(size) for size in sizes) / 1024
    return costs


def instructions(command):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", *command],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        found = re.search(r"Collected : (\d+)", done.stderr)
        return int(found.group(1)) if found else None


def stripped_size(binary):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "stripped"
        subprocess.run(["strip", "-o", copy, binary], check=True)
        return copy.stat().st_size


def size_of_output(command):
    size = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        while piece := process.stdout.read(1 << 20):
            size += len(piece)
    return size


def refusal(command):
    """What it says when it exits with 2 or more: its first line."""
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return (done.stderr.splitlines() or [f"exit {done.returncode}"])[0]


def against(what, measured, target, unit="", digits=2):
    sign = "met" if measured <= target else "MISSED"
    print(f"  {what:<58}{measured:>10.{digits}f}{unit:<5} target {target:g}{unit:<5} {sign}")


def one_plan(binary, resident, root, runs):
    inventory = str(pathlib.Path(root) / "data/examples/agora/poolfit.toml")
    one = str(pathlib.Path(root) / "data/examples/undersized/poolfit.toml")  # one database, judged on several classes
    costs = measure({
        TRUE: [TRUE],
        "poolfit version": [binary, "version"],
        "poolfit pool": [binary, "pool", "--rate", "300/s", "--hold", "8ms"],
        "poolfit plan": [binary, "plan", inventory],
        "poolfit plan --json": [binary, "plan", inventory, "--json"],
        "poolfit plan undersized": [binary, "plan", one],
        "… with 1,000 worlds": [binary, "plan", one, "--worlds", "1000"],
        "poolfit check": [binary, "check", inventory, "--fail-on", "none"],
    }, root, resident, runs, 60)
    for name, cost in costs.items():
        if cost.code != 0:
            print(f"bench: `{name}` exits with {cost.code}: its figures are not those of a plan", file=sys.stderr)
    if shutil.which("valgrind"):
        for cost in costs.values():
            cost.instructions = instructions(cost.command)
    else:
        print("bench: NO INSTRUCTION COUNTS: valgrind is not installed", file=sys.stderr)
    base = costs[TRUE]
    print(f"agora, {len(base.wall)} runs       median ms   × true  least ms   × true   rss MiB   × true   M instr   × true")
    for name, cost in costs.items():
        row = f"{name:<24}{cost.median * 1e3:>12.2f}{cost.median / base.median:>9.2f}"
        row += f"{cost.least * 1e3:>10.2f}{cost.least / base.least:>9.2f}"
        row += f"{cost.resident:>10.1f}{cost.resident / base.resident:>9.2f}"
        if cost.instructions and base.instructions:
            row += f"{cost.instructions / 1e6:>10.3f}{cost.instructions / base.instructions:>9.2f}"
        print(row)
    plan = costs["poolfit plan"]
    against("agora: plan against /bin/true, medians", plan.median / base.median, AGORA_RATIO, " ×")
    against("agora: plan against /bin/true, least", plan.least / base.least, AGORA_RATIO, " ×")
    if plan.instructions:
        against("agora: millions of instructions of plan", plan.instructions / 1e6, AGORA_INSTRUCTIONS / 1e6)
    worlds, without = costs["… with 1,000 worlds"], costs["poolfit plan undersized"]
    against(f"1,000 worlds of one database, {worlds.median / without.median:.1f} × its plan, median",
            worlds.median * 1e3, WORLDS_MS, " ms", 1)
    stripped = stripped_size(binary)
    print(f"  binary {os.path.getsize(binary) / 1024:.0f} KiB, stripped {stripped / 1024:.0f} KiB, "
          f"{stripped / os.path.getsize(TRUE):.1f} × /bin/true")


def one_fleet(binary, resident, parse, databases, seconds, folder):
    """{name: Cost} of one size, after its table; None where poolfit refuses it."""
    path = f"fleet-{databases}.toml"  # relative: each finding of the JSON repeats it
    pathlib.Path(path).write_text(fleet.inventory(databases, 2 * databases, SEED), encoding="utf-8")
    print(f"\n{databases} databases, {2 * databases} services, {os.path.getsize(path) / 1e6:.2f} MB of TOML", end="")
    commands = {TRUE: [TRUE], "toml++ alone": [parse, path]}
    judged = {"plan": [binary, "plan", "-c", path], "plan --json": [binary, "plan", "-c", path, "--json"],
              "check": [binary, "check", "-c", path, "--fail-on", "none"],
              "check --json": [binary, "check", "-c", path, "--fail-on", "none", "--json"]}
    code = subprocess.run(judged["plan"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
    if code != 0:
        costs = measure(commands, folder, resident, 20, seconds / 4)
        print(f"\n  REFUSED (exit {code}): {refusal(judged['plan'])}")
        print(f"  toml++ alone reads it in {costs['toml++ alone'].median * 1e3:.0f} ms")
        return None
    costs = measure(commands | judged, folder, resident, 200, seconds)
    base, floor = costs[TRUE], costs["toml++ alone"]
    print(f", {len(base.wall)} runs\n{'':<16}median ms  least ms    cpu ms    × true   × toml++   rss MiB   out MB")
    for name, cost in costs.items():
        row = f"{name:<16}{cost.median * 1e3:>9.2f}{cost.least * 1e3:>10.2f}{min(cost.cpu) * 1e3:>10.2f}"
        row += f"{cost.median / base.median:>10.1f}{cost.median / floor.median:>10.2f}{cost.resident:>10.1f}"
        if name in judged:
            cost.written = size_of_output(cost.command)
            row += f"{cost.written / 1e6:>9.2f}"
        print(row + ("" if cost.code == 0 else f"  exit {cost.code}"))
    rest = costs["plan"].median - floor.median
    print(f"  the rest of plan is {rest * 1e3:.1f} ms, {rest / floor.median:.2f} × the parse")
    if databases in TARGETS:
        time_target, memory_target, json_target = TARGETS[databases]
        for name in judged:
            against(f"{databases}: {name}, median (least {costs[name].least:.3f} s)", costs[name].median, time_target, " s",
                    3)
            against(f"{databases}: {name}, resident", costs[name].resident, memory_target, " MiB", 1)
        if json_target:
            against(f"{databases}: JSON of plan", costs["plan --json"].written / 1e6, json_target, " MB", 1)
    return costs


def fleets(binary, resident, parse, sizes, seconds):
    taken = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for size in sizes:
            costs = one_fleet(binary, resident, parse, size, seconds, folder)
            if costs:
                taken[size] = costs
    if len(taken) < 2:
        return
    small, large = min(taken), max(taken)
    print(f"\ncost of one database at {large}, against one at {small} (least CPU time, whole process)")
    if large != max(sizes):
        print(f"  {max(sizes)} was refused, so this is of {large}")
    for name in ("toml++ alone", "plan", "plan --json", "check"):
        each = {size: min(taken[size][name].cpu) / size for size in (small, large)}
        against(f"{name}: {each[small] * 1e6:.1f} µs, then {each[large] * 1e6:.1f} µs", each[large] / each[small],
                GROWTH, " ×")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    for name in ("binary", "resident", "parse", "root"):
        parser.add_argument(name, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--runs", type=int, default=500, help="of agora; 500 unless told")
    parser.add_argument("--seconds", type=float, default=20, help="for each fleet; 20 unless told, but three runs at least")
    parser.add_argument("--fleets", type=int, nargs="*", default=[100, 1000, 10000], help="their numbers of databases")
    given = parser.parse_args()
    random.seed(SEED)
    one_plan(given.binary, given.resident, given.root, given.runs)
    fleets(given.binary, given.resident, given.parse, given.fleets, given.seconds)


if __name__ == "__main__":
    main()
