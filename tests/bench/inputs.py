#!/usr/bin/env python3
"""What the ways to write an inventory cost: inputs.py BINARY [--runs N].

The same records as one file, as a file that includes one for each service, and with an environment that changes each of
them. Prints seconds and two ratios, to be read by people: no test, and it never fails on time. A run twice as large
should take twice as long, and files or an environment not many times as long as the one file.
"""
import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time

HEAD = 'schema = "poolfit-inventory/1"\nregion = "eu-central-1"\n'
DATABASES = 20


def databases():
    return "".join(f'[[database]]\nname = "d{i}"\nengine = "postgresql"\nclass = "db.m5.4xlarge"\n'
                   for i in range(DATABASES))


def service(i):
    return (f'[[service]]\nname = "s{i}"\n[[service.pool]]\nname = "main"\n'
            f'database = "d{i % DATABASES}"\nmax = 2\n')


def change(i):
    return f"[env.staging.service.s{i}]\ninstances = 2\npool.main.max = 1\n"


def one_file(folder, count):
    text = HEAD + databases() + "".join(service(i) for i in range(count))
    (folder / "poolfit.toml").write_text(text, encoding="utf-8")
    return []


def files(folder, count):
    text = HEAD + 'include = ["teams/*.toml"]\n' + databases()
    (folder / "poolfit.toml").write_text(text, encoding="utf-8")
    (folder / "teams").mkdir()
    for i in range(count):
        (folder / "teams" / f"s{i:06}.toml").write_text(service(i), encoding="utf-8")
    return []


def unused(folder, count):
    one_file(folder, count)
    with (folder / "poolfit.toml").open("a", encoding="utf-8") as out:
        out.writelines(change(i) for i in range(count))
    return []


def environment(folder, count):
    unused(folder, count)
    return ["--env", "staging"]


def seconds(binary, write, count, runs):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command = [binary, "validate", str(folder / "poolfit.toml"), *write(folder, count)]
        taken = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            taken.append(time.perf_counter() - start)
        return statistics.median(taken)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    kinds = [("one file", one_file, (5000, 20000)), ("a file each", files, (1000, 4000)),
             ("an environment, not used", unused, (5000, 20000)), ("an environment", environment, (5000, 20000))]
    print(f"{'':<26}{'services':>9}{'s':>8}{'  × the time of a quarter':>26}{'  ÷ one file':>13}")
    for name, write, counts in kinds:
        small, large = (seconds(args.binary, write, count, args.runs) for count in counts)
        plain = seconds(args.binary, one_file, counts[1], args.runs)
        print(f"{name:<26}{counts[1]:>9}{large:>8.2f}{large / small:>26.1f}{large / plain:>13.1f}")
    print("linear is 4.0 in the third column")


if __name__ == "__main__":
    main()
