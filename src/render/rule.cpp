#include <algorithm>

#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "explain_parts.hpp"
#include "json_writer.hpp"
#include "layout.hpp"

namespace poolfit::render {

namespace {

/// The label before the first paragraph, an empty line between two.
void paragraphs(Page& page, std::string_view label, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\n\n"), text.size());
        page.labelled(label, {std::string(text.substr(0, end))}, 8, 0);
        text.remove_prefix(std::min(end + 2, text.size()));
        label = "";
        page.blank();
    }
}

}  // namespace

void print_rule(Page& page, const Rule& rule) {
    page.write({fmt::format("{} {}", rule.id, rule.name)});
    page.write({fmt::format("{}, since {}", diag::name(rule.severity), rule.since)});
    page.blank();
    page.write({std::string(rule.summary)}, 0);
    page.blank();
    paragraphs(page, "why", rule.rationale);
    paragraphs(page, "fix", rule.fix);
    page.labelled("mute", {fmt::format("# poolfit: ignore[{}] until=DATE owner=NAME reason=\"…\"", rule.id)}, 8, 0);
}

std::string rule_text(const Rule& rule, const Style& style) {
    Page page(style);
    print_rule(page, rule);
    return page.take();
}

std::string rule_json(const Rule& rule) {
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-rule/1");
    json.text("rule", rule.id);
    json.text("name", rule.name);
    json.text("severity", diag::name(rule.severity));
    json.text("since", rule.since);
    json.text("summary", rule.summary);
    json.text("rationale", rule.rationale);
    json.text("fix", rule.fix);
    json.close();
    return json.take();
}

}  // namespace poolfit::render
