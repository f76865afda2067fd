#!/usr/bin/env python3
"""What one `poolfit plan` costs: plan.py BINARY RESIDENT ROOT [RUNS]. Prints ratios, to be read by people: no test.

Time is wall time of the whole process beside /bin/true, the two interleaved in random order; the median of many.
Memory is the largest resident size, measured by the program RESIDENT (resident.cpp). Instructions are those that valgrind's callgrind counts in user space.
"""
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

TRUE = "/bin/true"


def run(command, folder, null):
    """(seconds, exit code) of one run."""
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, {"LC_ALL": "C.UTF-8", "HOME": folder, "PWD": folder},
                         file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)])
    _, status = os.waitpid(pid, 0)
    return time.perf_counter() - start, os.waitstatus_to_exitcode(status)


def resident_size(resident, command):
    return int(subprocess.run([resident, *command], capture_output=True, text=True, check=True).stdout)


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


def main():
    binary, resident, root = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:4])
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 500
    inventory = pathlib.Path(root) / "data/examples/agora/poolfit.toml"
    commands = {
        TRUE: [TRUE],
        "poolfit version": [binary, "version"],
        "poolfit pool": [binary, "pool", "--rate", "300/s", "--hold", "8ms"],
        "poolfit plan": [binary, "plan", str(inventory)],
        "poolfit plan --json": [binary, "plan", str(inventory), "--json"],
    }
    times = {name: [] for name in commands}
    null = os.open(os.devnull, os.O_RDWR)
    order = list(commands)
    for name in order:  # once each to warm the caches, and to see that it works
        _, code = run(commands[name], root, null)
        if code != 0:
            print(f"bench: `{name}` exits with {code}: its figures are not those of a plan", file=sys.stderr)
    for _ in range(runs):
        random.shuffle(order)
        for name in order:
            times[name].append(run(commands[name], root, null)[0])
    sizes = {name: max(resident_size(resident, command) for _ in range(5)) for name, command in commands.items()}
    counted = {}
    if shutil.which("valgrind"):
        counted = {name: instructions(command) for name, command in commands.items()}
    else:
        print("bench: NO INSTRUCTION COUNTS: valgrind is not installed", file=sys.stderr)
    base_time, base_size = statistics.median(times[TRUE]), sizes[TRUE]
    print(f"{'median of ' + str(runs) + ' runs':<22}{'ms':>8}{'ratio':>8}{'rss MiB':>10}{'ratio':>8}{'M instr':>10}{'ratio':>8}")
    for name in commands:
        median = statistics.median(times[name])
        row = f"{name:<22}{median * 1e3:>8.2f}{median / base_time:>8.2f}"
        row += f"{sizes[name] / 1024:>10.1f}{sizes[name] / base_size:>8.2f}"
        if counted.get(name) and counted.get(TRUE):
            row += f"{counted[name] / 1e6:>10.3f}{counted[name] / counted[TRUE]:>8.2f}"
        print(row)
    whole = os.path.getsize(binary)
    print(f"\nbinary {whole / 1024:.0f} KiB, stripped {stripped_size(binary) / 1024:.0f} KiB, "
          f"{stripped_size(binary) / os.path.getsize(TRUE):.1f} × /bin/true")


if __name__ == "__main__":
    main()
