#!/usr/bin/env python3
"""What `meson install` puts where, and what is made of it: package.py ROOT BUILD STATIC.

The tree of an installation; its archive and its Debian package, each made twice, in other folders and at other times,
with the same bytes; what is in them, and whether the program in them answers; the bill of materials against CycloneDX's
schema (schemas/); the Dockerfile, with the static program STATIC. scripts/release.sh makes the release of the same parts.
"""
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

ROOT, BUILD, STATIC = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
SCHEMAS = ROOT / "tests/packaging/schemas"
PUBLISHED = sorted(path.name.split(".")[0] for path in (ROOT / "data/schemas").glob("*.schema.json"))
TREE = {"bin/poolfit", "share/man/man1/poolfit.1", "share/man/man5/poolfit-inventory.5",
        "share/bash-completion/completions/poolfit", "share/zsh/site-functions/_poolfit",
        "share/fish/vendor_completions.d/poolfit.fish", "share/doc/poolfit/LICENSE", "share/doc/poolfit/CHANGELOG.md",
        *(f"share/poolfit/schemas/{name}.schema.json" for name in PUBLISHED)}
IN_DEBIAN = {"bin/poolfit", "share/man/man1/poolfit.1.gz", "share/man/man5/poolfit-inventory.5.gz",
             "share/bash-completion/completions/poolfit", "share/zsh/vendor-completions/_poolfit",
             "share/fish/vendor_completions.d/poolfit.fish", "share/doc/poolfit/copyright", "share/doc/poolfit/changelog.gz", "share/doc/poolfit/CHANGELOG.md.gz",
             "share/lintian/overrides/poolfit", *(path for path in TREE if "schemas" in path)}
EPOCH = "1750000000"
LIBRARIES = ("libcli11-dev", "libdtl-dev", "libfmt-dev", "libfyaml-dev", "nlohmann-json3-dev", "libtomlplusplus-dev",
             "libstdc++-12-dev", "libgcc-12-dev", "libc6-dev")
results = []


def check(what, right, output=""):
    results.append(bool(right))
    if not right:
        print(f"FAILED {what}\n{output}")


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, timeout=120, **more).stdout


def files_of(tree):
    return {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}


def installed(folder):
    """An installation as below /usr, and what was compiled said in it."""
    run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", folder / "destdir")
    [program] = (folder / "destdir").rglob("bin/poolfit")
    tree = program.parents[1]
    check("what is installed", files_of(tree) == TREE, files_of(tree) ^ TREE)
    for shell, path in (("bash", "bash-completion/completions/poolfit"), ("zsh", "zsh/site-functions/_poolfit"),
                        ("fish", "fish/vendor_completions.d/poolfit.fish")):
        check(f"{shell}'s completion", (tree / "share" / path).read_text(encoding="utf-8") == run(program, "completion", shell))
    for schema in PUBLISHED:
        text = (tree / f"share/poolfit/schemas/{schema}.schema.json").read_text(encoding="utf-8")
        check(f"the schema {schema}", json.loads(text) == json.loads(run(program, "schema", schema)))
    bash = run("bash", "-c", f'. "{tree}/share/bash-completion/completions/poolfit" && complete -p poolfit')
    check("bash takes its completion", "poolfit" in bash, bash)
    return tree


def materials(folder, tree):
    packages = folder / "packages"
    packages.write_text(run("dpkg-query", "-W", "-f", "${Package} ${Version}\n", *LIBRARIES), encoding="utf-8")
    made = []
    for name, linked in (("one", "static"), ("two", "static"), ("three", "libc")):
        run(sys.executable, ROOT / "scripts/sbom.py", "0.1.0", "0" * 40, "amd64", EPOCH, linked, packages, folder / f"{name}.json",
            folder / f"{name}.txt")
        made.append(((folder / f"{name}.json").read_text(encoding="utf-8"), (folder / f"{name}.txt").read_text(encoding="utf-8")))
    check("the same materials make the same bill", made[0] == made[1])
    shutil.copy(folder / "three.txt", tree / "share/doc/poolfit/THIRD-PARTY.txt")
    bill, licences = json.loads(made[0][0]), made[0][1]
    names = {part["bom-ref"] for part in bill["components"]}
    check("what is inside a static program", names == set(LIBRARIES), names)
    check("libc is not inside one that takes the system's",
          {part["bom-ref"] for part in json.loads(made[2][0])["components"]} == names - {"libc6-dev"})
    # Each dependency of the build that is a library is in the bill.
    wanted = set(re.findall(r"lib\w+-dev|nlohmann-json3-dev", re.search(r"build_packages=\((.*?)\)", (ROOT / "dev").read_text(
        encoding="utf-8"), re.DOTALL)[1]))
    check("all that the build installs is in it", wanted <= names, wanted - names)
    for part in bill["components"]:
        check(f"the licence of {part['name']}", f"{part['name']} {part['version']} ({part['bom-ref']})" in licences)
        check(f"the version of {part['name']}", part["version"] == run("dpkg-query", "-W", "-f", "${Version}", part["bom-ref"]))
    valid(bill)


