#!/usr/bin/env python3
"""What of others is inside a release: sbom.py VERSION COMMIT ARCHITECTURE EPOCH LINKED PACKAGES OUTPUT LICENCES.

LINKED is static or libc (a program that takes libc from the system). PACKAGES is what `dpkg-query -W -f
'${Package} ${Version}\\n'` prints for the packages that the program was linked with. OUTPUT gets a CycloneDX 1.4 document,
LICENCES the copyright files of those packages, one after another. The same arguments give the same bytes.
"""
import json
import pathlib
import sys
import time
import urllib.parse

# Debian's packages whose code is inside: package -> (what it is called, licence, documentation's package, how it is inside).
# A package's licence is that of the code that is linked, by its copyright file.
INSIDE = {
    "libcli11-dev": ("CLI11", {"license": {"id": "BSD-3-Clause"}}),
    "libdtl-dev": ("dtl", {"license": {"id": "BSD-3-Clause"}}),
    "libfmt-dev": ("fmt", {"license": {"id": "MIT"}}),
    "libfyaml-dev": ("libfyaml", {"license": {"id": "MIT"}}),
    "nlohmann-json3-dev": ("nlohmann-json", {"license": {"id": "MIT"}}),
    "libtomlplusplus-dev": ("tomlplusplus", {"license": {"id": "MIT"}}),
    "libstdc++-12-dev": ("libstdc++", {"expression": "GPL-3.0-or-later WITH GCC-exception-3.1"}),
    "libgcc-12-dev": ("libgcc", {"expression": "GPL-3.0-or-later WITH GCC-exception-3.1"}),
    "libc6-dev": ("glibc", {"license": {"id": "LGPL-2.1-or-later"}}),
}
OF_STATIC = {"libc6-dev"}


def versions(path):
    return dict(line.split() for line in path.read_text(encoding="utf-8").splitlines() if line)


def components(found, linked, architecture):
    for package, (name, licence) in sorted(INSIDE.items()):
        if package in OF_STATIC and linked != "static":
            continue
        if package not in found:
            sys.exit(f"sbom: no version of {package} in the list of packages")
        version = urllib.parse.quote(found[package], safe="")
        yield {"type": "library", "bom-ref": package, "name": name, "version": found[package], "licenses": [licence],
               "purl": f"pkg:deb/debian/{urllib.parse.quote(package, safe='')}@{version}?arch={architecture}&distro=debian-12",
               "properties": [{"name": "poolfit:linked", "value": "static"}]}


def main():
    version, commit, architecture, epoch, linked, packages, output, licences = sys.argv[1:9]
    parts = list(components(versions(pathlib.Path(packages)), linked, architecture))
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.4", "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(epoch))),
            "component": {"type": "application", "bom-ref": "poolfit", "name": "poolfit", "version": version,
                          "licenses": [{"license": {"id": "Apache-2.0"}}],
                          "properties": [{"name": "poolfit:commit", "value": commit},
                                         {"name": "poolfit:architecture", "value": architecture}]},
        },
        "components": parts,
        "dependencies": [{"ref": "poolfit", "dependsOn": [part["bom-ref"] for part in parts]},
                         *({"ref": part["bom-ref"]} for part in parts)],
    }
    pathlib.Path(output).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    texts = ["Code of others in this program, with its copyright and licence as Debian's packages give them.\n"
             "All of it is free software; its source is in Debian's source packages of the versions named here.\n"
             "poolfit's own source, with which the program can be linked again, is in the archive of the same release.\n"]
    for part in parts:
        package = part["bom-ref"]
        folder = {"libstdc++-12-dev": "gcc-12-base", "libgcc-12-dev": "gcc-12-base"}.get(package, package)
        path = pathlib.Path("/usr/share/doc") / folder / "copyright"
        if not path.is_file():
            sys.exit(f"sbom: {path}: no copyright file of {package}")
        rule = "=" * 100
        texts.append(f"{rule}\n{part['name']} {part['version']} ({package})\n{rule}\n\n{path.read_text(encoding='utf-8')}")
    pathlib.Path(licences).write_text("\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
