// Workflow commands of GitHub Actions: one annotation per finding, on its line.
#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/render/render.hpp>

#include "finding_text.hpp"

namespace poolfit::render {

namespace {

/// Data of a command: %, CR and LF are escaped; in a property : and , as well. Other control characters are made
/// visible.
std::string escaped(std::string_view text, bool property) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const diag::CodePoint c = diag::decode(text, i);
        i += c.length;
        switch (c.value) {
            case '%':
                out += "%25";
                break;
            case '\r':
                out += "%0D";
                break;
            case '\n':
                out += "%0A";
                break;
            case ':':
                out += property ? "%3A" : ":";
                break;
            case ',':
                out += property ? "%2C" : ",";
                break;
            default:
                out += diag::visible(c, true);
        }
    }
    return out;
}

std::string_view command(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "notice";
}

/// ",line=41,col=13,endLine=41,endColumn=14"; columns only where the place is on one line.
std::string where(const Place& place) {
    if (!place) return {};
    const Position begin = place.source->position(place.span.begin), end = place.source->position(place.span.end);
    std::string text = fmt::format("file={},line={}", escaped(place.source->name(), true), begin.line);
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
        out += fmt::format("::{} {}title={}::{}\n", command(finding.severity), where(finding.place),
                           escaped(title, true), escaped(whole_message(gate, finding), false));
    }
    return out;
}

}  // namespace poolfit::render
