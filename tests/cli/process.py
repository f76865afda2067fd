#!/usr/bin/env python3
"""What run.py cannot show of a process: process.py BINARY.

Closed pipes, full devices, pipes as files, folders above, permissions, links, an interrupt, a progress bar, too little memory; and that
`poolfit schema` prints the published files.
"""
import json
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
AGORA = ROOT / "data/examples/agora/poolfit.toml"
POOLFIT = str(pathlib.Path(sys.argv[1]).resolve())
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TERM": "dumb", "P": POOLFIT, "AGORA": str(AGORA), "PATH": os.environ["PATH"],
               **{n: os.environ[n] for n in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if n in os.environ}}


def shell(line, folder):
    return subprocess.run(["bash", "-c", line], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True,
                          timeout=60, check=False)


def expect(done, code, out=None, err=None):
    """Exit code, and what standard output and error have in them (None: nothing)."""
    for name, text, wanted in (("stdout", done.stdout, out), ("stderr", done.stderr, err)):
        if (wanted is None and text) or (wanted is not None and wanted not in text):
            raise AssertionError(f"{name} is {text[:400]!r}, wanted {wanted!r}")
    if done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}, wanted {code}; stderr {done.stderr[:400]!r}")

HEAD = 'schema = "poolfit-inventory/1"\nregion = "us-east-1"\n'
SERVER = """[[database]]
name = "{0}"
engine = "postgresql"
class = "db.t3.medium"
[[service]]
name = "s-{0}"
instances = 9
[[service.pool]]
name = "main"
database = "{0}"
max = 50
"""
STAGING = """[[service]]
name = "extra"
[[service.pool]]
name = "main"
database = "a"
max = 3
[env.staging.service.extra]
instances = 2
"""


def printed_commands(text):
    """Those of the line `next`, of Markdown, and of a list that `check` has cut."""
    text = re.sub(r" \\\n +", " ", text)  # as a shell does
    text = re.sub(r"^( {12})(poolfit )", r"next  \2", text, flags=re.M)
    found = re.findall(r"^next +(.*)$", text, re.M) + re.findall(r"`(poolfit [^`]*)`", text)
    found += re.findall(r"(poolfit check .*?--rule PF\d+) shows each", text)
    return {command for line in found for command in line.split(" · ")} - {"poolfit explain", "poolfit explain RULE"}


def printed_commands_work(folder):
    (folder / "bin").mkdir()
    (folder / "bin/poolfit").symlink_to(POOLFIT)
    (folder / "it's in").mkdir()
    (folder / "it's in/own.toml").write_text(HEAD + SERVER.format("a"), encoding="utf-8")
    (folder / "more.toml").write_text(STAGING, encoding="utf-8")
    answer = pathlib.Path(__file__).parent / "catalog-import/products.json"  # of the command that fetches prices
    (folder / "prices.json").write_text(answer.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "poolfit.toml").write_text(HEAD + "".join(SERVER.format(n) for n in "bcdefghi"), encoding="utf-8")
    for arguments in ("", "\"it's in/own.toml\"", "-c \"it's in/own.toml\" -c more.toml --env staging"):
        seen = set()
        for command in ("plan", "check --width 400", "plan --format markdown"):
            done = shell(f'"$P" {command} {arguments}', folder)
            seen |= printed_commands(done.stdout)
        assert len(seen) > 1, seen
        for command in seen:
            if "DB…" in command:  # names of databases are the reader's
                continue
            done = shell(f'PATH="$PWD/bin:$PATH"; {command}', folder)
            if done.returncode > 1:
                raise AssertionError(f"{command!r} of {arguments!r}: {done.stderr[:400]}")
            if "staging" in arguments and "staging" not in command and "catalog import" not in command:
                raise AssertionError(f"{command!r} is without --env")


CLOUDS = """[[database]]
name = "db"
provider = "{}"
engine = "postgresql"
version = "16"
class = "{}"
region = "{}"
max_connections = 400
"""


def words_of(command, folder):
    """What the programs of a command are given, as the shell reads it."""
    told = "".join(f"{name}() {{ printf '%s\\n' {name} \"$@\"; }}; " for name in ("aws", "curl", "poolfit"))
    done = shell(f"set -e; {told}{command}\nif [ -e prices.json ]; then cat prices.json; rm prices.json; fi", folder)
    if done.returncode or done.stderr:
        raise AssertionError(f"{command!r}: {done.stderr[:400]}")
    return done.stdout


