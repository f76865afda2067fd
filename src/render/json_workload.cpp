// What the report says of workloads: services[].pools[].workload and databases[].load.
#include "json_figures.hpp"
#include "json_report.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

std::optional<std::int64_t> whole(const std::optional<Figure<Connections>>& figure) {
    return figure ? std::optional(figure->value.value) : std::nullopt;
}

void write_rated(JsonWriter& json, std::string_view key, const PoolLoad& load, const std::optional<RatedPool>& rated) {
    if (!rated) return json.null(key);
    json.open_object(key);
    json.whole("size", rated->figures.size.value);
    write_figures(json, rated->figures, load.offered.value, report::meets(load, *rated));
    json.close();
}

/// Of one process, on average; null where its size is safe, or is not known.
void write_lock_up(JsonWriter& json, std::string_view key, const std::optional<HangingPool>& given) {
    if (!given) return json.null(key);
    json.open_object(key);
    json.number("mean_s", given->time.seconds);
    json.truth("at_least", given->time.at_least);
    json.number("stall_ms", given->stall.value);
    json.close();
}

}  // namespace

void write_workload(JsonWriter& json, std::string_view key, const PoolLoad* given) {
    if (!given) return json.null(key);
    const PoolLoad& load = *given;
    json.open_object(key);
    json.number("offered_erlangs", load.offered.value.value);
    maybe(json, "size_for_wait", whole(load.for_wait));
    maybe(json, "size_for_wait_at_best", load.at_best ? std::optional(load.at_best->value) : std::nullopt);
    maybe(json, "knee", whole(load.knee));
    json.truth("capped_at_knee", load.cap == PoolLoad::Cap::knee);
    maybe(json, "in_flight", load.in_flight ? std::optional(load.in_flight->value) : std::nullopt);
    maybe(json, "deadlock_floor", load.never_safe ? std::nullopt : whole(load.deadlock_floor));
    write_lock_up(json, "lock_up", load.hangs_now);
    write_lock_up(json, "lock_up_after", load.hangs_after);
    maybe(json, "acquire_timeout_ms", load.acquire_timeout ? std::optional(load.acquire_timeout->value) : std::nullopt);
    json.text_or_null("not_sized", unsized_text(load));
    write_rated(json, "now", load, load.now);
    write_rated(json, "after", load, load.after);
    json.close();
}

void write_load(JsonWriter& json, std::string_view key, const Fleet& fleet, const std::optional<DatabaseLoad>& given) {
    if (!given) return json.null(key);
    json.open_object(key);
    json.number("cpu_demand", given->cpu_demand.value.value);
    json.number("active_mean", given->active_mean.value.value);
    json.whole("active_high", given->active_high.value.value);
    json.whole("knee", given->knee.value.value);
    json.whole("pool_sizes", given->sizes.value.value);
    json.open_array("not_counted");
    for (const std::string& pool : pool_keys(fleet, given->silent)) json.text(pool);
    json.close();
    json.close();
}

}  // namespace poolfit::render
