// The sentences of signs: what to watch, and when an action is done.
#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/unit/print.hpp>

#include "phase_words.hpp"
#include "platform_words.hpp"
#include "strategy_words.hpp"

namespace poolfit::render {
namespace {

/// What to watch; empty for a criterion.
std::string watch_text(const Report& report, const Action& action, const Sign& sign) {
    const Platform::Words& words = report.fleet->databases[sign.database].platform->words;
    switch (sign.kind) {
        case Sign::Kind::connections_most:
            return fmt::format("{}: at most {} ({} of {} usable)", words.connections, unit::print(sign.most),
                               unit::print(sign.share), unit::print(sign.usable));
        case Sign::Kind::server_connections_most:
            return fmt::format(
                "{} of {}: at most {}{}", words.connections, *report.fleet->databases[sign.database].name,
                unit::print(sign.most),
                sign.deploy != sign.most ? fmt::format(", {} in a deploy", unit::print(sign.deploy)) : std::string());
        case Sign::Kind::cpu_peak_most:
            return fmt::format("{}: peaks up to {}", words.cpu, unit::print(sign.share));
        case Sign::Kind::cpu_p95_most:
            return fmt::format("{}, p95: up to {}", words.cpu, unit::print(sign.share));
        case Sign::Kind::cpu_mean_most:
            if (sign.share > sign.cls->burst->baseline)
                return fmt::format(
                    "{}, daily mean: up to {}, as planned; over {}, the baseline of {}, credits are paid for",
                    words.cpu, unit::print(sign.share), unit::print(sign.cls->burst->baseline), sign.cls->name);
            return fmt::format("{}, daily mean: up to {}, the baseline of {}", words.cpu, unit::print(sign.share),
                               sign.cls->name);
        case Sign::Kind::credits_hold:
            return fmt::format("{}: does not fall from day to day; {}: 0", words.credit_balance, words.surplus_credits);
        case Sign::Kind::credits_paid:
            return fmt::format("{}: may run out; {}: may be charged, as the price includes them", words.credit_balance,
                               words.surplus_credits);
        case Sign::Kind::memory_least:
            return fmt::format("{}: at least {}; {}: does not grow", words.freeable_memory, unit::print(sign.bytes),
                               words.swap);
        case Sign::Kind::disk_reads:
            return fmt::format("{}: with a smaller page cache, more reads may go to disk", words.read_iops);
        case Sign::Kind::latency:
            return "query latency p95 and p99, from the services";
        case Sign::Kind::counts_no_waiting:
            return fmt::format("{}: does not count waiting requests; watch latency, and busy backends in {}",
                               sign.driver->name, words.activity);
        case Sign::Kind::waiting:
            return fmt::format("{}: no waiting requests, except briefly ({})", sign.driver->name, sign.driver->metrics);
        case Sign::Kind::decision: {
            const Strategy& strategy = report.strategies[*action.strategy];
            return point_text(report, strategy, strategy.decides[sign.decides]);
        }
        default:
            return {};
    }
}

/// A criterion.
std::string success_text(const Report& report, const Action& action, const Sign& sign) {
    switch (sign.kind) {
        case Sign::Kind::cpu_peak_about:
            return fmt::format("peak CPU about {}, at most {}", unit::print(sign.cpu), unit::print(sign.share));
        case Sign::Kind::cpu_p95_about:
            return fmt::format("p95 of CPU about {}, at most {}", unit::print(sign.cpu), unit::print(sign.share));
        case Sign::Kind::cpu_mean_about:
            return fmt::format("mean CPU about {}", unit::print(sign.cpu));
        case Sign::Kind::cpu_mean_under:
            return fmt::format("mean CPU about {}, below the {} baseline", unit::print(sign.cpu),
                               unit::print(sign.share));
        case Sign::Kind::cpu_mean_unknown:
            return fmt::format("mean CPU (unknown today) below the {} baseline", unit::print(sign.share));
        case Sign::Kind::memory_about:
            return fmt::format(
                "freeable memory about {}{}", unit::print(sign.memory),
                sign.bytes.value > 0 ? fmt::format(", at least {}", unit::print(sign.bytes)) : std::string());
        case Sign::Kind::connections_then:
            return fmt::format("connections at most {}", unit::print(sign.most));
        case Sign::Kind::connections_now_then:
            return fmt::format("connections at most {} before the pools change, {} after", unit::print(sign.before),
                               unit::print(sign.most));
        case Sign::Kind::nothing_refused:
            return "no connection refused, p95 and p99 latency no higher than the week before";
        case Sign::Kind::in_all: {
            const Strategy& strategy = report.strategies[*action.strategy];
            return fmt::format("connections in total {}: {}", count_text(strategy.after),
                               per_server(*report.fleet, strategy));
        }
        case Sign::Kind::no_timeout:
            return "no acquire timeout, no connection refused";
        case Sign::Kind::latency_as_before:
            return "p95 and p99 latency of each service no higher than the week before";
        case Sign::Kind::inventory_complete:
            return "in_use for every pool and [database.observed] for every database are in the inventory";
        case Sign::Kind::verdict:
            return model::command(*report.fleet, "plan") + " reaches a verdict";
        case Sign::Kind::no_extended_support:
            return "the bill has no Extended Support for it";
        case Sign::Kind::no_instance:
            return fmt::format("nothing misses {}, and the bill has no hours of it",
                               *report.fleet->databases[sign.database].name);
        case Sign::Kind::hours_on_bill:
            return "the bill has only the hours that it runs";
        case Sign::Kind::capacity_about: {
            const auto& use = report.plan.databases[sign.database].capacity;
            return use ? fmt::format("about {} to {} {} on average", unit::print_number(use->units.value.low),
                                     unit::print_number(use->units.value.high), use->elastic->unit)
                       : std::string("capacity as projected");
        }
        default:
            return {};
    }
}

std::vector<std::string> texts(const Report& report, const Action& action, const std::vector<Sign>& signs,
                               std::string (*text)(const Report&, const Action&, const Sign&)) {
    std::vector<std::string> all;
    all.reserve(signs.size());
    for (const Sign& sign : signs) all.push_back(text(report, action, sign));
    return all;
}

}  // namespace

std::vector<std::string> watch_texts(const Report& report, const Action& action) {
    return texts(report, action, action.watch, watch_text);
}

std::vector<std::string> success_texts(const Report& report, const Action& action) {
    return texts(report, action, action.success, success_text);
}

}  // namespace poolfit::render
