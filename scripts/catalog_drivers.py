"""The tables of drivers for generate_catalog.py: their pools, what they share with a pooler, the names that find them."""
import re

KNOWN = {"unknown": 0, "no": 1, "yes": 2}
ARRIVES = {"": 0, "text": 1, "ignored": 2}  # DriverDefault::Arrives
KINDS = {"number": 0, "cpu": 1, "unlimited": 2, "driver": 3, "mandatory": 4, "thread": 5}
HOLDS = {"": 0, "transaction": 1, "request": 2}


def driver_key(name):
    """As in src/catalog/drivers.cpp: lower case, and one mark for those that spellings differ in."""
    return re.sub(r"[_./@ ]", "-", name.lower())


def tables(generator):
    """Adds the tables of drivers and of their names."""
    data, pooled = generator.data, generator.text
    lines, keys = [], {}
    for at, row in enumerate(data.drivers):
        value, formula = row.text("default_max"), row.cells["pool_formula"]
        kind = value if value in KINDS else "number"
        number = row.whole("default_max", 1, 10000) if kind == "number" else 0
        if (kind == "cpu") != bool(formula):
            row.fail("default_max cpu needs a pool_formula, and nothing else has one")
        if formula and not re.fullmatch(r"[0-9A-Z_a-z+*/(), -]+", formula):
            row.fail(f"pool_formula {formula!r} has a character that the pool dialect lacks")
        row.dated()
        timeout = row.whole("acquire_timeout_ms", 1, 600000, required=False) or 0
        waits, counts = (row.one_of(column, KNOWN) for column in ("waits_forever", "counts_waiting"))
        holds = row.cells["holds"]
        if holds not in HOLDS:
            row.fail(f"holds is {holds!r}, not transaction or request")
        if kind == "thread" and holds != "request":
            row.fail("a connection of its own for each thread is held for the request")
        if timeout and waits != "no":
            row.fail("a driver with an acquire_timeout_ms does not wait forever")
        words = row.cells["default_max_formula"] or value
        source = row.text("source") + "; " + row.text("version_checked")
        sharing = data.sharing.get(row.text("id"))
        shared = [sharing.cells[column] if sharing else "" for column in
                  ("built_on", "merge", "transaction_pooling")]
        session = data.session.get(row.text("id"))
        kept = [session.text(column) if session else "" for column in ("uses", "setting")]
        listens = session.cells["listens"] if session else "no"
        if listens not in ("yes", "no"):
            session.fail(f"listens is {listens!r}, not yes or no")
        pins = session.cells["pins"] if session else "unknown"
        if pins not in KNOWN:
            session.fail(f"pins is {pins!r}, not yes, no or unknown")
        unpin = [session.cells[column] if session else "" for column in ("pins_by", "unpin")]
        lifetime = data.lifetime.get(row.text("id"))
        lives = (lifetime.text("option"), lifetime.whole("max_lifetime_s", 0, 864000)) if lifetime else ("", 0)
        max_in = data.max_in.get(row.text("id"))
        arrives = [max_in.cells[column] if max_in else "" for column in ("url", "env")]
        if any(value not in ARRIVES for value in arrives):
            max_in.fail(f"{arrives} are not empty, text or ignored")
        for other in (sharing, session, max_in, lifetime):
            if other:
                other.dated()
                other.text("source")
        lines.append("{" + ",".join(pooled(text) for text in (
            row.text("name"), row.text("id"), formula, words, row.cells["max_option"], source, row.cells["as_of"],
            row.cells["metrics"], row.cells["acquire_timeout_default"], *shared, *kept, *unpin, lives[0]))
            + f",{timeout},{lives[1]},{number},{KINDS[kind]},{HOLDS[holds]},{KNOWN[waits]},{KNOWN[counts]},{KNOWN[pins]},"
            + f"{ARRIVES[arrives[0]]},{ARRIVES[arrives[1]]},"
            + ("true" if listens == "yes" else "false") + "}")
        for name in [row.cells["id"], row.cells["name"]] + row.cells["aliases"].split(";"):
            key = driver_key(name)
            if key and keys.setdefault(key, at) != at:
                row.fail(f"the name {name} is another driver's too")
    ids = {row.text("id") for row in data.drivers}
    for id, row in data.sharing.items():
        for named in (id, row.cells["built_on"]):
            if named and named not in ids:
                row.fail(f"no driver {named}")
    for table in (data.session, data.max_in, data.lifetime):
        for id, row in table.items():
            if id not in ids:
                row.fail(f"no driver {id}")
    generator.array("DriverRow", "drivers", lines)
    generator.array("DriverName", "driver_names", [f"{{{pooled(key)},{keys[key]}}}" for key in sorted(keys)])
