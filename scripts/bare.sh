#!/usr/bin/env bash
# A bare Debian 12 in a temporary folder, and the commands of README.md in it, one after the other, as a stranger would
# type them: bare.sh ROOT. Prints the wall time and the CPU time of each. `./dev bare` runs this, as root.
# bare.sh ROOT FILE.deb installs that package there instead, uses it, runs the GitHub action with it, and removes it.
# Packages come from where this machine's apt gets them. What the commands start and mount ends with them: they run in
# namespaces of their own.
set -euo pipefail

root=$1 package=${2:-}
release=bookworm
say() { printf 'bare: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' "Created-By: Packages" |
    awk -v release=$release '$1 == release && $2 == "main" { print $3; exit }')
[ -n "$mirror" ] || die "this machine's apt has no source for Debian 12 ($release)"
if [ -n "$package" ]; then
    [ -f "$package" ] || die "no such file: $package"
    # The script of action.yml, on a repository with an inventory and with what a runner gives.
    action='mkdir /tmp/job && cp -r data/examples/rolling /tmp/job/infra && cd /tmp/job && export RUNNER_TEMP=/tmp
        export GITHUB_WORKSPACE=/tmp/job GITHUB_OUTPUT=/tmp/output GITHUB_STEP_SUMMARY=/tmp/summary.md
        export POOLFIT_ACTION_BINARY=/usr/bin/poolfit POOLFIT_ACTION_INVENTORY=infra/poolfit.toml
        bash /root/poolfit/data/ci/github.sh >/tmp/log; [ $? = 1 ] && cat /tmp/log /tmp/output &&
        grep -q "^::error file=infra/poolfit.toml,line=40," /tmp/log && grep -qx sarif=poolfit.sarif /tmp/output &&
        grep -q "^### poolfit check" /tmp/summary.md && grep -q "\"ruleId\": *\"PF001\"" poolfit.sarif'
    commands=('dpkg -i ../poolfit.deb' 'poolfit --version' 'poolfit plan data/examples/agora/poolfit.toml'
        'poolfit check data/examples/rolling/poolfit.toml; [ $? = 1 ]'
        'gzip -t /usr/share/man/man1/poolfit.1.gz /usr/share/man/man5/poolfit-inventory.5.gz'
        'cmp <(poolfit completion bash) /usr/share/bash-completion/completions/poolfit'
        "$action"
        'cd / && md5sum -c --quiet /var/lib/dpkg/info/poolfit.md5sums' 'dpkg --audit && dpkg --purge poolfit && ! command -v poolfit')
else
    mapfile -t commands < <(grep -m 2 -oE '^    \./dev .*' "$root/README.md" | sed 's/^ *//')
    [ ${#commands[@]} = 2 ] || die "README.md has no two commands"
fi
[ -z "$(git -C "$root" status --porcelain)" ] || say "what is not committed is not tried"

machine=$(mktemp -d)
chmod 755 "$machine"
running=
# What runs there dies with unshare, and what it has mounted with it; the folder is removed after that.
trap '[ -z "$running" ] || kill -KILL "$running" 2>/dev/null || true; sleep 1; rm -rf --one-file-system "$machine"' EXIT
trap 'exit 130' INT TERM

# inside COMMAND: as a stranger on that machine; becomes the process that all of it ends with
inside() {
    exec unshare --mount --pid --fork --kill-child -- bash -c '
        set -e
        mount --make-rprivate /
        mount -t proc proc "$1/proc"
        mount --rbind /sys "$1/sys"
        mount --rbind /dev "$1/dev"
        chroot "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
            LANG=C.UTF-8 TERM=dumb bash -c "cd /root/poolfit && $2"
    ' inside "$machine" "$1" </dev/null
}

say "installing $release in $machine"
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
export http_proxy=${http_proxy:-} https_proxy=${https_proxy:-}
include=()
[[ $mirror == https:* ]] && include=(--include=ca-certificates)
debootstrap --variant=minbase "${include[@]}" $release "$machine" "$mirror" >"$machine.log" 2>&1 ||
    { tail -n 20 "$machine.log" >&2; rm -f "$machine.log"; die "debootstrap failed"; }
rm -f "$machine.log" "$machine"/etc/apt/sources.list
for part in sources.list sources.list.d auth.conf auth.conf.d keyrings trusted.gpg.d; do
    [ ! -e "/etc/apt/$part" ] || cp -rL "/etc/apt/$part" "$machine/etc/apt/"
done
cp -rL /usr/share/keyrings "$machine/usr/share/"
apt-config dump Acquire >"$machine/etc/apt/apt.conf.d/00machine"
cp -L /etc/resolv.conf /etc/hosts "$machine/etc/"
mkdir "$machine/root/poolfit"
git -C "$root" archive HEAD | tar -x -C "$machine/root/poolfit"
[ -z "$package" ] || cp "$package" "$machine/root/poolfit.deb"

failed=0
TIMEFORMAT='%0R s of wall time, %0U s + %0S s of CPU time (user + system)'
for command in "${commands[@]}"; do
    say "$command"
    status=0
    time { inside "$command" & running=$!; wait "$running" || status=$?; }
    running=
    [ "$status" = 0 ] || { say "failed ($status): $command"; failed=1; }
done
exit $failed
