// `diff` for the terminal: what exceeds an allowance, new findings, what got worse, what else differs, the sums.
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include <poolfit/render/diff.hpp>

#include "diff_words.hpp"
#include "layout.hpp"

namespace poolfit::render {
namespace {

Paint paint(Severity severity) { return severity == Severity::error ? Paint::bad : Paint::plain; }

enum class Fix : std::uint8_t { without, with };

void write_findings(Page& page, std::string_view head, const diff::Comparison& comparison,
                    const std::vector<const diff::Finding*>& findings, Fix fix = Fix::without) {
    if (findings.empty()) return;
    page.blank();
    page.write({std::string(head)});
    for (const diff::Finding* each : findings) {
        std::string where = each->file.empty() ? std::string()
                            : each->line > 0   ? fmt::format("  ({}:{})", each->file, each->line)
                                               : fmt::format("  ({})", each->file);
        if (const std::string remark = diff_remark(comparison, *each); !remark.empty())
            where = fmt::format("  ({}){}", remark, where);
        page.write({{fmt::format("  {}", diff_finding(*each)), paint(each->severity)}, std::move(where)}, 4);
        if (fix == Fix::with && !each->fix.empty()) page.write({fmt::format("    fix: {}", each->fix)}, 6);
    }
}

void write_lines(Page& page, const std::vector<DiffLine>& lines, int margin) {
    int width = 12;
    for (const DiffLine& line : lines) width = std::max(width, page.columns(line.first));
    for (const DiffLine& line : lines)
        page.labelled(line.first, {line.second}, margin + std::min(width, page.width() / 3) + 2, margin);
}

}  // namespace

std::string diff_text(const Differing& compared, const diag::Style& style) {
    const diff::Comparison& comparison = *compared.comparison;
    const diff::Judgement& judgement = *compared.judgement;
    if (diff_is_silent(compared)) return {};
    Page page(style);
    const auto label = [&](const diff::Snapshot& side) {
        const std::string path = diff_side_path(comparison, side);
        return path.empty() ? side.label : fmt::format("{} ({})", side.label, path);
    };
    const std::string path = diff_path(comparison);
    page.write({fmt::format("poolfit diff  {} → {}{}{}", label(*comparison.base), label(*comparison.head),
                            path.empty() ? "" : ": ", path)});
    for (const std::string& text : diff_exceeded(comparison, judgement)) page.write({{text, Paint::bad}}, 2);
    for (const std::string& note : diff_notes(comparison)) page.write({note}, 2);
    write_findings(page, "new findings", comparison, comparison.fresh, Fix::with);
    write_findings(page, "findings that got worse", comparison, diff_grown(comparison), Fix::with);
    write_findings(page, "findings suppressed, switched off or less severe since", comparison,
                   diff_silenced(comparison));
    for (const DiffRecord& record : diff_records(comparison)) {
        page.blank();
        std::string state = record.kind == diff::Kind::changed ? std::string() : std::string(diff::name(record.kind));
        if (record.worse && record.kind == diff::Kind::changed) state = "worse";
        page.ends({fmt::format("{} {}", diff_sign(record.kind), record.name)},
                  {{std::move(state), record.worse ? Paint::warn : Paint::plain}}, 2);
        write_lines(page, record.lines, 4);
    }
    write_findings(page, "findings that are gone", comparison, comparison.gone);
    if (!comparison.empty()) {
        page.blank();
        page.write({"total"});
        write_lines(page, diff_totals(comparison), 2);
    }
    page.blank();
    page.ends({diff_counts(comparison)}, {{diff_exit(judgement), judgement.failed() ? Paint::bad : Paint::plain}}, 2);
    return page.take();
}

}  // namespace poolfit::render
