#!/usr/bin/env bash
# The step of action.yml: gets poolfit, runs `check`, and leaves annotations in the log, the job's summary, a SARIF file
# and, where asked to, one comment on the pull request. Inputs are POOLFIT_ACTION_… (action.yml describes them); the
# runner gives GITHUB_… and RUNNER_TEMP. Exits as `check` does, with 3 also where poolfit could not be downloaded.
# It runs at the repository's root, because GitHub reads paths in annotations and SARIF from there. Paths in inputs are
# relative to working-directory, so the script puts that before them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

trimmed() { # TEXT: without the blanks around it
    local value=$1
    value=${value#"${value%%[![:space:]]*}"}
    printf '%s' "${value%"${value##*[![:space:]]}"}"
}
input() { # NAME: its value
    local name=POOLFIT_ACTION_$1
    trimmed "${!name:-}"
}

# A message for the log. What it quotes must not end it, nor begin a command of the runner.
annotate() { # error|warning|notice TEXT
    local text=$2
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    printf '::%s title=poolfit::%s\n' "$1" "${text//$'\n'/%0A}"
}
output() { # EXIT-CODE SARIF PROGRAM
    [ -z "${GITHUB_OUTPUT:-}" ] || printf 'exit-code=%s\nsarif=%s\nprogram=%s\n' "$1" "$2" "$3" >>"$GITHUB_OUTPUT"
}
die() { # TEXT [EXIT-CODE]
    annotate error "$1"
    output "${2:-2}" '' ''
    exit "${2:-2}"
}

one_line() { [[ $2 != *[[:cntrl:]]* ]] || die "$1 has a control character"; }
yes_or_no() {
    case $2 in true | false) ;; *) die "$1 is true or false, not '$2'" ;; esac
}

inventory=$(input INVENTORY) baseline=$(input BASELINE) fail_on=$(input FAIL_ON) sarif=$(input SARIF)
summary=$(input SUMMARY) comment=$(input COMMENT) version=$(input VERSION) sha256=$(input SHA256) program=$(input BINARY)
directory=$(input DIRECTORY)
one_line inventory "$inventory"
one_line baseline "$baseline"
one_line fail-on "$fail_on"
one_line sarif "$sarif"
one_line version "$version"
one_line sha256 "$sha256"
one_line binary "$program"
one_line working-directory "$directory"
yes_or_no summary "${summary:=true}"
yes_or_no comment "${comment:=false}"

# From here on `directory` is the path from the root to it, '' or with a / at its end. One outside of the repository is
# a root of its own.
cd "${GITHUB_WORKSPACE:-.}"
root=$(pwd -P)
directory=$(CDPATH='' cd -- "${directory:-.}" 2>/dev/null && pwd -P) ||
    die "working-directory: no such directory: $(input DIRECTORY)"
case $directory/ in
"${root%/}"/*) directory=$directory/ directory=${directory#"${root%/}"/} ;;
*) cd "$directory" && root=$directory directory='' ;;
esac

from_root() { # PATH: a path of an input, from the root; '', - and paths to elsewhere stay
    local rest=$1 part path=''
    case $rest in
    '' | -) printf '%s' "$rest"; return ;;
    "${root%/}"/*) rest=${rest#"${root%/}"/} ;;
    /*) printf '%s' "$rest"; return ;;
    *) rest=$directory$rest ;;
    esac
    rest=$rest/
    while [ -n "$rest" ]; do
        part=${rest%%/*} rest=${rest#*/}
        case $part in
        '' | .) continue ;;
        ..)
            case /$path in
            / | */../) ;;
            *) path=${path%/} path=${path%"${path##*/}"}; continue ;;
            esac ;;
        esac
        path=$path$part/
    done
    printf '%s' "${path%/}"
}

