// Findings as a comment on a pull request, or a job's summary: what fails first and in full, the rest folded.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/render/render.hpp>

#include "comment.hpp"
#include "csv_line.hpp"
#include "finding_text.hpp"
#include "layout.hpp"
#include "markdown_page.hpp"
#include "parts.hpp"
#include "phrase.hpp"

namespace poolfit::render {
namespace {

/// So many findings that do not fail are listed before they are folded.
constexpr std::size_t most_open = 3;

bool counts(const Finding& finding) { return !finding.suppressed && !finding.known; }
bool fails(const Gate& gate, const Finding& finding) { return gate.fail_on && finding.severity >= *gate.fail_on; }

std::string counts_text(const Gate& gate) {
    std::vector<std::string> parts;
    const lint::Count& count = gate.count;
    if (count.errors) parts.push_back(counted(count.errors, "error"));
    if (count.warnings) parts.push_back(counted(count.warnings, "warning"));
    if (count.infos) parts.push_back(counted(count.infos, "info"));
    if (!parts.empty()) return joined(parts, ", ");
    return gate.has_baseline ? "no new findings" : "no findings";
}

std::string where(const Gate& gate, const Finding& finding) {
    const Spot spot = spot_of(gate, finding.place);
    return finding.place ? code(fmt::format("{}:{}", spot.file, spot.begin.line)) : code(spot.file);
}

/// "**error** PF001 `poolfit.toml:41`: **auth-db**: a deploy needs 200 connections; only 176 are usable".
std::string head(const Gate& gate, const Finding& finding) {
    return fmt::format("**{}** {} {}: **{}**: {}", diag::name(finding.severity), finding.rule->id, where(gate, finding),
                       escaped(finding.target), escaped(finding.message));
}

std::string fix(const Finding& finding) {
    return finding.fix.empty() ? std::string() : fmt::format("  \n  Fix: {}", escaped(finding.whole_fix()));
}

/// Does the fix set the size of the one pool that the finding is about? "max = 3  →  …", not "max = 12 for web.main and
/// …".
bool sets_its_size(std::string_view fix) {
    if (!fix.starts_with("max = ") && !fix.starts_with("\"max\": ")) return false;
    return fix.substr(0, fix.find("  →  ")).find(" for ") == fix.npos;
}

/// "environment" of "env": what is set where, for people.
std::string_view place_name(std::string_view set_in) {
    return set_in == "env" ? "environment" : set_in == "url" ? "URL" : set_in;
}

/// What the service itself calls the size that the fix sets: "pool_size + max_overflow of sqlalchemy, in code".
std::string setting(const Gate& gate, const Finding& finding) {
    if (finding.pools.size() != 1) return {};
    const Pool& pool = gate.fleet->pools[finding.pools.front()];
    if (!sets_its_size(finding.fix) || pool.driver_default == nullptr || pool.driver_default->max_option.empty())
        return {};
    std::string text = fmt::format("{} of {}", pool.driver_default->max_option, pool.driver_default->name);
    if (pool.set_in)
        text += **pool.set_in == "code" ? ", in code" : fmt::format(", in its {}", place_name(**pool.set_in));
    return fmt::format("  \n  Setting: {}", escaped(text));
}

/// The arithmetic and the notes, folded.
std::string details(const Gate& gate, const Finding& finding) {
    std::vector<std::string> lines;
    if (const std::string label = in_full(*gate.fleet, *gate.plan, finding.label); !label.empty())
        lines.push_back(escaped(label));
    for (const auto& [name, text] : notes_of(*gate.fleet, *gate.plan, finding))
        lines.push_back(fmt::format("{}: {}", escaped(name), escaped(text)));
    if (lines.empty()) return {};
    return fmt::format("\n  <details><summary>Why</summary>\n\n  {}\n  </details>", joined(lines, "  \n  "));
}

std::string command(const Gate& gate) { return code(model::command(*gate.fleet, "check", {})); }

}  // namespace

std::string check_markdown(const Gate& gate) {
    Comment comment("check", *gate.fleet->name);
    const std::string name = gate.fleet->name->empty() ? std::string() : " of " + escaped(*gate.fleet->name);
    comment.open(fmt::format("### poolfit check{}: {}\n", name, counts_text(gate)));
    std::vector<const Finding*> first, rest;
    for (const Finding& finding : gate.findings)
        if (counts(finding)) (fails(gate, finding) ? first : rest).push_back(&finding);
    const auto items = [&](const std::vector<const Finding*>& findings, bool in_full) {
        std::vector<std::string> texts;
        for (const Finding* finding : findings)
            texts.push_back(fmt::format("- {}{}{}{}\n", head(gate, *finding), fix(*finding), setting(gate, *finding),
                                        in_full ? details(gate, *finding) : std::string()));
        return texts;
    };
    comment.list({}, items(first, true));
    const bool folds = rest.size() > most_open;
    if (folds)
        comment.folded(first.empty() ? "finding that does not fail" : "other finding that does not fail",
                       first.empty() ? "findings that do not fail" : "other findings that do not fail",
                       items(rest, false));
    else
        comment.list({}, items(rest, false));
    std::vector<std::string> end{counted(gate.databases, "database"), counted(gate.services, "service")};
    if (gate.count.suppressed) end.push_back(fmt::format("{} ignored", gate.count.suppressed));
    if (gate.count.known) end.push_back(fmt::format("{} in the baseline", gate.count.known));
    end.push_back(!gate.fail_on ? std::string("never fails")
                  : gate.failed ? fmt::format("**fails** (≥ {})", diag::name(*gate.fail_on))
                                : fmt::format("passes (none ≥ {})", diag::name(*gate.fail_on)));
    return comment.take(fmt::format("\n{}. {} shows each rule's prose.\n", joined(end), code("poolfit explain PF001")),
                        {"finding", "findings"}, command(gate));
}

std::string check_csv(const Gate& gate) {
    std::string out = csv_line(
        {"rule", "name", "severity", "target", "file", "line", "column", "message", "fix", "state", "fingerprint"});
    for (std::size_t i = 0; i < gate.findings.size(); ++i) {
        const Finding& finding = gate.findings[i];
        const Spot spot = spot_of(gate, finding.place);
        const auto number = [&](auto n) { return finding.place ? std::to_string(n) : std::string(); };
        out += csv_line({std::string(finding.rule->id), std::string(finding.rule->name),
                         std::string(diag::name(finding.severity)), finding.target, spot.file, number(spot.begin.line),
                         number(spot.begin.column), finding.message, finding.whole_fix(),
                         finding.suppressed ? "suppressed"
                         : finding.known    ? "known"
                                            : "new",
                         gate.fingerprints[i]});
    }
    return out;
}

}  // namespace poolfit::render
