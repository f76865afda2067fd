#include <poolfit/render/format.hpp>

#include <algorithm>

namespace poolfit::render {
namespace {

template <class Said>
const Said& as(const Content& content) {
    return std::get<Said>(content);
}

std::string plan_text(const Content& c, const Style& style) {
    return text(*as<Planned>(c).report, style, as<Planned>(c).text);
}
std::string plan_json(const Content& c, const Style&) { return json(*as<Planned>(c).report); }
void stream_plan(const Content& c, const Sink& sink) { sink(json(*as<Planned>(c).report, nullptr, sink)); }
std::string plan_markdown(const Content& c, const Style&) {
    return markdown(*as<Planned>(c).report, as<Planned>(c).text.summary);
}
std::string plan_csv(const Content& c, const Style&) {
    return csv(*as<Planned>(c).report, as<Planned>(c).text.summary);
}

std::string plan_html(const Content& c, const Style&) {
    return html(*as<Planned>(c).report, as<Planned>(c).text.summary);
}
std::vector<NamedText> plan_pictures(const Content& c) { return picture_files(*as<Planned>(c).report); }

std::string gate_text(const Content& c, const Style& style) {
    const Checked& checked = as<Checked>(c);
    return check_text(*checked.gate, style, checked.text, checked.report->threads);
}
std::string gate_json(const Content& c, const Style&) { return json(*as<Checked>(c).report, as<Checked>(c).gate); }
void stream_gate(const Content& c, const Sink& sink) { sink(json(*as<Checked>(c).report, as<Checked>(c).gate, sink)); }
std::string gate_sarif(const Content& c, const Style&) { return check_sarif(*as<Checked>(c).gate); }
std::string gate_junit(const Content& c, const Style&) {
    return check_junit(*as<Checked>(c).report, *as<Checked>(c).gate);
}
std::string gate_gitlab(const Content& c, const Style&) { return check_gitlab(*as<Checked>(c).gate); }
std::string gate_rdjson(const Content& c, const Style&) { return check_rdjson(*as<Checked>(c).gate); }
std::string gate_azure(const Content& c, const Style&) { return check_azure(*as<Checked>(c).gate); }
std::string gate_checkstyle(const Content& c, const Style&) { return check_checkstyle(*as<Checked>(c).gate); }
std::string gate_concise(const Content& c, const Style&) { return check_concise(*as<Checked>(c).gate); }
std::string gate_markdown(const Content& c, const Style&) { return check_markdown(*as<Checked>(c).gate); }
std::string gate_csv(const Content& c, const Style&) { return check_csv(*as<Checked>(c).gate); }
std::string gate_baseline(const Content& c, const Style&) { return baseline_json(*as<Checked>(c).gate); }
std::string gate_github(const Content& c, const Style&) { return check_github(*as<Checked>(c).gate); }

std::string states_text(const Content& c, const Style& style) { return diff_text(as<Differing>(c), style); }
std::string states_json(const Content& c, const Style&) { return diff_json(as<Differing>(c)); }
std::string states_markdown(const Content& c, const Style&) { return diff_markdown(as<Differing>(c)); }

std::string one_pool_text(const Content& c, const Style& style) { return pool_text(*as<const PoolReport*>(c), style); }
std::string one_pool_json(const Content& c, const Style&) { return pool_json(*as<const PoolReport*>(c)); }

std::string run_text(const Content& c, const Style& style) { return simulation_text(*as<const Simulation*>(c), style); }
std::string run_json(const Content& c, const Style&) { return simulation_json(*as<const Simulation*>(c)); }
std::string run_csv(const Content& c, const Style&) { return simulation_csv(*as<const Simulation*>(c)); }

std::string target_text(const Content& c, const Style& style) {
    if (const auto* rule = std::get_if<ExplainedRule>(&c)) return rule_text(*rule->rule, style);
    return explain_text(*as<Explained>(c).report, *as<Explained>(c).targets, style);
}
std::string target_json(const Content& c, const Style&) {
    if (const auto* rule = std::get_if<ExplainedRule>(&c)) return rule_json(*rule->rule);
    return explain_json(*as<Explained>(c).report, *as<Explained>(c).targets);
}

std::string list_text(const Content& c, const Style& style) {
    return catalog_list_text(*as<const CatalogList*>(c), style);
}
std::string list_json(const Content& c, const Style&) { return catalog_list_json(*as<const CatalogList*>(c)); }
std::string list_csv(const Content& c, const Style&) { return catalog_list_csv(*as<const CatalogList*>(c)); }

std::string class_text(const Content& c, const Style& style) {
    return catalog_show_text(*as<const ShownClass*>(c), style);
}
std::string class_json(const Content& c, const Style&) { return catalog_show_json(*as<const ShownClass*>(c)); }

std::string rows_text(const Content& c, const Style& style) {
    return platforms_text(*as<const std::vector<KnownPlatform>*>(c), style);
}
std::string rows_markdown(const Content& c, const Style&) {
    return platforms_markdown(*as<const std::vector<KnownPlatform>*>(c));
}
std::string rows_json(const Content& c, const Style&) {
    return platforms_json(*as<const std::vector<KnownPlatform>*>(c));
}

std::string file_text(const Content& c, const Style&) {
    return catalog_check_text(as<CheckedCatalog>(c).classes, as<CheckedCatalog>(c).prices);
}
std::string file_json(const Content& c, const Style&) {
    const CheckedCatalog& file = as<CheckedCatalog>(c);
    return catalog_check_json(file.file, file.classes, file.prices);
}

std::string sound_text(const Content& c, const Style& s) { return valid_text(*as<Validated>(c).fleet, s); }
std::string sound_json(const Content& c, const Style&) { return valid_json(*as<Validated>(c).fleet); }
std::string tool_text(const Content& c, const Style&) { return version_text(as<Versioned>(c)); }
std::string tool_json(const Content& c, const Style&) { return version_json(as<Versioned>(c)); }
std::string as_it_is(const Content& c, const Style&) { return std::string(as<std::string_view>(c)); }

constexpr Format table[] = {
    {"plan", "text", plan_text},
    {"plan", "json", plan_json, stream_plan},
    {"plan", "markdown", plan_markdown},
    {"plan", "csv", plan_csv},
    {"plan", "html", plan_html},
    {"plan", "svg", nullptr, nullptr, plan_pictures},
    {"check", "text", gate_text},
    {"check", "json", gate_json, stream_gate},
    {"check", "github", gate_github, nullptr, nullptr, failure_github},
    {"check", "sarif", gate_sarif},
    {"check", "junit", gate_junit},
    {"check", "gitlab", gate_gitlab},
    {"check", "rdjson", gate_rdjson},
    {"check", "azure", gate_azure, nullptr, nullptr, failure_azure},
    {"check", "checkstyle", gate_checkstyle},
    {"check", "concise", gate_concise},
    {"check", "markdown", gate_markdown},
    {"check", "csv", gate_csv},
    {"baseline", "json", gate_baseline},
    {"diff", "text", states_text},
    {"diff", "json", states_json},
    {"diff", "markdown", states_markdown},
    {"pool", "text", one_pool_text},
    {"pool", "json", one_pool_json},
    {"simulate", "text", run_text},
    {"simulate", "json", run_json},
    {"simulate", "csv", run_csv},
    {"explain", "text", target_text},
    {"explain", "json", target_json},
    {"catalog list", "text", list_text},
    {"catalog list", "json", list_json},
    {"catalog list", "csv", list_csv},
    {"catalog show", "text", class_text},
    {"catalog show", "json", class_json},
    {"catalog platforms", "text", rows_text},
    {"catalog platforms", "json", rows_json},
    {"catalog platforms", "markdown", rows_markdown},
    {"catalog check", "text", file_text},
    {"catalog check", "json", file_json},
    {"catalog import", "text", as_it_is},
    {"emit", "text", as_it_is},
    {"emit", "json", as_it_is},
    {"init", "text", as_it_is},
    {"import", "toml", as_it_is},
    {"import", "json", as_it_is},
    {"import csv", "text", as_it_is},
    {"validate", "text", sound_text},
    {"validate", "json", sound_json},
    {"completion", "text", as_it_is},
    {"schema", "json", as_it_is},
    {"version", "text", tool_text},
    {"version", "json", tool_json},
};

}  // namespace

std::span<const Format> formats() { return table; }

std::vector<std::string_view> format_names(std::string_view command) {
    std::vector<std::string_view> names;
    for (const Format& format : table)
        if (format.command == command) names.push_back(format.name);
    return names;
}

const Format* find_format(std::string_view command, std::string_view name) {
    const Format* found = std::find_if(std::begin(table), std::end(table),
                                       [&](const Format& f) { return f.command == command && f.name == name; });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace poolfit::render
