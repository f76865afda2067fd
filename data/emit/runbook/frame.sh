usage() {
    say "usage: $0 list | check [N] | run N | watch N | undo N | all"
    say "  list   the steps          check  the preconditions of a step; changes nothing"
    say "  run    check, then change  watch  compares metrics with the plan"
    say "  undo   the rollback        all    run each in order, with a question in between"
}
list() {
    local n
    for n in $(seq 1 "$steps"); do say "$n. $("title_$n")"; done
}
# number N: is it one of the steps?
number() {
    case ${1:-} in
        '' | *[!0-9]*) usage >&2; exit 2 ;;
    esac
    if [ "$1" -lt 1 ] || [ "$1" -gt "$steps" ]; then usage >&2; exit 2; fi
}
check() {
    say "check $1. $("title_$1")"
    doing="check $1"
    failed=0
    "check_$1"
}
run() {
    asks=yes
    check "$1"
    if [ "$failed" != 0 ]; then stop "$failed of its checks do not hold"; fi
    doing="run $1"
    say "run $1. $("title_$1")"
    "about_$1"
    confirm "change it now?"
    "run_$1"
    doing=''
    say "done; in the days after it: SINCE=$(date -u +%FT%TZ) $0 watch $1"
}
case ${1:-list} in
    list) list ;;
    check)
        if [ $# -gt 1 ]; then number "$2"; check "$2"; else
            total=0
            for n in $(seq 1 "$steps"); do check "$n"; total=$((total + failed)); done
            failed=$total
        fi
        doing=''
        [ "$failed" = 0 ] || stop "$failed checks do not hold"
        ;;
    run) number "${2:-}"; run "$2" ;;
    watch)
        number "${2:-}"
        doing="watch $2"
        asks=yes
        say "watch $2. $("title_$2")"
        "watch_$2"
        doing=''
        [ "$failed" = 0 ] || stop "$failed of its metrics are not as planned"
        ;;
    undo)
        number "${2:-}"
        doing="undo $2"
        say "undo $2. $("title_$2")"
        confirm "change it back now?"
        "undo_$2"
        ;;
    all)
        for n in $(seq 1 "$steps"); do
            [ "$n" = 1 ] || by_hand "Watch step $((n - 1)) for as long as it says, until $0 watch $((n - 1)) holds."
            run "$n"
        done
        ;;
    *) usage >&2; exit 2 ;;
esac