def printed_commands_can_be_copied(folder):
    """However wide the page is, a command has the same words."""
    fleets = {"aws": ("db.m7g.large", "us-east-1"), "azure": ("Standard_D8ds_v5", "uksouth"),
              "gcp": ("db-custom-2-7680", "europe-west2")}
    for provider, (cls, region) in fleets.items():
        (folder / "poolfit.toml").write_text('schema = "poolfit-inventory/1"\n' + CLOUDS.format(provider, cls, region),
                                             encoding="utf-8")
        words = set()
        for width in (40, 60, 80, 400):
            done = shell(f'"$P" plan --width {width} --today 2026-11-30', folder)
            block = re.search(r"^prices .*?(?=^next)", done.stdout, re.M | re.S)
            if not block:
                continue
            command = re.search(r"^ *((?:aws|curl|[A-Z]=).*)", block.group(0), re.M | re.S)
            if command:
                words.add(words_of(command.group(1), folder))
        if len(words) > 1:
            raise AssertionError(f"{provider}: {words}")
        kind = {"aws": "aws-prices", "azure": "azure-prices", "gcp": "google-prices"}[provider]
        words = set()
        for width in (40, 60, 80, 400):
            done = shell(f'COLUMNS={width} "$P" catalog import {kind} missing.json', folder)
            command = done.stderr[done.stderr.index("= fix") + len("= fix"):].strip()
            words.add(words_of(command, folder))
        if len(words) != 1:
            raise AssertionError(f"{kind}: {words}")


