#include "finding_text.hpp"

#include <filesystem>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

#include "phrase.hpp"

namespace poolfit::render {

std::string whole_message(const Gate& gate, const Finding& finding) {
    std::string message = finding.message;
    const std::string label = in_full(*gate.fleet, *gate.plan, finding.label);
    if (!label.empty()) message += "\n" + label;
    for (const auto& [about, note] : notes_of(*gate.fleet, *gate.plan, finding))
        message += fmt::format("\n{}: {}", about, note);
    if (!finding.fix.empty()) message += fmt::format("\nfix: {}", finding.whole_fix());
    return message;
}

Spot spot_of(const Gate& gate, const Place& place) {
    Spot spot;
    if (place) {
        spot.file = place.source->name();
        spot.begin = place.source->position(place.span.begin);
        spot.end = place.source->position(place.span.end);
        if (spot.end <= spot.begin) spot.end = {spot.begin.line, spot.begin.column + 1};
    } else {
        spot.file = gate.fleet->path;
        spot.end.column = 2;
    }
    // Others look a path up below the folder that they begin at, as it is written.
    spot.file = std::filesystem::path(spot.file).lexically_normal().string();
    if (!gate.folder.empty() && spot.file.starts_with(gate.folder)) spot.file.erase(0, gate.folder.size());
    return spot;
}

namespace {

std::string escaped_xml(std::string_view text, std::string_view line_break) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const diag::CodePoint c = diag::decode(text, i);
        i += c.length;
        switch (c.value) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\n':
                out += line_break;
                break;
            default:
                out += diag::visible(c, true);
        }
    }
    return out;
}

}  // namespace

std::string xml_text(std::string_view text) { return escaped_xml(text, "\n"); }
std::string xml(std::string_view attribute) { return escaped_xml(attribute, "&#10;"); }

}  // namespace poolfit::render
