"""Which versions the tables of the catalog speak of: lists, AWS's sentences, ranges of reserved slots."""
import re


def versions(text):
    """Which versions run on a class → [(major, minor, release, exactly)]; a series is (major, minor).

    Two forms are read: '8.4:*;8.0:8.0.32+' (each series with all its releases, those from one on, or one), and
    PostgreSQL's as AWS words them, 'PostgreSQL 17 and 16 versions, 14.5 and higher 14 versions, and 13.4', where
    9.6.22 is release 6 of 9. Raises ValueError for what it can't read to the end."""
    return sentence_versions(text) if text.startswith("PostgreSQL") else listed_versions(text)


def listed_versions(text):
    clauses = []
    for part in text.split(";"):
        match = re.fullmatch(r"(\d+)(?:\.(\d+))?:(\*|[\d.+,]+)", part.strip())
        if not match:
            raise ValueError(f"can't read {part!r}")
        series = match[1] + ("." + match[2] if match[2] else "")
        for release in match[3].split(","):
            numbers = re.fullmatch(re.escape(series) + r"\.(\d+)(?:\.(\d\d?))?(\+?)", release)
            if release != "*" and not numbers:
                raise ValueError(f"can't read {release!r} of {series}")
            number = int(numbers[1]) if numbers else 0
            if numbers and numbers[2]:  # Aurora MySQL 3.08.1: one number, as its versions are read
                number = number * 100 + int(numbers[2])
            clauses.append((int(match[1]), int(match[2] or 0), number, bool(numbers) and not numbers[3]))
    return clauses


def in_words(text):
    """'8.4:*;8.0:8.0.32+' → '8.4 versions; 8.0.32 and higher 8.0 versions'; PostgreSQL's form is words already."""
    if text.startswith("PostgreSQL"):
        return text
    parts = []
    for part in text.split(";"):
        series, releases = part.strip().split(":")
        parts.append(f"{series} versions" if releases == "*" else " and ".join(
            f"{release[:-1]} and higher {series} versions" if release.endswith("+") else release
            for release in releases.split(",")))
    return "; ".join(parts)


def sentence_versions(sentence):
    match = re.match(r"PostgreSQL (?:version )?", sentence)
    if not match:
        raise ValueError("expected 'PostgreSQL'")
    rest = sentence[match.end():]
    tokens = re.findall(r"\d+(?:\.\d+)+|\d+|and higher|and|versions?|[,;]|\S", rest)
    clauses, majors, at = [], [], 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token in (",", ";", "and"):
            continue
        if re.fullmatch(r"\d+", token):
            majors.append(int(token))
        elif token == "versions" and majors:
            clauses += [(major, 0, 0, False) for major in majors]
            majors = []
        elif re.fullmatch(r"\d+(\.\d+)+", token) and not majors:
            major, minor = (int(part) for part in token.split(".")[:2])
            higher = tokens[at:at + 1] == ["and higher"]
            if higher:
                at += 1
                if tokens[at + 1:at + 2] == ["versions"]:
                    if tokens[at] != str(major):
                        raise ValueError(f"{token} and higher, but of {tokens[at]}")
                    at += 2
            clauses.append((major, 0, minor, not higher))
        else:
            raise ValueError(f"can't read {token!r}")
    if majors or not clauses:
        raise ValueError("ends too early")
    return clauses


def slot_ranges(text):
    """'all', '<=15', '16+' or '17.1+, 16.5+' → [(from major, to major, least minor)]. In a list of minor versions, each
    major has its own; majors after the newest of the list are in."""
    top = 999
    if text == "all":
        return [(0, top, 0)]
    if match := re.fullmatch(r"<=(\d+)", text):
        return [(0, int(match[1]), 0)]
    if match := re.fullmatch(r"(\d+)\+", text):
        return [(int(match[1]), top, 0)]
    parts = [re.fullmatch(r"(\d+)\.(\d+)\+", part.strip()) for part in text.split(",")]
    if not all(parts):
        raise ValueError(f"can't read versions {text!r}")
    listed = [(int(part[1]), int(part[1]), int(part[2])) for part in parts]
    return listed + [(max(major for major, _, _ in listed) + 1, top, 0)]
