#include <algorithm>

#include <fmt/format.h>

#include <poolfit/render/pool.hpp>
#include <poolfit/report/pool.hpp>
#include <poolfit/threads/parallel.hpp>
#include <poolfit/unit/print.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace poolfit::cli {
namespace {

constexpr Millis usual_wait(5.0);
constexpr Fraction usual_probability(0.001);

/// Two flags that exclude each other, or one that needs another.
struct Clash {
    bool is_so;
    std::string_view what, fix;
};

template <std::size_t N>
bool report_clashes(const std::array<Clash, N>& clashes, Diagnostics& diagnostics) {
    for (const Clash& clash : clashes)
        if (clash.is_so) diagnostics.error({}, std::string(clash.what), std::string(clash.fix));
    return diagnostics.has_errors();
}

bool contradicts(const PoolOptions& o, Diagnostics& diagnostics) {
    const bool percentiles = o.p50 || o.p95 || o.p99, histogram = !o.histogram.empty();
    const bool closed = o.users || (o.think && !o.rate);
    const int holds = (o.hold ? 1 : 0) + (percentiles ? 1 : 0) + (histogram ? 1 : 0);
    const bool shared = o.instances || o.processes;
    const std::array<Clash, 23> clashes{{
        {!o.rate && !o.users && !o.think, "no load: how many transactions arrive, or how many users?",
         "use --rate 300/s, or --users 28 --think 1s"},
        {o.rate && o.users, "--rate and --users: a load is open or closed, not both",
         "use --rate alone, or --users with --think"},
        {o.rate && o.think && !o.users, "--think: transactions that arrive at a rate don't think",
         "remove --think, or use --users instead of --rate"},
        {o.users && !o.think && !o.rate, "--users without --think: when do they ask again?",
         "add --think 1s, or --think 0s if they ask at once"},
        {o.think && !o.users && !o.rate, "--think without --users: how many are there?", "add --users 28"},
        {holds == 0, "no hold: how long does a transaction keep its connection?",
         "use --hold 8ms, or --hold-p50 with --hold-p95 or --hold-p99, or --hold-histogram"},
        {holds > 1, "the hold is given twice", "keep one of --hold, the percentiles, and --hold-histogram"},
        {percentiles && !o.p50, "--hold-p95 and --hold-p99 need the median", "add --hold-p50 5ms"},
        {o.p50 && !o.p95 && !o.p99, "--hold-p50 alone says nothing about long holds",
         "add --hold-p95 20ms or --hold-p99 80ms"},
        {(o.p50 && o.p95 && *o.p95 < *o.p50) || (o.p50 && o.p99 && *o.p99 < o.p95.value_or(*o.p50)),
         "the percentiles of the hold are not in rising order", "order them p50, p95, p99, the shortest first"},
        {o.cv && !o.hold && holds > 0, "--cv: percentiles and histograms have their own spread", "remove --cv"},
        {o.law && !o.hold && holds > 0, "--law: percentiles and histograms already define the law", "remove --law"},
        {o.peak && closed, "--peak multiplies a rate, and there is none", "use more --users instead"},
        {o.batch && closed, "--batch: users ask one by one", "remove --batch"},
        {o.cpu && o.rate && (o.batch || o.acquire_timeout),
         "--cpu with --rate: the shared CPU is computed only without --batch and --acquire-timeout",
         "remove --batch and --acquire-timeout, or --cpu and --vcpus"},
        {o.cpu && !o.vcpus, "--cpu without --vcpus: how many vCPUs?", "add --vcpus 4, the vCPUs of the database"},
        {o.cpu && o.hold && *o.cpu > o.hold->low, "--cpu is longer than --hold, which includes it",
         "set --hold to the CPU time plus the rest"},
        {o.timeouts && !o.acquire_timeout, "--timeouts without --acquire-timeout: requests never time out",
         "add --acquire-timeout 2s"},
        {o.threads && !o.nested, "--threads without --nested: one connection each can't deadlock", "add --nested 1"},
        {o.nested.value_or(0) > 0 && !o.threads && !o.users, "--nested without --threads: how many can do so at once?",
         "add --threads 28"},
        {o.pooler && !shared, "--pooler without --instances or --processes: which pools connect to it?",
         "add --instances 4, the instances of the service"},
        {o.pooler && o.nested.value_or(0) > 0, "--pooler with --nested: its size then depends on every pool's threads",
         "use `poolfit plan` with an inventory, or remove --pooler"},
        {shared && o.cpu, "--cpu with --instances or --processes: their pools would share the CPU",
         "use `poolfit plan` with an inventory, or remove --cpu"},
    }};
    return report_clashes(clashes, diagnostics);
}

sizing::Hold hold_of(const PoolOptions& o, Millis mean) {
    if (!o.histogram.empty()) return sizing::HistogramHold{o.histogram};
    if (o.p50) return sizing::PercentileHold{*o.p50, o.p95, o.p99};
    return sizing::MeanHold{mean, o.cv.value_or(1.0), o.law.value_or(sizing::MeanHold::Law::lognormal)};
}

sizing::Load load_of(const PoolOptions& o, PerSecond rate, Millis hold) {
    sizing::Load load;
    load.rate = rate * o.peak.value_or(1.0);
    load.users = o.users.value_or(0);
    load.think = o.think.value_or(Millis(0));
    load.hold = hold_of(o, hold);
    load.batch = o.batch.value_or(1.0);
    load.acquire_timeout = o.acquire_timeout;
    if (o.cpu) {
        load.cpu = *o.cpu;
        load.vcpus = *o.vcpus;
    }
    return load;
}

PoolRequest request_of(const Options& all) {
    const PoolOptions& o = all.pool;
    PoolRequest request;
    request.rate = o.rate.value_or(Interval<PerSecond>());
    request.hold = o.hold.value_or(Interval<Millis>());
    request.load = load_of(o, request.rate.high, request.hold.high);
    if (!request.rate.is_point() || !request.hold.is_point())
        request.better = load_of(o, request.rate.low, request.hold.low);
    request.size = o.size ? std::optional(Connections(*o.size)) : std::nullopt;
    request.peak = o.peak.value_or(1.0);
    request.vcpus = o.vcpus.value_or(0);
    request.nested = o.nested.value_or(0);
    request.threads = o.threads.value_or(0);
    if (o.instances || o.processes) {
        const Interval<std::int64_t> instances = o.instances.value_or(Interval<std::int64_t>(1));
        request.service = {instances.low, instances.high, o.processes.value_or(1), o.pooler.value_or(0)};
    }

    sizing::Question& question = request.question;
    request.usual_goals = !o.wait && !o.probability && !o.mean_wait && !o.utilization && !o.timeouts;
    if (request.usual_goals || o.wait || o.probability)
        question.goals.wait = {o.wait.value_or(usual_wait), o.probability.value_or(usual_probability).value};
    question.goals.mean_wait = o.mean_wait;
    question.goals.utilization = o.utilization;
    if (o.timeouts) question.timeouts = o.timeouts->value;
    question.seed = static_cast<std::uint64_t>(all.seed.value_or(1));
    if (all.precision) question.precision = all.precision->value;
    question.threads = threads::usable(16);
    return request;
}

}  // namespace

Answer pool(Context& context) {
    const PoolOptions& options = context.options.pool;
    if (contradicts(options, context.diagnostics))
        return Failure{"usage", context.diagnostics.all().front().message, exit_code::wrong_use};
    const auto answer = report::pool(request_of(context.options));
    if (const auto* none = std::get_if<NoAnswer>(&answer))
        return fail(context.diagnostics, "usage", render::no_answer_text(*none), render::no_answer_fix(*none));
    const auto& report = std::get<PoolReport>(answer);
    if (context.options.verbose)
        context.log.push_back(fmt::format("{} threads for simulations; the answer is the same for any number",
                                          report.asked.question.threads));
    return rendered(context, &report);
}

}  // namespace poolfit::cli
