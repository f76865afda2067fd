// SARIF 2.1.0: what GitHub's code scanning asks of it, and for everyone else the whole rule and what it is about.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "finding_text.hpp"
#include "json_writer.hpp"

namespace poolfit::render {
namespace {

std::string_view level(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

/// What no URI has is percent-encoded.
std::string encoded(std::string_view path) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=@";
    std::string out;
    for (const char c : path)
        out += plain.find(c) != plain.npos ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

/// A file as a relative reference; elsewhere on the machine as its URI, because a reference must not begin with a
/// slash.
std::string uri(std::string_view path) { return (path.starts_with('/') ? "file://" : "") + encoded(path); }

void write_location(JsonWriter& json, const Gate& gate, const Place& place) {
    const Spot spot = spot_of(gate, place);
    json.open_object("physicalLocation");
    json.open_object("artifactLocation", JsonWriter::Layout::line);
    json.text("uri", uri(spot.file));
    json.close();
    json.open_object("region", JsonWriter::Layout::line);
    json.whole("startLine", spot.begin.line);
    json.whole("startColumn", spot.begin.column);
    json.whole("endLine", spot.end.line);
    json.whole("endColumn", spot.end.column);
    json.close();
    json.close();
}

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
    json.open_object(name, JsonWriter::Layout::line);
    json.text("text", text);
    json.close();
}

void write_rule(JsonWriter& json, const Rule& rule) {
    json.open_object();
    json.text("id", rule.id);
    json.text("name", rule.name);
    write_text(json, "shortDescription", rule.summary);
    write_text(json, "fullDescription", rule.rationale);
    json.open_object("help");
    json.text("text", fmt::format("{}\n\n{}", rule.fix, rule.rationale));
    json.text("markdown", fmt::format("**Fix.** {}\n\n{}", rule.fix, rule.rationale));
    json.close();
    json.open_object("defaultConfiguration", JsonWriter::Layout::line);
    json.text("level", level(rule.severity));
    json.close();
    json.open_object("properties");
    json.texts("tags", std::vector<std::string_view>{"capacity"});
    json.text("precision", "high");
    json.text("problem.severity", rule.severity == Severity::info ? "recommendation" : diag::name(rule.severity));
    json.close();
    json.close();
}

void write_suppressions(JsonWriter& json, const Ignore& ignore) {
    json.open_array("suppressions");
    json.open_object(JsonWriter::Layout::line);
    json.text("kind", ignore.line ? "inSource" : "external");
    json.text("status", "accepted");
    if (ignore.reason && !(**ignore.reason).empty()) json.text("justification", **ignore.reason);
    json.close();
    json.close();
}

std::string logical_name(const Fleet& fleet, const Finding& finding) {
    if (finding.databases.empty()) return finding.target;
    const std::string& database = *fleet.databases[finding.databases.front()].name;
    return database == finding.target ? database : fmt::format("{}/{}", database, finding.target);
}

void write_result(JsonWriter& json, const Gate& gate, const Finding& finding, const std::string& fingerprint) {
    const Fleet& fleet = *gate.fleet;
    json.open_object();
    json.text("ruleId", finding.rule->id);
    const auto at = std::ranges::find(gate.rules, finding.rule);
    if (at != gate.rules.end()) json.whole("ruleIndex", at - gate.rules.begin());
    json.text("level", level(finding.severity));
    write_text(json, "message", fmt::format("{}: {}", finding.target, whole_message(gate, finding)));
    json.open_array("locations");
    json.open_object();
    write_location(json, gate, finding.place);
    json.open_array("logicalLocations");
    json.open_object(JsonWriter::Layout::line);
    json.text("fullyQualifiedName", logical_name(fleet, finding));
    json.text("kind", "resource");
    json.close();
    json.close();
    json.close();
    json.close();
    // The databases that it is about, where it stands at another record.
    std::vector<Index> others;
    for (const Index database : finding.databases)
        if (const Place& place = fleet.databases[database].name.place;
            place && *fleet.databases[database].name != finding.target)
            others.push_back(database);
    if (!others.empty()) {
        json.open_array("relatedLocations");
        for (std::size_t i = 0; i < others.size(); ++i) {
            const Database& database = fleet.databases[others[i]];
            json.open_object();
            json.whole("id", static_cast<std::int64_t>(i + 1));
            write_text(json, "message", fmt::format("database {}", *database.name));
            write_location(json, gate, database.name.place);
            json.close();
        }
        json.close();
    }
    json.open_object("partialFingerprints", JsonWriter::Layout::line);
    json.text("primaryLocationLineHash", fingerprint + ":1");
    json.close();
    if (gate.has_baseline) json.text("baselineState", finding.known ? "unchanged" : "new");
    if (finding.suppressed) write_suppressions(json, *finding.suppressed);
    json.close();
}

}  // namespace

std::string check_sarif(const Gate& gate) {
    JsonWriter json;
    json.open_object();
    json.text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.text("version", "2.1.0");
    json.open_array("runs");
    json.open_object();
    json.open_object("tool");
    json.open_object("driver");
    json.text("name", "poolfit");
    json.text("version", report::version());
    json.text("semanticVersion", report::version());
    json.open_array("rules");
    for (const Rule* rule : gate.rules) write_rule(json, *rule);
    json.close();
    json.close();
    json.close();
    std::string folder = spot_of(gate, {}).file;
    folder.erase(folder.find_last_of('/') == folder.npos ? 0 : folder.find_last_of('/') + 1);
    json.open_object("automationDetails", JsonWriter::Layout::line);
    json.text("id", "poolfit/" + encoded(folder));
    json.close();
    json.open_array("invocations");
    json.open_object(JsonWriter::Layout::line);
    json.truth("executionSuccessful", true);
    json.whole("exitCode", gate.failed ? 1 : 0);
    json.close();
    json.close();
    json.text("columnKind", "unicodeCodePoints");
    json.open_array("results");
    for (std::size_t i = 0; i < gate.findings.size(); ++i)
        write_result(json, gate, gate.findings[i], gate.fingerprints[i]);
    json.close();
    json.close();
    json.close();
    json.close();
    return json.take();
}

}  // namespace poolfit::render
