#!/usr/bin/env bash
# Makes what a release consists of, from a tag: release.sh ROOT [--twice] [--amd64-only] [TAG [FOLDER]].
#
#   poolfit-V.tar.gz                    the source, which knows its commit
#   poolfit-V-linux-{amd64,arm64}.tar.gz   the program without any shared library, man pages, completions, schemas
#   poolfit_V_{amd64,arm64}.deb         the program with libc from the system, so that it starts sooner
#   poolfit-V-{amd64,arm64}.cdx.json    what of others is inside (CycloneDX)
#   install.sh, Dockerfile              for these files
#   SHA256SUMS
#
# TAG is vV, V being the version in meson.build; any other commit (HEAD without TAG) makes V+gHASH, to try it.
# --twice makes all of it once more in another folder, without ccache, and compares. Two builds of one commit with the
# same packages of Debian 12 give the same bytes. arm64 is cross-built with Debian's compiler and its arm64 libraries,
# unpacked into a folder, and is run under qemu: plan and check of each example have to be those of the amd64 program.
set -euo pipefail
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

say() { printf 'release: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

root=$(cd "$1" && pwd -P)
shift
twice='' only=''
while [[ ${1:-} == --* ]]; do
    case $1 in
    --twice) twice=--twice ;;
    --amd64-only) only=1 ;;
    *) die "no such option: $1" ;;
    esac
    shift
done
tag=${1:-HEAD}
commit=$(git -C "$root" rev-parse --verify --quiet "$tag^{commit}") || die "no such tag or commit: $tag"
version=$(git -C "$root" show "$commit:meson.build" | sed -n "s/^project(.* version: '\([^']*\)'.*/\1/p")
[ -n "$version" ] || die "meson.build of $tag has no version"
if [[ $tag == v[0-9]* ]]; then
    [ "$tag" = "v$version" ] || die "the tag is $tag, and the version in its meson.build $version"
else
    version=$version+g${commit:0:12}
fi
SOURCE_DATE_EPOCH=$(git -C "$root" show -s --format=%ct "$commit")
export SOURCE_DATE_EPOCH
[ -z "$(git -C "$root" status --porcelain 2>/dev/null)" ] || say "what is not committed is not in it"

out=${2:-$root/build-release/poolfit-$version}
mkdir -p "$out"
out=$(cd "$out" && pwd -P)
[ -z "$(ls -A "$out")" ] || die "$out is not empty"
work=$out.work  # the same each time, so that ccache knows what it has compiled
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT
jobs=${POOLFIT_JOBS:-$(nproc)}
native=$(dpkg --print-architecture)
[ "$native" = amd64 ] || die "a release is made on amd64; this is $native"

quietly() { # LOG COMMAND…
    local log=$work/$1
    shift
    "$@" >"$log" 2>&1 </dev/null || { tail -n 40 "$log" >&2; die "failed: $*"; }
}

# --- the source
name=poolfit-$version
git -C "$root" archive --format=tar --prefix="$name/" "$commit" | gzip -9n >"$out/$name.tar.gz"
source=$work/source
mkdir "$source"
tar -C "$source" --strip-components=1 -xzf "$out/$name.tar.gz"

# --- arm64's libraries, in a folder: nothing is installed, and this machine stays of one architecture
libraries=(libcli11-dev libdtl-dev libfmt-dev libfyaml-dev nlohmann-json3-dev libtomlplusplus-dev
    libstdc++-12-dev libgcc-12-dev libc6-dev)
