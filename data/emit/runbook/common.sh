# YES=1 confirms each change. Steps by hand are a person's to answer; DONE=1 says that they are done already.
# WHEN=window leaves changes of a class to the maintenance window.
# SINCE='2026-11-30T20:15:00Z': watch looks back no further, so that it judges what is there since a step.
YES=${YES:-}
DONE=${DONE:-}
SINCE=${SINCE:-}
WHEN=${WHEN:-now}
failed=0
doing=''    # "check 1"
asks=''     # may a check ask a person?
stopped=''  # stop has said why
trying=''   # the change that is under way
made=''     # the changes that went through, a line each

say() { printf '%s\n' "$*"; }
stop() {
    printf 'stopped: %s%s\n' "${doing:+$doing: }" "$*" >&2
    stopped=yes
    exit 1
}
# Whatever ends a step, a command that fails or Ctrl-C: which step it was, and what had been changed.
at_exit() {
    local code=$?
    if [ "$code" = 0 ] || [ -z "$doing" ]; then return; fi
    [ -n "$stopped" ] || printf 'stopped: %s: exit status %s\n' "$doing" "$code" >&2
    [ -z "$made" ] || printf 'changed before that:%s\n' "$made" >&2
    [ -z "$trying" ] || printf 'may have been changed: %s\n' "$trying" >&2
    [ -n "$made$trying" ] || printf 'nothing was changed\n' >&2
}
trap at_exit EXIT
# change WHAT COMMAND…: a command that changes something
change() {
    trying=$1
    shift
    "$@"
    made="$made
  $trying"
    trying=''
}
# known COMMAND…: what it prints; nothing where it fails, so that a check says "not known" and the next one runs
known() {
    local value
    if value=$("$@"); then printf '%s' "$value"; fi
}
# good TEXT, bad TEXT: the result of a check
good() { say "  ok    $*"; }
bad() {
    say "  NOT   $*"
    failed=$((failed + 1))
}
confirm() { [ -n "$YES" ] || ask "$1"; }
ask() {
    local answer=''
    printf '%s [y/N] ' "$1"
    read -r answer || true
    case $answer in
        y | Y | yes) ;;
        *) stop "not confirmed" ;;
    esac
}
# by_hand TEXT: a step that no command here takes
by_hand() {
    say "  by hand: $*"
    [ -n "$DONE" ] || ask "  done?"
    case $doing in run* | undo*) change "by hand: $*" true ;; esac
}
# seen TEXT: a limit of a metric that no command here shows. `check` alone asks nothing.
seen() { if [ -n "$asks" ]; then by_hand "$*"; else say "  look  $*"; fi; }
# span MINUTES: those, or fewer where SINCE is later
span() {
    local since=$1
    if [ -n "$SINCE" ]; then since=$((($(date -u +%s) - $(date -u -d "$SINCE" +%s)) / 60 + 1)); fi
    if [ "$since" -lt 1 ]; then since=1; fi
    if [ "$since" -lt "$1" ]; then printf '%s' "$since"; else printf '%s' "$1"; fi
}
# show WHAT VALUE
show() {
    case $2 in
        '' | None) say "  look  $1: not known" ;;
        *) say "  look  $1: $2" ;;
    esac
}
# same WHAT VALUE WANTED
same() {
    case $2 in
        "$3") good "$1: $2" ;;
        '' | None) bad "$1: not known; expected $3" ;;
        *) bad "$1: $2, expected $3" ;;
    esac
}
# most WHAT VALUE LIMIT, least WHAT VALUE LIMIT: a value that the provider does not give is not one that passes
most() {
    case $2 in
        '' | None | *[!0-9.eE+-]*) bad "$1: not known; at most $3 expected" ;;
        *) if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a + 0 <= b + 0) }'; then good "$1: $2, at most $3"; else bad "$1: $2, over $3"; fi ;;
    esac
}
least() {
    case $2 in
        '' | None | *[!0-9.eE+-]*) bad "$1: not known; at least $3 expected" ;;
        *) if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a + 0 >= b + 0) }'; then good "$1: $2, at least $3"; else bad "$1: $2, below $3"; fi ;;
    esac
}
# wait_for SECONDS WANTED COMMAND…: until the command prints what is wanted
wait_for() {
    local left=$1 wanted=$2 now=''
    shift 2
    while :; do
        now=$(known "$@")
        [ "$now" = "$wanted" ] && return 0
        [ "$left" -gt 0 ] || stop "$1: ${now:-not known} after the time given to it, expected $wanted"
        sleep "${PAUSE:-15}"
        left=$((left - ${PAUSE:-15} - 1))
    done
}
