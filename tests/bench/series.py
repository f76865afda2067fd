#!/usr/bin/env python3
"""`import cloudwatch` on an answer that is larger than memory should be: series.py POOLFIT SAX [MB].

Writes an answer of get-metric-data as the AWS CLI prints it, of so many megabytes (1000 by default), imports it, and
reads it with a bare pass of a SAX parser (tests/bench/sax.cpp). At least half of the parser's speed, in less than 100
MiB. One line each, exit 1 where a limit is missed.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

LEAST_SPEED = 0.5  # of the SAX pass
MOST_MIB = 100
POINTS = 21_600    # 15 days of minutes


def write(path, megabytes):
    """Series after series until the file is large enough; the same bytes each time."""
    chance = random.Random(7)
    start = 1_777_852_800
    stamps = [time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(start + 60 * i)) for i in range(POINTS)]
    times = ",\n".join(f'                "{stamp}"' for stamp in reversed(stamps))
    with open(path, "w", encoding="ascii") as out:
        out.write('{\n    "MetricDataResults": [')
        count = 0
        while count == 0 or out.tell() < megabytes * 1_000_000:
            values = ",\n".join(f"                {chance.uniform(1, 60):.13f}" for _ in range(POINTS))
            out.write(f'{"," if count else ""}\n        {{\n            "Id": "m{count}",\n            "Label": "db-{count} '
                      f'CPUUtilization",\n            "Timestamps": [\n{times}\n            ],\n            "Values": [\n'
                      f'{values}\n            ],\n            "StatusCode": "Complete"\n        }}')
            count += 1
        out.write('\n    ],\n    "Messages": []\n}\n')
    return count


def run(command):
    """Seconds of CPU and MiB."""
    with open(os.devnull, "w", encoding="ascii") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    poolfit, sax = sys.argv[1:3]
    megabytes = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "cloudwatch.json")
        count = write(path, megabytes)
        bare, _ = run([sax, path])
        seconds, mib = run([poolfit, "import", "cloudwatch", path, "-q", "--set", "database.db-0.class=db.m6g.large"])
    speed = bare / seconds
    print(f"import cloudwatch, {megabytes} MB, {count} series: {seconds:.2f} s of CPU, {speed:.2f} of a bare SAX pass "
          f"(at least {LEAST_SPEED}); {mib:.0f} MiB (below {MOST_MIB})")
    return 0 if speed >= LEAST_SPEED and mib < MOST_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
