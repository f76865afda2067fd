// Measured runs in, predictions and verdicts out: how the live experiment asks.
#pragma once

#include <string>
#include <vector>

#include "predict.hpp"
#include "table.hpp"

namespace accuracy {

/// Columns users (0: open), connections, gap_ms, law, hold_ms, besides_ms, window_ms; `cv` where the law has one.
/// Throws what is wrong with the row.
Experiment experiment_of(const known::Row& row);

/// The file with the columns predicted_per_second, per_second_sd, per_second_z, per_second_inside, predicted_wait_ms,
/// wait_sd, wait_z and wait_inside added. A z is empty where there is none; inside is yes or no, and empty when the
/// row has no measured_per_second and measured_wait_ms: then it is a prediction only.
std::string judged(const std::vector<known::Row>& rows, const Effort& effort);

}  // namespace accuracy
