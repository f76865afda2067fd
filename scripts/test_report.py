#!/usr/bin/env python3
"""Counts what a `./dev test` did and prints it: test_report.py ROOT RESULTS.

RESULTS has a line per step: kind (check, build, tests), name, exit status, seconds, by tabs. The tests of a
step are read from the testlog.json of its build folder. The last line printed is "N passed, N failed".
"""
import json
import pathlib
import re
import sys

FOLDERS = {"g++ release": "build", "clang ASan+UBSan": "build-clang", "clang TSan": "build-tsan"}
DOCTEST = re.compile(r"^\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed", re.M)
COUNTED = re.compile(r"^(\d+) passed, (\d+) failed", re.M)
SKIPPED = 77
TAIL = 60


def counts(test):
    """(passed, failed) of one Meson test, whatever it is written with."""
    output = test.get("stdout") or ""
    found = DOCTEST.findall(output) or COUNTED.findall(output)
    failed_anyway = test["returncode"] != 0 or test["result"] not in ("OK", "EXPECTEDFAIL")
    if not found:
        return (0, 1) if failed_anyway else (1, 0)
    passed, failed = (int(n) for n in found[-1])
    if passed + failed == 0 and "/ unit-" in test["name"]:
        return 0, 1  # a room whose tests no longer run
    if failed_anyway and failed == 0:
        failed = 1  # a crash after the summary, a leak
    return passed, failed


def tests_of(root, name):
    log = root / FOLDERS[name] / "meson-logs" / "testlog.json"
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line]


def main(root, results):
    rows, skips, failures = [], [], []
    for line in pathlib.Path(results).read_text(encoding="utf-8").splitlines():
        kind, name, status, seconds = line.split("\t")
        if kind != "tests" and int(status) == SKIPPED:
            rows.append((f"{kind} {name}", 0, 0, 1, seconds))
            skips.append((f"{kind} {name}", "there is nothing to check"))
            continue
        if kind != "tests":
            failed = int(status != "0")
            rows.append((f"{kind} {name}", 1 - failed, failed, 0, seconds))
            if failed:
                failures.append((f"{kind} {name}", "see above"))
            continue
        passed = failed = skipped = 0
        tests = tests_of(root, name)
        for test in tests:
            output = ((test.get("stdout") or "") + (test.get("stderr") or "")).rstrip()
            if test["returncode"] == SKIPPED:
                skipped += 1
                skips.append((f"{name}: {test['name']}", output.splitlines()[-1] if output else "no reason given"))
                continue
            good, bad = counts(test)
            passed, failed = passed + good, failed + bad
            if bad:
                failures.append((f"{name}: {test['name']} ({test['result']})", "\n".join(output.splitlines()[-TAIL:])))
        if not tests or (status != "0" and failed == 0):
            failed += 1
            log = root / FOLDERS[name] / "test.log"
            failures.append((f"{name}: meson test", "\n".join(log.read_text().splitlines()[-TAIL:])))
        rows.append((f"tests {name}", passed, failed, skipped, seconds))

    for name, text in failures:
        print(f"\n--- FAILED {name}\n{text}")
    print(f"\n{'step':<24}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for name, passed, failed, skipped, seconds in rows:
        print(f"{name:<24}{passed:>8}{failed:>8}{skipped:>9}{seconds:>9}")
    for name, why in skips:
        print(f"SKIPPED {name}: {why}")
    passed, failed = sum(r[1] for r in rows), sum(r[2] for r in rows)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
