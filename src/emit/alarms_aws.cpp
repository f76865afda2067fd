// CloudWatch alarms, as commands of the AWS CLI and as Terraform.
#include <fmt/format.h>

#include <poolfit/emit/identifiers.hpp>
#include <poolfit/platform/platform.hpp>

#include "alarm_rules.hpp"

namespace poolfit::emit {
namespace {

/// How CloudWatch asks for it.
struct Asked {
    std::string_view statistic;
    int period = 0, periods = 0;  ///< seconds, and how many of them
};

Asked asked(const AlarmRule& rule) {
    if (rule.daily) return {"Average", 24 * 3600, 1};
    if (rule.what == Watched::surplus_credits) return {rule.metric->statistic, 3600, 1};
    // Credits are published every five minutes.
    const int period = rule.what == Watched::credits ? 300 : 60;
    return {rule.metric->statistic, period, rule.minutes * 60 / period};
}

bool has_place(const Request& request, const AlarmRule& rule) {
    return !metrics_of(request.fleet().databases[rule.database])->place.empty();
}

std::string_view operator_of(const AlarmRule& rule) {
    return rule.below() ? "LessThanThreshold" : "GreaterThanThreshold";
}

}  // namespace

std::string cloudwatch_commands(const Request& request, const std::vector<AlarmRule>& rules) {
    const auto word = [](std::string_view text) { return quoted(Language::shell, text); };
    std::string text;
    for (const AlarmRule& rule : rules) {
        if (!has_place(request, rule)) continue;
        const Database& database = request.fleet().databases[rule.database];
        const Metrics& metrics = *metrics_of(database);
        const Asked how = asked(rule);
        const std::string dimensions =
            fmt::format("[{{\"Name\":{},\"Value\":{}}}]", quoted(Language::json, metrics.dimension),
                        quoted(Language::json, *database.name));
        text += '\n';
        text += comment(Language::shell, title(request, rule));
        text += fmt::format("aws cloudwatch put-metric-alarm --region {} --alarm-name {} \\\n", word(*database.region),
                            word(fmt::format("poolfit {} {}", *database.name, key(rule))));
        text += fmt::format("    --alarm-description {} \\\n", word(rule.why));
        text += fmt::format("    --namespace {} --metric-name {} --dimensions {} \\\n", word(metrics.place),
                            word(rule.metric->name), word(dimensions));
        text += fmt::format("    --statistic {} --period {} --evaluation-periods {} \\\n", word(how.statistic),
                            how.period, how.periods);
        text += fmt::format("    --threshold {} --comparison-operator {} --treat-missing-data missing \\\n",
                            number(rule.limit), operator_of(rule));
        const std::string_view target = rule.severity == AlarmRule::Severity::page ? "PAGE_ARN" : "WARN_ARN";
        text += fmt::format("    ${{{}:+--alarm-actions \"${}\"}}\n", target, target);
    }
    return text;
}

std::string cloudwatch_terraform(const Request& request, const std::vector<AlarmRule>& rules) {
    const auto literal = [](std::string_view text) { return quoted(Language::terraform, text); };
    std::string text;
    Distinct distinct("_");
    for (const AlarmRule& rule : rules) {
        if (!has_place(request, rule)) continue;
        const Database& database = request.fleet().databases[rule.database];
        const Metrics& metrics = *metrics_of(database);
        const Asked how = asked(rule);
        text += fmt::format("\nresource \"aws_cloudwatch_metric_alarm\" {} {{\n",
                            literal(distinct(terraform_name(*database.name) + "_" + key(rule))));
        const auto line = [&](std::string_view name, std::string_view value) {
            text += fmt::format("  {:<19} = {}\n", name, value);
        };
        line("alarm_name", literal(fmt::format("poolfit {} {}", *database.name, key(rule))));
        line("alarm_description", literal(rule.why));
        line("namespace", literal(metrics.place));
        line("metric_name", literal(rule.metric->name));
        line("dimensions", fmt::format("{{ {} = {} }}", metrics.dimension, literal(*database.name)));
        line("statistic", literal(how.statistic));
        line("period", std::to_string(how.period));
        line("evaluation_periods", std::to_string(how.periods));
        line("threshold", number(rule.limit));
        line("comparison_operator", literal(operator_of(rule)));
        line("treat_missing_data", literal("missing"));
        line("alarm_actions", fmt::format("var.poolfit_{}_actions", name(rule.severity)));
        text += "}\n";
    }
    if (text.empty()) return text;
    std::string variables;
    for (const std::string_view severity : {"warning", "page"})
        variables += fmt::format(
            "\nvariable \"poolfit_{}_actions\" {{\n"
            "  description = \"topics to notify; [] for alarms without actions\"\n"
            "  type        = list(string)\n}}\n",
            severity);
    return variables + text;
}

}  // namespace poolfit::emit
