#!/usr/bin/env python3
"""`plan --stream` and `check --stream`: stream.py BINARY.

Answers come as soon as a line is there, in the order of the lines; errors stand in their place; each report is the one
that the command writes for that inventory alone; the resident size does not grow with the number of lines.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

POOLFIT = str(pathlib.Path(sys.argv[1]).resolve())
PASSED_ON = {n: os.environ[n] for n in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if n in os.environ}
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], **PASSED_ON}
SANITIZED = any(mark in pathlib.Path(POOLFIT).read_bytes() for mark in (b"__asan_init", b"__tsan_init"))


def inventory(name, instances=2, **keys):
    return {"schema": "poolfit-inventory/1", "region": "us-east-1",
            "database": [{"name": name, "engine": "postgresql", "class": "db.t3.medium", "max_connections": 100}],
            "service": [{"name": "api", "instances": instances,
                         "pool": [{"name": "main", "database": name, "max": 10}]}], **keys}


def run(lines, *words, command="plan", folder=None, raw=False):
    text = lines if raw else "".join(json.dumps(line) + "\n" for line in lines)
    return subprocess.run([POOLFIT, command, "--stream", *words], input=text.encode(), capture_output=True, timeout=120,
                          env=ENVIRONMENT, cwd=folder, check=False)


def answers(done, code=0):
    if done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}, wanted {code}: {done.stderr[:400]}")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def equal(is_, wanted):
    if is_ != wanted:
        raise AssertionError(f"{is_!r}, wanted {wanted!r}")


def same_as_alone(folder):
    one = inventory("a", ignore=[{"rule": "PF303", "reason": "a } \\\" { — } \n"}])
    alone = folder / "alone.json"
    alone.write_text(json.dumps(one), encoding="utf-8")
    for command in ("plan", "check"):
        words = ["--derivations"]
        done = subprocess.run([POOLFIT, command, str(alone), "--json", *words], env=ENVIRONMENT, capture_output=True,
                              check=False)
        wanted = json.loads(done.stdout)
        for lines in ([one], [{"inventory": one, "id": "}"}]):
            [answer] = answers(run(lines, *words, command=command), done.returncode)
            equal(list(answer), ["schema", "line", "id", "exit_code", "error", "report"])
            wanted["inventory"]["path"] = "<stdin>"
            wanted["inventory"]["files"] = ["<stdin>"]
            # What names the file differs: places and commands.
            clean = lambda text: json.dumps(text, sort_keys=True).replace(str(alone), "-").replace("<stdin>", "-")
            equal(set(answer["report"]), set(wanted))
            equal(answer["report"]["totals"], wanted["totals"])
            equal(clean(answer["report"]["databases"][0]["connections"]), clean(wanted["databases"][0]["connections"]))
            equal(len(answer["report"]["derivations"]), len(wanted["derivations"]))
            equal(answer["report"]["gate"], wanted["gate"])


def errors_in_place(folder):
    lines = [json.dumps(inventory("a")), "", "{", json.dumps({"id": "x", "inventory": inventory("b")}),
             json.dumps({"id": 7, "inventory": {**inventory("c"), "rgion": 1}}), "nonsense", "[]", "7",
             json.dumps({"id": [1], "inventory": inventory("d")}), json.dumps({"inventory": inventory("e"), "idd": 1}),
             "\ufeff{}", json.dumps(inventory("f"))]
    found = answers(run("\n".join(lines), raw=True), 2)
    equal([a["line"] for a in found], [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    equal([a["id"] for a in found], [None, None, "x", 7, None, None, None, None, None, None, None])
    equal([a["exit_code"] for a in found], [0, 2, 0, 2, 2, 2, 2, 2, 2, 2, 0])
    equal([a["report"] is None for a in found], [a["error"] is not None for a in found])
    place = found[3]["error"]["diagnostics"][0]
    at = lines[4].index('"rgion"') + 1
    equal((place["file"], place["line"], place["column"]), ("<stdin>", 5, at))
    if "rgion" not in place["message"]:
        raise AssertionError(place["message"])
    equal(found[7]["error"]["diagnostics"][0]["message"], "id: not a string or an integer below 2^63")
    equal(found[8]["error"]["diagnostics"][0]["message"], "unknown key 'idd' beside an inventory")


def ids_of_broken_lines(folder):
    whole = json.dumps(inventory("a"))
    cases = [(b'{"id": "cut", "inventory": {', "cut", None), (b'{ "id" : -7 , nonsense', -7, None),
             (b'{"id": "latin", "inventory": {"name": "\xe9"}}', "latin", None),
             (b'{"id": "a\\"b\\u00e9", "inventory": {]', 'a"b\u00e9', None),
             (b'{"id": "\xe9", "inventory": {]', None, None),
             (b'{"id": "open', None, None), (b'{"id": 7x, "inventory": {}}', None, None),
             (b'{"id": "list", "inventory": []}', "list", "inventory: not an object"),
             (b'{"inventory": null}', None, "inventory: not an object"),
             (b'{"inventory": 7, "id": "last"}', "last", "inventory: not an object"),
             (b'{"id": "alone"}', "alone", "no inventory beside the id"),
             (whole.replace("{", '{"id": 3, ', 1).encode(), 3, "no inventory beside the id"),
             (b'{"id": 9223372036854775808, "inventory": ' + whole.encode() + b"}", None,
              "id: not a string or an integer below 2^63"),
             (b'{"id": "' + b"y" * 20 + b'", "x": "' + b"y" * (17 << 20) + b'"}', "y" * 20, None)]
    good = [(b'{"id": 9223372036854775807, "inventory": ' + whole.encode() + b"}", (1 << 63) - 1),
            (b'{"id": null, "inventory": ' + whole.encode() + b"}", None)]
    done = subprocess.run([POOLFIT, "plan", "--stream"], env=ENVIRONMENT, capture_output=True, check=False,
                          input=b"\n".join([*(line for line, _, _ in cases), *(line for line, _ in good)]))
    found = answers(done, 2)
    equal([a["id"] for a in found], [*(wanted for _, wanted, _ in cases), *(wanted for _, wanted in good)])
    equal([a["exit_code"] for a in found], [2] * len(cases) + [0] * len(good))
    for answer, (_, _, message) in zip(found, cases):
        if message is not None:
            equal(answer["error"]["diagnostics"][0]["message"], message)


def by_schema(folder):
    done = subprocess.run([POOLFIT, "schema", "stream"], capture_output=True, check=True, env=ENVIRONMENT)
    valid = jsonschema.Draft202012Validator(json.loads(done.stdout))
    for answer in answers(run([inventory("a"), {"x": 1}, {"id": 3, "inventory": inventory("b", 50)}], command="check"), 2):
        valid.validate(answer)


def worst_exit_code(folder):
    equal(len(answers(run([inventory("a"), inventory("b", 50)], command="check"), 1)), 2)
    equal(len(answers(run([inventory("a", 50)], command="check", *["--fail-on", "none"]), 0)), 1)
    equal([a["exit_code"] for a in answers(run([inventory("a", 50), {"x": 1}, inventory("b")], command="check"), 2)],
          [1, 2, 0])
    equal(answers(run([])), [])


def at_once(folder):
    """A line is answered before the next one is there."""
    with subprocess.Popen([POOLFIT, "plan", "--stream"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=ENVIRONMENT) as child:
        for number in (1, 2, 3):
            child.stdin.write(json.dumps(inventory("a")).encode() + b"\n")
            child.stdin.flush()
            equal(json.loads(child.stdout.readline())["line"], number)
        child.stdin.write(json.dumps(inventory("last")).encode())  # without a line break
        child.stdin.close()
        equal(json.loads(child.stdout.readline())["report"]["databases"][0]["name"], "last")
        equal(child.wait(60), 0)


def too_long(folder):
    line = json.dumps(inventory("a")).encode()
    wide = b'{"x": "' + b"y" * (17 << 20) + b'"}'
    done = subprocess.run([POOLFIT, "plan", "--stream"], input=line + b"\n" + wide + b"\n" + line, env=ENVIRONMENT,
                          capture_output=True, check=False)
    found = answers(done, 2)
    equal([a["line"] for a in found], [1, 2, 3])
    equal(found[1]["error"]["message"], "line 2 is longer than 16 MiB")


def of_a_file(folder):
    """What inventories name is beside the file."""
    (folder / "fleet.ndjson").write_text(json.dumps(inventory("a", include=["more/*.toml"])) + "\n", encoding="utf-8")
    (folder / "more").mkdir()
    (folder / "more/b.toml").write_text('[[service]]\nname = "b"\ninstances = 3\n[[service.pool]]\nname = "main"\n'
                                        'database = "a"\nmax = 5\n', encoding="utf-8")
    done = subprocess.run([POOLFIT, "plan", "--stream", str(folder / "fleet.ndjson")], env=ENVIRONMENT,
                          capture_output=True, check=False)
    equal(answers(done)[0]["report"]["databases"][0]["connections"]["allocated"], 35)


def byte_order_mark(folder):
    """It is skipped before the first line, and there alone; a stream of nothing else has no answer."""
    line = json.dumps(inventory("a"))
    mark = "\ufeff"
    equal([a["exit_code"] for a in answers(run(f"{mark}{line}\n{line}\n", raw=True))], [0, 0])
    equal([a["exit_code"] for a in answers(run(f"{line}\n{mark}{line}\n", raw=True), 2)], [0, 2])
    equal([a["line"] for a in answers(run(f"{mark}\n{line}", raw=True))], [2])
    equal(answers(run(mark, raw=True)), [])
    [broken] = answers(run(f'{mark}{{"schema": 1}}', raw=True), 2)
    equal(broken["error"]["diagnostics"][0]["line"], 1)


def other_bytes(folder):
    """An empty file has no answers; what is not UTF-8 is said, by its line."""
    empty = folder / "empty.ndjson"
    empty.write_bytes(b"")
    line = json.dumps(inventory("a")).encode()
    for data, number in ((b'{"schema": "\xff"}\n' + line, 1), (line + b"\n" + line.decode().encode("utf-16"), 2)):
        path = folder / "bytes.ndjson"
        path.write_bytes(data)
        done = subprocess.run([POOLFIT, "plan", "--stream", str(path)], env=ENVIRONMENT, capture_output=True, check=False)
        wrong = [a for a in answers(done, 2) if a["error"] is not None]
        equal([a["line"] for a in wrong], [number])
        message = wrong[0]["error"]["diagnostics"][0]["message"]
        if "0xff is not valid UTF-8" not in message:
            raise AssertionError(message)
    done = subprocess.run([POOLFIT, "plan", "--stream", str(empty)], env=ENVIRONMENT, capture_output=True, check=False)
    equal((answers(done), done.stderr), ([], b""))


def refused(folder):
    """Nothing on standard output, whatever is wrong: its reader expects lines."""
    (folder / "x.toml").write_text("", encoding="utf-8")
    (folder / "x.ndjson").write_text("", encoding="utf-8")
    for words in (["--format", "text"], ["--output", "x.json"], ["a.ndjson", "orders"], [str(folder / "none.ndjson")],
                  [str(folder)], [str(folder / "x.toml")], [str(folder / "x.ndjson/none")], [""], ["--nosuch"],
                  ["--format"], ["--fail-on", "warn"], ["--format", "json="], ["--today", "never"]):
        for more in ([], ["--json"], ["--format", "json"]):
            if more and "--format" in words:
                continue
            done = run([inventory("a")], *more, *words, command="check")
            equal((done.returncode, done.stdout), (2, b""))
            if not done.stderr.startswith(b"error: "):
                raise AssertionError(done.stderr)
        if words[:2] == ["a.ndjson", "orders"] and b"one argument too many: orders" not in done.stderr:
            raise AssertionError(done.stderr)


def closed(folder):
    """A reader that goes away ends it quietly."""
    line = json.dumps(inventory("a"))
    done = subprocess.run(["bash", "-c", f"for i in $(seq 300); do printf '%s\\n' '{line}'; done | "
                           f"{POOLFIT} plan --stream | head -c 100 > /dev/null; echo ${{PIPESTATUS[1]}}"],
                          env=ENVIRONMENT, capture_output=True, check=False)
    equal((done.stdout, done.stderr), (b"0\n", b""))


def memory(folder):
    """The largest resident size of 20 lines, and of 600."""
    def largest(count):
        lines = folder / f"{count}.ndjson"
        with open(lines, "w", encoding="utf-8") as out:
            for i in range(count):
                out.write(json.dumps(inventory(f"db-{i}", 1 + i % 5)) + "\n")
        script = ("import os, resource, subprocess, sys\n"
                  "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
                  "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
        done = subprocess.run([sys.executable, "-c", script, POOLFIT, "plan", "--stream", str(lines)], env=ENVIRONMENT,
                              capture_output=True, text=True, check=True)
        return int(done.stdout)

    if SANITIZED:
        return  # what a sanitizer keeps of freed memory is not ours
    few, many = largest(20), largest(600)
    if many > few + 4096:
        raise AssertionError(f"{few} KiB for 20 lines, {many} KiB for 600")


def main():
    passed = failed = 0
    for case in (same_as_alone, errors_in_place, ids_of_broken_lines, by_schema, worst_exit_code, at_once, too_long, of_a_file,
                 byte_order_mark, other_bytes, refused, closed, memory):
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(pathlib.Path(folder))
                passed += 1
            except (AssertionError, KeyError, ValueError, subprocess.CalledProcessError) as error:
                print(f"FAILED {case.__name__}: {error!r}"[:2000])
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
