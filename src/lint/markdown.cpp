// docs/rules.md.
#include <fmt/format.h>

#include <poolfit/lint/rule.hpp>

#include "pains.hpp"

namespace poolfit::lint {
namespace {

std::string_view word(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
        case Severity::info:
            break;
    }
    return "info";
}

/// Of running text: "<" and "|" would be markup, "*" emphasis; "_" inside words is none.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<' || c == '|' || c == '*') out += '\\';
        out += c;
    }
    return out;
}

constexpr std::string_view head = R"(# Rules of `poolfit check`

This file is generated from the rules; a test compares the two. `poolfit explain PF001` prints the same text.

**Severities.** An *error* is something that breaks: connections are refused, a server does not start, a setting does not do
what it says. A *warning* is something the policy forbids, or wasted money. An *info* is worth knowing. `check` exits
with 1 if a finding has at least the severity of `--fail-on` (`error` by default). The inventory can change a rule's
severity, or turn the rule off:

```toml
[policy.severity]
PF102 = "error"              # by id,
unmonitored-pool = "off"     # by name,
PF3 = "warning"              # or for all ids with this prefix
```

**Suppressions.** To keep a finding, suppress it with a comment on its line or the line above, or with an `[[ignore]]`
record (also in JSON) with a glob for the target. Both name rules as above. A suppression needs a `reason` (PF903). After
`until` the finding is back (PF902), if `--today` or `SOURCE_DATE_EPOCH` sets a date.

```toml
class = "db.m5.xlarge"       # poolfit: ignore[PF101] until=2026-12-31 owner=dana reason="measure after the freeze"

[[ignore]]
rule = "PF031"
target = "replica"
reason = "stands by in the other region"
```

**One finding per cause.** If a deploy does not fit, `check` does not report the policy limit too; a pool in such a
finding is not also reported as over-provisioned; what concerns all pools of a service is reported once. This is decided
last, by severity and then by cause: a finding that is suppressed, turned off or not selected hides no other.

| id | name | severity | what it catches |
| --- | --- | --- | --- |
)";

}  // namespace

std::string markdown() {
    std::string out(head);
    for (const Rule* rule : rules())
        out += fmt::format("| [{0}](#{1}) | `{2}` | {3} | {4} |\n", rule->id,
                           fmt::format("pf{}-{}", rule->id.substr(2), rule->name), rule->name, word(rule->severity),
                           plain(rule->summary));
    for (const Rule* rule : rules())
        out += fmt::format("\n## {} {}\n\n{} *{}, since {}.*\n\n{}\n\n**Fix.** {}\n", rule->id, rule->name,
                           plain(rule->summary), word(rule->severity), rule->since, plain(rule->rationale),
                           plain(rule->fix));
    out +=
        "\n## Pains of real users\n\nTwenty-five complaints from public issue threads, and the answer to each. *Later* "
        "marks those fully or partly left\nto a later version.\n\n| # | pain | threads | answer | |\n| --- | --- | --- "
        "| --- | --- |\n";
    std::size_t number = 0;
    for (const Pain& pain : pains())
        out += fmt::format("| {} | {} | {} | {} | {} |\n", ++number, plain(pain.what), pain.threads, pain.answer,
                           pain.later ? "*later*" : "");
    return out;
}

}  // namespace poolfit::lint
