#include "pool_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/render/pool.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"

namespace poolfit::render {
namespace {

/// "value ≤ limit", with as many digits as it takes to tell them apart.
std::string compared(std::string value, std::string limit, double a, double b, std::string_view unit) {
    const std::string_view sign = a <= b ? "≤" : ">";
    for (int digits = 3; digits <= 9 && a != b && value == limit; ++digits) {
        value = fmt::format("{:.{}g}{}", a, digits, unit);
        limit = fmt::format("{:.{}g}{}", b, digits, unit);
    }
    return fmt::format("{} {} {}", value, sign, limit);
}

std::string compared_shares(double value, double limit) {
    return compared(share_text(value, std::min(1e-6, limit / 10)), share_text(limit), value * 100, limit * 100, " %");
}

/// "value ± error ≤ limit": the high end is what is judged.
std::string compared_shares(double value, double error, double limit) {
    const double least = std::min(1e-6, limit / 10);
    if (value >= 1.0 && error < least) return fmt::format("{} > {}", share_text(value), share_text(limit));
    const std::string measured = fmt::format("{} ± {}", share_text(value, least), share_text(error, least));
    if (value <= limit && value + error > limit) return fmt::format("{}: may exceed {}", measured, share_text(limit));
    return fmt::format("{} {} {}", measured, value <= limit ? "≤" : ">", share_text(limit));
}

std::string hold_text(const PoolReport& report) {
    const PoolRequest& asked = report.asked;
    if (const auto* mean = std::get_if<sizing::MeanHold>(&asked.load.hold)) {
        const bool named = mean->cv != 0.0 && mean->cv != 1.0;
        const std::string_view law = mean->law == sizing::MeanHold::Law::phases ? ", phases" : ", lognormal";
        return fmt::format("holds {} (cv {}{})", unit::print(mean->mean), unit::print_number(mean->cv),
                           named ? law : "");
    }
    if (const auto* known = std::get_if<sizing::PercentileHold>(&asked.load.hold)) {
        std::vector<std::string> texts{"p50 " + unit::print(known->p50)};
        if (known->p95) texts.push_back("p95 " + unit::print(*known->p95));
        if (known->p99) texts.push_back("p99 " + unit::print(*known->p99));
        return fmt::format("holds {} (mean {})", joined(texts, ", "), unit::print(report.hold));
    }
    const std::size_t bins = std::get<sizing::HistogramHold>(asked.load.hold).bins.size();
    return fmt::format("holds from a histogram with {} (mean {})", counted(bins, "range"), unit::print(report.hold));
}

}  // namespace

std::string share_text(double share, double least) {
    if (share > 0 && share < least) return fmt::format("< {} %", unit::print_number(least * 100));
    return unit::print_number(share * 100) + " %";
}

std::string whole(std::string text) {
    constexpr std::string_view no_break = "\u00A0";
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at))
        text.replace(at, 1, no_break);
    return text;
}

std::string time_text(Millis time) { return time.value < 1e-3 ? "0 ms" : unit::print(time); }

std::vector<std::string> goals_text(const PoolRequest& asked) {
    const queue::Goals& goals = asked.question.goals;
    std::vector<std::string> texts;
    if (goals.wait)
        texts.push_back(fmt::format("P(wait > {}) ≤ {}", unit::print(goals.wait->t), share_text(goals.wait->p)));
    if (goals.mean_wait) texts.push_back(fmt::format("mean wait ≤ {}", unit::print(*goals.mean_wait)));
    if (goals.utilization) texts.push_back(fmt::format("utilization ≤ {}", share_text(goals.utilization->value)));
    if (asked.question.timeouts) texts.push_back(fmt::format("P(timeout) ≤ {}", share_text(*asked.question.timeouts)));
    std::ranges::transform(texts, texts.begin(), whole);
    return texts;
}

std::vector<std::string> judged(const PoolReport& report) {
    const sizing::Figures& answer = report.answer;
    const queue::Goals& goals = report.asked.question.goals;
    std::vector<std::string> texts;
    if (answer.overloaded) return texts;
    if (goals.wait) {
        const std::string what =
            answer.p_over ? fmt::format("P(wait > {})", unit::print(goals.wait->t)) : std::string("P(wait)");
        texts.push_back(fmt::format("{} {}", what,
                                    answer.p_over_error
                                        ? compared_shares(*answer.p_over, *answer.p_over_error, goals.wait->p)
                                        : compared_shares(answer.p_over.value_or(answer.p_wait), goals.wait->p)));
        // A request that times out was not served in time, so it counts against the goal too.
        if (answer.p_timeout && *answer.p_timeout > goals.wait->p && !report.asked.question.timeouts)
            texts.push_back(fmt::format("P(timeout) {}", compared_shares(*answer.p_timeout, goals.wait->p)));
    }
    if (goals.mean_wait)
        texts.push_back(fmt::format("mean wait {}", compared(time_text(answer.wait_mean), unit::print(*goals.mean_wait),
                                                             answer.wait_mean.value, goals.mean_wait->value, " ms")));
    if (goals.utilization)
        texts.push_back(
            fmt::format("utilization {}", compared_shares(answer.utilization.value, goals.utilization->value)));
    if (report.asked.question.timeouts && answer.p_timeout)
        texts.push_back(
            fmt::format("P(timeout) {}", compared_shares(*answer.p_timeout, *report.asked.question.timeouts)));
    std::ranges::transform(texts, texts.begin(), whole);
    return texts;
}

