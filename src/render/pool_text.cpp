#include <algorithm>

#include <fmt/format.h>

#include <poolfit/render/pool.hpp>
#include <poolfit/unit/print.hpp>

#include "pool_words.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

constexpr int label_width = 16;
constexpr std::string_view no_break = "\u00A0";

void print_fact(Page& page, std::string_view label, const std::string& text) {
    page.labelled(label, {text}, label_width, 0);
}

std::string repeated(std::string_view sign, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += sign;
    return text;
}

/// Filled by the share that has to wait: here a long bar is bad.
Pieces bar(const PoolReport::Row& row, int cells) {
    const sizing::Figures& figures = row.figures;
    if (figures.overloaded) return {{repeated("■", cells), Paint::bad}};
    const int full = std::clamp(static_cast<int>(figures.p_wait * cells + 0.5), 0, cells);
    return {{repeated("■", full), row.met ? Paint::plain : Paint::warn}, {repeated("□", cells - full), Paint::dim}};
}

/// "4 × 2 × 6 = 48 connections": instances, processes and size.
std::string product_text(const PoolReport& report, const PoolReport::Pools& pools) {
    const std::int64_t processes = report.asked.service->processes;
    std::string text;
    if (pools.instances > 1 || processes == 1) text += unit::print(Connections(pools.instances)) + " × ";
    if (processes > 1) text += unit::print(Connections(processes)) + " × ";
    return whole(fmt::format("{}{} = {}", text, unit::print(pools.size),
                             counted(pools.total.value, "connection", "connections")));
}

bool scales(const PoolReport::Service& service) { return service.fewest.instances < service.most.instances; }

void print_verdict(Page& page, const PoolReport& report) {
    const sizing::Figures& answer = report.answer;
    std::string size = fmt::format("size{}{}", no_break, unit::print(answer.size));
    if (report.service)
        size = fmt::format("{}{}: {}", product_text(report, report.service->most),
                           scales(*report.service) ? " at most" : "", size);
    else
        size += whole(" per process");
    const bool one = goals_text(report.asked).size() == 1;
    Pieces pieces;
    if (answer.overloaded) {
        pieces.emplace_back(fmt::format("{} is overloaded", size), Paint::bad);
        pieces.emplace_back(
            fmt::format(": {} utilization, waits grow without bound", share_text(answer.utilization.value)));
    } else {
        std::string what = size;
        if (report::can_deadlock(report, answer.size))
            what += " can deadlock";
        else if (report.asked.size)
            what += fmt::format(" {} the goal{}", report.met ? "meets" : "misses", one ? "" : "s");
        pieces.emplace_back(what, report.met ? Paint::good : Paint::bad);
        for (const std::string& text : judged(report)) pieces.emplace_back(" · " + text);
        // Where the ± of the goal's share is given, that of the waits would be taken for another one.
        const std::string error = answer.p_over_error ? "at 95 %" : error_text(answer);
        const std::string_view method = sizing::name(answer.method);
        // A nested checkout depends on the first one: no method is exact for that.
        if (report.asked.nested == 0)
            pieces.emplace_back(" · " + whole(fmt::format("{}, {}", method, error)));
        else if (report.asked.load.users == 0)
            pieces.emplace_back(" · " +
                                whole(fmt::format("{} for {} checkouts", method, unit::print(report.asked.load.rate))));
        else
            pieces.emplace_back(" · " + whole(fmt::format("{} for first checkouts", method)));
    }
    page.write(pieces, 2);
}

