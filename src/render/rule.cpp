#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "json_writer.hpp"
#include "layout.hpp"

namespace poolfit::render {

namespace {

std::string_view name(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

}  // namespace

std::string rule_text(const Rule& rule, const Style& style) {
    Page page(style);
    page.write({fmt::format("{} {}", rule.id, rule.name)});
    page.write({fmt::format("{}, since {}", name(rule.severity), rule.since)});
    page.blank();
    page.write({std::string(rule.summary)}, 0);
    page.blank();
    page.labelled("why", {std::string(rule.rationale)}, 8);
    page.labelled("fix", {std::string(rule.fix)}, 8);
    page.labelled("ignore", {fmt::format("# poolfit: ignore[{}] until=DATE owner=NAME reason=\"…\"", rule.id)}, 8);
    return page.take();
}

std::string rule_json(const Rule& rule) {
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-rule/1");
    json.text("rule", rule.id);
    json.text("name", rule.name);
    json.text("severity", name(rule.severity));
    json.text("since", rule.since);
    json.text("summary", rule.summary);
    json.text("rationale", rule.rationale);
    json.text("fix", rule.fix);
    json.close();
    return json.take();
}

}  // namespace poolfit::render
