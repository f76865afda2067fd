#include <poolfit/render/pool.hpp>

#include "json_figures.hpp"

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;

void write_goals(JsonWriter& json, std::string_view name, const PoolReport& report, bool with_floor) {
    const sizing::Question& question = report.asked.question;
    json.open_object(name);
    maybe(json, "wait_ms", question.goals.wait ? std::optional(question.goals.wait->t) : std::nullopt);
    maybe(json, "probability", question.goals.wait ? std::optional(question.goals.wait->p) : std::nullopt);
    maybe(json, "wait_mean_ms", question.goals.mean_wait);
    maybe(json, "utilization", question.goals.utilization);
    maybe(json, "timeouts", question.timeouts);
    if (with_floor) {
        const auto& floor = report.deadlock_floor;
        maybe(json, "deadlock_floor", floor ? std::optional(floor->size.value) : std::nullopt);
    }
    json.close();
}

template <class Q>
void write_range(JsonWriter& json, std::string_view name, const Interval<Q>& value) {
    if (value.high.value <= 0) return json.null(name);
    json.range(name, Interval<double>(value.low.value, value.high.value));
}

/// How far a simulation knows the mean wait, and what it was too short for.
void write_unseen(JsonWriter& json, const sizing::Figures& figures) {
    if (const auto& range = figures.wait_mean_range)
        json.range("wait_mean_interval_ms", Interval<double>(range->low.value, range->high.value));
    else
        json.null("wait_mean_interval_ms");
    maybe(json, "unseen_load", figures.unseen);
}

void write_hold(JsonWriter& json, const PoolReport& report) {
    const sizing::Hold& hold = report.asked.load.hold;
    const auto* mean = std::get_if<sizing::MeanHold>(&hold);
    const auto* known = std::get_if<sizing::PercentileHold>(&hold);
    const auto* histogram = std::get_if<sizing::HistogramHold>(&hold);
    write_range(json, "hold_ms", report.asked.hold);
    json.number("hold_mean_ms", report.hold.value);
    maybe(json, "cv", mean != nullptr ? std::optional(mean->cv) : std::nullopt);
    std::string_view law = mean == nullptr                              ? known != nullptr ? "percentiles" : "histogram"
                           : mean->cv == 0.0                            ? "constant"
                           : mean->cv == 1.0                            ? "exponential"
                           : mean->law == sizing::MeanHold::Law::phases ? "phases"
                                                                        : "lognormal";
    json.text("law", law);
    maybe(json, "hold_p50_ms", known != nullptr ? std::optional(known->p50) : std::nullopt);
    maybe(json, "hold_p95_ms", known != nullptr ? known->p95 : std::nullopt);
    maybe(json, "hold_p99_ms", known != nullptr ? known->p99 : std::nullopt);
    maybe(json, "hold_tail_ms", report.tail);
    if (histogram == nullptr) return json.null("hold_histogram");
    json.open_array("hold_histogram");
    for (const queue::HoldBin& bin : histogram->bins) {
        json.open_object(Layout::line);
        json.number("low_ms", bin.low.value);
        json.number("high_ms", bin.high.value);
        json.number("weight", bin.weight);
        json.close();
    }
    json.close();
}

void write_asked(JsonWriter& json, const PoolReport& report) {
    const PoolRequest& asked = report.asked;
    const sizing::Load& load = asked.load;
    const bool closed = load.users > 0;
    json.open_object("asked");
    maybe(json, "size", asked.size);
    write_range(json, "rate_per_s", asked.rate);
    json.number("peak", asked.peak);
    json.number("batch", load.batch);
    maybe(json, "users", closed ? std::optional(asked.users) : std::nullopt);
    maybe(json, "think_ms", closed ? std::optional(load.think) : std::nullopt);
    write_hold(json, report);
    maybe(json, "acquire_timeout_ms", load.acquire_timeout);
    maybe(json, "cpu_ms", load.cpu.value > 0 ? std::optional(load.cpu) : std::nullopt);
    maybe(json, "vcpus", asked.vcpus > 0 ? std::optional(asked.vcpus) : std::nullopt);
    json.whole("nested", asked.nested);
    maybe(json, "threads", asked.nested > 0 ? std::optional(asked.threads) : std::nullopt);
    const auto& service = asked.service;
    if (service)
        json.range("instances", Interval<Connections>(Connections(service->fewest), Connections(service->most)));
    else
        json.null("instances");
    maybe(json, "processes", service ? std::optional(service->processes) : std::nullopt);
    maybe(json, "pooler", service && service->pooler > 0 ? std::optional(service->pooler) : std::nullopt);
    json.whole("seed", static_cast<std::int64_t>(asked.question.seed));
    json.number("precision", asked.question.precision);
    json.close();
}