def fixes_of_errors_work(folder):
    """What an error says to type is typed as it stands, whatever the file is called."""
    (folder / "bin").mkdir()
    (folder / "bin/poolfit").symlink_to(POOLFIT)
    sheet = "database,engine,class,region,service,instances,pool_max\na,postgresql,db.t3.medium,us-east-1,api,2,5\n"
    for name in ("it's in.toml", "-y.toml", "a;b.toml"):
        (folder / name).write_text(HEAD + SERVER.format("a"), encoding="utf-8")
        (folder / name).with_suffix(".csv").write_text(sheet, encoding="utf-8")
        place = name if name[0] != "-" else "./" + name
        commands = [[place], ["plan", "--catalog", place, place], ["import", "csv", place], ["import", place[:-4] + "csv"],
                    [place[:-4] + "csv"], ["version", f"-o={name}.d/x"], ["version", f"-o={name}.d/x"]]
        for number, arguments in enumerate(commands):
            done = subprocess.run([POOLFIT, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True,
                                  timeout=60, check=False)
            if number + 1 == len(commands):  # the folder is there now
                expect(done, 0)
                continue
            fix = re.search(r"^ *= fix +(.*)$", done.stderr, re.M)
            if not fix:
                raise AssertionError(f"{arguments}: no fix in {done.stderr!r}")
            typed = shell(f'PATH="$PWD/bin:$PATH"; {fix.group(1)}', folder)
            if typed.returncode:
                raise AssertionError(f"{fix.group(1)!r} of {arguments}: {typed.stderr[:400]}")


def a_name_with_a_line_break_is_no_hint(folder):
    for name in ("pool\nfit.toml", "pool\x1bfit.toml"):
        (folder / name).write_text(HEAD, encoding="utf-8")
    done = shell('"$P" plan poolfit.toml', folder)
    expect(done, 2, None, "no such file: poolfit.toml")
    assert "did you mean" not in done.stderr, done.stderr


def closed_pipe_ends_quietly(folder):
    expect(shell('"$P" plan "$AGORA" --json | head -c 1; exit ${PIPESTATUS[0]}', folder), 0, "{")
    expect(shell('"$P" catalog list | true; exit ${PIPESTATUS[0]}', folder), 0)


def full_output_is_a_fault(folder):
    expect(shell('"$P" plan "$AGORA" > /dev/full', folder), 3, None, "standard output: No space left")
    expect(shell('"$P" --help > /dev/full', folder), 3, None, "No space left")
    expect(shell('"$P" version >&-', folder), 3, None, "Bad file descriptor")
    expect(shell('"$P" version -o /dev/full', folder), 3, None, "cannot write /dev/full")
    expect(shell('"$P" version --format text=a.txt --format json >&-', folder), 3, None, "Bad file descriptor")
    assert (folder / "a.txt").read_text().startswith("poolfit "), "the file has what is its"


def closed_errors_change_nothing(folder):
    expect(shell('"$P" plan nope.toml 2>&-', folder), 2)
    expect(shell('"$P" version <&- 2>&-', folder), 0, "poolfit ")


def pipes_and_devices_are_files(folder):
    expect(shell('"$P" plan <(cat "$AGORA") primary', folder), 0, "primary")
    expect(shell('mkfifo f; cat "$AGORA" > f & "$P" plan -c f primary', folder), 0, "primary")
    expect(shell('"$P" version -o /dev/stdout | cat', folder), 0, "poolfit ")
    expect(shell('"$P" version -o /dev/null', folder), 0)
    expect(shell('"$P" plan /dev/null', folder), 2, None, "empty")
    expect(shell('"$P" plan -c /dev/zero', folder), 2, None, "/dev/zero is larger than 96 MiB")


def a_series_that_never_ends_is_refused(folder):
    """A FIFO without a writer would be waited for."""
    text = ('schema = "poolfit-inventory/1"\nregion = "us-east-1"\n[[database]]\nname = "orders"\nengine = "postgresql"\n'
            'class = "db.m6g.large"\n[database.observed]\nseries = "series.fifo"\n')
    (folder / "poolfit.toml").write_text(text, encoding="utf-8")
    expect(shell('mkfifo series.fifo; timeout 20 "$P" validate', folder), 2, err="series.fifo is not a regular file")


def nearest_inventory_is_found(folder):
    inside = folder / "repository/a/b"
    inside.mkdir(parents=True)
    text = AGORA.read_text(encoding="utf-8")
    (folder / "poolfit.toml").write_text(text.replace('"agora"', '"outside"'), encoding="utf-8")
    name = "jq_name() { python3 -c 'import json,sys; print(json.load(sys.stdin)[\"inventory\"])'; }; "
    expect(shell(name + '"$P" plan --json | jq_name', inside), 0, "'env': None, 'name': 'outside'")
    (folder / "repository/.git").mkdir()
    expect(shell('"$P" plan', inside), 2, None, "no inventory")
    (folder / "repository/poolfit.toml").write_text(text, encoding="utf-8")
    expect(shell(name + '"$P" plan --json | jq_name', inside), 0, "'env': None, 'name': 'agora'")
    (inside / "poolfit.toml").write_text(text.replace('"agora"', '"nearest"'), encoding="utf-8")
    expect(shell(name + '"$P" plan --json | jq_name', inside), 0, "'env': None, 'name': 'nearest'")
    # A database's name stays one, although a folder is called so.
    (inside / "primary").mkdir()
    expect(shell('"$P" plan primary', inside), 0, "1 of 2 databases")
    # The environment wins over the nearest, the flag over both.
    outside = "POOLFIT_CONFIG=../../../poolfit.toml "
    expect(shell(name + outside + '"$P" plan --json | jq_name', inside), 0, "'outside'")
    expect(shell(name + outside + '"$P" plan -c ../../poolfit.toml --json | jq_name', inside), 0, "'agora'")


def unreadable_is_a_fault(folder):
    if os.geteuid() == 0:
        # Root reads everything; a process's memory is what even root cannot read from its start.
        expect(shell('"$P" plan -c /proc/self/mem', folder), 3, None, "cannot read /proc/self/mem")
        return
    (folder / "secret.toml").write_text("", encoding="utf-8")
    (folder / "secret.toml").chmod(0)
    expect(shell('"$P" plan secret.toml', folder), 3, None, "cannot read secret.toml: Permission denied")


def files_are_replaced_whole(folder):
    target = folder / "there.txt"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    (folder / "link.txt").symlink_to("there.txt")
    expect(shell('"$P" version -o link.txt', folder), 0)
    assert (folder / "link.txt").is_symlink() and target.read_text().startswith("poolfit "), "the link leads there"
    assert target.stat().st_mode & 0o777 == 0o640, "its mode stays"
    expect(shell('umask 027; "$P" version -o new.txt', folder), 0)
    assert (folder / "new.txt").stat().st_mode & 0o777 == 0o640, "the umask counts"
    expect(shell('"$P" plan "$AGORA" --json=x -o there.txt', folder), 2, None, "--json takes no value")
    assert target.read_text().startswith("poolfit "), "a failure leaves the file"
    assert sorted(p.name for p in folder.iterdir()) == ["link.txt", "new.txt", "there.txt"], "nothing else is left"


MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata: {name: s-a}
spec:
  replicas: 4
  template:
    spec:
      containers:
      - {name: x, image: x, env: [{name: DATABASE_URL, value: "postgres://u:p@h/x"}, {name: DB_POOL, value: "50"}]}
"""


def import_into_changes_the_file_behind_a_link(folder):
    target = folder / "there.toml"
    target.write_text(HEAD + SERVER.format("a"), encoding="utf-8")
    target.chmod(0o640)
    (folder / "k8s.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "link.toml").symlink_to("there.toml")
    command = '"$P" import kubernetes k8s.yaml --map h=a -q --into link.toml --overwrite'
    expect(shell(command, folder), 0, "-instances = 9\n+instances = 4  # from k8s.yaml: spec.replicas = 4\n")
    assert (folder / "link.toml").is_symlink(), "the link stays"
    assert "instances = 4 " in target.read_text(), "the link leads there"
    assert target.stat().st_mode & 0o777 == 0o640, "its mode stays"
    before = target.stat()
    expect(shell(command, folder), 0)
    assert (target.stat().st_mtime_ns, target.stat().st_ino) == (before.st_mtime_ns, before.st_ino), "nothing written"
    assert sorted(p.name for p in folder.iterdir()) == ["k8s.yaml", "link.toml", "there.toml"], "nothing else is left"


def import_into_a_folder_that_takes_no_files_writes_in_place(folder):
    """Where a file can't be written beside, as for any other output; where it can't be at all, it stays."""
    nobody = 65534
    run = ""
    place = folder / "closed"
    place.mkdir()
    (folder / "k8s.yaml").write_text(MANIFEST, encoding="utf-8")
    (place / "a.toml").write_text(HEAD + SERVER.format("a"), encoding="utf-8")
    if os.geteuid() == 0:
        folder.chmod(0o755)
        (folder / "poolfit").write_bytes(pathlib.Path(POOLFIT).read_bytes())
        (folder / "poolfit").chmod(0o755)
        os.chown(place / "a.toml", nobody, nobody)
        run = f"P=./poolfit; setpriv --reuid {nobody} --regid {nobody} --clear-groups "
    else:
        place.chmod(0o555)
    command = run + '"$P" import kubernetes k8s.yaml --map h=a -q --overwrite --into closed/a.toml'
    done = shell(command, folder)
    assert done.returncode == 0 and "instances = 4 " in (place / "a.toml").read_text(), done.stderr
    (place / "a.toml").write_text(HEAD + SERVER.format("a"), encoding="utf-8")
    (place / "a.toml").chmod(0o444)
    done = shell(command, folder)
    assert done.returncode == 2 and "closed/a.toml is read-only" in done.stderr, done.stderr
    assert done.stdout == "", "a difference there means that all is written"
    assert "instances = 9" in (place / "a.toml").read_text(), "it stays as it was"
    place.chmod(0o755)


def import_into_leaves_all_files_where_one_is_read_only(folder):
    """Also for root, as editors have it."""
    record = SERVER.format("a")
    at = record.index("[[service]]")
    (folder / "poolfit.toml").write_text('include = ["b.toml"]\n' + HEAD + record[:at], encoding="utf-8")
    (folder / "b.toml").write_text(record[at:], encoding="utf-8")
    (folder / "k8s.yaml").write_text(MANIFEST.replace("s-a", "s-b") + "---\n" + MANIFEST, encoding="utf-8")
    (folder / "b.toml").chmod(0o444)
    texts = [(folder / name).read_text() for name in ("poolfit.toml", "b.toml")]
    command = '"$P" import kubernetes k8s.yaml --map h=a -q --overwrite --into poolfit.toml'
    expect(shell(command, folder), 2, None, "b.toml is read-only")
    assert texts == [(folder / name).read_text() for name in ("poolfit.toml", "b.toml")], "nothing is written"
    (folder / "b.toml").chmod(0o644)
    expect(shell(command, folder), 0, "--- b.toml")
    assert "instances = 4 " in (folder / "b.toml").read_text() and "s-b" in (folder / "poolfit.toml").read_text()
    assert sorted(p.name for p in folder.iterdir()) == ["b.toml", "k8s.yaml", "poolfit.toml"], "nothing else is left"


def wait_for_reader(fifo):
    """Opens the pipe's writing end as soon as someone reads it."""
    for _ in range(2000):
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
    raise AssertionError("nobody reads the pipe")


def interrupt_ends_with_130(folder):
    fifo = folder / "never.toml"
    os.mkfifo(fifo)
    process = subprocess.Popen([POOLFIT, "plan", "never.toml"], cwd=folder, env=ENVIRONMENT)
    try:
        writing_end = wait_for_reader(fifo)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=20)
        os.close(writing_end)
    finally:
        process.kill()
        process.wait()
    assert code == 130, f"exit code {code}"


