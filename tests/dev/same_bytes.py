#!/usr/bin/env python3
"""Does poolfit print the same bytes whichever compiler built it? same_bytes.py ROOT POOLFIT POOLFIT.

C++ leaves much open (in which order operands are evaluated, how a hash table is walked), and each compiler decides it
its own way. What every example and some generated fleets make of each command is compared; the last line printed is
"N passed, N failed".
"""
import concurrent.futures
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

FLEETS = [(6, 12, 1, ()), (6, 12, 2, ("--workloads",)), (10, 20, 3, ("--workloads",)), (6, 12, 4, ("--whole-bill",)),
          (6, 12, 5, ("--whole-bill", "--workloads")), (10, 15, 6, ("--whole-bill",))]
COMMANDS = [["plan", "--json", "--derivations", "--all-candidates"], ["plan"], ["plan", "--format", "markdown"],
            ["plan", "--format", "csv"], ["check"], ["check", "--json"], ["simulate", "--json", "--seconds", "5"]]
SHOWN = 12


def printed(program, command, inventory):
    done = subprocess.run([program, command[0], inventory, *command[1:]], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def inventories(root, folder):
    yield from sorted((root / "data/examples").glob("*/poolfit.toml"))
    for databases, services, seed, options in FLEETS:
        fleet = folder / f"fleet-{seed}.toml"
        with fleet.open("w", encoding="utf-8") as file:
            subprocess.run([sys.executable, root / "tests/bench/fleet.py", str(databases), str(services), "--seed",
                            str(seed), *options], stdout=file, check=True)
        yield fleet


def main():
    root, programs = pathlib.Path(sys.argv[1]), sys.argv[2:4]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        jobs = [(inventory, command) for inventory in inventories(root, pathlib.Path(folder)) for command in COMMANDS
                # A fleet's simulation takes minutes, and the simulator's bits have a test of their own.
                if command[0] != "simulate" or root in inventory.parents]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda job: [printed(program, job[1], str(job[0])) for program in programs], jobs)
        for (inventory, command), (one, other) in zip(jobs, results):
            if one == other:
                passed += 1
                continue
            failed += 1
            print(f"{' '.join(command)} {inventory.parent.name}/{inventory.name}: exit codes {one[0]}, {other[0]}")
            lines = difflib.unified_diff(one[1].splitlines(), other[1].splitlines(), *programs, lineterm="", n=0)
            print("\n".join(line[:160] for line, _ in zip(lines, range(SHOWN))))
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
