#include "judge.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

using known::Row;

namespace accuracy {

namespace {

bool has(const Row& row, std::string_view column) {
    return std::find(row.names->begin(), row.names->end(), column) != row.names->end() && !row.text(column).empty();
}

std::string z_text(const std::optional<double>& z) { return z ? fmt::format("{:.2f}", *z) : ""; }

}  // namespace

Experiment experiment_of(const Row& row) {
    Experiment e;
    e.users = static_cast<int>(std::clamp<std::int64_t>(row.whole("users"), -1, 1 << 24));
    e.connections = static_cast<int>(std::clamp<std::int64_t>(row.whole("connections"), -1, 1 << 24));
    e.gap_ms = row["gap_ms"];
    e.hold = hold_law(row.text("law"), row["hold_ms"], row["besides_ms"], has(row, "cv") ? row["cv"] : 1);
    e.window_ms = row["window_ms"];
    return e;
}

std::string judged(const std::vector<Row>& rows, const Effort& effort) {
    std::string text;
    for (const std::string& name : *rows.front().names) text += name + ",";
    text +=
        "predicted_per_second,per_second_sd,per_second_z,per_second_inside,predicted_wait_ms,wait_sd,wait_z,"
        "wait_inside\n";
    for (const Row& row : rows) {
        const Prediction p = predict(experiment_of(row), effort);
        if (!p.refused.empty()) throw std::runtime_error(row.line + ": " + p.refused);
        const bool known = has(row, "measured_per_second") && has(row, "measured_wait_ms");
        const Verdict v = known ? judge(p, {row["measured_per_second"], row["measured_wait_ms"]}) : Verdict{};
        const auto inside = [&](bool yes) { return !known ? "" : yes ? "yes" : "no"; };
        for (const std::string& value : row.values) text += value + ",";
        text += fmt::format("{:.4f},{:.5f},{},{},{:.4f},{:.5f},{},{}\n", p.per_second, p.per_second_sd,
                            z_text(v.per_second_z), inside(v.per_second_inside), p.wait_ms, p.wait_sd, z_text(v.wait_z),
                            inside(v.wait_inside));
    }
    return text;
}

}  // namespace accuracy
