#!/usr/bin/env python3
"""Holds the man pages against what there is: manuals.py BINARY.

Every key of the inventory's and the catalog file's schema is an entry `.It Cm key` in its subsection of
poolfit-inventory(5), and every entry is a key. Every command has a subsection in poolfit(1) that names its long flags
and no others, and each of them is an entry `.It Fl …`; every kind of `emit` is an entry there. Every package that ./dev installs is in README.md's table.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
WHOLE_FILE = {"inventory": "The inventory", "catalog": "CATALOG FILES"}
ALWAYS = {"help", "version"}  # flags of every command, described once


def sections(page):
    """Title of each section and subsection, without marks, to its text."""
    found, title = {}, ""
    for line in page.splitlines():
        if match := re.fullmatch(r"\.S[hs] (.*)", line):
            title = match[1].replace(r"\&", "").replace("[", "").replace("]", "").strip('"')
            found[title] = ""
        else:
            found[title] = found.get(title, "") + line + "\n"
    return found


def tables(schema, node, path=""):
    """(path, keys) of each table of the schema; { min, max } of instances belong to their parent."""
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    if "items" in node:
        yield from tables(schema, node["items"], path)
    for shape in node.get("anyOf", []):  # a name, or a list of tables
        if "items" in shape:
            yield from tables(schema, shape, path)
    if "properties" not in node:
        return
    keys = set(node["properties"])
    for key, value in node["properties"].items():
        yield from tables(schema, value, f"{path}.{key}" if path else key)
    yield path, keys


def entries(text):
    return set(re.findall(r"^\.It Cm (\$?[a-z0-9_]+)$", text, re.MULTILINE))


def key_faults(binary, name, page):
    done = subprocess.run([binary, "schema", name], capture_output=True, text=True, encoding="utf-8", check=True)
    schema = json.loads(done.stdout)
    for path, keys in tables(schema, schema):
        title = (path + " of a catalog file" if name == "catalog" else path) if path else WHOLE_FILE[name]
        text = page.get(title)
        yield f"[{path or name}] has its part", None if text is not None else f"no part is called {title!r}"
        for key in sorted(keys | entries(text or "")):
            if key not in entries(text or ""):
                yield f"{title}: {key}", "the key is not described"
            elif key not in keys:
                yield f"{title}: {key}", "there is no such key"
            else:
                yield f"{title}: {key}", None


def help_of(binary, *words):
    done = subprocess.run([binary, *words, "--help"], capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def commands_of(binary):
    listed = help_of(binary).split("commands:\n", 1)[1].split("\n\n", 1)[0]
    return [re.split(r" {2,}", line.strip())[0] for line in listed.splitlines() if line.startswith("  ")]


def flag_faults(binary, page):
    whole = "".join(page.values())
    described = set(re.findall(r"^\.It (?:Fl [a-z] (?:Ar \w+ )?, )?Fl -([a-z0-9-]+)", whole, re.MULTILINE))
    commands, known = commands_of(binary), set()
    for command in commands:
        flags = set(re.findall(r"^ +(?:-[a-z], )?--([a-z0-9-]+)", help_of(binary, *command.split()), re.MULTILINE))
        known |= flags
        listed = page.get(command, "").partition("\nFlags:\n")[2]
        named = set(re.findall(r"^\.Fl -([a-z0-9-]+) [,.]$", listed, re.MULTILINE))
        for flag in sorted(flags - ALWAYS | named):
            right = flag in flags and flag in named
            yield f"{command}: --{flag}", None if right else "not named" if flag in flags else "no such flag"
    for flag in sorted(known | described):
        right = flag in known and flag in described
        yield f"--{flag} is described", None if right else "it is not" if flag in known else "no such flag"
    for title in page:
        if title in commands:
            yield f"{title} has its part", None
    for command in set(commands) - set(page):
        yield f"{command} has its part", "it has none"


def kind_faults(binary, page):
    """Each kind of files that `emit` writes is an entry of its part, and each entry a kind."""
    listed = help_of(binary, "emit").split("kinds:\n", 1)[1].split("\n\n", 1)[0]
    kinds = set(re.findall(r"^  ([a-z0-9]+)  ", listed, re.MULTILINE))
    described = set(re.findall(r"^\.It Cm ([a-z0-9]+)$", page.get("emit", ""), re.MULTILINE))
    for kind in sorted(kinds | described):
        yield f"emit {kind}", None if kind in kinds & described else "not described" if kind in kinds else "no such kind"


def package_faults():
    script = (ROOT / "dev").read_text(encoding="utf-8")
    lists = re.findall(r"_packages=\((.*?)\)", script, re.DOTALL) + re.findall(r"^ *need (.*)$", script, re.MULTILINE)
    packages = {word for words in lists for word in words.split() if re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", word)}
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for row in rows for name in row.split(", ")}
    for package in sorted(packages):
        yield f"package {package}", None if package in named else "not in README.md's table of dependencies"


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    inventory = sections((ROOT / "man/poolfit-inventory.5").read_text(encoding="utf-8"))
    program = sections((ROOT / "man/poolfit.1").read_text(encoding="utf-8"))
    results = [*key_faults(binary, "inventory", inventory), *key_faults(binary, "catalog", inventory),
               *flag_faults(binary, program), *kind_faults(binary, program), *package_faults()]
    failed = [(what, error) for what, error in results if error]
    for what, error in failed:
        print(f"FAILED {what}: {error}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
