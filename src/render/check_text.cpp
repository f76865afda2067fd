#include <fmt/format.h>

#include <poolfit/render/render.hpp>
#include <poolfit/unit/date.hpp>

#include "layout.hpp"
#include "parts.hpp"
#include "phrase.hpp"

namespace poolfit::render {

namespace {

std::string_view word(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
        case Severity::info:
            return "info";
    }
    return {};
}

Paint paint(Severity severity) {
    switch (severity) {
        case Severity::error:
            return Paint::bad_mark;
        case Severity::warning:
            return Paint::warn_mark;
        case Severity::info:
            break;
    }
    return Paint::plain;
}

/// "error[PF001] auth-db: a deploy needs 200 connections; only 176 are usable", and the place below it.
void write_finding(std::string& out, const Gate& gate, const Finding& finding, const Style& style) {
    Page page(style);
    page.write({{fmt::format("{}[{}]", word(finding.severity), finding.rule->id), paint(finding.severity)},
                fmt::format(" {}: {}", finding.target, finding.message)},
               2);
    out += page.take();
    out += diag::excerpt(finding.place, in_full(*gate.fleet, *gate.plan, finding.label), style, finding.severity);
    auto notes = notes_of(*gate.fleet, *gate.plan, finding);
    if (!finding.fix.empty()) notes.emplace_back("fix", finding.fix);
    out += diag::print_notes(finding.place, notes, style);
}

/// "ignored[PF301] reports-db: until 2026-11-30 (@dana) "measure after Q4 freeze"".
void write_ignored(std::string& out, const Finding& finding, const Style& style) {
    const Ignore& ignore = *finding.suppressed;
    std::string text = fmt::format(" {}:", finding.target);
    if (ignore.until) text += fmt::format(" until {}", unit::print(**ignore.until));
    if (ignore.owner) text += fmt::format(" (@{})", **ignore.owner);
    text += ignore.reason ? fmt::format(" \"{}\"", **ignore.reason) : std::string(" without a reason");
    Page page(style);
    page.write({fmt::format("ignored[{}]", finding.rule->id), text}, 2);
    out += page.take();
}

std::string exit_text(const Gate& gate) {
    if (!gate.fail_on) return "exit 0 (never fails)";
    return gate.failed ? fmt::format("exit 1 (≥ {})", word(*gate.fail_on))
                       : fmt::format("exit 0 (none ≥ {})", word(*gate.fail_on));
}

}  // namespace

std::string check_text(const Gate& gate, const Style& style, bool only_failing, int threads) {
    bool ignored = false;
    std::vector<const Finding*> told;
    for (const Finding& finding : gate.findings) {
        if (finding.suppressed)
            ignored = true;
        else if (!only_failing || (gate.fail_on && finding.severity >= *gate.fail_on))
            told.push_back(&finding);
    }
    const auto some = [&](std::size_t first, std::size_t last) {
        std::string part;
        for (std::size_t k = first; k < last; ++k) {
            write_finding(part, gate, *told[k], style);
            part += '\n';
        }
        return part;
    };
    std::string out;
    in_parts(told.size(), threads, some, [&](const std::string& part) { out += part; });
    if (ignored && !only_failing) {
        for (const Finding& finding : gate.findings)
            if (finding.suppressed) write_ignored(out, finding, style);
        out += '\n';
    }
    std::vector<std::string> counts;
    const lint::Count& count = gate.count;
    if (count.errors) counts.push_back(counted(count.errors, "error"));
    if (count.warnings) counts.push_back(counted(count.warnings, "warning"));
    if (count.infos) counts.push_back(counted(count.infos, "info"));
    if (counts.empty()) counts.push_back("no findings");
    if (count.suppressed) counts.push_back(fmt::format("{} ignored", count.suppressed));
    counts.push_back(fmt::format("{}, {}", counted(gate.databases, "database"), counted(gate.services, "service")));
    Page page(style);
    page.ends({joined(counts)}, {{exit_text(gate), gate.failed ? Paint::bad : Paint::plain}}, 2);
    return out + page.take();
}

}  // namespace poolfit::render