void write_limits(JsonWriter& json, const PoolReport& report) {
    json.open_object("reach", Layout::line);
    maybe(json, "largest_rate_per_s", report.reach.largest_rate);
    maybe(json, "longest_hold_ms", report.reach.longest_hold);
    maybe(json, "most_users", report.reach.most_users);
    json.close();
    json.open_object("knee", Layout::line);
    maybe(json, "size", report.knee_size);
    maybe(json, "rate_per_s", report.knee.rate_of_pool);
    maybe(json, "users_of_pool", report.knee.users_of_pool);
    maybe(json, "users_of_cpu", report.knee.users_of_cpu);
    json.close();
    json.open_array("core_rule");
    for (const PoolReport::CoreRule& rule : report.core_rule) {
        json.open_object(Layout::line);
        json.whole("vcpus", rule.vcpus);
        json.whole("size", rule.size.value);
        json.close();
    }
    json.close();
    if (const auto& floor = report.deadlock_floor) {
        json.open_object("deadlock_floor", Layout::line);
        json.whole("threads", floor->threads);
        json.whole("held", floor->held);
        json.whole("size", floor->size.value);
        json.truth("met", report.answer.size >= floor->size);
        json.close();
    } else {
        json.null("deadlock_floor");
    }
    if (const auto& band = report.answer.approximations)
        json.range("approximations_wait_mean_ms", Interval<double>(band->low.value, band->high.value));
    else
        json.null("approximations_wait_mean_ms");
}

void write_pools(JsonWriter& json, const PoolReport::Pools& pools) {
    json.whole("pools", pools.pools);
    json.whole("size", pools.size.value);
    json.whole("connections", pools.total.value);
}

void write_service(JsonWriter& json, const PoolReport& report) {
    if (!report.service) return json.null("service");
    const PoolReport::Service& service = *report.service;
    json.open_object("service");
    json.whole("pools", service.most.pools);
    json.whole("connections", service.most.total.value);
    json.whole("connections_fewest", service.fewest.total.value);
    maybe(json, "largest_rate_per_s", service.largest_rate);
    maybe(json, "most_users", service.most_users);
    json.open_array("by_instances");
    for (const PoolReport::Pools& row : service.by_instances) {
        json.open_object(Layout::line);
        json.whole("instances", row.instances);
        write_pools(json, row);
        json.close();
    }
    json.close();
    if (service.pooler) {
        json.open_object("pooler", Layout::line);
        write_pools(json, *service.pooler);
        json.close();
    } else {
        json.null("pooler");
    }
    json.close();
}

}  // namespace

std::string pool_json(const PoolReport& report) {
    JsonWriter json;
    json.open_object();
    json.text("schema", PoolReport::schema);
    json.whole("size", report.answer.size.value);
    if (report.asked.size)
        json.null("sized_for");
    else
        write_goals(json, "sized_for", report, true);
    write_figures(json, report.answer, report.offered, report.met);
    write_unseen(json, report.answer);
    json.text("formula", sizing::formula(report.answer.method));
    write_asked(json, report);
    write_goals(json, "goals", report, false);
    maybe(json, "smallest_size", report.smallest ? std::optional(report.smallest->size) : std::nullopt);
    maybe(json, "smallest_stable_size", report.smallest_stable);
    maybe(json, "better_end_size", report.better_size);
    maybe(json, "better_end_cpu_utilization", report.better_cpu);
    write_limits(json, report);
    write_service(json, report);
    json.open_array("around");
    for (const PoolReport::Row& row : report.around) {
        json.open_object();
        json.whole("size", row.figures.size.value);
        write_figures(json, row.figures, report.offered, row.met);
        write_unseen(json, row.figures);
        json.close();
    }
    json.close();
    json.close();
    return json.take();
}

}  // namespace poolfit::render
