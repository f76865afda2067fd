"""What the tests of `poolfit emit` share: files of a kind, an inventory with hostile names, checks that are counted."""
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ["agora", "rolling", "multi-az", "mixed"]
SKIPPED = 77
# Quotes of every language, what each replaces or ends at, a newline, a direction mark, a control character.
HOSTILE = "a'b\"c`$(touch owned)${x}%{y}{{z}}\\n\n# d: e</script>::f\u202e\x1b--g"


def toml(text):
    """A basic string."""
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in text) + '"'


def hostile_inventory():
    name = toml(HOSTILE)
    return f"""schema = "poolfit-inventory/1"
name = {name}
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
name = {toml(HOSTILE + "2")}
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
    path = pathlib.Path(folder) / "hostile.toml"
    path.write_text(hostile_inventory(), encoding="utf-8")
    yield "hostile", path
