#!/usr/bin/env python3
"""Does poolfit print the same bytes whichever compiler built it? same_bytes.py ROOT POOLFIT POOLFIT.

C++ leaves much open (in which order operands are evaluated, how a hash table is walked), and each compiler decides it
its own way. What every example and some generated fleets make of each command is compared; the last line printed is
"N passed, N failed".
"""
import concurrent.futures
import difflib
import pathlib
import subprocess
import sys
import tempfile

FLEETS = [(12, 24, 1, ()), (12, 24, 2, ("--workloads",)), (40, 80, 3, ("--workloads",))]
COMMANDS = [["plan", "--json", "--derivations", "--all-candidates"], ["plan"], ["plan", "--format", "markdown"],
            ["plan", "--format", "csv"], ["check"], ["check", "--json"], ["simulate", "--json", "--seconds", "5"]]
SHOWN = 12


def printed(programs, command, inventory):
    """What each program makes of it: exit code, stdout, stderr; both run at once."""
    running = [subprocess.Popen([program, command[0], inventory, *command[1:]], text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE) for program in programs]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        outputs = list(pool.map(subprocess.Popen.communicate, running))
    return [(process.returncode, *output) for process, output in zip(running, outputs)]


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
        for inventory in inventories(root, pathlib.Path(folder)):
            for command in COMMANDS:
                if command[0] == "simulate" and root not in inventory.parents:
                    continue  # it takes minutes, and the simulator's bits have a test of their own
                one, other = printed(programs, command, str(inventory))
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
