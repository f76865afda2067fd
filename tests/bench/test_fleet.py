#!/usr/bin/env python3
"""The bench's inventories are valid and are made again byte for byte: test_fleet.py POOLFIT."""
import pathlib
import subprocess
import sys
import tempfile
import tomllib

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fleet  # noqa: E402


def main():
    passed, failed = 0, []

    def expect(what, so):
        nonlocal passed
        passed += bool(so)
        if not so:
            failed.append(what)

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "poolfit.toml"
        for databases, services, seed, workloads in [(1, 0, 1, False), (1, 1, 2, False), (7, 3, 3, True),
                                                     (100, 200, 1, False), (100, 200, 2, True), (100, 200, 3, False)]:
            name = f"{databases} databases, {services} services, seed {seed}"
            text = fleet.inventory(databases, services, seed, workloads)
            path.write_text(text, encoding="utf-8")
            done = subprocess.run([sys.argv[1], "validate", "-c", str(path)], capture_output=True, text=True,
                                  env={"LC_ALL": "C.UTF-8", "HOME": folder}, check=False)
            expect(f"{name}: valid\n{done.stdout}{done.stderr}", done.returncode == 0 and "warning" not in done.stderr)
            tree = tomllib.loads(text)
            expect(f"{name}: as many as asked for",
                   len(tree["database"]) == databases and len(tree.get("service", [])) == services)
            expect(f"{name}: workloads when asked for, and only then", ("workload" in text) == workloads)
            again = subprocess.run([sys.executable, fleet.__file__, str(databases), str(services), "--seed", str(seed),
                                    *(["--workloads"] if workloads else [])], capture_output=True, text=True, check=True)
            expect(f"{name}: the same bytes in another process", again.stdout == text)
    small, large = (fleet.inventory(size, 2 * size).split("[[database]]")[4] for size in (100, 200))
    expect("a record does not depend on how many there are", small == large)
    expect("another seed, another fleet", fleet.inventory(9, 9, 1).count("\n") != fleet.inventory(9, 9, 2).count("\n"))
    for what in failed:
        print("FAILED", what)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
