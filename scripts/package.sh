#!/usr/bin/env bash
# Packs what `meson install --destdir FOLDER --prefix /usr` put into a folder. The same files give the same bytes: times
# are SOURCE_DATE_EPOCH, owners root, names in order.
#   package.sh tar FOLDER NAME FILE.tar.gz              NAME/bin, NAME/share
#   package.sh deb FOLDER ARCHITECTURE VERSION FILE.deb
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
: "${SOURCE_DATE_EPOCH:?SOURCE_DATE_EPOCH is not set: the time that files get}"
level=${POOLFIT_PACKAGE_LEVEL:-}  # how hard to compress; a test has no time for the best

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

archive() { # FOLDER NAME FILE
    mkdir "$work/tar"
    cp -r "$1/usr" "$work/tar/$2"
    chmod -R u=rwX,go=rX "$work/tar"
    tar -C "$work/tar" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$2" |
        gzip "-${level:-9}n" >"$3"
}

# The C library that a program needs: the newest of the versions of its symbols. Empty for a static program.
libc_needed() {
    readelf --wide --version-info "$1" | grep -oE 'Name: GLIBC_[0-9.]+' | sed 's/.*_//' | sort -Vu | tail -n 1
}

debian() { # FOLDER ARCHITECTURE VERSION FILE
    local tree=$work/deb doc=$work/deb/usr/share/doc/poolfit libc size repository maintainer
    repository=$(cat "$root/data/install/repository")
    maintainer="poolfit <${repository%%/*}@users.noreply.github.com>"
    cp -r "$1" "$tree"
    # Debian's places: zsh's vendor completions; a changelog of its form beside ours; the licence in the copyright file.
    mkdir -p "$tree/usr/share/zsh/vendor-completions"
    mv "$tree/usr/share/zsh/site-functions/_poolfit" "$tree/usr/share/zsh/vendor-completions/"
    rmdir "$tree/usr/share/zsh/site-functions"
    {
        printf 'poolfit (%s) unstable; urgency=medium\n\n  * What has changed is in CHANGELOG.md.gz.\n\n' "$3"
        printf ' -- %s  %s\n' "$maintainer" "$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")"
    } >"$doc/changelog"
    gzip -9n "$doc/changelog" "$doc/CHANGELOG.md" "$tree"/usr/share/man/man*/*.[1-9]
    rm "$doc/LICENSE"
    {
        printf 'poolfit: https://github.com/%s\n\n' "$repository"
        printf 'Copyright: the authors of poolfit\nLicense: Apache-2.0; on Debian systems its text is in\n'
        printf '/usr/share/common-licenses/Apache-2.0\n'
        [ ! -e "$doc/THIRD-PARTY.txt" ] || { echo; cat "$doc/THIRD-PARTY.txt"; }
    } >"$doc/copyright"
    rm -f "$doc/THIRD-PARTY.txt"
    mkdir -p "$tree/usr/share/lintian/overrides"
    cat "$root/data/install/lintian-overrides" >"$tree/usr/share/lintian/overrides/poolfit"
    chmod -R u=rwX,go=rX "$tree"
    libc=$(libc_needed "$tree/usr/bin/poolfit")
    size=$(find "$tree" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
    mkdir "$tree/DEBIAN"
    {
        printf 'Package: poolfit\nVersion: %s\nArchitecture: %s\n' "$3" "$2"
        printf 'Maintainer: %s\nInstalled-Size: %s\n' "$maintainer" "$size"
        [ -z "$libc" ] || printf 'Depends: libc6 (>= %s)\n' "$libc"
        printf 'Section: database\nPriority: optional\nHomepage: https://github.com/%s\n' "$repository"
        cat "$root/data/install/description"
    } >"$tree/DEBIAN/control"
    (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
    chmod 755 "$tree/DEBIAN"
    chmod 644 "$tree"/DEBIAN/*
    find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group -Zxz "-z${level:-6}" --threads-max=1 --build "$tree" "$4" >/dev/null
}

case ${1:-} in
tar) archive "$2" "$3" "$4" ;;
deb) debian "$2" "$3" "$4" "$5" ;;
*)
    sed -n 2,5p "$0" >&2
    exit 2
    ;;
esac
