#!/bin/sh
# Installs poolfit for Linux on amd64 or arm64 from the archive of a release, if its SHA-256 checksum is the one below.
# A release's own install.sh has its version and its sums. Without them, give both: SHA256SUMS of the release has them.
# Nothing is left behind unless all of it is there: the archive is verified before it is unpacked, and unpacked before
# the program of an earlier version is replaced.
set -eu

repository=OWNER/poolfit
version=0.1.0
sha256_amd64=
sha256_arm64=

say() { printf 'install.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
help() {
    cat <<'END'
usage: sh install.sh [--prefix DIRECTORY] [--version VERSION --sha256 SUM] [--from URL]
  --prefix DIRECTORY  where to install; /usr/local, or $HOME/.local where that cannot be written
  --version VERSION   another release than the one of this script, such as 0.1.0
  --sha256 SUM        the checksum of its archive: the 64 hexadecimal digits before the archive's name in SHA256SUMS
  --from URL          the folder that has the archive
  --help              this text
END
}
usage() {
    help >&2
    say "$*"
    exit 2
}

main() {
    prefix='' given='' sum='' from=''
    while [ $# -gt 0 ]; do
        option=${1%%=*}
        case $1 in
        --help | -h) help; exit 0 ;;
        --prefix=* | --version=* | --sha256=* | --from=*) value=${1#*=} ;;
        --prefix | --version | --sha256 | --from)
            [ $# -ge 2 ] || usage "$1 needs a value"
            value=$2
            shift ;;
        *) usage "no such option: $1" ;;
        esac
        [ -n "$value" ] || usage "$option needs a value"
        case $option in
        --prefix) prefix=$value ;;
        --version) given=$value ;;
        --sha256) sum=$value ;;
        --from) from=$value ;;
        esac
        shift
    done

    [ "$(uname -s)" = Linux ] || die "releases are for Linux; this is $(uname -s). Build from source: ./dev build"
    case $(uname -m) in
    x86_64 | amd64) architecture=amd64 pinned=$sha256_amd64 ;;
    aarch64 | arm64) architecture=arm64 pinned=$sha256_arm64 ;;
    *) die "releases are for amd64 and arm64; this is $(uname -m). Build from source: ./dev build" ;;
    esac
    if [ -n "$given" ] && [ "$given" != "$version" ]; then
        version=$given pinned=''
    fi
    case $version in *[!A-Za-z0-9.+~-]* | '') usage "no version: $version" ;; esac
    : "${sum:=$pinned}"
    [ -n "$sum" ] || die "no SHA-256 checksum of $version for $architecture: take install.sh of that release, or give --sha256"
    case $sum in *[!0-9A-Fa-f]*) usage "not a SHA-256 checksum, which is 64 hexadecimal digits: $sum" ;; esac
    [ ${#sum} = 64 ] || usage "not a SHA-256 checksum, which is 64 hexadecimal digits: $sum"
    sum=$(printf '%s\n' "$sum" | sed y/ABCDEF/abcdef/)
    : "${from:=https://github.com/$repository/releases/download/v$version}"
    if [ -z "$prefix" ]; then
        prefix=/usr/local
        [ -w /usr/local ] || prefix=$HOME/.local
    fi

    name=poolfit-$version-linux-$architecture
    work=$(mktemp -d)
    new=''
    trap 'rm -rf "$work"; [ -z "$new" ] || rm -f "$new"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM

    fetch "$from/$name.tar.gz" "$work/archive" || die "cannot fetch $from/$name.tar.gz"
    found=$(sum_of "$work/archive")
    [ "$found" = "$sum" ] || die "$name.tar.gz does not match its SHA-256 checksum, so it is not installed: expected $sum, found $found"
    tar -xzf "$work/archive" -C "$work" || die "cannot unpack $name.tar.gz"
    [ -x "$work/$name/bin/poolfit" ] || die "$name.tar.gz holds no $name/bin/poolfit"
    said=$("$work/$name/bin/poolfit" version) || die "the program does not run on this machine"

    mkdir -p "$prefix/bin" "$prefix/share" || die "cannot write to $prefix: choose another with --prefix"
    new=$prefix/bin/.poolfit.$$
    cp "$work/$name/bin/poolfit" "$new" || die "cannot write to $prefix/bin: choose another with --prefix"
    cp -R "$work/$name/share/." "$prefix/share/" || die "cannot write to $prefix/share: choose another with --prefix"
    mv -f "$new" "$prefix/bin/poolfit"
    new=''
    say "$(printf '%s\n' "$said" | sed -n 1p) is in $prefix/bin/poolfit"
    case :$PATH: in *:"$prefix/bin":*) ;; *) say "PATH does not have $prefix/bin" ;; esac
}

fetch() { # URL FILE
    case $1 in
    https://*) only='=https' ;;
    *) only='' ;;  # what was asked for, by name
    esac
    if command -v curl >/dev/null 2>&1; then
        curl --fail --silent --show-error --location --retry 3 ${only:+--proto "$only" --tlsv1.2} --output "$2" "$1"
    elif command -v wget >/dev/null 2>&1; then
        wget --quiet --tries=3 --output-document="$2" "$1"
    else
        die "neither curl nor wget is here"
    fi
}

sum_of() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum "$1" | cut -d' ' -f1
    elif command -v shasum >/dev/null 2>&1; then
        shasum -a 256 "$1" | cut -d' ' -f1
    else
        die "neither sha256sum nor shasum is here, so the archive cannot be verified"
    fi
}

# All of the script has been read when it begins, so one that was cut off in the middle does nothing.
main "$@"