/// What all pools of a service open, and what other numbers of instances would.
void print_service(Page& page, const PoolReport& report) {
    if (!report.service) return;
    const PoolReport::Service& service = *report.service;
    if (scales(service))
        print_fact(page, "instances",
                   fmt::format("{} with the fewest; each pool is sized for its share of the load on {}",
                               product_text(report, service.fewest), unit::print(Connections(service.most.instances))));
    if (service.pooler) {
        const PoolReport::Pools& pooler = *service.pooler;
        const std::string total = pooler.pools == 1
                                      ? unit::print(pooler.total)
                                      : whole(fmt::format("{} × {} = {}", unit::print(Connections(pooler.pools)),
                                                          unit::print(pooler.size), unit::print(pooler.total)));
        print_fact(page, "pooler",
                   fmt::format("default_pool_size {}: {} server connections instead of {} (transaction mode)",
                               unit::print(pooler.size), total, unit::print(service.most.total)));
    }
    if (report.asked.service->pooler > 0 && !service.pooler)
        print_fact(page, "pooler",
                   "no size computed: the same load without --instances, --processes and --pooler says why");
    if (service.by_instances.empty())
        return print_fact(page, "instances", "other numbers are not computed where sizes are simulated");
    const bool several = report.asked.service->processes > 1;
    std::vector<Column> columns{{"instances", true, 0, false}};
    if (several) columns.push_back({"pools", true, 1, false});
    columns.insert(columns.end(), {{"size", true, 0, false}, {"connections", true, 0, false}});
    Table table(std::move(columns));
    for (const PoolReport::Pools& row : service.by_instances) {
        std::vector<std::string> cells{(row.instances == service.most.instances ? "◀ " : "") +
                                       unit::print(Connections(row.instances))};
        if (several) cells.push_back(unit::print(Connections(row.pools)));
        cells.insert(cells.end(), {unit::print(row.size), unit::print(row.total)});
        table.add(std::move(cells));
    }
    page.blank();
    table.print(page);
    if (service.by_instances.back().total > service.by_instances.front().total)
        page.write({{"The same load needs more connections in more pools: what is idle in one can't serve another."}});
    page.blank();
}

/// With a size asked about: which one it should be.
void print_smallest(Page& page, const PoolReport& report) {
    if (!report.asked.size) return;
    std::vector<std::string> texts;
    if (report.smallest_stable && report.answer.overloaded)
        texts.push_back(fmt::format("{} is stable", unit::print(*report.smallest_stable)));
    if (report.smallest)
        texts.push_back(
            fmt::format("{} meets {}", unit::print(report.smallest->size), joined(goals_text(report.asked), " and ")));
    else
        texts.push_back(no_answer_text(*report.no_smallest));
    if (report.deadlock_floor)
        texts.push_back(fmt::format("{} can't deadlock", unit::print(report.deadlock_floor->size)));
    print_fact(page, "smallest", joined(texts, ", "));
}

void print_asked(Page& page, const PoolReport& report) {
    const PoolRequest& asked = report.asked;
    const bool closed = asked.load.users > 0;
    const bool shares_cpu = closed && asked.load.cpu.value > 0;  // waiting transactions hold longer, and more are busy
    print_fact(page, "load",
               fmt::format("{}: {}{} busy{}", load_text(report), closed && !shares_cpu ? "at most " : "",
                           unit::print_number(report.offered.value),
                           shares_cpu ? " if there were no waits"
                           : closed   ? ""
                                      : " on average"));
    if (const std::string law = law_text(report); !law.empty()) print_fact(page, "law", law);
    std::string goals = joined(goals_text(asked));
    if (asked.usual_goals) goals += " (the default)";
    print_fact(page, "goal", goals);
    if (asked.better) {
        std::vector<std::string> given, worse, better;
        const auto add = [&](const auto& range) {
            if (range.is_point()) return;
            given.push_back(unit::print(range));
            worse.push_back(unit::print(range.high));
            better.push_back(unit::print(range.low));
        };
        add(asked.rate);
        add(asked.hold);
        std::string text =
            fmt::format("{}: sized for the worse end, {}", joined(given, " and "), joined(worse, " and "));
        if (report.better_size)
            text += fmt::format("; at {} the size is {}", joined(better, " and "), unit::print(*report.better_size));
        print_fact(page, "range", text);
    }
}