# Further arguments: each line is one, or a flag of `check` and its value.
arguments=() expected='' named=''
add() { # WORD: an argument, with its path from the root
    local word=$1 flag=$expected
    expected=''
    case $flag in
    --config | --catalog | --baseline | --output) arguments+=("$(from_root "$word")"); return ;;
    --format)
        case $word in *=*) word=${word%%=*}=$(from_root "${word#*=}") ;; esac
        arguments+=("$word")
        return ;;
    --against) expected=files arguments+=("$word"); return ;;
    files) case $word in -*) ;; *) expected=files arguments+=("$(from_root "$word")"); return ;; esac ;;
    value) arguments+=("$word"); return ;;
    esac
    case $word in
    --*=*)
        flag_is "${word%%=*}"
        case $expected in
        '' | value) expected='' arguments+=("$word") ;;
        *) arguments+=("${word%%=*}"); add "${word#*=}" ;;
        esac ;;
    -*) arguments+=("$word"); flag_is "$word" ;;
    */* | *.toml | *.json) named=yes arguments+=("$(from_root "$word")") ;;
    *) arguments+=("$word") ;;
    esac
}
flag_is() { # FLAG: what comes after it
    case $1 in
    -c | --config) named=yes expected=--config ;;
    --catalog | --baseline | --format | --against) expected=$1 ;;
    -o | --output) expected=--output ;;
    --env | --set | --scale | --fail-on | --rule | --no-rule | --only | --map | --service | --exclude | --price | --min-savings | --today | \
        --color | --width) expected=value ;;
    --json | --derivations | --all-candidates | -q | --quiet | -v | --verbose | --stream | -h | --help | --version) ;;
    --*) ;; # poolfit says that it does not know it
    *) [ -z "$directory" ] || die "arguments: $1: flags are long here, such as --config, because their paths change" ;;
    esac
}
while IFS= read -r line; do
    line=$(trimmed "$line")
    case $line in '') continue ;; esac
    first=${line%%[[:space:]]*}
    if [[ $first == "$line" || $first != -* || $first == *=* || ($expected && $expected != files) ]]; then
        add "$line"
        continue
    fi
    expected=''
    add "$first"
    [ -n "$expected" ] || die "arguments: one argument a line, or a flag and its value, such as --no-rule=PF3; not '$line'"
    rest=$(trimmed "${line#"$first"}")
    if [ "$expected" = --against ]; then
        read -ra words <<<"$rest"
        for word in "${words[@]}"; do add "$word"; done
    else
        add "$rest"
    fi
done <<<"${POOLFIT_ACTION_ARGUMENTS:-}"

temporary=$(mktemp -d "${RUNNER_TEMP:-/tmp}/poolfit.XXXXXX")
if [ -z "$program" ]; then
    [[ -n $version && -n $sha256 ]] ||
        die "version and sha256 name the release to download; or binary names a program that is there"
    sh "$here/../install/install.sh" --prefix "$temporary" --version "$version" --sha256 "$sha256" \
        ${POOLFIT_ACTION_FROM:+--from "$POOLFIT_ACTION_FROM"} || {
        case $? in 2) status=2 ;; *) status=3 ;; esac
        die "poolfit $version could not be installed" "$status"
    }
    program=$temporary/bin/poolfit
fi
case $program in
/*) ;;
*/*) program=$root/$(from_root "$program") ;;
esac
command -v "$program" >/dev/null || die "binary: no such program: $program"

sarif=$(from_root "${sarif:-poolfit.sarif}")
inventory=$(from_root "$inventory")
if [ -z "$inventory$named" ]; then
    inventory=$(from_root "${POOLFIT_CONFIG:-}")
    up=$directory
    while [ -z "$inventory" ] && [ -n "$up" ]; do # at the root poolfit looks itself
        [ ! -f "${up}poolfit.toml" ] || inventory=${up}poolfit.toml
        up=${up%/} up=${up%"${up##*/}"}
    done
fi
first=(check --fail-on "${fail_on:-error}" --format github --format "sarif=$sarif" --format "markdown=$temporary/comment.md")
[ -z "$inventory" ] || first+=(--config "$inventory")
[ -z "$baseline" ] || first+=(--baseline "$(from_root "$baseline")")

status=0
"$program" "${first[@]}" ${arguments[@]+"${arguments[@]}"} 2>"$temporary/log" || status=$?
if [ -s "$temporary/log" ]; then
    # It quotes lines of the inventory: no line of it is to be taken for a command of the runner.
    mark=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '::stop-commands::%s\n' "$mark"
    cat "$temporary/log"
    printf '::%s::\n' "$mark"
fi
if [ "$status" -gt 1 ]; then
    annotate error "poolfit check: exit code $status; the log has the reason"
fi
if [ "$summary" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    if [ -s "$temporary/comment.md" ]; then
        cat "$temporary/comment.md" >>"$GITHUB_STEP_SUMMARY"
    else
        printf '### poolfit check\n\nNothing was checked: exit code %s, see the log.\n' "$status" >>"$GITHUB_STEP_SUMMARY"
    fi
fi
[ "$status" -le 1 ] || sarif=''
output "$status" "$sarif" "$(command -v "$program")"

# One comment, found again by its first line, which names the inventory, and by who wrote it: another's is not ours to
# change, whatever its first line is. A workflow's own token has no user to ask for, and writes as a bot.
sticky() {
    local number id
    [[ ${GITHUB_REF:-} =~ ^refs/pull/([0-9]+)/ ]] || { annotate notice "not a pull request: no comment"; return; }
    number=${BASH_REMATCH[1]}
    command -v gh >/dev/null || { annotate warning "no comment: gh is not on this runner"; return; }
    MARK=$(head -n 1 "$temporary/comment.md")
    WRITER=$(gh api user --jq .login 2>/dev/null) || WRITER=''
    export MARK WRITER
    id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments" \
        --jq '.[] | select(.body | startswith(env.MARK))
            | select(if env.WRITER == "" then .user.type == "Bot" else .user.login == env.WRITER end) | .id' |
        sed -n 1p) || return
    if [ -n "$id" ]; then
        gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$temporary/comment.md"
    elif [ "$1" != nothing ]; then
        gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --field "body=@$temporary/comment.md"
    fi
}
if [ "$comment" = true ] && [ -s "$temporary/comment.md" ]; then
    found=nothing
    ! grep -q '^- \*\*' "$temporary/comment.md" || found=findings
    sticky "$found" ||
        annotate warning "the comment could not be written: that needs pull-requests: write, which a fork's pull request does not have"
fi
exit "$status"
