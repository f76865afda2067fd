#!/usr/bin/env bash
# The step of action.yml: gets poolfit, runs `check`, and leaves annotations in the log, the job's summary, a SARIF file
# and, where asked to, one comment on the pull request. Inputs are POOLFIT_ACTION_… (action.yml describes them); the
# runner gives GITHUB_… and RUNNER_TEMP. Exits as `check` does.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

input() { # NAME: its value, without the blanks around it
    local name=POOLFIT_ACTION_$1 value
    value=${!name:-}
    value=${value#"${value%%[![:space:]]*}"}
    printf '%s' "${value%"${value##*[![:space:]]}"}"
}

# A message for the log. What it quotes must not end it, nor begin a command of the runner.
annotate() { # error|warning|notice TEXT
    local text=$2
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    printf '::%s title=poolfit::%s\n' "$1" "${text//$'\n'/%0A}"
}
die() { annotate error "$1"; exit 2; }

one_line() { [[ $2 != *[[:cntrl:]]* ]] || die "$1 has a control character"; }
yes_or_no() {
    case $2 in true | false) ;; *) die "$1 is true or false, not '$2'" ;; esac
}

inventory=$(input INVENTORY) baseline=$(input BASELINE) fail_on=$(input FAIL_ON) sarif=$(input SARIF)
summary=$(input SUMMARY) comment=$(input COMMENT) version=$(input VERSION) sha256=$(input SHA256) program=$(input BINARY)
one_line inventory "$inventory"
one_line baseline "$baseline"
one_line fail-on "$fail_on"
one_line sarif "$sarif"
one_line version "$version"
one_line sha256 "$sha256"
one_line binary "$program"
yes_or_no summary "${summary:=true}"
yes_or_no comment "${comment:=false}"

temporary=$(mktemp -d "${RUNNER_TEMP:-/tmp}/poolfit.XXXXXX")
if [ -z "$program" ]; then
    [[ -n $version && -n $sha256 ]] ||
        die "version and sha256 name the release to download; or binary names a program that is there"
    sh "$here/../install/install.sh" --prefix "$temporary" --version "$version" --sha256 "$sha256" \
        ${POOLFIT_ACTION_FROM:+--from "$POOLFIT_ACTION_FROM"} || die "poolfit $version could not be installed"
    program=$temporary/bin/poolfit
fi
command -v "$program" >/dev/null || die "binary: no such program: $program"

arguments=(check --fail-on "${fail_on:-error}" --format github --format "sarif=${sarif:=poolfit.sarif}"
    --format "markdown=$temporary/comment.md")
[ -z "$inventory" ] || arguments+=(--config "$inventory")
[ -z "$baseline" ] || arguments+=(--baseline "$baseline")
while IFS= read -r line; do
    line=${line%$'\r'}
    [ -z "$line" ] || arguments+=("$line")
done <<<"${POOLFIT_ACTION_ARGUMENTS:-}"

status=0
"$program" "${arguments[@]}" 2>"$temporary/log" || status=$?
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
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    [ "$status" -le 1 ] || sarif=''
    printf 'exit-code=%s\nsarif=%s\nprogram=%s\n' "$status" "$sarif" "$(command -v "$program")" >>"$GITHUB_OUTPUT"
fi

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
