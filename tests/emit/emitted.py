"""What the tests of `poolfit emit` share: files of a kind, inventories with hostile names, checks that are counted, npm."""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import npm  # noqa: E402

EXAMPLES = ["agora", "rolling", "multi-az", "mixed"]
SKIPPED = 77
# Names of records are letters, digits, '.', '_' and '-'; where an inventory stands, and what it is called, may be anything:
# quotes of every language, what each replaces or ends at, a newline, a direction mark, a control character.
HOSTILE = "a'b\"c`$(touch owned)${x}%{y}{{z}}#{w}\\n\\u000aboom( ?> --> %s\nboom(); # d: e<script>::f\u202e\x1b--g"
DOTTED = "shop.eu-1_a"
# max_connections set by hand, and too few.
PARAMETERS = """schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "orders"
engine = "postgresql"
version = "16.8"
class = "db.r5.2xlarge"
max_connections = 100
[[service]]
name = "api"
instances = 10
[[service.pool]]
name = "main"
database = "orders"
max = 30
in_use = "5-11"
"""
# Of two other providers, each with a smaller machine.
CLOUDS = """schema = "poolfit-inventory/1"
[[database]]
name = "bookings"
provider = "gcp"
region = "us-central1"
engine = "postgresql"
version = "16"
class = "db-custom-8-32768"
multi_az = true
[database.observed]
cpu_mean = "5-7%"
cpu_peak = "18-22%"
freeable_memory = "24 GiB"
window = "30 d"
[[database]]
name = "ledger"
provider = "azure"
region = "westeurope"
engine = "postgresql"
version = "16"
class = "Standard_D8ds_v4"
[database.observed]
cpu_mean = "1-2%"
cpu_peak = "3-4%"
freeable_memory = "30 GiB"
iops = "10-20"
ebs_throughput = "1-2 Mbps"
window = "30 d"
[[service]]
name = "api"
[[service.pool]]
name = "a"
database = "bookings"
max = 5
in_use = "1-2"
[[service.pool]]
name = "b"
database = "ledger"
max = 5
in_use = "1-2"
"""
# Servers of one's own.
OWN = """schema = "poolfit-inventory/1"
provider = "self-managed"
[[database]]
name = "own.pg"
engine = "postgresql"
version = "16"
vcpus = 4
memory = "16 GiB"
max_connections = 200
[database.observed]
cpu_peak = "20%"
freeable_memory = "8 GiB"
[[database]]
name = "own-my"
engine = "mysql"
version = "8.4"
vcpus = 4
memory = "16 GiB"
max_connections = 300
[[service]]
name = "api"
[[service.pool]]
name = "a"
database = "own.pg"
max = 5
[[service.pool]]
name = "b"
database = "own-my"
max = 5
"""


def toml(text):
    """A basic string."""
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in text) + '"'


def hostile_inventory():
    name = toml(DOTTED)
    return f"""schema = "poolfit-inventory/1"
name = {toml(HOSTILE)}
region = "us-east-1"
[[database]]
name = {name}
engine = "postgresql"
version = "16.8"
class = "db.r5.2xlarge"
multi_az = true
[database.observed]
cpu_mean = "1-2%"
cpu_peak = "3%"
freeable_memory = "50 GiB"
iops = "10-20"
ebs_throughput = "1 Mbps"
network = "1 Mbps"
window = "30 d"
[[database]]
name = {toml(DOTTED + "2")}
replica_of = {name}
[database.observed]
cpu_mean = "1-2%"
cpu_peak = "3%"
freeable_memory = "50 GiB"
replica_lag = "2 s"
window = "30 d"
[[service]]
name = {name}
instances = {{ min = 2, max = 5 }}
deploy = "rolling"
[[service.pool]]
name = {name}
database = {name}
max = 20
in_use = "1-2"
"""


class Tally:
    """Counts checks; those that fail are printed."""

    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}")
        return holds

    def done(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def report(results):
    """Of (what, error or None)."""
    tally = Tally()
    for what, error in results:
        tally.check(not error, f"{what}: {error}")
    return tally.done()


def skip(why):
    print(why)
    sys.exit(SKIPPED)


def run(command, **how):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, encoding="utf-8", check=False,
                          **how)


def packages(binary, folder, what):
    """npm's packages of that folder, below the build folder; npm.Missing where they cannot be had."""
    return npm.packages(ROOT / "tests/emit" / folder, pathlib.Path(binary).resolve().parent, what)


def document(binary, kind, inventory, folder, *more):
    """The JSON of `poolfit emit`, of an inventory given as text, in a file whose name stands in the comments."""
    path = pathlib.Path(folder) / (HOSTILE + ".toml")
    path.write_text(inventory, encoding="utf-8")
    done = run([binary, "emit", kind, path, "--json", *more])
    if done.returncode != 0:
        raise AssertionError(f"emit {kind}: exit {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def emit(binary, kind, inventory, *arguments):
    """{path: text} of a kind; standard error and the exit code go to the caller too."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([binary, "emit", kind, str(inventory), "--output", folder + "/", *arguments],
                              capture_output=True, text=True, check=False)
        files = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
                 for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()}
    return files, done


def inventories(folder):
    """(name, path) of each example and of the hostile inventory, which is written into the folder."""
    for name in EXAMPLES:
        yield name, ROOT / "data/examples" / name / "poolfit.toml"
    path = pathlib.Path(folder) / (HOSTILE + ".toml")
    path.write_text(hostile_inventory(), encoding="utf-8")
    yield "hostile", path