void print_table(Page& page, const PoolReport& report) {
    const std::optional<queue::WaitGoal>& goal = report.asked.question.goals.wait;
    const bool gives_up = report.asked.load.acquire_timeout.has_value();
    // Zeros that the goal does not ask for are left out.
    const double least = std::min(1e-4, goal ? goal->p / 10 : 1.0);
    std::vector<Column> columns{{"size", true, 0, false}, {"busy", true, 1, false}, {"P(wait)", true, 3, false}};
    if (goal) columns.push_back({fmt::format(">{0}{1}", no_break, unit::print(goal->t)), true, 0, false});
    if (gives_up) columns.push_back({"timed out", true, 0, false});
    columns.insert(columns.end(), {{"p95", true, 4, false},
                                   {"p99", true, 0, false},
                                   {"served", true, 5, false},
                                   {"goal", false, 0, false},
                                   {"waiting", false, 2, false}});
    Table table(std::move(columns));
    const int cells = page.width() < 72 ? 8 : 10;
    const auto optional_time = [](const std::optional<Millis>& time) {
        return time ? time_text(*time) : std::string("–");
    };
    for (const PoolReport::Row& row : report.around) {
        const sizing::Figures& figures = row.figures;
        const bool has_waits = !figures.overloaded;
        const auto share = [&](const std::optional<double>& value) {
            return value && has_waits ? share_text(*value, least) : std::string("–");
        };
        std::vector<std::string> texts{(figures.size == report.answer.size ? "◀ " : "") + unit::print(figures.size),
                                       unit::print(figures.utilization), has_waits ? share(figures.p_wait) : "100 %"};
        if (goal) texts.push_back(share(figures.p_over));
        if (gives_up) texts.push_back(share(figures.p_timeout));
        texts.push_back(has_waits ? optional_time(figures.wait_p95) : "–");
        texts.push_back(has_waits ? optional_time(figures.wait_p99) : "–");
        texts.push_back(unit::print(figures.throughput));
        texts.emplace_back(figures.overloaded                           ? "overload"
                           : report::can_deadlock(report, figures.size) ? "deadlock"
                           : row.met                                    ? "yes"
                                                                        : "no");
        Pieces last = bar(row, cells);
        if (report.knee_size == figures.size) last.emplace_back(" knee");
        table.add(std::move(texts), std::move(last));
    }
    page.blank();
    table.print(page);
    page.blank();
}

/// Which parts of a simulated answer are not estimates.
std::string_view known_flow(const PoolReport& report) {
    const sizing::Load& load = report.asked.load;
    return load.users == 0 && !load.acquire_timeout ? "busy and served are exact" : "busy and served are within bounds";
}

void print_method(Page& page, const PoolReport& report) {
    const sizing::Figures& answer = report.answer;
    print_fact(page, "method", std::string(sizing::formula(answer.method)));
    if (!answer.overloaded && !answer.p_over && report.asked.question.goals.wait)
        print_fact(page, "", "it gives means only, so every wait counts as too long");
    // Where holds are rare and long the percentiles say little about it.
    if (answer.method == sizing::Method::single && !answer.overloaded)
        print_fact(page, "", fmt::format("the mean wait is {}", time_text(answer.wait_mean)));
    if (answer.method != sizing::Method::simulation || answer.overloaded) return;
    double rough = 0;
    for (const PoolReport::Row& row : report.around)
        if (row.figures.error_bound && row.figures.size != answer.size)
            rough = std::max(rough, *row.figures.error_bound);
    std::string text = fmt::format("seed {}; ", report.asked.question.seed);
    const bool too_rare = answer.unseen.value_or(0.0) > report.asked.question.precision;
    if (too_rare)
        text += fmt::format(
            "too rare to simulate: {} of the load comes from holds too rare for a run of this length; {}, the "
            "mean wait is {}",
            share_text(*answer.unseen), known_flow(report), unit::print(*answer.wait_mean_range));
    else
        text += fmt::format("mean and p99 wait {} (of a tenth of the hold if the wait is shorter)", error_text(answer));
    if (!answer.settled)
        text += "; too close to saturation for a steady state: real waits are longer than shown";
    else if (!answer.precise && !too_rare)
        text += fmt::format(", not the requested {}", share_text(report.asked.question.precision));
    if (rough > 0 && !too_rare) text += fmt::format("; other sizes at most ± {}", share_text(rough));
    print_fact(page, "", text);
    if (answer.approximations)
        print_fact(page, "approximations",
                   fmt::format("mean wait {} by methods that use only mean and cv; simulated {}",
                               unit::print(*answer.approximations), time_text(answer.wait_mean)));
}

/// What the load has that sizing::reach doesn't look at; empty where the reach is merely none.
std::string why_no_reach(const PoolReport& report) {
    const PoolRequest& asked = report.asked;
    const auto* mean = std::get_if<sizing::MeanHold>(&asked.load.hold);
    if (asked.nested > 0) return "nested checkouts";
    if (asked.load.acquire_timeout) return "loads with timeouts";
    if (asked.load.batch > 1.0) return "batches";
    if (asked.load.cpu.value > 0) return "a shared CPU";
    if (mean == nullptr || mean->cv != 1.0) return "holds that are not exponential (cv 1)";
    return {};
}

