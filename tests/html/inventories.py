"""What the tests of the page are made of: the examples, an inventory with hostile names, one with series, a big fleet."""
import math
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = sorted(ROOT.glob("data/examples/*/*.toml"))

# What ends an element, an attribute, a script; changes the direction of text; is of other scripts. Names of records are
# letters, digits and a few signs, so such text comes from the fleet's name, paths, globs and reasons.
HOSTILE = ["</script><script>document.title='taken'</script>", "\"'><img src=x onerror=\"document.title='taken'\">",
           "a & b <b>bold</b> &lt;", "שלום", "left\u202eright", "--><!-- ]]>", "{{7*7}} ${7*7}", "</style></title><h1>"]
HOSTILE_FILE = "x'\"><img src=x onerror=document.title=1> & \u202e שלום ${7}.toml"
HOSTILE_SERIES = "<b>bold<br>&\"'.csv"


def text(value):
    """A TOML string."""
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in "\"\\\u202e" else c for c in value) + '"'


def write_hostile(folder):
    """The path of an inventory with all of them."""
    (folder / HOSTILE_SERIES).write_text("time,cpu_average\n" + "".join(
        f"2026-05-{4 + hour // 24:02d}T{hour % 24:02d}:00:00Z,{20 + hour % 24}%\n" for hour in range(24 * 14)), encoding="utf-8")
    lines = ['schema = "poolfit-inventory/1"', f'name = {text(" ".join(HOSTILE))}', 'region = "us-east-1"', "[policy]",
             f"deny = [{text('db.t3.* ' + HOSTILE[0])}]",
             "[[database]]", 'name = "orders"', 'engine = "postgresql"', 'version = "16.4"', 'class = "db.t3.large"',
             "max_connections = 60", "[database.observed]", f"series = {text(HOSTILE_SERIES)}",
             "[[service]]", 'name = "api"', "instances = 9", "[[service.pool]]", 'name = "main"', 'database = "orders"',
             "max = 20", "[[ignore]]", 'rule = "PF303"', 'target = "orders"', f"reason = {text(HOSTILE[0])}"]
    path = folder / HOSTILE_FILE
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_series(folder):
    """A burstable server whose nights are quiet and whose days are not: credits go down and come back."""
    rows = ["time,cpu_average"]
    for hour in range(14 * 24):
        busy = 12 + 30 * max(0.0, math.sin((hour % 24 - 6) / 12 * math.pi))
        rows.append(f"2026-05-{4 + hour // 24:02d}T{hour % 24:02d}:00:00Z,{busy:.1f}%")
    (folder / "cpu.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return """schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "orders"
engine = "postgresql"
version = "16.4"
class = "db.t3.large"
[database.observed]
series = "cpu.csv"
freeable_memory = "3 GiB"
[[service]]
name = "api"
instances = { min = 2, max = 6 }
deploy = "rolling"
[[service.pool]]
name = "main"
database = "orders"
max = 20
[service.pool.workload]
rate = "60/s"
hold = "12 ms"
"""
