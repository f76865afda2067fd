// The tables of known answers, row by row, by the names of their columns. Shared by the unit tests and by the program
// that prints docs/accuracy.md; what cannot be read throws, which a test reports and the program prints.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/queue/answer.hpp>

namespace known {

struct Row {
    std::shared_ptr<const std::vector<std::string>> names;
    std::vector<std::string> values;
    std::string line;  ///< as it stands in the file, for messages

    /// Of a column name that comes twice, the first counts.
    const std::string& text(std::string_view column) const;
    double operator[](std::string_view column) const;
    std::int64_t whole(std::string_view column) const;
};

/// Any CSV file without quotes.
std::vector<Row> read_csv(const std::string& path);
/// tests/known-answers/FILE; tests run in the source root.
std::vector<Row> rows(const std::string& file);

/// Relative difference beyond what `absolute` allows.
double difference(double ours, double theirs, double absolute = 0.0);

/// The answer, where there has to be one.
template <class T>
T value(const poolfit::queue::Answer<T>& answer) {
    if (const auto* bad = std::get_if<poolfit::queue::BadInput>(&answer))
        throw std::runtime_error(poolfit::queue::describe(*bad));
    if (const auto* bad = std::get_if<poolfit::queue::Unstable>(&answer))
        throw std::runtime_error(poolfit::queue::describe(*bad));
    return std::get<T>(answer);
}

}  // namespace known