std::string load_text(const PoolReport& report) {
    const PoolRequest& asked = report.asked;
    const sizing::Load& load = asked.load;
    std::vector<std::string> texts;
    const std::string hold = hold_text(report);
    const std::string pools = report.service ? counted(report.service->most.pools, "pool", "pools") : std::string();
    if (load.users > 0) {
        if (report.service && asked.users > load.users)
            texts.push_back(fmt::format("{} over {}, at most {} each",
                                        counted(static_cast<std::size_t>(asked.users), "user"), pools,
                                        unit::print(Connections(load.users))));
        else
            texts.push_back(counted(static_cast<std::size_t>(load.users), "user"));
        texts.push_back(fmt::format("each thinks {} and {}", unit::print(load.think), hold));
    } else {
        std::string rate = unit::print(asked.rate.high);
        if (asked.peak != 1.0) rate = fmt::format("{} × {}", unit::print_number(asked.peak), rate);
        if (asked.nested > 0) rate += fmt::format(" × {} checkouts", asked.nested + 1);
        if (report.service) rate += fmt::format(" over {}", pools);
        if (asked.peak != 1.0 || asked.nested > 0 || report.service)
            rate += fmt::format(" = {}", unit::print(load.rate));
        texts.push_back(std::move(rate));
        if (load.batch > 1.0) texts.push_back(fmt::format("in batches of {}", unit::print_number(load.batch)));
        texts.push_back("each " + hold);
    }
    if (load.cpu.value > 0)
        texts.push_back(fmt::format("{} of that on {}", unit::print(load.cpu),
                                    counted(static_cast<std::size_t>(load.vcpus), "vCPU")));
    if (load.acquire_timeout) texts.push_back(fmt::format("times out after {}", unit::print(*load.acquire_timeout)));
    return joined(texts, ", ");
}

std::string law_text(const PoolReport& report) {
    const auto* known = std::get_if<sizing::PercentileHold>(&report.asked.load.hold);
    if (known == nullptr) return {};
    if (!report.tail)
        return fmt::format("lognormal through p50 and {}, extrapolated beyond", known->p99 ? "p99" : "p95");
    if (report.tail->value <= 0) return "lognormal through p50, p95 and p99; nothing longer assumed";
    return fmt::format(
        "lognormal between p50, p95 and p99; beyond p99, where nothing is known, assumed exponential, {} longer "
        "on average",
        unit::print(*report.tail));
}

std::string error_text(const sizing::Figures& figures) {
    if (!figures.error_bound) return "exact";
    const std::string bound = share_text(*figures.error_bound);
    if (figures.method != sizing::Method::simulation) return fmt::format("within {}", bound);
    return fmt::format("± {} at 95 %", bound);
}

std::string no_answer_text(const NoAnswer& none) {
    if (const auto* bad = std::get_if<queue::BadInput>(&none.why)) return queue::describe(*bad);
    if (const auto* refused = std::get_if<sizing::Refused>(&none.why)) return refused->why;
    const auto& floor = std::get<DeadlockFloor>(none.why);
    return fmt::format("{} threads that each hold {} connections need {} to be safe from deadlock",
                       unit::print(Connections(floor.threads)), floor.held, unit::print(floor.size));
}

std::string no_answer_fix(const NoAnswer& none) {
    using Fix = NoAnswer::Fix;
    switch (none.fix) {
        case Fix::other_value:
            break;
        case Fix::smaller_value:
            return "write a smaller one";
        case Fix::larger_value:
            return "write a larger one";
        case Fix::not_below_limit:
            return fmt::format("write {} or more, or a smaller one before it",
                               unit::print_number(std::get<queue::BadInput>(none.why).limit));
        case Fix::lognormal_law:
            return "remove --law: the lognormal law allows any cv";
        case Fix::three_percentiles:
            return "set p50, p95 and p99: two percentiles this far apart do not give a realistic mean";
        case Fix::less_load:
            return "use a lower rate, fewer users, or a shorter hold";
        case Fix::solvable_law:
            return "use a load that a formula can solve: --cv 1, or --cv 0";
        case Fix::as_refused:
            return std::get<sizing::Refused>(none.why).fix;
        case Fix::one_connection:
            return "hold one connection at a time: pass the transaction along";
    }
    return "remove it, or use another value";
}

}  // namespace poolfit::render
