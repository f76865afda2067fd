// A dashboard of Grafana: what the alarms measure, with their limits as lines.
#include <algorithm>

#include <nlohmann/json.hpp>

#include <poolfit/diag/text.hpp>
#include <poolfit/platform/platform.hpp>

#include "alarm_rules.hpp"

namespace poolfit::emit {
namespace {

using Json = nlohmann::ordered_json;

constexpr int panels_a_row = 2, width = 12, height = 8;

Json source() { return {{"type", "prometheus"}, {"uid", "${datasource}"}}; }

std::string_view unit_of(Metric::Unit unit) {
    switch (unit) {
        case Metric::Unit::bytes_free:
            return "bytes";
        case Metric::Unit::percent:
        case Metric::Unit::percent_used:
            return "percent";
        case Metric::Unit::ratio:
        case Metric::Unit::ratio_used:
            return "percentunit";
        case Metric::Unit::seconds:
            return "s";
        case Metric::Unit::milliseconds:
            return "ms";
        case Metric::Unit::count:
            break;
    }
    return "short";
}

std::string_view colour(AlarmRule::Severity severity) {
    return severity == AlarmRule::Severity::page ? "red" : "orange";
}

/// A number as the other files have it.
double value(const AlarmRule& rule) { return std::stod(number(rule.limit)); }

/// Of rules about one thing. Grafana wants them in ascending order.
Json steps(std::vector<const AlarmRule*> rules) {
    std::ranges::stable_sort(rules, {}, [](const AlarmRule* rule) { return rule->limit; });
    Json all = Json::array();
    const AlarmRule& first = *rules.front();
    all.push_back({{"color", first.below() ? colour(first.severity) : "green"}, {"value", nullptr}});
    for (const AlarmRule* rule : rules)
        all.push_back({{"color", rule->below() ? "green" : colour(rule->severity)}, {"value", value(*rule)}});
    return all;
}

Json panel(const Request& request, const std::vector<const AlarmRule*>& rules, int number) {
    const AlarmRule& first = *rules.front();
    const std::string name = diag::visible(*request.fleet().databases[first.database].name, true);
    std::string why;
    for (const AlarmRule* rule : rules) why += (why.empty() ? "" : "\n\n") + title(request, *rule) + ": " + rule->why;
    Json panel;
    panel["id"] = number + 1;
    panel["type"] = "timeseries";
    panel["title"] = name + ": " + std::string(measured(first));
    panel["description"] = why;
    panel["datasource"] = source();
    panel["gridPos"] = {
        {"x", number % panels_a_row * width}, {"y", number / panels_a_row * height}, {"w", width}, {"h", height}};
    panel["fieldConfig"] = {{"defaults",
                             {{"unit", unit_of(first.metric->unit)},
                              {"min", 0},
                              {"custom", {{"thresholdsStyle", {{"mode", "line"}}}}},
                              {"thresholds", {{"mode", "absolute"}, {"steps", steps(rules)}}}}},
                            {"overrides", Json::array()}};
    panel["targets"] = Json::array(
        {{{"refId", "A"}, {"datasource", source()}, {"expr", expression(request, first)}, {"legendFormat", name}}});
    return panel;
}

}  // namespace

std::string grafana_dashboard(const Request& request, const std::vector<AlarmRule>& rules, const std::string& about) {
    Json panels = Json::array();
    for (std::size_t i = 0; i < rules.size();) {
        std::vector<const AlarmRule*> same;
        const AlarmRule& first = rules[i];
        for (; i < rules.size() && rules[i].database == first.database && rules[i].what == first.what &&
               rules[i].daily == first.daily;
             ++i)
            same.push_back(&rules[i]);
        if (!first.metric->series.empty()) panels.push_back(panel(request, same, static_cast<int>(panels.size())));
    }
    Json dashboard;
    dashboard["title"] =
        "poolfit: " + diag::visible(request.fleet().name->empty() ? request.fleet().path : *request.fleet().name, true);
    dashboard["description"] = about;
    dashboard["tags"] = {"poolfit"};
    dashboard["schemaVersion"] = 38;
    dashboard["editable"] = true;
    dashboard["time"] = {{"from", "now-7d"}, {"to", "now"}};
    dashboard["templating"] = {
        {"list",
         Json::array(
             {{{"name", "datasource"}, {"label", "Prometheus"}, {"type", "datasource"}, {"query", "prometheus"}}})}};
    dashboard["panels"] = std::move(panels);
    return dashboard.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace poolfit::emit