def valid(bill):
    import jsonschema
    loaded = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    schema = loaded["bom-1.4.SNAPSHOT.schema.json"]
    store = {schema["$id"].rsplit("/", 1)[0] + "/" + name: each for name, each in loaded.items()}
    resolver = jsonschema.RefResolver(schema["$id"], schema, store={**store, **loaded})
    validator = jsonschema.Draft7Validator(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
    check("CycloneDX's schema", not list(validator.iter_errors(bill)), [error.message for error in validator.iter_errors(bill)][:3])
    wrong = json.loads(json.dumps(bill))
    wrong["components"][0]["licenses"] = [{"license": {"id": "no licence"}}]
    check("which would find a licence that is none", list(validator.iter_errors(wrong)))


def packed(folder, tree):
    """(archive, package), made in `folder`."""
    (folder / "tree").mkdir(parents=True)
    shutil.copytree(tree, folder / "tree/usr")
    environment = {"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": EPOCH, "POOLFIT_PACKAGE_LEVEL": "1"}
    script = ROOT / "scripts/package.sh"
    run("bash", script, "tar", folder / "tree", "poolfit-0.1.0-linux-amd64", folder / "archive.tar.gz", env=environment)
    run("bash", script, "deb", folder / "tree", run("dpkg", "--print-architecture").strip(), "0.1.0", folder / "package.deb",
        env=environment)
    return folder / "archive.tar.gz", folder / "package.deb"


def twice(folder, tree):
    first = packed(folder / "first", tree)
    os.umask(0o077)
    second = packed(folder / "a second, elsewhere", tree)
    os.umask(0o022)
    for what, one, other in zip(("archive", "package"), first, second):
        check(f"the {what} has the same bytes twice", one.read_bytes() == other.read_bytes())
    return first


def archive(path):
    with tarfile.open(path) as tar:
        members = tar.getmembers()
    files = {each.name.removeprefix("poolfit-0.1.0-linux-amd64/") for each in members if each.isfile()}
    wanted = TREE | {"share/doc/poolfit/THIRD-PARTY.txt"}
    check("what is in the archive", files == wanted, files ^ wanted)
    check("whose it is", {(each.uid, each.gid, each.mtime) for each in members} == {(0, 0, int(EPOCH))})
    check("who may read it", {each.mode for each in members} == {0o755, 0o644})
    check("in order of names", [each.name for each in members] == sorted(each.name for each in members))


def debian(path, folder):
    run("dpkg-deb", "-R", path, folder / "unpacked")
    tree = folder / "unpacked/usr"
    check("what is in the package", files_of(tree) == IN_DEBIAN, files_of(tree) ^ IN_DEBIAN)
    control = dict(line.split(": ", 1) for line in run("dpkg-deb", "-f", path).splitlines() if re.match(r"[A-Z]", line))
    check("control", {"Package", "Version", "Architecture", "Maintainer", "Installed-Size", "Depends", "Section", "Priority",
                      "Homepage", "Description"} == set(control), control)
    check("it needs libc and nothing else", re.fullmatch(r"libc6 \(>= 2\.\d+\)", control["Depends"]), control["Depends"])
    needed = re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-dW", tree / "bin/poolfit"))
    check("which is what the program needs", set(needed) <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2",
                                                              "ld-linux-aarch64.so.1"}, needed)
    sums = (folder / "unpacked/DEBIAN/md5sums").read_text(encoding="utf-8").splitlines()
    check("md5sums", {line.split("  ")[1].removeprefix("usr/") for line in sums} == IN_DEBIAN and all(
        hashlib.md5((folder / "unpacked" / line[34:]).read_bytes()).hexdigest() == line[:32] for line in sums))
    listed = run("dpkg-deb", "-c", path).splitlines()
    check("all of it is root's", all(line.split()[1] == "root/root" for line in listed))
    copyright_text = (tree / "share/doc/poolfit/copyright").read_text(encoding="utf-8")
    check("the copyright file", copyright_text.startswith("poolfit: ") and "libfyaml" in copyright_text)
    manual = gzip.decompress((tree / "share/man/man1/poolfit.1.gz").read_bytes())
    check("the manual", manual == (ROOT / "man/poolfit.1").read_bytes())
    example = ROOT / "data/examples/agora/poolfit.toml"
    check("the program answers", run(tree / "bin/poolfit", "plan", example) == run(BUILD / "poolfit", "plan", example))


def image(folder):
    """The Dockerfile: from nothing, one file, which is what an archive has; and that runs where nothing else is."""
    lines = [line.split(None, 1) for line in (ROOT / "data/install/Dockerfile").read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    words = dict(lines)
    check("from nothing", words["FROM"] == "scratch")
    check("one file", [word for word, _ in lines].count("COPY") == 1)
    source, target = words["COPY"].split()
    check("of the archive", source == "poolfit-${VERSION}-linux-${TARGETARCH}/bin/poolfit", source)
    check("that is started", json.loads(words["ENTRYPOINT"]) == [target])
    alone = folder / "alone"
    alone.mkdir()
    shutil.copy(STATIC, alone / target.lstrip("/"))
    text = (ROOT / "data/examples/agora/poolfit.toml").read_text(encoding="utf-8")
    try:
        said = run("unshare", "--map-root-user", f"--root={alone}", target, "plan", "-", input=text)
    except subprocess.CalledProcessError as error:
        said = error.stderr
        if "unshare:" in said:
            print(f"skipped: no user namespaces here, so the program has not run in an empty root: {said.strip()}")
            return
    check("alone in an empty root, it answers", said == run(BUILD / "poolfit", "plan", "-", input=text), said)


def main():
    for tool in ("meson", "dpkg-deb", "readelf"):
        if not shutil.which(tool):
            print(f"{tool} is not installed")
            return 77
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tree = installed(folder)
        materials(folder, tree)
        tar, deb = twice(folder, tree)
        archive(tar)
        debian(deb, folder)
        image(folder)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
