// What to raise an alarm at: the plan's own limits, each with where it comes from. One list for every tool.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform_tools.hpp"

namespace poolfit::emit {

struct AlarmRule {
    Index database = 0;
    Watched what{};
    enum class Severity : std::uint8_t { warning, page } severity = Severity::warning;
    bool daily = false;  ///< the mean of a day, not what is measured
    const Metric* metric = nullptr;
    double limit = 0;  ///< in the metric's unit
    int minutes = 0;   ///< for so long
    std::string why;   ///< where the limit comes from

    bool below() const { return falls(*metric); }
};

/// The rules of all databases that are asked for, in their order; what has no limit is a gap, or a line of `notes`.
std::vector<AlarmRule> alarm_rules(const Request& request, Emission& emission, std::vector<std::string>& notes);

/// "warning".
std::string_view name(AlarmRule::Severity severity);
/// "connections", "mean CPU": what is measured.
std::string_view measured(const AlarmRule& rule);
/// "orders: connections over 2,726", "orders: free memory below 4.8 GiB": on one line.
std::string title(const Request& request, const AlarmRule& rule);
/// Of a rule's name in a tool: "connections_page".
std::string key(const AlarmRule& rule);

/// PromQL that selects the server and measures it; empty where no exporter is known.
std::string expression(const Request& request, const AlarmRule& rule);
/// The same, compared with the limit.
std::string condition(const Request& request, const AlarmRule& rule);

std::string cloudwatch_commands(const Request& request, const std::vector<AlarmRule>& rules);
std::string cloudwatch_terraform(const Request& request, const std::vector<AlarmRule>& rules);
std::string prometheus_rules(const Request& request, const std::vector<AlarmRule>& rules);
/// `about` is what the other files say in their first lines.
std::string grafana_dashboard(const Request& request, const std::vector<AlarmRule>& rules, const std::string& about);

}  // namespace poolfit::emit
