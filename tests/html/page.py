#!/usr/bin/env python3
"""Reads the page and the pictures as a browser's parser does: page.py BINARY.

Of each example, of hostile names, of series and of a fleet of 1,000 databases: valid HTML (html5lib, strict), no
address of anything outside, a content security policy with the hashes of what is there, headings in order, no id twice,
no link to nothing, names as text, the figures of the JSON. Each picture is well-formed XML with a role, a title and a
description; files have names that any system takes. Exit 77 without html5lib, which Debian has as python3-html5lib.
"""
import base64
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from inventories import EXAMPLES, HOSTILE, HOSTILE_FILE, HOSTILE_SERIES, ROOT, with_series, write_hostile

try:
    import html5lib
except ImportError:
    print("html5lib is not installed: apt-get install python3-html5lib")
    sys.exit(77)

SVG = "{http://www.w3.org/2000/svg}"
BIG = 1000


def run(binary, *arguments, folder=None):
    done = subprocess.run([binary, *arguments], capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        raise ValueError(f"exit {done.returncode}: {done.stderr}")
    return done.stdout


def whole_text(element):
    return "".join(element.itertext())


def visible(name):
    """As poolfit shows it: direction characters are written out."""
    return "".join(f"\\u{ord(c):04x}" if c == "\u202e" else c for c in name)


def of_page(text):
    """What is wrong with any page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(text)
    for (line, column), error, _ in parser.errors:
        yield f"{line}:{column}: {error}"
    html = document.getroot() if hasattr(document, "getroot") else document
    if html.get("lang") != "en":
        yield "no language"
    everything = list(html.iter())
    ids = [e.get("id") for e in everything if e.get("id")]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    for e in everything:
        if not isinstance(e.tag, str):
            yield f"a comment: {e.text[:40]}"
            continue
        for attribute, value in e.attrib.items():
            if attribute in ("src", "srcset", "action", "data", "poster", "style") or attribute.startswith("on"):
                yield f"{e.tag} has {attribute}"
            if attribute == "href" and not (value.startswith("#") and value[1:] in ids):
                yield f"a link to {value}"
            if attribute == "aria-labelledby" and value not in ids:
                yield f"labelled by {value}"
        if e.tag in ("img", "iframe", "object", "embed", "link", "base", "form"):
            yield f"<{e.tag}>"
    styles = [whole_text(e) for e in html.find("head").iter("style")]
    scripts = [whole_text(e) for e in html.iter("script")]
    if len(scripts) != 1 or len(styles) != 2:
        yield f"{len(scripts)} scripts, {len(styles)} styles"
    for css in styles:
        if re.search(r"url\(|@import|@font-face", css):
            yield "a style fetches something"
    for call in ("fetch(", "XMLHttpRequest", "import(", "eval(", "innerHTML", "http:", "https:"):
        if call in scripts[0]:
            yield f"the script has {call}"
    policy = next(e.get("content") for e in html.iter("meta") if e.get("http-equiv") == "Content-Security-Policy")
    for part in [*styles, *scripts]:
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in policy:
            yield "a hash of the policy is another one"
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"policy: {policy}"
    if "\\x0a" in text:
        yield "a line break that is shown as a sign"
    levels = [int(e.tag[1]) for e in everything if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)]
    if levels[0] != 1 or levels.count(1) != 1 or any(b > a + 1 for a, b in zip(levels, levels[1:])):
        yield f"headings {levels}"


def of_picture(name, text):
    root = xml.fromstring(text)
    if root.tag != f"{SVG}svg" or root.get("role") != "img":
        yield f"{name}: no picture"
    if root[0].tag != f"{SVG}title" or root[1].tag != f"{SVG}desc" or not root[0].text or not root[1].text:
        yield f"{name}: no title or description"
    width, height = (float(n) for n in root.get("viewBox").split()[2:])
    for e in root.iter():
        if e.get("id") or any(k.endswith("href") for k in e.attrib) or e.tag in (f"{SVG}script", f"{SVG}image"):
            yield f"{name}: {e.tag} {e.attrib}"
        for key in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"):
            number = e.get(key)
            if number is None:
                continue
            if not re.fullmatch(r"-?\d+(\.\d)?", number):
                yield f"{name}: {key}={number}"
            elif not -1 <= float(number) <= (height if "y" in key or key == "height" else width) + 1:
                yield f"{name}: {key}={number} is outside"


def pictures_in(text):
    return re.findall(r"<svg .*?</svg>", text, re.DOTALL)


def sliders(text):
    """Of each: what is usable, and (steady, deploy) by number of instances; today's number is marked by position."""
    for rows, usable, today in re.findall(
            r'class="what-if" data-rows="([^"]*)" data-usable="(\d+)"[^>]* data-today="(\d+)"', text):
        numbers = [[int(n) if n else None for n in row.split(":")] for row in rows.split(";")]
        yield int(usable), {n: (steady, deploy) for n, steady, deploy, _ in numbers}, numbers[int(today)][0]


def of_figures(text, report):
    """Each slider has the rows of the JSON, and begins at one of them."""
    expected = [d["instances"] for d in report["databases"] if d["instances"]]
    have = list(sliders(text))
    if len(have) != len(expected):
        yield f"{len(have)} sliders, {len(expected)} databases with instances"
    for known in expected:
        rows = {at["instances"]: (at["steady"], at["deploy"]) for at in known["at"]}
        if not any(usable == known["usable"] and today in rows and rows.items() <= all_rows.items()
                   for usable, all_rows, today in have):
            yield f"no slider has {rows}"


def of_inventory(binary, path, folder):
    page, pictures = folder / "plan.html", folder / "pictures"
    given = ("plan", str(path), "--format", f"html={page}", "--format", f"svg={pictures}", "--json")
    report = json.loads(run(binary, *given))
    text = page.read_text(encoding="utf-8")
    yield from of_page(text)
    names = sorted(f.name for f in pictures.iterdir())
    inline = pictures_in(text)
    if len(report["databases"]) <= 20 and len(names) != len(inline):
        yield f"{len(names)} files, {len(inline)} pictures in the page"
    for name in names:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*\.svg", name):
            yield f"a file {name}"
        yield from of_picture(name, (pictures / name).read_text(encoding="utf-8"))
    for number, svg in enumerate(inline):
        yield from of_picture(f"picture {number}", svg)
    for database in report["databases"]:
        name = visible(database["name"])
        if name not in whole_text(html5lib.parse(text, namespaceHTMLElements=False)):
            yield f"{name} is not in the page"
            break
    yield from of_figures(text, report)
    run(binary, *given)
    if page.read_text(encoding="utf-8") != text:
        yield "another page in a second run"


def of_hostile(binary, folder):
    path = write_hostile(folder)
    text = run(binary, "plan", str(path), "--format", "html")
    document = html5lib.parse(text, namespaceHTMLElements=False)
    title, heading = (" ".join(whole_text(next(document.iter(tag))).split()) for tag in ("title", "h1"))
    everything = whole_text(document)
    for each in HOSTILE:
        if visible(each) not in title or visible(each) not in heading:
            yield f"{each}: not in the title and the heading"
    for each in (HOSTILE_FILE, HOSTILE_SERIES):
        if visible(each) not in everything:
            yield f"{each} is not text"
    if any(True for _ in document.iter("b")):
        yield "a name is markup"


def of_big(binary, folder):
    path = folder / "big.toml"
    path.write_text(run(sys.executable, str(ROOT / "tests/bench/fleet.py"), str(BIG), str(BIG)), encoding="utf-8")
    text = run(binary, "plan", str(path), "--format", "html")
    yield from of_page(text)
    if len(re.findall(r'<tr><th scope="row">', text)) < BIG:
        yield "not a line for each database"
    if len(re.findall(r'class="database"', text)) != 20 or "20 of 1000 databases in full" not in text:
        yield "other than 20 in full, or it does not say so"
    print(f"a page of {BIG} databases: {len(text.encode()):,} bytes")
    if len(text.encode()) > 2_000_000:
        yield "more than 2 MB"


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    passed = failed = 0
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        (folder / "series.toml").write_text(with_series(folder), encoding="utf-8")
        cases = [(path.relative_to(ROOT).as_posix() if ROOT in path.parents else path.name, of_inventory, path)
                 for path in [*EXAMPLES, folder / "series.toml", write_hostile(folder)]]
        for name, check, path in cases:
            with tempfile.TemporaryDirectory() as own:
                wrong = list(check(binary, path, pathlib.Path(own)))
            passed, failed = passed + (not wrong), failed + bool(wrong)
            for each in wrong[:10]:
                print(f"{name}: {each}")
        for name, check in (("hostile names", of_hostile), ("a big fleet", of_big)):
            wrong = list(check(binary, folder))
            passed, failed = passed + (not wrong), failed + bool(wrong)
            for each in wrong[:10]:
                print(f"{name}: {each}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