void print_limits(Page& page, const PoolReport& report) {
    const sizing::Reach& reach = report.reach;
    const std::string size = unit::print(report.answer.size);
    const auto& service = report.service;
    std::vector<std::string> texts;
    if (reach.largest_rate) texts.push_back(unit::print(service ? *service->largest_rate : *reach.largest_rate));
    if (reach.longest_hold) texts.push_back(fmt::format("holds of {}", unit::print(*reach.longest_hold)));
    if (reach.most_users)
        texts.push_back(counted(static_cast<std::size_t>(service ? *service->most_users : *reach.most_users), "user"));
    if (!texts.empty())
        print_fact(page, "good up to",
                   fmt::format("{} ({}size {})", joined(texts, ", or "),
                               service ? fmt::format("{}, each of ",
                                                     counted(static_cast<std::size_t>(service->most.pools), "pool"))
                                       : std::string(),
                               size));
    else if (const std::string why = why_no_reach(report); !why.empty())
        print_fact(page, "good up to", fmt::format("not computed for {}", why));

    texts.clear();
    if (report.knee_size)
        texts.push_back(fmt::format("from size {}, each extra connection removes less than one waiting transaction",
                                    unit::print(*report.knee_size)));
    const sizing::Knee& knee = report.knee;
    if (knee.rate_of_pool)
        texts.push_back(fmt::format("{}{} saturate{} at {}", service ? "in each pool, " : "",
                                    counted(report.answer.size.value, "connection", "connections"),
                                    report.answer.size.value == 1 ? "s" : "", unit::print(*knee.rate_of_pool)));
    if (knee.users_of_pool)
        texts.push_back(
            fmt::format("size {} is the bottleneck above {} users", size, unit::print_number(*knee.users_of_pool)));
    if (knee.users_of_cpu) texts.push_back(fmt::format("the CPU above {}", unit::print_number(*knee.users_of_cpu)));
    print_fact(page, "knee", joined(texts, "; "));
    if (report.answer.cpu) {
        std::string text = fmt::format("{} of {} busy", share_text(report.answer.cpu->value),
                                       counted(static_cast<std::size_t>(report.asked.load.vcpus), "vCPU"));
        if (report.better_cpu)
            text += fmt::format("; {} with holds of {}, since users then return sooner",
                                share_text(report.better_cpu->value), unit::print(report.asked.hold.low));
        print_fact(page, "cpu", text);
    }
}

void print_checks(Page& page, const PoolReport& report) {
    if (report.deadlock_floor) {
        const auto& floor = *report.deadlock_floor;
        std::string text =
            fmt::format("{} × ({} − 1) + 1 = {}: below that, {} that hold {} each can wait for each other forever",
                        unit::print(Connections(floor.threads)), floor.held, unit::print(floor.size),
                        counted(static_cast<std::size_t>(floor.threads), "thread"), floor.held);
        if (report::is_floor(report))
            text += fmt::format("; the goal alone would need {}", unit::print(report.smallest->size));
        print_fact(page, "deadlock", text);
        print_fact(
            page, "",
            report.asked.load.users > 0
                ? "waits are for the first connection; nested checkouts hold more and wait longer"
                : "each checkout counts separately; nested ones come while others are held, so they wait longer");
    }
    std::vector<std::string> sizes, vcpus;
    for (const PoolReport::CoreRule& rule : report.core_rule) {
        sizes.push_back(unit::print(rule.size));
        vcpus.push_back(fmt::format("{}", rule.vcpus));
    }
    const std::string text =
        fmt::format("(ignores load) 2 × database vCPUs + 1 = {} for {}; the total of all pools", joined(sizes, ", "),
                    joined(vcpus, ", ") + (joined(vcpus) == "1" ? " vCPU" : " vCPUs"));
    print_fact(page, "rule of thumb", text);
}

}  // namespace

std::string pool_text(const PoolReport& report, const diag::Style& style) {
    Page page(style);
    print_verdict(page, report);
    page.blank();
    print_smallest(page, report);
    print_asked(page, report);
    print_table(page, report);
    print_service(page, report);
    print_method(page, report);
    print_limits(page, report);
    print_checks(page, report);
    return page.take();
}

}  // namespace poolfit::render
