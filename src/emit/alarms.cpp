// Alarms at the plan's own limits: CloudWatch as commands and as Terraform, Prometheus, a Grafana dashboard.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/platform/platform.hpp>

#include "alarm_rules.hpp"
#include "kinds.hpp"
#include "settings.hpp"

namespace poolfit::emit {
namespace {

/// put-metric-alarm replaces an alarm as a whole: without a topic it would also remove the actions of an earlier run.
constexpr std::string_view topics =
    "WARN_ARN and PAGE_ARN: topics that warnings and pages go to. Without both the script stops before it changes "
    "anything: alarms would notify no one, and alarms that exist would lose their actions. NO_ACTIONS=1 accepts that.";
constexpr std::string_view to_topics =
    "set -euo pipefail\n"
    "WARN_ARN=${WARN_ARN:-}\n"
    "PAGE_ARN=${PAGE_ARN:-}\n"
    "if [[ (-z $WARN_ARN || -z $PAGE_ARN) && ${NO_ACTIONS:-} != 1 ]]; then\n"
    "    echo 'Set WARN_ARN and PAGE_ARN to SNS topics, or NO_ACTIONS=1 for alarms without actions.' >&2\n"
    "    exit 2\n"
    "fi\n";

class AlarmFiles {
public:
    explicit AlarmFiles(const Request& request) : request_(request) {}

    Emission make() {
        if (refuses_strategy(request_, emission_)) return std::move(emission_);
        rules_ = alarm_rules(request_, emission_, notes_);
        if (rules_.empty()) return std::move(emission_);
        cloudwatch();
        prometheus();
        return std::move(emission_);
    }

private:
    std::string begin(Language language, std::string_view what) const {
        std::vector<std::string> names;
        for (const AlarmRule& rule : rules_)
            if (const std::string& name = *request_.fleet().databases[rule.database].name;
                std::ranges::find(names, name) == names.end())
                names.push_back(name);
        std::string text = header(request_, language, what, names);
        for (const std::string& note : notes_) text += comment(language, diag::visible(note, true));
        return text;
    }

    void cloudwatch() {
        const std::string commands = cloudwatch_commands(request_, rules_);
        if (commands.empty()) return;
        emission_.files.push_back({"cloudwatch-alarms.sh", Language::shell,
                                   "#!/usr/bin/env bash\n" + begin(Language::shell, "CloudWatch alarms") +
                                       comment(Language::shell, topics) + std::string(to_topics) + commands});
        emission_.files.push_back(
            {"cloudwatch-alarms.tf", Language::terraform,
             begin(Language::terraform, "CloudWatch alarms for Terraform") + cloudwatch_terraform(request_, rules_)});
    }

    void prometheus() {
        std::vector<std::string> exporters;
        for (const AlarmRule& rule : rules_) {
            const Metrics& metrics = *metrics_of(request_.fleet().databases[rule.database]);
            std::string line = fmt::format("{}: {}, label {} (as of {})",
                                           request_.fleet().databases[rule.database].platform->names.full,
                                           metrics.exporter, metrics.label, metrics.as_of);
            if (std::ranges::find(exporters, line) == exporters.end()) exporters.push_back(std::move(line));
        }
        std::string text = begin(Language::yaml, "Prometheus alerting rules");
        for (const std::string& line : exporters) text += comment(Language::yaml, line);
        emission_.files.push_back({"prometheus-rules.yaml", Language::yaml, text + prometheus_rules(request_, rules_)});
        const std::string about = fmt::format("By poolfit {} from {}. Made by: {}", report::version(),
                                              request_.fleet().path, request_.command);
        emission_.files.push_back({"grafana-dashboard.json", Language::json,
                                   grafana_dashboard(request_, rules_, diag::visible(about, true))});
    }

    const Request& request_;
    Emission emission_;
    std::vector<AlarmRule> rules_;
    std::vector<std::string> notes_;
};

Emission emitted(const Request& request) { return AlarmFiles(request).make(); }

}  // namespace

const Kind rows::alarms{"alarms", "alarms at the plan's limits: CloudWatch, Prometheus, and a Grafana dashboard",
                        "a database", emitted};

}  // namespace poolfit::emit