def a_long_run_shows_a_bar_and_an_interrupt_clears_it(folder):
    long = [POOLFIT, "simulate", str(ROOT / "tests/cli/simulate/poolfit.toml"), "--seconds", "1e8", "--precision", "0.1%"]
    for flags, bar in (([], True), (["-q"], False)):
        terminal, stderr = pty.openpty()
        process = subprocess.Popen(long + flags, cwd=folder, env={**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "60"},
                                   stdout=subprocess.PIPE, stderr=stderr)
        try:
            seen, until = b"", time.monotonic() + 20
            while b"simulating" not in seen and time.monotonic() < (until if bar else until - 17):
                if select.select([terminal], [], [], 0.1)[0]:
                    seen += os.read(terminal, 4096)
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=20)
            while select.select([terminal], [], [], 0.2)[0]:
                seen += os.read(terminal, 4096)
        finally:
            process.kill()
            process.wait()
            os.close(stderr)
            os.close(terminal)
        assert code == 130, f"exit code {code}"
        assert process.stdout.read() == b"", "stdout is for results"
        process.stdout.close()
        if bar:
            assert " %" in seen.decode() and seen.endswith(b"\r\x1b[K"), f"the bar is {seen!r}"
        else:
            assert not seen, f"--quiet shows {seen!r}"


