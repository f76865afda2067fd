"""Reads and validates data/catalog, data/platforms and data/drivers. Every complaint names file:line; nothing is guessed."""
import calendar
import csv
import os
import re
from decimal import Decimal, InvalidOperation

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:\.\.\d{4}(?:-\d{2}){0,2}| [(/].*)?$")
TERMS = ("ondemand", "ri1_no", "ri3_partial")  # list, ri1, ri3


class DataError(Exception):
    pass


def first_date(text):
    """(year, month, day) of the first date of an as_of cell; a coarse date sorts before a finer one of its span."""
    match = DATE.match(text)
    return tuple(int(part or 0) for part in match.groups()) if match else None


def last_day(text):
    """(year, month, day) of a day, or of the last one of a month."""
    parts = [int(part) for part in text.split("-")]
    return tuple(parts) if len(parts) == 3 else (parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])


class Row:
    def __init__(self, table, line, cells):
        self.table, self.line, self.cells = table, line, cells

    def fail(self, message):
        raise DataError(f"{self.table.path}:{self.line}: {message}")

    def text(self, column, required=True):
        value = self.cells[column]
        if required and not value:
            self.fail(f"{column} is empty")
        return value

    def decimal(self, column, low, high, required=True):
        value = self.text(column, required)
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            self.fail(f"{column} is not a number: {value}")
        if not number.is_finite() or not Decimal(str(low)) <= number <= Decimal(str(high)):
            self.fail(f"{column} is out of range {low} to {high}: {value}")
        return number

    def whole(self, column, low, high, required=True, scale=1):
        number = self.decimal(column, low, high, required)
        if number is None:
            return None
        if number * scale != int(number * scale):
            self.fail(f"{column} is finer than 1/{scale}: {number}")
        return int(number * scale)

    def one_of(self, column, choices):
        value = self.cells[column]
        if value not in choices:
            self.fail(f"{column} is {value!r}, expected one of {', '.join(map(repr, choices))}")
        return value

    def as_of(self, sources):
        """Checks the date and the source id that every datum carries; returns (source id, as_of)."""
        if self.text("source") not in sources:
            self.fail(f"unknown source id {self.cells['source']}")
        self.dated()
        return self.cells["source"], self.cells["as_of"]

    def day(self, column, required=True):
        """A day as yyyymmdd, of a month the last one; 0 where the cell is empty and may be."""
        value = self.text(column, required)
        if not value:
            return 0
        if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", value):
            self.fail(f"{column} is not a day or a month: {value}")
        self.dated(column)
        year, month, day = last_day(value)
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
            self.fail(f"{column} is no day of the calendar: {value}")
        return year * 10000 + month * 100 + day

    def dated(self, column="as_of"):
        date = first_date(self.text(column))
        if not date or not 1990 <= date[0] <= 2100 or date[1] > 12 or date[2] > 31:
            self.fail(f"bad date {self.cells[column]!r} in {column}")
        return self.cells[column]


