#!/usr/bin/env python3
"""Turns data/ into src/catalog/tables.hpp's tables: generate_catalog.py DATA OUT [DEPFILE]. Deterministic; a datum that is
wrong ends it with file:line and exit code 1."""
import os
import re
import sys

sys.dont_write_bytecode = True
import catalog_drivers  # noqa: E402
from catalog_data import ONE_SERVER, TERMS, WITH_STANDBY, Data, DataError, first_date  # noqa: E402
from catalog_versions import in_words, slot_ranges, versions  # noqa: E402

def median(values):
    """The middle one; of two the whole number between them."""
    ranked = sorted(values)
    half = len(ranked) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) // 2


class Generator:
    def __init__(self, data):
        self.data = data
        self.offsets, self.pieces, self.size = {"": 0}, [], 0  # the text pool
        self.out, self.exports = [], []
        self.source_index = {id: index for index, id in enumerate(data.sources)}

    def text(self, value):
        if value not in self.offsets:
            self.offsets[value] = self.size
            self.pieces.append(value)
            self.size += len(value.encode())
        length = len(value.encode())
        if self.offsets[value] + length > 65535:
            raise DataError(f"the text pool is past 65535 bytes at {value!r}")
        return f"{{{self.offsets[value]},{length}}}"

    def origin(self, source, as_of):
        return f"{{{self.source_index[source]},{self.text(as_of)}}}"

    def array(self, kind, name, lines):
        self.out.append(f"constexpr {kind} {name}_rows[] = {{\n" + "".join(f"    {line},\n" for line in lines) + "};\n")
        self.exports.append(f"constinit const std::span<const {kind}> {name}{{{name}_rows}};\n")

    def burst(self, row):
        if row.one_of("burstable", ("0", "1")) == "0":
            return "{0,0,0}"
        baseline = row.whole("baseline_pct_per_vcpu", 1, 100, scale=100)
        credits = row.whole("credits_per_hour", 1, 6000, scale=10)
        most = credits * 24 if "max_credits" not in row.cells else row.whole("max_credits", 1, 6000, scale=10)
        return f"{{{baseline},{credits},{most}}}"

    def memory(self, row):
        return row.whole("memory_gib", "0.25", 40000, scale=1024)

    def arch(self, row):
        return "Arch::" + row.one_of("arch", ("x86_64", "arm64"))

    def classes(self):
        speeds, families = {}, {}
        for row in self.data.coremark:
            row.dated("coremark_date")
            if row.text("source") not in self.source_index:
                row.fail(f"unknown source id {row.cells['source']}")
            entry = (row.text("ec2_type"), row.whole("vcpu", 1, 1024), row.whole("coremark_per_vcpu", 1000, 200000),
                     self.origin(row.cells["source"], row.cells["coremark_date"]))
            speeds[entry[0]] = entry
            families.setdefault(row.text("family"), []).append(entry)
        # All sizes of a family have one processor, and one figure: the median of those measured. What a single run of
        # a size adds is noise, up to 15 %, and would make one of two classes with the same CPU look faster. A family
        # that was not measured has the median of those with the same processor and as many threads a core.
        processors = {}
        for row in self.data.classes:
            if row.text("ec2_equivalent") in speeds:
                processors.setdefault((row.text("cpu_model"), row.text("threads_per_core")), []).append(
                    speeds[row.text("ec2_equivalent")])
        lines = []
        for row in self.data.classes:
            name, family = row.text("class"), row.text("family")
            if not name.startswith(f"db.{family}."):
                row.fail(f"{name} is not of family {family}")
            vcpus = row.whole("vcpu", 1, 2000)
            ec2 = row.text("ec2_equivalent")
            alike = families.get(family) or processors.get((row.text("cpu_model"), row.text("threads_per_core")), [])
            nearest = sorted(alike, key=lambda e: (max(e[1], vcpus) / min(e[1], vcpus), e[2], e[0]))
            speed = median(entry[2] for entry in alike) if alike else 0
            note = (f"median of {len(alike)} sizes" if len(alike) > 1 else
                    f"measured on {alike[0][0]}" if alike and alike[0][0] != ec2 else "")
            if alike and family not in families:
                note = f"{note or 'measured on ' + alike[0][0]}, the same processor"
            visible = row.whole("ec2_os_visible_mib", 256, 40_000_000, required=False) or 0
            memory = self.memory(row)
            if visible > memory:
                row.fail("ec2_os_visible_mib is more than memory_gib")
            limits = [row.whole(column, 1, 1_000_000, required=False) or 0 for column in
                      ("ebs_baseline_mbps", "ebs_max_mbps", "ebs_baseline_iops", "ebs_max_iops")]
            limits += [row.whole(column, "0.001", 1000, required=False, scale=1000) or 0 for column in
                       ("network_baseline_gbps", "network_max_gbps")]
            texts = [name, family, row.text("category"), row.cells["cpu_model"], ec2, note]
            lines.append("{" + ",".join(self.text(value) for value in texts) + ","
                         + self.origin(*row.as_of(self.data.sources)) + ","
                         + (nearest[0][3] if nearest else "{0,{0,0}}")
                         + f",{memory},{visible},{speed},{','.join(map(str, limits))}"
                         + f",{vcpus},{self.burst(row)},{row.whole('generation', 1, 30)}"
                         + f",{row.whole('threads_per_core', 1, 2)},{self.arch(row)}"
                         + f",{'true' if 'Multi-AZ DB cluster only' in row.cells['notes'] else 'false'}"
                         + ",false,false}")
        self.array("ClassRow", "classes", lines)
        for at, table in enumerate(self.data.class_tables[1:], 1):
            self.out.append(f"constexpr ClassRow tiers_{at}[] = {{\n"
                            + "".join(f"    {self.tier(row)},\n" for row in table) + "};\n")

    def tier(self, row):
        """A class of a provider that publishes its size and limits, and no hardware."""
        texts = [row.text("class"), row.text("family"), row.text("category"), "", "", ""]
        iops = row.whole("max_iops", 1, 1_000_000, required=False) or 0
        mbps = int((row.decimal("max_io_mib_s", "0.1", 100_000, required=False) or 0) * 8388608 / 1_000_000)
        shared, by_size = row.one_of("cpu", ("own", "shared")) == "shared", row.text("family").startswith(("custom", "n1-"))
        return ("{" + ",".join(self.text(value) for value in texts) + "," + self.origin(*row.as_of(self.data.sources))
                + f",{{0,{{0,0}}}},{row.whole('memory_mib', 256, 40_000_000)},0,0,{mbps},{mbps},{iops},{iops},0,0"
                + f",{row.whole('vcpu', 1, 2000)},{{0,0,0}},{row.whole('generation', 1, 30, required=False) or 0}"
                + f",1,{self.arch(row)},false,{'true' if shared else 'false'},{'true' if by_size else 'false'}}}")

    def table_of(self, platform):
        at = next((at for at, table in enumerate(self.data.class_tables) if table is platform.classes), None)
        return "{}" if at is None else "classes_rows" if at == 0 else f"tiers_{at}"

    def hosts(self):
        self.array("HostRow", "hosts", [
            f"{{{self.text(row.text('type'))},{self.origin(*row.as_of(self.data.sources))},{self.memory(row)},"
            f"{row.whole('usd_per_hour_linux_us_east_1', 0, 4000, required=False, scale=1_000_000) or 0},"
            f"{row.whole('vcpu', 1, 2000)},{row.whole('threads_per_core', 1, 2)},{self.burst(row)},{self.arch(row)}}}"
            for row in self.data.hosts])

    def platforms(self):
        self.array("std::string_view", "regions", [f'"{region}"' for region in self.data.regions])
        self.clauses, self.sentences = [], {}
        lines = []
        for at, platform in enumerate(self.data.platforms):
            parts = [self.text(platform.id), self.table_of(platform)]
            for kind, name, rows in (("SupportRow", "support", self.support(platform)), *self.prices(platform),
                                     ("CreditRow", "credits", self.credits(platform)),
                                     ("SlotRow", "slots", self.slots(platform)),
                                     ("CycleRow", "cycles", self.cycles(platform)),
                                     ("SupportPriceRow", "support_prices", self.support_prices(platform)),
                                     ("LimitRow", "limits", self.limits(platform)),
                                     ("CapacityPriceRow", "capacity", self.capacity(platform)),
                                     ("BandRow", "bands", self.bands(platform)),
                                     ("SizePriceRow", "size_prices", self.size_prices(platform)),
                                     ("StoragePriceRow", "storage", self.storage(platform))):
                if rows:
                    self.out.append(f"constexpr {kind} {name}_{at}[] = {{\n"
                                    + "".join(f"    {line},\n" for line in rows) + "};\n")
                parts.append(f"{name}_{at}" if rows else "{}")
            parts.append(f"{{{self.text(platform.limit[0].text('default_formula'))},"
                         f"{self.origin(*platform.limit[0].as_of(self.data.sources))}}}" if platform.limit else "{}")
            parts.append(self.clauses_of(platform.capacity_versions[0]) if platform.capacity_versions else "{}")
            lines.append("{" + ", ".join(parts) + "}")
        self.array("VersionSupport", "clauses", self.clauses)
        self.array("PlatformRows", "platforms", lines)
        # Servers whose OS-visible memory is known are those that the memory model is fitted to.
        newest = max((row.cells["as_of"] for row in self.data.observed
                      if row.cells["ec2_os_visible_mib"] and first_date(row.cells["as_of"])), key=first_date)
        year, month, day = max(first_date(row.cells["as_of"]) for row in self.data.dated)
        self.exports.append(f"constinit const std::uint32_t newest = {year * 10000 + max(month, 1) * 100 + max(day, 1)};\n")
        self.exports.append(f'constinit const std::string_view observed_as_of{{"{newest}"}};\n')

    def support(self, platform):
        """Of each class, in the order of the classes."""
        lines = []
        for cls in platform.classes:
            row = platform.support[cls.cells["class"]]
            sentence = row.cells["support"]
            support, first, count, words = "not_stated", 0, 0, sentence
            legacy = sentence == "legacy"
            if legacy:
                support, words = "yes", "yes, by an earlier name that no new server takes"
            elif sentence in ("yes", "no", "likely"):
                support, words = sentence, sentence if sentence == "no" else ""
            elif sentence:
                support = "yes"
                first, count = self.clauses_at(row)
                words = in_words(sentence[5:])
            lines.append(f"{{{self.text(words)},{self.origin(*row.as_of(self.data.sources))},{first},{count}"
                         f",InstanceClass::Support::{support},{'true' if legacy else 'false'}}}")
        return lines

    def clauses_at(self, row):
        """(first, count) of the clauses of a row's versions."""
        sentence = row.text("support")
        if sentence not in self.sentences:
            try:
                if not sentence.startswith("yes: "):
                    raise ValueError("expected 'yes', 'yes: ', 'likely', 'legacy', 'no' or nothing")
                read = versions(sentence[5:])
            except ValueError as error:
                row.fail(f"support: {error} in {sentence!r}")
            self.sentences[sentence] = (len(self.clauses), len(read))
            self.clauses += [f"{{{{{a},{b}}},{c},{'true' if d else 'false'}}}" for a, b, c, d in read]
        return self.sentences[sentence]

    def clauses_of(self, row):
        first, count = self.clauses_at(row)
        return (f"{{{self.text(in_words(row.cells['support'][5:]))},{self.origin(*row.as_of(self.data.sources))},"
                f"{first},{count},InstanceClass::Support::yes,false}}")

    def storage(self, platform):
        """By region, kind and deployment; 0 is not known, but for a request, which may be free."""
        regions = {region: at for at, region in enumerate(self.data.regions)}
        lines = []
        for row in self.data.storage:
            if platform.id not in row.text("platforms").split(" "):
                continue
            if row.text("region") not in regions:
                row.fail(f"unknown region {row.cells['region']}")
            multi = row.one_of("deployment", ONE_SERVER + WITH_STANDBY) in WITH_STANDBY
            micro = [row.whole(column, 0, 100, required=column == "usd_per_gib_month", scale=1_000_000) or 0 for column in
                     ("usd_per_gib_month", "usd_per_iops_month", "usd_per_mibps_month", "usd_per_million_requests")]
            lines.append(f"{{{regions[row.cells['region']]},{'true' if multi else 'false'},{self.text(row.text('type'))},"
                         f"{','.join(map(str, micro))},{self.origin(*row.as_of(self.data.sources))}}}")
        return lines

    def limits(self, platform):
        """max_connections that are listed: by class, or by units of capacity, the most or the least; in that order."""
        index = {row.cells["class"]: at for at, row in enumerate(platform.classes)}
        keyed = [(index[row.cells["class"]], row) for row in platform.class_limits]
        for row in platform.capacity_limits:  # in quarters of a unit
            by_most = "max_acu" in row.cells
            keyed.append((row.whole("max_acu", 1, 256, scale=2) * 2 if by_most else
                          row.whole("min_cu", "0.25", 256, scale=4), row))
        return [f"{{{key},{row.whole('default_max_connections', 1, 100000)},"
                f"{self.origin(*row.as_of(self.data.sources))}}}" for key, row in sorted(keyed, key=lambda k: k[0])]

    def bands(self, platform):
        """max_connections by memory: from one size, below another."""
        lines, end = [], None
        for row in platform.limit_bands:
            low = row.whole("memory_gib_from", 0, 40000, required=False, scale=1024) or 0
            high = row.whole("memory_gib_below", 0, 40000, required=False, scale=1024) or 0
            if end is not None and low != end or high and high <= low:
                row.fail("the bands are not in order")
            end = high
            per_gib = row.whole("per_gib", 1, 10000, required=False) or 0
            lines.append(f"{{{low},{high},{row.whole('default_max_connections', 1, 100000)},{per_gib},"
                         f"{self.origin(*row.as_of(self.data.sources))}}}")
        return lines

    def size_prices(self, platform):
        regions = {region: at for at, region in enumerate(self.data.regions)}
        return [f"{{{regions[row.text('region')]},{row.whole('usd_per_vcpu_hour', 0, 100, scale=1_000_000)},"
                f"{row.whole('usd_per_gib_hour', 0, 100, scale=1_000_000)},{self.origin(*row.as_of(self.data.sources))}}}"
                for row in platform.size_prices]

    def capacity(self, platform):
        regions = {region: at for at, region in enumerate(self.data.regions)}
        lines = []
        for row in platform.capacity:
            if row.text("region") not in regions:
                row.fail(f"unknown region {row.cells['region']}")
            lines.append(f"{{{regions[row.cells['region']]},{row.whole('usd_per_acu_hour', 0, 100, scale=1_000_000)},"
                         f"{self.origin(*row.as_of(self.data.sources))}}}")
        return lines

    def proxies(self):
        regions = {region: at for at, region in enumerate(self.data.regions)}
        lines = []
        for row in self.data.proxies:
            if row.text("region") not in regions:
                row.fail(f"unknown region {row.cells['region']}")
            hourly = [row.whole(column, 0, 100, required=False, scale=1_000_000) or 0
                      for column in ("usd_per_vcpu_hour", "usd_per_acu_hour")]
            lines.append(f"{{{regions[row.cells['region']]},{hourly[0]},{hourly[1]},"
                         f"{self.origin(*row.as_of(self.data.sources))}}}")
        self.array("ProxyPriceRow", "proxy_prices", lines)

    def prices(self, platform):
        index = {row.cells["class"]: at for at, row in enumerate(platform.classes)}
        regions = {region: at for at, region in enumerate(self.data.regions)}
        origins, lines, dates = {}, [], {region: set() for region in regions}
        for key in sorted(platform.price_of, key=lambda k: (index[k[0]], regions[k[1]], k[2])):
            terms = platform.price_of[key]
            if not terms:
                continue
            micro, origin = [], []
            for term in TERMS:
                offer = terms.get(term)
                micro.append(str(offer[3] if offer else 0))
                origin.append(str(origins.setdefault((offer[2], offer[1]), len(origins)) if offer else 0))
            if "ondemand" in terms:
                dates[key[1]].add(terms["ondemand"][1])
            lines.append(f"{{{index[key[0]]},{regions[key[1]]},{'true' if key[2] else 'false'},"
                         f"{{{','.join(micro)}}},{{{','.join(origin)}}}}}")
        for row in platform.size_prices:
            dates[row.cells["region"]].add(row.cells["as_of"])
        spans = []
        for region in regions if platform.prices else ():
            days = sorted(dates[region], key=first_date)
            oldest, newest = (re.split(r"\.\.", day) for day in (days[0], days[-1])) if days else ([""], [""])
            spans.append(f'"{oldest[0]}"' if oldest == newest else f'"{oldest[0]}..{newest[-1]}"')
        return [("PriceRow", "prices", lines), ("Origin", "price_origins", [self.origin(*pair) for pair in origins]),
                ("std::string_view", "prices_as_of", spans)]

    def credits(self, platform):
        regions = {region: at for at, region in enumerate(self.data.regions)}
        lines = []
        for row in platform.credits:
            region = row.text("region")
            if region != "all" and region not in regions:
                row.fail(f"unknown region {region}")
            lines.append(f"{{{self.text(row.text('family'))},{'every_region' if region == 'all' else regions[region]},"
                         f"{row.whole('usd_per_vcpu_hour', 0, 100, scale=1_000_000)},"
                         f"{self.origin(*row.as_of(self.data.sources))}}}")
        return lines

    def slots(self, platform):
        lines = []
        for row in platform.slots:
            try:
                ranges = slot_ranges(row.text("versions"))
            except ValueError as error:
                row.fail(str(error))
            for low, high, release in ranges:
                lines.append(f"{{{self.text(row.text('parameter'))},{low},{high},{release},"
                             f"{row.whole('default', 0, 10000)},{self.origin(*row.as_of(self.data.sources))}}}")
        return lines

    def cycles(self, platform):
        lines = []
        for row in platform.cycles:
            version = re.fullmatch(r"(\d+)(?:\.(\d+))?", row.text("version"))
            if not version:
                row.fail(f"version {row.cells['version']!r} is not a series")
            standard, ends = row.day("standard_support_end"), row.day("support_end")
            charged = row.day("year1_2_price_from", required=False)
            dearer = row.day("year3_price_from", required=False)
            days = [day for day in (standard, charged, dearer, ends) if day]
            if days != sorted(days) or (dearer and not charged):
                row.fail("the dates are not in order")
            if bool(charged) != bool(standard != ends):
                row.fail("support goes on after standard support if, and only if, it is charged")
            lines.append(f"{{{self.text(version[0])},{version[1]},{version[2] or 0},{standard},{charged},{dearer},{ends},"
                         f"{self.origin(*row.as_of(self.data.sources))}}}")
        return lines

    def support_prices(self, platform):
        regions = {region: at for at, region in enumerate(self.data.regions)}
        lines = []
        for row in platform.extended:
            if row.text("region") not in regions:
                row.fail(f"unknown region {row.cells['region']}")
            column = f"usd_per_{platform.unit}_hour"
            later = row.whole(column + "_year3", 0, 100, required=False, scale=1_000_000) or 0
            lines.append(f"{{{regions[row.cells['region']]},{row.whole(column, 0, 100, scale=1_000_000)},{later},"
                         f"{self.origin(*row.as_of(self.data.sources))}}}")
        return lines

    def generate(self):
        self.array("Source", "sources", [f"{{{self.text(id)},{self.text(text)}}}"
                                         for id, text in self.data.sources.items()])
        self.classes()
        self.hosts()
        self.platforms()
        self.proxies()
        catalog_drivers.tables(self)
        pool = "".join(f"    {quoted(piece)}\n" for piece in self.pieces)
        return (f"// Generated from data/ by scripts/generate_catalog.py: {sum(map(len, self.data.class_tables))} classes, "
                f"{len(self.data.hosts)} hosts.\n"
                + "".join(f"// {p.id}: {len(p.prices)} price rows ({p.prices_outside} of classes outside the table, "
                          f"{p.prices_incomplete} offers without their upfront fee).\n" for p in self.data.platforms)
                +                '#include "src/catalog/tables.hpp"\n\nnamespace poolfit::catalog::tables {\nnamespace {\n'
                + "".join(self.out) + "}  // namespace\n\n" + f"constinit const std::string_view pool{{\n{pool}    , {self.size}}};\n"
                + "".join(self.exports) + "}  // namespace poolfit::catalog::tables\n")


def quoted(text):
    """A C++ string literal; every byte that isn't plain is three octal digits, which no digit after can extend."""
    plain = set(range(0x20, 0x7F)) - set(b'"\\?')
    return '"' + "".join(chr(b) if b in plain else f"\\{b:03o}" for b in text.encode()) + '"'


def main():
    root, out = sys.argv[1:3]
    try:
        data = Data(root)
        text = Generator(data).generate()
    except (DataError, OSError) as error:
        print(f"generate_catalog: {error}", file=sys.stderr)
        return 1
    os.makedirs(os.path.dirname(out) or ".", exist_ok=True)
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    if len(sys.argv) > 3:  # a folder among them: a file that is new there counts too
        with open(sys.argv[3], "w", encoding="utf-8") as file:
            file.write(f"{out}: {' '.join(path.replace(' ', chr(92) + ' ') for path in data.read)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