def too_little_memory_is_a_fault(folder):
    if b"__asan_init" in pathlib.Path(POOLFIT).read_bytes() or b"__tsan_init" in pathlib.Path(POOLFIT).read_bytes():
        return  # a sanitizer takes all addresses there are
    fleet = ROOT / "tests/bench/fleet.py"
    expect(shell(f"'{sys.executable}' '{fleet}' 400 800 --seed 1 > fleet.toml", folder), 0)
    codes = set()
    for mebibytes in range(24, 124, 4):
        done = shell(f'ulimit -v {mebibytes * 1024}; "$P" plan fleet.toml --json', folder)
        if not done.stdout and done.returncode in (126, 127):
            continue  # not even started
        document = json.loads(done.stdout)
        codes.add(done.returncode)
        if done.returncode == 3:
            assert document["error"]["kind"] == "memory" and "out of memory" in done.stderr, done.stdout[:400]
        else:
            expect(done, 0, "{")
    assert codes == {0, 3}, f"exit codes {codes}"


def plan_of_one_database_is_short(folder):
    """At most 45 lines at 80 columns, however many pools; what that leaves out is said, and -v shows it."""
    inventories = [i.read_text("utf-8") for i in (ROOT / "data/examples").glob("*/poolfit.toml")]
    for seed in range(60):
        services = (1, 2, 5, 12, 40)[seed % 5]
        inventories.append(shell(f"python3 {ROOT}/tests/bench/fleet.py 1 {services} --seed {seed}", folder).stdout)
    counted = shortened = 0
    for number, text in enumerate(inventories):
        if text.count("[[database]]") != 1:
            continue
        (folder / "poolfit.toml").write_text(text, "utf-8")
        done = shell("COLUMNS=80 $P plan", folder)
        lines = done.stdout.splitlines()
        if done.returncode != 0 or not 10 < len(lines) <= 45:
            raise AssertionError(f"inventory {number}: {len(lines)} lines:\n{done.stdout}")
        counted += 1
        if "note        shortened: -v shows more" not in lines:
            continue
        shortened += 1
        whole = shell("COLUMNS=80 $P plan -v", folder).stdout
        assert len(whole.splitlines()) > 45 and "shortened" not in whole, whole
        # What is left out does not depend on the terminal.
        pools = [line.split()[0] for line in lines if re.match(r" {4}\S+\.\S+ ", line)]
        wide = shell("COLUMNS=120 $P plan", folder).stdout
        assert pools == [line.split()[0] for line in wide.splitlines() if re.match(r" {4}\S+\.\S+ ", line)], wide
    assert counted >= 60 and shortened >= 20, (counted, shortened)


