#!/usr/bin/env python3
"""The lines of `emit guard`, run: guard.py BINARY LANGUAGE.

A service of each language has two pools, and the path of its inventory, which stands in the comments, is hostile. At its budget a pool passes; one above it, a size of
0, text where the language allows that, and a pool that is not in the budget end the program. Exit 77 without the
language's tools.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from emitted import document, report, run, skip

NAME = "9.x-Y_z"
INVENTORY = '''schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 200
[[service]]
name = "api"
[[service.pool]]
name = "main"
database = "main"
driver = "DRIVER"
max = 7
[[service.pool]]
name = "NAME"
database = "main"
driver = "DRIVER"
max = 3
'''


# driver; programs; the command for a file and the folder; the program around a call; the name of its file
LANGUAGES = {
    "javascript": ("pg", ["node"], lambda f, d: [["node", f]], "{guard}\ncheckPool({name}, {size});",
                   "main.mjs"),
    "python": ("sqlalchemy", [sys.executable], lambda f, d: [[sys.executable, f]], "{guard}\ncheck_pool({name}, {size})",
               "main.py"),
    "ruby": ("sequel", ["ruby"], lambda f, d: [["ruby", f]], "{guard}\ncheck_pool({name}, {size})",
             "main.rb"),
    "java": ("HikariCP", ["java", "javac"], lambda f, d: [["java", f]],
             "{imports}class Main {{ public static void main(String[] a) {{ PoolBudget.check({name}, {size}); }} }}\n"
             "{guard}", "Main.java"),
    "go": ("database/sql", ["go"], lambda f, d: [["go", "run", f]],
           "{guard}\nfunc main() {{ if err := CheckPool({name}, {size}); err != nil {{ panic(err) }} }}", "main.go"),
    "rust": ("sqlx", ["rustc"], lambda f, d: [["rustc", "-o", d / "main", f], [d / "main"]],
             "{guard}\nfn main() {{ check_pool({name}, {size}); }}", "main.rs"),
    "csharp": ("npgsql", ["mcs", "mono"], lambda f, d: [["mcs", f"-out:{d}/main.exe", f], ["mono", d / "main.exe"]],
               "{guard}\nstatic class Program {{ static void Main() {{ PoolBudget.Check({name}, {size}); }} }}",
               "main.cs"),
    "elixir": ("ecto", ["elixir"], lambda f, d: [["elixir", f]], "{guard}\nPoolBudget.check!({name}, {size})",
               "main.exs"),
    "php": ("PDO", ["php"], lambda f, d: [["php", f]], "{guard}\ncheck_pool({name}, {size});\n", "main.php"),
}
# A budget in PHP is of an instance: its processes have one connection each, of each pool.
PROCESSES = {"php": 7}
FPM = """[www]
; pm.max_children = 1
pm = static
pm.max_children = {children}
php_admin_value[memory_limit] = 32M
[other]
pm.max_children = 1
"""


def program(language, guard, name, size):
    imports = ""
    if language == "java":  # imports stand before the first class
        lines = guard.splitlines(keepends=True)
        imports = "".join(line for line in lines if line.startswith("import "))
        guard = "".join(line for line in lines if not line.startswith("import "))
    if language == "go":
        guard = guard.replace("package database", "package main")
    return LANGUAGES[language][3].format(guard=guard, imports=imports, name=f'"{name}"', size=size)


def passes(language, guard, folder, name, size):
    """Exit code 0 at the last step; a step before it must not fail."""
    file = folder / LANGUAGES[language][4]
    file.write_text(program(language, guard, name, size), encoding="utf-8")
    steps = LANGUAGES[language][2](file, folder)
    for step in steps:
        done = run(step, timeout=120, env={**os.environ, "LC_ALL": "C.UTF-8", "ELIXIR_ERL_OPTIONS": "+fnu"})
        if done.returncode != 0:
            said = "cannot read" if "none.conf" in str(size) else "budget"
            if step is not steps[-1] or said not in done.stdout + done.stderr:
                raise AssertionError(f"{step}: {done.stderr[-1500:]}")
            return False
    return True


def workers(folder, most):
    """php-fpm's file decides; one that does not say how many passes no check, and one that is not there is named."""
    for children in (most, most + 1, "${CHILDREN}"):
        file = folder / f"{len(str(children))}-{children}.conf".replace("$", "").replace("{", "").replace("}", "")
        file.write_text(FPM.replace("{children}", str(children)), encoding="utf-8")
        yield "main", f"fpm_children('{file}')", children == most
    yield "main", f"fpm_children('{folder}/none.conf')", False


def results(binary, language, folder):
    inventory = INVENTORY.replace("DRIVER", LANGUAGES[language][0]).replace("NAME", NAME)
    main, other = 7, 3
    if language in PROCESSES:
        main = other = PROCESSES[language]
        inventory = re.sub(r"^max = \d+", "max = 1", inventory, flags=re.M).replace(
            'name = "api"\n', f'name = "api"\nruntime = "processes"\nprocesses = {main}\n')
    files = document(binary, "guard", inventory, folder)["files"]
    yield "one file", None if len(files) == 1 else str([file["path"] for file in files])
    guard = files[0]["text"]
    cases = [("main", main, True), ("main", main + 1, False), (NAME, other, True), (NAME, other + 1, False)]
    if language == "php":
        cases += workers(folder, main)
    if language in ("javascript", "python", "ruby", "elixir", "php"):  # compilers take their time
        cases += [("main", 0, False), ("other", 1, False), ("main", '"7"', False)]
    for name, size, right in cases:
        what = f"{language}: {name} with {size}"
        try:
            passed = passes(language, guard, folder, name, size)
            yield what, None if passed == right else "passes" if passed else "is refused"
        except (AssertionError, subprocess.TimeoutExpired) as error:
            yield what, str(error)


def main():
    binary, language = sys.argv[1:]
    for tool in LANGUAGES[language][1]:
        if not shutil.which(tool):
            skip(f"{tool} is not installed: the guard in {language} is not run")
    with tempfile.TemporaryDirectory() as folder:
        return report(list(results(binary, language, pathlib.Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
