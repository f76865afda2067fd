#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>
#include <poolfit/unit/date.hpp>

#include "json_report.hpp"
#include "phrase.hpp"

namespace poolfit::render {

namespace {

void write_suppression(JsonWriter& json, const Ignore& ignore) {
    json.open_object("suppressed", JsonWriter::Layout::line);
    json.text_or_null("until", ignore.until ? unit::print(**ignore.until) : "");
    json.text_or_null("owner", ignore.owner ? **ignore.owner : "");
    json.text_or_null("reason", ignore.reason ? **ignore.reason : "");
    json.close();
}

}  // namespace

void write_finding(JsonWriter& json, const Fleet& fleet, const Plan& plan, const Finding& finding,
                   std::string_view fingerprint, bool with_notes) {
    json.open_object();
    json.text("rule", finding.rule->id);
    json.text("name", finding.rule->name);
    json.text("severity", diag::name(finding.severity));
    json.text("target", finding.target);
    json.text("message", finding.message);
    with_notes ? json.text_or_null("label", in_full(fleet, plan, finding.label)) : json.null("label");
    json.text_or_null("fix", finding.whole_fix());
    json.open_array("notes");
    if (with_notes)
        for (const auto& [about, note] : notes_of(fleet, plan, finding)) {
            json.open_object(JsonWriter::Layout::line);
            json.text("about", about);
            json.text("text", note);
            json.close();
        }
    json.close();
    if (const auto& [source, span] = finding.place; source != nullptr) {
        const Position begin = source->position(span.begin);
        json.open_object("location", JsonWriter::Layout::line);
        json.text("file", source->name());
        json.whole("line", begin.line);
        json.whole("column", begin.column);
        json.close();
    } else {
        json.null("location");
    }
    if (finding.suppressed)
        write_suppression(json, *finding.suppressed);
    else
        json.null("suppressed");
    json.truth("known", finding.known);
    json.text("fingerprint", fingerprint);
    json.close();
}

std::string baseline_json(const Gate& gate) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < gate.findings.size(); ++i)
        if (!gate.findings[i].suppressed) order.push_back(i);
    // By what does not change with lines and values.
    std::ranges::sort(order, {}, [&](std::size_t i) {
        return std::tuple(gate.findings[i].rule->id, std::string_view(gate.findings[i].target),
                          std::string_view(gate.fingerprints[i]));
    });
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-baseline/1");
    json.open_array("findings");
    for (const std::size_t i : order) {
        const Finding& finding = gate.findings[i];
        json.open_object(JsonWriter::Layout::line);
        json.text("fingerprint", gate.fingerprints[i]);
        json.text("rule", finding.rule->id);
        json.text("name", finding.rule->name);
        json.text("target", finding.target);
        json.close();
    }
    json.close();
    json.close();
    return json.take();
}

std::string valid_json(const Fleet& fleet) {
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-valid/1");
    write_inputs(json, fleet);
    json.whole("databases", static_cast<std::int64_t>(fleet.databases.size()));
    json.whole("services", static_cast<std::int64_t>(fleet.services.size()));
    json.whole("pools", static_cast<std::int64_t>(fleet.pools.size()));
    json.close();
    return json.take();
}

void write_gate(JsonWriter& json, const Gate& gate) {
    json.open_object("gate");
    json.text("fail_on", gate.fail_on ? diag::name(*gate.fail_on) : "none");
    json.whole("exit_code", gate.failed ? 1 : 0);
    json.whole("errors", static_cast<std::int64_t>(gate.count.errors));
    json.whole("warnings", static_cast<std::int64_t>(gate.count.warnings));
    json.whole("infos", static_cast<std::int64_t>(gate.count.infos));
    json.whole("suppressed", static_cast<std::int64_t>(gate.count.suppressed));
    json.whole("known", static_cast<std::int64_t>(gate.count.known));
    json.close();
}

}  // namespace poolfit::render
