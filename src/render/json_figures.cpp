#include "json_figures.hpp"

namespace poolfit::render {

void write_figures(JsonWriter& json, const sizing::Figures& figures, const Erlangs& offered, bool met) {
    const bool waits = !figures.overloaded;
    const auto wait = [&](std::string_view name, const std::optional<Millis>& value) {
        maybe(json, name, waits ? value : std::nullopt);
    };
    const auto share = [&](std::string_view name, const std::optional<double>& value) {
        maybe(json, name, waits ? value : std::nullopt);
    };
    json.number("offered_erlangs", offered.value);
    json.number("utilization", figures.utilization.value);
    share("p_wait", figures.p_wait);
    share("p_wait_over_goal", figures.p_over);
    share("p_wait_over_goal_error", figures.p_over_error);
    share("p_timeout", figures.p_timeout);
    wait("wait_mean_ms", figures.wait_mean);
    wait("wait_p50_ms", figures.wait_p50);
    wait("wait_p95_ms", figures.wait_p95);
    wait("wait_p99_ms", figures.wait_p99);
    json.number("throughput_per_s", figures.throughput.value);
    json.number("busy_mean", figures.busy_mean);
    maybe(json, "cpu_utilization", figures.cpu);
    json.text("method", sizing::name(figures.method));
    share("error_bound", figures.error_bound);
    json.truth("precise", figures.precise);
    json.truth("overloaded", figures.overloaded);
    json.truth("meets_goals", met);
}

}  // namespace poolfit::render