def paths_for_other_tools(folder):
    """What GitHub, GitLab and editors look up is relative to where poolfit runs, however the inventory is named."""
    (folder / "infra").mkdir()
    (folder / "infra/poolfit.toml").write_text(HEAD + SERVER.format("a"), encoding="utf-8")
    as_named = {"json", "text"}
    for name in ("github", "sarif", "gitlab", "rdjson", "azure", "checkstyle", "concise", "csv", "junit", "markdown"):
        wanted = shell(f"$P check infra/poolfit.toml --format {name}", folder).stdout
        assert "infra/poolfit.toml" in wanted, name
        for path in ("$PWD/infra/poolfit.toml", "./infra/poolfit.toml", "infra/../infra//poolfit.toml",
                     "$PWD/./infra/poolfit.toml"):
            found = shell(f'$P check "{path}" --format {name}', folder).stdout
            # Commands that it names repeat the path as it was given.
            assert found.splitlines()[:3] == wanted.splitlines()[:3] and str(folder) not in found, (name, path, found[:600])
    # A shell in a link's folder names the link.
    (folder / "link").symlink_to(".")
    done = shell('cd -L link && $P check "$PWD/infra/poolfit.toml" --format concise', folder)
    assert done.stdout.startswith("infra/poolfit.toml:"), done.stdout[:300]
    done = shell('cd -P link && $P check "$PWD/infra/poolfit.toml" --format concise', folder)
    assert done.stdout.startswith("infra/poolfit.toml:"), done.stdout[:300]
    for name in as_named:
        assert str(folder) in shell(f'$P check "$PWD/infra/poolfit.toml" --format {name}', folder).stdout, name
    # Outside of it a path stays what it is.
    (folder / "other").mkdir()
    done = shell("$P check ../infra/poolfit.toml --format concise", folder / "other")
    expect(done, 1, "../infra/poolfit.toml:")
    done = shell(f"$P check {folder}/infra/poolfit.toml --format concise", folder / "other")
    expect(done, 1, f"{folder}/infra/poolfit.toml:")


def schemas_are_the_files(folder):
    for name in ("report", "inventory", "catalog", "simulation"):
        done = shell(f'"$P" schema {name}', folder)
        expect(done, 0, "{")
        assert done.stdout == (ROOT / f"data/schemas/{name}.schema.json").read_text(encoding="utf-8"), name
        json.loads(done.stdout)


TESTS = [printed_commands_work, printed_commands_can_be_copied, fixes_of_errors_work,
         a_name_with_a_line_break_is_no_hint, closed_pipe_ends_quietly, full_output_is_a_fault, closed_errors_change_nothing, pipes_and_devices_are_files,
         a_series_that_never_ends_is_refused,
         nearest_inventory_is_found, unreadable_is_a_fault, files_are_replaced_whole,
         import_into_changes_the_file_behind_a_link, import_into_a_folder_that_takes_no_files_writes_in_place,
         import_into_leaves_all_files_where_one_is_read_only, interrupt_ends_with_130,
         a_long_run_shows_a_bar_and_an_interrupt_clears_it, too_little_memory_is_a_fault,
         plan_of_one_database_is_short, paths_for_other_tools, schemas_are_the_files]


def main():
    failed = 0
    for test in TESTS:
        with tempfile.TemporaryDirectory(prefix="poolfit-") as folder:
            try:
                test(pathlib.Path(folder))
            except (AssertionError, subprocess.TimeoutExpired) as wrong:
                failed += 1
                print(f"--- {test.__name__}: {wrong}")
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
