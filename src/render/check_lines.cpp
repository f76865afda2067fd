// Findings for tools that show them beside the lines: GitLab's code quality report, reviewdog's rdjson, Azure
// Pipelines' log, Checkstyle's XML, and a line each for editors. Suppressed ones, and those of the baseline, are left
// out.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/diag/secret.hpp>
#include <poolfit/diag/text.hpp>
#include <poolfit/render/render.hpp>

#include "finding_text.hpp"
#include "json_writer.hpp"
#include "log_command.hpp"

namespace poolfit::render {
namespace {

std::string target_and_message(const Finding& finding) {
    return fmt::format("{}: {}", finding.target, finding.message);
}

std::string_view gitlab_severity(Severity severity) {
    return severity == Severity::error ? "critical" : severity == Severity::warning ? "minor" : "info";
}

void write_position(JsonWriter& json, std::string_view name, const Position& at) {
    json.open_object(name, JsonWriter::Layout::line);
    json.whole("line", at.line);
    json.whole("column", at.column);
    json.close();
}

constexpr LogEscape azure_escapes[] = {
    {'%', "%AZP25"}, {'\r', "%0D"}, {'\n', "%0A"}, {';', "%3B", true}, {']', "%5D", true}};

}  // namespace

std::string check_gitlab(const Gate& gate) {
    JsonWriter json;
    json.open_array();
    for (std::size_t i = 0; i < gate.findings.size(); ++i) {
        const Finding& finding = gate.findings[i];
        if (finding.suppressed || finding.known) continue;
        const Spot spot = spot_of(gate, finding.place);
        json.open_object();
        // GitLab does not show check_name.
        json.text("description", fmt::format("{} {}", finding.rule->id, target_and_message(finding)));
        json.text("check_name", finding.rule->id);
        json.text("fingerprint", gate.fingerprints[i]);
        json.text("severity", gitlab_severity(finding.severity));
        json.open_object("location");
        json.text("path", spot.file);
        json.open_object("lines", JsonWriter::Layout::line);
        json.whole("begin", spot.begin.line);
        json.whole("end", spot.end.line);
        json.close();
        json.close();
        json.close();
    }
    json.close();
    return json.take();
}

std::string check_rdjson(const Gate& gate) {
    JsonWriter json;
    json.open_object();
    json.open_object("source", JsonWriter::Layout::line);
    json.text("name", "poolfit");
    json.close();
    json.open_array("diagnostics");
    for (const Finding& finding : gate.findings) {
        if (finding.suppressed || finding.known) continue;
        const Spot spot = spot_of(gate, finding.place);
        json.open_object();
        json.text("message", fmt::format("{}: {}", finding.target, whole_message(gate, finding)));
        json.open_object("location");
        json.text("path", spot.file);
        json.open_object("range", JsonWriter::Layout::line);
        write_position(json, "start", spot.begin);
        write_position(json, "end", spot.end);
        json.close();
        json.close();
        json.text("severity", finding.severity == Severity::error     ? "ERROR"
                              : finding.severity == Severity::warning ? "WARNING"
                                                                      : "INFO");
        json.open_object("code", JsonWriter::Layout::line);
        json.text("value", finding.rule->id);
        json.close();
        json.close();
    }
    json.close();
    json.close();
    return json.take();
}

std::string check_azure(const Gate& gate) {
    std::string out;
    for (const Finding& finding : gate.findings) {
        if (finding.suppressed || finding.known) continue;
        const Spot spot = spot_of(gate, finding.place);
        // The agent knows errors and warnings; all else is a line of the log.
        if (finding.severity == Severity::info)
            out += fmt::format("{}:{}:{}: {} {}\n", diag::visible(spot.file, true), spot.begin.line, spot.begin.column,
                               finding.rule->id, diag::visible(target_and_message(finding), true));
        else
            out += fmt::format("##vso[task.logissue type={};sourcepath={};linenumber={};columnnumber={};code={};]{}\n",
                               diag::name(finding.severity), escaped(spot.file, azure_escapes, true), spot.begin.line,
                               spot.begin.column, finding.rule->id,
                               escaped(target_and_message(finding), azure_escapes, false));
    }
    return out;
}

std::string failure_azure(const Diagnostics& diagnostics) {
    std::string out;
    for (const Diagnostic& given : diagnostics.all()) {
        const Diagnostic each = diag::masked(given);
        std::string where;
        if (each.place) {
            const Position begin = each.place.source->position(each.place.span.begin);
            where = fmt::format("sourcepath={};linenumber={};columnnumber={};",
                                escaped(each.place.source->name(), azure_escapes, true), begin.line, begin.column);
        }
        out +=
            fmt::format("##vso[task.logissue type={};{}]{}\n", each.severity == Severity::error ? "error" : "warning",
                        where, escaped(message_and_fix(each), azure_escapes, false));
    }
    return out;
}

std::string check_checkstyle(const Gate& gate) {
    std::map<std::string, std::string> files;
    for (const Finding& finding : gate.findings) {
        if (finding.suppressed || finding.known) continue;
        const Spot spot = spot_of(gate, finding.place);
        files[spot.file] +=
            fmt::format("    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"poolfit.{}\"/>\n",
                        spot.begin.line, spot.begin.column, diag::name(finding.severity),
                        xml(target_and_message(finding)), finding.rule->id);
    }
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n";
    for (const auto& [file, errors] : files)
        out += fmt::format("  <file name=\"{}\">\n{}  </file>\n", xml(file), errors);
    return out + "</checkstyle>\n";
}

std::string check_concise(const Gate& gate) {
    std::string out;
    for (const Finding& finding : gate.findings) {
        if (finding.suppressed || finding.known) continue;
        const Spot spot = spot_of(gate, finding.place);
        out += fmt::format("{}:{}:{}: {} {} {}\n", diag::visible(spot.file, true), spot.begin.line, spot.begin.column,
                           finding.rule->id, diag::name(finding.severity),
                           diag::visible(target_and_message(finding), true));
    }
    return out;
}

}  // namespace poolfit::render