class Table:
    def __init__(self, directory, name, columns, key):
        self.path = os.path.join(directory, name)
        self.rows = []
        seen = {}
        with open(self.path, encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            head = next(reader, [])
            for column in columns.split():
                if column not in head:
                    raise DataError(f"{self.path}:1: missing column {column}")
            for cells in reader:
                if len(cells) != len(head):
                    raise DataError(f"{self.path}:{reader.line_num}: {len(cells)} cells, the header has {len(head)}")
                row = Row(self, reader.line_num, dict(zip(head, cells)))
                identity = tuple(row.cells[column] for column in key.split())
                if key and identity in seen:
                    row.fail(f"duplicate key {' '.join(identity)} (first in line {seen[identity]})")
                seen[identity] = row.line
                self.rows.append(row)
        if not self.rows:
            raise DataError(f"{self.path}:1: no rows")


class Platform:
    """data/platforms/<id>: what one platform offers of the classes, its prices and its limit. Only the files that say
    something are there; `rows` of a file that is not is empty."""

    def __init__(self, directory, id, data):
        self.id = id
        read = lambda name, columns, key: (Table(directory, name, columns, key).rows
                                           if os.path.exists(os.path.join(directory, name)) else [])
        known = {"classes.csv", "prices.csv", "credits.csv", "limit.csv", "reserved.csv", "lifecycle.csv",
                 "extended_support.csv", "class_limits.csv", "capacity.csv", "capacity_limits.csv",
                 "capacity_versions.csv", "limit_by_memory.csv", "size_prices.csv"}
        for name in sorted(os.listdir(directory)):
            if name not in known:
                raise DataError(f"{os.path.join(directory, name)}: not a file that is read: {', '.join(sorted(known))}")
        self.support = {row.text("class"): row for row in read("classes.csv", "class support source as_of", "class")}
        self.prices = read("prices.csv", PRICE_COLUMNS, "region class deployment source as_of")
        self.credits = read("credits.csv", "family region usd_per_vcpu_hour source as_of", "family region")
        self.limit = read("limit.csv", "parameter default_formula source as_of", "")
        self.slots = read("reserved.csv", "versions parameter default source as_of", "parameter versions")
        self.cycles = read("lifecycle.csv", CYCLE_COLUMNS, "version")
        self.capacity = read("capacity.csv", "region usd_per_acu_hour source as_of", "region")
        self.capacity_limits = read("capacity_limits.csv", "default_max_connections source as_of", "")
        self.limit_bands = read("limit_by_memory.csv", BAND_COLUMNS, "memory_gib_from memory_gib_below")
        self.size_prices = read("size_prices.csv", "region usd_per_vcpu_hour usd_per_gib_hour source as_of", "region")
        self.capacity_versions = read("capacity_versions.csv", "support source as_of", "")
        self.class_limits = read("class_limits.csv", "class default_max_connections source as_of", "class")
        self.unit = "acu" if self.capacity else "vcpu"  # that Extended Support is charged for
        self.extended = read("extended_support.csv", f"region usd_per_{self.unit}_hour usd_per_{self.unit}_hour_year3 "
                             "source as_of", "region")
        # A provider's classes are one table: the one that has the first.
        self.classes = []
        if self.support:
            first = next(iter(self.support))
            self.classes = next((table for table in data.class_tables
                                 if any(row.cells["class"] == first for row in table)), data.classes)
        self.dated = (*self.support.values(), *self.prices, *self.credits, *self.limit, *self.slots, *self.cycles,
                      *self.extended, *self.capacity, *self.capacity_limits, *self.capacity_versions,
                      *self.class_limits, *self.limit_bands, *self.size_prices)
        for row in self.dated:
            row.as_of(data.sources)
        if len(self.limit) > 1:
            self.limit[1].fail("a second formula: a platform has one")
        names = {row.cells["class"] for row in self.classes}
        for row in (*self.support.values(), *self.class_limits):
            if row.cells["class"] not in names:
                row.fail(f"no class {row.cells['class']} in {self.classes[0].table.path}" if self.classes else
                         f"no class {row.cells['class']}")
        for row in self.classes:
            if row.cells["class"] not in self.support:
                row.fail(f"{self.id}/classes.csv does not say whether the engine runs on {row.cells['class']}")
        self.merge_prices(names)

    def merge_prices(self, names):
        """(class, region, multi) → per term (micro-USD per hour, source, as_of), the newest that has the term."""
        self.price_of, self.prices_outside, self.prices_incomplete = {}, 0, 0
        for row in self.prices:
            multi = row.one_of("deployment", ONE_SERVER + WITH_STANDBY) in WITH_STANDBY
            self.check_effective(row)
            if row.text("class") not in names:
                self.prices_outside += 1
                continue
            terms = self.price_of.setdefault((row.cells["class"], row.cells["region"], multi), {})
            if not any(value for name, value in row.cells.items() if name.startswith(("ondemand", "ri"))):
                row.fail("no price in the row")
            for term in TERMS:
                micro = row.whole(term, "0.000001", 4000, required=False, scale=1_000_000)
                if micro is None:
                    continue
                offer = (first_date(row.cells["as_of"]), row.cells["as_of"], row.cells["source"], micro)
                if term not in terms or offer > terms[term]:
                    terms[term] = offer

    def check_effective(self, row):
        """An effective hourly price is the upfront fee spread over the term, plus the hourly part. A source may give
        the effective price alone."""
        for term, years in (("ri1_partial", 1), ("ri1_all", 1), ("ri3_partial", 3), ("ri3_all", 3)):
            partial = "partial" in term
            fee = row.decimal(term + "_fee", 0, 1e8, required=False)
            hourly = row.decimal(term + "_hourly", 0, 4000, required=False) if partial else Decimal(0)
            effective = row.decimal(term, 0, 4000, required=False)
            if effective is None:
                self.prices_incomplete += hourly is not None and partial
                continue
            if fee is None and (hourly is None or not partial):
                continue
            if fee is None or hourly is None:
                row.fail(f"{term} lacks its upfront fee or hourly part")
            if abs(fee / (8760 * years) + hourly - effective) > Decimal("0.0001"):
                row.fail(f"{term} is not its fee over {years} year(s) plus its hourly part")


class Data:
    """All tables, checked. Lists hold Row objects; what is derived stands beside."""

    def __init__(self, root):
        self.read = [os.path.join(folder, name) for part in ("catalog", "drivers", "platforms")
                     for folder, _, names in os.walk(os.path.join(root, part)) for name in ("", *sorted(names))]
        catalog = os.path.join(root, "catalog")
        read = lambda name, columns, key: Table(catalog, name, columns, key).rows
        self.sources = {row.text("id"): row.text("source") for row in read("sources.csv", "id source", "id")}
        self.classes = read("rds_classes.csv", CLASS_COLUMNS, "class")
        self.classes.sort(key=lambda row: row.cells["class"])
        self.class_tables = [self.classes]
        for name in sorted(os.listdir(catalog)):
            if name.endswith(("_tiers.csv", "_skus.csv")):
                self.class_tables.append(sorted(read(name, TIER_COLUMNS, "class"), key=lambda row: row.cells["class"]))
        self.hosts = read("ec2_app_hosts.csv", HOST_COLUMNS, "type")
        self.hosts.sort(key=lambda row: row.cells["type"])
        self.coremark = read("coremark.csv", "ec2_type family vcpu coremark_per_vcpu coremark_date source", "ec2_type")
        self.drivers = Table(os.path.join(root, "drivers"), "drivers.csv", DRIVER_COLUMNS, "id").rows
        self.sharing = {row.text("id"): row for row in
                        Table(os.path.join(root, "drivers"), "sharing.csv", SHARING_COLUMNS, "id").rows}
        self.session = {row.text("id"): row for row in
                        Table(os.path.join(root, "drivers"), "session.csv", SESSION_COLUMNS, "id").rows}
        self.max_in = {row.text("id"): row for row in
                       Table(os.path.join(root, "drivers"), "max_in.csv", MAX_IN_COLUMNS, "id").rows}
        self.lifetime = {row.text("id"): row for row in
                         Table(os.path.join(root, "drivers"), "lifetime.csv", LIFETIME_COLUMNS, "id").rows}
        self.proxies = read("proxy_prices.csv", "region usd_per_vcpu_hour usd_per_acu_hour source as_of", "region")
        for rows in (*self.class_tables, self.hosts, self.proxies):
            for row in rows:
                row.as_of(self.sources)
        self.check_cores()
        self.observed = read("observed_max_connections.csv",
                             "provider engine class observed_max_connections ec2_os_visible_mib kind source as_of", "")
        self.check_observed()
        self.idle = read("idle_memory.csv", "engine class used_low_mib used_high_mib swap_low_mib swap_high_mib connections "
                         "source as_of kind", "")
        for row in self.idle:
            row.one_of("kind", ("idle", "loaded"))
            row.whole("used_low_mib", 1, 10_000_000)
            row.whole("used_high_mib", 1, 10_000_000)
            row.as_of(self.sources)
        platforms = os.path.join(root, "platforms")
        self.platforms = [Platform(os.path.join(platforms, id), id, self) for id in sorted(os.listdir(platforms))]
        self.storage = read("storage_prices.csv", STORAGE_COLUMNS, "platforms region type deployment")
        self.check_storage()
        self.dated = [row for rows in (*self.class_tables, self.hosts, self.proxies,
                                         self.storage, *(p.dated for p in self.platforms)) for row in rows]
        self.regions = sorted({row.text("region") for platform in self.platforms
                               for row in (*platform.prices, *platform.size_prices)})

    def check_storage(self):
        """One row for all platforms that have the price."""
        ids, seen = {platform.id for platform in self.platforms}, set()
        for row in self.storage:
            row.as_of(self.sources)
            for id in row.text("platforms").split(" "):
                if id not in ids:
                    row.fail(f"no platform {id}")
                key = (id, *(row.text(column) for column in ("region", "type", "deployment")))
                if key in seen:
                    row.fail(f"a second price for {' '.join(key)}")
                seen.add(key)

    def check_cores(self):
        """A host and the database class of the same type have the same cores."""
        threads = {row.cells["ec2_equivalent"]: row.cells["threads_per_core"] for row in self.classes}
        for row in self.hosts:
            if threads.get(row.text("type"), row.text("threads_per_core")) != row.text("threads_per_core"):
                row.fail("threads_per_core is another than that of the database class of this type")

    def check_observed(self):
        for row in self.observed:
            row.one_of("kind", ("observed", "approximate", "secondary", "documented"))
            row.whole("observed_max_connections", 1, 100000)
            row.whole("ec2_os_visible_mib", 256, 10_000_000, required=False)
            if row.text("source") not in self.sources:
                row.fail(f"unknown source id {row.cells['source']}")
            if row.text("as_of") != "undated":
                row.dated()


CLASS_COLUMNS = """class family generation category arch vcpu memory_gib ec2_os_visible_mib burstable
    baseline_pct_per_vcpu credits_per_hour max_credits ebs_baseline_mbps ebs_max_mbps ebs_baseline_iops ebs_max_iops
    network_baseline_gbps network_max_gbps cpu_model threads_per_core ec2_equivalent source as_of
    notes"""
TIER_COLUMNS = """class family generation category arch vcpu memory_mib cpu max_iops max_io_mib_s source as_of notes"""
ONE_SERVER, WITH_STANDBY = ("single-az", "zonal", "single"), ("multi-az", "regional", "high-availability")
BAND_COLUMNS = "memory_gib_from memory_gib_below default_max_connections per_gib source as_of"
HOST_COLUMNS = """type arch vcpu threads_per_core memory_gib burstable baseline_pct_per_vcpu credits_per_hour
    usd_per_hour_linux_us_east_1 source as_of"""
PRICE_COLUMNS = """region class deployment ondemand ri1_no ri1_partial ri1_partial_fee ri1_partial_hourly ri1_all
    ri1_all_fee ri3_partial ri3_partial_fee ri3_partial_hourly ri3_all ri3_all_fee source as_of notes"""
STORAGE_COLUMNS = """platforms region type deployment usd_per_gib_month usd_per_iops_month usd_per_mibps_month
    usd_per_million_requests source as_of"""
CYCLE_COLUMNS = "version standard_support_end year1_2_price_from year3_price_from support_end source as_of"
DRIVER_COLUMNS = """id name aliases default_max default_max_formula pool_formula holds max_option acquire_timeout_default
    acquire_timeout_ms waits_forever metrics counts_waiting version_checked source as_of"""
SHARING_COLUMNS = "id built_on merge transaction_pooling source as_of"
SESSION_COLUMNS = "id uses setting listens pins pins_by unpin source as_of"
LIFETIME_COLUMNS = "id max_lifetime_s option source as_of"
MAX_IN_COLUMNS = "id url env source as_of"
