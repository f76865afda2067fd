# YES=1 answers every question with yes. WHEN=window leaves changes of a class to the maintenance window.
YES=${YES:-}
WHEN=${WHEN:-now}
failed=0

say() { printf '%s\n' "$*"; }
stop() {
    printf 'stopped: %s\n' "$*" >&2
    exit 1
}
# good TEXT, bad TEXT: the result of a check
good() { say "  ok    $*"; }
bad() {
    say "  NOT   $*"
    failed=$((failed + 1))
}
confirm() {
    [ -n "$YES" ] && return 0
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
    confirm "  done?"
}
# same WHAT VALUE WANTED
same() { if [ "$2" = "$3" ]; then good "$1: $2"; else bad "$1: $2, expected $3"; fi; }
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
        now=$("$@")
        [ "$now" = "$wanted" ] && return 0
        [ "$left" -gt 0 ] || stop "$1: $now after the time given to it, expected $wanted"
        sleep "${PAUSE:-15}"
        left=$((left - ${PAUSE:-15} - 1))
    done
}
