#include "alarm_rules.hpp"

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/emit/identifiers.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::emit {
namespace {

// How long a limit is passed before an alarm: a page is for what refuses clients.
constexpr int page_minutes = 5, warning_minutes = 15;

class RuleMaker {
public:
    RuleMaker(const Request& request, Emission& emission, std::vector<std::string>& notes, Index database)
        : emission_(emission),
          notes_(notes),
          index_(database),
          policy_(request.fleet().policy),
          database_(request.fleet().databases[database]),
          plan_(request.report->plan.databases[database]),
          then_(plan_.chosen) {}

    std::vector<AlarmRule> make() {
        if (metrics_of(database_) == nullptr) {
            missing(fmt::format("{}: no metric name is known for {}", *database_.name, database_.platform->names.full),
                    "");
            return {};
        }
        if (platform::is_of_class(database_) && then_.cls != database_.type)
            note(fmt::format("the limits are those of {}; it is on {} today: set its alarms once the class is changed",
                             then_.cls->name, diag::visible(database_.type->name, true)));
        connections();
        cpu();
        memory();
        credits();
        lag();
        return std::move(rules_);
    }

private:
    void missing(std::string what, std::string fix) { emission_.gaps.push_back({std::move(what), std::move(fix)}); }
    void note(std::string_view text) { notes_.push_back(fmt::format("{}: {}", *database_.name, text)); }

    AlarmRule* add(Watched what, AlarmRule::Severity severity, double limit, std::string why) {
        const Metric* metric = platform::find_metric(*metrics_of(database_), what);
        if (metric == nullptr) return nullptr;
        AlarmRule rule;
        rule.database = index_;
        rule.what = what;
        rule.severity = severity;
        rule.metric = metric;
        rule.limit = limit;
        rule.minutes = severity == AlarmRule::Severity::page ? page_minutes : warning_minutes;
        rule.why = std::move(why);
        rules_.push_back(std::move(rule));
        return &rules_.back();
    }

    void connections() {
        if (!then_.limits.known) {
            missing(fmt::format("the connection limit of {}", *database_.name), "set max_connections of it");
            return;
        }
        limit_of_connections(Dimension::connections_steady, AlarmRule::Severity::warning, "connections_steady_max");
        limit_of_connections(Dimension::connections_deploy, AlarmRule::Severity::page, "connections_deploy_max");
    }

    void limit_of_connections(Dimension dimension, AlarmRule::Severity severity, std::string_view key) {
        const Check* check = then_.find(dimension);
        if (check == nullptr || !check->limit) {
            note("no connection limit was checked, so there is no alarm at " + std::string(key));
            return;
        }
        add(Watched::connections, severity, *check->limit,
            fmt::format("{} of {} usable connections on {} (policy.{})", unit::print(Fraction(check->allowed)),
                        unit::print(Connections(static_cast<std::int64_t>(check->of))), then_.cls->name, key));
    }

    void cpu() {
        const Metric* metric = platform::find_metric(*metrics_of(database_), Watched::cpu);
        if (metric == nullptr) return;
        const Fraction peak = *policy_.cpu_peak_max;
        add(Watched::cpu, AlarmRule::Severity::warning, cpu_in(*metric, peak.value),
            fmt::format("{} of the CPU of {} (policy.cpu_peak_max)", unit::print(peak), then_.cls->name));
        if (!then_.cls->burst) return;
        const Fraction baseline = then_.cls->burst->baseline, planned = then_.mean_as_planned();
        const std::string why =
            planned > baseline
                ? fmt::format("the price includes surplus credits for a mean of up to {} on {}, whose baseline is {}",
                              unit::print(planned), then_.cls->name, unit::print(baseline))
                : fmt::format("the baseline of {} is {} of its CPU; above it credits run out", then_.cls->name,
                              unit::print(baseline));
        if (AlarmRule* mean = add(Watched::cpu, AlarmRule::Severity::warning, cpu_in(*metric, planned.value), why)) {
            mean->daily = true;
            mean->minutes = 24 * 60;
        }
    }

    void memory() {
        const Metric* metric = platform::find_metric(*metrics_of(database_), Watched::memory);
        if (metric == nullptr) return;
        const auto free = free_memory(plan_);
        if (!free) {
            note("memory was not judged: set observed.freeable_memory for an alarm at its limit");
            return;
        }
        const bool own = *policy_.freeable_memory_min >= *free;
        add(Watched::memory, AlarmRule::Severity::warning, memory_in(*metric, *free, then_.cls->memory),
            fmt::format("{} of the {} of {} stay free (policy.{})", unit::print(*free), unit::print(then_.cls->memory),
                        then_.cls->name, own ? "freeable_memory_min" : "memory_max"));
    }

    void credits() {
        if (!then_.credits) return;
        if (then_.pays_surplus()) {
            note("the plan includes surplus credits, so there is no alarm for them, and none for the credit balance");
            return;
        }
        const double burned = then_.credits->burned_per_hour.value.high;
        if (burned > 0)
            add(Watched::credits, AlarmRule::Severity::warning, burned,
                fmt::format("credits that the planned load burns per hour on {}, at the high end", then_.cls->name));
        if (then_.credits->throttled) return;
        if (AlarmRule* surplus = add(Watched::surplus_credits, AlarmRule::Severity::warning, 0,
                                     "the plan assumes no surplus credits, which are billed"))
            surplus->minutes = 60;
    }

    void lag() {
        if (!database_.replica_of) return;
        const Metric* metric = platform::find_metric(*metrics_of(database_), Watched::replica_lag);
        if (metric == nullptr) return;
        const auto& seen = database_.observed.replica_lag;
        if (!seen || !(seen->value.high.value > 0)) {
            note("observed.replica_lag is not set, so there is no alarm for a replica that lags");
            return;
        }
        const double milliseconds = seen->value.high.value;
        add(Watched::replica_lag, AlarmRule::Severity::warning,
            metric->unit == Metric::Unit::seconds ? milliseconds / 1000 : milliseconds,
            fmt::format("the most that was observed: {} (observed.replica_lag)", unit::print(seen->value.high)));
    }

    Emission& emission_;
    std::vector<std::string>& notes_;
    Index index_;
    const Policy& policy_;
    const Database& database_;
    const DatabasePlan& plan_;
    const Projection& then_;
    std::vector<AlarmRule> rules_;
};

/// As people read it.
std::string limit_text(const AlarmRule& rule) {
    switch (rule.metric->unit) {
        case Metric::Unit::bytes_free:
            return unit::print(Bytes(static_cast<std::int64_t>(rule.limit)));
        case Metric::Unit::percent:
        case Metric::Unit::percent_used:
            return unit::print(Fraction(rule.limit / 100));
        case Metric::Unit::ratio:
        case Metric::Unit::ratio_used:
            return unit::print(Fraction(rule.limit));
        case Metric::Unit::seconds:
            return unit::print(Millis(rule.limit * 1000));
        case Metric::Unit::milliseconds:
            return unit::print(Millis(rule.limit));
        case Metric::Unit::count:
            break;
    }
    return unit::print_number(rule.limit);
}

std::string selector(const Metrics& metrics, std::string_view name) {
    // PromQL's strings are Go's.
    if (metrics.before.empty() && metrics.after.empty() && name.find('$') == name.npos)
        return fmt::format("{}={}", metrics.label, quoted(Language::go, name));
    return fmt::format("{}=~{}", metrics.label,
                       quoted(Language::go, fmt::format("{}{}{}", metrics.before, pattern_of(name), metrics.after)));
}

}  // namespace

std::vector<AlarmRule> alarm_rules(const Request& request, Emission& emission, std::vector<std::string>& notes) {
    std::vector<AlarmRule> all;
    for (const Index i : databases_of(request)) {
        if (request.report->plan.databases[i].recommendation.verdict == Verdict::idle) continue;
        for (AlarmRule& rule : RuleMaker(request, emission, notes, i).make()) all.push_back(std::move(rule));
    }
    return all;
}

std::string_view name(AlarmRule::Severity severity) {
    return severity == AlarmRule::Severity::page ? "page" : "warning";
}

std::string_view measured(const AlarmRule& rule) {
    switch (rule.what) {
        case Watched::connections:
            return "connections";
        case Watched::cpu:
            return rule.daily ? "daily mean CPU" : "CPU";
        case Watched::memory:
            return rule.metric->unit == Metric::Unit::bytes_free ? "free memory" : "memory in use";
        case Watched::credits:
            return "CPU credits";
        case Watched::surplus_credits:
            return "surplus credits charged";
        case Watched::replica_lag:
            return "replica lag";
        case Watched::free_storage:
            break;
    }
    return "free storage";
}

std::string title(const Request& request, const AlarmRule& rule) {
    return fmt::format("{}: {} {} {}", diag::visible(*request.fleet().databases[rule.database].name, true),
                       measured(rule), rule.below() ? "below" : "over", limit_text(rule));
}

std::string key(const AlarmRule& rule) {
    constexpr std::string_view words[] = {"connections",     "cpu",         "memory",      "credits",
                                          "surplus_credits", "replica_lag", "free_storage"};
    return fmt::format("{}{}_{}", rule.daily ? "mean_" : "", words[static_cast<std::size_t>(rule.what)],
                       name(rule.severity));
}

std::string expression(const Request& request, const AlarmRule& rule) {
    const Database& database = request.fleet().databases[rule.database];
    if (rule.metric->series.empty()) return {};
    const std::string measured =
        model::filled(std::string(rule.metric->series), "SERVER", selector(*metrics_of(database), *database.name));
    if (rule.what == Watched::surplus_credits) return fmt::format("sum_over_time({}[1h])", measured);
    return rule.daily ? fmt::format("avg_over_time((({}) >= 0)[1d:5m])", measured) : measured;
}

std::string condition(const Request& request, const AlarmRule& rule) {
    return fmt::format("{} {} {}", expression(request, rule), rule.below() ? "<" : ">", number(rule.limit));
}

}  // namespace poolfit::emit
