// Workflow commands of GitHub Actions: one annotation per finding, on its line.
#include <fmt/format.h>

#include <poolfit/diag/secret.hpp>
#include <poolfit/render/render.hpp>

#include "finding_text.hpp"
#include "log_command.hpp"

namespace poolfit::render {

namespace {

constexpr LogEscape escapes[] = {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A", true}, {',', "%2C", true}};

std::string_view command(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "notice";
}

/// ",line=41,col=13,endLine=41,endColumn=14"; columns only where the place is on one line.
std::string where(std::string_view file, const Place& place) {
    if (!place) return {};
    const Position begin = place.source->position(place.span.begin), end = place.source->position(place.span.end);
    std::string text = fmt::format("file={},line={}", escaped(file, escapes, true), begin.line);
    if (begin.line == end.line) text += fmt::format(",col={}", begin.column);
    text += fmt::format(",endLine={}", end.line);
    if (begin.line == end.line && end.column > begin.column) text += fmt::format(",endColumn={}", end.column);
    return text + ",";
}

}  // namespace

std::string check_github(const Gate& gate) {
    std::string out;
    for (const Finding& finding : gate.findings) {
        if (finding.suppressed || finding.known) continue;
        const std::string title = fmt::format("poolfit {} {}", finding.rule->id, finding.target);
        out += fmt::format("::{} {}title={}::{}\n", command(finding.severity),
                           where(spot_of(gate, finding.place).file, finding.place), escaped(title, escapes, true),
                           escaped(whole_message(gate, finding), escapes, false));
    }
    return out;
}

std::string failure_github(const Diagnostics& diagnostics) {
    std::string out;
    for (const Diagnostic& given : diagnostics.all()) {
        const Diagnostic each = diag::masked(given);
        out += fmt::format("::{} {}title=poolfit::{}\n", command(each.severity),
                           where(each.place ? each.place.source->name() : std::string_view(), each.place),
                           escaped(message_and_fix(each), escapes, false));
    }
    return out;
}

}  // namespace poolfit::render