arm64_only=(libc6 libgcc-s1 linux-libc-dev)  # what a link without -static reads too
arm64_libraries() {
    local apt=$work/apt
    mkdir -p "$apt"/{lists,cache/archives}/partial "$work/arm64" "$work/debs"
    : >"$apt/status"
    chmod 755 "$work" "$work/debs"
    local with=(-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root
        -o Dir::State="$apt" -o Dir::State::status="$apt/status" -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache")
    quietly apt-update.log apt-get "${with[@]}" update -q
    (cd "$work/debs" && quietly apt-download.log apt-get "${with[@]}" download -q "${libraries[@]}" "${arm64_only[@]}")
    local deb
    for deb in "$work"/debs/*.deb; do
        dpkg-deb -x "$deb" "$work/arm64"
        dpkg-deb -f "$deb" Package Version | sed 's/^[^:]*: //' | paste -sd' '
    done >"$work/packages-arm64"
    # A link to /lib means that folder's.
    find "$work/arm64" -type l -lname '/*' -printf '%l\t%p\n' |
        while IFS=$'\t' read -r target link; do ln -sfn "$work/arm64$target" "$link"; done
    local launcher="'ccache', "
    [ -z "${CCACHE_DISABLE:-}" ] || launcher=
    local lib=$work/arm64/usr/lib/aarch64-linux-gnu gcc=$work/arm64/usr/lib/gcc/aarch64-linux-gnu/12
    # Headers are named as they are on amd64, by whichever path: ccache makes those below $work relative.
    cat >"$work/arm64.ini" <<INI
[binaries]
cpp = [${launcher}'aarch64-linux-gnu-g++']
ar = 'aarch64-linux-gnu-ar'
strip = 'aarch64-linux-gnu-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-aarch64-static', '-L', '$work/arm64']

[properties]
pkg_config_libdir = ['$lib/pkgconfig', '$work/arm64/usr/share/pkgconfig']
sys_root = '$work/arm64'

[built-in options]
cpp_args = ['--sysroot=$work/arm64', '-isystem', '$work/arm64/usr/include', '-ffile-prefix-map=$work=.',
    '-ffile-prefix-map=$work/arm64=', '-ffile-prefix-map=../arm64=']
cpp_link_args = ['--sysroot=$work/arm64', '-B$lib/', '-L$gcc', '-L$lib', '-L$work/arm64/lib/aarch64-linux-gnu']

[host_machine]
system = 'linux'
cpu_family = 'aarch64'
cpu = 'aarch64'
endian = 'little'
INI
}

# build ARCHITECTURE LINKING: into $work/tree-ARCHITECTURE-LINKING
build() {
    local arch=$1 linking=$2 folder=$work/build-$1-$2 launcher=() cross=()
    say "building $arch, $linking"
    [ -n "${CCACHE_DISABLE:-}" ] || launcher=(ccache)
    if [ "$arch" = arm64 ]; then cross=(--cross-file "$work/arm64.ini"); fi
    CXX="${launcher[*]} g++" CXXFLAGS="-ffile-prefix-map=$work=." quietly "setup-$1-$2.log" \
        meson setup "$folder" "$source" --prefix=/usr -Dtests=disabled -Dbundle=40 -Dlinking="$linking" "${cross[@]}"
    quietly "build-$1-$2.log" ninja -C "$folder" -j "$jobs" poolfit data/install/{poolfit,_poolfit,poolfit.fish}
    quietly "install-$1-$2.log" meson install -C "$folder" --no-rebuild --strip --destdir "$work/tree-$1-$2"
    python3 "$source/scripts/sbom.py" "$version" "$commit" "$arch" "$SOURCE_DATE_EPOCH" "$3" "$work/packages-$arch" \
        "$work/sbom-$1-$2.json" "$work/tree-$1-$2/usr/share/doc/poolfit/THIRD-PARTY.txt"
}

export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1
architectures=(amd64)
dpkg-query -W -f '${Package} ${Version}\n' "${libraries[@]}" >"$work/packages-amd64"
if [ -z "$only" ]; then
    architectures+=(arm64)
    arm64_libraries
fi
for arch in "${architectures[@]}"; do
    build "$arch" static static
    build "$arch" startup libc
    tree=$work/tree-$arch-static
    ! readelf --wide --program-headers "$tree/usr/bin/poolfit" | grep -q INTERP || die "$arch: the program is not static"
    bash "$source/scripts/package.sh" tar "$tree" "$name-linux-$arch" "$out/$name-linux-$arch.tar.gz"
    bash "$source/scripts/package.sh" deb "$work/tree-$arch-startup" "$arch" "$version" "$out/poolfit_${version}_$arch.deb"
    cp "$work/sbom-$arch-static.json" "$out/$name-$arch.cdx.json"
done

# --- does it do what it should?
answers() { # FOLDER RUNNER… PROGRAM: what the program says of each example
    local folder=$1 example
    shift
    mkdir "$folder"
    "$@" version >"$folder/version"
    for example in "$source"/data/examples/*/poolfit.toml; do
        (cd "$source" && "$@" plan "${example#"$source"/}" --json) >"$folder/$(basename "$(dirname "$example")").plan" || return
        (cd "$source" && "$@" check "${example#"$source"/}" --fail-on none) >"$folder/$(basename "$(dirname "$example")").check" ||
            return
    done
}
answers "$work/said-amd64" "$work/tree-amd64-static/usr/bin/poolfit"
grep -qx "commit ${commit:0:12}" "$work/said-amd64/version" || die "the program names another commit: $(cat "$work/said-amd64/version")"
if [ -z "$only" ]; then
    answers "$work/said-arm64" qemu-aarch64-static "$work/tree-arm64-static/usr/bin/poolfit"
    diff -r "$work/said-amd64" "$work/said-arm64" || die "arm64 answers otherwise than amd64"
    say "arm64, under qemu, says of each example what amd64 says"
fi

# The image of the Dockerfile: nothing but the program, and an inventory on standard input.
alone=$work/alone
mkdir "$alone"
cp "$work/tree-amd64-static/usr/bin/poolfit" "$alone/poolfit"
(cd "$source" && "$alone/poolfit" plan - <data/examples/agora/poolfit.toml) >"$work/said-here"
unshare --map-root-user --root="$alone" /poolfit plan - <"$source/data/examples/agora/poolfit.toml" >"$work/said-alone"
cmp "$work/said-here" "$work/said-alone" || die "alone in an empty root, the program answers otherwise"
for deb in "$out"/*.deb; do
    lintian --tag-display-limit 0 --allow-root --fail-on error,warning "$deb" >&2 || die "lintian objects"
done

# --- what names these files
sums() { (cd "$out" && sha256sum -- * | grep -v ' SHA256SUMS$'); }
sum_of() { sha256sum "$out/$1" 2>/dev/null | cut -d' ' -f1; }
sed -e "s/^version=.*/version=$version/" -e "s/^sha256_amd64=.*/sha256_amd64=$(sum_of "$name-linux-amd64.tar.gz")/" \
    -e "s/^sha256_arm64=.*/sha256_arm64=$([ -n "$only" ] || sum_of "$name-linux-arm64.tar.gz")/" "$source/data/install/install.sh" \
    >"$out/install.sh"
chmod 755 "$out/install.sh"
sed "s/^ARG VERSION=.*/ARG VERSION=$version/" "$source/data/install/Dockerfile" >"$out/Dockerfile"
sums >"$work/SHA256SUMS"
mv "$work/SHA256SUMS" "$out/SHA256SUMS"

if [ -n "$twice" ]; then
    say "and once more, elsewhere, without ccache"
    CCACHE_DISABLE=1 bash "$source/scripts/release.sh" "$root" ${only:+--amd64-only} "$tag" "$work/again" || die "the second build failed"
    diff "$out/SHA256SUMS" "$work/again/SHA256SUMS" || die "the second build has other bytes"
    say "the second build has the same bytes"
fi
say "made in $out:"
(cd "$out" && ls -l | awk 'NR > 1 { printf "%10d  %s\n", $5, $9 }') >&2
