#!/usr/bin/env python3
"""How fast the simulator is beside SimPy: simulate.py BENCH [ROUNDS]. BENCH is the program tests/bench/simulate_bench.

Prints ratios, to be read by people: no test. All of one round runs one after the other, so a busy machine slows both;
a ratio is that of the medians of transactions per second of CPU time, one core each. SimPy is Debian's python3-simpy3
(3.0, `import simpy`); run this with /usr/bin/python3, which sees it.
"""
import random
import statistics
import subprocess
import sys
import time

try:
    import simpy
except ImportError:
    simpy = None


def simpy_open(customers):
    """M/M/10 at 80 %, every wait kept; customers per second of CPU time."""
    environment, waits, expovariate = simpy.Environment(), [], random.expovariate
    pool = simpy.Resource(environment, 10)

    def customer():
        asked = environment.now
        with pool.request() as request:
            yield request
            waits.append(environment.now - asked)
            yield environment.timeout(expovariate(1.0))

    def arrivals():
        for _ in range(customers):
            yield environment.timeout(expovariate(8.0))
            environment.process(customer())

    environment.process(arrivals())
    start = time.process_time()
    environment.run()
    waits.sort()
    return len(waits) / (time.process_time() - start)


def simpy_closed(transactions, cpu):
    """28 users, think 2.5 s, pool 10, hold 1.5 s; with `cpu`, before that 20 ms on one of 4 vCPUs."""
    environment, waits, expovariate = simpy.Environment(), [], random.expovariate
    pool, vcpus = simpy.Resource(environment, 10), simpy.Resource(environment, 4)

    def user():
        while len(waits) < transactions:
            yield environment.timeout(expovariate(1 / 2.5))
            asked = environment.now
            with pool.request() as request:
                yield request
                waits.append(environment.now - asked)
                if cpu:
                    with vcpus.request() as turn:
                        yield turn
                        yield environment.timeout(expovariate(1 / 0.02))
                yield environment.timeout(expovariate(1 / 1.5))

    for _ in range(28):
        environment.process(user())
    start = time.process_time()
    environment.run()
    waits.sort()
    return len(waits) / (time.process_time() - start)


def ours(bench, case):
    out = subprocess.run([bench, case], capture_output=True, text=True, check=True).stdout.split()
    names = ("transactions", "cpu", "wall", "kib", "p99", "half", "mean")
    return dict(zip(names, [float(x) for x in out[:-1]] + out[-1:]))


def rate(run):
    return run["transactions"] / run["cpu"]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    bench, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    peers = {"open": lambda: simpy_open(60000), "closed": lambda: simpy_closed(40000, False),
             "closed-cpu": lambda: simpy_closed(30000, True)}
    goals = {"open": 1500, "closed": 250, "closed-cpu": 250}
    if simpy is None:
        print("bench: NO SIMPY, so no ratios: apt-get install python3-simpy3, and run this with /usr/bin/python3\n",
              file=sys.stderr)
    found = {case: [] for case in [*peers, "lognormal", "1000", "p99", "one-thread", "two-threads"]}
    theirs = {case: [] for case in peers}
    for _ in range(rounds):
        for case in found:
            if simpy is not None and case in peers:
                theirs[case].append(peers[case]())
            found[case].append(ours(bench, case))
    print(f"{'median of ' + str(rounds) + ' rounds, one core':<44}{'M/s':>8}{'SimPy k/s':>11}{'ratio':>8}{'goal':>7}")
    titles = {"open": "M/M/10 at 80 %, whole histogram", "closed": "28 users, pool of 10",
              "closed-cpu": "28 users, pool of 10, 4 vCPUs", "lognormal": "M/G/10 at 80 %, lognormal cv 2",
              "1000": "M/M/1000 at 90 %"}
    for case, title in titles.items():
        speed = statistics.median(rate(run) for run in found[case])
        row = f"{title:<44}{speed / 1e6:>8.1f}"
        if theirs.get(case):
            peer = statistics.median(theirs[case])
            row += f"{peer / 1e3:>11.1f}{speed / peer:>8.0f}{goals[case]:>7}"
        print(row)
    p99 = found["p99"]
    print(f"\np99 of M/M/10 to ±1 % at 95 %: {statistics.median(r['cpu'] for r in p99):.3f} s of CPU time, "
          f"{statistics.median(r['wall'] for r in p99):.3f} s ({p99[0]['transactions'] / 1e6:.1f} M transactions, "
          f"{p99[0]['p99']:.4f} ± {p99[0]['half']:.4f}; exact 1.8558); goal 0.2 s")
    ratio = statistics.median(a["wall"] / b["wall"] for a, b in zip(found["one-thread"], found["two-threads"]))
    same = all(a["mean"] == b["mean"] for a, b in zip(found["one-thread"], found["two-threads"]))
    print(f"two threads: {ratio:.2f} × one (wall time; goal 1.8), the answer is {'the same' if same else 'NOT THE SAME'}")
    long = ours(bench, "long")
    print(f"memory: {long['kib'] / 1024:.1f} MiB after {long['transactions'] / 1e9:.1f} billion transactions "
          f"({found['open'][0]['kib'] / 1024:.1f} MiB after 40 million); goal 16 MB")


if __name__ == "__main__":
    main()
