// `diff` as a comment on a pull request: what fails and what got worse in the open, the rest folded.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/render/diff.hpp>

#include "comment.hpp"
#include "diff_words.hpp"
#include "layout.hpp"
#include "markdown_page.hpp"

namespace poolfit::render {

namespace {

std::string item(const DiffRecord& record) {
    std::string text = fmt::format("- {} **{}**", code(diff_sign(record.kind)), escaped(record.name));
    if (record.kind != diff::Kind::changed) text += fmt::format(", {}", diff::name(record.kind));
    text += '\n';
    for (const auto& [label, said] : record.lines) text += fmt::format("  - {}: {}\n", escaped(label), escaped(said));
    return text;
}

enum class Fix : std::uint8_t { without, with };

std::string item(const diff::Comparison& comparison, const diff::Finding& finding, Fix fix) {
    std::string where;
    if (!finding.file.empty())
        where = " " + code(finding.line > 0 ? fmt::format("{}:{}", finding.file, finding.line) : finding.file);
    std::string remark = diff_remark(comparison, finding);
    if (!remark.empty()) remark = fmt::format(" ({})", escaped(remark));
    return fmt::format(
        "- **{}** {}{}: **{}**: {}{}{}\n", diag::name(finding.severity), escaped(finding.rule), where,
        escaped(finding.target), escaped(finding.message), remark,
        fix == Fix::with && !finding.fix.empty() ? fmt::format("  \n  Fix: {}", escaped(finding.fix)) : std::string());
}

std::vector<std::string> items(const diff::Comparison& comparison, const std::vector<const diff::Finding*>& findings,
                               Fix fix = Fix::without) {
    std::vector<std::string> all;
    for (const diff::Finding* each : findings) all.push_back(item(comparison, *each, fix));
    return all;
}

/// So many findings that do not fail are listed before they are folded.
constexpr std::size_t most_open = 3;

/// Errors and what fails in the open; the rest too where it is short, else folded.
void new_findings(Comment& comment, const diff::Comparison& comparison, const diff::Judgement& judgement) {
    const Severity open = std::min(judgement.fail_on.value_or(Severity::error), Severity::error);
    std::vector<const diff::Finding*> first, rest;
    for (const diff::Finding* each : comparison.fresh) (each->severity >= open ? first : rest).push_back(each);
    const bool folds = rest.size() > most_open, all = first.empty();
    if (!folds) first.insert(first.end(), rest.begin(), rest.end());
    comment.list("New findings", items(comparison, first, Fix::with));
    if (folds)
        comment.folded(all ? "new finding" : "other new finding", all ? "new findings" : "other new findings",
                       items(comparison, rest, Fix::with));
}

/// The total in one line.
std::string headline(const diff::Comparison& comparison) {
    if (comparison.empty()) return "no difference";
    const std::vector<DiffLine> totals = diff_totals(comparison);
    return fmt::format("connections {}, {}", totals[0].second, totals[2].second);
}

}  // namespace

std::string diff_markdown(const Differing& compared) {
    const diff::Comparison& comparison = *compared.comparison;
    const diff::Judgement& judgement = *compared.judgement;
    const diff::Snapshot& named = comparison.head->inventory.empty() ? *comparison.base : *comparison.head;
    // A comment can't be empty, and one of an earlier commit is to be replaced.
    if (diff_is_silent(compared)) return comment_mark("diff", named.inventory) + escaped(diff_within(judgement)) + '\n';
    Comment comment("diff", named.inventory);
    const std::string of = named.inventory.empty() ? std::string() : " of " + escaped(named.inventory);
    const auto label = [&](const diff::Snapshot& side) {
        const std::string own = diff_side_path(comparison, side);
        return own.empty() ? code(side.label) : fmt::format("{} ({})", code(side.label), code(own));
    };
    std::string path = diff_path(comparison);
    if (!path.empty()) path = ": " + code(path);
    comment.open(fmt::format("### poolfit diff{}: {}\n\n{} → {}{}\n", of, escaped(headline(comparison)),
                             label(*comparison.base), label(*comparison.head), path));
    std::string head;
    for (const std::string& text : diff_exceeded(comparison, judgement))
        head += fmt::format("- **{}**\n", escaped(text));
    for (const std::string& note : diff_notes(comparison)) head += fmt::format("- {}\n", escaped(note));
    if (!head.empty()) comment.open('\n' + head);
    std::string totals;
    if (!comparison.empty())
        for (const auto& [label, said] : diff_totals(comparison))
            totals += fmt::format("| {} | {} |\n", escaped(label), escaped(said));
    if (!totals.empty()) comment.open("\n| total | |\n| --- | --- |\n" + totals);
    std::vector<std::string> worse, others;
    for (const DiffRecord& record : diff_records(comparison)) (record.worse ? worse : others).push_back(item(record));
    new_findings(comment, comparison, judgement);
    comment.list("Findings that got worse", items(comparison, diff_grown(comparison), Fix::with));
    comment.list("Findings suppressed, switched off or less severe since",
                 items(comparison, diff_silenced(comparison)));
    comment.list("Worse", worse);
    comment.folded(worse.empty() ? "database that differs" : "other database that differs",
                   worse.empty() ? "databases that differ" : "other databases that differ", others);
    comment.folded("finding that is gone", "findings that are gone", items(comparison, comparison.gone));
    const std::string end = fmt::format("\n{}. {}.\n", escaped(diff_counts(comparison)), escaped(diff_exit(judgement)));
    return comment.take(end, {"record", "records"}, code("poolfit diff"));
}

}  // namespace poolfit::render
